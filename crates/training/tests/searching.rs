//! Searches through the public functions: what is tried, what is refused, what wins.
#![expect(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

#[path = "support/asking.rs"]
mod asking;
#[path = "support/tables.rs"]
#[expect(dead_code, reason = "shared with other tests, which need more of it")]
mod tables;

use asking::{object, spec, with_space};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use tables::{moons, waves};
use trainyard_estimators::Interruption;
use trainyard_estimators::algorithm::ALGORITHMS;
use trainyard_training::search::pruning::falls_behind;
use trainyard_training::search::{Stopped, Trial};
use trainyard_training::{
    Method, SearchResult, SearchSpec, TrainContext, TrainError, TrainSpec, search, train,
};

fn run(spec: &TrainSpec, what: &SearchSpec) -> SearchResult {
    search(&moons(240), spec, what, &TrainContext::silent()).unwrap()
}

#[test]
fn a_grid_tries_every_combination_once() {
    let space = json!({
        "max_depth": [1, 4, null],
        "min_samples_leaf": {"low": 1, "high": 9, "steps": 3, "log": false},
        "criterion": ["gini", "entropy"],
    });
    let result = run(&spec("decision_tree"), &with_space(Method::Grid, space));
    let tried: BTreeSet<String> = result
        .trials
        .iter()
        .map(|trial| json!(trial.params).to_string())
        .collect();
    let mut expected = BTreeSet::new();
    for depth in [json!(1), json!(4), json!(null)] {
        for leaf in [1, 5, 9] {
            for criterion in ["gini", "entropy"] {
                let setting =
                    json!({"max_depth": depth, "min_samples_leaf": leaf, "criterion": criterion});
                expected.insert(setting.to_string());
            }
        }
    }
    assert_eq!(result.trials.len(), 18);
    assert_eq!(tried, expected);
    let best = result.best_trial().unwrap();
    assert!(
        result
            .trials
            .iter()
            .all(|trial| trial.score.unwrap() <= best.score.unwrap())
    );
    assert!(best.score.unwrap() > result.baseline + 0.2, "{best:?}");
    assert_eq!(best.values.len(), 3);
}

#[test]
fn the_same_seed_tries_the_same_on_any_number_of_threads() {
    let what = SearchSpec {
        trials: 14,
        ..SearchSpec::default()
    };
    let on = |threads: usize, seed: u64| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let mut spec = spec("random_forest");
        spec.params = object(json!({"n_estimators": 5}));
        spec.seed = seed;
        pool.install(|| run(&spec, &what))
    };
    let one = on(1, 5);
    assert_eq!(one.trials.len(), 14);
    assert!(one.trials[0].params.is_empty(), "the defaults come first");
    assert_eq!(one, on(2, 5));
    assert_eq!(one, on(7, 5));
    // The first settings are drawn evenly: nothing but the seed decides them.
    let drawn = |result: &SearchResult| -> Vec<_> {
        let drawn = result.trials.iter().take(6);
        drawn.map(|trial| trial.params.clone()).collect()
    };
    assert_ne!(drawn(&one), drawn(&on(2, 6)));
    let params = one.best_params(&spec("random_forest"));
    assert_eq!(params.as_ref(), one.best_trial().map(|best| &best.params));
}

#[test]
fn a_setting_that_cannot_be_fitted_does_not_end_the_search() {
    let space = json!({"criterion": ["squared_error", "gini"]});
    let result = run(&spec("decision_tree"), &with_space(Method::Grid, space));
    assert!(
        result.trials[0]
            .error
            .as_ref()
            .unwrap()
            .contains("criterion")
    );
    assert_eq!(result.trials[0].score, None);
    assert_eq!(result.best, Some(1));
    let space = json!({"criterion": ["squared_error"]});
    let result = run(&spec("decision_tree"), &with_space(Method::Bayesian, space));
    assert_eq!((result.best, result.trials.len()), (None, 1));
}

