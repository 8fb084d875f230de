//! What is refused, in the words of the old server.

use super::*;

#[tokio::test]
async fn refusals() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let token = join(door, "vera").await;
    let heart = data("heart_disease.csv");
    let cases: &[(Texts<'_>, &[u8], &str)] = &[
        (
            &[("model_type", "svm"), ("target", "target")],
            &heart,
            "Unsupported model: svm",
        ),
        (
            &[("model_type", "randomforest"), ("target", "zzz")],
            &heart,
            "Target column 'zzz' not found in dataset.",
        ),
        (
            &[
                ("model_type", "randomforest"),
                ("target", "target"),
                ("params", "{"),
            ],
            &heart,
            "Invalid JSON in 'params'",
        ),
        (
            &[
                ("model_type", "randomforest"),
                ("target", "sepal_length_cm"),
            ],
            IRISES,
            "could not convert string to float: '",
        ),
        (
            &[("model_type", "neuralnet"), ("target", "species")],
            IRISES,
            "Binary classification only: found 3 unique classes.",
        ),
        (
            &[
                ("model_type", "randomforest"),
                ("target", "target"),
                ("test_size", "1.5"),
            ],
            &heart,
            "",
        ),
        (
            &[
                ("model_type", "randomforest"),
                ("target", "target"),
                ("params", "{\"n_estimators\": -5}"),
            ],
            &heart,
            "",
        ),
        (
            &[
                ("model_type", "randomforest"),
                ("target", "target"),
                ("params", "{\"shoe\": 5}"),
            ],
            &heart,
            "",
        ),
        (
            &[
                ("model_type", "randomforest"),
                ("target", "target"),
                ("file_name", "../../evil"),
            ],
            &heart,
            "Invalid filename.",
        ),
        (
            &[("model_type", "randomforest"), ("target", "target")],
            b"",
            "",
        ),
        (
            &[("model_type", "randomforest"), ("target", "target")],
            b"a,target\n1,2,3\n4\n",
            "",
        ),
        (
            &[("model_type", "randomforest"), ("target", "target")],
            b"\xff\xfe\x00\x01\x02",
            "",
        ),
    ];
    for (texts, file, start) in cases {
        let call = door
            .post("/fit")
            .bearer(&token)
            .multipart(texts, &[("file", "x.csv", file)]);
        let answer = call.send().await;
        assert_eq!(answer.status, 400, "{texts:?}: {}", answer.text());
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.starts_with(start), "{detail}");
    }
    let call = door
        .post("/fit")
        .bearer(&token)
        .multipart(&[("model_type", "x")], &[]);
    let answer = call.send().await;
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.json()["detail"].as_array().unwrap().len(),
        2,
        "{}",
        answer.text()
    );
    fit(door, &token, "heart").await;
    let ask = |body: Value| door.post("/predict").bearer(&token).json(body);
    let many = vec![HEART; 501];
    ask(json!({ "input_data": many }))
        .refuses(400, "Batch too large. Max allowed is 500 samples.")
        .await;
    let answer = ask(json!({ "input_data": [["x"]] })).send().await;
    assert_eq!(
        (answer.status, &answer.json()["detail"][0]["loc"]),
        (422, &json!(["body", "input_data", 0, 0]))
    );
    let answer = ask(json!({ "input_data": [1] })).send().await;
    assert_eq!(
        (answer.status, &answer.json()["detail"][0]["type"]),
        (422, &json!("list_type"))
    );
    for body in [
        json!({ "input_data": [[1, 2]] }),
        json!({ "input_data": [] }),
        json!({ "input_data": [{ "age": 1 }] }),
    ] {
        let answer = ask(body).send().await;
        assert_eq!(answer.status, 400, "{}", answer.text());
    }
    let file = |csv: String| {
        door.post("/predict-file")
            .bearer(&token)
            .multipart(&[], &[("file", "x.csv", csv.as_bytes())])
    };
    let lines = "1,".repeat(12) + "1\n";
    let answer = file("h\n".to_owned() + &lines.repeat(501));
    answer
        .refuses(400, "Batch too large. Max allowed is 500 rows.")
        .await;
    file("h\na,b\n".to_owned())
        .refuses(400, "could not convert string to float: 'a'")
        .await;
}
