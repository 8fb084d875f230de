//! Searches through the public functions: what is tried, what is refused, what wins.
#![expect(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

#[path = "support/tables.rs"]
#[expect(dead_code, reason = "shared with other tests, which need more of it")]
mod tables;

use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use tables::{moons, waves};
use trainyard_estimators::algorithm::ALGORITHMS;
use trainyard_estimators::{Interruption, Params};
use trainyard_training::search::derive::derive;
use trainyard_training::search::given::given;
use trainyard_training::search::pruning::falls_behind;
use trainyard_training::search::sampler::{Observation, grid, parzen, random};
use trainyard_training::search::space::{Branch, Dimension, Place, Range, Space};
use trainyard_training::search::{Stopped, Trial};
use trainyard_training::{
    Method, SearchResult, SearchSpec, TrainContext, TrainError, TrainSpec, search,
};

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn spec(algorithm: &str) -> TrainSpec {
    TrainSpec::new("answer", algorithm)
}

fn with_space(method: Method, space: Value) -> SearchSpec {
    SearchSpec {
        method,
        space: Some(object(space)),
        pruning: false,
        ..SearchSpec::default()
    }
}

fn run(spec: &TrainSpec, what: &SearchSpec) -> SearchResult {
    search(&moons(240), spec, what, &TrainContext::silent()).unwrap()
}

