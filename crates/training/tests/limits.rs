//! What is too much is refused by the profile alone, with the estimate and a way out.
#![expect(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

#[path = "support/asking.rs"]
#[expect(dead_code, reason = "shared with other tests, which need more of it")]
mod asking;
#[path = "support/tables.rs"]
#[expect(dead_code, reason = "shared with other tests, which need more of it")]
mod tables;

use asking::{object, spec};
use serde_json::json;
use tables::{moons, waves};
use trainyard_table::{Profile, profile};
use trainyard_training::{Limits, SearchSpec, SplitSpec, TrainSpec};

/// A profile of a table that is so many times as long, with so many columns more that are like its first.
fn long(table: &trainyard_table::Table, rows: usize, more: usize) -> Profile {
    let mut told = profile(table, Some("answer"));
    told.rows = rows;
    let first = told.columns[0].clone();
    told.columns.extend((0..more).map(|number| {
        let mut own = first.clone();
        own.name = format!("more {number}");
        own
    }));
    told
}

fn refused(spec: &TrainSpec, profile: &Profile, limits: Limits) -> String {
    let found = spec.check_limits(profile, limits);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].pointer, "/algorithm");
    found[0].detail.clone()
}

#[test]
fn a_support_vector_machine_on_millions_of_rows_is_refused_with_its_estimate() {
    let large = long(&moons(200), 2_500_000, 18);
    let said = refused(&spec("svm"), &large, Limits::default());
    let beginning = "support vector machine on 2,000,000 rows would take about ";
    assert!(said.starts_with(beginning), "{said}");
    assert!(
        said.contains(" hours and ") && said.contains(" GB ("),
        "{said}"
    );
    assert!(
        said.ends_with(
            "(the limit is 6 hours); use gradient boosting, logistic regression, or fewer rows"
        ),
        "{said}"
    );
    let numbers = long(&waves(200), 2_500_000, 18);
    let said = refused(&spec("svm"), &numbers, Limits::default());
    assert!(
        said.ends_with("use gradient boosting, linear regression, or fewer rows"),
        "{said}"
    );
}

#[test]
fn sizes_that_are_common_are_let_through() {
    for (table, algorithms) in [
        (
            moons(200),
            &[
                "dummy",
                "logistic_regression",
                "knn",
                "decision_tree",
                "random_forest",
                "extra_trees",
                "gradient_boosting",
                "svm",
                "neural_net",
                "auto",
            ][..],
        ),
        (waves(200), &["linear_regression", "random_forest", "svm"]),
    ] {
        let told = long(&table, 20_000, 20);
        for name in algorithms {
            let limits = Limits {
                memory: 4 << 30,
                ..Limits::default()
            };
            assert_eq!(spec(name).check_limits(&told, limits), [], "{name}");
        }
    }
    let large = long(&moons(200), 1_000_000, 20);
    for name in ["gradient_boosting", "logistic_regression", "decision_tree"] {
        assert_eq!(spec(name).check_limits(&large, Limits::default()), []);
    }
}

#[test]
fn neighbours_are_refused_where_they_fill_the_memory() {
    let told = long(&moons(200), 3_000_000, 200);
    let small = Limits {
        memory: 1 << 30,
        ..Limits::default()
    };
    let said = refused(&spec("knn"), &told, small);
    assert!(said.starts_with("nearest neighbours on 2,400,000 rows would take about "));
    assert!(said.contains("1.1 GB"), "{said}");
    let roomy = Limits {
        memory: usize::MAX,
        seconds: f64::INFINITY,
    };
    assert_eq!(spec("knn").check_limits(&told, roomy), []);
}

#[test]
fn only_what_would_fit_is_offered() {
    let told = long(&moons(200), 2_500_000, 18);
    let nothing = Limits {
        memory: 1000,
        seconds: 1e-6,
    };
    let said = refused(&spec("svm"), &told, nothing);
    assert!(
        said.ends_with("(the limit is 1 second and 1,000 bytes); use fewer rows"),
        "{said}"
    );
}

#[test]
fn folds_and_trials_count() {
    let told = long(&moons(200), 40_000, 18);
    let one = spec("svm");
    let cost = one.cost(&told).unwrap().seconds;
    let folded = TrainSpec {
        folds: 5,
        ..one.clone()
    };
    let with_folds = folded.cost(&told).unwrap().seconds;
    assert!(with_folds > 4.0 * cost && with_folds < 8.0 * cost);
    let mut searching = TrainSpec {
        search: Some(SearchSpec {
            trials: 100,
            folds: 3,
            ..SearchSpec::default()
        }),
        ..one
    };
    assert!(searching.cost(&told).unwrap().seconds > 100.0 * cost);
    let limits = Limits {
        seconds: 20.0 * cost,
        ..Limits::default()
    };
    let said = refused(&searching, &told, limits);
    assert!(
        said.ends_with("fewer folds and trials, or fewer rows"),
        "{said}"
    );
    // A search that stops by the clock takes no longer than that.
    searching.search.as_mut().unwrap().seconds = Some(cost);
    assert_eq!(searching.check_limits(&told, limits), []);
}

#[test]
fn parameters_count() {
    let told = long(&moons(200), 150_000, 18);
    let plain = spec("svm");
    let quick = TrainSpec {
        params: object(json!({"probability": false})),
        ..plain.clone()
    };
    let (plain, quick) = (plain.cost(&told).unwrap(), quick.cost(&told).unwrap());
    assert!(plain.seconds > 2.0 * quick.seconds);
}

#[test]
fn more_than_ten_thousand_classes_are_refused() {
    let mut told = long(&moons(200), 100_000, 0);
    let target = told
        .columns
        .iter_mut()
        .find(|own| own.name == "answer")
        .unwrap();
    target.distinct = 10_001;
    for name in ["auto", "gradient_boosting", "dummy"] {
        let found = spec(name).check_limits(&told, Limits::default());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].pointer, "/target");
        assert_eq!(
            found[0].detail,
            "'answer' has 10,001 different values, and at most 10,000 classes can be told apart; \
             choose another target, or group its rare values"
        );
    }
    told.columns
        .iter_mut()
        .find(|own| own.name == "answer")
        .unwrap()
        .distinct = 10_000;
    assert_eq!(spec("auto").check_limits(&told, Limits::default()), []);
}

#[test]
fn the_sizes_are_those_of_what_is_learned_from() {
    let told = long(&moons(200), 1_000, 3);
    let all = spec("svm").shape(&told).unwrap();
    assert_eq!(
        (all.rows, all.columns, all.width, all.classes),
        (800, 5, 5, 2)
    );
    let grouped = TrainSpec {
        split: SplitSpec::Group {
            column: "more 0".to_owned(),
        },
        ..spec("svm")
    };
    assert_eq!(grouped.shape(&told).unwrap().columns, 4);
    let named = TrainSpec {
        features: Some(vec!["x".to_owned()]),
        test_size: 0.5,
        ..spec("svm")
    };
    let few = named.shape(&told).unwrap();
    assert_eq!((few.rows, few.columns), (500, 1));
}
