//! The audit through its front door: everything leaves its entry, nobody else reads it, nothing in it runs or lies.

use axum::http::{Method, StatusCode};
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use trainyard_store::DatabasePlace;

use crate::app::{Answer, PASSWORD, Person, TestApp, store_options};

const EVENTS: &str = "/api/v1/admin/audit-events";

/// Runs SQL behind the server's back.
async fn tamper(app: &TestApp, sql: &str) {
    let address = match store_options(app.folder.path()).database {
        DatabasePlace::File(path) => format!("sqlite://{}", path.display()),
        DatabasePlace::Server(url) => url,
    };
    let other = sea_orm::Database::connect(address).await.unwrap();
    other.execute_unprepared(sql).await.unwrap();
    other.close().await.unwrap();
}

/// What the database answers to a question for one text a row.
pub(crate) async fn texts(app: &TestApp, sql: &str) -> Vec<String> {
    let address = match store_options(app.folder.path()).database {
        DatabasePlace::File(path) => format!("sqlite://{}", path.display()),
        DatabasePlace::Server(url) => url,
    };
    let other = sea_orm::Database::connect(address).await.unwrap();
    let question = Statement::from_string(other.get_database_backend(), sql);
    let found = other.query_all_raw(question).await.unwrap();
    other.close().await.unwrap();
    let texts = found.iter().map(|row| row.try_get_by_index(0).unwrap());
    texts.collect()
}

async fn events(app: &TestApp, admin: &Person, query: &str) -> Vec<Value> {
    let answer = app
        .get(&format!("{EVENTS}?limit=200&{query}"))
        .by(admin)
        .send()
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.json()["items"].as_array().unwrap().clone()
}

fn request_id(answer: &Answer) -> String {
    answer.headers["x-request-id"].to_str().unwrap().to_owned()
}

