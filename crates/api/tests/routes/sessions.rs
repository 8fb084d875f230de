//! Sign-up, sign-in and their ends.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::app::{PASSWORD, Person, TestApp};

/// Attack 6: of many who race for the first administrator, one wins.
#[tokio::test(flavor = "multi_thread")]
async fn attack_06_the_first_administrator_is_made_once() {
    let app = TestApp::empty().await;
    let body = |index: usize| json!({ "email": format!("admin{index}@example.com"), "password": PASSWORD });
    let calls = (0..6).map(|index| app.post("/api/v1/setup").json(body(index)).send());
    let answers = futures_util::future::join_all(calls).await;
    let won = answers
        .iter()
        .filter(|answer| answer.status == StatusCode::OK)
        .count();
    assert_eq!(won, 1);
    for answer in answers
        .iter()
        .filter(|answer| answer.status != StatusCode::OK)
    {
        answer.problem(409, "conflict");
    }
    app.post("/api/v1/setup")
        .json(body(9))
        .send()
        .await
        .problem(409, "conflict");
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_06_registration_follows_the_settings_and_never_gives_a_role() {
    let app = TestApp::empty().await;
    let early = json!({ "email": "ana@example.com", "password": PASSWORD });
    app.post("/api/v1/auth/register")
        .json(early.clone())
        .send()
        .await
        .problem(403, "forbidden");

    let bad = json!({ "email": "admin", "password": "short" });
    let problem = app
        .post("/api/v1/setup")
        .json(bad)
        .send()
        .await
        .problem(422, "validation");
    let pointers: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].clone())
        .collect();
    assert_eq!(pointers, ["/email", "/password"]);
    let absurd =
        json!({ "email": "admin@example.com", "password": PASSWORD, "starting_tokens": -1 });
    let problem = app
        .post("/api/v1/setup")
        .json(absurd)
        .send()
        .await
        .problem(422, "validation");
    assert_eq!(problem["errors"][0]["pointer"], "/starting_tokens");
    assert_eq!(app.get("/api/v1/setup").send().await.json()["needed"], true);

    let set_up = json!({ "email": "admin@example.com", "password": PASSWORD, "starting_tokens": 3, "registration_open": true });
    assert_eq!(
        app.post("/api/v1/setup").json(set_up).send().await.status,
        StatusCode::OK
    );
    let ana = app.register("ana").await;
    assert_eq!(app.balance(&ana).await, 3);

    let mut role = early.clone();
    role["email"] = json!("eve@example.com");
    role["role"] = json!("admin");
    let problem = app
        .post("/api/v1/auth/register")
        .json(role)
        .send()
        .await
        .problem(422, "validation");
    assert_eq!(problem["errors"][0]["pointer"], "/role");
    let problem = app
        .post("/api/v1/auth/register")
        .json(early)
        .send()
        .await
        .problem(409, "conflict");
    assert_eq!(problem["field"], "email");
    let name = json!({ "user_name": "ANA", "password": PASSWORD });
    let problem = app
        .post("/api/v1/auth/register")
        .json(name)
        .send()
        .await
        .problem(409, "conflict");
    assert_eq!(problem["field"], "user_name");
    let nobody = json!({ "password": PASSWORD });
    app.post("/api/v1/auth/register")
        .json(nobody)
        .send()
        .await
        .problem(422, "validation");
    let at = json!({ "user_name": "a@b", "password": PASSWORD });
    app.post("/api/v1/auth/register")
        .json(at)
        .send()
        .await
        .problem(422, "validation");
}

#[tokio::test(flavor = "multi_thread")]
async fn closed_registration_is_closed() {
    let app = TestApp::empty().await;
    let set_up =
        json!({ "email": "admin@example.com", "password": PASSWORD, "registration_open": false });
    app.post("/api/v1/setup").json(set_up).send().await;
    assert_eq!(
        app.get("/api/v1/settings/public").send().await.json()["registration_open"],
        false
    );
    let body = json!({ "email": "ana@example.com", "password": PASSWORD });
    app.post("/api/v1/auth/register")
        .json(body)
        .send()
        .await
        .problem(403, "forbidden");
}