#[test]
fn a_small_space_is_exhausted_without_repeats() {
    for method in [Method::Random, Method::Bayesian] {
        let space = json!({"max_depth": {"low": 1, "high": 12}, "criterion": ["gini", "entropy"]});
        let result = run(
            &spec("decision_tree"),
            &SearchSpec {
                trials: 100,
                folds: 2,
                ..with_space(method, space)
            },
        );
        let tried: BTreeSet<String> = result
            .trials
            .iter()
            .map(|trial| json!(trial.params).to_string())
            .collect();
        assert_eq!(result.stopped, Stopped::Exhausted);
        assert_eq!((result.trials.len(), tried.len()), (24, 24), "{method:?}");
    }
}

#[test]
fn bad_settings_are_given_up_after_the_first_folds() {
    let depths = json!({"max_depth": [8, 7, 6, 9, 10, 5, 11, 1, 12]});
    let mut what = SearchSpec {
        folds: 5,
        pruning: true,
        ..with_space(Method::Grid, depths)
    };
    let result = run(&spec("decision_tree"), &what);
    let stump: &Trial = result
        .trials
        .iter()
        .find(|trial| trial.params["max_depth"] == 1)
        .unwrap();
    assert!(stump.pruned && stump.values.len() < 5, "{stump:?}");
    assert!(stump.score.is_some() && !stump.finished());
    assert!(result.best_trial().unwrap().finished());
    assert!(result.trials[..5].iter().all(|trial| !trial.pruned));
    what.pruning = false;
    assert!(
        run(&spec("decision_tree"), &what)
            .trials
            .iter()
            .all(|trial| trial.values.len() == 5)
    );

    let earlier = vec![vec![1.0, 9.0], vec![2.0], vec![3.0], vec![4.0], vec![5.0]];
    assert!(falls_behind(&[3.1], &earlier));
    assert!(!falls_behind(&[3.0], &earlier));
    assert!(!falls_behind(&[99.0], &earlier[..4]), "too few to judge by");
    assert!(
        !falls_behind(&[99.0, 99.0], &earlier),
        "too few got that far"
    );
}

#[test]
fn time_and_cancelling_end_it() {
    let ticks = AtomicUsize::new(0);
    let clock = || ticks.fetch_add(1, Ordering::Relaxed) as f64;
    let context = TrainContext {
        clock: &clock,
        ..TrainContext::silent()
    };
    let what = SearchSpec {
        trials: 1000,
        seconds: Some(200.0),
        ..SearchSpec::default()
    };
    let result = search(&moons(60), &spec("decision_tree"), &what, &context).unwrap();
    assert_eq!(result.stopped, Stopped::OutOfBudget);
    assert!(
        (1..200).contains(&result.trials.len()),
        "{}",
        result.trials.len()
    );
    assert!(result.best.is_some());

    let asked = AtomicUsize::new(0);
    let interruption =
        || (asked.fetch_add(1, Ordering::Relaxed) > 20).then_some(Interruption::Cancelled);
    let context = TrainContext {
        interruption: &interruption,
        ..TrainContext::silent()
    };
    let stopped = search(&moons(60), &spec("decision_tree"), &what, &context);
    assert_eq!(
        stopped.unwrap_err(),
        TrainError::Interrupted(Interruption::Cancelled)
    );
}

#[test]
fn little_memory_makes_it_slower_and_changes_nothing() {
    let what = SearchSpec {
        trials: 8,
        ..SearchSpec::default()
    };
    // Three folds of 240 rows and two numbers each are 11,520 bytes, more than half; a tree itself takes up to 21,312.
    let context = TrainContext {
        memory_budget: 22_500,
        ..TrainContext::silent()
    };
    let little = search(&moons(240), &spec("decision_tree"), &what, &context).unwrap();
    assert_eq!(little, run(&spec("decision_tree"), &what));
}

