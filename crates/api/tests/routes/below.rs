//! A server below a path of its host: asked with the path or without it, what leaves names the path.

use axum::http::StatusCode;

use crate::app::{Answer, PASSWORD, Person, TestApp};

fn locations(answer: &Answer) -> Vec<&str> {
    let all = answer.headers.get_all("location").iter();
    all.map(|value| value.to_str().unwrap()).collect()
}

/// The paths of the cookies an answer sets.
fn paths(answer: &Answer) -> Vec<&str> {
    let lines = answer.headers.get_all("set-cookie").iter();
    lines
        .map(|line| line.to_str().unwrap())
        .map(|line| line.split("; Path=").nth(1).unwrap())
        .map(|rest| rest.split(';').next().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_below_a_path_is_answered_with_the_path_and_without_it() {
    let app = TestApp::start()
        .await
        .known_as("https://example.com/tools/ml/");
    app.register("ana").await;

    for at in ["", "/tools/ml"] {
        let login = app.log_in("ana@example.com", PASSWORD).send().await;
        let ana = Person::of(&login);
        app.get(&format!("{at}/api/v1/me"))
            .send()
            .await
            .problem(401, "unauthenticated");
        let me = app
            .get(&format!("{at}/api/v1/me?x=1"))
            .by(&ana)
            .send()
            .await;
        assert_eq!(me.status, StatusCode::OK, "{at}");
        app.get(&format!("{at}/api/v1/nothing"))
            .send()
            .await
            .problem(404, "not_found");

        let signed_in = app
            .post(&format!("{at}/api/v1/auth/login"))
            .header("x-trainyard-client", "web")
            .json(serde_json::json!({ "login": "ana@example.com", "password": PASSWORD }))
            .send()
            .await;
        assert_eq!(signed_in.status, StatusCode::OK, "{signed_in:?}");
        assert_eq!(paths(&signed_in), ["/tools/ml/", "/tools/ml/api/v1/auth"]);
        let taken = app
            .post(&format!("{at}/api/v1/samples/iris"))
            .by(&ana)
            .json(serde_json::json!({}))
            .send()
            .await;
        let location = locations(&taken)[0].to_owned();
        assert!(location.starts_with("/tools/ml/api/v1/jobs/"), "{location}");
        assert_eq!(
            app.get(&location).by(&ana).send().await.status,
            StatusCode::OK
        );

        // Whoever leaves is told to forget what was set, where it was set.
        let leave = app.post(&format!("{at}/api/v1/auth/logout")).by(&ana);
        let left = leave.send().await;
        assert_eq!(paths(&left), ["/tools/ml/", "/tools/ml/api/v1/auth"]);

        let docs = app.get(&format!("{at}/docs")).send().await;
        assert_eq!(locations(&docs), ["/tools/ml/docs/"], "{docs:?}");
        let document = app.get(&format!("{at}/openapi.json")).send().await.json();
        assert_eq!(document["servers"][0]["url"], "/tools/ml");
        let script = app
            .get(&format!("{at}/docs/swagger-initializer.js"))
            .send()
            .await;
        let script = String::from_utf8(script.bytes).unwrap();
        assert!(script.contains("/tools/ml/openapi.json"), "{script}");
    }
    // Not the path, only something that begins like it.
    let page = app.get("/tools/mlx/api/v1/me").send().await;
    assert_eq!(page.bytes, b"a page");
    let page = app.get("/tools/ml").send().await;
    assert_eq!(page.bytes, b"a page");
}
