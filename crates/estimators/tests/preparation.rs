//! Preparation and target: what happens to each kind of column, and properties that hold for any table.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "support/tables.rs"]
mod tables;

use proptest::prelude::*;
use tables::{booleans, numbers, strings, table};
use trainyard_estimators::features::MISSING_CODE;
use trainyard_estimators::preparation::{Preparation, PreparationOptions, Supervision};
use trainyard_estimators::split::Division;
use trainyard_estimators::target::{TargetEncoder, decide_task};
use trainyard_estimators::{FeatureValues, Features, FitError, Needs, Target, Task};
use trainyard_table::{Column, Kind, Table};

const LINEAR: Needs = Needs {
    scaling: true,
    imputation: true,
};
const IMPUTED: Needs = Needs {
    scaling: false,
    imputation: true,
};
const TREE: Needs = Needs {
    scaling: false,
    imputation: false,
};

fn fit(table: &Table, needs: Needs) -> Preparation {
    fit_with(table, &names(table), &PreparationOptions::new(needs)).unwrap()
}

/// A preparation that has no use for the target.
fn fit_with(
    table: &Table,
    names: &[String],
    options: &PreparationOptions,
) -> Result<Preparation, FitError> {
    let target = Target::Values((0..table.rows()).map(|row| row as f64).collect());
    let supervision = Supervision {
        target: &target,
        weights: None,
        division: &Division::Stratified,
        seed: 1,
    };
    let (fitted, features) = Preparation::fit_transform(table, names, supervision, options)?;
    // Bits, so that missing values count as equal.
    assert_eq!(
        format!("{features:?}"),
        format!("{:?}", fitted.transform(table))
    );
    Ok(fitted)
}

fn names(table: &Table) -> Vec<String> {
    table
        .columns()
        .iter()
        .map(|column| column.name().to_owned())
        .collect()
}

fn numeric<'a>(features: &'a Features, name: &str) -> &'a [f64] {
    match &features
        .columns()
        .iter()
        .find(|feature| feature.name == name)
        .unwrap()
        .values
    {
        FeatureValues::Numeric(values) => values,
        FeatureValues::Categorical { .. } => panic!("{name} is categorical"),
    }
}

fn codes<'a>(features: &'a Features, name: &str) -> (&'a [u32], u32) {
    match &features
        .columns()
        .iter()
        .find(|feature| feature.name == name)
        .unwrap()
        .values
    {
        FeatureValues::Categorical { codes, levels } => (codes, *levels),
        FeatureValues::Numeric(_) => panic!("{name} is numeric"),
    }
}

#[test]
fn missing_numbers_are_filled_with_the_median_and_marked() {
    let train = table(vec![numbers(
        "age",
        Kind::Number,
        &[Some(20.0), None, Some(40.0), Some(90.0), Some(30.0)],
    )]);
    let fitted = fit(&train, IMPUTED);
    let features = fitted.transform(&train);
    // The median of 20, 30, 40, 90 is 35.
    assert_eq!(numeric(&features, "age"), [20.0, 35.0, 40.0, 90.0, 30.0]);
    assert_eq!(numeric(&features, "age missing"), [0.0, 1.0, 0.0, 0.0, 0.0]);
    let column = &fitted.columns()[0];
    assert_eq!(column.features, [0, 1]);
    assert_eq!(
        column.steps,
        [
            "missing (1 row) filled with the median 35",
            "a column marks where it was missing"
        ]
    );
    // Trees take missing values as they are.
    let tree = fit(&train, TREE).transform(&train);
    assert!(numeric(&tree, "age")[1].is_nan());
    assert_eq!(tree.columns().len(), 1);
}

#[test]
fn nothing_missing_in_training_needs_no_mark_but_is_still_filled_later() {
    let fitted = fit(
        &table(vec![numbers(
            "age",
            Kind::Integer,
            &[Some(1.0), Some(2.0), Some(9.0)],
        )]),
        IMPUTED,
    );
    let later = fitted.transform(&table(vec![numbers(
        "age",
        Kind::Integer,
        &[None, Some(f64::INFINITY)],
    )]));
    assert_eq!(later.columns().len(), 1);
    assert_eq!(numeric(&later, "age"), [2.0, 2.0]);
    assert_eq!(fitted.columns()[0].steps, ["used as it is"]);
}

