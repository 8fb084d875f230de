//! The classifier hub's contract, row by row, and its story.

use serde_json::{Value, json};

use crate::app::{ADMIN, Door, TestApp, claims, data};

const BASE: &str = "/dialects/autoclassifier";
const IRISES: &[u8] = include_bytes!("../../../platform/samples/iris.csv");

async fn join(door: Door<'_>, name: &str) -> String {
    let body = json!({
        "username": name, "email": format!("{name}@example.com"), "name": name, "password": "secret",
        "confirmPassword": "secret", "role": "admin",
    });
    let message = format!("User '{name}' registered successfully");
    door.post("/register").json(body).gives(201, json!({ "message": message })).await;
    log_in(door, name, "secret").await
}

async fn log_in(door: Door<'_>, name: &str, password: &str) -> String {
    let call = door.post("/login").form(&[("username", name), ("password", password), ("grant_type", "password")]);
    let answer = call.send().await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json()["token_type"], "bearer");
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

/// Trains a quick model of this name.
async fn fit(door: Door<'_>, token: &str, name: &str) -> Value {
    let heart = data("heart_disease.csv");
    let texts = [("model_type", "LogisticRegression"), ("target", "target"), ("file_name", name)];
    let call = door.post("/fit").bearer(token).multipart(&texts, &[("file", "heart.csv", &heart)]);
    let answer = call.send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

const HEART: [f64; 13] = [71.0, 0.0, 0.0, 112.0, 149.0, 0.0, 1.0, 125.0, 0.0, 1.6, 1.0, 0.0, 2.0];

#[tokio::test]
async fn accounts_and_administrators() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let token = join(door, "vera").await;
    let said = claims(&token);
    assert_eq!(said["role"], "user");
    assert!(said["sub"].as_str().unwrap().parse::<i64>().is_ok());
    let lifetime = said["exp"].as_i64().unwrap() - said["iat"].as_i64().unwrap();
    assert_eq!(lifetime, 3_600);
    let middle = token.split('.').nth(1).unwrap();
    assert!(!middle.contains(['-', '_']), "a browser's atob reads it");
    let again = json!({ "username": "vera", "email": "other@example.com", "name": "V", "password": "secret" });
    door.post("/register").json(again).refuses(400, "Username or email already exists.").await;
    let answer = door.post("/register").json(json!({ "username": "x" })).send().await;
    assert_eq!(answer.status, 422);
    let wrong = [("username", "vera"), ("password", "wrong")];
    door.post("/login").form(&wrong).refuses(401, "Incorrect username or password").await;
    let answer = door.post("/login").json(json!({ "username": "vera", "password": "secret" })).send().await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.json()["detail"][0]["loc"], json!(["body", "username"]));
    door.get("/list-models").refuses(401, "Not authenticated").await;
    door.get("/list-models").bearer("nonsense").refuses(401, "Invalid token").await;
    let mut nameless = said.clone();
    nameless.as_object_mut().unwrap().remove("sub");
    let key = jsonwebtoken::EncodingKey::from_secret(&app.secret);
    let header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
    let nameless = jsonwebtoken::encode(&header, &nameless, &key).unwrap();
    door.get("/list-models").bearer(&nameless).refuses(401, "Invalid token payload").await;

    let root = log_in(door, ADMIN.0, ADMIN.1).await;
    assert_eq!(claims(&root)["role"], "admin");
    let denied = "Admin access required";
    door.get("/admin/users").bearer(&token).refuses(403, denied).await;
    let new = |name: &str, role: &str| json!({ "username": name, "email": format!("{name}@example.com"), "name": name, "password": "secret", "role": role });
    door.post("/admin/register").bearer(&token).json(new("x", "admin")).refuses(403, denied).await;
    door.post("/admin/register").bearer(&root).json(new("x", "king")).refuses(400, "Invalid role.").await;
    let made = json!({ "message": "Admin user 'olga' created successfully" });
    door.post("/admin/register").bearer(&root).json(new("olga", "admin")).gives(201, made).await;
    door.post("/admin/register").bearer(&root).json(new("olga", "user")).refuses(400, "Username or email already exists.").await;
    let users = door.get("/admin/users/").bearer(&root).send().await.json();
    let users = users.as_array().unwrap();
    let olga = users.iter().find(|user| user["username"] == "olga").unwrap();
    assert_eq!(olga.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "username", "email", "name", "role"]);
    assert_eq!(olga["role"], "admin");
    let vera = users.iter().find(|user| user["username"] == "vera").unwrap()["id"].as_i64().unwrap();
    assert_eq!(claims(&token)["sub"], vera.to_string());
    let own = claims(&root)["sub"].as_str().unwrap().to_owned();
    let delete = |by: &str, id: &str| door.call("DELETE", &format!("/admin/user/{id}")).bearer(by);
    delete(&token, &own).refuses(403, denied).await;
    delete(&root, &own).refuses(400, "You cannot delete yourself.").await;
    delete(&root, "4711").refuses(404, "User not found").await;
    delete(&root, &vera.to_string()).gives(200, json!({ "message": "User 'vera' deleted successfully" })).await;
    door.get("/list-models").bearer(&token).refuses(404, "User not found").await;
}

