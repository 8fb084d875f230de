//! Categories of many values: rare ones together, and target statistics that let no answer leak into its own features.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "support/supervised.rs"]
mod supervised;
#[path = "support/tables.rs"]
#[expect(dead_code, reason = "shared with other tests, which need more of it")]
mod tables;

use proptest::prelude::*;
use supervised::{Case, FREE, ONE_HOT, codes, draw, number};
use tables::{strings, table};
use trainyard_estimators::algorithm::algorithm;
use trainyard_estimators::features::MISSING_CODE;
use trainyard_estimators::metrics::score;
use trainyard_estimators::pipeline::Pipeline;
use trainyard_estimators::preparation::Preparation;
use trainyard_estimators::split::Division;
use trainyard_estimators::target::TargetEncoder;
use trainyard_estimators::{Array, FeatureValues, FitContext, Params, Target, Task};
use trainyard_table::{Column, Kind};

/// A column with the given number of rows for each value.
fn with_counts(counts: &[(&str, usize)]) -> Column {
    let cells = counts
        .iter()
        .flat_map(|&(value, rows)| std::iter::repeat_n(Some(value), rows));
    strings("city", Kind::Category, &cells.collect::<Vec<_>>())
}

/// `rows` values drawn from `values` many, some cells missing.
fn many(rows: usize, values: u64, missing: bool) -> Vec<Option<u64>> {
    let value = |row: usize| draw(row as u64, 1) % values;
    (0..rows)
        .map(|row| (!missing || row % 11 != 5).then(|| value(row)))
        .collect()
}

fn named(cells: &[Option<u64>]) -> Column {
    let names = cells
        .iter()
        .map(|cell| cell.map(|value| format!("value {value:04}")));
    let names = names.collect::<Vec<_>>();
    Column::strings("code", Kind::Category, names.iter().map(Option::as_deref))
}

fn shares(rows: usize) -> Target {
    Target::Classes {
        indices: (0..rows)
            .map(|row| (draw(row as u64, 2) % 2) as u32)
            .collect(),
        classes: 2,
    }
}

#[test]
fn rare_values_share_a_level_with_those_never_seen() {
    // 30,000 rows: fewer than six are rare.
    let train = table(vec![with_counts(&[
        ("Aachen", 29_980),
        ("Bonn", 6),
        ("Celle", 5),
        ("Düren", 4),
        ("Essen", 5),
    ])]);
    let (fitted, features) = Case::new(&train).fit(ONE_HOT);
    let (found, levels) = codes(&features, 0);
    assert_eq!(levels, 3);
    assert_eq!(
        [29_979, 29_985, 29_986, 29_999].map(|row| found[row]),
        [0, 1, 2, 2]
    );
    assert_eq!(
        fitted.columns()[0].steps,
        [
            "one column per value (2 values)",
            "3 values in too few rows share one column, 'rare values'; so do values never seen"
        ]
    );
    let later = table(vec![strings(
        "city",
        Kind::Category,
        &[Some("Zwickau"), Some("Celle"), Some("Bonn"), None],
    )]);
    assert_eq!(
        codes(&fitted.transform(&later), 0).0,
        [2, 2, 1, MISSING_CODE]
    );
    assert!(fitted.knows("city", "Celle") && !fitted.knows("city", "Zwickau"));
    // Trees keep every value apart: theirs is a set of values, not a column for each.
    assert_eq!(codes(&Case::new(&train).fit(FREE).1, 0).1, 5);
}

#[test]
fn small_tables_and_single_rare_values_stay_as_they_are() {
    for counts in [
        &[("a", 140), ("b", 5), ("c", 1), ("d", 1)][..],
        &[("a", 9_990), ("b", 1), ("c", 1)],
        &[("a", 29_990), ("b", 6), ("c", 4)],
    ] {
        let train = table(vec![with_counts(counts)]);
        let (fitted, features) = Case::new(&train).fit(ONE_HOT);
        assert_eq!(codes(&features, 0).1 as usize, counts.len(), "{counts:?}");
        assert_eq!(fitted.columns()[0].steps.len(), 1);
    }
}

