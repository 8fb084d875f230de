//! Data sets: every sample, other formats, and what can be done with one.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::workbook::workbook;

/// Every sample is what its line says, and can be trained on and asked.
#[tokio::test(flavor = "multi_thread")]
async fn every_sample_trains_and_predicts() {
    let app = TestApp::with(|options| options.threads = 2).await;
    let admin = json!({ "email": "admin@example.com", "password": crate::app::PASSWORD, "starting_tokens": 1_000 });
    let ana = crate::app::Person::of(&app.post("/api/v1/setup").json(admin).send().await);
    let samples = app.get("/api/v1/samples").by(&ana).send().await.json();
    let samples = samples["items"].as_array().unwrap().clone();
    assert_eq!(samples.len(), 9);
    for sample in samples {
        let name = sample["name"].as_str().unwrap();
        let dataset = app.sample(&ana, name).await;
        assert_eq!(
            (&dataset["rows"], &dataset["columns"]),
            (&sample["rows"], &sample["columns"]),
            "{name}"
        );
        let linear = if sample["task"] == "regression" {
            "linear_regression"
        } else {
            "logistic_regression"
        };
        let (rows, target) = (
            format!(
                "/api/v1/datasets/{}/rows?limit=3",
                dataset["id"].as_str().unwrap()
            ),
            &sample["target"],
        );
        let rows = app.get(&rows).by(&ana).send().await.json();
        for (algorithm, params) in [
            ("random_forest", json!({ "n_estimators": 5 })),
            (linear, json!({})),
        ] {
            let request = json!({ "dataset_id": dataset["id"], "target": target, "algorithm": algorithm, "params": params });
            let model = app.train(&ana, request).await.json();
            assert_eq!(model["status"], "ready", "{name} {algorithm}: {model}");
            assert_eq!(model["task"], sample["task"], "{name}");
            let columns = rows["columns"].as_array().unwrap();
            let asked: Vec<Value> = rows["rows"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| {
                    let cells = columns
                        .iter()
                        .zip(row.as_array().unwrap())
                        .filter(|(column, _)| column["name"] != *target);
                    cells
                        .map(|(column, cell)| {
                            (column["name"].as_str().unwrap().to_owned(), cell.clone())
                        })
                        .collect::<serde_json::Map<_, _>>()
                        .into()
                })
                .collect();
            let path = format!(
                "/api/v1/models/{}/predictions",
                model["id"].as_str().unwrap()
            );
            let answer = app
                .post(&path)
                .by(&ana)
                .json(json!({ "rows": asked, "proba": true }))
                .send()
                .await;
            assert_eq!(
                answer.status,
                StatusCode::OK,
                "{name} {algorithm}: {answer:?}"
            );
            let answer = answer.json();
            assert_eq!(answer["predictions"].as_array().unwrap().len(), 3);
            assert_eq!(
                answer["predictions"][0]["value"].is_number(),
                sample["task"] == "regression",
                "{name}: {answer}"
            );
            assert_eq!(
                answer["predictions"][0]["probabilities"].is_object(),
                sample["task"] != "regression",
                "{name}: {answer}"
            );
        }
    }
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_shows_how_a_file_would_be_read() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let preview = |body: &'static [u8]| {
        app.post("/api/v1/datasets/preview?file_name=a.csv")
            .by(&ana)
            .body(body)
            .send()
    };
    let shown = preview("name;preis\nÄpfel;1,5\nBirnen;2,25\n".as_bytes())
        .await
        .json();
    assert_eq!(
        (&shown["delimiter"], &shown["decimal"], &shown["encoding"]),
        (&json!(";"), &json!(","), &json!("utf-8"))
    );
    assert_eq!(shown["columns"][1]["kind"], "number");
    assert_eq!(shown["rows"][0][0], "Äpfel");
    preview(b"").await.problem(422, "unreadable_file");
    let big = app
        .post("/api/v1/datasets/preview")
        .by(&ana)
        .body(vec![b'1'; (4 << 20) + 1])
        .send()
        .await;
    big.problem(413, "payload_too_large");
    let list = app.get("/api/v1/datasets").by(&ana).send().await.json();
    assert_eq!(list["items"], json!([]));
    assert_eq!(app.balance(&ana).await, 15);
}