/// Attack 5: an unknown name and a wrong password are the same answer.
#[tokio::test(flavor = "multi_thread")]
async fn attack_05_wrong_credentials_tell_nothing() {
    let app = TestApp::start().await;
    app.register("ana").await;
    let mut texts = Vec::new();
    for (login, password) in [
        ("ana", "wrong password"),
        ("nobody", PASSWORD),
        ("ana@example.com", ""),
        ("", ""),
    ] {
        let body = json!({ "login": login, "password": password });
        let problem = app
            .post("/api/v1/auth/login")
            .json(body)
            .send()
            .await
            .problem(401, "wrong_credentials");
        texts.push(problem["detail"].clone());
    }
    assert!(texts.iter().all(|text| *text == texts[0]));
    for login in ["ana", "ANA@example.com"] {
        let body = json!({ "login": login, "password": PASSWORD });
        assert_eq!(
            app.post("/api/v1/auth/login")
                .json(body)
                .send()
                .await
                .status,
            StatusCode::OK
        );
    }
}

/// Attack 20: signing out ends what was given out before, tokens that have not expired included.
#[tokio::test(flavor = "multi_thread")]
async fn attack_20_signing_out_counts_at_once() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    assert_eq!(
        app.get("/api/v1/me").by(&ana).send().await.status,
        StatusCode::OK
    );
    assert_eq!(
        app.post("/api/v1/auth/logout").by(&ana).send().await.status,
        StatusCode::NO_CONTENT
    );
    app.get("/api/v1/me")
        .by(&ana)
        .send()
        .await
        .problem(401, "unauthenticated");
    let body = json!({ "refresh_token": ana.refresh_token });
    app.post("/api/v1/auth/refresh")
        .json(body)
        .send()
        .await
        .problem(401, "unauthenticated");
    // Nobody to sign out is no error.
    assert_eq!(
        app.post("/api/v1/auth/logout").send().await.status,
        StatusCode::NO_CONTENT
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_20_a_refresh_token_is_good_once_and_its_copy_ends_the_family() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let refresh = |token: &str| {
        app.post("/api/v1/auth/refresh")
            .json(json!({ "refresh_token": token }))
            .send()
    };
    let second = Person::of(&refresh(&ana.refresh_token).await);
    assert_ne!(second.refresh_token, ana.refresh_token);
    assert_eq!(
        app.get("/api/v1/me").by(&second).send().await.status,
        StatusCode::OK
    );
    refresh(&ana.refresh_token)
        .await
        .problem(401, "unauthenticated");
    refresh(&second.refresh_token)
        .await
        .problem(401, "unauthenticated");
    refresh("never given out")
        .await
        .problem(401, "unauthenticated");
    app.post("/api/v1/auth/refresh")
        .send()
        .await
        .problem(401, "unauthenticated");
}

