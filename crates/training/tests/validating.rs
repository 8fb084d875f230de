//! Splits and cross-validation through the public functions: groups stay whole, time runs forward, old specs still read.
#![expect(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

#[path = "support/tables.rs"]
#[expect(dead_code, reason = "shared with other tests, which need more of it")]
mod tables;

use serde_json::json;
use tables::{moons, noise};
use trainyard_table::{Column, Kind, Table};
use trainyard_training::{
    FittedModel, SplitSpec, TrainContext, TrainError, TrainSpec, cross_validate, train,
};

/// Rows of 40 customers, each with a taste of its own that only the customer's name tells.
fn customers() -> Table {
    let rows = 400;
    let names: Vec<String> = (0..rows)
        .map(|row| format!("customer {}", row % 40))
        .collect();
    let answers = (0..rows).map(|row| {
        Some(if noise(row % 40, 7) > 0.0 {
            "yes"
        } else {
            "no"
        })
    });
    Table::new(vec![
        Column::strings(
            "customer",
            Kind::Category,
            names.iter().map(|name| Some(name.as_str())),
        ),
        Column::numbers(
            "size",
            Kind::Number,
            (0..rows).map(|row| Some(noise(row % 40, 8))),
            None,
        ),
        Column::numbers(
            "day",
            Kind::Date,
            (0..rows).map(|row| (row % 10 != 3).then_some((row / 4) as f64 * 86_400.0)),
            None,
        ),
        Column::strings("answer", Kind::Category, answers),
    ])
    .unwrap()
}

fn group() -> SplitSpec {
    SplitSpec::Group {
        column: "customer".to_owned(),
    }
}

fn time() -> SplitSpec {
    SplitSpec::Time {
        column: "day".to_owned(),
    }
}

fn spec(split: SplitSpec) -> TrainSpec {
    let mut spec = TrainSpec::new("answer", "decision_tree");
    spec.split = split;
    spec
}

#[test]
fn specs_without_a_split_still_read_and_are_written_as_before() {
    let old: TrainSpec =
        serde_json::from_value(json!({"target": "answer", "algorithm": "knn"})).unwrap();
    assert_eq!(old.split, SplitSpec::Random);
    assert!(serde_json::to_value(&old).unwrap().get("split").is_none());
    for (split, text) in [
        (group(), json!({"kind": "group", "column": "customer"})),
        (time(), json!({"kind": "time", "column": "day"})),
    ] {
        let spec = spec(split);
        assert_eq!(serde_json::to_value(&spec).unwrap()["split"], text);
        let read: TrainSpec = serde_json::from_value(serde_json::to_value(&spec).unwrap()).unwrap();
        assert_eq!(read, spec);
    }
    let random = json!({"target": "answer", "algorithm": "knn", "split": {"kind": "random"}});
    assert_eq!(serde_json::from_value::<TrainSpec>(random).unwrap(), old);
    let odd = json!({"target": "answer", "algorithm": "knn", "split": {"kind": "group"}});
    assert!(
        serde_json::from_value::<TrainSpec>(odd)
            .unwrap_err()
            .to_string()
            .contains("column")
    );
}

#[test]
fn a_group_split_shows_what_a_random_one_hides() {
    let table = customers();
    let context = TrainContext::silent();
    let random = train(&spec(SplitSpec::Random), &table, &context).unwrap();
    let grouped = train(&spec(group()), &table, &context).unwrap();
    // The same customers on both sides can be learned by heart; new ones cannot.
    assert!(random.report.metrics["accuracy"].value > 0.95);
    assert!(grouped.report.metrics["accuracy"].value < 0.8);
    assert_eq!(
        grouped.report.rows.test % 10,
        0,
        "whole customers of ten rows"
    );
    let columns: Vec<_> = grouped
        .report
        .preparation
        .iter()
        .map(|line| line.column.as_str())
        .collect();
    assert_eq!(columns, ["size", "day"]);
    let read = FittedModel::from_bytes(&grouped.model.to_bytes()).unwrap();
    assert_eq!(read.spec(), &spec(group()));
    // Every row of a customer is the same but for the day: none may stand on both sides.
    assert!(
        grouped
            .report
            .warnings
            .iter()
            .all(|warning| warning.code != "duplicates_across_split")
    );
}

#[test]
fn a_time_split_tests_the_latest_and_tells_of_rows_without_a_time() {
    let table = customers();
    let trained = train(&spec(time()), &table, &TrainContext::silent()).unwrap();
    assert_eq!(trained.report.rows.train + trained.report.rows.test, 360);
    assert!(
        (68..=76).contains(&trained.report.rows.test),
        "{:?}",
        trained.report.rows
    );
    let warning = trained
        .report
        .warnings
        .iter()
        .find(|warning| warning.code == "rows_without_time")
        .unwrap();
    assert!(
        warning.detail.starts_with("40 rows have no value in 'day'"),
        "{}",
        warning.detail
    );
    assert_eq!(warning.column.as_deref(), Some("day"));
    let used: Vec<_> = trained
        .report
        .preparation
        .iter()
        .filter(|line| line.used)
        .map(|line| line.column.as_str())
        .collect();
    assert!(used.contains(&"day"), "the time stays a feature: {used:?}");
}

#[test]
fn the_race_and_the_folds_obey_the_split() {
    let table = customers();
    for split in [group(), time()] {
        let mut spec = spec(split);
        spec.algorithm = "auto".to_owned();
        spec.effort = trainyard_training::Effort::Quick;
        spec.folds = 3;
        let trained = train(&spec, &table, &TrainContext::silent()).unwrap();
        if spec.split == group() {
            let best = trained
                .report
                .contenders
                .iter()
                .find(|contender| contender.chosen)
                .unwrap();
            assert!(
                best.value.unwrap() < 0.85,
                "a contender knew the customers: {best:?}"
            );
            assert!(trained.report.folds.unwrap().metrics["accuracy"].mean < 0.85);
        } else {
            assert_eq!(trained.report.folds.unwrap().count, 3);
        }
    }
}

