//! A data set read once more, with other kinds of columns or from another part of its file.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::app::{Answer, Person, TestApp};
use crate::workbook::workbook;

/// Sixty homes: a number that is a name of places, a few marks that are no numbers, and what is to be predicted.
fn homes() -> String {
    let mut text = "zip,rooms,mark,price\n".to_owned();
    for row in 0..60 {
        let mark = match row % 20 {
            7 => "many".to_owned(),
            _ => (row % 5).to_string(),
        };
        let (zip, rooms) = (1000 + row % 4, 1 + row % 6);
        let price = 100 * rooms + 30 * (row % 4);
        text.push_str(&format!("{zip},{rooms},{mark},{price}\n"));
    }
    text
}

fn at(dataset: &Value) -> String {
    format!("/api/v1/datasets/{}", dataset["id"].as_str().unwrap())
}

async fn change(app: &TestApp, ana: &Person, path: &str, body: Value) -> Answer {
    let call = app.post(&format!("{path}/schema")).by(ana);
    call.header("prefer", "wait=60").json(body).send().await
}

async fn get(app: &TestApp, ana: &Person, path: &str) -> Value {
    let answer = app.get(path).by(ana).send().await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {answer:?}");
    answer.json()
}

fn kinds(schema: &Value) -> Vec<(&str, bool)> {
    let columns = schema["columns"].as_array().unwrap().iter();
    let columns = columns.map(|column| (column["kind"].as_str().unwrap(), column["set"] == true));
    columns.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_change_their_kinds_and_models_stay_as_they_are() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let path = at(&app.upload(&ana, "homes.csv", homes()).await.json());
    let first = get(&app, &ana, &format!("{path}/schema")).await;
    assert_eq!(first["revision"], 1);
    assert_eq!(
        kinds(&first),
        [
            ("integer", false),
            ("integer", false),
            ("category", false),
            ("integer", false)
        ]
    );
    let id = get(&app, &ana, &path).await["id"].clone();
    let request = json!({ "dataset_id": id, "target": "price", "algorithm": "linear_regression", "name": "before" });
    let before = app.train(&ana, request.clone()).await.json();
    assert_eq!(before["status"], "ready", "{before}");
    let model = format!("/api/v1/models/{}", before["id"].as_str().unwrap());
    let report = get(&app, &ana, &format!("{model}/report")).await;

    let body = json!({ "kinds": { "zip": "category", "mark": "number" } });
    let changed = change(&app, &ana, &path, body).await;
    assert_eq!(changed.status, StatusCode::OK, "{changed:?}");
    let changed = changed.json();
    assert_eq!(
        (&changed["status"], &changed["revision"], &changed["rows"]),
        (&json!("ready"), &json!(2), &json!(60)),
        "{changed}"
    );
    let second = get(&app, &ana, &format!("{path}/schema")).await;
    assert_eq!(
        kinds(&second),
        [
            ("category", true),
            ("integer", false),
            ("number", true),
            ("integer", false)
        ]
    );
    let profile = get(&app, &ana, &format!("{path}/profile")).await;
    let warnings = profile["warnings"].as_array().unwrap();
    let unfit = warnings
        .iter()
        .find(|warning| warning["code"] == "unfit_cells");
    let detail = unfit.unwrap_or_else(|| panic!("{profile}"))["detail"]
        .as_str()
        .unwrap();
    assert!(
        detail.contains("3 cells of 'mark'") && detail.contains("'many'"),
        "{detail}"
    );
    let rows = get(
        &app,
        &ana,
        &format!("{path}/rows?limit=8&column=mark&operator=missing"),
    )
    .await;
    assert_eq!(
        (&rows["total"], &rows["rows"][0][0]),
        (&json!(3), &json!("1003"))
    );

    // What was trained before answers as before and finds its own rows again; what is trained now sees the new kinds.
    assert_eq!(get(&app, &ana, &format!("{model}/report")).await, report);
    let curve = get(
        &app,
        &ana,
        &format!("{model}/partial-dependence?column=zip"),
    )
    .await;
    assert!(curve.to_string().contains("1003"), "{curve}");
    let after = app.train(&ana, request).await.json();
    let signature = |model: &Value| {
        let columns = model["signature"].as_array().unwrap().clone();
        columns
            .iter()
            .find(|column| column["name"] == "zip")
            .unwrap()["kind"]
            .clone()
    };
    assert_eq!(signature(&after), "category");
    let before = get(&app, &ana, &model).await;
    assert_eq!(signature(&before), "integer");

    // Back to what the values suggest.
    let back = json!({ "kinds": { "zip": null, "mark": null } });
    let back = change(&app, &ana, &path, back).await.json();
    assert_eq!(back["revision"], 3, "{back}");
    let third = get(&app, &ana, &format!("{path}/schema")).await;
    assert_eq!(kinds(&third), kinds(&first));
    assert_eq!(get(&app, &ana, &format!("{model}/report")).await, report);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_that_fails_leaves_what_was_read_before() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let book = workbook(&[("Notes", 1), ("Sales", 30)]);
    let call = app.post("/api/v1/datasets?file_name=book.xlsx").by(&ana);
    let call = call.header("prefer", "wait=60").body(book);
    let failed = call.send().await.json();
    assert_eq!(failed["status"], "failed", "a header only: {failed}");
    let path = at(&failed);
    let mended = change(&app, &ana, &path, json!({ "sheet": "Sales" }))
        .await
        .json();
    assert_eq!(
        (&mended["status"], &mended["rows"], &mended["error"]),
        (&json!("ready"), &json!(29), &Value::Null),
        "{mended}"
    );
    let profile = get(&app, &ana, &format!("{path}/profile")).await;
    assert_eq!(
        (&profile["sheet"], &profile["sheets"]),
        (&json!("Sales"), &json!(["Notes", "Sales"]))
    );
    let worse = change(&app, &ana, &path, json!({ "sheet": "Notes" }))
        .await
        .json();
    assert_eq!(
        (&worse["status"], &worse["rows"], &worse["revision"]),
        (&json!("ready"), &json!(29), &mended["revision"]),
        "{worse}"
    );
    let job = app.ended(&ana, worse["job_id"].as_str().unwrap()).await;
    assert_eq!(
        (&job["status"], &job["error"]["code"]),
        (&json!("failed"), &json!("unreadable_file")),
        "{job}"
    );
    let rows = get(&app, &ana, &format!("{path}/rows")).await;
    assert_eq!(rows["total"], 29);
    let schema = get(&app, &ana, &format!("{path}/schema")).await;
    assert_eq!(schema["settings"]["sheet"], "Sales");
    let again = change(&app, &ana, &path, json!({ "header": false }))
        .await
        .json();
    assert_eq!(
        (&again["status"], &again["rows"]),
        (&json!("ready"), &json!(30))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_that_makes_no_sense_is_refused() {
    let app = TestApp::start().await;
    let (ana, ben) = (app.register("ana").await, app.register("ben").await);
    let path = at(&app.upload(&ana, "homes.csv", homes()).await.json());
    for (body, pointer) in [
        (json!({}), ""),
        (json!({ "kinds": {} }), ""),
        (json!({ "kinds": { "zip": null } }), ""),
        (json!({ "kinds": { "nothing": "text" } }), "/kinds/nothing"),
        (json!({ "kinds": { "zip": "colour" } }), "/kinds/zip"),
        (json!({ "kinds": { "zip": 3 } }), "/kinds/zip"),
        (json!({ "delimiter": "&" }), "/delimiter"),
        (json!({ "encoding": "ebcdic" }), "/encoding"),
        (json!({ "decimal": "-" }), "/decimal"),
        (json!({ "sheet": "Sales" }), "/sheet"),
        (json!({ "header": "yes" }), "/header"),
        (json!({ "colour": 1 }), "/colour"),
    ] {
        let said = change(&app, &ana, &path, body.clone()).await;
        let problem = said.problem(422, "validation");
        let errors = &problem["errors"];
        assert_eq!(errors[0]["pointer"], pointer, "{body}: {problem}");
    }
    let other = change(&app, &ben, &path, json!({ "kinds": { "zip": "text" } })).await;
    other.problem(404, "not_found");
    let other = app.get(&format!("{path}/schema")).by(&ben).send().await;
    other.problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_set_is_read_once_at_a_time() {
    let app = TestApp::with(|options| options.workers = 0).await;
    app.set_up().await;
    let ana = app.register("ana").await;
    let call = app.post("/api/v1/datasets?file_name=homes.csv").by(&ana);
    let waiting = call.body(homes()).send().await;
    assert_eq!(waiting.status, StatusCode::ACCEPTED, "{waiting:?}");
    let path = at(&waiting.json());
    let call = app.post(&format!("{path}/schema")).by(&ana);
    let early = call
        .json(json!({ "kinds": { "zip": "text" } }))
        .send()
        .await;
    early.problem(409, "conflict");
    assert_eq!(
        get(&app, &ana, &format!("{path}/schema")).await["columns"],
        json!([])
    );
}