/// Attack 22: the web app's session is in cookies no script reads, and no other site's page can use them.
#[tokio::test(flavor = "multi_thread")]
async fn attack_22_the_browsers_session_is_in_cookies() {
    let app = TestApp::start().await;
    app.register("ana").await;
    let body = json!({ "login": "ana", "password": PASSWORD });
    let answer = app
        .post("/api/v1/auth/login")
        .header("x-trainyard-client", "web")
        .json(body)
        .send()
        .await;
    let session = answer.json();
    assert!(
        session["access_token"].is_null() && session["refresh_token"].is_null(),
        "{session}"
    );
    assert_eq!(session["expires_in"], 1800);
    let access = answer.cookie("trainyard_session").unwrap();
    let refresh = answer.cookie("trainyard_refresh").unwrap();
    for cookie in [&access, &refresh] {
        assert!(
            cookie.contains("HttpOnly")
                && cookie.contains("SameSite=Lax")
                && !cookie.contains("Secure"),
            "{cookie}"
        );
    }
    assert!(access.contains("; Path=/;") && refresh.contains("; Path=/api/v1/auth;"));
    let value = |cookie: &str| cookie.split(';').next().unwrap().to_owned();
    let cookies = format!(
        "other=1; trainyard_session={}; trainyard_refresh={}",
        value(&access),
        value(&refresh)
    );

    let me = app
        .get("/api/v1/me")
        .header("cookie", &cookies)
        .send()
        .await
        .json();
    assert_eq!(me["user_name"], "ana");
    let rename = |headers: &[(&str, &str)]| {
        let call = app
            .call(Method::PATCH, "/api/v1/me")
            .header("cookie", &cookies)
            .json(json!({ "display_name": "Eve" }));
        headers
            .iter()
            .fold(call, |call, (name, value)| call.header(name, value))
            .send()
    };
    rename(&[
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
    ])
    .await
    .problem(403, "csrf");
    rename(&[("sec-fetch-site", "same-site")])
        .await
        .problem(403, "csrf");
    rename(&[("origin", "http://127.0.0.1:9999")])
        .await
        .problem(403, "csrf");
    let upload = app
        .post("/api/v1/datasets")
        .header("cookie", &cookies)
        .header("origin", "https://evil.example");
    upload.body("a,b\n1,2\n").send().await.problem(403, "csrf");
    assert_eq!(
        app.get("/api/v1/me")
            .header("cookie", &cookies)
            .send()
            .await
            .json()["display_name"],
        "ana"
    );
    assert_eq!(
        rename(&[
            ("sec-fetch-site", "same-origin"),
            ("origin", "http://127.0.0.1:8000")
        ])
        .await
        .status,
        StatusCode::OK
    );

    let renewed = app
        .post("/api/v1/auth/refresh")
        .header("cookie", &cookies)
        .header("x-trainyard-client", "web")
        .json(json!({}));
    let renewed = renewed.send().await;
    assert_eq!(renewed.status, StatusCode::OK);
    assert_ne!(renewed.cookie("trainyard_refresh").unwrap(), refresh);
    let gone = app
        .post("/api/v1/auth/logout")
        .header("cookie", &cookies)
        .send()
        .await;
    assert!(
        gone.cookie("trainyard_session")
            .unwrap()
            .contains("Max-Age=0")
    );
    app.get("/api/v1/me")
        .header("cookie", &cookies)
        .send()
        .await
        .problem(401, "unauthenticated");
}

/// Attack 22: a page that points its own name at this machine gets nothing.
#[tokio::test(flavor = "multi_thread")]
async fn another_name_for_this_machine_is_not_answered_to() {
    let app = TestApp::start().await;
    let mut request = axum::http::Request::builder()
        .uri("/api/v1/setup")
        .body(axum::body::Body::empty())
        .unwrap();
    request
        .headers_mut()
        .insert("host", "rebound.example:8000".parse().unwrap());
    let response = tower::ServiceExt::oneshot(app.router.clone(), request)
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_account_changes() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    app.register("ben").await;
    let change = |body| {
        app.call(Method::PATCH, "/api/v1/me")
            .by(&ana)
            .json(body)
            .send()
    };
    let me = change(json!({ "display_name": "Ana B.", "email": null }))
        .await
        .json();
    assert_eq!(
        (&me["display_name"], &me["email"], &me["user_name"]),
        (&json!("Ana B."), &json!(null), &json!("ana"))
    );
    change(json!({ "user_name": null }))
        .await
        .problem(422, "validation");
    change(json!({ "user_name": "Ben" }))
        .await
        .problem(409, "conflict");
    change(json!({ "email": "nonsense" }))
        .await
        .problem(422, "validation");
    change(json!({ "tokens": 1000 }))
        .await
        .problem(422, "validation");
    change(json!({ "display_name": "a\nb" }))
        .await
        .problem(422, "validation");
}
