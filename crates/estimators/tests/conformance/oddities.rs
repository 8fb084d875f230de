//! Tables that are hard to learn from, and rows that are hard to answer: an answer or a clear refusal, never a panic.

use crate::tables::{Case, Data, Findings, Noise, attempt, cases, fault, table};
use trainyard_estimators::features::MISSING_CODE;
use trainyard_estimators::{FeatureValues, FitError, Prediction, Target, Task};

/// A table to learn from.
struct Oddity {
    name: &'static str,
    data: Data,
    /// Whether an algorithm may say that it cannot learn from it.
    refusable: bool,
}

fn oddity(
    name: &'static str,
    refusable: bool,
    base: &Data,
    change: impl FnOnce(&mut Data),
) -> Oddity {
    let mut data = base.clone();
    change(&mut data);
    Oddity {
        name,
        data,
        refusable,
    }
}

fn numbers_of_rows(rows: usize, value: impl Fn(usize) -> f64) -> FeatureValues {
    FeatureValues::Numeric((0..rows).map(value).collect())
}

/// Odd columns, for every task. Column 3 of the base holds categories.
fn columns(task: Task) -> Vec<Oddity> {
    let base = table(task, 60, 3, 3, 11);
    let every = |data: &mut Data, step: usize, value: f64| {
        for index in 0..3 {
            data.numbers(index)
                .iter_mut()
                .skip(index)
                .step_by(step)
                .for_each(|own| *own = value);
        }
    };
    vec![
        oddity("a constant column", false, &base, |data| {
            data.numbers(0).fill(7.5)
        }),
        oddity("only constant columns", false, &base, |data| {
            (0..3).for_each(|index| data.numbers(index).fill(-2.0));
            data.codes(3).fill(1);
        }),
        oddity("a large constant column", false, &base, |data| {
            data.numbers(0).fill(1e15)
        }),
        oddity("a column of missing numbers", false, &base, |data| {
            data.numbers(0).fill(f64::NAN)
        }),
        oddity("a column of missing categories", false, &base, |data| {
            data.codes(3).fill(MISSING_CODE)
        }),
        oddity("nothing but missing values", false, &base, |data| {
            (0..3).for_each(|index| data.numbers(index).fill(f64::NAN));
            data.codes(3).fill(MISSING_CODE);
        }),
        oddity("missing numbers", false, &base, |data| {
            every(data, 5, f64::NAN)
        }),
        oddity("infinite numbers", true, &base, |data| {
            every(data, 5, f64::INFINITY)
        }),
        oddity("numbers of minus infinity", true, &base, |data| {
            every(data, 5, f64::NEG_INFINITY)
        }),
        oddity("infinities of both signs and gaps", true, &base, |data| {
            every(data, 5, f64::NEG_INFINITY);
            every(data, 7, f64::INFINITY);
            every(data, 11, f64::NAN);
        }),
        oddity("huge numbers", true, &base, |data| {
            (0..3).for_each(|index| {
                data.numbers(index)
                    .iter_mut()
                    .for_each(|value| *value *= 1e300)
            });
        }),
        oddity("the largest numbers", true, &base, |data| {
            data.numbers(0)
                .iter_mut()
                .for_each(|value| *value = f64::MAX.copysign(*value));
        }),
        oddity("tiny numbers", true, &base, |data| {
            (0..3).for_each(|index| {
                data.numbers(index)
                    .iter_mut()
                    .for_each(|value| *value *= 1e-300)
            });
        }),
        oddity("numbers below the normal ones", true, &base, |data| {
            data.numbers(0)
                .iter_mut()
                .for_each(|value| *value *= 5e-323);
        }),
        oddity("one huge number among small ones", true, &base, |data| {
            data.numbers(0)[17] = 1e300
        }),
        oddity("duplicated columns", false, &base, |data| {
            data.columns.extend(data.columns.clone());
            data.columns.extend(data.columns.clone());
        }),
        oddity("a column that is the sum of two", false, &base, |data| {
            let (left, right) = (data.numbers(0).clone(), data.numbers(1).clone());
            data.columns
                .push(numbers_of_rows(60, |row| left[row] + right[row]));
        }),
        oddity("a category column without levels", false, &base, |data| {
            let codes = vec![MISSING_CODE; 60];
            data.columns
                .push(FeatureValues::Categorical { codes, levels: 0 });
        }),
        oddity("a thousand levels", false, &base, |data| {
            let codes = (0..60).map(|row| row * 16 % 1000).collect();
            data.columns.push(FeatureValues::Categorical {
                codes,
                levels: 1_000,
            });
        }),
        oddity("only categories", false, &base, |data| {
            drop(data.columns.drain(..3))
        }),
        oddity("more columns than rows", false, &base, |data| {
            let mut noise = Noise(12);
            let more =
                (0..150).map(|_| FeatureValues::Numeric((0..60).map(|_| noise.normal()).collect()));
            data.columns.extend(more);
        }),
        oddity("no columns", true, &base, |data| data.columns.clear()),
        oddity("no rows", true, &base, |data| *data = data.take(&[])),
        oddity("one row", true, &base, |data| *data = data.take(&[5])),
        oddity("two rows", false, &base, |data| {
            *data = data.take(&two_unlike(&data.target))
        }),
        oddity("the same row again and again", true, &base, |data| {
            *data = data.take(&[5; 40])
        }),
        oddity(
            "the same columns with different answers",
            false,
            &base,
            |data| {
                let first = data.take(&[5; 60]);
                data.columns = first.columns;
            },
        ),
        oddity("every row three times", false, &base, |data| {
            *data = data.take(&(0..180).map(|place| place / 3).collect::<Vec<_>>());
        }),
        oddity("no weight at all", true, &base, |data| {
            data.weights = Some(vec![0.0; 60])
        }),
        oddity("weight on one row only", true, &base, |data| {
            data.weights = Some((0..60).map(|row| f64::from(u8::from(row == 9))).collect());
        }),
        oddity("weights from tiny to huge", true, &base, |data| {
            data.weights = Some((0..60).map(|row| 10_f64.powi(row * 4 - 120)).collect());
        }),
    ]
}

