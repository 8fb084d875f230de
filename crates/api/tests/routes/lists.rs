//! Lists that are narrowed and put in order, the days of administrators, and whom people ask.

use axum::http::Method;
use serde_json::{Value, json};

use crate::app::{Answer, PASSWORD, Person, TestApp};
use crate::asking::{ask, fruit, fruit_model, rich};

async fn list(app: &TestApp, person: &Person, path: &str) -> Answer {
    app.get(&format!("/api/v1/{path}")).by(person).send().await
}

fn names(answer: &Answer) -> Vec<String> {
    let list = answer.json();
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|item| item["name"].as_str().unwrap().to_owned())
        .collect()
}

async fn administrator(app: &TestApp) -> Person {
    Person::of(&app.log_in("admin@example.com", PASSWORD).send().await)
}

#[tokio::test(flavor = "multi_thread")]
async fn data_sets_come_in_any_order_page_by_page() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    let wide = format!("a,b,{}\n1,2,{}\n3,4,5\n", "c".repeat(90), "9".repeat(15));
    for (name, text) in [
        ("middle", fruit(40)),
        ("wide", wide.clone()),
        ("tall", fruit(90)),
        ("also wide", wide),
        ("broken", "a,b\n".to_owned() + &"1,2\n".repeat(3)),
    ] {
        let path = format!("/api/v1/datasets?name={}", name.replace(' ', "%20"));
        let call = app.post(&path).by(&ana).header("prefer", "wait=60");
        call.body(text).send().await;
    }
    for (query, expected) in [
        ("", "broken, also wide, tall, wide, middle"),
        ("sort=newest", "broken, also wide, tall, wide, middle"),
        ("sort=oldest", "middle, wide, tall, also wide, broken"),
        ("sort=name", "also wide, broken, middle, tall, wide"),
        ("sort=rows", "tall, middle, broken, also wide, wide"),
        ("sort=size", "tall, middle, also wide, wide, broken"),
        ("sort=rows&search=wide", "also wide, wide"),
        (
            "status=ready&sort=name",
            "also wide, broken, middle, tall, wide",
        ),
        ("status=failed", ""),
    ] {
        let whole = list(&app, &ana, &format!("datasets?{query}")).await;
        assert_eq!(names(&whole).join(", "), expected, "{query}");
        // The same in pages of two.
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = list(
                &app,
                &ana,
                &format!("datasets?{query}&limit=2&cursor={cursor}"),
            )
            .await;
            found.extend(names(&page));
            match page.json()["next_cursor"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(found.join(", "), expected, "{query} in pages");
    }
    let wrong = list(&app, &ana, "datasets?sort=colour").await;
    wrong.problem(422, "validation");
    let wrong = list(&app, &ana, "datasets?status=lost").await;
    wrong.problem(400, "bad_request");
    let by_rows = list(&app, &ana, "datasets?sort=rows&limit=2").await.json();
    let cursor = by_rows["next_cursor"].as_str().unwrap();
    let foreign = list(&app, &ana, &format!("datasets?sort=size&cursor={cursor}")).await;
    foreign.problem(422, "validation");
}

