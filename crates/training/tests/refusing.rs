//! Searches that cannot be: each refusal names the parameter and says what to do.
#![expect(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

#[path = "support/asking.rs"]
mod asking;
#[path = "support/tables.rs"]
#[expect(dead_code, reason = "shared with other tests, which need more of it")]
mod tables;

use asking::{object, spec, with_space};
use serde_json::json;
use tables::moons;
use trainyard_training::{Method, SearchSpec, TrainContext, TrainError, TrainSpec, search};

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
fn a_grid_of_too_many_points_is_refused_with_their_number() {
    let space = json!({
        "max_depth": (1..=40).collect::<Vec<_>>(),
        "min_samples_leaf": (1..=40).collect::<Vec<_>>(),
    });
    let found = problems(&spec("decision_tree"), &with_space(Method::Grid, space));
    assert_eq!(found[0].0, "/search/space");
    assert!(found[0].1.contains("1600 points"), "{found:?}");
}