#[test]
fn rare_values_that_are_most_of_a_column_are_not_thrown_together() {
    // 30,000 rows: with two rows each, 3,000 values have a fifth of them, and 3,100 have more.
    for (values, step) in [
        (3_000, "one column per value (5 values)"),
        (3_100, "falls back to target statistics: 3,105 values"),
    ] {
        let value = |row: u64| {
            if row < 2 * values {
                row / 2
            } else {
                5_000 + row % 5
            }
        };
        let train = table(vec![named(
            &(0..30_000).map(|row| Some(value(row))).collect::<Vec<_>>(),
        )]);
        assert_eq!(Case::new(&train).fit(ONE_HOT).0.columns()[0].steps[0], step);
    }
}

#[test]
fn too_many_values_become_means_of_the_target() {
    let cells = many(6_000, 400, true);
    let effect = |value: u64| (value % 7) as f64;
    let answers = cells
        .iter()
        .enumerate()
        .map(|(row, cell)| cell.map_or(20.0, effect) + number(row as u64, 3));
    let target = Target::Values(answers.collect());
    let Target::Values(answers) = &target else {
        return;
    };
    let overall = answers.iter().sum::<f64>() / 6_000.0;
    let train = table(vec![named(&cells)]);
    let case = Case {
        target: &target,
        ..Case::new(&train)
    };
    let (fitted, features) = case.fit(ONE_HOT_UNSCALED);
    let column = &fitted.columns()[0];
    assert_eq!(
        column.steps[0],
        "falls back to target statistics: 400 values"
    );
    assert_eq!(features.columns()[0].name, "code target mean");
    let later = table(vec![strings(
        "code",
        Kind::Category,
        &[Some("value 0006"), Some("value 0007"), None, Some("new")],
    )]);
    let answered = values(&fitted.transform(&later), 0);
    for (found, truth) in answered.iter().zip([6.5, 0.5, 20.5, overall]) {
        assert!((found - truth).abs() < 0.35, "{answered:?} {overall}");
    }
    assert!((answered[3] - overall).abs() < 1e-9);
    // A training row is told what it would be told if it were new, not what its own answer adds to.
    let (told, asked) = (values(&features, 0), values(&fitted.transform(&train), 0));
    assert!(told.iter().zip(&asked).all(|(told, asked)| told != asked));
    // Trees get the same, and missing cells as they are.
    let (tree, told) = case.fit(FREE);
    assert!(values(&told, 0)[5].is_nan() && values(&tree.transform(&later), 0)[2].is_nan());
    assert!((values(&tree.transform(&later), 0)[3] - overall).abs() < 1e-9);
}

const ONE_HOT_UNSCALED: trainyard_estimators::Needs = trainyard_estimators::Needs {
    scaling: false,
    imputation: true,
};

fn values(features: &trainyard_estimators::Features, index: usize) -> Vec<f64> {
    match &features.columns()[index].values {
        FeatureValues::Numeric(values) => values.clone(),
        FeatureValues::Categorical { .. } => panic!("a category"),
    }
}

#[test]
fn a_mean_is_shrunk_by_what_values_tell_beyond_chance() {
    // 300 values of ten rows; within a value 1 and -1 in turn around the value's own mean, which is 0 or 4.
    let cells = (0..3_000).map(|row| Some(row / 10)).collect::<Vec<_>>();
    let answers = (0..3_000).map(|row| {
        let mean = if (row / 10) % 2 == 0 { 0.0 } else { 4.0 };
        mean + if row % 2 == 0 { 1.0 } else { -1.0 }
    });
    let target = Target::Values(answers.collect());
    let train = table(vec![named(&cells)]);
    let case = Case {
        target: &target,
        ..Case::new(&train)
    };
    let found = values(&case.fit(FREE).0.transform(&train), 0);
    // The variance within values is 10 / 9, between them about 4. Their ratio is below one, so a single row of the overall
    // mean (2) stands beside the ten.
    for (row, mean) in [(0, 2.0 / 11.0), (10, 42.0 / 11.0)] {
        assert!((found[row] - mean).abs() < 1e-9, "{}", found[row]);
    }
}

