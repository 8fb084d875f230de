//! Rows of a data set as a person looks through them: sorted by a column, filtered by one, page by page.

use serde_json::{Value, json};

use crate::app::{Person, TestApp};

/// Gaps, equal values, capitals, accents, days and moments, yes and no.
const VISITS: &str = "\
name,visits,city,since,member,weight
Ana,3,Oslo,2024-02-29,yes,61.5
ben,12,,2024-03-01,no,
Änne,3,bergen,2023-12-31,yes,70
Cleo,,Oslo,,no,55.25
dora,7,Bergen,2024-02-28,yes,80.5
Éva,3,Tromsø,2024-03-15,no,61.5
";

async fn visits(app: &TestApp, ana: &Person) -> String {
    let dataset = app.upload(ana, "visits.csv", VISITS).await.json();
    assert_eq!(dataset["status"], "ready", "{dataset}");
    format!("/api/v1/datasets/{}", dataset["id"].as_str().unwrap())
}

fn names(page: &Value) -> Vec<&str> {
    let rows = page["rows"].as_array().unwrap_or_else(|| panic!("{page}"));
    rows.iter().map(|row| row[0].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_come_in_the_order_of_any_column_with_gaps_last() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let path = visits(&app, &ana).await;
    for (query, expected) in [
        ("", "Ana ben Änne Cleo dora Éva"),
        ("sort=visits", "Ana Änne Éva dora ben Cleo"),
        ("sort=visits&order=desc", "ben dora Ana Änne Éva Cleo"),
        ("sort=city", "dora Änne Ana Cleo Éva ben"),
        ("sort=city&order=desc", "Éva Ana Cleo Änne dora ben"),
        ("sort=since&order=asc", "Änne dora Ana ben Éva Cleo"),
        ("sort=member&order=desc", "Ana Änne dora ben Cleo Éva"),
        ("sort=weight&order=desc", "dora Änne Ana Éva Cleo ben"),
        (
            "sort=&order=&column=&operator=&value=",
            "Ana ben Änne Cleo dora Éva",
        ),
    ] {
        let page = app.get(&format!("{path}/rows?{query}")).by(&ana);
        let page = page.send().await.json();
        assert_eq!(names(&page).join(" "), expected, "{query}");
        assert_eq!(
            (&page["total"], &page["dataset_rows"]),
            (&json!(6), &json!(6))
        );
        // Pages put together are the whole, whatever they cut.
        let mut pieces = Vec::new();
        for offset in 0..4 {
            let query = format!("{path}/rows?{query}&limit=2&offset={}", offset * 2);
            let piece = app.get(&query).by(&ana).send().await.json();
            pieces.extend(piece["positions"].as_array().unwrap().clone());
        }
        assert_eq!(json!(pieces), page["positions"], "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_filtered_by_what_suits_their_column() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let path = visits(&app, &ana).await;
    for (query, expected) in [
        ("column=visits&operator=equals&value=3", "Ana Änne Éva"),
        ("column=visits&operator=at_least&value=6.5", "ben dora"),
        ("column=weight&operator=at_most&value=61.5", "Ana Cleo Éva"),
        ("column=visits&operator=missing", "Cleo"),
        (
            "column=city&operator=not_missing&value=x",
            "Ana Änne Cleo dora Éva",
        ),
        ("column=city&operator=equals&value=bergen", "Änne"),
        ("column=city&operator=contains&value=BERG", "Änne dora"),
        ("column=city&operator=contains&value=%C3%98", "Éva"),
        ("column=member&operator=equals&value=yes", "Ana Änne dora"),
        ("column=since&operator=equals&value=2024-02-29", "Ana"),
        (
            "column=since&operator=at_most&value=2024-02",
            "Ana Änne dora",
        ),
        ("column=since&operator=at_least&value=2024-03-01", "ben Éva"),
        ("column=city&operator=equals&value=Atlantis", ""),
        (
            "column=visits&operator=equals&value=3&sort=since&order=desc",
            "Éva Ana Änne",
        ),
    ] {
        let page = app.get(&format!("{path}/rows?{query}")).by(&ana);
        let page = page.send().await.json();
        assert_eq!(names(&page).join(" "), expected, "{query}");
        let count = expected.split_whitespace().count();
        assert_eq!(page["total"], json!(count), "{query}");
        assert_eq!(page["dataset_rows"], 6);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_cannot_be_answered_says_which_part_is_wrong() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let path = visits(&app, &ana).await;
    for (query, pointer) in [
        ("sort=nothing", "/sort"),
        ("order=desc", "/sort"),
        ("sort=visits&order=up", "/order"),
        ("column=nothing&operator=missing", "/column"),
        ("operator=missing", "/column"),
        ("value=3", "/column"),
        ("column=visits", "/operator"),
        ("column=visits&operator=like&value=3", "/operator"),
        ("column=visits&operator=contains&value=3", "/operator"),
        ("column=city&operator=at_least&value=Oslo", "/operator"),
        ("column=member&operator=at_most&value=yes", "/operator"),
        ("column=visits&operator=equals", "/value"),
        ("column=visits&operator=equals&value=three", "/value"),
        ("column=visits&operator=at_least&value=inf", "/value"),
        ("column=since&operator=at_least&value=soon", "/value"),
    ] {
        let answer = app.get(&format!("{path}/rows?{query}")).by(&ana);
        let problem = answer.send().await.problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{query}");
    }
    // A page that begins far behind the end is empty, not wrong.
    let far = format!("{path}/rows?sort=visits&offset={}", usize::MAX);
    let far = app.get(&far).by(&ana).send().await.json();
    assert_eq!((&far["rows"], &far["total"]), (&json!([]), &json!(6)));
}