#[test]
fn cross_validation_reports_every_metric_fold_by_fold() {
    let table = moons(200);
    let context = TrainContext::silent();
    let tree = TrainSpec::new("answer", "decision_tree");
    let result = cross_validate(&table, &tree, 4, &context).unwrap();
    assert_eq!(result.folds.len(), 4);
    assert!(
        result
            .folds
            .iter()
            .all(|rows| rows.test == 50 && rows.train == 150)
    );
    let accuracy = &result.metrics["accuracy"];
    assert_eq!(accuracy.values.len(), 4);
    let mean = accuracy.values.iter().sum::<f64>() / 4.0;
    assert!((accuracy.mean - mean).abs() < 1e-12 && accuracy.std > 0.0);
    for name in [
        "balanced_accuracy",
        "f1_macro",
        "log_loss",
        "roc_auc",
        "brier",
        "mcc",
    ] {
        assert!(result.metrics.contains_key(name), "{name}");
    }
    let dummy = cross_validate(&table, &TrainSpec::new("answer", "dummy"), 4, &context).unwrap();
    assert!(accuracy.mean > dummy.metrics["accuracy"].mean + 0.2);
    assert_eq!(result, cross_validate(&table, &tree, 4, &context).unwrap());

    let customers = customers();
    let by_time = cross_validate(&customers, &spec(time()), 3, &context).unwrap();
    let growing: Vec<_> = by_time.folds.iter().map(|rows| rows.train).collect();
    assert!(
        growing.windows(2).all(|pair| pair[0] < pair[1]),
        "{growing:?}"
    );
    let by_group = cross_validate(&customers, &spec(group()), 4, &context).unwrap();
    assert!(by_group.folds.iter().all(|rows| rows.test == 100));
}

fn pointers(spec: &TrainSpec, table: &Table) -> Vec<(String, String)> {
    let problems = spec.check(table.schema(), table.rows()).unwrap_err();
    problems
        .into_iter()
        .map(|problem| (problem.pointer, problem.detail))
        .collect()
}

#[test]
fn wrong_splits_are_refused_with_the_column_named() {
    let table = customers();
    let context = TrainContext::silent();
    for (split, words) in [
        (
            SplitSpec::Group {
                column: "client".to_owned(),
            },
            "there is no column 'client'; columns are customer",
        ),
        (
            SplitSpec::Group {
                column: "answer".to_owned(),
            },
            "'answer' is the target",
        ),
        (
            SplitSpec::Time {
                column: "customer".to_owned(),
            },
            "'customer' holds words",
        ),
    ] {
        let found = pointers(&spec(split), &table);
        assert_eq!((found.len(), found[0].0.as_str()), (1, "/split/column"));
        assert!(found[0].1.contains(words), "{}", found[0].1);
    }
    let mut both = spec(group());
    both.features = Some(vec!["size".to_owned(), "customer".to_owned()]);
    assert!(
        pointers(&both, &table)[0]
            .1
            .contains("take it out of the features")
    );
    assert!(spec(group()).check(table.schema(), table.rows()).is_ok());

    let many = cross_validate(&table, &spec(group()), 1, &context).unwrap_err();
    assert!(
        matches!(&many, TrainError::Spec(problems) if problems[0].pointer == "/folds"),
        "{many:?}"
    );
    let auto = cross_validate(&table, &TrainSpec::new("answer", "auto"), 3, &context).unwrap_err();
    assert!(
        matches!(&auto, TrainError::Spec(problems) if problems[0].pointer == "/algorithm"),
        "{auto:?}"
    );
}

/// Fifty days; from some day on, the answer is yes on every third.
fn days(first_yes: i32) -> Table {
    let rows = 50;
    Table::new(vec![
        Column::numbers(
            "day",
            Kind::Date,
            (0..rows).map(|row| Some(f64::from(row))),
            None,
        ),
        Column::numbers(
            "size",
            Kind::Number,
            (0..rows).map(|row| Some(noise(row as usize, 1))),
            None,
        ),
        Column::strings(
            "answer",
            Kind::Category,
            (0..rows).map(|row| {
                Some(if row >= first_yes && row % 3 == 0 {
                    "yes"
                } else {
                    "no"
                })
            }),
        ),
    ])
    .unwrap()
}

#[test]
fn a_past_of_one_class_is_refused_or_left_out() {
    let context = TrainContext::silent();
    match train(&spec(time()), &days(42), &context).unwrap_err() {
        TrainError::Data(detail) => {
            assert!(
                detail.contains("has the class 'no'") && detail.contains("'day'"),
                "{detail}"
            );
        }
        other => panic!("{other:?}"),
    }
    // The first of three folds has seen no "yes" yet.
    let late = cross_validate(&days(20), &spec(time()), 3, &context).unwrap();
    let learned: Vec<_> = late.folds.iter().map(|rows| rows.train).collect();
    assert_eq!(learned, [25, 37]);
    let none = cross_validate(&days(45), &spec(time()), 3, &context).unwrap_err();
    assert!(
        none.to_string()
            .contains("of one class in each; use fewer folds"),
        "{none}"
    );
    let mut race = spec(time());
    race.algorithm = "auto".to_owned();
    assert!(train(&race, &days(14), &context).is_ok());
}
