//! Attacks 1, 2 and 23: names that are paths, markup or formulas stay names.

use axum::http::Method;
use serde_json::{Value, json};
use std::path::Path;

use super::walk::{Things, Walk};
use crate::app::{Person, TestApp};

/// Paths out of a folder, in every spelling that was once forgotten somewhere.
const WAYS_OUT: [&str; 14] = [
    "../canary",
    "..\\canary",
    "../../../../../../etc/passwd",
    "/etc/passwd",
    "\\\\host\\share",
    "C:\\canary",
    "file:///etc/passwd",
    "..%2fcanary",
    "%2e%2e%2fcanary",
    "..%252fcanary",
    "%252e%252e%252fcanary",
    "....//canary",
    "..%c0%afcanary",
    "..;/canary",
];

pub(super) fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Every file below, with its content.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push((
                path.display().to_string(),
                std::fs::read(&path).unwrap_or_default(),
            ));
        }
    }
    all.sort();
    all
}

/// A server whose data lie in a folder beside a canary, somebody, and a model of hers.
async fn beside_a_canary() -> (TestApp, Person, Value, Value) {
    let app = TestApp::with(|options| {
        std::fs::write(options.data_dir.join("canary"), "sings").unwrap();
        std::fs::write(options.data_dir.join("canary.csv"), "a,b\n1,2\n").unwrap();
        options.data_dir = options.data_dir.join("data");
    })
    .await;
    let admin = app.set_up().await;
    // Names are tried at every door: more files in a minute than anybody brings.
    app.call(Method::PATCH, "/api/v1/admin/settings")
        .by(&admin)
        .json(json!({ "rate_uploads": 0 }))
        .send()
        .await;
    let ana = app.register("ana").await;
    let dataset = app.sample(&ana, "iris").await;
    let request = json!({ "dataset_id": dataset["id"], "target": "species", "algorithm": "decision_tree", "name": "m" });
    let model = app.train(&ana, request).await.json();
    (app, ana, dataset, model)
}