#[test]
fn chance_is_not_believed() {
    for seed in 0..4 {
        let (rows, held_out) = (4_000, 2_000);
        let cells = (0..rows + held_out)
            .map(|row| Some(draw(row as u64, 10 + seed) % 1_500))
            .collect::<Vec<_>>();
        let classes = (0..rows + held_out)
            .map(|row| (draw(row as u64, 90 + seed) % 2) as u32)
            .collect::<Vec<_>>();
        let target = |range: std::ops::Range<usize>| Target::Classes {
            indices: classes[range].to_vec(),
            classes: 2,
        };
        let train = table(vec![named(&cells[..rows])]);
        let test = table(vec![named(&cells[rows..])]);
        let learned_from = target(0..rows);
        for needs in [FREE, ONE_HOT] {
            let case = Case {
                target: &learned_from,
                seed,
                ..Case::new(&train)
            };
            let told = values(&case.fit(needs).1, 0);
            let r = correlation(&told, &classes[..rows]);
            assert!(r.abs() < 0.05, "training rows know their answers: {r}");
        }
        let labels = strings("y", Kind::Category, &[Some("no"), Some("yes")]);
        let encoder = TargetEncoder::fit(&labels, Task::Classification).unwrap();
        for name in [
            "decision_tree",
            "random_forest",
            "gradient_boosting",
            "knn",
            "logistic_regression",
        ] {
            let found = algorithm(name).unwrap();
            let given = match name {
                "random_forest" => serde_json::json!({ "n_estimators": 10 }),
                "gradient_boosting" => serde_json::json!({ "n_estimators": 20 }),
                _ => serde_json::json!({}),
            };
            let params = Params::check(
                found.spec().params,
                Task::Classification,
                given.as_object().unwrap(),
            )
            .unwrap();
            let pipeline = Pipeline::fit(
                &train,
                &["code".to_owned()],
                &encoder,
                &learned_from,
                found,
                &params,
                None,
                &FitContext::silent(seed),
            )
            .unwrap();
            let accuracy = score(
                "accuracy",
                &target(rows..rows + held_out),
                &pipeline.predict(&test),
            )
            .unwrap();
            assert!(accuracy < 0.54, "{name}: {accuracy}");
            // Nobody learns by heart what will not come again.
            let by_heart = score("accuracy", &learned_from, &pipeline.predict(&train)).unwrap();
            assert!(by_heart < 0.8, "{name}: {by_heart}");
        }
    }
}

#[test]
fn trees_take_statistics_that_tell_and_keep_values_apart_where_they_do_not() {
    let cells = many(8_000, 1_000, false);
    let train = table(vec![named(&cells)]);
    let answers = |signal: f64| {
        let own = |cell: &Option<u64>| signal * number(cell.unwrap(), 6);
        let noise = |row: usize| 0.5 * number(row as u64, 7);
        let rows = cells.iter().enumerate();
        Target::Values(rows.map(|(row, cell)| own(cell) + noise(row)).collect())
    };
    let asked = many(10_000, 1_000, false).split_off(8_000);
    let encoder = TargetEncoder::fit(
        &tables::numbers("y", Kind::Number, &[Some(1.0), Some(2.5)]),
        Task::Regression,
    )
    .unwrap();
    for name in [
        "decision_tree",
        "random_forest",
        "extra_trees",
        "gradient_boosting",
    ] {
        let found = algorithm(name).unwrap();
        let params = Params::check(
            found.spec().params,
            Task::Regression,
            &serde_json::Map::new(),
        )
        .unwrap();
        let fit = |target: &Target| {
            let names = ["code".to_owned()];
            let context = FitContext::silent(1);
            Pipeline::fit(
                &train, &names, &encoder, target, found, &params, None, &context,
            )
            .unwrap()
        };
        let pipeline = fit(&answers(1.0));
        let steps = &pipeline.preparation().columns()[0].steps;
        assert_eq!(steps[0], "falls back to target statistics: 1,000 values");
        let truth = Target::Values(
            asked
                .iter()
                .map(|cell| number(cell.unwrap(), 6) + 0.25)
                .collect(),
        );
        let r2 = score("r2", &truth, &pipeline.predict(&table(vec![named(&asked)]))).unwrap();
        assert!(r2 > 0.85, "{name}: {r2}");
        let weak = fit(&answers(0.05)).preparation().columns()[0].steps[0].clone();
        if name == "gradient_boosting" {
            assert_eq!(weak, steps[0]);
        } else {
            assert_eq!(weak, "told apart by value (1,000 values)");
        }
    }
}

