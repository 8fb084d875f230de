//! The same in, the same out: whatever the threads, the company of a row, or a way through a file.

use crate::tables::{Case, Data, Findings, Noise, attempt, bits, cases, fault, with_threads};
use serde_json::{Map, Value};
use trainyard_estimators::{FitContext, Fitted, State};

/// Several blocks of every kernel, and enough cells for the columns of a tree to be dealt to threads.
const MANY_ROWS: usize = 6_000;

/// A state as text: also tells NaN and -0.0 apart from other numbers.
fn text(fitted: &dyn Fitted) -> String {
    format!("{:?}", fitted.save())
}

/// The bits of the answers and the saved state.
fn outcome(case: Case, data: &Data, seed: u64) -> (String, Vec<u64>) {
    let fitted = case
        .fit_within(&case.params(&[]), data, &FitContext::silent(seed))
        .unwrap_or_else(|error| panic!("{}: {error}", case.label()));
    let prediction = fitted.predict(&data.features());
    assert_eq!(
        fault(&prediction, &data.target, data.target.len()),
        None,
        "{}",
        case.label()
    );
    (text(fitted.as_ref()), bits(&prediction))
}

#[test]
fn a_seed_decides_everything() {
    let mut found = Findings::default();
    for case in cases() {
        let data = case.table(400, 4, 1);
        let first = outcome(case, &data, 7);
        found.check(first == outcome(case, &data, 7), || {
            format!("{}: another result with the same seed", case.label())
        });
        // Another seed may give another model, but must give one.
        outcome(case, &data, u64::MAX);
    }
    found.conclude();
}

#[test]
fn threads_change_nothing() {
    let mut found = Findings::default();
    for case in cases() {
        let data = case.table(MANY_ROWS, 11, 2);
        let with = |threads| with_threads(threads, || outcome(case, &data, 3));
        let alone = with(1);
        for threads in [2, 7] {
            let together = with(threads);
            found.check(alone.0 == together.0, || {
                format!("{}: another state with {threads} threads", case.label())
            });
            found.check(alone.1 == together.1, || {
                format!("{}: other answers with {threads} threads", case.label())
            });
        }
    }
    found.conclude();
}

#[test]
fn a_row_is_answered_alone_as_in_company() {
    let mut found = Findings::default();
    for case in cases() {
        let learned = case.learned(&case.table(300, 4, 3));
        let asked = case.table(3_000, 4, 4);
        let whole = bits(&learned.predict(&asked.features()));
        let width = whole.len() / 3_000;
        let of = |row: usize| &whole[row * width..(row + 1) * width];
        let mut compare = |rows: &[usize], how: &str| {
            let own = bits(&learned.predict(&asked.take(rows).features()));
            let same = own.len() == rows.len() * width
                && rows
                    .iter()
                    .zip(own.chunks_exact(width))
                    .all(|(&row, own)| own == of(row));
            found.check(same, || {
                format!("{}: other answers for {how}", case.label())
            });
        };
        compare(&Noise(5).shuffled(3_000), "rows in another order");
        compare(&(7..2_050).collect::<Vec<_>>(), "a slice");
        compare(&[1_700, 3, 3, 2_999], "four rows");
        for row in [0, 255, 256, 1_023, 1_024, 2_999] {
            compare(&[row], "one row");
        }
    }
    found.conclude();
}

#[test]
fn no_rows_have_no_answers() {
    let mut found = Findings::default();
    for case in cases() {
        let data = case.table(100, 4, 6);
        let learned = case.learned(&data);
        let none = attempt(move || learned.predict(&data.take(&[]).features()));
        match none {
            Ok(prediction) => {
                let data = case.table(100, 4, 6);
                let wrong = fault(&prediction, &data.target, 0);
                found.check(wrong.is_none() && prediction.rows() == 0, || {
                    format!("{}: {wrong:?}", case.label())
                });
            }
            Err(problem) => found.add(format!("{}: {problem}", case.label())),
        }
    }
    found.conclude();
}

#[test]
fn a_model_survives_its_file() {
    let mut found = Findings::default();
    for case in cases() {
        let data = case.table(500, 4, 7);
        let learned = case.learned(&data);
        let saved = learned.save();
        // A file keeps small values as JSON text.
        let written = serde_json::to_string(&saved.meta).unwrap();
        let meta: Map<String, Value> = serde_json::from_str(&written).unwrap();
        let read = State {
            meta,
            arrays: saved.arrays.clone(),
        };
        match case.algorithm.load(&read) {
            Err(error) => found.add(format!("{}: {error}", case.label())),
            Ok(loaded) => {
                found.check(text(loaded.as_ref()) == format!("{saved:?}"), || {
                    format!("{}: another state", case.label())
                });
                let features = case.table(700, 4, 8).features();
                let same = bits(&learned.predict(&features)) == bits(&loaded.predict(&features));
                found.check(same, || format!("{}: other answers", case.label()));
            }
        }
    }
    found.conclude();
}