#[tokio::test]
async fn the_story() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let token = join(door, "vera").await;
    let heart = data("heart_disease.csv");
    let row = json!({ "input_data": [HEART] });
    let not_loaded = "Model not trained or loaded yet";
    door.post("/predict").bearer(&token).json(row.clone()).refuses(400, not_loaded).await;

    let params = "{\"penalty\":\"l2\",\"solver\":\"liblinear\",\"max_iter\":100,\"C\":1.0}";
    let texts = [("model_type", " LogisticRegression "), ("target", "target"), ("params", params), ("test_size", "0.25")];
    let call = door.post("/fit/").bearer(&token).multipart(&texts, &[("file", "heart.csv", &heart)]);
    let answer = call.send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let accuracy = answer.json()["accuracy"].as_f64().unwrap();
    assert!((0.75..1.0).contains(&accuracy), "{accuracy}");
    let file = answer.json()["file_name"].as_str().unwrap().to_owned();
    assert!(file.starts_with("LogisticRegression_") && file.ends_with(".joblib"), "{file}");
    let name = file.trim_end_matches(".joblib");

    let answer = json!({ "file_name": name, "predictions": [{ "index": 0, "value": 1 }] });
    door.post("/predict").bearer(&token).json(row).gives(200, answer).await;
    let row = json!({ "input_data": [HEART, HEART], "return_proba": true });
    let answer = door.post("/predict/").bearer(&token).json(row).send().await.json();
    let scores = answer["probabilities"][1]["scores"].as_array().unwrap();
    assert_eq!(scores.len(), 2);
    let sum: f64 = scores.iter().map(|score| score.as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-9 && scores[1].as_f64().unwrap() > 0.5, "{answer}");
    // The placeholder of the old page shows objects, and the columns' order is what counts in a file.
    let text = String::from_utf8(heart.clone()).unwrap();
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let object: serde_json::Map<String, Value> = header.iter().zip(HEART).map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let answer = door.post("/predict").bearer(&token).json(json!({ "input_data": [object] })).send().await.json();
    assert_eq!(answer["predictions"][0]["value"], 1);
    let cells: Vec<String> = HEART.iter().map(f64::to_string).collect();
    let csv = format!("{}\n{}\n{}\n", ["c"; 13].join(","), cells.join(","), cells.join(","));
    let call = door.post("/predict-file?return_proba=false").bearer(&token);
    let answer = call.multipart(&[("name", "x")], &[("file", "rows.csv", csv.as_bytes())]).send().await;
    assert_eq!(answer.json(), json!({
        "file_name": name, "predictions": [{ "index": 0, "value": 1 }, { "index": 1, "value": 1 }], "rows_predicted": 2,
    }));

    let listed = door.get("/list-models").bearer(&token).send().await.json();
    let model = listed["models"][0].clone();
    assert_eq!(model.as_object().unwrap().keys().collect::<Vec<_>>(), [
        "id", "user_id", "name", "model_type", "accuracy", "file_path", "created_at",
    ]);
    assert_eq!(model["file_path"], format!("saved_models/{file}"));
    assert_eq!(model["model_type"], "logisticregression");
    assert_eq!(model["accuracy"], json!(accuracy));
    let metadata = door.get(&format!("/model-metadata?file_name={name}")).bearer(&token).send().await.json();
    assert_eq!(metadata["parameters"], json!({ "penalty": "l2", "solver": "liblinear", "max_iter": 100, "C": 1.0 }));
    assert_eq!(metadata["id"], model["id"]);

    fit(door, &token, "second").await;
    let load = |name: &str| door.post("/load-model").bearer(&token).multipart(&[("file_name", name)], &[]);
    load(name).gives(200, json!({ "message": format!("Model '{name}' loaded successfully.") })).await;
    let answer = door.post("/predict").bearer(&token).json(json!({ "input_data": [HEART] })).send().await.json();
    assert_eq!(answer["file_name"], name);
    load("nothing").refuses(404, "Model metadata not found in DB").await;
    let rename = |from: &str, to: &str| door.call("PUT", "/rename-model").bearer(&token).form(&[("current_name", from), ("new_name", to)]);
    rename("second", name).refuses(400, "A model with the new name already exists in the database.").await;
    rename("nothing", "x").refuses(404, "Model not found in database.").await;
    rename("second", "../../evil").refuses(400, "Invalid filename.").await;
    rename("second", "my heart").gives(200, json!({ "message": "Model renamed to 'my heart' successfully." })).await;

    for (path, key) in [("classification-report", "classes"), ("confusion-matrix", "matrix"), ("roc-curve", "curves"), ("feature-importance", "importance")] {
        let answer = door.get(&format!("/{path}?file_name={name}")).bearer(&token).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert!(!answer.json()[key].as_array().unwrap().is_empty(), "{}", answer.text());
    }
    let matrix = door.get(&format!("/confusion-matrix?file_name={name}")).bearer(&token).send().await.json();
    let counted: i64 = matrix["matrix"].as_array().unwrap().iter().flat_map(|row| row.as_array().unwrap()).map(|cell| cell.as_i64().unwrap()).sum();
    assert_eq!(counted, 257, "a quarter of 1,025 rows");
    fit(door, &token, "my heart").await;
    let versions = door.get("/model-versions?file_name=my%20heart").bearer(&token).send().await.json();
    assert_eq!(versions["versions"].as_array().unwrap().len(), 2);
    let answer = door.get(&format!("/export-model?file_name={name}")).bearer(&token).send().await;
    assert!(answer.header("content-disposition").ends_with(".tym\""), "{answer:?}");

    let delete = |file: &str| door.call("DELETE", &format!("/delete-model?file_name={file}")).bearer(&token);
    delete("..%2Fx.joblib").gives(400, json!({ "error": "Invalid filename." })).await;
    delete(name).gives(400, json!({ "error": "Invalid filename." })).await;
    delete("nothing.joblib").gives(404, json!({ "error": "Model metadata not found in DB." })).await;
    delete(&file).gives(200, json!({ "message": format!("Model file '{file}' deleted successfully.") })).await;
    let all = |query: &str| door.call("DELETE", &format!("/delete-all-models{query}")).bearer(&token);
    all("").gives(400, json!({ "error": "Confirmation required. Set ?confirm=true to proceed." })).await;
    let answer = json!({ "message": "Deleted 1 model file(s).", "deleted_files": ["my heart.joblib"], "failed": [] });
    all("?confirm=true").gives(200, answer).await;
    door.post("/predict").bearer(&token).json(json!({ "input_data": [HEART] })).refuses(400, not_loaded).await;
    let missing = "Model metadata not found in the database.";
    door.get("/model-metadata?file_name=x").bearer(&token).refuses(404, missing).await;
}

