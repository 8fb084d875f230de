//! What an administrator sees at a glance: who is without tokens, what waits, who was here last.

use serde_json::{Value, json};

use crate::app::{PASSWORD, Person, TestApp};
use crate::asking::{fruit_model, rich};
use crate::jobs::{long_training, running};

async fn now(app: &TestApp, admin: &Person) -> Value {
    let stats = app.get("/api/v1/admin/stats").by(admin).send().await;
    stats.json()["now"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_overview_counts_what_waits_and_who_is_without_tokens() {
    let app = TestApp::with(|options| options.workers = 0).await;
    let body = json!({ "email": "admin@example.com", "password": PASSWORD, "starting_tokens": 0 });
    let admin = Person::of(&app.post("/api/v1/setup").json(body).send().await);
    let first = now(&app, &admin).await;
    for (field, expected) in [
        ("users_without_tokens", json!(1)),
        ("jobs_waiting", json!(0)),
        ("jobs_running", json!(0)),
        ("oldest_waiting_seconds", Value::Null),
    ] {
        assert_eq!(first[field], expected, "{field}: {first}");
    }
    let ana = app.register("ana").await;
    let gift = json!({ "tokens": 3, "reason": "a beginning" });
    let path = format!("/api/v1/admin/users/{}/tokens", admin.id);
    app.post(&path).by(&admin).json(gift).send().await;
    for name in ["a.csv", "b.csv"] {
        let call = app
            .post(&format!("/api/v1/datasets?file_name={name}"))
            .by(&ana);
        call.body("x,y\n1,2\n3,4\n").send().await;
    }
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let then = now(&app, &admin).await;
    assert_eq!(
        (&then["users_without_tokens"], &then["jobs_waiting"]),
        (&json!(1), &json!(2)),
        "the administrator has three, the new account none: {then}"
    );
    let oldest = then["oldest_waiting_seconds"].as_u64().unwrap();
    assert!((1..60).contains(&oldest), "{then}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_was_made_by_its_owner_is_signed_in() {
    let app = TestApp::start().await;
    app.register("ana").await;
    let admin = app.log_in("admin@example.com", PASSWORD).send().await;
    let admin = Person::of(&admin);
    let users = app
        .get("/api/v1/admin/users")
        .by(&admin)
        .send()
        .await
        .json();
    let users = users["items"].as_array().unwrap();
    assert_eq!(users.len(), 2);
    let ana = users
        .iter()
        .find(|user| user["user_name"] == "ana")
        .unwrap();
    assert!(ana["last_login_at"].is_string(), "{ana}");

    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    let path = format!("/api/v1/admin/users/{}", admin.id);
    let first = app.get(&path).by(&admin).send().await.json();
    assert!(first["last_login_at"].is_string(), "{first}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_waits_says_how_many_rows_it_has() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    let model = fruit_model(&app, &ana, "decision_tree").await;
    let busy = long_training(&app, &ana).await;
    let busy = busy["job_id"].as_str().unwrap();
    running(&app, &ana, busy).await;
    let stats = app.log_in("admin@example.com", PASSWORD).send().await;
    assert_eq!(now(&app, &Person::of(&stats)).await["jobs_running"], 1);
    let path = format!("/api/v1/models/{model}/batch-predictions");
    let rows = "colour,weight,ripe\n".to_owned() + &"red,120,yes\n".repeat(37);
    let batch = app.post(&path).by(&ana).body(rows).send().await.json();
    let progress = &batch["job"]["progress"];
    assert_eq!(
        (&progress["stage"], &progress["done"], &progress["of"]),
        (&json!("queued"), &json!(0), &json!(37)),
        "{batch}"
    );
    let path = format!("/api/v1/jobs/{busy}/cancel");
    app.post(&path).by(&ana).send().await;
    app.ended(&ana, busy).await;
    let done = app.ended(&ana, batch["job"]["id"].as_str().unwrap()).await;
    assert_eq!(
        (&done["status"], &done["progress"]["of"]),
        (&json!("done"), &json!(37))
    );
}
