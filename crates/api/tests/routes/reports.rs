//! Reports part by part, the rows behind a cell, what is worked out afterwards, and the page to keep.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::{Answer, Person, TestApp};

async fn trained(
    app: &TestApp,
    person: &Person,
    sample: &str,
    target: &str,
    algorithm: &str,
) -> (Value, String) {
    let dataset = app.sample(person, sample).await;
    let request = json!({ "dataset_id": dataset["id"], "target": target, "algorithm": algorithm, "name": sample });
    let model = app.train(person, request).await.json();
    assert_eq!(model["status"], "ready", "{model}");
    (
        dataset,
        format!("/api/v1/models/{}", model["id"].as_str().unwrap()),
    )
}

async fn part(app: &TestApp, person: &Person, path: &str) -> Value {
    let answer = app.get(path).by(person).send().await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {answer:?}");
    answer.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_part_of_a_report_has_an_address() {
    let app = TestApp::start().await;
    let (ana, ben) = (app.register("ana").await, app.register("ben").await);
    let (_, path) = trained(&app, &ana, "titanic", "survived", "decision_tree").await;
    let report = part(&app, &ana, &format!("{path}/report")).await;
    for (address, field) in [
        ("metrics", "metrics"),
        ("confusion-matrix", "confusion_matrix"),
        ("roc-curve", "roc"),
        ("pr-curve", "pr"),
        ("calibration", "calibration"),
        ("threshold-sweep", "threshold_sweep"),
        ("importance", "importance"),
        ("contenders", "contenders"),
    ] {
        let found = part(&app, &ana, &format!("{path}/{address}")).await;
        assert!(!found[field].is_null(), "{address}: {found}");
        assert_eq!(found[field], report[field], "{address}");
        app.get(&format!("{path}/{address}"))
            .by(&ben)
            .send()
            .await
            .problem(404, "not_found");
    }
    let absent = app.get(&format!("{path}/residuals")).by(&ana).send().await;
    let problem = absent.problem(409, "not_ready");
    assert!(
        problem["detail"].as_str().unwrap().contains("no residuals"),
        "{problem}"
    );
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cell_of_the_matrix_shows_its_rows() {
    let app = TestApp::start().await;
    let (ana, ben) = (app.register("ana").await, app.register("ben").await);
    let (dataset, path) = trained(&app, &ana, "titanic", "survived", "decision_tree").await;
    let matrix =
        part(&app, &ana, &format!("{path}/confusion-matrix")).await["confusion_matrix"].clone();
    let classes: Vec<&str> = matrix["classes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|class| class.as_str().unwrap())
        .collect();
    let mut all = 0;
    for (actual, counts) in classes.iter().zip(matrix["counts"].as_array().unwrap()) {
        for (predicted, count) in classes.iter().zip(counts.as_array().unwrap()) {
            let address = format!(
                "{path}/confusion-matrix/rows?actual={actual}&predicted={predicted}&limit=500"
            );
            let rows = part(&app, &ana, &address).await;
            assert_eq!(rows["total"], *count, "{actual} taken for {predicted}");
            let place = rows["columns"]
                .as_array()
                .unwrap()
                .iter()
                .position(|column| column["name"] == "survived")
                .unwrap();
            for row in rows["rows"].as_array().unwrap() {
                assert_eq!(row[place], **actual, "{row}");
            }
            all += rows["rows"].as_array().unwrap().len();
        }
    }
    let tested = part(&app, &ana, &format!("{path}/report")).await["rows"]["test"]
        .as_u64()
        .unwrap();
    assert_eq!(all as u64, tested, "every test row stands in one cell");
    let address = format!(
        "{path}/confusion-matrix/rows?actual={}&predicted={0}",
        classes[0]
    );
    let one = part(&app, &ana, &format!("{address}&limit=1&offset=1")).await;
    let two = part(&app, &ana, &format!("{address}&limit=2")).await;
    assert_eq!(one["rows"][0], two["rows"][1]);
    app.get(&address)
        .by(&ben)
        .send()
        .await
        .problem(404, "not_found");
    let wrong = app.get(&format!(
        "{path}/confusion-matrix/rows?actual=maybe&predicted={}",
        classes[0]
    ));
    let problem = wrong.by(&ana).send().await.problem(422, "validation");
    assert_eq!(problem["errors"][0]["pointer"], "/actual");
    app.get(&format!("{path}/confusion-matrix/rows"))
        .by(&ana)
        .send()
        .await
        .problem(422, "validation");

    let card = format!("/api/v1/datasets/{}", dataset["id"].as_str().unwrap());
    app.call(Method::DELETE, &card).by(&ana).send().await;
    let gone = app
        .get(&address)
        .by(&ana)
        .send()
        .await
        .problem(409, "not_ready");
    assert!(
        gone["detail"].as_str().unwrap().contains("no longer here"),
        "{gone}"
    );
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dependence_is_worked_out_once_and_outlives_the_data() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let (dataset, path) = trained(&app, &ana, "iris", "species", "random_forest").await;
    let address = format!("{path}/partial-dependence?column=petal_length_cm&points=12");
    let curve = part(&app, &ana, &address).await;
    let points = curve["grid"].as_array().unwrap().len();
    assert!((2..=12).contains(&points), "{curve}");
    assert_eq!(curve["outputs"], 3, "one probability a class");
    let mean: Vec<f64> = curve["mean"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| value.as_f64().unwrap())
        .collect();
    assert_eq!(mean.len(), points * 3);
    for at in mean.chunks(3) {
        assert!((at.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{at:?}");
    }
    assert!(mean[0] > mean[mean.len() - 3], "short petals are setosa");
    for (query, pointer) in [
        ("column=nothing", "/column"),
        ("column=species", "/column"),
        ("", "/column"),
        ("column=%00", "/column"),
        ("column=petal_length_cm&points=1", "/points"),
        ("column=petal_length_cm&points=100000", "/points"),
    ] {
        let answer = app
            .get(&format!("{path}/partial-dependence?{query}"))
            .by(&ana)
            .send()
            .await;
        let problem = answer.problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{query}");
    }
    let card = format!("/api/v1/datasets/{}", dataset["id"].as_str().unwrap());
    app.call(Method::DELETE, &card).by(&ana).send().await;
    assert_eq!(part(&app, &ana, &address).await, curve);
    let other = app
        .get(&format!(
            "{path}/partial-dependence?column=petal_length_cm&points=5"
        ))
        .by(&ana);
    other.send().await.problem(409, "not_ready");
    app.platform.stop().await;
}

/// The nodes and rules of a drawn tree belong together.
fn holds_together(drawn: &Value) {
    let nodes = drawn["nodes"].as_array().unwrap();
    let rows = |node: &Value| node["rows"].as_u64().unwrap();
    for node in nodes {
        let Some(children) = node["children"].as_array() else {
            continue;
        };
        let children: Vec<&Value> = children
            .iter()
            .map(|child| &nodes[child.as_u64().unwrap() as usize])
            .collect();
        assert_eq!(
            rows(node),
            children.iter().map(|child| rows(child)).sum::<u64>()
        );
        for child in children {
            assert_eq!(child["parent"], node["id"]);
            assert_eq!(child["condition"]["column"], node["column"]);
        }
    }
    let of_rules = drawn["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(rows)
        .sum::<u64>();
    if drawn["more_rules"] == 0 {
        assert_eq!(of_rules, rows(&nodes[0]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tree_is_drawn_in_the_words_of_its_columns() {
    let app = TestApp::start().await;
    let (ana, ben) = (app.register("ana").await, app.register("ben").await);
    let (_, path) = trained(&app, &ana, "titanic", "survived", "decision_tree").await;
    let drawn = part(&app, &ana, &format!("{path}/tree?depth=2")).await;
    holds_together(&drawn);
    assert_eq!(
        (&drawn["trees"], &drawn["answers"]),
        (&json!(1), &json!("shares"))
    );
    let root = &drawn["nodes"][0];
    assert_eq!(root["column"], "sex", "{root}");
    let sides: Vec<&str> = [1, 2]
        .map(|child: usize| drawn["nodes"][child]["condition"]["text"].as_str().unwrap())
        .to_vec();
    assert!(
        sides.contains(&"sex is female") && sides.iter().all(|side| side.starts_with("sex is ")),
        "{sides:?}"
    );
    let share = |node: &Value| node["answer"][1].as_f64().unwrap();
    let women = sides
        .iter()
        .position(|side| *side == "sex is female")
        .unwrap()
        + 1;
    assert!(share(&drawn["nodes"][women]) > share(root), "{drawn}");
    assert!(
        drawn["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .all(|node| node["depth"].as_u64() <= Some(2))
    );
    let cut = drawn["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|node| node["cut"] == true);
    assert!(cut.count() > 0, "{drawn}");
    let rule = drawn["rules"][0]["text"].as_str().unwrap();
    assert!(rule.contains("sex is ") && rule.contains(" and "), "{rule}");

    for (query, pointer) in [
        ("depth=0", "/depth"),
        ("depth=9", "/depth"),
        ("tree=1", "/tree"),
    ] {
        let answer = app
            .get(&format!("{path}/tree?{query}"))
            .by(&ana)
            .send()
            .await;
        let problem = answer.problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{query}");
    }
    app.get(&format!("{path}/tree"))
        .by(&ben)
        .send()
        .await
        .problem(404, "not_found");

    let (_, path) = trained(&app, &ana, "iris", "species", "gradient_boosting").await;
    let drawn = part(&app, &ana, &format!("{path}/tree?tree=2&depth=1")).await;
    assert_eq!(
        (&drawn["answers"], &drawn["output"]),
        (&json!("score"), &json!(2))
    );
    assert!(drawn["trees"].as_u64().unwrap() > 3, "{drawn}");
    assert!(
        drawn["nodes"][1]["condition"]["ranges"][0][1].is_f64(),
        "{drawn}"
    );
    let (_, path) = trained(&app, &ana, "iris", "species", "logistic_regression").await;
    app.get(&format!("{path}/tree"))
        .by(&ana)
        .send()
        .await
        .problem(409, "not_ready");
    app.platform.stop().await;
}

async fn check(app: &TestApp, person: &Person, path: &str) -> Answer {
    app.post(path)
        .by(person)
        .header("prefer", "wait=60")
        .send()
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn checks_are_jobs_that_are_paid_for_and_kept() {
    let app = TestApp::start().await;
    let (ana, ben) = (app.register("ana").await, app.register("ben").await);
    let (_, path) = trained(&app, &ana, "iris", "species", "logistic_regression").await;
    for address in ["learning-curve", "self-tests", "retraining"] {
        app.get(&format!("{path}/{address}"))
            .by(&ana)
            .send()
            .await
            .problem(404, "not_found");
        app.post(&format!("{path}/{address}"))
            .by(&ben)
            .send()
            .await
            .problem(404, "not_found");
    }
    let curve = check(&app, &ana, &format!("{path}/learning-curve"))
        .await
        .json();
    let points = curve["points"].as_array().unwrap();
    assert_eq!(points.len(), 5, "{curve}");
    assert!(points[0]["rows"][0].as_u64().unwrap() < points[4]["rows"][0].as_u64().unwrap());
    assert!(
        points[4]["test"]["accuracy"]["mean"].as_f64().unwrap() > 0.8,
        "{curve}"
    );
    assert_eq!(
        part(&app, &ana, &format!("{path}/learning-curve")).await,
        curve
    );
    let tests = check(&app, &ana, &format!("{path}/self-tests"))
        .await
        .json();
    assert_eq!(tests["shuffled_target"]["passed"], true, "{tests}");
    assert_eq!(
        tests["shuffled_target"]["values"].as_array().unwrap().len(),
        3
    );
    let shuffled: f64 = tests["shuffled_target"]["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| value.as_f64().unwrap())
        .sum::<f64>()
        / 3.0;
    assert!(
        shuffled < 0.7 && tests["shuffled_target"]["model"].as_f64().unwrap() > 0.85,
        "{tests}"
    );
    assert_eq!(tests["leak"]["passed"], true, "{tests}");
    assert_eq!(
        app.balance(&ana).await,
        12,
        "1 for the training, 1 for each check"
    );
    assert!(app.platform.verify().await.unwrap().is_sound());
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn self_tests_find_a_leak_and_rows_on_both_sides() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    // "after" is only known once "sold" is; and every row stands there four times.
    let rows: String = (0..400)
        .map(|row| {
            let row = row / 4;
            let sold = row * 37 % 5 < 2;
            format!(
                "{},{},{},{}\n",
                row * 31 % 83,
                row * 17 % 29,
                if sold { "paid" } else { "open" },
                if sold { "yes" } else { "no" }
            )
        })
        .collect();
    let dataset = app
        .upload(&ana, "t.csv", format!("a,b,after,sold\n{rows}"))
        .await
        .json();
    let request =
        json!({ "dataset_id": dataset["id"], "target": "sold", "algorithm": "decision_tree" });
    let model = app.train(&ana, request).await.json();
    let path = format!("/api/v1/models/{}", model["id"].as_str().unwrap());
    let tests = check(&app, &ana, &format!("{path}/self-tests"))
        .await
        .json();
    assert_eq!(tests["passed"], false, "{tests}");
    assert_eq!(
        (&tests["leak"]["passed"], &tests["leak"]["column"]),
        (&json!(false), &json!("after"))
    );
    assert_eq!(tests["duplicates"]["passed"], false, "{tests}");
    assert!(
        tests["duplicates"]["rows"].as_u64().unwrap() > 50,
        "{tests}"
    );
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_one_file_in_which_nothing_runs() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let script = "<script>alert(1)</script>";
    let rows: String = (0..80)
        .map(|row| {
            format!(
                "{},{}\n",
                row % 9,
                if row % 9 > 4 {
                    script
                } else {
                    "\"\"\"><img src=x onerror=alert(1)>\""
                }
            )
        })
        .collect();
    let dataset = app
        .upload(&ana, "x.csv", format!("\"{script}\",kind\n{rows}"))
        .await
        .json();
    let request = json!({ "dataset_id": dataset["id"], "target": "kind", "algorithm": "decision_tree", "name": script });
    let model = app.train(&ana, request).await.json();
    assert_eq!(model["status"], "ready", "{model}");
    let path = format!("/api/v1/models/{}/report", model["id"].as_str().unwrap());
    let page = app
        .get(&format!("{path}?format=html"))
        .by(&ana)
        .send()
        .await;
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert!(
        page.headers["content-disposition"]
            .to_str()
            .unwrap()
            .starts_with("attachment")
    );
    let html = String::from_utf8(page.bytes).unwrap();
    for foreign in [
        "<script", "<img", "http://", "https://", "src=", "href=", "url(", "@import",
    ] {
        assert!(
            !html
                .to_lowercase()
                .replace("&lt;img src=x", "")
                .contains(foreign),
            "{foreign}: {html}"
        );
    }
    assert!(
        html.contains("&lt;script&gt;alert(1)"),
        "the name is there, as text"
    );
    for told in [
        "How good is it?",
        "95 % interval",
        "Baseline",
        "What was taken for what",
        "<svg",
        "BLAKE3",
        "decision tree",
    ] {
        assert!(
            html.to_lowercase().contains(&told.to_lowercase()),
            "{told}: {html}"
        );
    }
    app.get(&format!("{path}?format=pdf"))
        .by(&ana)
        .send()
        .await
        .problem(400, "bad_request");
    assert_eq!(
        app.get(&format!("{path}?format=json"))
            .by(&ana)
            .send()
            .await
            .json()["target"],
        "kind"
    );

    let (_, numbers) = trained(&app, &ana, "iris", "sepal_length_cm", "linear_regression").await;
    let page = app
        .get(&format!("{numbers}/report?format=html"))
        .by(&ana)
        .send()
        .await;
    let html = String::from_utf8(page.bytes).unwrap();
    assert!(html.contains("<circle") && html.contains("rmse"), "{html}");
    app.platform.stop().await;
}