#[tokio::test]
async fn every_kind_and_words_as_targets() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let token = join(door, "vera").await;
    let heart = data("heart_disease.csv");
    let cases: [(&[(&str, &str)], &[u8], &str, Value); 4] = [
        (&[("model_type", "randomforest"), ("target", "species"), ("params", "{\"n_estimators\":\"20\",\"max_depth\":5,\"min_samples_split\":2,\"min_samples_leaf\":1}")], IRISES, ".joblib", json!("setosa")),
        (&[("model_type", "logisticregression"), ("target", "species"), ("k_folds", "5"), ("params", "{\"penalty\":\"none\",\"solver\":\"lbfgs\",\"C\":\"\"}")], IRISES, ".joblib", json!("setosa")),
        (&[("model_type", "neuralnet"), ("target", "target"), ("params", "{\"hidden_layer_sizes\":[16,8],\"activation\":\"relu\",\"epochs\":5,\"batch_size\":32}")], &heart, ".keras", Value::Null),
        (&[("model_type", "neuralnet"), ("target", "target"), ("k_folds", "3"), ("params", "{\"hidden_layer_sizes\":[8],\"epochs\":\"3\"}")], &heart, ".keras", Value::Null),
    ];
    for (texts, file, ending, value) in cases {
        let call = door.post("/fit").bearer(&token).multipart(texts, &[("file", "x.csv", file)]);
        let answer = call.send().await;
        assert_eq!(answer.status, 200, "{texts:?}: {}", answer.text());
        assert!(answer.json()["file_name"].as_str().unwrap().ends_with(ending));
        let accuracy = answer.json()["accuracy"].as_f64().unwrap();
        assert!((0.4..=1.0).contains(&accuracy), "{texts:?}: {accuracy}");
        let row = if value.is_null() { json!([HEART]) } else { json!([[5.1, 3.5, 1.4, 0.2]]) };
        let answer = door.post("/predict").bearer(&token).json(json!({ "input_data": row })).send().await.json();
        if value.is_null() {
            assert!(answer["predictions"][0]["value"].is_i64(), "{answer}");
        } else {
            assert_eq!(answer["predictions"][0]["value"], value);
        }
    }
    // What folds found is what lists show.
    let models = door.get("/list-models").bearer(&token).send().await.json();
    assert!(models["models"].as_array().unwrap().iter().all(|model| model["accuracy"].is_f64()), "{models}");
}