#[test]
fn scaled_numbers_have_mean_zero_and_variance_one() {
    let train = table(vec![
        numbers(
            "size",
            Kind::Number,
            &[Some(1.0), Some(2.0), Some(3.0), Some(6.0)],
        ),
        numbers(
            "huge",
            Kind::Number,
            &[Some(1e300), Some(-1e300), Some(1e300), Some(-1e300)],
        ),
        numbers("half", Kind::Number, &[Some(7.0), None, Some(7.0), None]),
    ]);
    let features = fit(&train, LINEAR).transform(&train);
    for name in ["size", "huge"] {
        let values = numeric(&features, name);
        let mean = values.iter().sum::<f64>() / 4.0;
        let variance = values.iter().map(|value| value * value).sum::<f64>() / 4.0;
        assert!(
            mean.abs() < 1e-12 && (variance - 1.0).abs() < 1e-12,
            "{name}: {values:?}"
        );
    }
    // Constant once it is filled: centred, never divided by zero.
    assert_eq!(numeric(&features, "half"), [0.0; 4]);
    assert_eq!(numeric(&features, "half missing"), [0.0, 1.0, 0.0, 1.0]);
}

#[test]
fn booleans_become_zero_and_one_as_far_apart_as_two_categories() {
    let train = table(vec![booleans(
        "member",
        ["no", "yes"],
        &[Some(true), Some(false), None, Some(true)],
    )]);
    let fitted = fit(&train, LINEAR);
    let features = fitted.transform(&train);
    let apart = 2.0_f64.sqrt();
    for (value, wanted) in numeric(&features, "member")
        .iter()
        .zip([1.0, 0.0, 1.0, 1.0])
    {
        assert!((value - wanted * apart).abs() < 1e-15, "{value}");
    }
    assert_eq!(numeric(&features, "member missing"), [0.0, 0.0, 1.0, 0.0]);
    let unscaled = fit(&train, IMPUTED).transform(&train);
    assert_eq!(numeric(&unscaled, "member"), [1.0, 0.0, 1.0, 1.0]);
    assert_eq!(
        fitted.columns()[0].steps[0],
        "missing (1 row) filled with 'yes', the more frequent value"
    );
    assert_eq!(fitted.columns()[0].steps[1], "'no' is 0, 'yes' is 1");
}

#[test]
fn dates_fall_into_the_parts_that_vary() {
    let day = 86_400.0;
    // 2024-01-01 (Monday) to 2024-01-03: neither year nor month nor hour varies.
    let start = 1_704_067_200.0;
    let train = table(vec![numbers(
        "when",
        Kind::Date,
        &[
            Some(start),
            Some(start + day),
            None,
            Some(start + 2.0 * day),
        ],
    )]);
    let fitted = fit(&train, IMPUTED);
    let features = fitted.transform(&train);
    let made = features
        .columns()
        .iter()
        .map(|feature| feature.name.as_str())
        .collect::<Vec<_>>();
    assert_eq!(
        made,
        [
            "when day of month",
            "when weekday",
            "when day of year",
            "when elapsed days",
            "when missing"
        ]
    );
    assert_eq!(numeric(&features, "when weekday"), [1.0, 2.0, 2.0, 3.0]);
    assert_eq!(numeric(&features, "when elapsed days")[0], start / day);
    assert_eq!(fitted.columns()[0].features, [0, 1, 2, 3, 4]);
    assert_eq!(
        fitted.columns()[0].steps[0],
        "split into day of month, weekday, day of year, elapsed days"
    );
    let hours = table(vec![numbers(
        "when",
        Kind::Date,
        &[Some(start), Some(start + 7200.0)],
    )]);
    let features = fit(&hours, TREE).transform(&hours);
    assert_eq!(numeric(&features, "when hour"), [0.0, 2.0]);
}