async fn started() -> (TestApp, Person) {
    let app = TestApp::empty().await;
    let admin = app.set_up().await;
    (app, admin)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_act_and_every_refusal_leaves_its_entry() {
    let (app, admin) = started().await;
    let ana = app.register("ana").await;
    let sign_in = async |password: &str| {
        let body = json!({ "login": "ana", "password": password });
        let call = app.post("/api/v1/auth/login").json(body);
        call.header("user-agent", "curl/8")
            .from("198.51.100.7")
            .send()
            .await
    };
    assert_eq!(sign_in(PASSWORD).await.status, StatusCode::OK);
    let wrong = sign_in("not the password").await;
    wrong.problem(401, "wrong_credentials");
    let dataset = app.sample(&ana, "iris").await;
    let asked = json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "dummy" });
    let model = app.train(&ana, asked.clone()).await.json();
    let path = format!(
        "/api/v1/models/{}/predictions",
        model["id"].as_str().unwrap()
    );
    let secret_input = json!({ "rows": [{ "petal_length_cm": 1.437 }] });
    let predict = || {
        app.post(&path)
            .by(&ana)
            .json(secret_input.clone())
            .header("user-agent", "bot")
            .send()
    };
    let first = predict().await;
    assert_eq!(
        (first.status, predict().await.status),
        (StatusCode::OK, StatusCode::OK)
    );
    let short = predict().await;
    short.problem(402, "insufficient_tokens");
    let forbidden = app.get(EVENTS).by(&ana).send().await;
    forbidden.problem(403, "forbidden");
    let id = dataset["id"].as_str().unwrap();
    let path = format!("/api/v1/datasets/{id}");
    app.call(Method::PATCH, &path)
        .by(&ana)
        .json(json!({ "name": "flowers" }))
        .send()
        .await;
    app.call(Method::DELETE, &path).by(&ana).send().await;
    app.post("/api/v1/auth/logout").by(&ana).send().await;
    let guessed = json!({ "token": "guessed", "new_password": "a new password" });
    let guessed = app.post("/api/v1/auth/reset").json(guessed).send().await;
    guessed.problem(422, "validation");

    for (action, outcome, actor) in [
        ("setup", "ok", None),
        ("user.register", "ok", None),
        ("session.open", "ok", Some(&ana)),
        ("session.open", "refused", None),
        ("dataset.create", "ok", Some(&ana)),
        ("model.train", "ok", Some(&ana)),
        ("job.done", "ok", None),
        ("predict", "ok", Some(&ana)),
        ("request", "refused", Some(&ana)),
        ("dataset.rename", "ok", Some(&ana)),
        ("dataset.delete", "ok", Some(&ana)),
        ("session.end", "ok", Some(&ana)),
        ("user.reset", "refused", None),
    ] {
        let found = events(&app, &admin, &format!("action={action}&outcome={outcome}")).await;
        assert!(!found.is_empty(), "{action} {outcome}");
        if let Some(actor) = actor {
            assert_eq!(found[0]["actor_id"], json!(actor.id), "{action}");
            assert_eq!(found[0]["actor_name"], "ana");
        }
        if action != "job.done" {
            assert_eq!(
                found[0]["request_id"].as_str().unwrap().len(),
                36,
                "{action}"
            );
            assert_eq!(found[0]["door"], "api");
        }
    }
    let of = async |answer: &Answer| {
        events(&app, &admin, &format!("request_id={}", request_id(answer))).await
    };
    let entry = &of(&wrong).await[0];
    assert_eq!(
        (&entry["address"], &entry["agent"]),
        (&json!("198.51.100.7"), &json!("curl/8"))
    );
    assert_eq!(entry["details"]["reason"], "wrong credentials");
    assert_eq!(
        entry["subject_id"],
        json!(ana.id),
        "whose password was guessed at"
    );
    let entry = &of(&first).await[0];
    assert_eq!(
        (&entry["action"], &entry["agent"], &entry["subject_id"]),
        (&json!("predict"), &json!("bot"), &model["id"])
    );
    assert_eq!(entry["details"]["input"].as_str().unwrap().len(), 64);
    assert_eq!(entry["details"]["prediction"], first.json()["id"]);
    assert!(
        !entry.to_string().contains("1.437"),
        "the digest, not the data: {entry}"
    );
    let entry = &of(&short).await[0];
    assert_eq!(
        entry["details"],
        json!({ "reason": "insufficient_tokens", "method": "POST", "route": "/api/v1/models/{id}/predictions" })
    );
    let entry = &of(&forbidden).await[0];
    assert_eq!(
        (&entry["details"]["reason"], &entry["actor_id"]),
        (&json!("forbidden"), &json!(ana.id))
    );
    app.platform.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_are_found_paged_and_verified() {
    let (app, admin) = started().await;
    let ana = app.register("ana").await;
    for name in ["a", "b", "c"] {
        app.upload(&ana, &format!("{name}.csv"), "x,y\n1,2\n3,4\n")
            .await;
    }
    let count = async |query: &str| events(&app, &admin, query).await.len();
    let all = count("").await;
    assert_eq!(count(&format!("actor={}", ana.id)).await, 3);
    assert_eq!(count("subject_kind=dataset&action=dataset.create").await, 3);
    assert_eq!(count("subject_kind=dataset&outcome=failed").await, 0);
    assert_eq!(count("search=DATASET.cre").await, 3);
    assert_eq!(
        count("search=%25").await,
        0,
        "a pattern's signs stand for themselves"
    );
    assert_eq!(count("search=%27%20OR%201%3D1%20--").await, 0);
    assert_eq!(count("search=%00").await, 0);
    assert_eq!(count("action=%00").await, 0);
    assert_eq!(count("from=2000-01-01T00:00:00Z").await, all);
    assert_eq!(count("until=2000-01-01T00:00:00%2B02:00").await, 0);
    assert_eq!(count("address=203.0.113.1").await, 0);
    for wrong in ["from=yesterday", "until=2026-13-01T00:00:00Z"] {
        let answer = app
            .get(&format!("{EVENTS}?{wrong}"))
            .by(&admin)
            .send()
            .await;
        answer.problem(422, "validation");
    }
    let answer = app
        .get(&format!("{EVENTS}?actor=ana"))
        .by(&admin)
        .send()
        .await;
    answer.problem(400, "bad_request");

    let (mut cursor, mut seen) = (String::new(), Vec::new());
    loop {
        let page = app
            .get(&format!("{EVENTS}?limit=2&cursor={cursor}"))
            .by(&admin)
            .send()
            .await
            .json();
        let items = page["items"].as_array().unwrap();
        seen.extend(items.iter().map(|item| item["sequence"].as_i64().unwrap()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    let newest_first: Vec<_> = (1..=all as i64).rev().collect();
    assert_eq!(seen, newest_first);

    let verify = async || {
        app.get(&format!("{EVENTS}/verify"))
            .by(&admin)
            .send()
            .await
            .json()
    };
    let state = verify().await;
    assert_eq!(
        (&state["sound"], &state["entries"], &state["problem"]),
        (&json!(true), &json!(all), &Value::Null)
    );
    assert_eq!(state["heads"][0]["sequence"], json!(all));
    tamper(
        &app,
        "UPDATE audit SET actor_name = 'nobody' WHERE sequence = 2",
    )
    .await;
    let state = verify().await;
    assert_eq!(
        (&state["sound"], &state["entries"]),
        (&json!(false), &Value::Null)
    );
    assert_eq!(state["problem"], "entry 2 of main was changed");
    let looked = events(&app, &admin, "action=audit.verify").await;
    assert_eq!(
        looked
            .iter()
            .map(|entry| entry["outcome"].as_str().unwrap())
            .collect::<Vec<_>>(),
        ["failed", "ok"]
    );
    app.platform.stop().await;
}

/// Attacks 21, 23 and 26: nothing in the export runs, and no secret is in it.
#[tokio::test(flavor = "multi_thread")]
async fn the_export_is_whole_harmless_and_without_secrets() {
    let (app, admin) = started().await;
    let ana = app.register("ana").await;
    let formula = json!({ "display_name": "=HYPERLINK(\"http://evil.example\",\"x\")" });
    let renamed = app
        .call(Method::PATCH, "/api/v1/me")
        .by(&ana)
        .json(formula)
        .send()
        .await;
    assert_eq!(renamed.status, StatusCode::OK, "{renamed:?}");
    let agents = ["=1+1", "+1", "-2+3", "@SUM(A1:A9)", "plain, \"quoted\""];
    for agent in agents {
        let change = app
            .call(Method::PATCH, "/api/v1/me")
            .by(&ana)
            .header("user-agent", agent);
        change.json(json!({ "user_name": "ana" })).send().await;
    }
    for _ in 0..230 {
        app.call(Method::PATCH, "/api/v1/me")
            .by(&ana)
            .json(json!({ "user_name": "ana" }))
            .send()
            .await;
    }
    let answer = app.get(&format!("{EVENTS}/export")).by(&admin).send().await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        answer.headers["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/csv")
    );
    assert_eq!(
        answer.headers["content-disposition"],
        "attachment; filename=\"audit.csv\""
    );
    let text = String::from_utf8(answer.bytes).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0].split(',').count(), 15);
    assert!(lines.len() > 235, "more than a page: {}", lines.len());
    assert!(
        lines[1].contains("\"audit.export\""),
        "newest first, itself included: {}",
        lines[1]
    );
    for agent in agents {
        let escaped = agent.replace('"', "\"\"");
        let cell = if agent.starts_with('p') {
            format!("\"{escaped}\"")
        } else {
            format!("\"'{escaped}\"")
        };
        assert!(text.contains(&format!(",{cell},")), "{cell}");
    }
    assert!(text.contains(",\"'=HYPERLINK(\"\"http://evil.example\"\",\"\"x\"\")\","));
    // Every cell is a number, a moment or quoted, and no quoted one begins like a formula.
    assert!(
        !text.contains(",\"=")
            && !text.contains(",\"+")
            && !text.contains(",\"-")
            && !text.contains(",\"@")
    );
    for secret in [
        PASSWORD,
        &ana.token,
        &ana.refresh_token,
        &admin.token,
        "argon2",
    ] {
        assert!(!text.contains(secret));
    }
    let only = app
        .get(&format!("{EVENTS}/export?action=user.register"))
        .by(&admin)
        .send()
        .await;
    assert_eq!(String::from_utf8(only.bytes).unwrap().lines().count(), 2);
    app.get(&format!("{EVENTS}/export"))
        .by(&ana)
        .send()
        .await
        .problem(403, "forbidden");
    app.get(&format!("{EVENTS}/verify"))
        .by(&ana)
        .send()
        .await
        .problem(403, "forbidden");
    app.platform.stop().await;
}

