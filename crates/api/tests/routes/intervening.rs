//! What administrators do to other people's things: jobs stopped, models and data sets deleted, each remembered with whose
//! it was.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{Answer, PASSWORD, Person, TestApp};
use crate::jobs::{long_training, running};

async fn events(app: &TestApp, admin: &Person, action: &str) -> Vec<Value> {
    let path = format!("/api/v1/admin/audit-events?action={action}");
    let list = app.get(&path).by(admin).send().await.json();
    list["items"].as_array().unwrap().clone()
}

/// Asserts that the newest entry of this action says who did it to whose thing.
async fn remembered(app: &TestApp, admin: &Person, action: &str, id: &Value, owner: &Person) {
    let entry = &events(app, admin, action).await[0];
    assert_eq!(
        (
            &entry["actor_id"],
            &entry["subject_id"],
            &entry["details"]["owner"]
        ),
        (&json!(admin.id), id, &json!(owner.id)),
        "{entry}"
    );
}

fn path(noun: &str, id: &Value) -> String {
    format!("/api/v1/admin/{noun}/{}", id.as_str().unwrap())
}

async fn delete(app: &TestApp, by: &Person, path: &str) -> Answer {
    app.call(Method::DELETE, path).by(by).send().await
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_stop_anybodys_jobs() {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    let ana = app.register("ana").await;
    let first = long_training(&app, &ana).await;
    let job = first["job_id"].as_str().unwrap();
    let model = format!("/api/v1/models/{}", first["id"].as_str().unwrap());
    let dataset = app.get(&model).by(&ana).send().await.json()["dataset_id"].clone();
    let waiting = json!({ "dataset_id": dataset, "target": "digit", "algorithm": "dummy" });
    let waiting = app
        .post("/api/v1/models")
        .by(&ana)
        .json(waiting)
        .send()
        .await
        .json();
    running(&app, &ana, job).await;
    assert_eq!(app.balance(&ana).await, 13);
    let cancel = async |by: &Person, job: &Value| {
        let path = format!("{}/cancel", path("jobs", job));
        app.post(&path).by(by).send().await
    };
    cancel(&ana, &waiting["job_id"])
        .await
        .problem(403, "forbidden");
    let ended = cancel(&admin, &waiting["job_id"]).await;
    assert_eq!(ended.json()["status"], "cancelled", "{ended:?}");
    remembered(&app, &admin, "job.cancel", &waiting["job_id"], &ana).await;
    assert_eq!(app.balance(&ana).await, 14, "its owner is paid back");
    assert_eq!(
        cancel(&admin, &first["job_id"]).await.status,
        StatusCode::OK
    );
    assert_eq!(app.ended(&ana, job).await["status"], "cancelled");
    assert_eq!(app.balance(&ana).await, 15);
    assert_eq!(app.balance(&admin).await, 15, "and nobody else");
    // One that has ended stays as it is, and leaves no entry.
    let before = events(&app, &admin, "job.cancel").await.len();
    assert_eq!(
        cancel(&admin, &first["job_id"]).await.json()["status"],
        "cancelled"
    );
    assert_eq!(events(&app, &admin, "job.cancel").await.len(), before);
    cancel(&admin, &first["id"]).await.problem(404, "not_found");
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_delete_anybodys_models_and_data_sets() {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    let ana = app.register("ana").await;
    let ben = app.register("ben").await;
    let dataset = app.sample(&ana, "iris").await;
    let training =
        json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "decision_tree" });
    let model = app.train(&ana, training.clone()).await.json();
    let predictions = format!(
        "/api/v1/models/{}/predictions",
        model["id"].as_str().unwrap()
    );
    let predict = || {
        app.post(&predictions)
            .by(&ana)
            .json(json!({ "rows": [{}] }))
            .send()
    };
    assert_eq!(
        predict().await.status,
        StatusCode::OK,
        "it is kept ready now"
    );
    let (models, datasets) = (
        path("models", &model["id"]),
        path("datasets", &dataset["id"]),
    );

    let key = |scope: &'static str| {
        let wish = json!({ "name": scope, "scopes": [scope] });
        let call = app.post("/api/v1/me/api-keys").by(&admin).json(wish);
        let admin = admin.clone();
        async move {
            let token = call.send().await.json()["key"].as_str().unwrap().to_owned();
            Person { token, ..admin }
        }
    };
    let (train, all) = (key("train").await, key("admin").await);
    for other in [&ana, &ben, &train] {
        for path in [&models, &datasets] {
            delete(&app, other, path).await.problem(403, "forbidden");
        }
    }
    let stored = async || {
        let stats = app.get("/api/v1/admin/stats").by(&admin).send().await;
        stats.json()["now"]["storage_bytes"].as_u64().unwrap()
    };
    let before = stored().await;
    assert_eq!(
        delete(&app, &admin, &models).await.status,
        StatusCode::NO_CONTENT
    );
    remembered(&app, &admin, "model.delete", &model["id"], &ana).await;
    predict().await.problem(404, "not_found");
    let between = stored().await;
    assert!(between < before, "the model's bytes are gone");
    // A key of an administrator for running the place does it too.
    assert_eq!(
        delete(&app, &all, &datasets).await.status,
        StatusCode::NO_CONTENT
    );
    remembered(&app, &admin, "dataset.delete", &dataset["id"], &ana).await;
    assert_eq!(stored().await, 0);
    for list in ["models", "datasets"] {
        let list = app.get(&format!("/api/v1/{list}")).by(&ana).send().await;
        assert_eq!(list.json()["items"], json!([]));
    }
    for path in [models, datasets] {
        delete(&app, &admin, &path).await.problem(404, "not_found");
    }
    // A training that runs is cancelled with its model, and paid back.
    let model = long_training(&app, &ana).await;
    running(&app, &ana, model["job_id"].as_str().unwrap()).await;
    let balance = app.balance(&ana).await;
    let ended = delete(&app, &admin, &path("models", &model["id"])).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    assert_eq!(app.balance(&ana).await, balance + 1);
    // The right counts now, not when the session began.
    let other = app.register("other").await;
    let account = format!("/api/v1/admin/users/{}", other.id);
    let role = |role: &str| {
        let call = app.call(Method::PATCH, &account).by(&admin);
        call.json(json!({ "role": role })).send()
    };
    role("admin").await;
    let other = Person::of(&app.log_in("other", PASSWORD).send().await);
    delete(&app, &other, &path("models", &model["id"]))
        .await
        .problem(404, "not_found");
    role("user").await;
    delete(&app, &other, &path("models", &model["id"]))
        .await
        .problem(401, "unauthenticated");
    app.platform.stop().await;
}
