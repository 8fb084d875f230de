//! Spaces and samplers by themselves: what may be tried, and that learning from losses beats chance.
#![expect(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use serde_json::{Map, Value, json};
use trainyard_estimators::Params;
use trainyard_estimators::algorithm::ALGORITHMS;
use trainyard_training::search::derive::derive;
use trainyard_training::search::given::given;
use trainyard_training::search::sampler::{Observation, grid, parzen, random};
use trainyard_training::search::space::{Branch, Dimension, Place, Range, Space};

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
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

type Loss<'a> = &'a dyn Fn(&Map<String, Value>) -> f64;

/// The least loss that 60 proposals find.
fn least(space: &Space, seed: u64, loss: Loss<'_>, bayesian: bool) -> f64 {
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
    let cases: [(&str, &Space, Loss<'_>); 2] =
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

#[test]
fn a_setting_that_somebody_tried_has_its_place_in_a_space() {
    let spec = ALGORITHMS
        .iter()
        .find(|one| one.spec().name == "knn")
        .unwrap()
        .spec();
    let space = object(json!({
        "n_neighbors": { "low": 2, "high": 60, "log": true },
        "weights": ["uniform", "distance"],
    }));
    let space = given(spec, spec.tasks[0], &Map::new(), &space).unwrap();
    for (neighbors, weights) in [(2, "uniform"), (15, "distance"), (60, "uniform")] {
        let setting = object(json!({ "n_neighbors": neighbors, "weights": weights }));
        assert_eq!(space.setting(&space.places(&setting).unwrap()), setting);
    }
    // What the space does not know is no matter, what it asks for and what lies outside is.
    let more = object(json!({ "n_neighbors": 5, "weights": "uniform", "metric": "cosine" }));
    assert!(space.places(&more).is_some());
    for outside in [
        json!({ "n_neighbors": 5 }),
        json!({ "n_neighbors": 61, "weights": "uniform" }),
        json!({ "n_neighbors": 5, "weights": "even" }),
    ] {
        assert_eq!(space.places(&object(outside)), None);
    }
}