#[tokio::test]
async fn refusals() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let token = join(door, "vera").await;
    let heart = data("heart_disease.csv");
    let cases: &[(&[(&str, &str)], &[u8], &str)] = &[
        (&[("model_type", "svm"), ("target", "target")], &heart, "Unsupported model: svm"),
        (&[("model_type", "randomforest"), ("target", "zzz")], &heart, "Target column 'zzz' not found in dataset."),
        (&[("model_type", "randomforest"), ("target", "target"), ("params", "{")], &heart, "Invalid JSON in 'params'"),
        (&[("model_type", "randomforest"), ("target", "sepal_length_cm")], IRISES, "could not convert string to float: '"),
        (&[("model_type", "neuralnet"), ("target", "species")], IRISES, "Binary classification only: found 3 unique classes."),
        (&[("model_type", "randomforest"), ("target", "target"), ("test_size", "1.5")], &heart, ""),
        (&[("model_type", "randomforest"), ("target", "target"), ("params", "{\"n_estimators\": -5}")], &heart, ""),
        (&[("model_type", "randomforest"), ("target", "target"), ("params", "{\"shoe\": 5}")], &heart, ""),
        (&[("model_type", "randomforest"), ("target", "target"), ("file_name", "../../evil")], &heart, "Invalid filename."),
        (&[("model_type", "randomforest"), ("target", "target")], b"", ""),
        (&[("model_type", "randomforest"), ("target", "target")], b"a,target\n1,2,3\n4\n", ""),
        (&[("model_type", "randomforest"), ("target", "target")], b"\xff\xfe\x00\x01\x02", ""),
    ];
    for (texts, file, start) in cases {
        let call = door.post("/fit").bearer(&token).multipart(texts, &[("file", "x.csv", file)]);
        let answer = call.send().await;
        assert_eq!(answer.status, 400, "{texts:?}: {}", answer.text());
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.starts_with(start), "{detail}");
    }
    let call = door.post("/fit").bearer(&token).multipart(&[("model_type", "x")], &[]);
    let answer = call.send().await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.json()["detail"].as_array().unwrap().len(), 2, "{}", answer.text());
    fit(door, &token, "heart").await;
    let ask = |body: Value| door.post("/predict").bearer(&token).json(body);
    let many = vec![HEART; 501];
    ask(json!({ "input_data": many })).refuses(400, "Batch too large. Max allowed is 500 samples.").await;
    let answer = ask(json!({ "input_data": [["x"]] })).send().await;
    assert_eq!((answer.status, &answer.json()["detail"][0]["loc"]), (422, &json!(["body", "input_data", 0, 0])));
    let answer = ask(json!({ "input_data": [1] })).send().await;
    assert_eq!((answer.status, &answer.json()["detail"][0]["type"]), (422, &json!("list_type")));
    for body in [json!({ "input_data": [[1, 2]] }), json!({ "input_data": [] }), json!({ "input_data": [{ "age": 1 }] })] {
        let answer = ask(body).send().await;
        assert_eq!(answer.status, 400, "{}", answer.text());
    }
    let file = |csv: String| door.post("/predict-file").bearer(&token).multipart(&[], &[("file", "x.csv", csv.as_bytes())]);
    let lines = "1,".repeat(12) + "1\n";
    let answer = file("h\n".to_owned() + &lines.repeat(501));
    answer.refuses(400, "Batch too large. Max allowed is 500 rows.").await;
    file("h\na,b\n".to_owned()).refuses(400, "could not convert string to float: 'a'").await;
}