/// Two rows with different answers.
fn two_unlike(target: &Target) -> [usize; 2] {
    match target {
        Target::Values(_) => [3, 4],
        Target::Classes { indices, .. } => {
            let other = indices.iter().position(|index| *index != indices[0]);
            [0, other.unwrap()]
        }
    }
}

/// Odd targets.
fn targets(task: Task) -> Vec<Oddity> {
    match task {
        Task::Regression => numbers_to_learn(),
        Task::Classification => classes_to_learn(),
    }
}

fn numbers_to_learn() -> Vec<Oddity> {
    let base = table(Task::Regression, 60, 3, 3, 13);
    let valued = |name, refusable, value: fn(usize) -> f64| {
        oddity(name, refusable, &base, |data| {
            data.target = Target::Values((0..60).map(value).collect())
        })
    };
    vec![
        valued("all the same", false, |_| 3.25),
        valued("all zero", false, |_| 0.0),
        valued("all the same and huge", true, |_| 1e300),
        valued("huge and of both signs", true, |row| {
            if row % 2 == 0 { 1.7e308 } else { -1.7e308 }
        }),
        valued("tiny", false, |row| row as f64 * 1e-300),
        valued("large with small differences", false, |row| {
            1e12 + row as f64
        }),
        valued(
            "one outlier",
            false,
            |row| if row == 30 { 1e12 } else { 1.0 },
        ),
    ]
}

fn classes_to_learn() -> Vec<Oddity> {
    let task = Task::Classification;
    let base = table(task, 60, 3, 3, 13);
    let classed = |name, refusable, classes: usize, class: fn(usize) -> u32| {
        oddity(name, refusable, &base, |data| {
            data.target = Target::Classes {
                indices: (0..60).map(class).collect(),
                classes,
            };
        })
    };
    let plain = |name, classes| Oddity {
        name,
        data: table(task, 300, 3, classes, 14),
        refusable: false,
    };
    let rare = |name, rows: usize, classes: usize| {
        let mut data = table(task, rows, 3, 2, 15);
        let indices = (0..rows).map(|row| u32::from(row == 500)).collect();
        data.target = Target::Classes { indices, classes };
        Oddity {
            name,
            data,
            refusable: false,
        }
    };
    vec![
        plain("two classes", 2),
        plain("three classes", 3),
        plain("thirty classes", 30),
        plain("a class for each row", 300),
        classed("one class", true, 1, |_| 0),
        classed("one of two classes", true, 2, |_| 1),
        classed("one of three classes", true, 3, |_| 1),
        classed(
            "two of three classes, the middle without a row",
            false,
            3,
            |row| (row % 2 * 2) as u32,
        ),
        classed(
            "two of three classes, the last without a row",
            false,
            3,
            |row| (row % 2) as u32,
        ),
        classed("two of thirty classes", false, 30, |row| {
            (row % 2 * 28) as u32
        }),
        rare("one in a thousand", 1_001, 2),
        rare("one in a thousand, and a class without a row", 1_001, 3),
    ]
}

/// Whether the text of a refusal says something to a person.
fn clear(error: &FitError) -> bool {
    !matches!(error, FitError::Interrupted(_)) && error.to_string().len() >= 20
}