#[test]
fn progress_counts_the_settings() {
    let seen = std::sync::Mutex::new(Vec::new());
    let progress = |progress: &trainyard_training::Progress| {
        seen.lock()
            .unwrap()
            .push((progress.done, progress.of, progress.message.clone()));
    };
    let context = TrainContext {
        progress: &progress,
        ..TrainContext::silent()
    };
    let what = with_space(Method::Grid, json!({"max_depth": [1, 2, 3]}));
    search(&moons(60), &spec("decision_tree"), &what, &context).unwrap();
    let seen = seen.into_inner().unwrap();
    let last = seen
        .iter()
        .rev()
        .find(|(_, _, message)| message.is_some())
        .unwrap();
    assert_eq!((last.0, last.1), (3, 4));
    assert!(
        last.2
            .as_ref()
            .unwrap()
            .starts_with("tried 3 of 3 settings; best accuracy so far 0."),
        "{last:?}"
    );
}

#[test]
fn every_algorithm_can_be_searched_in_its_own_space() {
    for algorithm in ALGORITHMS
        .iter()
        .filter(|algorithm| algorithm.spec().name != "dummy")
    {
        let name = algorithm.spec().name;
        let mut spec = spec(name);
        let table = if name == "linear_regression" {
            waves(60)
        } else {
            moons(60)
        };
        if name == "neural_net" {
            spec.params = object(json!({"epochs": 2}));
        }
        let what = SearchSpec {
            trials: 6,
            folds: 2,
            ..SearchSpec::default()
        };
        let result = search(&table, &spec, &what, &TrainContext::silent()).unwrap();
        let errors: Vec<_> = result
            .trials
            .iter()
            .filter_map(|trial| trial.error.as_ref())
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
        assert!(result.best.is_some());
    }
}

#[test]
fn a_training_that_searches_uses_what_it_found_and_keeps_the_test_rows_out_of_it() {
    let table = moons(240);
    let mut spec = spec("knn");
    spec.search = Some(with_space(
        Method::Grid,
        json!({"n_neighbors": [1, 9, 25], "weights": ["uniform", "distance"]}),
    ));
    spec.params = object(json!({"metric": "manhattan"}));
    let trained = train(&spec, &table, &TrainContext::silent()).unwrap();
    let found = trained.report.search.clone().unwrap();
    assert_eq!(found.trials.len(), 6);
    let best = found.best_trial().unwrap();
    for (name, value) in &best.params {
        assert_eq!(&trained.model.params()[name], value);
    }
    assert_eq!(trained.model.params()["metric"], "manhattan");
    assert_eq!(trained.report.rows.train, 192);
    // The same search over the training rows alone finds the same: the test rows had no say.
    let again = train(&spec, &table, &TrainContext::silent()).unwrap();
    assert_eq!(again.report.search, trained.report.search);
    assert_eq!(again.model.to_bytes(), trained.model.to_bytes());

    let read: TrainSpec = serde_json::from_value(serde_json::to_value(&spec).unwrap()).unwrap();
    assert_eq!(read, spec);
    let wrong = |search: Value| {
        let mut spec = spec.clone();
        spec.search = Some(serde_json::from_value(search).unwrap());
        spec.check(table.schema(), table.rows()).unwrap_err()
    };
    assert_eq!(wrong(json!({"folds": 99}))[0].pointer, "/search/folds");
    let many: Vec<_> = (1..=2000).collect();
    assert_eq!(
        wrong(json!({"space": {"n_neighbors": many}}))[0].pointer,
        "/search/space/n_neighbors"
    );
    let space = json!({"metric": ["cosine"], "p": [1]});
    let both = wrong(json!({"space": space}));
    assert_eq!(both.len(), 2);

    let mut tree = spec.clone();
    tree.algorithm = "decision_tree".to_owned();
    tree.params = Map::new();
    tree.search = Some(with_space(
        Method::Random,
        json!({"criterion": ["squared_error"]}),
    ));
    match train(&tree, &table, &TrainContext::silent()).unwrap_err() {
        TrainError::Data(detail) => {
            assert!(
                detail.starts_with("none of the 1 settings tried could be fitted: "),
                "{detail}"
            );
        }
        other => panic!("{other:?}"),
    }
}