/// Attack 26: what a client says about itself stays one short field of one entry.
#[tokio::test(flavor = "multi_thread")]
async fn long_and_broken_words_of_clients_stay_in_their_field() {
    let (app, admin) = started().await;
    let ana = app.register("ana").await;
    let endless = "x".repeat(10_240);
    let change = app
        .call(Method::PATCH, "/api/v1/me")
        .by(&ana)
        .header("user-agent", &endless);
    let answer = change.json(json!({ "user_name": "ana" })).send().await;
    assert_eq!(answer.status, StatusCode::OK);
    let entry = &events(&app, &admin, &format!("request_id={}", request_id(&answer))).await[0];
    assert_eq!(entry["agent"].as_str().unwrap().len(), 200);
    for broken in ["a\nb", "a\r\nb", "a\u{0}b", "a\u{1b}[2Jb"] {
        let change = app
            .call(Method::PATCH, "/api/v1/me")
            .by(&ana)
            .json(json!({ "display_name": broken }));
        change.send().await.problem(422, "validation");
    }
    let forged = "/api/v1/admin%0A2026-01-01 admin session.open ok/audit-events";
    app.get(&forged.replace(' ', "%20"))
        .by(&ana)
        .send()
        .await
        .problem(404, "not_found");
    let call = app
        .get(&format!("{EVENTS}?search=a%0D%0Aforged,line"))
        .by(&ana);
    call.send().await.problem(403, "forbidden");
    let entries = events(&app, &admin, "").await;
    assert!(
        entries
            .iter()
            .all(|entry| !entry.to_string().contains("forged"))
    );
    app.platform.stop().await;
}

