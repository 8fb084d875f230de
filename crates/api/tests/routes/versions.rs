//! `ETag` and `If-Match`: of two who change what both have seen, the second one is told.

use axum::http::Method;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::app::{Answer, Person, TestApp};

/// Every thing that is shown and changed at one address.
fn changes() -> Vec<(String, Value)> {
    let document: Value = serde_json::from_str(&trainyard_api::openapi_json()).unwrap();
    let paths = document["paths"].as_object().unwrap().clone();
    let all = paths
        .into_iter()
        .filter(|(_, item)| item["get"].is_object() && item["patch"].is_object());
    all.collect()
}

#[test]
fn every_change_says_that_it_takes_a_version_and_every_thing_that_it_has_one() {
    let all = changes();
    assert!(all.len() >= 5);
    for (path, item) in all {
        let names = item["patch"]["parameters"].as_array().unwrap().iter();
        let names: Vec<&Value> = names.map(|one| &one["name"]).collect();
        assert!(names.contains(&&json!("If-Match")), "{path}: {names:?}");
        assert!(item["patch"]["responses"]["412"].is_object(), "{path}");
        for method in ["get", "patch"] {
            let headers = &item[method]["responses"]["200"]["headers"];
            assert!(headers["ETag"].is_object(), "{method} {path}");
        }
    }
}

fn tag(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.headers["etag"].to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_meant_for_another_version_is_told() {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    let ana = app.register("ana").await;
    let dataset = app.sample(&ana, "iris").await;
    let training =
        json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "dummy" });
    let model = app.train(&ana, training).await.json();
    let of =
        |noun: &str, thing: &Value| format!("/api/v1/{noun}/{}", thing["id"].as_str().unwrap());
    let things: [(String, &Person, [Value; 3]); 6] = [
        (
            of("datasets", &dataset),
            &ana,
            [
                json!({ "name": "a" }),
                json!({ "name": "b" }),
                json!({ "name": "c" }),
            ],
        ),
        (
            of("models", &model),
            &ana,
            [
                json!({ "name": "a" }),
                json!({ "visibility": "signed-in" }),
                json!({ "name": "c" }),
            ],
        ),
        (
            format!("{}/contract", of("models", &model)),
            &ana,
            [
                json!({ "policies": { "petal_width_cm": "reject" } }),
                json!({ "policies": { "petal_width_cm": "impute" } }),
                json!({ "policies": { "petal_width_cm": "warn" } }),
            ],
        ),
        (
            "/api/v1/me".to_owned(),
            &ana,
            [
                json!({ "display_name": "A" }),
                json!({ "display_name": "B" }),
                json!({ "display_name": "E" }),
            ],
        ),
        (
            format!("/api/v1/admin/users/{}", ana.id),
            &admin,
            [
                json!({ "display_name": "C" }),
                json!({ "display_name": "D" }),
                json!({ "display_name": "E" }),
            ],
        ),
        (
            "/api/v1/admin/settings".to_owned(),
            &admin,
            [
                json!({ "starting_tokens": 20 }),
                json!({ "starting_tokens": 21 }),
                json!({ "starting_tokens": 22 }),
            ],
        ),
    ];
    let tested = things.iter().map(|(path, ..)| path.split('/').nth(3));
    assert_eq!(tested.count(), changes().len(), "every change is tried");
    for (path, person, [first, second, third]) in things {
        let change = |version: Option<&str>, body: &Value| {
            let call = app.call(Method::PATCH, &path).by(person).json(body.clone());
            match version {
                Some(version) => call.header("if-match", version).send(),
                None => call.send(),
            }
        };
        let seen = tag(&app.get(&path).by(person).send().await);
        assert!(seen.starts_with('"') && seen.len() > 4, "{seen}");
        let changed = change(Some(&seen), &first).await;
        let next = tag(&changed);
        assert_ne!(seen, next, "{path}");
        assert_eq!(tag(&app.get(&path).by(person).send().await), next, "{path}");
        // Whoever saw the one before is told, and nothing is changed.
        for stale in [seen.as_str(), "\"\"", "nonsense", &format!("\"x\", {seen}")] {
            let problem = change(Some(stale), &second).await;
            problem.problem(412, "precondition_failed");
        }
        assert_eq!(tag(&app.get(&path).by(person).send().await), next, "{path}");
        // One of several, a tag that a proxy weakened, whatever there is, and no opinion.
        let several = format!("{seen}, {next}");
        let next = tag(&change(Some(&several), &second).await);
        let next = tag(&change(Some(&format!("W/{next}")), &first).await);
        assert!(!next.is_empty());
        tag(&change(Some("*"), &second).await);
        let last = tag(&change(None, &first).await);
        // Of many at once, each meant for what all of them saw, one is made.
        let answers = join_all((0..6).map(|_| change(Some(&last), &third))).await;
        let made = answers.iter().filter(|answer| answer.status == 200);
        assert_eq!(made.count(), 1, "{path}");
    }
    // Nobody learns from a version what is there.
    let foreign = app
        .call(Method::PATCH, &of("datasets", &dataset))
        .by(&admin);
    let foreign = foreign.header("if-match", "*").json(json!({ "name": "x" }));
    foreign.send().await.problem(404, "not_found");
}
