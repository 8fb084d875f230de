//! Guessing passwords.

use axum::http::StatusCode;
use serde_json::json;

use crate::app::{Answer, PASSWORD, TestApp};

fn seconds(answer: &Answer) -> u64 {
    answer.problem(429, "too_many_requests");
    answer.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_05_guessing_waits_and_the_owner_comes_in_from_elsewhere() {
    let app = TestApp::start().await;
    app.register("ana").await;
    let mut answers = Vec::new();
    // A name that does not exist is answered in the same way at every step.
    for login in ["nobody", "ana"] {
        let mut statuses = Vec::new();
        for _ in 0..5 {
            let guess = app.log_in(login, "wrong password").from("192.0.2.1");
            statuses.push(guess.send().await.status.as_u16());
        }
        let refused = app.log_in(login, "wrong password").from("192.0.2.1");
        let refused = refused.send().await;
        assert!((1..=5).contains(&seconds(&refused)));
        statuses.push(refused.status.as_u16());
        answers.push((statuses, refused.json()["title"].clone()));
    }
    assert_eq!(answers[0].0, [401, 401, 401, 401, 401, 429]);
    assert_eq!(answers[0], answers[1]);

    // Nor does the right password come through there, under whichever spelling of the name.
    let owner = app.log_in(" ANA ", PASSWORD).from("192.0.2.1").send().await;
    assert_eq!(owner.status, StatusCode::TOO_MANY_REQUESTS);
    let elsewhere = app.log_in("ana", PASSWORD).from("192.0.2.2").send().await;
    assert_eq!(elsewhere.status, StatusCode::OK);
    tokio::time::sleep(std::time::Duration::from_millis(5_100)).await;
    let later = app.log_in("ana", PASSWORD).from("192.0.2.1").send().await;
    assert_eq!(later.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_05_many_guesses_at_once_are_no_way_around() {
    let app = TestApp::start().await;
    app.register("ana").await;
    let guesses = (0..24).map(|_| app.log_in("ana", "wrong password").from("192.0.2.1").send());
    let answers = futures_util::future::join_all(guesses).await;
    let tried = answers
        .iter()
        .filter(|answer| answer.status == StatusCode::UNAUTHORIZED)
        .count();
    assert!((5..=6).contains(&tried), "{tried}");
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_05_a_stolen_session_cannot_guess_the_password() {
    let app = TestApp::start().await;
    let ana = app.register("ana").await;
    let guess = || {
        let body =
            json!({ "current_password": "wrong password", "new_password": "another password" });
        app.post("/api/v1/me/password").by(&ana).json(body).send()
    };
    for _ in 0..5 {
        let problem = guess().await.problem(422, "validation");
        assert_eq!(problem["errors"][0]["pointer"], "/current_password");
    }
    seconds(&guess().await);
    let end = app.call(axum::http::Method::DELETE, "/api/v1/me").by(&ana);
    seconds(&end.json(json!({ "password": PASSWORD })).send().await);
    // Signing in has a count of its own: whoever stole the session does not lock its owner out.
    assert_eq!(
        app.log_in("ana", PASSWORD).send().await.status,
        StatusCode::OK
    );
}
