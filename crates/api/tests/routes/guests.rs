//! Models that are shared: with everybody who has an account, and with everybody who has the link.

use axum::http::{Method, StatusCode};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::app::{Answer, PASSWORD, Person, TestApp};

/// A model of this person's, ready.
async fn model(app: &TestApp, person: &Person) -> Value {
    let dataset = app.sample(person, "iris").await;
    let training =
        json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "decision_tree" });
    let model = app.train(person, training).await.json();
    assert_eq!(model["status"], "ready", "{model}");
    assert_eq!(
        (&model["visibility"], &model["guest_slug"]),
        (&json!("private"), &Value::Null)
    );
    model
}

fn path(model: &Value) -> String {
    format!("/api/v1/models/{}", model["id"].as_str().unwrap())
}

async fn share(app: &TestApp, by: &Person, model: &Value, visibility: &str) -> Answer {
    let call = app.call(Method::PATCH, &path(model)).by(by);
    call.json(json!({ "visibility": visibility })).send().await
}

async fn set(app: &TestApp, admin: &Person, settings: Value) {
    let call = app.call(Method::PATCH, "/api/v1/admin/settings").by(admin);
    let answer = call.json(settings).send().await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
}

fn rows() -> Value {
    json!({ "rows": [{ "petal_length_cm": 1.4 }], "proba": true })
}

