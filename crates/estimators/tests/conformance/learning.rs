//! Algorithms learn what there is to learn, and count each row as much as it weighs.

use crate::tables::{Case, Data, Findings, Noise, attempt, cases, numbers, table};
use crate::{DRAWS_ROWS, LOOKS_AT_NO_COLUMN, WEIGHS_ROWS_AGAINST_MARGINS};
use serde_json::Value;
use trainyard_estimators::algorithm::ParamKind;
use trainyard_estimators::metrics::score;
use trainyard_estimators::{FitError, Params, Prediction, Target, Task};

/// Accuracy or R² on rows that were not learned from.
fn judged(case: Case, train: &Data, test: &Data) -> f64 {
    let metric = match case.task {
        Task::Classification => "accuracy",
        Task::Regression => "r2",
    };
    let prediction = case.learned(train).predict(&test.features());
    score(metric, &test.target, &prediction)
        .unwrap_or_else(|| panic!("{}: no {metric}", case.label()))
}

/// An easy problem: a table and unseen rows of it.
fn easy(case: Case, classes: usize) -> (Data, Data) {
    let all = table(case.task, 900, 3, classes, 21);
    (
        all.take(&(0..600).collect::<Vec<_>>()),
        all.take(&(600..900).collect::<Vec<_>>()),
    )
}

#[test]
fn signal_beats_the_baseline() {
    let mut found = Findings::default();
    for case in cases()
        .into_iter()
        .filter(|case| !case.is_among(LOOKS_AT_NO_COLUMN))
    {
        let problems: &[(usize, f64)] = match case.task {
            // The baseline has about 1 / classes, or 0.
            Task::Classification => &[(2, 0.85), (3, 0.75), (8, 0.35)],
            Task::Regression => &[(0, 0.7)],
        };
        for &(classes, least) in problems {
            let (train, test) = easy(case, classes);
            let reached = judged(case, &train, &test);
            found.check(reached > least, || {
                format!(
                    "{}, {classes} classes: {reached}, not {least}",
                    case.label()
                )
            });
        }
    }
    found.conclude();
}

#[test]
fn signal_beats_noise() {
    let mut found = Findings::default();
    for case in cases()
        .into_iter()
        .filter(|case| !case.is_among(LOOKS_AT_NO_COLUMN))
    {
        let (train, test) = easy(case, 3);
        let mut shuffled = train.clone();
        shuffled.target = train.target.take(&Noise(22).shuffled(600));
        let (signal, noise) = (judged(case, &train, &test), judged(case, &shuffled, &test));
        found.check(signal > noise + 0.3, || {
            format!("{}: {signal} with signal, {noise} without", case.label())
        });
    }
    found.conclude();
}

/// Defaults; every listed word, both positions of every switch and 0.5 for every number, one at a time; and all numbers
/// at once. Numbers of rows are left out: a row of weight 2 is still one row.
fn variants(case: Case) -> Vec<(String, Params)> {
    let mut variants = vec![("defaults".to_owned(), case.precise(&[]))];
    let mut halves = Vec::new();
    let counts = |kind: &ParamKind| matches!(kind, ParamKind::Integer { .. });
    let specs = case
        .specs()
        .iter()
        .filter(|spec| spec.tasks.contains(&case.task));
    for spec in specs.filter(|spec| spec.name != "tol" && !spec.kinds.iter().any(counts)) {
        for kind in spec.kinds {
            let values = match *kind {
                ParamKind::Choice(words) => words.iter().map(|word| Value::from(*word)).collect(),
                ParamKind::Boolean => vec![Value::from(true), Value::from(false)],
                ParamKind::Number { min, max, .. } if min < 0.5 && max > 0.5 => {
                    halves.push((spec.name, Value::from(0.5)));
                    vec![Value::from(0.5)]
                }
                _ => Vec::new(),
            };
            for value in values
                .into_iter()
                .filter(|value| *value != spec.default_value())
            {
                let name = format!("{} = {value}", spec.name);
                variants.push((name, case.precise(&[(spec.name, value)])));
            }
        }
    }
    variants.push((format!("{halves:?}"), case.precise(&halves)));
    variants
}

/// How far answers may lie apart that would be equal if numbers had no end. Solvers that approach their optimum look at
/// single-precision copies of the columns.
fn tolerance(case: Case) -> f64 {
    let approaches = case.specs().iter().any(|spec| spec.name == "tol");
    if approaches { 1e-4 } else { 1e-6 }
}

/// A table whose classes overlap, so that an optimum exists even without a penalty.
fn overlapping(case: Case, rows: usize, classes: usize, seed: u64) -> Data {
    let mut data = table(case.task, rows, 3, classes, seed);
    if let Target::Classes { indices, .. } = &mut data.target {
        let other = |index: u32| (index + 1) % classes as u32;
        indices
            .iter_mut()
            .step_by(5)
            .for_each(|index| *index = other(*index));
    }
    data
}

