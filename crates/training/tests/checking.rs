//! What is asked of a model after it was trained, and what is asked of a training before: test rows found again, self-tests,
//! the page to keep, an end with the best so far, estimates.
#![expect(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

#[path = "support/tables.rs"]
#[expect(dead_code, reason = "it has tables for other tests too")]
mod tables;

use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};
use tables::{moons, waves};
use trainyard_table::profile;
use trainyard_training::report_page::{Heading, html};
use trainyard_training::search::Stopped;
use trainyard_training::{
    Budget, Method, SearchSpec, TrainContext, TrainError, TrainSpec, Trained, held_out,
    learning_curve_of, self_tests, train,
};

fn of(algorithm: &str) -> TrainSpec {
    TrainSpec::new("answer", algorithm)
}

fn trained(spec: &TrainSpec, table: &trainyard_table::Table) -> Trained {
    train(spec, table, &TrainContext::silent()).unwrap()
}

#[test]
fn the_test_rows_are_found_again() {
    let table = moons(400);
    let Trained { model, report } = trained(&of("decision_tree"), &table);
    let matrix = report.confusion_matrix.unwrap();
    let mut seen = Vec::new();
    for (actual, counts) in matrix.classes.iter().zip(&matrix.counts) {
        for (predicted, &count) in matrix.classes.iter().zip(counts) {
            let rows = held_out::cell_rows(&model, &table, actual, predicted).unwrap();
            assert_eq!(rows.len() as u64, count, "{actual} taken for {predicted}");
            assert!(rows.iter().all(|&row| (row % 2 == 0) == (actual == "up")));
            seen.extend(rows);
        }
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), report.rows.test, "each stands in one cell");
    let wrong = held_out::cell_rows(&model, &table, "sideways", "up").unwrap_err();
    assert!(matches!(wrong, TrainError::Spec(problems) if problems[0].pointer == "/actual"));
    let Trained { model, .. } = trained(&of("linear_regression"), &waves(200));
    let numbers = held_out::cell_rows(&model, &waves(200), "a", "b").unwrap_err();
    assert!(numbers.to_string().contains("residuals"), "{numbers}");
}

#[test]
fn shuffled_answers_teach_nothing() {
    let table = moons(600);
    let spec = of("random_forest");
    let Trained { report, .. } = trained(&spec, &table);
    let found = self_tests(&spec, &report, &table, &TrainContext::silent()).unwrap();
    assert!(found.passed, "{found:?}");
    let model = found.shuffled_target.model.unwrap();
    for value in &found.shuffled_target.values {
        assert!(*value < 0.65 && model > 0.85, "{found:?}");
    }
    let again = self_tests(&spec, &report, &table, &TrainContext::silent()).unwrap();
    assert_eq!(again, found, "the same seed, the same shuffles");
}

#[test]
fn what_was_put_together_has_a_learning_curve_too() {
    let table = waves(300);
    let mut spec = of("auto");
    spec.budget = Some(Budget::Work(3_000.0));
    let Trained { report, .. } = trained(&spec, &table);
    let shares = [0.2, 1.0];
    let context = TrainContext::silent();
    let curve = learning_curve_of(&report, &spec, &table, &shares, 3, &context).unwrap();
    assert_eq!(curve.points.len(), 2);
    let error = |point: usize| curve.points[point].test["rmse"].mean;
    assert!(error(1) < error(0), "more rows, smaller errors");
}

#[test]
fn whoever_has_seen_enough_gets_the_best_so_far() {
    let table = moons(300);
    let mut spec = of("decision_tree");
    spec.search = Some(SearchSpec {
        method: Method::Random,
        trials: 500,
        ..SearchSpec::default()
    });
    let tried = AtomicUsize::new(0);
    let context = TrainContext {
        enough: &|| tried.load(Ordering::Relaxed) >= 7,
        trial: &|number, _| tried.store(number + 1, Ordering::Relaxed),
        ..TrainContext::silent()
    };
    let Trained { report, .. } = train(&spec, &table, &context).unwrap();
    let search = report.search.unwrap();
    assert_eq!((search.trials.len(), search.stopped), (7, Stopped::Enough));
    assert!(search.best.is_some() && report.metrics["accuracy"].value > 0.8);
    // Asked before anything could be judged, it goes on until something is.
    let at_once = TrainContext {
        enough: &|| true,
        ..TrainContext::silent()
    };
    let Trained { report, .. } = train(&spec, &table, &at_once).unwrap();
    assert!(report.search.unwrap().best.is_some());
    let race = train(&of("auto"), &table, &at_once).unwrap().report;
    assert!(
        !race.automatic.unwrap().reproducible,
        "it ended by somebody's clock"
    );
}

#[test]
fn a_page_holds_every_text_as_text() {
    let table = moons(120);
    let Trained { report, .. } = trained(&of("logistic_regression"), &table);
    let heading = Heading {
        name: "<b>&\"'",
        version: 3,
        dataset: "</title><script>",
        finished: "today",
    };
    let page = html(&report, &heading);
    assert!(page.contains("&lt;b&gt;&amp;&quot;&#39;") && !page.contains("<script"));
    for part in [
        "ROC curve",
        "Calibration",
        "What was taken for what",
        "Where it comes from",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert_eq!(page, html(&report, &heading));
    let Trained { report, .. } = trained(&of("linear_regression"), &waves(120));
    assert!(html(&report, &heading).contains("Predicted against actual"));
}

#[test]
fn estimates_grow_with_what_is_asked() {
    let described = profile(&moons(2_000), None);
    let seconds = |spec: &TrainSpec, cores| spec.estimate(&described, cores).unwrap().seconds;
    let plain = of("random_forest");
    let mut searched = plain.clone();
    searched.search = Some(SearchSpec {
        method: Method::Grid,
        space: json!({ "max_depth": [2, 4, 8], "min_samples_leaf": [1, 5] })
            .as_object()
            .cloned(),
        folds: 5,
        ..SearchSpec::default()
    });
    assert!(seconds(&searched, 1) > 10.0 * (seconds(&plain, 1) - 0.05));
    assert!(seconds(&plain, 4) < seconds(&plain, 1));
    let mut short = searched.clone();
    if let Some(search) = &mut short.search {
        search.seconds = Some(0.01);
    }
    assert!(seconds(&short, 1) < seconds(&searched, 1));
    let mut race = of("auto");
    let balanced = seconds(&race, 2);
    race.budget = Some(Budget::Seconds(33.0));
    assert!((33.0..34.0).contains(&seconds(&race, 2)));
    race.budget = Some(Budget::Work(1e6));
    assert!(seconds(&race, 2) > 10.0 * balanced);
    assert!(of("no_such_thing").estimate(&described, 1).is_none());
}
