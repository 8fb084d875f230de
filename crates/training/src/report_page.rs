//! A report as one page of HTML that needs nothing else: no script, no picture, no address; it can be kept, sent and printed.
//! Every text of the data is escaped. May touch a [`Report`] alone; charts are in `charts`.

mod charts;

use crate::report::{MetricValue, Report};
use crate::verdict::thousands;
use std::fmt::Write as _;

/// What the page says above the report.
#[derive(Clone, Debug)]
pub struct Heading<'a> {
    /// The model's name.
    pub name: &'a str,
    /// Which version of it.
    pub version: i32,
    /// The data set's name.
    pub dataset: &'a str,
    /// When the training ended, as people read it.
    pub finished: &'a str,
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;\
    background:#fff}h1{margin:0}h2{margin:2.2rem 0 .6rem;border-bottom:1px solid #ccc}table{border-collapse:collapse;\
    margin:.6rem 0}th,td{border:1px solid #ccc;padding:.3rem .6rem;text-align:left;vertical-align:top}td.number{text-align:\
    right;font-variant-numeric:tabular-nums}.verdict{font-size:1.2rem}.quiet{color:#555}.warning{border-left:4px solid #b35900;\
    padding-left:.8rem}.charts{display:flex;flex-wrap:wrap;gap:1rem}figure{margin:0}svg{width:20rem;height:auto}figcaption{\
    color:#555}@media print{body{margin:0;max-width:none}h2{break-after:avoid}table,figure{break-inside:avoid}}";
/// Most rows of a table that is not cut.
const MOST_LINES: usize = 60;

/// The page.
pub fn html(report: &Report, heading: &Heading<'_>) -> String {
    let mut page = String::with_capacity(64 << 10);
    let name = escaped(heading.name);
    let _ = write!(
        page,
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, \
         initial-scale=1\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <title>{name} · version {}</title><style>{STYLE}</style></head><body>\n<h1>{name}</h1>\n<p class=\"quiet\">Version {} · \
         {} predicts <b>{}</b> · data: {} · {}</p>\n<p class=\"verdict\">{}</p>\n",
        heading.version,
        heading.version,
        escaped(&report.algorithm_title),
        escaped(&report.target),
        escaped(heading.dataset),
        escaped(heading.finished),
        escaped(&report.verdict),
    );
    warnings(&mut page, report);
    scores(&mut page, report);
    classes(&mut page, report);
    drawings(&mut page, report);
    importance(&mut page, report);
    contenders(&mut page, report);
    preparation(&mut page, report);
    lineage(&mut page, report);
    page.push_str("</body></html>\n");
    page
}

fn warnings(page: &mut String, report: &Report) {
    for warning in &report.warnings {
        let _ = writeln!(
            page,
            "<p class=\"warning\">{}</p>",
            escaped(&warning.detail)
        );
    }
}

fn scores(page: &mut String, report: &Report) {
    let rows = &report.rows;
    let _ = write!(
        page,
        "<h2>How good is it?</h2>\n<p>Tested on {} rows it had never seen, after learning from {}.</p>\n",
        thousands(rows.test as f64),
        thousands(rows.train as f64)
    );
    let cells = |(name, metric): (&String, &MetricValue)| {
        let interval = match (metric.low, metric.high) {
            (Some(low), Some(high)) => format!("{} to {}", figure(low), figure(high)),
            _ => String::new(),
        };
        vec![
            Cell::Text(spaced(name)),
            Cell::Number(figure(metric.value)),
            Cell::Number(interval),
            Cell::Number(metric.baseline.map(figure).unwrap_or_default()),
        ]
    };
    let lines = report.metrics.iter().map(cells);
    table(
        page,
        &["Metric", "Value", "95 % interval", "Baseline"],
        lines,
    );
    if let Some(folds) = &report.folds {
        let _ = writeln!(
            page,
            "<p>Cross-validation over {} folds of the training rows:</p>",
            folds.count
        );
        let lines = folds.metrics.iter().map(|(name, metric)| {
            vec![
                Cell::Text(spaced(name)),
                Cell::Number(figure(metric.mean)),
                Cell::Number(figure(metric.std)),
            ]
        });
        table(page, &["Metric", "Mean", "Standard deviation"], lines);
    }
}

fn classes(page: &mut String, report: &Report) {
    if let Some(classes) = &report.per_class {
        page.push_str("<h2>Class by class</h2>\n");
        let lines = classes.iter().map(|class| {
            vec![
                Cell::Text(class.class.clone()),
                Cell::Number(figure(class.precision)),
                Cell::Number(figure(class.recall)),
                Cell::Number(figure(class.f1)),
                Cell::Number(thousands(class.support as f64)),
            ]
        });
        table(
            page,
            &["Class", "Precision", "Recall", "F1", "Test rows"],
            lines,
        );
    }
    let Some(matrix) = report.confusion_matrix.as_ref() else {
        return;
    };
    if matrix.classes.len() > MOST_LINES / 2 {
        let _ = writeln!(
            page,
            "<p class=\"quiet\">The confusion matrix of {} classes is too large for a page.</p>",
            matrix.classes.len()
        );
        return;
    }
    page.push_str("<h2>What was taken for what</h2>\n<p class=\"quiet\">Each line is what a row was, each column what it was taken for.</p>\n");
    let mut head = vec!["Actual"];
    head.extend(matrix.classes.iter().map(String::as_str));
    let lines = matrix
        .classes
        .iter()
        .zip(&matrix.counts)
        .map(|(class, counts)| {
            let mut cells = vec![Cell::Text(class.clone())];
            cells.extend(
                counts
                    .iter()
                    .map(|&count| Cell::Number(thousands(count as f64))),
            );
            cells
        });
    table(page, &head, lines);
}

fn drawings(page: &mut String, report: &Report) {
    let drawn = charts::all(report);
    if drawn.is_empty() {
        return;
    }
    page.push_str("<h2>Curves</h2>\n<div class=\"charts\">\n");
    for chart in drawn {
        let _ = writeln!(
            page,
            "<figure>{}<figcaption>{}</figcaption></figure>",
            chart.svg,
            escaped(&chart.caption)
        );
    }
    page.push_str("</div>\n");
}

fn importance(page: &mut String, report: &Report) {
    if report.importance.is_empty() {
        return;
    }
    let _ = write!(
        page,
        "<h2>What it looks at</h2>\n<p class=\"quiet\">How much {} gets worse when a column is shuffled.</p>\n",
        escaped(&spaced(&report.main_metric))
    );
    let lines = report.importance.iter().map(|column| {
        vec![
            Cell::Text(column.column.clone()),
            Cell::Number(figure(column.mean)),
            Cell::Number(figure(column.std)),
        ]
    });
    table(page, &["Column", "Worse by", "Spread"], lines);
}

fn contenders(page: &mut String, report: &Report) {
    page.push_str("<h2>Who took part</h2>\n");
    let lines = report.contenders.iter().map(|contender| {
        let settings = serde_json::to_string(&contender.params).unwrap_or_default();
        let remark = match (&contender.error, contender.chosen) {
            (Some(error), _) => error.clone(),
            (None, true) => "chosen".to_owned(),
            (None, false) => String::new(),
        };
        vec![
            Cell::Text(contender.title.clone()),
            Cell::Text(if settings == "{}" {
                String::new()
            } else {
                settings
            }),
            Cell::Number(contender.value.map(figure).unwrap_or_default()),
            Cell::Text(remark),
        ]
    });
    let metric = spaced(&report.main_metric);
    table(page, &["Algorithm", "Settings", &metric, ""], lines);
}

fn preparation(page: &mut String, report: &Report) {
    page.push_str("<h2>What was done with the columns</h2>\n");
    let lines = report.preparation.iter().map(|line| {
        let mut done = line.steps.join("; ");
        if let Some(note) = &line.note {
            if !done.is_empty() {
                done.push_str(" · ");
            }
            done.push_str(note);
        }
        vec![
            Cell::Text(line.column.clone()),
            Cell::Text(if line.used { "used" } else { "left out" }.to_owned()),
            Cell::Text(done),
        ]
    });
    table(page, &["Column", "", "Steps"], lines);
}

fn lineage(page: &mut String, report: &Report) {
    let lineage = &report.lineage;
    page.push_str("<h2>Where it comes from</h2>\n");
    let settings = serde_json::to_string(&report.params).unwrap_or_default();
    let lines = [
        ("Settings", settings),
        ("Data (BLAKE3)", lineage.data_hash.clone()),
        ("Seed", lineage.seed.to_string()),
        ("Program", lineage.version.clone()),
        ("Computed with", lineage.kernel.clone()),
    ];
    let lines = lines.map(|(name, value)| vec![Cell::Text(name.to_owned()), Cell::Text(value)]);
    table(page, &[], lines.into_iter());
}

enum Cell {
    Text(String),
    Number(String),
}

fn table(page: &mut String, head: &[&str], lines: impl Iterator<Item = Vec<Cell>>) {
    page.push_str("<table>");
    if !head.is_empty() {
        page.push_str("<thead><tr>");
        for name in head {
            let _ = write!(page, "<th>{}</th>", escaped(name));
        }
        page.push_str("</tr></thead>");
    }
    page.push_str("<tbody>\n");
    let mut left_out = 0;
    for (place, line) in lines.enumerate() {
        if place >= MOST_LINES {
            left_out += 1;
            continue;
        }
        page.push_str("<tr>");
        for cell in line {
            let _ = match cell {
                Cell::Text(text) => write!(page, "<td>{}</td>", escaped(&text)),
                Cell::Number(text) => write!(page, "<td class=\"number\">{}</td>", escaped(&text)),
            };
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody></table>\n");
    if left_out > 0 {
        let _ = writeln!(
            page,
            "<p class=\"quiet\">{left_out} more lines are left out here.</p>"
        );
    }
}

/// "balanced_accuracy" as people write it.
fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

/// Four figures after the point for what is small, thousands set apart for what is large.
fn figure(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    if value.abs() >= 1e4 {
        return thousands(value);
    }
    if value != 0.0 && value.abs() < 1e-3 {
        return format!("{value:.2e}");
    }
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Text that is nothing but text, in an element or an attribute.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter if letter.is_control() && letter != '\n' => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_cannot_become_markup() {
        assert_eq!(
            escaped("<a href='x'>\"&\u{0}"),
            "&lt;a href=&#39;x&#39;&gt;&quot;&amp; "
        );
    }

    #[test]
    fn figures_are_short() {
        let shown: Vec<String> = [0.5, 0.123_456, 12_345.6, 0.000_012, f64::NAN]
            .map(figure)
            .into();
        assert_eq!(shown, ["0.5", "0.1235", "12,346", "1.20e-5", "–"]);
    }
}
