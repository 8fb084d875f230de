//! The server as its operator meets it: what it logs, and how it stops.

use crate::commands::Folder;
use crate::server::{Answer, Server};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::time::{Duration, Instant};

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let line = answer
        .head
        .lines()
        .find(|line| line.to_lowercase().starts_with(&format!("{name}:")));
    line.unwrap_or_else(|| panic!("no {name}: {}", answer.head))
        .split_once(": ")
        .unwrap()
        .1
}

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}\r\n")
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name} in {value}"))
}

/// Attack 26: whatever passes by, no password, token, cookie, key, cell or row is in the log, be it ever so talkative;
/// every line is JSON, and what belongs to a request names it.
#[test]
fn attack_26_no_secret_is_in_the_log() {
    let folder = Folder::new();
    let quiet = Server::start(
        &folder,
        &[
            "--log",
            "trace",
            "--log-format",
            "json",
            "--admin-email",
            "boss@example.com",
            "--admin-password",
            "pw-admin-6f1c",
        ],
    );
    let server = &quiet;
    let login = |name: &str, password: &str| {
        server.post(
            "/api/v1/auth/login",
            "",
            &json!({ "login": name, "password": password }),
        )
    };
    let admin = login("boss@example.com", "pw-admin-6f1c").json();
    assert_eq!(login("boss@example.com", "pw-wrong-77aa").status, 401);
    let registration = json!({ "user_name": "ana", "password": "pw-ana-93bd" });
    let ana = server
        .post("/api/v1/auth/register", "", &registration)
        .json();
    let refreshed = server
        .post(
            "/api/v1/auth/refresh",
            "",
            &json!({ "refresh_token": ana["refresh_token"] }),
        )
        .json();
    let me = bearer(text(&refreshed, "access_token"));
    assert_eq!(server.call("GET", "/api/v1/me", &me, "").status, 200);
    assert_eq!(
        server
            .call("GET", "/api/v1/me", &bearer("forged-token-51ce"), "")
            .status,
        401
    );
    assert_eq!(
        server
            .call("GET", "/api/v1/me", "X-API-Key: forged-key-88d1\r\n", "")
            .status,
        401
    );
    let from_page = "X-Trainyard-Client: web\r\n";
    let body = json!({ "login": "ana", "password": "pw-ana-93bd" });
    let browser = server.post("/api/v1/auth/login", from_page, &body);
    let cookies: Vec<String> = browser
        .head
        .lines()
        .filter_map(|line| {
            line.split_once(": ")
                .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
        })
        .map(|(_, cookie)| cookie.split(';').next().unwrap().to_owned())
        .collect();
    assert_eq!(cookies.len(), 2, "{}", browser.head);
    let cookie = format!("Cookie: {}\r\n", cookies.join("; "));
    assert_eq!(server.call("GET", "/api/v1/me", &cookie, "").status, 200);
    // A line break in a path stays inside its line.
    server.call(
        "GET",
        "/api/v1/%0A%0Dforged-line?password=pw-query-20e7",
        "",
        "",
    );

    // Keys, a password that is generated, one that is chosen, and a link.
    let wish = json!({ "name": "script", "scopes": ["read", "predict"] });
    let key = server.post("/api/v1/me/api-keys", &me, &wish).json();
    let key = text(&key, "key").to_owned();
    for header in [format!("X-API-Key: {key}\r\n"), bearer(&key)] {
        assert_eq!(server.call("GET", "/api/v1/me", &header, "").status, 200);
    }
    let in_address = format!("/api/v1/me?api_key={key}");
    assert_eq!(server.call("GET", &in_address, "", "").status, 401);
    let boss = bearer(text(&admin, "access_token"));
    let ben = json!({ "user_name": "ben" });
    let made = server.post("/api/v1/admin/users", &boss, &ben).json();
    let account = format!("/api/v1/admin/users/{}/password", text(&made["user"], "id"));
    let link = server
        .post(&account, &boss, &json!({ "way": "link" }))
        .json();
    let reset = json!({ "token": link["token"], "new_password": "pw-reset-45ab" });
    assert_eq!(server.post("/api/v1/auth/reset", "", &reset).status, 204);
    assert_eq!(server.post("/api/v1/auth/reset", "", &reset).status, 422);
    let ben = login("ben", "pw-reset-45ab").json();
    let chosen = json!({ "current_password": "pw-reset-45ab", "new_password": "pw-chosen-c0de" });
    let chosen = server.post(
        "/api/v1/me/password",
        &bearer(text(&ben, "access_token")),
        &chosen,
    );
    assert_eq!(chosen.status, 200, "{}", chosen.body);
    let generated = server
        .post(&account, &boss, &json!({ "way": "generate" }))
        .json();

    let csv = format!(
        "size,word,price\n{}",
        "7,cell-4c1d,3\n9,cell-4c1d,4\n".repeat(40)
    );
    let uploaded = server
        .call(
            "POST",
            "/api/v1/datasets?name=t",
            &format!("{me}Prefer: wait=30\r\n"),
            &csv,
        )
        .json();
    let training = json!({ "dataset_id": text(&uploaded, "id"), "target": "price", "algorithm": "decision_tree", "name": "m" });
    let trained = server.post(
        "/api/v1/models",
        &format!("{me}Prefer: wait=30\r\n"),
        &training,
    );
    assert_eq!(trained.status, 200, "{}", trained.body);
    let rows = json!({ "rows": [{ "size": 8, "word": "row-19ab" }] });
    let answered = server.post(
        "/api/v1/models/m/predictions",
        &format!("{me}Idempotency-Key: once\r\n"),
        &rows,
    );
    assert_eq!(answered.status, 200, "{}", answered.body);
    let request_id = header(&answered, "x-request-id").to_owned();
    let secret = folder.read("trainyard-data/secret");

    let (code, log) = quiet.stop();
    assert_eq!(code, Some(0));
    let mut secrets = vec![
        "pw-admin-6f1c",
        "pw-wrong-77aa",
        "pw-ana-93bd",
        "pw-query-20e7",
        "pw-reset-45ab",
        "pw-chosen-c0de",
        &key,
        text(&made, "password"),
        text(&link, "token"),
        text(&generated, "password"),
        "forged-token-51ce",
        "forged-key-88d1",
        "cell-4c1d",
        "row-19ab",
        secret.trim(),
        "argon2id$",
    ];
    for session in [&admin, &ana, &refreshed, &ben] {
        secrets.extend([
            text(session, "access_token"),
            text(session, "refresh_token"),
        ]);
    }
    secrets.extend(
        cookies
            .iter()
            .map(|cookie| cookie.split_once('=').unwrap().1),
    );
    for secret in secrets {
        assert!(!secret.is_empty());
        let line = log.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "{secret} is in the log: {line:?}");
    }
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}")))
        .collect();
    let answered = lines.iter().find(|line| {
        line["fields"]["message"] == "answered" && line["fields"]["request_id"] == request_id
    });
    assert!(
        answered.is_some(),
        "the prediction's line names its request"
    );
    let inside = lines
        .iter()
        .filter(|line| line["span"]["request_id"] == request_id);
    assert!(inside.count() > 0, "what happens inside a request names it");
}