#[tokio::test(flavor = "multi_thread")]
async fn data_sets_are_listed_renamed_and_deleted() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    for name in ["alpha", "beta", "gamma"] {
        let answer = app
            .upload(&ana, &format!("{name}.csv"), "a,b\n1,x\n2,y\n")
            .await;
        assert_eq!(answer.json()["name"], name);
    }
    let first = app
        .get("/api/v1/datasets?limit=2")
        .by(&ana)
        .send()
        .await
        .json();
    let names = |page: &Value| {
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&first), ["gamma", "beta"]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = app
        .get(&format!("/api/v1/datasets?limit=2&cursor={cursor}"))
        .by(&ana)
        .send()
        .await
        .json();
    assert_eq!(names(&second), ["alpha"]);
    assert!(second["next_cursor"].is_null());
    let found = app
        .get("/api/v1/datasets?search=BET")
        .by(&ana)
        .send()
        .await
        .json();
    assert_eq!(names(&found), ["beta"]);

    let path = format!(
        "/api/v1/datasets/{}",
        found["items"][0]["id"].as_str().unwrap()
    );
    let script = "<img src=x onerror=alert(1)>";
    let renamed = app
        .call(Method::PATCH, &path)
        .by(&ana)
        .json(json!({ "name": script }))
        .send()
        .await
        .json();
    assert_eq!(renamed["name"], script, "names are data, not markup");
    for name in ["", "  ", "a\nb", "a\u{0}b"] {
        app.call(Method::PATCH, &path)
            .by(&ana)
            .json(json!({ "name": name }))
            .send()
            .await
            .problem(422, "validation");
    }
    let gone = app.call(Method::DELETE, &path).by(&ana).send().await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    app.get(&path)
        .by(&ana)
        .send()
        .await
        .problem(404, "not_found");
    app.get(&format!("{path}/rows"))
        .by(&ana)
        .send()
        .await
        .problem(404, "not_found");
    app.call(Method::DELETE, &path)
        .by(&ana)
        .send()
        .await
        .problem(404, "not_found");
    let profile = format!(
        "/api/v1/datasets/{}/profile?target=nothing",
        second["items"][0]["id"].as_str().unwrap()
    );
    app.get(&profile)
        .by(&ana)
        .send()
        .await
        .problem(422, "validation");
}

/// A workbook made by a spreadsheet program's rules is a data set like any other; of another sheet when that is asked for.
#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_is_read_from_the_sheet_that_is_asked_for() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let book = workbook(&[("Notes", 1), ("Sales", 30)]);
    let call = app.post("/api/v1/datasets?file_name=book.xlsx").by(&ana);
    let first = call.header("prefer", "wait=60").body(book.clone());
    let first = first.send().await.json();
    assert_eq!(
        first["status"], "failed",
        "one row is a header only: {first}"
    );
    let path = "/api/v1/datasets?file_name=book.xlsx&sheet=Sales";
    let call = app.post(path).by(&ana).header("prefer", "wait=60");
    let sales = call.body(book.clone()).send().await.json();
    assert_eq!(
        (&sales["status"], &sales["rows"], &sales["format"]),
        (&json!("ready"), &json!(29), &json!("xlsx")),
        "{sales}"
    );
    let preview = app.post("/api/v1/datasets/preview?sheet=Sales").by(&ana);
    let preview = preview.body(book.clone()).send().await.json();
    assert_eq!(
        (&preview["format"], &preview["rows"][0][1]),
        (&json!("xlsx"), &json!("1.5")),
        "{preview}"
    );
    let cut = app
        .upload(&ana, "book.xlsx", &book[..book.len() - 30])
        .await;
    cut.problem(422, "unreadable_file");
}