#[test]
fn categories_become_codes_in_sorted_order() {
    let train = table(vec![strings(
        "port",
        Kind::Category,
        &[Some("s"), Some("c"), None, Some("q"), Some("s")],
    )]);
    let linear = fit(&train, LINEAR);
    assert_eq!(
        codes(&linear.transform(&train), "port"),
        (&[2, 0, 3, 1, 2][..], 4)
    );
    assert_eq!(
        linear.columns()[0].steps,
        [
            "one column per value (3 values)",
            "missing (1 row) is a value of its own"
        ]
    );
    let tree = fit(&train, TREE);
    assert_eq!(
        codes(&tree.transform(&train), "port"),
        (&[2, 0, MISSING_CODE, 1, 2][..], 3)
    );
    // A value never seen is no level at all, whatever the needs.
    let later = table(vec![strings(
        "port",
        Kind::Category,
        &[Some("zzz"), Some("q"), None],
    )]);
    assert_eq!(
        codes(&linear.transform(&later), "port"),
        (&[MISSING_CODE, 1, 3][..], 4)
    );
    assert_eq!(
        codes(&tree.transform(&later), "port").0,
        [MISSING_CODE, 1, MISSING_CODE]
    );
    assert!(
        linear.knows("port", "q") && !linear.knows("port", "zzz") && linear.knows("other", "zzz")
    );
}

#[test]
fn only_the_most_frequent_values_are_told_apart() {
    let train = table(vec![strings(
        "city",
        Kind::Category,
        &[
            Some("b"),
            Some("a"),
            Some("b"),
            Some("c"),
            Some("c"),
            Some("d"),
        ],
    )]);
    let options = PreparationOptions {
        max_categories: 2,
        ..PreparationOptions::new(LINEAR)
    };
    let fitted = fit_with(&train, &names(&train), &options).unwrap();
    assert_eq!(
        codes(&fitted.transform(&train), "city"),
        (&[0, MISSING_CODE, 0, 1, 1, MISSING_CODE][..], 2)
    );
    assert_eq!(
        fitted.columns()[0].note.as_deref(),
        Some(
            "only the 2 most frequent of 4 values are told apart; the others (2 rows) count as unknown"
        )
    );
}

#[test]
fn columns_that_cannot_help_are_left_out_with_a_note() {
    let ids = ["a1", "a2", "a3"].map(Some);
    let train = table(vec![
        strings("id", Kind::Identifier, &ids),
        numbers("five", Kind::Integer, &[Some(5.0); 3]),
        numbers("nothing", Kind::Number, &[None; 3]),
        strings("nobody", Kind::Category, &[None; 3]),
        strings("country", Kind::Category, &[Some("de"); 3]),
        strings(
            "story",
            Kind::Text,
            &[Some("once"), Some("upon"), Some("a time")],
        ),
        numbers("size", Kind::Number, &[Some(1.0), Some(2.0), Some(3.0)]),
        numbers("secret", Kind::Number, &[Some(1.0), Some(2.0), Some(3.0)]),
    ]);
    let mut options = PreparationOptions::new(LINEAR);
    options
        .exclude
        .insert("secret".to_owned(), "not allowed".to_owned());
    let fitted = fit_with(&train, &names(&train), &options).unwrap();
    let used = fitted
        .columns()
        .iter()
        .map(|column| column.used)
        .collect::<Vec<_>>();
    assert_eq!(
        used,
        [false, false, false, false, false, false, true, false]
    );
    let notes = fitted
        .columns()
        .iter()
        .filter_map(|column| column.note.as_deref())
        .collect::<Vec<_>>();
    assert_eq!(
        notes,
        [
            "left out: an identifier names a row and says nothing about others",
            "left out: always 5",
            "left out: empty in every training row",
            "left out: empty in every training row",
            "left out: always 'de'",
            "left out: free text that reads like names, not like sentences (3 different values in 3 rows); name the column explicitly to use it",
            "not allowed",
        ]
    );
    // Asked for by name, they are used.
    options.chosen = ["id", "story"].map(str::to_owned).into();
    let fitted = fit_with(&train, &names(&train), &options).unwrap();
    assert!(fitted.columns()[0].used && fitted.columns()[5].used);
    let numbered = table(vec![strings(
        "id",
        Kind::Identifier,
        &[Some("10"), Some("7"), Some("8")],
    )]);
    let fitted = fit_with(
        &numbered,
        &names(&numbered),
        &PreparationOptions {
            needs: TREE,
            ..options
        },
    )
    .unwrap();
    assert_eq!(
        numeric(&fitted.transform(&numbered), "id"),
        [10.0, 7.0, 8.0]
    );
}

