//! What a file holds, seen before it is brought or paid for: sheets of workbooks, and Parquet files of any size by their end.

use axum::http::Method;
use serde_json::json;

use crate::app::{Person, TestApp};
use crate::asking::{fruit_model, rich};
use crate::workbook::workbook;

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_names_its_sheets() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let book = workbook(&[("Notes", 0), ("2023", 12), ("2024 and 2025", 30)]);
    for (query, sheet) in [
        ("", "2023"),
        ("sheet=", "2023"),
        ("sheet=2024%20and%202025", "2024 and 2025"),
    ] {
        let path = format!("/api/v1/datasets/preview?file_name=b.xlsx&{query}");
        let shown = app
            .post(&path)
            .by(&ana)
            .body(book.clone())
            .send()
            .await
            .json();
        assert_eq!(
            (&shown["sheet"], &shown["sheets"]),
            (&json!(sheet), &json!(["Notes", "2023", "2024 and 2025"])),
            "{query}: {shown}"
        );
    }
    let path = "/api/v1/datasets/preview?sheet=2022";
    let absent = app.post(path).by(&ana).body(book).send().await;
    let problem = absent.problem(422, "unreadable_file");
    assert!(
        problem["detail"].as_str().unwrap().contains("'2023'"),
        "{problem}"
    );
    let path = "/api/v1/datasets/preview?file_name=a.csv";
    let text = app
        .post(path)
        .by(&ana)
        .body("a,b\n1,2\n")
        .send()
        .await
        .json();
    assert!(
        text.get("sheets").is_none() && text.get("sheet").is_none(),
        "{text}"
    );
}

/// Its directory stands at the end and needs nothing of what is before.
#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_parquet_file_tells_its_columns_and_rows() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    let model = fruit_model(&app, &ana, "decision_tree").await;
    let path = format!("/api/v1/models/{model}/batch-predictions?format=parquet&proba=true");
    let rows = "colour,weight,ripe\n".to_owned() + &"red,120,yes\n".repeat(700);
    let call = app.post(&path).by(&ana).header("prefer", "wait=60");
    let batch = call.body(rows).send().await.json();
    let path = format!(
        "/api/v1/batch-predictions/{}/result",
        batch["id"].as_str().unwrap()
    );
    let file = app.get(&path).by(&ana).send().await.bytes;
    let length: [u8; 4] = file[file.len() - 8..file.len() - 4].try_into().unwrap();
    let directory = u32::from_le_bytes(length) as usize + 8;
    assert!(directory < file.len());

    let end = |bytes: &[u8], by: &Person| {
        let call = app.post("/api/v1/datasets/preview?part=end").by(by);
        call.body(bytes).send()
    };
    let shown = end(&file[file.len() - directory..], &ana).await.json();
    assert_eq!(
        (&shown["format"], &shown["row_count"], &shown["rows"]),
        (&json!("parquet"), &json!(700), &json!([])),
        "{shown}"
    );
    let whole = app
        .post("/api/v1/datasets/preview")
        .by(&ana)
        .body(file.clone());
    let whole = whole.send().await.json();
    assert_eq!(whole["row_count"], 700);
    assert_eq!(whole["columns"], shown["columns"]);
    assert_eq!(shown["columns"][0]["kind"], "category", "{shown}");

    let few = end(&file[file.len() - directory + 1..], &ana).await;
    let few = few.problem(422, "unreadable_file");
    let detail = few["detail"].as_str().unwrap();
    assert!(
        detail.contains(&format!("its last {directory} bytes")),
        "{detail}"
    );
    for (bytes, why) in [
        (&b""[..], "nothing"),
        (b"PAR1", "too short"),
        (b"a,b\n1,2\n3,4\n5,6\n", "another format"),
        (&file[..file.len() - 1], "cut off"),
        (b"\xff\xff\xff\xff\x04\x00\x00\x00PAR1", "nonsense"),
        (
            b"\x15\x04\x19\xfc\xff\xff\xff\xff\x0f\x48\x09\x00\x00\x00PAR1",
            "a list without end",
        ),
    ] {
        let answer = end(bytes, &ana).await;
        assert_eq!(answer.status.as_u16(), 422, "{why}: {answer:?}");
        answer.problem(422, "unreadable_file");
    }
    let path = "/api/v1/datasets/preview?part=middle";
    let odd = app.post(path).by(&ana).body(file.clone()).send().await;
    assert_eq!(
        odd.problem(422, "validation")["errors"][0]["pointer"],
        "/part"
    );

    // Who may only ask models sees the file that is to be answered, too.
    let admin = app.log_in("admin@example.com", crate::app::PASSWORD);
    let admin = Person::of(&admin.send().await);
    let ben = app.register("ben").await;
    let path = format!("/api/v1/admin/users/{}", ben.id);
    let role = app
        .call(Method::PATCH, &path)
        .by(&admin)
        .json(json!({ "role": "analyst" }));
    assert!(role.send().await.status.is_success());
    let ben = Person::of(&app.log_in("ben", crate::app::PASSWORD).send().await);
    assert_eq!(end(&file, &ben).await.json()["row_count"], 700);
}
