//! What nobody should send, sent to every door: it is refused in the door's own words, never as a mistake of the server's,
//! and costs nothing.

mod files;
mod values;

use serde_json::{Value, json};
use trainyard_dialects::DialectOptions;

use crate::app::{ADMIN, Answer, Call, Door, TestApp};

const HUB: &str = "/dialects/autoclassifier";
const TOKENS: &str = "/dialects/token-platform";
const GRID: &str = "/dialects/grid-search";
const DIGITS: &str = "/dialects/digit-ocr";
const LESSONS: &str = "/dialects/lesson-prices";

async fn demo() -> TestApp {
    TestApp::with(DialectOptions { demo: true }, |_| {}).await
}

/// Asserts that an answer is no mistake of the server's, and a refusal in the door's shape.
#[track_caller]
fn is_polite(base: &str, answer: &Answer, what: &str) {
    let shown: String = answer.text().chars().take(600).collect();
    let what: String = what.chars().take(300).collect();
    let said = format!("{base} {what}: {} {shown}", answer.status);
    // Without a model of digits there is nothing to read with.
    assert!(answer.status < 500 || answer.status == 503, "{said}");
    if answer.status < 400 {
        return;
    }
    assert_eq!(answer.header("content-type"), "application/json", "{said}");
    let body = answer.json();
    if base == DIGITS {
        assert_eq!(body["success"], false, "{said}");
        assert!(body["error"]["code"].is_string(), "{said}");
        assert!(
            !body["error"]["message"].as_str().unwrap().is_empty(),
            "{said}"
        );
        assert!(body["timestamp"].is_string(), "{said}");
        return;
    }
    let (key, detail) = body.as_object().unwrap().iter().next().unwrap();
    assert!(body.as_object().unwrap().len() == 1, "{said}");
    assert!(key == "detail" || key == "error", "{said}");
    match detail {
        Value::String(text) => assert!(!text.is_empty(), "{said}"),
        Value::Array(issues) => {
            assert_eq!((answer.status, issues.is_empty()), (422, false), "{said}");
            for issue in issues {
                let place = issue["loc"][0].as_str().unwrap();
                assert!(["body", "query", "path"].contains(&place), "{said}");
                assert!(
                    issue["type"].is_string() && issue["msg"].is_string(),
                    "{said}"
                );
            }
        }
        _ => panic!("{said}"),
    }
}

/// Signs somebody up where the door lets people do that, and in.
async fn join(app: &TestApp, base: &'static str) -> String {
    let door = app.door(base);
    match base {
        HUB => {
            let new = json!({ "username": "vera", "email": "vera@example.com", "name": "V", "password": "secret" });
            assert_eq!(door.post("/register").json(new).send().await.status, 201);
            hub_token(door, "vera", "secret").await
        }
        TOKENS => {
            let new = json!({ "email": "ana@example.com", "pwd": "secret" });
            assert_eq!(door.post("/user/create").json(new).send().await.status, 200);
            tokens_token(door, "ana@example.com", "secret").await
        }
        GRID => {
            let known = json!({ "username": "test_1", "password": "testpassword" });
            let answer = door.post("/request_token").json(known).send().await;
            answer.json()["token"].as_str().unwrap().to_owned()
        }
        DIGITS => {
            let known = json!({ "email": "admin@example.com", "password": "password123" });
            let answer = door.post("/api/auth/login").json(known).send().await;
            answer.json()["data"]["token"].as_str().unwrap().to_owned()
        }
        _ => {
            let new = json!({ "username": "dana", "password": "secret" });
            let answer = door.post("/auth/signup").json(new.clone()).send().await;
            assert_eq!(answer.status, 200);
            let answer = door.post("/auth/login").json(new).send().await;
            answer.json()["access_token"].as_str().unwrap().to_owned()
        }
    }
}

