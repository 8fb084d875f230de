//! Attacks 3, 7 and 20: no route forgets to ask who comes, no credential but a good one opens any, and what belongs to
//! one person does not exist for another. All of it for every route that the API's document has.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::walk::{Things, Walk};
use crate::app::{Person, TestApp};

const SECRET: [u8; 32] = [7; 32];

pub(super) async fn server() -> TestApp {
    TestApp::with(|options| options.secret = Some(SECRET.to_vec())).await
}

/// Somebody with one of everything an account can have.
pub(super) async fn owner(app: &TestApp, name: &str) -> Person {
    let ana = app.register(name).await;
    let dataset = app.sample(&ana, "iris").await;
    let request = json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "decision_tree", "name": "ana's" });
    let model = app.train(&ana, request).await.json();
    assert_eq!(model["status"], "ready", "{model}");
    let path = format!(
        "/api/v1/models/{}/predictions",
        model["id"].as_str().unwrap()
    );
    let asked = app.post(&path).by(&ana).json(json!({ "rows": [{}] }));
    assert_eq!(asked.send().await.status, 200);
    let key = json!({ "name": "a key", "scopes": ["read"] });
    let made = app.post("/api/v1/me/api-keys").by(&ana).json(key);
    assert_eq!(made.send().await.status, 201);
    let study = json!({
        "dataset_id": dataset["id"], "target": "species", "algorithm": "decision_tree",
        "search": { "method": "grid", "space": { "max_depth": [1, 2] }, "folds": 2 },
    });
    let begun = app.post("/api/v1/studies").by(&ana).json(study);
    let study = begun.header("prefer", "wait=60").send().await.json();
    assert_eq!(study["status"], "done", "{study}");
    let file = "sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm\n5,3,1,0.2\n";
    let path = format!(
        "/api/v1/models/{}/batch-predictions",
        model["id"].as_str().unwrap()
    );
    let sent = app.post(&path).by(&ana).header("prefer", "wait=60");
    let batch = sent.body(file).send().await.json();
    assert_eq!(batch["status"], "done", "{batch}");
    ana
}

#[test]
fn attack_03_the_declared_public_routes_are_those_of_the_document() {
    let walk = Walk::new();
    let mut public: Vec<String> = walk
        .operations()
        .into_iter()
        .filter(|operation| operation.public)
        .map(|operation| format!("{} {}", operation.method, operation.path))
        .collect();
    public.sort();
    let declared = trainyard_api::PUBLIC.iter();
    let mut declared: Vec<String> = declared
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    declared.sort();
    assert_eq!(public, declared);
    assert!(walk.operations().len() > 30);
}

