//! Running the place: accounts, tokens, passwords, what everybody has, how much is used, and the settings.

use axum::http::{Method, StatusCode};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::app::{Answer, PASSWORD, Person, TestApp};
use crate::jobs::{long_training, running};

const USERS: &str = "/api/v1/admin/users";

fn account(id: &str) -> String {
    format!("{USERS}/{id}")
}

async fn change(app: &TestApp, by: &Person, id: &str, body: Value) -> Answer {
    let call = app.call(Method::PATCH, &account(id)).by(by).json(body);
    call.send().await
}

/// A second administrator.
async fn promoted(app: &TestApp, admin: &Person, name: &str) -> Person {
    let person = app.register(name).await;
    let answer = change(app, admin, &person.id, json!({ "role": "admin" })).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    Person::of(&app.log_in(name, PASSWORD).send().await)
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_made_found_and_changed() {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    for (name, role, tokens) in [
        ("ben", "analyst", 0),
        ("cora", "user", 200),
        ("dan", "user", 7),
    ] {
        let body = json!({ "user_name": name, "email": format!("{name}@example.com"), "role": role, "tokens": tokens });
        let made = app.post(USERS).by(&admin).json(body).send().await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
        let made = made.json();
        assert_eq!(
            (&made["user"]["role"], &made["user"]["tokens"]),
            (&json!(role), &json!(tokens))
        );
        // The password is good, and the person can change it.
        let password = made["password"].as_str().unwrap();
        let person = Person::of(&app.log_in(name, password).send().await);
        let own = json!({ "current_password": password, "new_password": PASSWORD });
        let own = app.post("/api/v1/me/password").by(&person).json(own);
        assert_eq!(own.send().await.status, StatusCode::OK);
    }
    let names = |query: &str| {
        let call = app.get(&format!("{USERS}?{query}")).by(&admin);
        async move {
            let list = call.send().await.json();
            let items = list["items"].as_array().unwrap_or_else(|| panic!("{list}"));
            let names = items.iter().map(|user| user["display_name"].clone());
            names.collect::<Vec<_>>()
        }
    };
    assert_eq!(names("").await, ["dan", "cora", "ben", "admin"]);
    assert_eq!(names("search=CORA").await, ["cora"]);
    assert_eq!(names("search=example.com&role=user").await, ["dan", "cora"]);
    assert_eq!(names("min_tokens=7").await, ["dan", "cora", "admin"]);
    assert_eq!(names("min_tokens=201").await, [""; 0]);
    assert_eq!(names("search=%25").await, [""; 0]);
    let first = app.get(&format!("{USERS}?limit=3")).by(&admin).send().await;
    let cursor = first.json()["next_cursor"].as_str().unwrap().to_owned();
    assert_eq!(names(&format!("limit=3&cursor={cursor}")).await, ["admin"]);
    for wrong in [
        "role=root",
        "active=perhaps",
        "min_tokens=many",
        "limit=many",
    ] {
        let answer = app.get(&format!("{USERS}?{wrong}")).by(&admin).send().await;
        answer.problem(400, "bad_request");
    }

    let ben = Person::of(&app.log_in("ben", PASSWORD).send().await);
    let answer = change(&app, &admin, &ben.id, json!({ "active": false })).await;
    assert_eq!(answer.json()["active"], false);
    assert_eq!(names("active=false").await, ["ben"]);
    assert_eq!(names("active=true&search=ben").await, [""; 0]);
    // From the next request on, with whatever was handed out before.
    let me = app.get("/api/v1/me").by(&ben).send().await;
    me.problem(401, "unauthenticated");
    let renew = json!({ "refresh_token": ben.refresh_token });
    let renew = app.post("/api/v1/auth/refresh").json(renew).send().await;
    renew.problem(401, "unauthenticated");
    app.log_in("ben", PASSWORD)
        .send()
        .await
        .problem(401, "wrong_credentials");

    let cora = Person::of(&app.log_in("cora", PASSWORD).send().await);
    let body = json!({ "role": "ml-engineer", "display_name": "Cora C.", "user_name": null });
    let changed = change(&app, &admin, &cora.id, body).await.json();
    assert_eq!(
        (&changed["role"], &changed["user_name"], &changed["email"]),
        (
            &json!("ml-engineer"),
            &Value::Null,
            &json!("cora@example.com")
        )
    );
    let shown = app.get(&account(&cora.id)).by(&admin).send().await.json();
    assert_eq!(shown["display_name"], "Cora C.");
    assert!(shown["last_login_at"].is_string());

    for (body, status, code) in [
        (json!({ "user_name": "dan" }), 409, "conflict"),
        (json!({ "email": "DAN@example.com" }), 409, "conflict"),
        (json!({ "email": null }), 422, "validation"),
        (json!({ "email": "nonsense" }), 422, "validation"),
        (json!({ "role": "root" }), 422, "validation"),
        (json!({ "tokens": 5 }), 422, "validation"),
        (
            json!({ "password": "chosen by somebody else" }),
            422,
            "validation",
        ),
        (json!({ "display_name": "a\tb" }), 422, "validation"),
    ] {
        let answer = change(&app, &admin, &cora.id, body).await;
        answer.problem(status, code);
    }
    for body in [
        json!({}),
        json!({ "user_name": "eve", "tokens": -1 }),
        json!({ "user_name": "eve", "email": "nonsense" }),
        json!({ "user_name": "eve", "password": PASSWORD }),
    ] {
        let answer = app.post(USERS).by(&admin).json(body).send().await;
        answer.problem(422, "validation");
    }
    for nobody in [
        uuid::Uuid::now_v7().to_string(),
        "00000000-0000-7000-8000-000000000001".to_owned(),
        "1".to_owned(),
    ] {
        let get = app.get(&account(&nobody)).by(&admin).send().await;
        get.problem(404, "not_found");
        let end = app.call(Method::DELETE, &account(&nobody)).by(&admin);
        end.send().await.problem(404, "not_found");
        let answer = change(&app, &admin, &nobody, json!({ "active": true })).await;
        answer.problem(404, "not_found");
        let grant = app.post(&format!("{}/tokens", account(&nobody))).by(&admin);
        let grant = grant.json(json!({ "tokens": 5, "reason": "a gift" }));
        grant.send().await.problem(404, "not_found");
    }
}

/// Of two who end each other's rights at the same moment, one stays.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_administrator_stays_whoever_is_faster() {
    for way in ["demote", "switch off", "delete", "themselves"] {
        let app = TestApp::empty().await;
        let first = app.set_up().await;
        let second = promoted(&app, &first, "second").await;
        let call = |by: &Person, whom: &Person| match way {
            "delete" => app.call(Method::DELETE, &account(&whom.id)).by(by),
            "switch off" => app
                .call(Method::PATCH, &account(&whom.id))
                .by(by)
                .json(json!({ "active": false })),
            _ => app
                .call(Method::PATCH, &account(&whom.id))
                .by(by)
                .json(json!({ "role": "user" })),
        };
        let calls = if way == "themselves" {
            [call(&first, &first), call(&second, &second)]
        } else {
            [call(&first, &second), call(&second, &first)]
        };
        let answers = join_all(calls.map(crate::app::Call::send)).await;
        let won = answers.iter().filter(|answer| answer.status.is_success());
        assert_eq!(won.count(), 1, "{way} {answers:?}");
        let mut administrators = 0;
        for login in ["admin@example.com", "second"] {
            let answer = app.log_in(login, PASSWORD).send().await;
            if answer.status == StatusCode::OK {
                let person = Person::of(&answer);
                let list = app.get(USERS).by(&person).send().await;
                administrators += usize::from(list.status == StatusCode::OK);
            }
        }
        assert_eq!(administrators, 1, "{way}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_19_tokens_are_given_once_and_never_taken_below_nothing() {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    let ana = app.register("ana").await;
    let path = format!("{}/tokens", account(&ana.id));
    let grant = |tokens: i64, key: Option<&str>| {
        let body = json!({ "tokens": tokens, "reason": " for the course " });
        let call = app.post(&path).by(&admin).json(body);
        match key {
            Some(key) => call.header("idempotency-key", key).send(),
            None => call.send(),
        }
    };
    let given = grant(100, None).await;
    assert_eq!(given.status, StatusCode::OK);
    assert_eq!(given.json()["balance"], 115);
    assert_eq!(grant(-15, None).await.json()["balance"], 100);

    // The same request many times at once.
    let answers = join_all((0..8).map(|_| grant(50, Some("a key")))).await;
    let balances: Vec<_> = answers
        .iter()
        .map(|answer| answer.json()["balance"].clone())
        .collect();
    assert_eq!(balances, vec![json!(150); 8]);
    let replayed = answers
        .iter()
        .filter(|answer| answer.headers.contains_key("idempotency-replayed"));
    assert_eq!(replayed.count(), 7);
    let other = grant(51, Some("a key")).await;
    other.problem(422, "idempotency_key_reused");

    for tokens in [-151, 0, i64::MAX, i64::MIN, 1_000_000_000_000] {
        let problem = grant(tokens, None).await.problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], "/tokens");
    }
    let takes = join_all((0..4).map(|_| grant(-50, None))).await;
    let took = takes.iter().filter(|answer| answer.status.is_success());
    assert_eq!(took.count(), 3);
    assert_eq!(app.balance(&ana).await, 0);
    for body in [
        json!({ "tokens": 5 }),
        json!({ "tokens": 5, "reason": " " }),
        json!({ "tokens": 5, "reason": "a\nb" }),
        json!({ "tokens": 5, "reason": "x".repeat(201) }),
        json!({ "tokens": 1.5, "reason": "half" }),
        json!({ "tokens": "5", "reason": "text" }),
    ] {
        let answer = app.post(&path).by(&admin).json(body).send().await;
        answer.problem(422, "validation");
    }

    let mine = app.get("/api/v1/me/tokens").by(&ana).send().await.json();
    let entries = mine["entries"]["items"].as_array().unwrap();
    assert_eq!(entries.len(), 1 + 2 + 1 + 3);
    assert_eq!(
        (&entries[6]["reason"], &entries[5]["reference"]),
        (&json!("opening"), &json!("for the course"))
    );
    let shown = app.get(&path).by(&admin).send().await.json();
    assert_eq!(shown["items"], mine["entries"]["items"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_replaced() {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    let ana = app.register("ana").await;
    let renew = |id: &str, way: &str| {
        let call = app.post(&format!("{}/password", account(id))).by(&admin);
        call.json(json!({ "way": way })).send()
    };
    let reset = |token: &str, password: &str| {
        let body = json!({ "token": token, "new_password": password });
        app.post("/api/v1/auth/reset").json(body).send()
    };
    let generated = renew(&ana.id, "generate").await.json();
    let password = generated["password"].as_str().unwrap().to_owned();
    assert!(password.len() >= 20 && generated["token"].is_null());
    let me = app.get("/api/v1/me").by(&ana).send().await;
    me.problem(401, "unauthenticated");
    app.log_in("ana", PASSWORD)
        .send()
        .await
        .problem(401, "wrong_credentials");
    let ana = Person::of(&app.log_in("ana", &password).send().await);

    let earlier = renew(&ana.id, "link").await.json();
    let link = renew(&ana.id, "link").await.json();
    let token = link["token"].as_str().unwrap();
    assert_eq!(link["page"], format!("/reset#{token}"));
    assert!(link["expires_at"].is_string() && link["password"].is_null());
    // Until it is used nothing changed.
    let me = app.get("/api/v1/me").by(&ana).send().await;
    assert_eq!(me.status, StatusCode::OK);
    for (token, new, pointer) in [
        (
            earlier["token"].as_str().unwrap(),
            "a new password",
            "/token",
        ),
        ("nonsense", "a new password", "/token"),
        (ana.token.as_str(), "a new password", "/token"),
        (token, "short", "/new_password"),
    ] {
        let problem = reset(token, new).await.problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    let answers = join_all((0..4).map(|_| reset(token, "a new password"))).await;
    let done = answers
        .iter()
        .filter(|answer| answer.status == StatusCode::NO_CONTENT);
    assert_eq!(done.count(), 1);
    let me = app.get("/api/v1/me").by(&ana).send().await;
    me.problem(401, "unauthenticated");
    let ana = Person::of(&app.log_in("ana", "a new password").send().await);
    reset(token, "once more, please")
        .await
        .problem(422, "validation");

    // A link ends with the next new password.
    let link = renew(&ana.id, "link").await.json();
    let own = json!({ "current_password": "a new password", "new_password": PASSWORD });
    let own = app.post("/api/v1/me/password").by(&ana).json(own);
    assert_eq!(own.send().await.status, StatusCode::OK);
    reset(link["token"].as_str().unwrap(), "a new password")
        .await
        .problem(422, "validation");

    for way in ["generate", "link"] {
        renew(&admin.id, way).await.problem(403, "forbidden");
    }
    renew(&ana.id, "guess").await.problem(422, "validation");
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_an_account_stops_its_work_and_frees_its_bytes() {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    let ana = app.register("ana").await;
    let ben = app.register("ben").await;
    let model = long_training(&app, &ana).await;
    let job = model["job_id"].as_str().unwrap();
    running(&app, &ana, job).await;
    let stored = |admin: &Person| {
        let call = app.get("/api/v1/admin/stats").by(admin);
        async move { call.send().await.json()["now"]["storage_bytes"].clone() }
    };
    assert!(stored(&admin).await.as_u64().unwrap() > 0);
    let own = app.call(Method::DELETE, &account(&admin.id)).by(&admin);
    own.send().await.problem(403, "forbidden");
    let end = app.call(Method::DELETE, &account(&ana.id)).by(&admin);
    assert_eq!(end.send().await.status, StatusCode::NO_CONTENT);
    assert_eq!(stored(&admin).await, 0);
    let me = app.get("/api/v1/me").by(&ana).send().await;
    me.problem(401, "unauthenticated");
    // The one worker is free for somebody else at once.
    let dataset = app.sample(&ben, "iris").await;
    let training =
        json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "decision_tree" });
    assert_eq!(app.train(&ben, training).await.json()["status"], "ready");
    let list = app.get("/api/v1/admin/jobs?kind=train").by(&admin);
    let list = list.send().await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn everybodys_things_are_listed_and_counted() {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    let ana = app.register("ana").await;
    let ben = app.register("ben").await;
    let training = |dataset: &Value, target: &str| json!({ "dataset_id": dataset["id"], "target": target, "algorithm": "decision_tree" });
    let iris = app.sample(&ana, "iris").await;
    app.sample(&ben, "iris").await;
    let model = app.train(&ana, training(&iris, "species")).await.json();
    assert_eq!(model["status"], "ready");
    let path = format!(
        "/api/v1/models/{}/predictions",
        model["id"].as_str().unwrap()
    );
    let rows = json!({ "rows": [{}, {}, {}] });
    let asked = app.post(&path).by(&ana).json(rows).send().await;
    assert_eq!(asked.status, StatusCode::OK);
    let nobody = app.log_in("ana", "wrong password").send().await;
    nobody.problem(401, "wrong_credentials");
    app.log_in("ana", PASSWORD).send().await;
    let grant = app.post(&format!("{}/tokens", account(&ana.id))).by(&admin);
    let grant = grant.json(json!({ "tokens": 40, "reason": "a gift" }));
    assert_eq!(grant.send().await.status, StatusCode::OK);

    let list = |path: &str| {
        let call = app.get(&format!("/api/v1/admin/{path}")).by(&admin);
        async move {
            let list = call.send().await.json();
            list["items"]
                .as_array()
                .unwrap_or_else(|| panic!("{list}"))
                .clone()
        }
    };
    let models = list("models").await;
    assert_eq!(models.len(), 1);
    assert_eq!(
        (&models[0]["id"], &models[0]["owner"]["name"]),
        (&model["id"], &json!("ana"))
    );
    assert_eq!(list("models?search=nothing").await.len(), 0);
    assert_eq!(
        list("models?status=ready&visibility=private").await.len(),
        1
    );
    assert_eq!(list("models?visibility=guest").await.len(), 0);
    assert_eq!(list(&format!("models?owner_id={}", ben.id)).await.len(), 0);
    let datasets = list("datasets").await;
    assert_eq!(datasets.len(), 2);
    assert_eq!(
        (&datasets[0]["owner"]["name"], &datasets[1]["models"]),
        (&json!("ben"), &json!(1))
    );
    let ours = list(&format!("datasets?owner_id={}&status=ready", ana.id)).await;
    assert_eq!(ours.len(), 1);
    assert_eq!(list("jobs").await.len(), 3);
    assert_eq!(list("jobs?kind=profile&status=done").await.len(), 2);
    assert_eq!(list(&format!("jobs?owner_id={}", ben.id)).await.len(), 1);
    for wrong in ["models?status=x", "jobs?owner_id=1", "datasets?cursor=x"] {
        let answer = app.get(&format!("/api/v1/admin/{wrong}")).by(&admin);
        let status = answer.send().await.status;
        assert!(status.is_client_error(), "{wrong} {status}");
    }

    let stats = app.get("/api/v1/admin/stats").by(&admin).send().await;
    let stats = stats.json();
    let counted = json!({
        "sign_ins": 1, "new_users": 3, "trainings_ready": 1, "trainings_failed": 0, "predictions": 1,
        "predicted_rows": 3, "tokens_spent": 6, "tokens_granted": 40, "tokens_refunded": 0
    });
    for period in ["today", "last_7_days", "last_30_days"] {
        for (name, count) in counted.as_object().unwrap() {
            assert_eq!(&stats[period][name], count, "{period} {name}");
        }
        assert!(stats[period]["refusals"].as_u64().unwrap() >= 1);
    }
    let now = &stats["now"];
    assert_eq!(
        (
            &now["users"],
            &now["active_users"],
            &now["datasets"],
            &now["models"],
            &now["tokens"]
        ),
        (
            &json!(3),
            &json!(3),
            &json!(2),
            &json!(1),
            &json!(15 * 3 - 6 + 40)
        )
    );
    assert!(now["storage_bytes"].as_u64().unwrap() > 1_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_count_from_the_next_request_on() {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    let set = |body: Value| {
        let call = app.call(Method::PATCH, "/api/v1/admin/settings").by(&admin);
        call.json(body).send()
    };
    let value = |settings: &Value, key: &str| {
        let items = settings["items"].as_array().unwrap();
        let found = items.iter().find(|item| item["key"] == key);
        found.unwrap()["value"].clone()
    };
    let all = app.get("/api/v1/admin/settings").by(&admin).send().await;
    let all = all.json();
    assert_eq!(value(&all, "price_predict"), 5);
    let declared = &all["items"][0];
    assert_eq!(
        (&declared["key"], &declared["kind"], &declared["default"]),
        (&json!("registration_open"), &json!("boolean"), &json!(true))
    );

    let register = |name: &str| {
        let body = json!({ "user_name": name, "password": PASSWORD });
        app.post("/api/v1/auth/register").json(body).send()
    };
    let answer = set(json!({ "registration_open": false, "starting_tokens": 3 })).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(value(&answer.json(), "starting_tokens"), 3);
    register("ana").await.problem(403, "forbidden");
    // All or none.
    for wrong in [
        json!({ "registration_open": true, "price_predict": -1 }),
        json!({ "registration_open": true, "price_predict": 1.5 }),
        json!({ "registration_open": true, "price_predict": null }),
        json!({ "registration_open": true, "price_predict": i64::MAX }),
        json!({ "registration_open": "yes" }),
        json!({ "registration_open": true, "nonsense": 1 }),
        json!({ "registration_open": true, "set_up": false }),
    ] {
        set(wrong).await.problem(422, "validation");
    }
    register("ana").await.problem(403, "forbidden");
    let opened = set(json!({ "registration_open": true })).await;
    assert_eq!(opened.status, StatusCode::OK);
    let ana = Person::of(&register("ana").await);
    assert_eq!(app.balance(&ana).await, 3);

    let prices = json!({ "price_train": 2, "password_length": 40 });
    assert_eq!(set(prices).await.status, StatusCode::OK);
    register("ben").await.problem(422, "validation");
    let dataset = app.sample(&ana, "iris").await;
    let training =
        json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "dummy" });
    assert_eq!(app.train(&ana, training).await.json()["status"], "ready");
    assert_eq!(app.balance(&ana).await, 1);
    let public = app.get("/api/v1/settings/public").send().await.json();
    assert_eq!(public["prices"]["train"], 2);
}

/// A limit counts from the next request on, for whoever has asked before, lowered, raised and taken away.
#[tokio::test(flavor = "multi_thread")]
async fn a_changed_limit_counts_at_once() {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    let ana = app.register("ana").await;
    let set = async |limit: i64| {
        let call = app.call(Method::PATCH, "/api/v1/admin/settings").by(&admin);
        let answer = call.json(json!({ "rate_reading": limit })).send().await;
        assert_eq!(answer.status, StatusCode::OK);
    };
    let ask = || app.get("/api/v1/me").by(&ana).send();
    let limit = |answer: &Answer| {
        answer.headers["ratelimit-limit"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(limit(&ask().await), "6000");
    set(2).await;
    let lowered = ask().await;
    assert_eq!(
        (lowered.status, limit(&lowered).as_str()),
        (StatusCode::OK, "2")
    );
    // Two in a minute: what was asked before leaves room for one more of these, now or in a moment.
    let mut refused = Vec::new();
    for _ in 0..4 {
        let answer = ask().await;
        if answer.status != StatusCode::OK {
            refused.push(answer);
        }
    }
    assert!(refused.len() >= 3, "{}", refused.len());
    for answer in refused {
        answer.problem(429, "too_many_requests");
    }
    set(6_000).await;
    // Who owes a whole minute of the old limit waits for one request of the new one: a hundredth of a second.
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    let raised = ask().await;
    assert_eq!(
        (raised.status, limit(&raised).as_str()),
        (StatusCode::OK, "6000")
    );
    set(0).await;
    let free = ask().await;
    assert_eq!(free.status, StatusCode::OK);
    assert!(!free.headers.contains_key("ratelimit-limit"));
}

/// An administrator's key runs the place, but makes nobody an administrator and gives nobody a password: whoever finds
/// it must not become somebody else.
#[tokio::test(flavor = "multi_thread")]
async fn an_administrators_key_does_not_make_administrators() {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    let other = promoted(&app, &admin, "other").await;
    let ana = app.register("ana").await;
    let wish = json!({ "name": "a key", "scopes": ["admin"] });
    let made = app.post("/api/v1/me/api-keys").by(&admin).json(wish);
    let key = Person {
        token: made.send().await.json()["key"].as_str().unwrap().to_owned(),
        ..admin.clone()
    };
    assert_eq!(app.get(USERS).by(&key).send().await.status, StatusCode::OK);
    let analyst = change(&app, &key, &ana.id, json!({ "role": "analyst" })).await;
    assert_eq!(analyst.status, StatusCode::OK);
    for (id, body) in [
        (&ana.id, json!({ "role": "admin" })),
        (&other.id, json!({ "role": "user" })),
        (&other.id, json!({ "display_name": "Eve" })),
    ] {
        change(&app, &key, id, body).await.problem(403, "forbidden");
    }
    let end = app.call(Method::DELETE, &account(&other.id)).by(&key);
    end.send().await.problem(403, "forbidden");
    let eve = app.post(USERS).by(&key);
    let eve = eve.json(json!({ "user_name": "eve", "role": "admin" }));
    eve.send().await.problem(403, "forbidden");
    for way in ["generate", "link"] {
        let renew = app.post(&format!("{}/password", account(&ana.id))).by(&key);
        let renew = renew.json(json!({ "way": way }));
        renew.send().await.problem(403, "forbidden");
    }
}
