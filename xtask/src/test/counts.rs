//! How many tests passed and failed, read from what each runner prints. A runner that failed without a
//! count, or ran nothing, is a failure: silence is never success.

use crate::command::Said;
use std::fmt;
use std::ops::Add;

/// Tests of one suite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Passed.
    pub(crate) passed: usize,
    /// Failed, timed out or not run.
    pub(crate) failed: usize,
    /// Left for the long run.
    pub(crate) ignored: usize,
}

impl Counts {
    /// A suite that is one check, and held.
    pub(crate) fn one_pass() -> Self {
        Self {
            passed: 1,
            ..Self::default()
        }
    }

    /// A suite that could not run.
    pub(crate) fn one_failure() -> Self {
        Self {
            failed: 1,
            ..Self::default()
        }
    }

    /// A runner that says it failed has failed, whatever it counted.
    fn judged_by(mut self, success: bool) -> Self {
        if !success && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

impl Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            ignored: self.ignored + other.ignored,
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)?;
        if self.ignored > 0 {
            write!(formatter, " ({} left for --long)", self.ignored)?;
        }
        Ok(())
    }
}

/// `Summary [ 1.2s] 40 tests run: 38 passed (1 slow), 1 failed, 1 timed out, 2 skipped`
pub(crate) fn of_nextest(said: &Said) -> Result<Counts, String> {
    let line = said
        .text
        .lines()
        .rev()
        .find(|line| line.trim_start().starts_with("Summary [") && line.contains("run:"))
        .ok_or("cargo nextest printed no summary: see above")?;
    let after = line.split_once("run:").map_or("", |(_, after)| after);
    let number = |word| number_before(after, word);
    let failed = number(" failed") + number(" timed out") + number(" exec failed") + not_run(line);
    Ok(Counts {
        passed: number(" passed"),
        failed,
        ignored: number(" skipped"),
    }
    .judged_by(said.success))
}

/// `12/40 tests run` means that 28 were never started.
fn not_run(line: &str) -> usize {
    let Some((before, _)) = line.split_once(" tests run:") else {
        return 0;
    };
    let Some((run, all)) = before
        .split_whitespace()
        .last()
        .and_then(|word| word.split_once('/'))
    else {
        return 0;
    };
    match (run.parse::<usize>(), all.parse::<usize>()) {
        (Ok(run), Ok(all)) => all.saturating_sub(run),
        _ => 0,
    }
}

/// Every `test result: ok. 3 passed; 0 failed; 1 ignored; …` of one `cargo test`.
pub(crate) fn of_cargo_test(said: &Said) -> Result<Counts, String> {
    let lines: Vec<&str> = said
        .text
        .lines()
        .filter(|line| line.contains("test result: "))
        .collect();
    if lines.is_empty() && !said.success {
        return Err("cargo test printed no result: see above".into());
    }
    let counts = lines.iter().fold(Counts::default(), |sum, line| {
        sum + Counts {
            passed: number_before(line, " passed"),
            failed: number_before(line, " failed"),
            ignored: number_before(line, " ignored"),
        }
    });
    Ok(counts.judged_by(said.success))
}

/// Vitest's JSON report; a file that could not be loaded counts as one failed test.
pub(crate) fn of_vitest(said: &Said, json: &str) -> Result<Counts, String> {
    let report: serde_json::Value = serde_json::from_str(json)
        .map_err(|error| format!("vitest's report is not JSON: {error}"))?;
    let number = |name: &str| {
        report[name]
            .as_u64()
            .and_then(|count| usize::try_from(count).ok())
            .ok_or(format!("no {name} in vitest's report"))
    };
    let counts = Counts {
        passed: number("numPassedTests")?,
        failed: number("numFailedTests")?,
        ignored: number("numPendingTests")? + number("numTodoTests")?,
    };
    at_least_one(counts.judged_by(said.success))
}

/// `N passed, M failed`, alone on the last line that has this form, but for one word with a colon before it.
pub(crate) fn of_closing_line(said: &Said) -> Result<Counts, String> {
    let counts = said
        .text
        .lines()
        .rev()
        .find_map(closing_line)
        .ok_or("no closing line `N passed, M failed`")?;
    at_least_one(counts.judged_by(said.success))
}