/// What somebody may try instead of a good token, each with a name for messages.
fn credentials(ana: &Person) -> Vec<(&'static str, Option<(&'static str, String)>)> {
    let claims = ana.token.split('.').nth(1).unwrap();
    let signature = ana.token.split('.').nth(2).unwrap();
    let claims_with = |name: &str, value: Value| {
        let bytes = URL_SAFE_NO_PAD.decode(claims).unwrap();
        let mut claims: Value = serde_json::from_slice(&bytes).unwrap();
        claims[name] = value;
        claims
    };
    let plain = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = |algorithm, claims: &Value, secret: &[u8]| {
        encode(
            &Header::new(algorithm),
            claims,
            &EncodingKey::from_secret(secret),
        )
        .unwrap()
    };
    let same = claims_with("role", json!("user"));
    let admin = claims_with("role", json!("admin"));
    let none = plain(&json!({ "alg": "none", "typ": "JWT" }));
    let rsa = plain(&json!({ "alg": "RS256", "typ": "JWT" }));
    let head = plain(&json!({ "alg": "HS256", "typ": "JWT" }));
    let bearer = |token: String| Some(("authorization", format!("Bearer {token}")));
    vec![
        ("nothing", None),
        (
            "an expired token",
            bearer(signed(
                Algorithm::HS256,
                &claims_with("exp", json!(1_700_000_000)),
                &SECRET,
            )),
        ),
        (
            "a token of another server",
            bearer(signed(Algorithm::HS256, &same, &[8; 32])),
        ),
        (
            "a token signed with an empty secret",
            bearer(signed(Algorithm::HS256, &same, &[])),
        ),
        ("alg none", bearer(format!("{none}.{claims}."))),
        (
            "alg none with the signature",
            bearer(format!("{none}.{claims}.{signature}")),
        ),
        (
            "RS256 over an HS256 signature",
            bearer(format!("{rsa}.{claims}.{signature}")),
        ),
        (
            "HS512 with the right secret",
            bearer(signed(Algorithm::HS512, &same, &SECRET)),
        ),
        (
            "another role under the old signature",
            bearer(format!("{head}.{}.{signature}", plain(&admin))),
        ),
        (
            "a token of another door",
            bearer(signed(
                Algorithm::HS256,
                &claims_with("aud", json!("cli")),
                &SECRET,
            )),
        ),
        (
            "a token of nobody",
            bearer(signed(
                Algorithm::HS256,
                &claims_with("sub", json!("0190d5b4-2f6e-7d2e-8d0a-0242ac120002")),
                &SECRET,
            )),
        ),
        (
            "a token from before the last sign-out",
            bearer(signed(
                Algorithm::HS256,
                &claims_with("ver", json!(-1)),
                &SECRET,
            )),
        ),
        ("a changed signature", bearer(format!("{}x", ana.token))),
        ("an endless token", bearer("x".repeat(60_000))),
        ("the refresh token", bearer(ana.refresh_token.clone())),
        ("an empty token", bearer(String::new())),
        ("no scheme", Some(("authorization", ana.token.clone()))),
        (
            "a password",
            Some(("authorization", "Basic YWRtaW46YWRtaW4=".to_owned())),
        ),
        (
            "a made-up key",
            Some(("x-api-key", format!("tyk_{}", "x".repeat(43)))),
        ),
        (
            "an expired token in the cookie",
            Some((
                "cookie",
                format!(
                    "trainyard_session={}",
                    signed(Algorithm::HS256, &claims_with("exp", json!(1)), &SECRET)
                ),
            )),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_03_and_20_no_credential_but_a_good_one_opens_any_route() {
    let app = server().await;
    app.set_up().await;
    let ana = owner(&app, "ana").await;
    let walk = Walk::new();
    let things = Things::of_person(&app, &walk, &ana).await;
    // The way these are forged is right: the same claims under the right secret are good.
    let good = format!("Bearer {}", ana.token);
    assert_eq!(
        app.get("/api/v1/me")
            .header("authorization", &good)
            .send()
            .await
            .status,
        200
    );
    for (what, credential) in credentials(&ana) {
        let headers: Vec<(&str, &str)> = credential
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        for operation in walk
            .operations()
            .into_iter()
            .filter(|operation| !operation.public)
        {
            let (method, path) = (&operation.method, &operation.path);
            // A prediction compares its token with the account in the commit that charges: a token that was signed here
            // may get as far as being told that there is no such model.
            let signed_here =
                ["a token of nobody", "a token from before the last sign-out"].contains(&what);
            let answer = walk.ask(&app, &operation, &things, &headers).await;
            let charges = path.ends_with("/{id}/predictions") || path.ends_with("/infer");
            if signed_here && charges && answer.status == 404 {
                continue;
            }
            assert_eq!(
                answer.status,
                401,
                "{method} {path} with {what}: {}",
                String::from_utf8_lossy(&answer.bytes)
            );
            answer.problem(401, "unauthenticated");
            assert_eq!(
                answer.headers["www-authenticate"], "Bearer",
                "{method} {path}"
            );
        }
    }
    assert_eq!(
        app.balance(&ana).await,
        15 - 1 - 5 - 1 - 5,
        "nobody was charged"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_07_what_is_anothers_does_not_exist() {
    let app = server().await;
    let admin = app.set_up().await;
    let ana = owner(&app, "ana").await;
    let walk = Walk::new();
    let things = Things::of_person(&app, &walk, &ana).await;
    for noun in [
        "datasets",
        "models",
        "jobs",
        "studies",
        "predictions",
        "batch-predictions",
        "api-keys",
    ] {
        assert!(things.of(noun).is_some(), "{noun}: {things:?}");
    }
    let everything = async || {
        let mut all = Vec::new();
        for list in [
            "datasets",
            "models",
            "jobs",
            "studies",
            "predictions",
            "batch-predictions",
            "me",
        ] {
            all.push(
                app.get(&format!("/api/v1/{list}"))
                    .by(&ana)
                    .send()
                    .await
                    .json(),
            );
        }
        all
    };
    let before = everything().await;
    let mut hidden = 0;
    for (number, operation) in walk.operations().into_iter().enumerate() {
        if operation.public {
            continue;
        }
        // Each with an account of its own: some of these end sessions or whole accounts.
        let other = app.register(&format!("other-{number}")).await;
        let bearer = format!("Bearer {}", other.token);
        let answer = walk
            .ask(&app, &operation, &things, &[("authorization", &bearer)])
            .await;
        let what = format!("{} {}", operation.method, operation.path);
        let text = String::from_utf8_lossy(&answer.bytes).into_owned();
        let names_a_thing = operation.path.contains("{id}");
        let is_for_administrators =
            operation.path.contains("/admin/") || operation.path == "/metrics";
        if names_a_thing && !is_for_administrators {
            // Administrators have doors of their own, where it is remembered whose things they touched.
            let bearer = format!("Bearer {}", admin.token);
            let headers = [("authorization", bearer.as_str())];
            let answer = walk.ask(&app, &operation, &things, &headers).await;
            assert_eq!(answer.status, 404, "{what} by an administrator: {answer:?}");
        }
        if names_a_thing || is_for_administrators {
            assert!(
                [401, 403, 404].contains(&answer.status.as_u16()),
                "{what}: {} {text}",
                answer.status
            );
            hidden += 1;
        }
        for id in things.ids() {
            assert!(!text.contains(id), "{what} tells of {id}: {text}");
        }
    }
    assert!(hidden >= 14, "only {hidden} were tried");
    // A training on somebody else's data has no path to hide behind.
    let other = app.register("other").await;
    let stolen = json!({ "dataset_id": things.of("datasets"), "target": "species" });
    app.train(&other, stolen).await.problem(404, "not_found");
    let by_name = app.post("/api/v1/models/ana's/predictions").by(&other);
    by_name
        .json(json!({ "rows": [{}] }))
        .send()
        .await
        .problem(404, "not_found");
    assert_eq!(app.balance(&other).await, 15);
    assert_eq!(app.balance(&admin).await, 15);
    assert_eq!(everything().await, before, "the owner lost nothing by it");
}