fn correlation(values: &[f64], classes: &[u32]) -> f64 {
    let count = values.len() as f64;
    let means = (
        values.iter().sum::<f64>() / count,
        classes.iter().map(|&class| f64::from(class)).sum::<f64>() / count,
    );
    let (mut both, mut first, mut second) = (0.0, 1e-30, 0.0);
    for (value, &class) in values.iter().zip(classes) {
        let (value, class) = (value - means.0, f64::from(class) - means.1);
        both += value * class;
        first += value * value;
        second += class * class;
    }
    both / (first * second).sqrt()
}

#[test]
fn rows_of_a_group_teach_each_other_nothing() {
    // Each value is a group of its own, so there is nothing that other groups say about it.
    let cells = many(3_000, 300, false);
    let groups = Division::Groups(cells.iter().map(|cell| cell.unwrap() as u32).collect());
    let answers = cells.iter().map(|cell| (cell.unwrap() % 5) as f64);
    let target = Target::Values(answers.collect());
    let train = table(vec![named(&cells)]);
    let case = Case {
        target: &target,
        ..Case::new(&train)
    };
    let spread = |told: &[f64]| told.iter().any(|value| (value - told[0]).abs() > 1e-9);
    assert!(spread(&values(&case.fit(FREE).1, 0)));
    let apart = Case {
        division: &groups,
        ..case
    };
    assert!(!spread(&values(&apart.fit(FREE).1, 0)));
}

#[test]
fn weights_count_and_their_scale_does_not() {
    let cells = many(3_000, 300, false);
    let first = shares(3_000);
    let Target::Classes { indices, .. } = &first else {
        return;
    };
    // Rows that weigh nothing say the opposite.
    let weights = (0..3_000)
        .map(|row| f64::from(u8::from(row % 3 != 0)))
        .collect::<Vec<_>>();
    let other = Target::Classes {
        indices: indices
            .iter()
            .zip(&weights)
            .map(|(&class, &weight)| if weight > 0.0 { class } else { 1 - class })
            .collect(),
        classes: 2,
    };
    let train = table(vec![named(&cells)]);
    let with = |target: &Target, weights: Option<&[f64]>| {
        let case = Case {
            target,
            weights,
            ..Case::new(&train)
        };
        format!(
            "{:?}",
            case.fit(ONE_HOT)
                .0
                .save()
                .f64s("target statistics")
                .unwrap()
        )
    };
    assert_eq!(with(&first, Some(&weights)), with(&other, Some(&weights)));
    assert_ne!(with(&first, None), with(&other, None));
    let huge = weights
        .iter()
        .map(|weight| weight * 2_f64.powi(1_000))
        .collect::<Vec<_>>();
    assert_eq!(with(&first, Some(&weights)), with(&first, Some(&huge)));
}

#[test]
fn of_many_classes_the_frequent_ones_have_a_column_each() {
    let cells = many(8_000, 300, false);
    let classes = |row: usize| {
        if row.is_multiple_of(2) {
            39
        } else {
            (draw(row as u64, 5) % 40) as u32
        }
    };
    let target = Target::Classes {
        indices: (0..8_000).map(classes).collect(),
        classes: 40,
    };
    let train = table(vec![named(&cells)]);
    let case = Case {
        target: &target,
        ..Case::new(&train)
    };
    let (fitted, features) = case.fit(FREE);
    assert_eq!(fitted.columns()[0].features.len(), 16);
    assert_eq!(features.columns()[15].name, "code target share of class 40");
    assert!(fitted.columns()[0].steps[1].ends_with("(for the 16 most frequent classes)"));
}

#[test]
fn the_same_whatever_the_threads() {
    let train = supervised::mixed(3_000);
    let target = shares(3_000);
    let of = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            [FREE, ONE_HOT].map(|needs| {
                let (fitted, features) = Case {
                    target: &target,
                    ..Case::new(&train)
                }
                .fit(needs);
                format!(
                    "{:?} {features:?} {:?}",
                    fitted.save(),
                    fitted.transform(&train)
                )
            })
        })
    };
    let one = of(1);
    assert_eq!(one, of(2));
    assert_eq!(one, of(7));
}