#[tokio::test(flavor = "multi_thread")]
async fn models_are_narrowed_by_what_they_predict_and_how() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    fruit_model(&app, &ana, "decision_tree").await;
    fruit_model(&app, &ana, "dummy").await;
    let dataset = list(&app, &ana, "datasets").await.json()["items"][0]["id"].clone();
    let request = json!({ "dataset_id": dataset, "target": "weight", "algorithm": "dummy" });
    assert_eq!(app.train(&ana, request).await.json()["status"], "ready");
    for (query, count) in [
        ("", 3),
        ("task=classification", 2),
        ("task=regression", 1),
        ("algorithm=dummy", 2),
        ("algorithm=dummy&task=classification", 1),
        ("algorithm=svm", 0),
        ("algorithm=", 3),
        ("algorithm=%27%20or%201%3D1", 0),
        ("algorithm=%00", 0),
    ] {
        let found = list(&app, &ana, &format!("models?{query}")).await;
        assert_eq!(names(&found).len(), count, "{query}");
    }
    let wrong = list(&app, &ana, "models?task=guessing").await;
    wrong.problem(400, "bad_request");
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_see_the_use_of_each_day() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    let admin = administrator(&app).await;
    let model = fruit_model(&app, &ana, "dummy").await;
    let row = json!({ "rows": [{ "weight": 5, "colour": "red", "ripe": "yes" }] });
    for _ in 0..3 {
        assert!(
            ask(&app, &ana, &model, row.clone())
                .await
                .status
                .is_success()
        );
    }
    list(&app, &ana, "admin/stats/days")
        .await
        .problem(403, "forbidden");
    let daily = list(&app, &admin, "admin/stats/days?days=7").await.json();
    let days = daily["days"].as_array().unwrap();
    assert_eq!(days.len(), 7, "{daily}");
    assert!(
        days.is_sorted_by_key(|day| day["day"].as_str().unwrap()),
        "{daily}"
    );
    let sum = |field: &str| -> u64 { days.iter().map(|day| day[field].as_u64().unwrap()).sum() };
    // Midnight may have passed since the first of them.
    assert_eq!(
        (sum("predictions"), sum("trainings"), sum("tokens")),
        (3, 1, 16),
        "{daily}"
    );
    assert!(
        sum("refused") >= 1,
        "what ana asked here was refused: {daily}"
    );
    let last = days.iter().rev().take(2);
    let most: u64 = last.map(|day| day["active_users"].as_u64().unwrap()).sum();
    assert!((2..=4).contains(&most), "{daily}");
    assert_eq!(days[0]["active_users"], 0, "{daily}");
    let spender = &daily["spenders"][0];
    assert_eq!(
        (&spender["user"]["name"], &spender["tokens"]),
        (&json!("ana"), &json!(16)),
        "{daily}"
    );
    let usual = list(&app, &admin, "admin/stats/days").await.json();
    assert_eq!(usual["days"].as_array().unwrap().len(), 30);
    for (days, status, code) in [
        ("0", 422, "validation"),
        ("367", 422, "validation"),
        ("-1", 400, "bad_request"),
        ("many", 400, "bad_request"),
    ] {
        let wrong = list(&app, &admin, &format!("admin/stats/days?days={days}")).await;
        wrong.problem(status, code);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_delete_anybodys_batch() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    let admin = administrator(&app).await;
    let model = fruit_model(&app, &ana, "dummy").await;
    let path = format!("/api/v1/models/{model}/batch-predictions");
    let call = app.post(&path).by(&ana).header("prefer", "wait=60");
    let batch = call
        .body("weight,colour,ripe\n1,red,yes\n")
        .send()
        .await
        .json();
    let path = format!("admin/batch-predictions/{}", batch["id"].as_str().unwrap());
    let delete = async |person: &Person, path: &str| {
        let call = app.call(Method::DELETE, &format!("/api/v1/{path}"));
        call.by(person).send().await
    };
    delete(&ana, &path).await.problem(403, "forbidden");
    assert_eq!(delete(&admin, &path).await.status.as_u16(), 204);
    delete(&admin, &path).await.problem(404, "not_found");
    let left = list(&app, &ana, "batch-predictions").await.json();
    assert_eq!(left["items"], json!([]));
    let events = list(&app, &admin, "admin/audit-events?action=batch.delete")
        .await
        .json();
    assert_eq!(events["items"][0]["details"]["owner"], ana.id, "{events}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_to_ask_is_told_to_everybody() {
    let app = TestApp::start().await;
    let admin = administrator(&app).await;
    let told = async || {
        let public = app.get("/api/v1/settings/public").send().await;
        public.json()["contact"].clone()
    };
    let set = async |contact: Value| {
        let call = app.call(Method::PATCH, "/api/v1/admin/settings").by(&admin);
        call.json(json!({ "contact": contact })).send().await
    };
    assert_eq!(told().await, "");
    let contact = "Ana <b>Weiß</b>, room 12, ana@example.com";
    let answer = set(json!(contact)).await.json();
    let items = answer["items"].as_array().unwrap();
    let item = items.iter().find(|item| item["key"] == "contact").unwrap();
    assert_eq!(
        (&item["kind"], &item["value"], &item["default"]),
        (&json!("text"), &json!(contact), &json!("")),
        "{item}"
    );
    assert_eq!(told().await, contact);
    for wrong in [json!(5), json!(null), json!("a\nb"), json!("x".repeat(201))] {
        set(wrong).await.problem(422, "validation");
    }
    assert_eq!(told().await, contact);
    let server = &list(&app, &admin, "admin/settings").await.json()["server"];
    assert!(
        ["sqlite", "postgresql"].contains(&server["engine"].as_str().unwrap()),
        "{server}"
    );
    assert!(server["cores"].as_u64().unwrap() >= 1, "{server}");
    assert!(!server.to_string().contains("postgres://"), "{server}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_read_as_its_owner_says_from_the_beginning() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    // Looked at, it has commas between cells and points before fractions.
    let text = "1;2,5|a\n3;4,5|b\n5;6,5|c\n";
    let form = "delimiter=%3B&decimal=%2C&header=false";
    let path = format!("/api/v1/datasets/preview?file_name=a.csv&{form}");
    let shown = app.post(&path).by(&ana).body(text).send().await.json();
    assert_eq!(
        (&shown["delimiter"], &shown["header"], &shown["decimal"]),
        (&json!(";"), &json!(false), &json!(",")),
        "{shown}"
    );
    assert_eq!(shown["columns"].as_array().unwrap().len(), 2, "{shown}");
    let path = format!("/api/v1/datasets?file_name=a.csv&{form}");
    let call = app.post(&path).by(&ana).header("prefer", "wait=60");
    let dataset = call.body(text).send().await.json();
    assert_eq!(
        (&dataset["rows"], &dataset["columns"]),
        (&json!(3), &json!(2)),
        "{dataset}"
    );
    let id = dataset["id"].as_str().unwrap();
    let schema = list(&app, &ana, &format!("datasets/{id}/schema"))
        .await
        .json();
    assert_eq!(
        schema["settings"],
        json!({ "sheet": null, "delimiter": ";", "encoding": null, "decimal": ",", "header": false })
    );
    for (query, pointer) in [
        ("delimiter=x", "/delimiter"),
        ("header=perhaps", "/header"),
        ("decimal=;", "/decimal"),
        ("encoding=ebcdic", "/encoding"),
        ("sheet=2024", "/sheet"),
    ] {
        let path = format!("/api/v1/datasets?file_name=a.csv&{query}");
        let refused = app
            .post(&path)
            .by(&ana)
            .body("a,b\n1,2\n3,4\n")
            .send()
            .await;
        let problem = refused.problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    let kept = list(&app, &ana, "datasets").await;
    assert_eq!(names(&kept).len(), 1, "what was refused is not kept");
}