async fn hub_token(door: Door<'_>, name: &str, password: &str) -> String {
    let form = [("username", name), ("password", password)];
    let answer = door.post("/login").form(&form).send().await;
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

async fn tokens_token(door: Door<'_>, email: &str, password: &str) -> String {
    let body = json!({ "email": email, "pwd": password });
    let answer = door.post("/user/login").json(body).send().await;
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

/// Who may do most at a door.
async fn administrator(app: &TestApp, base: &'static str) -> String {
    match base {
        HUB => hub_token(app.door(base), ADMIN.0, ADMIN.1).await,
        TOKENS => tokens_token(app.door(base), ADMIN.0, ADMIN.1).await,
        _ => join(app, base).await,
    }
}

fn typed<'a>(call: Call<'a>, kind: &str, bytes: &[u8]) -> Call<'a> {
    call.header("content-type", kind).body(bytes)
}

/// Every address that takes a body, and whether administrators alone may ask it.
const TAKERS: [(&str, &str, &str); 30] = [
    (HUB, "POST", "/register"),
    (HUB, "POST", "/login"),
    (HUB, "POST", "/admin/register"),
    (HUB, "POST", "/fit"),
    (HUB, "POST", "/predict"),
    (HUB, "POST", "/predict-file"),
    (HUB, "POST", "/load-model"),
    (HUB, "PUT", "/rename-model"),
    (TOKENS, "POST", "/user/create"),
    (TOKENS, "POST", "/user/login"),
    (TOKENS, "POST", "/user/reset_password"),
    (TOKENS, "DELETE", "/user/remove_user"),
    (TOKENS, "POST", "/create"),
    (TOKENS, "POST", "/predict/x"),
    (TOKENS, "POST", "/admin/users/1/tokens"),
    (TOKENS, "POST", "/admin/users/1/reset_password"),
    (GRID, "POST", "/request_token"),
    (GRID, "POST", "/train"),
    (GRID, "POST", "/predict"),
    (DIGITS, "POST", "/api/auth/login"),
    (DIGITS, "POST", "/api/auth/refresh"),
    (DIGITS, "POST", "/api/predict"),
    (DIGITS, "POST", "/api/batch"),
    (DIGITS, "POST", "/api/models/1/tune"),
    (DIGITS, "POST", "/api/models/train"),
    (DIGITS, "POST", "/api/admin/users"),
    (DIGITS, "PUT", "/api/admin/users/1"),
    (LESSONS, "POST", "/auth/signup"),
    (LESSONS, "POST", "/training/train"),
    (LESSONS, "POST", "/models/predict/x"),
];