/// Somebody with another role.
async fn of_role(app: &TestApp, admin: &Person, name: &str, role: &str) -> Person {
    let person = app.register(name).await;
    let account = format!("/api/v1/admin/users/{}", person.id);
    let call = app.call(Method::PATCH, &account).by(admin);
    let answer = call.json(json!({ "role": role })).send().await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    Person::of(&app.log_in(name, PASSWORD).send().await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_is_shared_with_accounts_and_taken_back() {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    let ana = app.register("ana").await;
    let ben = of_role(&app, &admin, "ben", "analyst").await;
    let guest = of_role(&app, &admin, "gus", "guest").await;
    let model = model(&app, &ana).await;
    let predict = |person: &Person| {
        let call = app
            .post(&format!("{}/predictions", path(&model)))
            .by(person);
        call.json(rows()).send()
    };
    let shared = |person: &Person| {
        let call = app.get("/api/v1/models?whose=shared").by(person);
        async move {
            call.send().await.json()["items"]
                .as_array()
                .unwrap()
                .clone()
        }
    };
    assert!(shared(&ben).await.is_empty());
    predict(&ben).await.problem(404, "not_found");

    let answer = share(&app, &ana, &model, "signed-in").await.json();
    assert_eq!(
        (&answer["visibility"], &answer["shared_by"]),
        (&json!("signed-in"), &Value::Null)
    );
    // Whoever asks pays.
    assert_eq!(predict(&ben).await.json()["balance"], 10);
    assert_eq!(app.balance(&ana).await, 14);
    let list = shared(&ben).await;
    assert_eq!(list.len(), 1);
    let seen = app.get(&path(&model)).by(&ben).send().await.json();
    for shown in [&list[0], &seen] {
        assert_eq!(shown["shared_by"], "ana");
        for hidden in ["dataset_id", "job_id", "guest_slug"] {
            assert_eq!(shown[hidden], Value::Null, "{hidden}");
        }
    }
    assert_eq!(seen["classes"].as_array().unwrap().len(), 3);
    let report = app.get(&format!("{}/report", path(&model))).by(&ben);
    assert_eq!(report.send().await.status, StatusCode::OK);
    // It is shown, not given: nobody else changes it, and it is not among their own.
    let rename = app.call(Method::PATCH, &path(&model)).by(&admin);
    let rename = rename.json(json!({ "name": "mine", "visibility": "private" }));
    rename.send().await.problem(404, "not_found");
    let end = app.call(Method::DELETE, &path(&model)).by(&admin);
    end.send().await.problem(404, "not_found");
    let own = app.get("/api/v1/models").by(&ben).send().await.json();
    assert_eq!(own["items"], json!([]));
    assert!(
        shared(&ana).await.is_empty(),
        "one's own is not shared with oneself"
    );
    // The data and the job behind it stay hidden, and so does everything from an account that is a guest's.
    for noun in ["datasets", "jobs"] {
        let id = if noun == "jobs" {
            &model["job_id"]
        } else {
            &model["dataset_id"]
        };
        let hidden = format!("/api/v1/{noun}/{}", id.as_str().unwrap());
        let answer = app.get(&hidden).by(&ben).send().await;
        answer.problem(404, "not_found");
    }
    predict(&guest).await.problem(404, "not_found");
    let list = app
        .get("/api/v1/models?whose=shared")
        .by(&guest)
        .send()
        .await;
    list.problem(403, "forbidden");

    // Taken back, it is gone at once, also for whom it is kept ready.
    assert_eq!(
        share(&app, &ana, &model, "private").await.status,
        StatusCode::OK
    );
    predict(&ben).await.problem(404, "not_found");
    let gone = app.get(&path(&model)).by(&ben).send().await;
    gone.problem(404, "not_found");
    assert_eq!(app.balance(&ben).await, 10);
    share(&app, &ben, &model, "signed-in")
        .await
        .problem(403, "forbidden");
    share(&app, &ana, &model, "everybody")
        .await
        .problem(422, "validation");
    let nothing = app
        .call(Method::PATCH, &path(&model))
        .by(&ana)
        .json(json!({}));
    nothing.send().await.problem(422, "validation");
}

#[tokio::test(flavor = "multi_thread")]
async fn guests_ask_through_the_link_and_the_owner_pays_so_many_a_day() {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    let ana = app.register("ana").await;
    let model = model(&app, &ana).await;
    let answer = share(&app, &ana, &model, "guest").await.json();
    let slug = answer["guest_slug"].as_str().unwrap().to_owned();
    assert!(slug.len() >= 22, "{slug}");
    // Said again, the link stays.
    let again = share(&app, &ana, &model, "guest").await.json();
    assert_eq!(again["guest_slug"], slug.as_str());
    let link = format!("/api/v1/g/{slug}");
    let look = || app.get(&link).send();
    let ask = || app.post(&format!("{link}/predictions")).json(rows()).send();

    let seen = look().await.json();
    assert_eq!(
        (&seen["name"], &seen["target"]),
        (&json!("iris"), &json!("species"))
    );
    assert_eq!(seen["signature"].as_array().unwrap().len(), 4);
    let text = seen.to_string();
    for secret in [
        &ana.id,
        model["id"].as_str().unwrap(),
        model["dataset_id"].as_str().unwrap(),
        "ana",
    ] {
        assert!(!text.contains(secret), "{text}");
    }
    let answer = ask().await.json();
    assert_eq!(answer["predictions"][0]["value"], "setosa");
    assert_eq!(answer.as_object().unwrap().len(), 1, "{answer}");
    assert_eq!(app.balance(&ana).await, 15 - 1 - 5);
    // Known by its link alone: not by its identifier, not in anybody's list, and not by other links.
    let ben = app.register("ben").await;
    let by_id = app.post(&format!("{}/predictions", path(&model))).by(&ben);
    by_id.json(rows()).send().await.problem(404, "not_found");
    let list = app.get("/api/v1/models?whose=shared").by(&ben).send().await;
    assert_eq!(list.json()["items"], json!([]));
    for wrong in ["x", "%00", "null", model["id"].as_str().unwrap()] {
        let answer = app.get(&format!("/api/v1/g/{wrong}")).send().await;
        answer.problem(404, "not_found");
    }
    for wrong in [
        json!({ "rows": [] }),
        json!({ "rows": [1] }),
        json!({ "rows": [{}], "free": true }),
    ] {
        let call = app.post(&format!("{link}/predictions")).json(wrong);
        call.send().await.problem(422, "validation");
    }

    // Many at once get no more than the day's number, and no more than the owner can pay.
    set(
        &app,
        &admin,
        json!({ "guest_daily_calls": 4, "price_predict": 1 }),
    )
    .await;
    let answers = join_all((0..12).map(|_| ask())).await;
    let paid = answers
        .iter()
        .filter(|answer| answer.status == StatusCode::OK);
    assert_eq!(paid.count(), 3, "one was before");
    let refused: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status != StatusCode::OK)
        .collect();
    for answer in refused {
        answer.problem(429, "too_many_requests");
        let wait: u64 = answer.headers["retry-after"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        assert!((1..=86_400).contains(&wait));
    }
    assert_eq!(app.balance(&ana).await, 9 - 3);
    // The owner's own calls are not counted among them.
    let own = app.post(&format!("{}/predictions", path(&model))).by(&ana);
    assert_eq!(own.json(rows()).send().await.status, StatusCode::OK);
    set(
        &app,
        &admin,
        json!({ "guest_daily_calls": 1_000, "price_predict": 6 }),
    )
    .await;
    let poor = ask().await.problem(409, "not_ready");
    assert!(
        poor.get("balance").is_none() && poor.get("needed").is_none(),
        "{poor}"
    );
    assert_eq!(app.balance(&ana).await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_link_ends_with_what_it_stands_on() {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    let ana = app.register("ana").await;
    let model = model(&app, &ana).await;
    let slug = share(&app, &ana, &model, "guest").await.json()["guest_slug"].clone();
    let link = format!("/api/v1/g/{}", slug.as_str().unwrap());
    let look = async || app.get(&link).send().await.status.as_u16();
    let ask = async || {
        let call = app.post(&format!("{link}/predictions")).json(rows());
        call.send().await.status.as_u16()
    };
    set(&app, &admin, json!({ "price_predict": 0 })).await;
    assert_eq!((look().await, ask().await), (200, 200));
    let account = format!("/api/v1/admin/users/{}", ana.id);
    let change = async |body: Value| {
        let call = app.call(Method::PATCH, &account).by(&admin).json(body);
        assert_eq!(call.send().await.status, StatusCode::OK);
    };

    set(&app, &admin, json!({ "guest_access": false })).await;
    assert_eq!((look().await, ask().await), (404, 404));
    set(&app, &admin, json!({ "guest_access": true })).await;
    assert_eq!((look().await, ask().await), (200, 200));
    change(json!({ "active": false })).await;
    assert_eq!((look().await, ask().await), (404, 404));
    change(json!({ "active": true })).await;
    assert_eq!((look().await, ask().await), (200, 200));
    let ana = Person::of(&app.log_in("ana", PASSWORD).send().await);

    // Taken back, the link never comes back.
    share(&app, &ana, &model, "signed-in").await;
    assert_eq!((look().await, ask().await), (404, 404));
    set(&app, &admin, json!({ "guest_access": false })).await;
    share(&app, &ana, &model, "guest")
        .await
        .problem(403, "forbidden");
    set(&app, &admin, json!({ "guest_access": true })).await;
    let other = share(&app, &ana, &model, "guest").await.json()["guest_slug"].clone();
    assert_ne!(other, slug);
    assert_eq!((look().await, ask().await), (404, 404));
    let other = format!("/api/v1/g/{}", other.as_str().unwrap());
    assert_eq!(app.get(&other).send().await.status, StatusCode::OK);
    let end = app.call(Method::DELETE, &path(&model)).by(&ana);
    assert_eq!(end.send().await.status, StatusCode::NO_CONTENT);
    let gone = app.get(&other).send().await;
    gone.problem(404, "not_found");
}

/// A key that may train but not look is told that its training has begun, whatever it would wait for.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_may_not_look_does_not_wait() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let dataset = app.sample(&ana, "iris").await;
    let wish = json!({ "name": "trains", "scopes": ["train"] });
    let made = app.post("/api/v1/me/api-keys").by(&ana).json(wish);
    let key = Person {
        token: made.send().await.json()["key"].as_str().unwrap().to_owned(),
        ..ana.clone()
    };
    let training =
        json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "dummy" });
    let answer = app.train(&key, training).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{answer:?}");
}