#[test]
fn saved_and_loaded_the_same_and_damage_is_refused() {
    let train = supervised::mixed(3_000);
    for needs in [FREE, ONE_HOT] {
        let (fitted, _) = Case::new(&train).fit(needs);
        let state = fitted.save();
        let loaded = Preparation::load(&state).unwrap();
        assert_eq!(loaded, fitted);
        let later = supervised::mixed(50);
        assert_eq!(
            format!("{:?}", loaded.transform(&later)),
            format!("{:?}", fitted.transform(&later))
        );
        let statistics = state.f64s("target statistics").unwrap().to_vec();
        let mut longer = statistics.clone();
        longer.push(0.0);
        let mut endless = statistics.clone();
        endless[3] = f64::NAN;
        for damaged in [statistics[1..].to_vec(), longer, endless, Vec::new()] {
            let mut state = state.clone();
            state
                .arrays
                .insert("target statistics".to_owned(), Array::F64(damaged));
            assert!(Preparation::load(&state).is_err());
        }
        let mut gone = state.clone();
        gone.arrays.remove("target statistics");
        assert!(Preparation::load(&gone).is_err());
        let text = serde_json::to_string(&state.meta).unwrap();
        for (from, to) in [
            (r#""view":{"target":0}"#, r#""view":{"target":1}"#),
            (r#""view":{"target":0}"#, r#""view":"value""#),
            (r#""view":{"bucket":5}"#, r#""view":{"bucket":6}"#),
            (r#""buckets":256"#, r#""buckets":127"#),
            (r#""buckets":256"#, r#""buckets":1024"#),
            (r#""buckets":256"#, r#""buckets":18446744073709551615"#),
            (
                r#""value 0001","value 0002""#,
                r#""value 0002","value 0001""#,
            ),
        ] {
            assert!(text.contains(from), "{from}");
            let mut state = state.clone();
            state.meta = serde_json::from_str(&text.replacen(from, to, 1)).unwrap();
            assert!(Preparation::load(&state).is_err(), "{from} → {to}");
        }
    }
    // Rare values may not be told apart as well.
    let train = table(vec![with_counts(&[
        ("a", 29_980),
        ("b", 10),
        ("c", 5),
        ("d", 5),
    ])]);
    let mut state = Case::new(&train).fit(ONE_HOT).0.save();
    let text = serde_json::to_string(&state.meta).unwrap();
    for (from, to) in [
        (r#"["c","d"]"#, r#"["a","d"]"#),
        (r#"["c","d"]"#, r#"["d","c"]"#),
    ] {
        assert!(text.contains(from), "{text}");
        state.meta = serde_json::from_str(&text.replacen(from, to, 1)).unwrap();
        assert!(Preparation::load(&state).is_err(), "{from} → {to}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn hostile_states_never_panic(
        place in 0.0_f64..1.0,
        byte in prop::sample::select(b"0123456789aelmnrstu\"{}[],:-".to_vec()),
        number in prop::num::f64::ANY,
        array in prop::sample::select(vec!["fill", "centre", "scale", "target statistics"]),
        one_hot: bool,
    ) {
        let train = supervised::mixed(1_200);
        let mut state = Case::new(&train).fit(if one_hot { ONE_HOT } else { FREE }).0.save();
        let mut text = serde_json::to_vec(&state.meta).unwrap();
        let position = (place * text.len() as f64) as usize;
        text[position] = byte;
        if let Ok(meta) = serde_json::from_slice(&text) {
            state.meta = meta;
        }
        if let Some(Array::F64(values)) = state.arrays.get_mut(array) {
            let position = (place * values.len() as f64) as usize;
            values[position] = number;
        }
        if let Ok(loaded) = Preparation::load(&state) {
            prop_assert_eq!(loaded.transform(&train).rows(), train.rows());
        }
    }

    #[test]
    fn any_target_gives_finite_features(
        answers in prop::collection::vec(prop_oneof![-1e300_f64..1e300, -1.0_f64..1.0, Just(0.0)], 600),
        weights in prop::collection::vec(prop_oneof![Just(0.0), 0.0_f64..1e3, 1e200_f64..1e300], 600),
        rows_a_value in 1_u64..3,
    ) {
        let cells = (0..600_u64).map(|row| Some(row / rows_a_value)).collect::<Vec<_>>();
        let train = table(vec![named(&cells)]);
        let target = Target::Values(answers);
        let case = Case { target: &target, weights: Some(&weights), ..Case::new(&train) };
        let (fitted, features) = case.fit(ONE_HOT);
        for column in 0..features.columns().len() {
            for values in [values(&features, column), values(&fitted.transform(&train), column)] {
                prop_assert!(values.iter().all(|value| value.is_finite()));
            }
        }
        prop_assert!(Preparation::load(&fitted.save()).is_ok());
    }
}