fn learn(case: Case, odd: Oddity, found: &mut Findings) {
    let label = format!("{} from {}", case.label(), odd.name);
    let (refusable, target, rows) = (
        odd.refusable,
        odd.data.target.clone(),
        odd.data.target.len(),
    );
    let outcome = attempt(move || -> Result<Prediction, FitError> {
        let fitted = case.fit(&case.params(&[]), &odd.data)?;
        Ok(fitted.predict(&odd.data.features()))
    });
    match outcome {
        Err(problem) => found.add(format!("{label}: {problem}")),
        Ok(Err(error)) if !refusable => found.add(format!("{label}: refused with '{error}'")),
        Ok(Err(error)) => found.check(clear(&error), || {
            format!("{label}: an unclear refusal '{error}'")
        }),
        Ok(Ok(prediction)) => {
            if let Some(fault) = fault(&prediction, &target, rows) {
                found.add(format!("{label}: {fault}"));
            }
        }
    }
}

#[test]
fn odd_columns_are_learned_from_or_refused() {
    let mut found = Findings::default();
    for case in cases() {
        for odd in columns(case.task) {
            learn(case, odd, &mut found);
        }
    }
    found.conclude();
}

#[test]
fn odd_targets_are_learned_or_refused() {
    let mut found = Findings::default();
    for case in cases() {
        for odd in targets(case.task) {
            learn(case, odd, &mut found);
        }
    }
    found.conclude();
}

#[test]
fn no_rows_are_refused() {
    let mut found = Findings::default();
    for case in cases() {
        let data = case.table(60, 4, 16).take(&[]);
        let outcome = attempt(move || case.fit(&case.params(&[]), &data).map(drop));
        found.check(matches!(outcome, Ok(Err(FitError::Data(_)))), || {
            format!("{}: {outcome:?}", case.label())
        });
    }
    found.conclude();
}

#[test]
fn a_class_without_rows_is_improbable() {
    let mut found = Findings::default();
    for case in cases() {
        let mut data = table(case.task, 200, 3, 2, 17);
        let Target::Classes { indices, classes } = &mut data.target else {
            continue;
        };
        indices.iter_mut().for_each(|index| *index *= 2);
        *classes = 3;
        let prediction = case.learned(&data).predict(&data.features());
        let Prediction::Classes {
            probabilities,
            classes: 3,
        } = &prediction
        else {
            found.add(format!("{}: {prediction:?}", case.label()));
            continue;
        };
        let most = probabilities
            .iter()
            .skip(1)
            .step_by(3)
            .fold(0.0, |most: f64, own| most.max(*own));
        found.check(most < 0.05, || {
            format!("{}: {most} for a class without a row", case.label())
        });
    }
    found.conclude();
}

#[test]
fn odd_rows_are_answered() {
    let mut found = Findings::default();
    for case in cases() {
        let plain = case.table(100, 4, 18);
        let target = plain.target.clone();
        let learned = case.learned(&plain);
        for (name, data) in questions(&plain) {
            let state = learned.save();
            let outcome = attempt(move || {
                case.algorithm
                    .load(&state)
                    .map(|own| own.predict(&data.features()))
            });
            match outcome {
                Ok(Ok(prediction)) => {
                    if let Some(fault) = fault(&prediction, &target, 100) {
                        found.add(format!("{}, asked with {name}: {fault}", case.label()));
                    }
                }
                Ok(Err(error)) => found.add(format!("{}: {error}", case.label())),
                Err(problem) => {
                    found.add(format!("{}, asked with {name}: {problem}", case.label()))
                }
            }
        }
    }
    found.conclude();
}

/// Rows to ask for, from ordinary ones with four numbers and a category.
fn questions(plain: &Data) -> Vec<(&'static str, Data)> {
    let changed = |change: &dyn Fn(&mut Data)| {
        let mut data = plain.clone();
        change(&mut data);
        data
    };
    let filled =
        |value: f64| changed(&|data| (0..4).for_each(|index| data.numbers(index).fill(value)));
    let coded = |code: u32| changed(&|data| data.codes(4).fill(code));
    vec![
        ("missing numbers", filled(f64::NAN)),
        ("infinite numbers", filled(f64::INFINITY)),
        ("numbers of minus infinity", filled(f64::NEG_INFINITY)),
        ("huge numbers", filled(1e300)),
        ("the smallest numbers", filled(f64::MIN)),
        ("tiny numbers", filled(1e-300)),
        ("negative zeros", filled(-0.0)),
        (
            "infinities of both signs",
            changed(&|data| {
                data.numbers(0).fill(f64::INFINITY);
                data.numbers(1).fill(f64::NEG_INFINITY);
                data.numbers(2).fill(f64::NAN);
            }),
        ),
        ("missing categories", coded(MISSING_CODE)),
        ("the first unknown category", coded(3)),
        ("an unknown category", coded(1_000_000)),
        ("the largest code", coded(u32::MAX - 1)),
        (
            "categories of more levels",
            changed(&|data| {
                let codes = (0..100).map(|row| row % 50).collect();
                data.columns[4] = FeatureValues::Categorical { codes, levels: 50 };
            }),
        ),
        (
            "categories without levels",
            changed(&|data| {
                data.columns[4] = FeatureValues::Categorical {
                    codes: vec![MISSING_CODE; 100],
                    levels: 0,
                };
            }),
        ),
    ]
}