fn closing_line(line: &str) -> Option<Counts> {
    let counts = line.split_once(": ").map_or(line, |(_, counts)| counts);
    let (passed, failed) = counts
        .trim()
        .strip_suffix(" failed")?
        .split_once(" passed, ")?;
    Some(Counts {
        passed: passed.parse().ok()?,
        failed: failed.parse().ok()?,
        ignored: 0,
    })
}

fn at_least_one(counts: Counts) -> Result<Counts, String> {
    if counts.passed + counts.failed == 0 {
        Err("the suite ran no test".into())
    } else {
        Ok(counts)
    }
}

/// The number that stands right before `word`; 0 when there is none. For `" failed"` a longer
/// `" exec failed"` does not count, since no number stands before it.
fn number_before(text: &str, word: &str) -> usize {
    text.match_indices(word)
        .find_map(|(at, _)| {
            let before = text.get(..at)?;
            let start = before
                .rfind(|letter: char| !letter.is_ascii_digit())
                .map_or(0, |last| last + 1);
            before.get(start..)?.parse().ok()
        })
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(success: bool, text: &str) -> Said {
        Said {
            success,
            text: text.to_owned(),
        }
    }

    fn counts(passed: usize, failed: usize, ignored: usize) -> Counts {
        Counts {
            passed,
            failed,
            ignored,
        }
    }

    #[test]
    fn nextest_summaries() {
        let all = said(
            true,
            "     Summary [   0.032s] 40 tests run: 40 passed (1 slow), 2 skipped\n",
        );
        assert_eq!(of_nextest(&all), Ok(counts(40, 0, 2)));
        let one = said(
            true,
            "     Summary [   0.032s] 1 test run: 1 passed, 0 skipped\n",
        );
        assert_eq!(of_nextest(&one), Ok(counts(1, 0, 0)));
        let bad = said(
            false,
            "     Summary [  31.5s] 38/40 tests run: 34 passed, 1 failed, 2 timed out, 1 exec failed, 0 skipped\n  FAIL x\n",
        );
        assert_eq!(of_nextest(&bad), Ok(counts(34, 6, 0)));
        assert!(of_nextest(&said(false, "error: could not compile `x`\n")).is_err());
    }

    #[test]
    fn cargo_test_results_add_up() {
        let text = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured\n\
                    test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured\n";
        assert_eq!(of_cargo_test(&said(false, text)), Ok(counts(7, 2, 1)));
        assert_eq!(of_cargo_test(&said(true, "")), Ok(counts(0, 0, 0)));
        assert!(of_cargo_test(&said(false, "error: no such crate")).is_err());
    }

    #[test]
    fn a_runner_that_failed_without_a_failed_test_counts_as_one() {
        assert_eq!(
            of_closing_line(&said(false, "9 passed, 0 failed")),
            Ok(counts(9, 1, 0))
        );
    }

    #[test]
    fn closing_lines() {
        assert_eq!(
            of_closing_line(&said(
                true,
                "1 passed, 9 failed\nnoise\n9 passed, 0 failed\n"
            )),
            Ok(counts(9, 0, 0))
        );
        assert_eq!(
            of_closing_line(&said(true, "e2e: 7 passed, 0 failed\n")),
            Ok(counts(7, 0, 0))
        );
        assert!(of_closing_line(&said(true, "all is well")).is_err());
        assert!(of_closing_line(&said(true, "0 passed, 0 failed")).is_err());
    }

    #[test]
    fn vitest_reports() {
        let json =
            r#"{"numPassedTests":5,"numFailedTests":0,"numPendingTests":1,"numTodoTests":0}"#;
        assert_eq!(of_vitest(&said(true, ""), json), Ok(counts(5, 0, 1)));
        assert_eq!(of_vitest(&said(false, ""), json), Ok(counts(5, 1, 1)));
        assert!(of_vitest(&said(true, ""), "{}").is_err());
    }
}