/// A server that is asked to stop ends open streams of events, lets a request that is being sent arrive, and is gone in
/// a few seconds with exit code 0, whatever else hangs on it.
#[test]
fn stopping_ends_streams_and_lets_requests_finish() {
    let folder = Folder::new();
    let server = Server::start(
        &folder,
        &[
            "--admin-email",
            "boss@example.com",
            "--admin-password",
            "pw-admin-6f1c",
        ],
    );
    let body = json!({ "login": "boss@example.com", "password": "pw-admin-6f1c" });
    let admin = server.post("/api/v1/auth/login", "", &body).json();
    let me = bearer(text(&admin, "access_token"));
    let wait = format!("{me}Prefer: wait=60\r\n");
    let sample = server
        .post("/api/v1/samples/digits_8x8", &wait, &json!({}))
        .json();
    let training = json!({ "dataset_id": text(&sample, "id"), "target": "digit", "algorithm": "random_forest", "params": { "n_estimators": 10_000 } });
    let job = server.post("/api/v1/models", &me, &training).json();
    let path = format!("/api/v1/jobs/{}/events", text(&job, "job_id"));
    let mut stream = server.open(&format!(
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{me}\r\n"
    ));
    let mut first = [0; 64];
    assert!(stream.read(&mut first).unwrap() > 0);
    assert!(
        first.starts_with(b"HTTP/1.1 200"),
        "{}",
        String::from_utf8_lossy(&first)
    );
    let body = body.to_string();
    let (early, late) = body.split_at(10);
    let mut half = server.open(&format!(
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{early}",
        body.len()
    ));
    // One that never says anything, and one that never finishes.
    let silent = server.open("");
    let stuck = server.open("POST /api/v1/auth/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{");
    std::thread::sleep(Duration::from_millis(300));

    let began = Instant::now();
    server.ask_to_stop();
    std::thread::sleep(Duration::from_millis(100));
    half.write_all(late.as_bytes()).unwrap();
    let mut answer = String::new();
    half.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    let rest = String::from_utf8_lossy(&rest);
    assert!(
        rest.ends_with("0\r\n\r\n"),
        "the stream ends as a stream does: {rest}"
    );
    let (code, log) = server.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(
        began.elapsed() < Duration::from_secs(15),
        "{:?}",
        began.elapsed()
    );
    drop((silent, stuck));
}