/// Refusals are remembered, but nobody fills the audit with them.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_refusal_again_and_again_is_counted() {
    let (app, admin) = started().await;
    let ana = app.register("ana").await;
    join_all((0..40).map(|_| app.get(EVENTS).by(&ana).send())).await;
    assert_eq!(events(&app, &admin, "action=request").await.len(), 1);
    app.platform.stop().await;
    let app = TestApp::on(
        std::sync::Arc::into_inner(app.into_folder()).unwrap(),
        |_| {},
    )
    .await;
    let body = json!({ "login": "admin@example.com", "password": PASSWORD });
    let admin = Person::of(&app.post("/api/v1/auth/login").json(body).send().await);
    let entries = events(&app, &admin, "action=request").await;
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0]["details"]["repeated"], 39);
    assert_eq!(entries[0]["actor_id"], json!(ana.id));
    app.platform.stop().await;
}

/// Attack 26: an act whose entry cannot be written is not done.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_happens_unseen() {
    let (app, admin) = started().await;
    let ana = app.register("ana").await;
    let dataset = app.sample(&ana, "iris").await;
    let asked = json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "dummy" });
    let model = app.train(&ana, asked.clone()).await.json();
    let balance = app.balance(&ana).await;
    tamper(&app, "ALTER TABLE audit RENAME TO audit_away").await;
    let dataset = format!("/api/v1/datasets/{}", dataset["id"].as_str().unwrap());
    let predict = format!(
        "/api/v1/models/{}/predictions",
        model["id"].as_str().unwrap()
    );
    let login = json!({ "login": "ana", "password": PASSWORD });
    for call in [
        app.call(Method::PATCH, &dataset)
            .by(&ana)
            .json(json!({ "name": "unseen" })),
        app.call(Method::DELETE, &dataset).by(&ana),
        app.post("/api/v1/models").by(&ana).json(asked.clone()),
        app.post(&predict).by(&ana).json(json!({ "rows": [{}] })),
        app.post("/api/v1/auth/login").json(login.clone()),
        app.get(EVENTS).by(&ana),
        app.get(&format!("{EVENTS}/export")).by(&admin),
    ] {
        call.send().await.problem(500, "internal");
    }
    tamper(&app, "ALTER TABLE audit_away RENAME TO audit").await;
    assert_eq!(app.balance(&ana).await, balance);
    assert_eq!(
        app.get(&dataset).by(&ana).send().await.json()["name"],
        "iris"
    );
    let models = app.get("/api/v1/models").by(&ana).send().await.json();
    assert_eq!(models["items"].as_array().unwrap().len(), 1);
    let answer = app
        .post(&predict)
        .by(&ana)
        .json(json!({ "rows": [{}] }))
        .send()
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    app.platform.stop().await;
}

/// Retention: the answers go, what was paid for them stays, and nothing is taken for damage.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_old_goes_and_the_books_still_fit() {
    let (app, admin) = started().await;
    let ana = app.register("ana").await;
    let (_, path) = crate::money::with_model(&app, &ana).await;
    let predict = async || {
        let call = app.post(&path).by(&ana).header("idempotency-key", "one");
        call.json(json!({ "rows": [{}] })).send().await
    };
    let first = predict().await.json();
    let settings = json!({ "prediction_days": 1, "audit_days": 1 });
    let changed = app
        .call(Method::PATCH, "/api/v1/admin/settings")
        .by(&admin)
        .json(settings);
    assert_eq!(changed.send().await.status, StatusCode::OK);
    app.platform.clean_up().await;
    assert_eq!(
        predict().await.json()["id"],
        first["id"],
        "a young one stays"
    );
    let two_days = 2 * 86_400_000_000_i64;
    for (table, column) in [
        ("predictions", "created_at"),
        ("idempotency_keys", "created_at"),
        ("ledger", "at"),
    ] {
        tamper(
            &app,
            &format!("UPDATE {table} SET {column} = {column} - {two_days}"),
        )
        .await;
    }
    app.platform.clean_up().await;
    let removed = events(&app, &admin, "action=predictions.remove").await;
    assert_eq!(
        (removed.len(), &removed[0]["details"]["count"]),
        (1, &json!(1))
    );
    assert_eq!(app.balance(&ana).await, 9, "what was paid stays paid");
    let findings = app.platform.verify().await.unwrap();
    assert!(findings.is_sound(), "{:?}", findings.problems);
    assert_eq!(
        (
            findings.predictions,
            events(&app, &admin, "action=audit.remove").await.len()
        ),
        (1, 0)
    );
    let again = predict().await.json();
    assert_ne!(again["id"], first["id"], "a key that old is forgotten");
    app.platform.stop().await;
}
