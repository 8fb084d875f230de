//! Figures for Prometheus: what the door counts itself (requests by route, method and status, how long they took,
//! what was refused) and what `platform` counts, written in the text format, version 0.0.4. Labels name routes as
//! patterns and kinds of things; no identifier, name or address ever becomes one, so that their number is bounded and
//! the page tells nothing about anybody.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::http::{Method, StatusCode};
use trainyard_platform::Figures;

use crate::problem::Code;

/// Upper ends of the histogram's buckets in microseconds, and how Prometheus writes them in seconds.
const BUCKETS: [(u64, &str); 12] = [
    (500, "0.0005"),
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (1_000_000, "1"),
    (5_000_000, "5"),
    (15_000_000, "15"),
    (60_000_000, "60"),
];

/// Requests that are no route of the API: pages, their files, and addresses that do not exist.
const OTHER: &str = "other";

/// What the door counts.
#[derive(Debug)]
pub(crate) struct Metrics {
    routes: RwLock<BTreeMap<String, Vec<Series>>>,
    problems: [AtomicU64; Code::ALL.len()],
}

/// Answers of one route to one method with one status.
#[derive(Clone, Debug)]
struct Series {
    method: &'static str,
    status: u16,
    times: Arc<Times>,
}

#[derive(Debug, Default)]
struct Times {
    buckets: [AtomicU64; BUCKETS.len()],
    count: AtomicU64,
    microseconds: AtomicU64,
}

impl Times {
    fn add(&self, took: Duration) {
        let microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let bucket = BUCKETS.iter().position(|(most, _)| microseconds <= *most);
        if let Some(bucket) = bucket.and_then(|place| self.buckets.get(place)) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        self.microseconds.fetch_add(microseconds, Ordering::Relaxed);
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            routes: RwLock::default(),
            problems: std::array::from_fn(|_| AtomicU64::new(0)),
        }
    }
}

impl Metrics {
    /// Counts an answer. `route` is a pattern, or empty for what is none of the API's.
    pub(crate) fn answered(
        &self,
        method: &Method,
        route: &str,
        status: StatusCode,
        took: Duration,
    ) {
        let route = if route.is_empty() { OTHER } else { route };
        let (method, status) = (known(method), status.as_u16());
        let is_this = |series: &&Series| series.method == method && series.status == status;
        {
            let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(series) = routes.get(route).and_then(|all| all.iter().find(is_this)) {
                return series.times.add(took);
            }
        }
        let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
        let all = routes.entry(route.to_owned()).or_default();
        match all.iter().find(is_this) {
            Some(series) => series.times.add(took),
            None => {
                let times = Arc::new(Times::default());
                times.add(took);
                all.push(Series {
                    method,
                    status,
                    times,
                });
            }
        }
    }