fn problems(spec: &TrainSpec, what: &SearchSpec) -> Vec<(String, String)> {
    match search(&moons(60), spec, what, &TrainContext::silent()).unwrap_err() {
        TrainError::Spec(problems) => problems
            .into_iter()
            .map(|problem| (problem.pointer, problem.detail))
            .collect(),
        other => panic!("{other:?}"),
    }
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
fn a_grid_of_too_many_points_is_refused_with_their_number() {
    let space = json!({
        "max_depth": (1..=40).collect::<Vec<_>>(),
        "min_samples_leaf": (1..=40).collect::<Vec<_>>(),
    });
    let found = problems(&spec("decision_tree"), &with_space(Method::Grid, space));
    assert_eq!(found[0].0, "/search/space");
    assert!(found[0].1.contains("1600 points"), "{found:?}");
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
    assert_ne!(one.trials, on(2, 6).trials);
    let params = one.best_params(&spec("random_forest"));
    assert_eq!(params.as_ref(), one.best_trial().map(|best| &best.params));
}

#[test]
fn wrong_spaces_are_refused_by_parameter() {
    let cases = [
        (
            json!({"depth": [1]}),
            "/search/space/depth",
            "known are criterion",
        ),
        (json!({"max_depth": 3}), "/search/space/max_depth", "[3, …]"),
        (
            json!({"max_depth": []}),
            "/search/space/max_depth",
            "has 0 values",
        ),
        (
            json!({"max_depth": [3, 3.0]}),
            "/search/space/max_depth",
            "stands twice",
        ),
        (
            json!({"max_depth": [0]}),
            "/search/space/max_depth",
            "0 is not allowed for 'max_depth'; it must be a whole number from 1",
        ),
        (
            json!({"max_depth": {"low": 3}}),
            "/search/space/max_depth",
            "missing field `high`",
        ),
        (
            json!({"max_depth": {"low": 3, "high": 2}}),
            "/search/space/max_depth",
            "low (3) must be below high (2)",
        ),
        (
            json!({"max_depth": {"low": "a", "high": 2}}),
            "/search/space/max_depth",
            "no number",
        ),
        (
            json!({"max_depth": {"low": 1, "high": 2000}}),
            "/search/space/max_depth",
            "2000 is not allowed",
        ),
        (
            json!({"max_depth": {"low": 1, "high": 9, "logg": true}}),
            "/search/space/max_depth",
            "unknown field `logg`",
        ),
        (
            json!({"max_depth": {"low": 1, "high": 9, "steps": 1}}),
            "/search/space/max_depth",
            "1 steps",
        ),
        (
            json!({"ccp_alpha": {"low": 0, "high": 1, "log": true}}),
            "/search/space/ccp_alpha",
            "begin above 0",
        ),
        (
            json!({"criterion": {"low": 0, "high": 1}}),
            "/search/space/criterion",
            "not allowed for 'criterion'",
        ),
        (
            json!({"min_samples_leaf": [2]}),
            "/search/space/min_samples_leaf",
            "fixed among the parameters",
        ),
        (json!({}), "/search/space", "at least one parameter"),
    ];
    let mut spec = spec("decision_tree");
    spec.params = object(json!({"min_samples_leaf": 3}));
    for (space, pointer, words) in cases {
        let found = problems(&spec, &with_space(Method::Random, space.clone()));
        assert_eq!(found.len(), 1, "{space}: {found:?}");
        assert_eq!(found[0].0, pointer, "{space}");
        assert!(found[0].1.contains(words), "{space}: {}", found[0].1);
    }
    let both = problems(
        &spec,
        &with_space(Method::Random, json!({"a": [1], "b": [2]})),
    );
    assert_eq!(both.len(), 2);
    let trials = SearchSpec {
        trials: 0,
        ..SearchSpec::default()
    };
    assert_eq!(problems(&spec, &trials)[0].0, "/search/trials");
    let folds = SearchSpec {
        folds: 1,
        ..SearchSpec::default()
    };
    assert_eq!(problems(&spec, &folds)[0].0, "/search/folds");
    let seconds = SearchSpec {
        seconds: Some(0.0),
        ..SearchSpec::default()
    };
    assert_eq!(problems(&spec, &seconds)[0].0, "/search/seconds");
    assert_eq!(
        problems(&TrainSpec::new("answer", "auto"), &SearchSpec::default())[0].0,
        "/algorithm"
    );
    let nothing = problems(&TrainSpec::new("answer", "dummy"), &SearchSpec::default());
    assert!(
        nothing[0].1.contains("no parameter left to search"),
        "{nothing:?}"
    );
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
fn derived_spaces_hold_only_allowed_settings_and_the_usual_parameters() {
    for algorithm in ALGORITHMS {
        let spec = algorithm.spec();
        for &task in spec.tasks {
            let space = derive(spec, task, &Map::new());
            for trial in 0..200 {
                let setting = space.setting(&random(&space, 1, trial));
                assert_eq!(
                    Params::check(spec.params, task, &setting).err(),
                    None,
                    "{} {setting:?}",
                    spec.name
                );
            }
            let names: Vec<_> = space
                .dimensions
                .iter()
                .map(|dimension| dimension.name.as_str())
                .collect();
            for never in ["tol", "solver", "max_iter", "cache_size", "loss"] {
                assert!(!names.contains(&never), "{} {names:?}", spec.name);
            }
            assert_eq!(names.is_empty(), spec.name == "dummy", "{}", spec.name);
            if let Some(name) = names.first() {
                let fixed = Map::from_iter([((*name).to_owned(), Value::Null)]);
                assert_eq!(derive(spec, task, &fixed).dimensions.len(), names.len() - 1);
            }
        }
    }
    let svm = trainyard_estimators::algorithm::algorithm("svm")
        .unwrap()
        .spec();
    let space = derive(svm, svm.tasks[0], &Map::new());
    let c = space
        .dimensions
        .iter()
        .find(|dimension| dimension.name == "C")
        .unwrap();
    assert_eq!(
        c.branches,
        [Branch::Range(Range {
            low: 1e-3,
            high: 1e3,
            log: true,
            integer: false,
            steps: 3
        })]
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

fn number(name: &str, low: f64, high: f64, log: bool) -> Dimension {
    Dimension {
        name: name.to_owned(),
        branches: vec![Branch::Range(Range {
            low,
            high,
            log,
            integer: false,
            steps: 3,
        })],
    }
}

/// The least loss that 60 proposals find.
fn least(
    space: &Space,
    seed: u64,
    loss: &dyn Fn(&Map<String, Value>) -> f64,
    bayesian: bool,
) -> f64 {
    let mut observed = Vec::new();
    for trial in 0..60 {
        let places = if bayesian {
            parzen(space, &observed, seed, trial)
        } else {
            random(space, seed, trial)
        };
        let loss = loss(&space.setting(&places));
        observed.push(Observation { places, loss });
    }
    observed
        .iter()
        .map(|seen| seen.loss)
        .fold(f64::INFINITY, f64::min)
}

#[test]
fn the_parzen_estimator_beats_chance() {
    let at = |setting: &Map<String, Value>, name: &str| setting[name].as_f64().unwrap_or(0.0);
    let bowl = Space {
        dimensions: vec![
            number("x", -5.0, 5.0, false),
            number("y", -5.0, 5.0, false),
            number("z", 1e-4, 1e2, true),
        ],
    };
    let bowl_loss = |setting: &Map<String, Value>| {
        (at(setting, "x") - 2.0).powi(2)
            + (at(setting, "y") + 1.0).powi(2)
            + (at(setting, "z").log10() + 2.0).powi(2)
    };
    // A word decides how much a number matters, and one branch is null.
    let mixed = Space {
        dimensions: vec![
            Dimension {
                name: "word".to_owned(),
                branches: ["a", "b", "c", "d"]
                    .map(|word| Branch::Value(json!(word)))
                    .to_vec(),
            },
            Dimension {
                name: "depth".to_owned(),
                branches: vec![
                    Branch::Value(Value::Null),
                    Branch::Range(Range {
                        low: 1.0,
                        high: 40.0,
                        log: true,
                        integer: true,
                        steps: 3,
                    }),
                ],
            },
            number("x", 0.0, 1.0, false),
        ],
    };
    let mixed_loss = |setting: &Map<String, Value>| {
        let word = if setting["word"] == "c" { 0.0 } else { 1.0 };
        let depth = setting["depth"]
            .as_f64()
            .map_or(2.0, |depth| (depth.ln() - 7.0_f64.ln()).abs());
        word + depth + (at(setting, "x") - 0.3).abs()
    };
    let cases: [(&str, &Space, &dyn Fn(&Map<String, Value>) -> f64); 2] =
        [("bowl", &bowl, &bowl_loss), ("mixed", &mixed, &mixed_loss)];
    for (name, space, loss) in cases {
        let pairs: Vec<(f64, f64)> = (0..20)
            .map(|seed| {
                (
                    least(space, seed, loss, true),
                    least(space, seed, loss, false),
                )
            })
            .collect();
        let wins = pairs
            .iter()
            .filter(|(parzen, random)| parzen < random)
            .count();
        let [by_parzen, by_chance] = [
            pairs.iter().map(|pair| pair.0).sum::<f64>(),
            pairs.iter().map(|pair| pair.1).sum::<f64>(),
        ];
        assert!(wins >= 16, "{name}: {wins} of 20");
        assert!(
            by_parzen < 0.5 * by_chance,
            "{name}: {by_parzen} against {by_chance}"
        );
    }
}

#[test]
fn places_and_numbers_are_inverse_and_whole_numbers_equally_likely() {
    let range = Range {
        low: 1.0,
        high: 10.0,
        log: false,
        integer: true,
        steps: 4,
    };
    let space = Space {
        dimensions: vec![Dimension {
            name: "n".to_owned(),
            branches: vec![Branch::Range(range)],
        }],
    };
    let mut counts = [0; 11];
    for trial in 0..10_000 {
        counts[space.setting(&random(&space, 3, trial))["n"]
            .as_u64()
            .unwrap() as usize] += 1;
    }
    assert!(
        counts[1..].iter().all(|count| (850..1150).contains(count)),
        "{counts:?}"
    );
    for number in 1..=10 {
        assert_eq!(
            range.number(range.place(f64::from(number))),
            f64::from(number)
        );
    }
    let settings: Vec<_> = grid(&space)
        .unwrap()
        .into_iter()
        .map(|setting| setting["n"].clone())
        .collect();
    assert_eq!(settings, [1, 4, 7, 10]);
    let log = Range {
        low: 0.01,
        high: 100.0,
        log: true,
        integer: false,
        steps: 3,
    };
    assert!((log.number(0.5) - 1.0).abs() < 1e-12);
    let place = Place { branch: 0, at: 0.5 };
    assert_eq!(space.dimensions[0].value(place), 6);
    let given = given(
        trainyard_estimators::algorithm::algorithm("svm")
            .unwrap()
            .spec(),
        trainyard_estimators::Task::Classification,
        &Map::new(),
        &object(json!({"C": {"low": 0.01, "high": 100}})),
    );
    assert_eq!(given.unwrap().dimensions[0].branches, [Branch::Range(log)]);
}