fn outside(app: &TestApp) -> Vec<(String, Vec<u8>)> {
    let inside = app.folder.path().join("data").display().to_string();
    let all = files(app.folder.path()).into_iter();
    all.filter(|(path, _)| !path.starts_with(&inside)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_01_a_name_is_never_a_path() {
    let (app, ana, dataset, model) = beside_a_canary().await;
    let before = outside(&app);
    assert_eq!(before.len(), 2, "{before:?}");
    let dataset = format!("/api/v1/datasets/{}", dataset["id"].as_str().unwrap());
    let model_id = model["id"].as_str().unwrap().to_owned();
    let walk = Walk::new();
    let things = Things::of_person(&app, &walk, &ana).await;
    let mut said = 0;
    for way in WAYS_OUT {
        // As a value it is a name like any other, or refused; read back it is the same text.
        for path in [&dataset, &format!("/api/v1/models/{model_id}")] {
            let rename = app
                .call(Method::PATCH, path)
                .by(&ana)
                .json(json!({ "name": way }));
            let answer = rename.send().await;
            match answer.status.as_u16() {
                200 => assert_eq!(app.get(path).by(&ana).send().await.json()["name"], way),
                422 => {}
                other => panic!("{path} {way}: {other}"),
            }
        }
        let query = format!(
            "/api/v1/datasets?name={}&file_name={}",
            percent(way),
            percent(way)
        );
        let uploaded = app
            .post(&query)
            .by(&ana)
            .body("a,b\n1,2\n3,4\n")
            .send()
            .await;
        assert!(
            [202, 422].contains(&uploaded.status.as_u16()),
            "{way}: {uploaded:?}"
        );
        // In a path it names nothing.
        for path in [
            format!("/api/v1/samples/{}", percent(way)),
            format!("/api/v1/models/{}/predictions", percent(way)),
            format!("/api/v1/samples/{way}"),
        ] {
            let Ok(uri) = path.replace('\\', "%5C").parse::<axum::http::Uri>() else {
                continue;
            };
            let call = app
                .post(&uri.to_string())
                .by(&ana)
                .json(json!({ "rows": [{}] }));
            let answer = call.send().await;
            let named =
                [200, 402].contains(&answer.status.as_u16()) && path.ends_with("/predictions");
            assert!(
                named || [404, 405].contains(&answer.status.as_u16()),
                "{path}: {answer:?}"
            );
        }
        // In any text of any request it is a text, or refused.
        for operation in walk.operations() {
            let ends = operation.method == Method::DELETE || operation.path.ends_with("/logout");
            for (path, body) in walk.saying(&operation, &things, way) {
                if ends {
                    continue;
                }
                let call = app
                    .call(operation.method.clone(), &path)
                    .by(&ana)
                    .json(body);
                let answer = call.send().await;
                let text = String::from_utf8_lossy(&answer.bytes).into_owned();
                assert!(
                    !answer.status.is_server_error()
                        && !text.contains("sings")
                        && !text.contains("root:"),
                    "{} {path}: {text}",
                    operation.method
                );
                said += 1;
            }
        }
        for page in [
            format!("/{way}"),
            format!("/assets/{way}"),
            format!("/docs/{way}"),
            format!("/assets/{}", percent(way)),
        ] {
            let Ok(uri) = page.replace('\\', "%5C").parse::<axum::http::Uri>() else {
                continue;
            };
            let answer = app.get(&uri.to_string()).send().await;
            let text = String::from_utf8_lossy(&answer.bytes).into_owned();
            assert!(
                !text.contains("sings") && !text.contains("root:"),
                "{page}: {text}"
            );
        }
    }
    // Bytes that end a name in C, or a line, are no names.
    for odd in ["a\u{0}b", "a\nb", "a\r\nSet-Cookie: x=1", "\u{202e}gnp.exe"] {
        let rename = app
            .call(Method::PATCH, &dataset)
            .by(&ana)
            .json(json!({ "name": odd }));
        let answer = rename.send().await;
        assert!(
            [200, 422].contains(&answer.status.as_u16()),
            "{odd:?}: {answer:?}"
        );
        assert!(
            !odd.contains(char::is_control) || answer.status == 422,
            "{odd:?} was taken"
        );
    }
    assert!(said > 50 * WAYS_OUT.len(), "{said}");
    assert_eq!(outside(&app), before, "nothing outside was touched");
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_02_deleting_stays_inside_however_often_it_is_decoded() {
    let (app, ana, dataset, model) = beside_a_canary().await;
    let before = outside(&app);
    let kept = files(&app.folder.path().join("data/artifacts"));
    assert!(!kept.is_empty());
    for way in WAYS_OUT {
        for noun in ["datasets", "models"] {
            for spelled in [
                percent(way),
                percent(&percent(way)),
                percent(&format!("x/../{way}")),
            ] {
                let path = format!("/api/v1/{noun}/{spelled}");
                let answer = app.call(Method::DELETE, &path).by(&ana).send().await;
                answer.problem(404, "not_found");
            }
        }
    }
    assert_eq!(outside(&app), before);
    assert_eq!(files(&app.folder.path().join("data/artifacts")), kept);
    // What is deleted in earnest, under a name that is a way out, takes nothing along either.
    for (noun, thing) in [("models", model), ("datasets", dataset)] {
        let path = format!("/api/v1/{noun}/{}", thing["id"].as_str().unwrap());
        let rename = app
            .call(Method::PATCH, &path)
            .by(&ana)
            .json(json!({ "name": "../../canary" }));
        rename.send().await;
        assert_eq!(
            app.call(Method::DELETE, &path).by(&ana).send().await.status,
            204
        );
    }
    assert_eq!(outside(&app), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_23_markup_in_names_and_cells_is_data_wherever_it_comes_back() {
    let app = TestApp::start().await;
    let script = "<script>alert(1)</script>";
    let ana = app.register("ana").await;
    let me = app
        .call(Method::PATCH, "/api/v1/me")
        .by(&ana)
        .json(json!({ "display_name": script }));
    assert_eq!(me.send().await.status, 200);
    let rows = format!("\"{script}\",kind\n").to_owned()
        + &format!("\"<img src=x onerror=alert(1)>\",{script}\n=1+1,b\n@x,b\n").repeat(20);
    let dataset = app.upload(&ana, "x.csv", rows).await.json();
    let path = format!("/api/v1/datasets/{}", dataset["id"].as_str().unwrap());
    app.call(Method::PATCH, &path)
        .by(&ana)
        .json(json!({ "name": script }))
        .send()
        .await;
    let request = json!({ "dataset_id": dataset["id"], "target": "kind", "algorithm": "dummy", "name": script });
    let model = app.train(&ana, request).await.json();
    assert_eq!(model["status"], "ready", "{model}");
    let model = format!("/api/v1/models/{}", model["id"].as_str().unwrap());
    let mut seen = 0;
    for path in [
        "/api/v1/me",
        "/api/v1/datasets",
        "/api/v1/models",
        "/api/v1/jobs",
        &path,
        &format!("{path}/profile"),
        &format!("{path}/rows"),
        &model,
        &format!("{model}/report"),
    ] {
        let answer = app
            .get(path)
            .by(&ana)
            .header("accept", "text/html")
            .send()
            .await;
        assert_eq!(answer.status, 200, "{path}");
        // Never a page, never guessed to be one, and where it is shown all the same it may do nothing.
        assert_eq!(answer.headers["content-type"], "application/json", "{path}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(
            answer.headers["content-security-policy"],
            "default-src 'none'; frame-ancestors 'none'"
        );
        seen += usize::from(String::from_utf8_lossy(&answer.bytes).contains("<script>"));
    }
    assert!(seen >= 6, "{seen}");
    let error = app
        .get(&format!("/api/v1/{}", percent(script)))
        .send()
        .await;
    assert_eq!(error.headers["content-type"], "application/problem+json");
    assert!(!String::from_utf8_lossy(&error.bytes).contains("<script>"));
}