    /// Counts a problem that was written.
    pub(crate) fn refused(&self, code: Code) {
        if let Some(count) = self.problems.get(code as usize) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The page.
    pub(crate) fn page(&self, figures: &Figures) -> String {
        let mut page = Page::default();
        let version = env!("CARGO_PKG_VERSION");
        page.family("trainyard_info", "gauge", "The version that runs.");
        page.line("trainyard_info", &[("version", version)], 1);
        self.write_requests(&mut page);
        page.family(
            "trainyard_problems_total",
            "counter",
            "Answers that were problems, by code.",
        );
        for (code, count) in Code::ALL.iter().zip(&self.problems) {
            let count = count.load(Ordering::Relaxed);
            page.line("trainyard_problems_total", &[("code", code.name())], count);
        }
        write_figures(&mut page, figures);
        page.0
    }

    fn write_requests(&self, page: &mut Page) {
        const NAME: &str = "trainyard_http_request_duration_seconds";
        let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        page.family(
            NAME,
            "histogram",
            "Time until an answer began, by route, method and status.",
        );
        for (route, all) in routes.iter() {
            for series in all {
                let status = series.status.to_string();
                let labels = [
                    ("route", route.as_str()),
                    ("method", series.method),
                    ("status", &status),
                ];
                let count = series.times.count.load(Ordering::Relaxed);
                let mut so_far = 0;
                for ((_, end), bucket) in BUCKETS.iter().zip(&series.times.buckets) {
                    so_far += bucket.load(Ordering::Relaxed);
                    let [route, method, status] = labels;
                    page.line(
                        &format!("{NAME}_bucket"),
                        &[route, method, status, ("le", end)],
                        so_far,
                    );
                }
                let [route, method, status] = labels;
                page.line(
                    &format!("{NAME}_bucket"),
                    &[route, method, status, ("le", "+Inf")],
                    count.max(so_far),
                );
                let sum = Duration::from_micros(series.times.microseconds.load(Ordering::Relaxed));
                page.line(&format!("{NAME}_sum"), &labels, sum.as_secs_f64());
                page.line(&format!("{NAME}_count"), &labels, count.max(so_far));
            }
        }
    }
}

fn write_figures(page: &mut Page, figures: &Figures) {
    page.family(
        "trainyard_predictions_total",
        "counter",
        "Prediction calls that were answered.",
    );
    page.line("trainyard_predictions_total", &[], figures.predictions);
    page.family("trainyard_predicted_rows_total", "counter", "Rows in them.");
    page.line(
        "trainyard_predicted_rows_total",
        &[],
        figures.predicted_rows,
    );
    page.family(
        "trainyard_tokens_charged_total",
        "counter",
        "Tokens charged, by what for; what was given back is not taken off.",
    );
    for (action, count) in figures.tokens {
        page.line("trainyard_tokens_charged_total", &[("for", action)], count);
    }
    page.family(
        "trainyard_rate_limited_total",
        "counter",
        "Requests refused because they were too many, by class.",
    );
    for (class, count) in &figures.limited {
        page.line("trainyard_rate_limited_total", &[("class", class)], *count);
    }
    page.family(
        "trainyard_job_attempts_total",
        "counter",
        "Tries of jobs that ended, by kind and outcome.",
    );
    for (kind, outcome, count) in &figures.ended_jobs {
        page.line(
            "trainyard_job_attempts_total",
            &[("kind", kind), ("outcome", outcome)],
            *count,
        );
    }
    page.family(
        "trainyard_database_up",
        "gauge",
        "Whether the database answered just now.",
    );
    page.line(
        "trainyard_database_up",
        &[],
        u64::from(figures.open_jobs.is_some()),
    );
    page.family(
        "trainyard_jobs",
        "gauge",
        "Jobs that wait or run, by kind and status.",
    );
    for (kind, status, count) in figures.open_jobs.iter().flatten() {
        page.line(
            "trainyard_jobs",
            &[("kind", kind), ("status", status)],
            *count,
        );
    }
    page.family("trainyard_queue_length", "gauge", "Jobs that wait.");
    if let Some(open) = &figures.open_jobs {
        let waiting = open.iter().filter(|(_, status, _)| *status == "queued");
        page.line(
            "trainyard_queue_length",
            &[],
            waiting.map(|(.., count)| count).sum::<u64>(),
        );
    }
    if let Some(bytes) = figures.resident_bytes {
        page.family(
            "process_resident_memory_bytes",
            "gauge",
            "Memory this process holds.",
        );
        page.line("process_resident_memory_bytes", &[], bytes);
    }
}

/// Methods that exist; whatever else somebody writes is one kind.
fn known(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => OTHER,
    }
}

/// The page as it is written. Writing into a text cannot fail.
#[derive(Default)]
struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        self.0.push_str(name);
        for (place, (label, value)) in labels.iter().enumerate() {
            let before = if place == 0 { '{' } else { ',' };
            let value = value
                .replace('\\', "\\\\")
                .replace('"', "\\\"")
                .replace('\n', "\\n");
            let _ = write!(self.0, "{before}{label}=\"{value}\"");
        }
        let after = if labels.is_empty() { "" } else { "}" };
        let _ = writeln!(self.0, "{after} {value}");
    }
}
