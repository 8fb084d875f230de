//! A fit can be stopped, says how far it is, and keeps to its memory.

use crate::LOOKS_AT_NO_COLUMN;
use crate::tables::{Findings, attempt, cases, fault, table, with_threads};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use trainyard_estimators::{FitContext, FitError, Interruption};

#[test]
fn a_fit_that_is_cancelled_before_it_starts_does_not_start() {
    let mut found = Findings::default();
    for case in cases()
        .into_iter()
        .filter(|case| !case.is_among(LOOKS_AT_NO_COLUMN))
    {
        for reason in [Interruption::Cancelled, Interruption::OutOfBudget] {
            let outcome = attempt(move || {
                let context = FitContext {
                    interruption: &|| Some(reason),
                    ..FitContext::silent(1)
                };
                case.fit_within(&case.params(&[]), &case.table(2_000, 10, 31), &context)
                    .map(drop)
            });
            let right = outcome == Ok(Err(FitError::Interrupted(reason)));
            found.check(right, || format!("{}: {outcome:?}", case.label()));
        }
    }
    found.conclude();
}

/// Whenever it is stopped, a fit ends with the reason or was finished anyway; and it never asks so rarely that somebody
/// has to wait for long.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "how long somebody waits can only be told by a clock"
)]
fn a_fit_can_be_stopped_on_the_way() {
    let mut found = Findings::default();
    for case in cases() {
        let data = case.table(20_000, 12, 32);
        let waited = attempt(move || {
            let begun = Instant::now();
            let stop = Duration::from_millis(60);
            let interruption = || (begun.elapsed() > stop).then_some(Interruption::OutOfBudget);
            let context = FitContext {
                interruption: &interruption,
                ..FitContext::silent(1)
            };
            // Full size: this is about long work.
            let params = trainyard_estimators::Params::check(
                case.specs(),
                case.task,
                &serde_json::Map::new(),
            );
            let outcome = case.fit_within(&params.unwrap(), &data, &context).map(drop);
            (outcome, begun.elapsed())
        });
        match waited {
            Ok((Ok(()) | Err(FitError::Interrupted(Interruption::OutOfBudget)), waited)) => {
                found.check(waited < Duration::from_secs(3), || {
                    format!("{}: went on for {waited:?}", case.label())
                });
            }
            other => found.add(format!("{}: {other:?}", case.label())),
        }
    }
    found.conclude();
}

#[test]
fn a_fit_that_is_stopped_at_its_second_look_ends() {
    let mut found = Findings::default();
    for case in cases() {
        let outcome = attempt(move || {
            let looks = AtomicUsize::new(0);
            let interruption =
                || (looks.fetch_add(1, Ordering::Relaxed) > 0).then_some(Interruption::Cancelled);
            let context = FitContext {
                interruption: &interruption,
                ..FitContext::silent(1)
            };
            let outcome = case.fit_within(&case.params(&[]), &case.table(2_000, 10, 33), &context);
            (outcome.map(drop), looks.into_inner())
        });
        let right = match &outcome {
            Ok((Ok(()), looks)) => *looks < 2,
            Ok((Err(error), _)) => *error == FitError::Interrupted(Interruption::Cancelled),
            Err(_) => false,
        };
        found.check(right, || format!("{}: {outcome:?}", case.label()));
    }
    found.conclude();
}

#[test]
fn progress_rises_to_one() {
    let mut found = Findings::default();
    for case in cases()
        .into_iter()
        .filter(|case| !case.is_among(LOOKS_AT_NO_COLUMN))
    {
        for threads in [1, 4] {
            let reports = Mutex::new(Vec::new());
            let outcome = with_threads(threads, || {
                let progress = |share: f64| reports.lock().unwrap().push(share);
                let context = FitContext {
                    progress: &progress,
                    ..FitContext::silent(1)
                };
                case.fit_within(&case.params(&[]), &case.table(500, 5, 34), &context)
                    .map(drop)
            });
            let reports = reports.into_inner().unwrap();
            let label = format!("{} with {threads} threads: {reports:?}", case.label());
            found.check(outcome.is_ok(), || format!("{label}: {outcome:?}"));
            found.check(
                reports.iter().all(|share| (0.0..=1.0).contains(share)),
                || format!("{label}: beyond 0 to 1"),
            );
            found.check(reports.contains(&1.0), || format!("{label}: never 1"));
            // Several threads may report in another order.
            let rises = threads > 1 || reports.is_sorted();
            found.check(
                rises && (threads > 1 || reports.last() == Some(&1.0)),
                || format!("{label}: does not rise to 1"),
            );
        }
    }
    found.conclude();
}

#[test]
fn a_small_budget_is_a_refusal_or_enough() {
    let mut found = Findings::default();
    for case in cases() {
        for (budget, classes) in [(0, 3), (1_000, 3), (100_000, 30)] {
            let label = format!("{} with {budget} bytes", case.label());
            let data = table(case.task, 3_000, 20, classes, 35);
            let (target, rows) = (data.target.clone(), data.target.len());
            let outcome = attempt(move || {
                let context = FitContext {
                    memory_budget: budget,
                    ..FitContext::silent(1)
                };
                let fitted = case.fit_within(&case.params(&[]), &data, &context)?;
                Ok(fitted.predict(&data.features()))
            });
            match outcome {
                Err(problem) => found.add(format!("{label}: {problem}")),
                Ok(Err(FitError::Memory {
                    needed,
                    budget: told,
                })) => {
                    found.check(needed > budget && told == budget, || {
                        format!("{label}: {needed} of {told}")
                    });
                }
                Ok(Err(error)) => found.add(format!("{label}: {error}")),
                Ok(Ok(prediction)) => {
                    let fault = fault(&prediction, &target, rows);
                    found.check(fault.is_none(), || format!("{label}: {fault:?}"));
                }
            }
        }
    }
    found.conclude();
}
