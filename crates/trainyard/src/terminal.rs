//! What people see in a terminal: the progress bar, the readable report, errors.

use crate::failure::Failure;
use indicatif::{ProgressBar, ProgressStyle};
use std::fmt::Write as _;
use std::io::Write;
use trainyard_table::Note;
use trainyard_training::{ContenderStatus, Progress, Report, Stage};

/// Prints an error in one place and one shape.
pub(crate) fn error(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "error: {}", plain(text));
}

/// Prints a remark that is no error.
pub(crate) fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "note: {}", plain(text));
}

/// Prints what a person should know about how a file was read: the first ones, and how many more there are.
pub(crate) fn notes(notes: &[Note]) {
    const SHOWN: usize = 10;
    for told in notes.iter().take(SHOWN) {
        note(&told.detail);
    }
    if notes.len() > SHOWN {
        note(&format!("and {} more of that kind", notes.len() - SHOWN));
    }
}

/// Prints a line of the answer; a reader that has gone away (`| head`) is not an error, and nobody's server dies of it.
pub(crate) fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{}", plain(text));
}

/// Without control characters: names and classes come from files, and a terminal would obey what is in them.
fn plain(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '\n' | '\t' => letter,
            _ if letter.is_control() => '\u{fffd}',
            _ => letter,
        })
        .collect()
}

/// Writes bytes to standard output; a reader that has gone away is not an error.
pub(crate) fn write_stdout(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = Stdout { gone: false };
    let written = stdout.write_all(bytes).and_then(|()| stdout.flush());
    written.map_err(|error| Failure::fault(format!("cannot write to standard output: {error}")))
}

/// Has the answer written to standard output piece by piece. A reader that has gone away (`| head`) is not an error: what
/// it does not want is dropped.
pub(crate) fn stream_stdout<T>(
    write: impl FnOnce(&mut (dyn Write + Send)) -> Result<T, Failure>,
) -> Result<T, Failure> {
    write(&mut Stdout { gone: false })
}

struct Stdout {
    gone: bool,
}

impl Stdout {
    fn unless_gone(&mut self, done: std::io::Result<()>) -> std::io::Result<()> {
        match done {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                self.gone = true;
                Ok(())
            }
            other => other,
        }
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if !self.gone {
            let written = std::io::stdout().lock().write_all(bytes);
            self.unless_gone(written)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        if self.gone {
            return Ok(());
        }
        let flushed = std::io::stdout().lock().flush();
        self.unless_gone(flushed)
    }
}

/// A bar that follows a training; silent when nobody watches.
pub(crate) struct TrainingBar(ProgressBar);

impl TrainingBar {
    /// Starts the bar on standard error.
    pub(crate) fn start() -> Self {
        let bar = ProgressBar::new(1);
        let style = ProgressStyle::with_template("{spinner} {elapsed_precise} [{bar:30}] {msg}");
        bar.set_style(
            style
                .unwrap_or_else(|_| ProgressStyle::default_bar())
                .progress_chars("=> "),
        );
        bar.enable_steady_tick(std::time::Duration::from_millis(120));
        Self(bar)
    }

    /// Shows where the training is.
    pub(crate) fn show(&self, progress: &Progress) {
        self.0.set_length(u64::from(progress.of.max(1)));
        self.0.set_position(u64::from(progress.done));
        let running = progress
            .contenders
            .iter()
            .find(|contender| contender.status == ContenderStatus::Running);
        let station = match progress.stage {
            Stage::Queued => "queued",
            Stage::Reading => "reading",
            Stage::Preparing => "preparing",
            Stage::Training => "training",
            Stage::Testing => "testing",
            Stage::Saving => "saving",
            Stage::Done => "done",
        };
        let detail = running
            .map(|contender| contender.title.clone())
            .or_else(|| progress.message.clone())
            .unwrap_or_default();
        self.0.set_message(format!("{station} {detail}"));
    }

    /// Takes the bar away.
    pub(crate) fn finish(self) {
        self.0.finish_and_clear();
    }
}

