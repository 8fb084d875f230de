//! Drawn trees against what they answer: the rule that a row meets says what the model says of that row.

use serde_json::{Map, Value, json};

use crate::app::{Person, TestApp};
use crate::asking::rich;

/// Whether a row, by column, meets one condition of a rule.
fn meets(condition: &Value, row: &Map<String, Value>) -> bool {
    let cell = &row[condition["column"].as_str().unwrap()];
    let missing = condition["missing"].as_bool().unwrap();
    if cell.is_null() {
        return missing;
    }
    match condition["shows"].as_str().unwrap() {
        "number" => {
            let value = cell.as_f64().unwrap();
            let ranges = condition["ranges"].as_array().unwrap().iter();
            ranges
                .map(|range| [range[0].as_f64(), range[1].as_f64()])
                .any(|[low, high]| {
                    low.is_none_or(|low| value > low) && high.is_none_or(|high| value <= high)
                })
        }
        "missing" => condition["unknown"].as_bool().unwrap(),
        "category" | "boolean" => condition["values"].as_array().unwrap().contains(cell),
        other => panic!("nothing here asks about {other}: {condition}"),
    }
}

async fn rows(app: &TestApp, person: &Person, dataset: &Value) -> Vec<Map<String, Value>> {
    let path = format!(
        "/api/v1/datasets/{}/rows?limit=300",
        dataset["id"].as_str().unwrap()
    );
    let page = app.get(&path).by(person).send().await.json();
    let columns = page["columns"].as_array().unwrap();
    let rows = page["rows"].as_array().unwrap().iter().map(|row| {
        let cells = columns.iter().zip(row.as_array().unwrap());
        cells
            .map(|(column, cell)| (column["name"].as_str().unwrap().to_owned(), cell.clone()))
            .collect()
    });
    rows.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rule_a_row_meets_says_what_the_model_says() {
    let app = TestApp::start().await;
    let ana = rich(&app, "ana").await;
    for (sample, target, features, algorithm) in [
        (
            "titanic",
            "survived",
            json!(["sex", "age", "passenger_class"]),
            "decision_tree",
        ),
        ("penguins", "species", Value::Null, "decision_tree"),
        ("penguins", "body_mass_g", Value::Null, "decision_tree"),
        (
            "sacramento_housing",
            "price",
            json!(["beds", "baths", "sqft", "type"]),
            "decision_tree",
        ),
        // Its numbers take several columns of bins each.
        (
            "sacramento_housing",
            "price",
            json!(["sqft", "latitude", "longitude", "type"]),
            "extra_trees",
        ),
    ] {
        let dataset = app.sample(&ana, sample).await;
        let mut params = json!({ "max_depth": 5 });
        if algorithm == "extra_trees" {
            params["n_estimators"] = json!(1);
        }
        let request = json!({ "dataset_id": dataset["id"], "target": target, "algorithm": algorithm,
            "features": features, "params": params });
        let model = app.train(&ana, request).await.json();
        assert_eq!(model["status"], "ready", "{model}");
        let path = format!("/api/v1/models/{}", model["id"].as_str().unwrap());
        let tree = format!("{path}/tree?depth=8");
        let drawn = app.get(&tree).by(&ana).send().await.json();
        assert_eq!(drawn["more_rules"], 0, "{drawn}");
        let rules = drawn["rules"].as_array().unwrap();
        assert!(rules.len() > 4, "{drawn}");

        let rows = rows(&app, &ana, &dataset).await;
        let asked = json!({ "rows": rows, "proba": true });
        let call = app
            .post(&format!("{path}/predictions"))
            .by(&ana)
            .json(asked);
        let answers = call.send().await.json();
        let answers = answers["predictions"].as_array().unwrap();
        assert_eq!(answers.len(), rows.len());
        for (row, answer) in rows.iter().zip(answers) {
            let met: Vec<&Value> = rules
                .iter()
                .filter(|rule| {
                    let conditions = rule["conditions"].as_array().unwrap();
                    conditions.iter().all(|condition| meets(condition, row))
                })
                .collect();
            let [rule] = met[..] else {
                panic!("{} rules are met by {row:?}: {met:?}", met.len());
            };
            let told = rule["answer"].as_array().unwrap();
            let near = |told: &Value, given: &Value| {
                let (told, given) = (told.as_f64().unwrap(), given.as_f64().unwrap());
                (told - given).abs() <= 1e-6 * given.abs().max(1.0)
            };
            let agrees = match drawn["classes"].as_array() {
                Some(classes) => classes.iter().zip(told).all(|(class, share)| {
                    near(share, &answer["probabilities"][class.as_str().unwrap()])
                }),
                None => near(&told[0], &answer["value"]),
            };
            assert!(agrees, "{rule} but {answer}: {row:?}");
        }
    }
}