/// The answers for `asked` after learning from `data`, unless these parameters are refused.
fn answers(
    case: Case,
    params: &Params,
    data: &Data,
    asked: &Data,
) -> Result<Option<Vec<f64>>, String> {
    let (params, data, asked) = (params.clone(), data.clone(), asked.clone());
    let outcome = attempt(move || {
        let fitted = case.fit(&params, &data)?;
        Ok(numbers(&fitted.predict(&asked.features())).to_vec())
    })?;
    match outcome {
        Ok(numbers) => Ok(Some(numbers)),
        Err(FitError::Parameter { .. }) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

/// Compares two ways to say the same about rows, under every variant of every algorithm.
fn compare_under_variants(found: &mut Findings, tables: impl Fn(Case) -> [Data; 3], what: &str) {
    for case in cases()
        .into_iter()
        .filter(|case| !case.is_among(DRAWS_ROWS))
    {
        let [left, right, asked] = tables(case);
        // Rows that are drawn are others where there are more of them.
        let variants = variants(case).into_iter();
        for (name, params) in variants.filter(|(name, _)| name != "bootstrap = true") {
            let label = format!("{} with {name}", case.label());
            match (
                answers(case, &params, &left, &asked),
                answers(case, &params, &right, &asked),
            ) {
                (Ok(left), Ok(right)) => {
                    let pairs = left.iter().flatten().zip(right.iter().flatten());
                    let furthest = pairs
                        .map(|(left, right)| (left - right).abs() / left.abs().max(1.0))
                        .fold(0.0, |most: f64, own| {
                            if own.is_nan() {
                                f64::INFINITY
                            } else {
                                most.max(own)
                            }
                        });
                    found.check(furthest < tolerance(case), || {
                        format!("{label}: {what} differ by {furthest:e}")
                    });
                }
                (left, right) => found.add(format!("{label}: {:?} {:?}", left.err(), right.err())),
            }
        }
    }
}

#[test]
fn a_row_of_weight_two_is_a_row_that_stands_there_twice() {
    let mut found = Findings::default();
    let tables = |case: Case| {
        let plain = overlapping(case, 80, 3, 23);
        let counts: Vec<usize> = (0..80).map(|row| 1 + row * 7 % 3).collect();
        let repeated: Vec<usize> = (0..80).flat_map(|row| vec![row; counts[row]]).collect();
        let mut weighted = plain.clone();
        weighted.weights = Some(counts.iter().map(|&count| count as f64).collect());
        [weighted, plain.take(&repeated), plain]
    };
    compare_under_variants(&mut found, tables, "weighted and repeated rows");
    found.conclude();
}

#[test]
fn a_row_of_weight_zero_is_not_there() {
    let mut found = Findings::default();
    let tables = |case: Case| {
        let mut all = overlapping(case, 120, 3, 24);
        let kept: Vec<usize> = (0..120).filter(|row| row % 3 != 1).collect();
        // What is not there says something else.
        match &mut all.target {
            Target::Values(values) => values
                .iter_mut()
                .skip(1)
                .step_by(3)
                .for_each(|value| *value = -500.0),
            Target::Classes { indices, .. } => indices
                .iter_mut()
                .skip(1)
                .step_by(3)
                .for_each(|own| *own = 0),
        }
        let without = all.take(&kept);
        all.weights = Some(
            (0..120)
                .map(|row| f64::from(u8::from(row % 3 != 1)))
                .collect(),
        );
        [all, without.clone(), without]
    };
    compare_under_variants(&mut found, tables, "rows of weight 0 and absent rows");
    found.conclude();
}

#[test]
fn the_scale_of_all_weights_does_not_matter_without_a_penalty() {
    let mut found = Findings::default();
    for case in cases()
        .into_iter()
        .filter(|case| !case.is_among(WEIGHS_ROWS_AGAINST_MARGINS))
    {
        // Penalties are weighed against the rows; without one only the shares count.
        let penalty = case.specs().iter().find(|spec| spec.name == "penalty");
        let params = match penalty {
            Some(_) => case.precise(&[("penalty", Value::from("none"))]),
            None => case.precise(&[]),
        };
        let plain = overlapping(case, 200, 2, 25);
        let mut weighted = plain.clone();
        weighted.weights = Some(vec![4.0; plain.target.len()]);
        match (
            answers(case, &params, &plain, &plain),
            answers(case, &params, &weighted, &plain),
        ) {
            (Ok(Some(left)), Ok(Some(right))) => {
                let pairs = left.iter().zip(&right);
                let furthest = pairs
                    .map(|(left, right)| (left - right).abs())
                    .fold(0.0, f64::max);
                found.check(furthest < tolerance(case), || {
                    format!("{}: {furthest:e}", case.label())
                });
            }
            other => found.add(format!("{}: {other:?}", case.label())),
        }
    }
    found.conclude();
}

#[test]
fn rows_without_weight_do_not_show_even_in_drawn_samples() {
    let mut found = Findings::default();
    for case in cases() {
        let mut data = table(case.task, 150, 3, 2, 26);
        let hidden = |row: &usize| row % 2 == 1;
        data.weights = Some(
            (0..150)
                .map(|row| f64::from(u8::from(!hidden(&row))))
                .collect(),
        );
        match &mut data.target {
            Target::Values(values) => values
                .iter_mut()
                .skip(1)
                .step_by(2)
                .for_each(|value| *value = 1e6),
            Target::Classes { indices, classes } => {
                *classes = 3;
                indices
                    .iter_mut()
                    .skip(1)
                    .step_by(2)
                    .for_each(|index| *index = 2);
            }
        }
        let prediction = case.learned(&data).predict(&data.features());
        let fault = crate::tables::fault(&prediction, &data.target, 150);
        found.check(fault.is_none(), || format!("{}: {fault:?}", case.label()));
        let most = match &prediction {
            Prediction::Values(values) => values
                .iter()
                .fold(0.0, |most: f64, own| most.max(own.abs())),
            Prediction::Classes { probabilities, .. } => probabilities
                .iter()
                .skip(2)
                .step_by(3)
                .fold(0.0, |most: f64, own| most.max(*own)),
        };
        let allowed = if case.task == Task::Regression {
            100.0
        } else {
            0.05
        };
        found.check(most < allowed, || {
            format!("{}: {most} from rows without weight", case.label())
        });
    }
    found.conclude();
}

#[test]
fn heavier_rows_count_more() {
    let mut found = Findings::default();
    for case in cases() {
        // Two groups of rows with the same columns contradict each other.
        let half = table(case.task, 100, 3, 2, 27);
        let mut data = half.take(&(0..200).map(|row| row / 2).collect::<Vec<_>>());
        match &mut data.target {
            Target::Values(values) => values
                .iter_mut()
                .skip(1)
                .step_by(2)
                .for_each(|value| *value += 50.0),
            Target::Classes { indices, .. } => {
                (0..200).for_each(|row| indices[row] = (row % 2) as u32);
            }
        }
        let mean = |heavy: usize| {
            let mut data = data.clone();
            data.weights = Some(
                (0..200)
                    .map(|row| if row % 2 == heavy { 9.0 } else { 1.0 })
                    .collect(),
            );
            let prediction = case.learned(&data).predict(&data.features());
            let (skip, step) = if case.task == Task::Regression {
                (0, 1)
            } else {
                (1, 2)
            };
            let values: Vec<f64> = numbers(&prediction)
                .iter()
                .copied()
                .skip(skip)
                .step_by(step)
                .collect();
            values.iter().sum::<f64>() / values.len() as f64
        };
        let (low, high) = (mean(0), mean(1));
        let least = if case.task == Task::Regression {
            10.0
        } else {
            0.3
        };
        found.check(high > low + least, || {
            format!("{}: {low} and {high}", case.label())
        });
    }
    found.conclude();
}

#[test]
fn balanced_classes_help_the_rare_one() {
    let mut found = Findings::default();
    for case in cases()
        .into_iter()
        .filter(|case| case.task == Task::Classification)
    {
        let balances = case.specs().iter().any(|spec| {
            let words = |kind: &ParamKind| matches!(kind, ParamKind::Choice(words) if words.contains(&"balanced"));
            spec.name == "class_weight" && spec.kinds.iter().any(words)
        });
        if !balances {
            continue;
        }
        // One row in ten is of the rare class, and both overlap.
        let mut noise = Noise(28);
        let mut data = table(case.task, 600, 2, 2, 29);
        let indices: Vec<u32> = (0..600).map(|row| u32::from(row % 10 == 0)).collect();
        for (row, value) in data.numbers(0).iter_mut().enumerate() {
            // Few distinct values, so that no algorithm can learn single rows by heart.
            *value = (noise.normal() + f64::from(u8::from(row % 10 == 0))).round();
        }
        data.numbers(1).fill(0.0);
        data.target = Target::Classes {
            indices,
            classes: 2,
        };
        let rare = |value: Value| {
            let fitted = case.fit(&case.params(&[("class_weight", value)]), &data);
            let prediction = fitted
                .unwrap_or_else(|error| panic!("{error}"))
                .predict(&data.features());
            numbers(&prediction).iter().skip(1).step_by(2).sum::<f64>() / 600.0
        };
        let (plain, balanced) = (rare(Value::Null), rare(Value::from("balanced")));
        found.check((plain - 0.1).abs() < 0.05, || {
            format!("{}: {plain} of a class with a tenth", case.label())
        });
        found.check((balanced - 0.45).abs() < 0.12, || {
            format!("{}: {balanced} when balanced", case.label())
        });
    }
    found.conclude();
}