/// The report as a person reads it.
pub(crate) fn report(report: &Report) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}", report.verdict);
    let _ = writeln!(text);
    let _ = writeln!(
        text,
        "Model     {} predicting {} ({} rows to learn from, {} to test{})",
        report.algorithm_title,
        report.target,
        report.rows.train,
        report.rows.test,
        if report.rows.dropped > 0 {
            format!(", {} without a target left out", report.rows.dropped)
        } else {
            String::new()
        }
    );
    if !report.metrics.is_empty() {
        let _ = writeln!(
            text,
            "\n{:<20} {:>12} {:>25} {:>12}",
            "Measure", "Value", "95 % interval", "Guessing"
        );
        for (name, metric) in &report.metrics {
            let interval = match (metric.low, metric.high) {
                (Some(low), Some(high)) => format!("{} to {}", figure(low), figure(high)),
                _ => "-".to_owned(),
            };
            let baseline = metric.baseline.map_or("-".to_owned(), figure);
            let _ = writeln!(
                text,
                "{name:<20} {:>12} {interval:>25} {baseline:>12}",
                figure(metric.value)
            );
        }
    }
    contenders(&mut text, report);
    matrix(&mut text, report);
    if !report.importance.is_empty() {
        let _ = writeln!(
            text,
            "\nWhat it looks at (how much worse it gets when a column is shuffled)"
        );
        for importance in report.importance.iter().take(10) {
            let _ = writeln!(
                text,
                "  {:<30} {:>10} ± {}",
                importance.column,
                figure(importance.mean),
                figure(importance.std)
            );
        }
    }
    let unused: Vec<_> = report
        .preparation
        .iter()
        .filter(|column| !column.used)
        .collect();
    if !unused.is_empty() {
        let _ = writeln!(text, "\nLeft out");
        for column in unused {
            let _ = writeln!(
                text,
                "  {:<30} {}",
                column.column,
                column.note.as_deref().unwrap_or("")
            );
        }
    }
    if !report.warnings.is_empty() {
        let _ = writeln!(text, "\nWorth knowing");
        for warning in &report.warnings {
            let _ = writeln!(text, "  {}", warning.detail);
        }
    }
    text
}

fn contenders(text: &mut String, report: &Report) {
    if report.contenders.len() < 3 {
        return;
    }
    let metric = report
        .contenders
        .first()
        .map_or("", |contender| contender.metric.as_str());
    let _ = writeln!(
        text,
        "\nContenders by {metric} on rows held back from each of them"
    );
    for contender in &report.contenders {
        let mark = if contender.chosen { "*" } else { " " };
        let value = contender
            .value
            .map_or_else(|| contender.error.clone().unwrap_or_default(), figure);
        let share = contender.weight.map_or(String::new(), |weight| {
            format!("{:.0} % of the ensemble ", weight * 100.0)
        });
        let _ = writeln!(
            text,
            "{mark} {:<32} {value:>12} {:>9.2} s  {share}{}",
            contender.title,
            contender.fit_seconds,
            settings(&contender.params)
        );
    }
    if report
        .automatic
        .as_ref()
        .is_some_and(|automatic| !automatic.reproducible)
    {
        let _ = writeln!(
            text,
            "  chosen under a limit of seconds: another run may choose otherwise"
        );
    }
}

fn settings(params: &serde_json::Map<String, serde_json::Value>) -> String {
    params
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join(" ")
}

fn matrix(text: &mut String, report: &Report) {
    const WIDEST: usize = 12;
    let Some(matrix) = &report.confusion_matrix else {
        return;
    };
    if matrix.classes.len() > WIDEST {
        return;
    }
    let _ = writeln!(
        text,
        "\nConfusion matrix (rows: what it was, columns: what the model said)"
    );
    let _ = write!(text, "  {:<18}", "");
    for class in &matrix.classes {
        let _ = write!(text, " {:>10}", shortened(class));
    }
    for (class, counts) in matrix.classes.iter().zip(&matrix.counts) {
        let _ = write!(text, "\n  {:<18}", shortened(class));
        for count in counts {
            let _ = write!(text, " {count:>10}");
        }
    }
    let _ = writeln!(text);
}

fn shortened(text: &str) -> String {
    text.chars().take(10).collect()
}

/// Four significant figures.
fn figure(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value}");
    }
    let digits = (3 - value.abs().log10().floor() as i32).clamp(0, 12);
    format!("{value:.*}", digits as usize)
}
