//! Accounts, credentials, two people beside each other, and pages of other sites.

use super::*;

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
    door.post("/register")
        .json(again)
        .refuses(400, "Username or email already exists.")
        .await;
    let answer = door
        .post("/register")
        .json(json!({ "username": "x" }))
        .send()
        .await;
    assert_eq!(answer.status, 422);
    let wrong = [("username", "vera"), ("password", "wrong")];
    door.post("/login")
        .form(&wrong)
        .refuses(401, "Incorrect username or password")
        .await;
    let answer = door
        .post("/login")
        .json(json!({ "username": "vera", "password": "secret" }))
        .send()
        .await;
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.json()["detail"][0]["loc"],
        json!(["body", "username"])
    );
    door.get("/list-models")
        .refuses(401, "Not authenticated")
        .await;
    door.get("/list-models")
        .bearer("nonsense")
        .refuses(401, "Invalid token")
        .await;
    let mut nameless = said.clone();
    nameless.as_object_mut().unwrap().remove("sub");
    let key = jsonwebtoken::EncodingKey::from_secret(&app.secret);
    let header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
    let nameless = jsonwebtoken::encode(&header, &nameless, &key).unwrap();
    door.get("/list-models")
        .bearer(&nameless)
        .refuses(401, "Invalid token payload")
        .await;

    let root = log_in(door, ADMIN.0, ADMIN.1).await;
    assert_eq!(claims(&root)["role"], "admin");
    let denied = "Admin access required";
    door.get("/admin/users")
        .bearer(&token)
        .refuses(403, denied)
        .await;
    let new = |name: &str, role: &str| json!({ "username": name, "email": format!("{name}@example.com"), "name": name, "password": "secret", "role": role });
    door.post("/admin/register")
        .bearer(&token)
        .json(new("x", "admin"))
        .refuses(403, denied)
        .await;
    door.post("/admin/register")
        .bearer(&root)
        .json(new("x", "king"))
        .refuses(400, "Invalid role.")
        .await;
    let made = json!({ "message": "Admin user 'olga' created successfully" });
    door.post("/admin/register")
        .bearer(&root)
        .json(new("olga", "admin"))
        .gives(201, made)
        .await;
    door.post("/admin/register")
        .bearer(&root)
        .json(new("olga", "user"))
        .refuses(400, "Username or email already exists.")
        .await;
    let users = door.get("/admin/users/").bearer(&root).send().await.json();
    let users = users.as_array().unwrap();
    let olga = users
        .iter()
        .find(|user| user["username"] == "olga")
        .unwrap();
    assert_eq!(
        olga.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["id", "username", "email", "name", "role"]
    );
    assert_eq!(olga["role"], "admin");
    let vera = users
        .iter()
        .find(|user| user["username"] == "vera")
        .unwrap()["id"]
        .as_i64()
        .unwrap();
    assert_eq!(claims(&token)["sub"], vera.to_string());
    let own = claims(&root)["sub"].as_str().unwrap().to_owned();
    let delete = |by: &str, id: &str| door.call("DELETE", &format!("/admin/user/{id}")).bearer(by);
    delete(&token, &own).refuses(403, denied).await;
    delete(&root, &own)
        .refuses(400, "You cannot delete yourself.")
        .await;
    delete(&root, "4711").refuses(404, "User not found").await;
    delete(&root, &vera.to_string())
        .gives(
            200,
            json!({ "message": "User 'vera' deleted successfully" }),
        )
        .await;
    door.get("/list-models")
        .bearer(&token)
        .refuses(404, "User not found")
        .await;
}

#[tokio::test]
async fn two_people_do_not_share_what_is_loaded() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let vera = join(door, "vera").await;
    let igor = join(door, "igor").await;
    fit(door, &vera, "heart").await;
    let row = json!({ "input_data": [HEART] });
    door.post("/predict")
        .bearer(&igor)
        .json(row.clone())
        .refuses(400, "Model not trained or loaded yet")
        .await;
    door.get("/list-models")
        .bearer(&igor)
        .gives(200, json!({ "models": [] }))
        .await;
    let foreign = "You do not have access to this model.";
    door.get("/model-metadata?file_name=heart")
        .bearer(&igor)
        .refuses(403, foreign)
        .await;
    door.post("/load-model")
        .bearer(&igor)
        .form(&[("file_name", "heart")])
        .refuses(403, foreign)
        .await;
    let rename = door
        .call("PUT", "/rename-model")
        .bearer(&igor)
        .form(&[("current_name", "heart"), ("new_name", "mine")]);
    rename.refuses(403, foreign).await;
    let delete = door
        .call("DELETE", "/delete-model?file_name=heart.keras")
        .bearer(&igor);
    delete
        .refuses(403, "You do not have permission to delete this model.")
        .await;
    let all = door
        .call("DELETE", "/delete-all-models?confirm=true")
        .bearer(&igor);
    all.gives(
        200,
        json!({ "message": "Deleted 0 model file(s).", "deleted_files": [], "failed": [] }),
    )
    .await;
    // Under the same name each has their own.
    fit(door, &igor, "heart").await;
    let answer = door
        .post("/predict")
        .bearer(&vera)
        .json(row.clone())
        .send()
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    // Administrators see and delete everybody's.
    let root = log_in(door, ADMIN.0, ADMIN.1).await;
    let models = door.get("/list-models").bearer(&root).send().await.json();
    assert_eq!(models["models"].as_array().unwrap().len(), 2);
    let answer = door
        .call("DELETE", "/delete-all-models?confirm=true")
        .bearer(&root)
        .send()
        .await
        .json();
    assert_eq!(
        answer["deleted_files"],
        json!(["heart.joblib", "heart.joblib"])
    );
    door.post("/predict")
        .bearer(&vera)
        .json(row)
        .refuses(400, "Model not trained or loaded yet")
        .await;
}

#[tokio::test]
async fn one_page_may_ask() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let preflight = |origin: &str| {
        let call = door.call("OPTIONS", "/fit").header("origin", origin);
        let call = call.header("access-control-request-method", "POST");
        call.header(
            "access-control-request-headers",
            "authorization, content-type",
        )
    };
    let answer = preflight("http://localhost:5173").send().await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("access-control-allow-origin"),
        "http://localhost:5173"
    );
    assert_eq!(answer.header("access-control-allow-credentials"), "true");
    assert_eq!(
        answer.header("access-control-allow-headers"),
        "authorization, content-type"
    );
    assert!(
        answer
            .header("access-control-allow-methods")
            .contains("DELETE")
    );
    let answer = preflight("http://evil.example").send().await;
    assert_eq!(
        (answer.status, answer.header("access-control-allow-origin")),
        (400, "")
    );
    // A refusal can be read by the page too.
    let answer = door
        .get("/list-models")
        .header("origin", "http://localhost:5173")
        .send()
        .await;
    assert_eq!(
        (answer.status, answer.header("access-control-allow-origin")),
        (401, "http://localhost:5173")
    );
}