#[test]
fn text_with_few_values_is_a_category() {
    let cells = ["good", "bad"]
        .repeat(20)
        .into_iter()
        .map(Some)
        .collect::<Vec<_>>();
    let fitted = fit(&table(vec![strings("mood", Kind::Text, &cells)]), LINEAR);
    assert_eq!(
        fitted.columns()[0].note.as_deref(),
        Some("text with few different values, used as a category")
    );
}

#[test]
fn nothing_usable_and_unknown_columns_say_so() {
    let train = table(vec![numbers("five", Kind::Integer, &[Some(5.0); 3])]);
    let options = PreparationOptions::new(LINEAR);
    let error = fit_with(&train, &names(&train), &options).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no column is left to learn from: 'five' is left out (left out: always 5); choose other columns"
    );
    let error = fit_with(&train, &["six".to_owned()], &options).unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no column 'six'; the table has five"
    );
}

#[test]
fn feature_names_stay_unique() {
    let train = table(vec![
        numbers("age", Kind::Number, &[Some(1.0), None, Some(3.0)]),
        numbers(
            "age missing",
            Kind::Number,
            &[Some(1.0), Some(2.0), Some(3.0)],
        ),
    ]);
    let features = fit(&train, LINEAR).transform(&train);
    let made = features
        .columns()
        .iter()
        .map(|feature| feature.name.as_str())
        .collect::<Vec<_>>();
    assert_eq!(made, ["age", "age missing", "age missing (2)"]);
}

