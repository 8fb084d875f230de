//! Jobs in the middle of which the machine dies: a study and a batch are done again from the beginning, end as if nothing
//! had been, and are paid for once.

use std::time::Duration;

use serde_json::{Value, json};

use crate::process::{Place, Server};

struct Client<'a> {
    server: &'a Server,
    token: &'a str,
}

impl Client<'_> {
    fn get(&self, path: &str) -> Value {
        let answer = self.server.ask("GET", path, Some(self.token), &[], None);
        let answer = answer.unwrap();
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.json()
    }

    fn post(&self, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Value {
        let answer = self
            .server
            .ask("POST", path, Some(self.token), headers, body);
        let answer = answer.unwrap();
        assert!(answer.status < 300, "{path}: {answer:?}");
        answer.json()
    }

    fn sample(&self, name: &str) -> Value {
        let path = format!("/api/v1/samples/{name}");
        self.post(&path, &[("prefer", "wait=60")], None)
    }

    fn balance(&self) -> i64 {
        self.get("/api/v1/me")["tokens"].as_i64().unwrap()
    }

    /// What is there once its job has ended.
    fn ended(&self, path: &str) -> Value {
        for _ in 0..1_200 {
            let found = self.get(path);
            match found["status"].as_str().unwrap() {
                "queued" | "running" => std::thread::sleep(Duration::from_millis(100)),
                "done" => return found,
                _ => panic!("{found}"),
            }
        }
        panic!("{path} does not end");
    }

    fn trials(&self, study: &str) -> Vec<Value> {
        let path = format!("/api/v1/studies/{study}/trials?limit=200");
        self.get(&path)["items"].as_array().unwrap().clone()
    }
}

fn id(thing: &Value) -> &str {
    thing["id"].as_str().unwrap()
}

fn verified(place: &Place) {
    let outcome = place.run(&["admin", "verify"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    place.check_database();
}

#[test]
fn a_study_whose_server_is_killed_ends_as_one_that_was_not() {
    let place = Place::new();
    let mut server = place.serve();
    let token = server.set_up(100);
    let client = Client {
        server: &server,
        token: &token,
    };
    let dataset = client.sample("titanic");
    let request = json!({
        "dataset_id": dataset["id"], "target": "survived", "algorithm": "random_forest",
        "search": {
            "method": "grid", "folds": 5, "pruning": false,
            "space": { "n_estimators": [20, 40, 60], "max_depth": [3, 6, 9], "min_samples_leaf": [1, 4, 9] },
        },
    });
    let whole = client.post("/api/v1/studies", &[("prefer", "wait=60")], Some(&request));
    let whole = client.ended(&format!("/api/v1/studies/{}", id(&whole)));
    let expected = client.trials(id(&whole));
    assert_eq!(expected.len(), 27);
    let before = client.balance();

    let cut = client.post("/api/v1/studies", &[], Some(&request));
    let path = format!("/api/v1/studies/{}", id(&cut));
    let mut tried = 0;
    for _ in 0..3_000 {
        tried = client.trials(id(&cut)).len();
        if tried >= 3 {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!((3..27).contains(&tried), "killed after {tried} trials");
    server.kill();
    let server = place.serve();
    let client = Client {
        server: &server,
        token: &token,
    };
    let ended = client.ended(&path);
    assert_eq!(
        (
            &ended["trials"],
            &ended["best"]["params"],
            &ended["best"]["score"]
        ),
        (
            &json!(27),
            &whole["best"]["params"],
            &whole["best"]["score"]
        )
    );
    let found = client.trials(id(&cut));
    let seen = |trials: &[Value]| -> Vec<[Value; 3]> {
        trials
            .iter()
            .map(|trial| ["number", "params", "score"].map(|name| trial[name].clone()))
            .collect()
    };
    assert_eq!(seen(&found), seen(&expected));
    assert_eq!(client.balance(), before - 1);
    let job = client.get(&format!(
        "/api/v1/jobs/{}",
        ended["job_id"].as_str().unwrap()
    ));
    assert_eq!(job["attempt"], 2, "{job}");
    drop(server);
    verified(&place);
}

#[test]
fn a_batch_whose_server_is_killed_answers_every_row_once() {
    const ROWS: usize = 400_000;
    let place = Place::new();
    let mut server = place.serve();
    let token = server.set_up(10_000);
    let client = Client {
        server: &server,
        token: &token,
    };
    let dataset = client.sample("iris");
    let request = json!({
        "dataset_id": dataset["id"], "target": "species", "algorithm": "random_forest",
        "params": { "n_estimators": 200 },
    });
    let model = client.post("/api/v1/models", &[("prefer", "wait=60")], Some(&request));
    assert_eq!(model["status"], "ready", "{model}");
    let mut table = "sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm\n".to_owned();
    for row in 0..ROWS {
        let part = |unit: usize, from: usize| (row * unit % 37 + from) as f64 / 10.0;
        table += &format!(
            "{:.1},{:.1},{:.1},{:.1}\n",
            part(3, 43),
            part(5, 20),
            part(7, 10),
            part(2, 1)
        );
    }
    let before = client.balance();
    let path = format!(
        "/api/v1/models/{}/batch-predictions?file_name=rows.csv",
        id(&model)
    );
    let answer = server.send(&path, &token, table.as_bytes()).unwrap();
    assert_eq!(answer.status, 202, "{answer:?}");
    let batch = answer.json();
    assert_eq!(batch["rows"], ROWS);
    let path = format!("/api/v1/batch-predictions/{}", id(&batch));
    let mut done = 0;
    for _ in 0..3_000 {
        let now = client.get(&path);
        done = now["job"]["progress"]["done"].as_u64().unwrap_or(0);
        if done > 0 || now["status"] == "done" {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!((1..ROWS as u64).contains(&done), "killed after {done} rows");
    server.kill();
    let server = place.serve();
    let client = Client {
        server: &server,
        token: &token,
    };
    let ended = client.ended(&path);
    assert_eq!(client.balance(), before - 5 * ROWS.div_ceil(1_000) as i64);
    assert_eq!(ended["job"]["attempt"], 2, "{ended}");
    let result = server.ask("GET", &format!("{path}/result"), Some(&token), &[], None);
    let result = result.unwrap();
    assert_eq!(result.status, 200);
    assert_eq!(result.text().lines().count(), ROWS + 1);
    drop(server);
    verified(&place);
}