#[tokio::test]
async fn two_people_do_not_share_what_is_loaded() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let vera = join(door, "vera").await;
    let igor = join(door, "igor").await;
    fit(door, &vera, "heart").await;
    let row = json!({ "input_data": [HEART] });
    door.post("/predict").bearer(&igor).json(row.clone()).refuses(400, "Model not trained or loaded yet").await;
    door.get("/list-models").bearer(&igor).gives(200, json!({ "models": [] })).await;
    let foreign = "You do not have access to this model.";
    door.get("/model-metadata?file_name=heart").bearer(&igor).refuses(403, foreign).await;
    door.post("/load-model").bearer(&igor).form(&[("file_name", "heart")]).refuses(403, foreign).await;
    let rename = door.call("PUT", "/rename-model").bearer(&igor).form(&[("current_name", "heart"), ("new_name", "mine")]);
    rename.refuses(403, foreign).await;
    let delete = door.call("DELETE", "/delete-model?file_name=heart.keras").bearer(&igor);
    delete.refuses(403, "You do not have permission to delete this model.").await;
    let all = door.call("DELETE", "/delete-all-models?confirm=true").bearer(&igor);
    all.gives(200, json!({ "message": "Deleted 0 model file(s).", "deleted_files": [], "failed": [] })).await;
    // Under the same name each has their own.
    fit(door, &igor, "heart").await;
    let answer = door.post("/predict").bearer(&vera).json(row.clone()).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    // Administrators see and delete everybody's.
    let root = log_in(door, ADMIN.0, ADMIN.1).await;
    let models = door.get("/list-models").bearer(&root).send().await.json();
    assert_eq!(models["models"].as_array().unwrap().len(), 2);
    let answer = door.call("DELETE", "/delete-all-models?confirm=true").bearer(&root).send().await.json();
    assert_eq!(answer["deleted_files"], json!(["heart.joblib", "heart.joblib"]));
    door.post("/predict").bearer(&vera).json(row).refuses(400, "Model not trained or loaded yet").await;
}

#[tokio::test]
async fn one_page_may_ask() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let preflight = |origin: &str| {
        let call = door.call("OPTIONS", "/fit").header("origin", origin);
        let call = call.header("access-control-request-method", "POST");
        call.header("access-control-request-headers", "authorization, content-type")
    };
    let answer = preflight("http://localhost:5173").send().await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), "http://localhost:5173");
    assert_eq!(answer.header("access-control-allow-credentials"), "true");
    assert_eq!(answer.header("access-control-allow-headers"), "authorization, content-type");
    assert!(answer.header("access-control-allow-methods").contains("DELETE"));
    let answer = preflight("http://evil.example").send().await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (400, ""));
    // A refusal can be read by the page too.
    let answer = door.get("/list-models").header("origin", "http://localhost:5173").send().await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (401, "http://localhost:5173"));
}