#[test]
fn damaged_states_are_refused() {
    let train = table(vec![
        numbers("age", Kind::Number, &[Some(1.0), None, Some(3.0)]),
        strings("port", Kind::Category, &[Some("a"), Some("b"), Some("a")]),
    ]);
    let state = fit(&train, LINEAR).save();
    assert!(Preparation::load(&state).is_ok());
    let mut short = state.clone();
    short.arrays.insert(
        "scale".to_owned(),
        trainyard_estimators::Array::F64(vec![1.0]),
    );
    assert!(Preparation::load(&short).is_err());
    let mut zero = state.clone();
    zero.arrays.insert(
        "scale".to_owned(),
        trainyard_estimators::Array::F64(vec![0.0; 3]),
    );
    assert!(Preparation::load(&zero).is_err());
    let text = serde_json::to_string(&state.meta).unwrap();
    for (from, to) in [
        (r#"["a","b"]"#, r#"["b","a"]"#),
        (r#"["a","b"]"#, "[]"),
        (r#""view":"code""#, r#""view":"value""#),
        (r#""view":"missing""#, r#""view":"code""#),
    ] {
        let mut bad = state.clone();
        assert!(text.contains(from), "{text}");
        bad.meta = serde_json::from_str(&text.replace(from, to)).unwrap();
        assert!(Preparation::load(&bad).is_err(), "{from} → {to}");
    }
}

fn classes(column: &Column) -> Vec<String> {
    TargetEncoder::fit(column, Task::Classification)
        .unwrap()
        .class_labels()
        .unwrap()
        .to_vec()
}

#[test]
fn classes_are_in_sorted_order() {
    assert_eq!(
        classes(&booleans("t", ["no", "yes"], &[Some(true), Some(false)])),
        ["no", "yes"]
    );
    assert_eq!(
        classes(&numbers(
            "t",
            Kind::Integer,
            &[Some(10.0), Some(9.0), Some(-1.0)]
        )),
        ["-1", "9", "10"]
    );
    assert_eq!(
        classes(&strings(
            "t",
            Kind::Category,
            &[Some("b"), Some("a"), Some("B")]
        )),
        ["B", "a", "b"]
    );
}

#[test]
fn rows_without_a_target_are_left_out() {
    let column = strings(
        "t",
        Kind::Category,
        &[Some("b"), None, Some("a"), Some("b")],
    );
    let encoder = TargetEncoder::fit(&column, Task::Classification).unwrap();
    let (target, rows) = encoder.encode(&column).unwrap();
    assert_eq!(
        target,
        Target::Classes {
            indices: vec![1, 0, 1],
            classes: 2
        }
    );
    assert_eq!(rows, [0, 2, 3]);
    assert_eq!(encoder.single_row_classes(), ["a"]);
    let column = numbers("t", Kind::Number, &[Some(1.5), None, Some(2.5)]);
    let (target, rows) = TargetEncoder::fit(&column, Task::Regression)
        .unwrap()
        .encode(&column)
        .unwrap();
    assert_eq!((target, rows), (Target::Values(vec![1.5, 2.5]), vec![0, 2]));
}

#[test]
fn the_task_follows_the_column() {
    let few = (0..50)
        .map(|row| Some(f64::from(row % 10)))
        .collect::<Vec<_>>();
    let many = (0..50)
        .map(|row| Some(f64::from(row % 11)))
        .collect::<Vec<_>>();
    assert_eq!(
        decide_task(&numbers("t", Kind::Integer, &few)),
        Task::Classification
    );
    assert_eq!(
        decide_task(&numbers("t", Kind::Integer, &many)),
        Task::Regression
    );
    assert_eq!(
        decide_task(&numbers("t", Kind::Number, &[Some(0.5), Some(1.0)])),
        Task::Regression
    );
    assert_eq!(
        decide_task(&booleans("t", ["no", "yes"], &[Some(true)])),
        Task::Classification
    );
    assert_eq!(
        decide_task(&strings("t", Kind::Category, &[Some("a")])),
        Task::Classification
    );
    assert_eq!(
        decide_task(&strings("t", Kind::Identifier, &[Some("12"), Some("3.5")])),
        Task::Regression
    );
}

#[test]
fn targets_that_cannot_be_learned_say_why() {
    let say = |column: Column, task| TargetEncoder::fit(&column, task).unwrap_err().to_string();
    let empty = say(numbers("t", Kind::Number, &[None, None]), Task::Regression);
    assert_eq!(
        empty,
        "the target column 't' is empty in every row; choose another target or fill it in"
    );
    assert_eq!(
        say(strings("t", Kind::Category, &[None]), Task::Classification),
        empty
    );
    assert!(
        say(
            numbers("t", Kind::Number, &[Some(2.5), Some(2.5)]),
            Task::Regression
        )
        .starts_with("every row has the value 2.5")
    );
    assert!(
        say(
            strings("t", Kind::Category, &[Some("a"), None, Some("a")]),
            Task::Classification
        )
        .starts_with("every row has the value 'a'")
    );
    assert_eq!(
        say(
            strings("t", Kind::Text, &[Some("1"), Some("two")]),
            Task::Regression
        ),
        "row 2 of the target column 't' is 'two', which is not a number; choose classification, or another target"
    );
    assert!(
        say(
            numbers("t", Kind::Date, &[Some(0.0), Some(86_400.0)]),
            Task::Regression
        )
        .contains("holds dates")
    );
    let values = (0..30)
        .map(|row| Some(f64::from(row) + 0.5))
        .collect::<Vec<_>>();
    assert!(
        say(numbers("t", Kind::Number, &values), Task::Classification)
            .contains("30 different values in 30 rows")
    );
}

fn any_table() -> impl Strategy<Value = Table> {
    prop::collection::vec(
        (
            prop::option::of(prop_oneof![
                -1e6_f64..1e6,
                Just(0.0),
                Just(1e300),
                -3.0_f64..3.0
            ]),
            prop::option::of(0_usize..5),
            prop::option::of(any::<bool>()),
            prop::option::of(-1e9_f64..3e9),
        ),
        2..40,
    )
    .prop_map(|rows| {
        let words = ["red", "green", "blue", "", "très"];
        let pick = rows
            .iter()
            .map(|row| row.1.map(|word| words[word]))
            .collect::<Vec<_>>();
        table(vec![
            numbers(
                "number",
                Kind::Number,
                &rows.iter().map(|row| row.0).collect::<Vec<_>>(),
            ),
            strings("word", Kind::Category, &pick),
            booleans(
                "flag",
                ["no", "yes"],
                &rows.iter().map(|row| row.2).collect::<Vec<_>>(),
            ),
            numbers(
                "date",
                Kind::Date,
                &rows.iter().map(|row| row.3).collect::<Vec<_>>(),
            ),
        ])
    })
}

proptest! {
    #[test]
    fn imputed_training_rows_have_no_gap(train in any_table(), scaling: bool) {
        let options = PreparationOptions::new(Needs { scaling, imputation: true });
        match fit_with(&train, &names(&train), &options) {
            Err(error) => prop_assert!(matches!(error, FitError::Data(_))),
            Ok(fitted) => {
                for feature in fitted.transform(&train).columns() {
                    match &feature.values {
                        FeatureValues::Numeric(values) => prop_assert!(values.iter().all(|value| value.is_finite()), "{:?}", feature),
                        FeatureValues::Categorical { codes, levels } => prop_assert!(codes.iter().all(|code| code < levels), "{:?}", feature),
                    }
                }
            }
        }
    }

    #[test]
    fn saved_and_loaded_it_prepares_the_same(train in any_table(), later in any_table(), scaling: bool, imputation: bool) {
        let options = PreparationOptions::new(Needs { scaling, imputation });
        if let Ok(fitted) = fit_with(&train, &names(&train), &options) {
            let loaded = Preparation::load(&fitted.save()).unwrap();
            prop_assert_eq!(loaded.save(), fitted.save());
            let (first, second) = (fitted.transform(&later), loaded.transform(&later));
            prop_assert_eq!(format!("{first:?}"), format!("{second:?}"));
            // Columns are found by name, not by place; one that is gone is missing.
            let mut order = names(&later);
            order.reverse();
            let turned = table(order.iter().map(|name| later.column(name).unwrap().clone()).collect());
            prop_assert_eq!(format!("{:?}", fitted.transform(&turned)), format!("{first:?}"));
            let rows = later.rows();
            let alone = fitted.transform(&table(vec![numbers("other", Kind::Number, &vec![None; rows])]));
            prop_assert_eq!(alone.rows(), rows);
        }
    }

    #[test]
    fn hostile_states_never_panic(
        train in any_table(),
        place in 0.0_f64..1.0,
        byte in prop::sample::select(b"0123456789aelmnrstu\"{}[],:".to_vec()),
        number in prop::num::f64::ANY,
        array in prop::sample::select(vec!["fill", "centre", "scale"]),
    ) {
        if let Ok(fitted) = fit_with(&train, &names(&train), &PreparationOptions::new(LINEAR)) {
            let mut state = fitted.save();
            let mut text = serde_json::to_vec(&state.meta).unwrap();
            let position = (place * text.len() as f64) as usize;
            text[position] = byte;
            if let Ok(meta) = serde_json::from_slice(&text) {
                state.meta = meta;
            }
            if let Some(trainyard_estimators::Array::F64(values)) = state.arrays.get_mut(array) {
                let position = (place * values.len() as f64) as usize;
                values[position] = number;
            }
            if let Ok(loaded) = Preparation::load(&state) {
                let features = loaded.transform(&train);
                prop_assert_eq!(features.rows(), train.rows());
                for feature in features.columns() {
                    if let FeatureValues::Numeric(values) = &feature.values {
                        prop_assert!(values.iter().all(|value| value.is_finite()), "{:?}", feature);
                    }
                }
            }
        }
    }

    #[test]
    fn one_row_at_a_time_is_all_rows_at_once(train in any_table()) {
        let options = PreparationOptions::new(LINEAR);
        if let Ok(fitted) = fit_with(&train, &names(&train), &options) {
            let whole = fitted.transform(&train);
            for row in 0..train.rows() {
                prop_assert_eq!(fitted.transform(&train.take(&[row])), whole.take(&[row]));
            }
        }
    }
}