#[tokio::test]
async fn bodies_that_are_none() {
    let app = demo().await;
    let deep = "[".repeat(5_000);
    let deep = deep.as_bytes();
    let multipart = "multipart/form-data; boundary=XX";
    let part =
        b"--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n1,2";
    let unnamed = b"--XX\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XX--\r\n";
    let bodies: [(&str, &[u8]); 21] = [
        ("application/json", b""),
        ("application/json", b"{"),
        ("application/json", b"{\"a\": 1e999}"),
        ("application/json", b"{\"a\": NaN}"),
        ("application/json", b"null"),
        ("application/json", b"[]"),
        ("application/json", b"17"),
        ("application/json", b"\"text\""),
        ("application/json", b"\xff\xfe\x00"),
        ("application/json", b"{\"a\": \"\\ud800\"}"),
        ("application/json", deep),
        ("application/json; charset=utf-16", b"{}"),
        ("text/plain", b"{}"),
        ("text/csv", b"a,b\n1,2\n"),
        ("\u{7f}", b"{}"),
        ("application/x-www-form-urlencoded", b"%ff%=&&=&a"),
        ("multipart/form-data", b"--XX\r\n"),
        (multipart, b""),
        (multipart, b"no part at all"),
        (multipart, part),
        (multipart, unnamed),
    ];
    for base in [HUB, TOKENS, GRID, DIGITS, LESSONS] {
        let token = administrator(&app, base).await;
        for (_, method, path) in TAKERS.iter().filter(|taker| taker.0 == base) {
            for (kind, bytes) in bodies {
                if kind == "\u{7f}" {
                    continue;
                }
                let call = app.door(base).call(method, path).bearer(&token);
                let answer = typed(call, kind, bytes).send().await;
                let what = format!("{method} {path} {kind} {bytes:?}");
                is_polite(base, &answer, &what);
                assert!(
                    answer.status >= 400 || *path == "/api/admin/users/1",
                    "{what}: {answer:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn addresses_that_lead_nowhere() {
    let app = demo().await;
    let long = "x".repeat(4_000);
    let odd = [
        "%FF",
        "%00",
        "..%2F..%2Fetc%2Fpasswd",
        "%F0%9F%A6%80",
        "-1",
        "0",
        "1.5",
        "2147483648",
        "9223372036854775807",
        "99999999999999999999999",
        "%20",
        "a%20b",
        "null",
        long.as_str(),
    ];
    let places = [
        (HUB, "DELETE", "/admin/user/{}"),
        (HUB, "GET", "/model-metadata?file_name={}"),
        (HUB, "GET", "/classification-report?file_name={}"),
        (HUB, "GET", "/confusion-matrix?file_name={}"),
        (HUB, "GET", "/roc-curve?file_name={}"),
        (HUB, "GET", "/feature-importance?file_name={}"),
        (HUB, "GET", "/model-versions?file_name={}"),
        (HUB, "GET", "/export-model?file_name={}"),
        (HUB, "DELETE", "/delete-model?file_name={}"),
        (HUB, "DELETE", "/delete-model?file_name={}.joblib"),
        (HUB, "DELETE", "/delete-all-models?confirm={}"),
        (TOKENS, "GET", "/trained/{}"),
        (TOKENS, "DELETE", "/delete/{}"),
        (TOKENS, "POST", "/predict/{}"),
        (TOKENS, "GET", "/admin/users?min_tokens={}"),
        (TOKENS, "POST", "/admin/users/{}/tokens"),
        (TOKENS, "POST", "/admin/users/{}/reset_password"),
        (TOKENS, "DELETE", "/admin/users/{}"),
        (DIGITS, "GET", "/api/batch/{}"),
        (DIGITS, "GET", "/api/batch/{}/results"),
        (DIGITS, "GET", "/api/models/{}"),
        (DIGITS, "GET", "/api/models/{}/metrics"),
        (DIGITS, "GET", "/api/models/{}/confusion-matrix"),
        (DIGITS, "GET", "/api/models/{}/roc-curve"),
        (DIGITS, "POST", "/api/models/{}/tune"),
        (DIGITS, "GET", "/api/models/{}/tune/x"),
        (DIGITS, "GET", "/api/models/1/tune/{}"),
        (DIGITS, "GET", "/api/models/{}/export"),
        (DIGITS, "PUT", "/api/admin/users/{}"),
        (DIGITS, "DELETE", "/api/admin/users/{}"),
        (DIGITS, "GET", "/api/admin/users?role={}"),
        (DIGITS, "GET", "/api/admin/users?search={}"),
        (DIGITS, "GET", "/api/admin/batch-jobs/{}"),
        (DIGITS, "GET", "/api/admin/batch-jobs?status={}"),
        (DIGITS, "GET", "/api/admin/batch-jobs?page={}&page_size=100"),
        (DIGITS, "GET", "/api/admin/audit-logs?page={}&page_size=100"),
        (DIGITS, "GET", "/api/admin/audit-logs?page_size={}"),
        (DIGITS, "GET", "/api/admin/audit-logs?start_date={}"),
        (DIGITS, "GET", "/api/admin/audit-logs?end_date={}"),
        (DIGITS, "GET", "/api/admin/audit-logs?user_id={}"),
        (DIGITS, "GET", "/api/admin/audit-logs?event_type={}"),
        (DIGITS, "GET", "/api/admin/audit-logs?search={}"),
        (DIGITS, "GET", "/api/admin/audit-logs/export?start_date={}"),
        (LESSONS, "POST", "/models/predict/{}"),
    ];
    for base in [HUB, TOKENS, DIGITS, LESSONS] {
        let token = administrator(&app, base).await;
        for (_, method, place) in places.iter().filter(|place| place.0 == base) {
            for odd in odd {
                let path = place.replace("{}", odd);
                let body = json!({
                    "features": {}, "data": {}, "hyperparameters": {}, "email": "x@example.com", "credit_card": "1",
                    "amount": 1, "new_password": "secret",
                });
                let call = app.door(base).call(method, &path).bearer(&token);
                let answer = call.json(body).send().await;
                is_polite(base, &answer, &format!("{method} {path}"));
            }
        }
    }
}
