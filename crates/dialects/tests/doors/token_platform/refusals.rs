//! What a training refuses, in the words of the old server, and for nothing.

use super::*;

#[tokio::test]
async fn what_create_refuses_in_its_words_and_for_nothing() {
    let app = TestApp::start().await;
    let door = app.door(BASE);
    let token = join(door, "ana@example.com").await;
    let employees = data("employees.csv");
    let holes: &[u8] = b"age,salary,bonus\n1,2,3\n2,,4\n3,4,\n4,5,6\n5,6,7\n6,7,8\n7,8,9\n8,9,10\n9,10,11\n10,11,12\n";
    let cases: &[(Texts<'_>, Option<&[u8]>, u16, &str)] = &[
        (&[], None, 400, "CSV file missing"),
        (
            &[("train_percentage", "1")],
            Some(&employees),
            400,
            "train_percentage must be between 0 and 1",
        ),
        (
            &[("train_percentage", "0")],
            Some(&employees),
            400,
            "train_percentage must be between 0 and 1",
        ),
        (&[], Some(b""), 400, "CSV file is empty"),
        (
            &[],
            Some(b"age,salary,bonus\n"),
            400,
            "CSV file has no data",
        ),
        (
            &[("feature_cols", "[age")],
            Some(&employees),
            400,
            "Invalid JSON in parameter 'feature_cols'. Expected JSON format like [\"age\", \"salary\"] or age,salary",
        ),
        (
            &[("feature_cols", " , ")],
            Some(&employees),
            400,
            "feature_cols cannot be empty",
        ),
        (
            &[("feature_cols", "age,zzz")],
            Some(&employees),
            400,
            "Columns not found in CSV: ['zzz']",
        ),
        (
            &[("label_col", "zzz")],
            Some(&employees),
            400,
            "Columns not found in CSV: ['zzz']",
        ),
        (
            &[],
            Some(holes),
            400,
            "Label column 'bonus' contains missing values. Please clean your data before training.",
        ),
        (
            &[("label_col", "age"), ("feature_cols", "salary")],
            Some(holes),
            400,
            "Feature column(s) ['salary'] contain missing values. Please clean your data before training.",
        ),
        (
            &[("model_type", "svm")],
            Some(&employees),
            400,
            "Model type 'svm' not recognized",
        ),
        (
            &[("optional_params", "{\"foo\": 1}")],
            Some(&employees),
            400,
            "Invalid optional parameter(s): ['foo']",
        ),
        (
            &[
                ("model_type", "knn"),
                ("optional_params", "{\"n_neighbors\": \"many\"}"),
            ],
            Some(&employees),
            400,
            "Invalid type for parameter 'n_neighbors': expected int, got str. Value: many",
        ),
        (
            &[("optional_params", "[1]")],
            Some(&employees),
            400,
            "Invalid JSON in parameter 'optional_params'. Expected JSON format like {\"name\": value}",
        ),
        (
            &[("model_filename", "///")],
            Some(&employees),
            400,
            "Invalid model filename",
        ),
    ];
    for (changes, file, status, detail) in cases {
        let mut texts: Vec<(&str, &str)> = EMPLOYEES.to_vec();
        for (name, value) in *changes {
            texts.retain(|(known, _)| known != name);
            texts.push((name, value));
        }
        let file = file.map(|bytes| ("csv_file", "x.csv", bytes));
        let call = door.post("/create").bearer(&token);
        let call = call.multipart(&texts, file.as_slice());
        call.refuses(*status, detail).await;
    }
    // Prefixes where the rest is the library's.
    let starts: &[(&[(&str, &str)], &str)] = &[
        (
            &[
                ("model_type", "knn"),
                ("optional_params", "{\"n_neighbors\": -1}"),
            ],
            "Invalid model parameter: ",
        ),
        (
            &[
                ("model_type", "knn"),
                ("optional_params", "{\"weights\": \"heavy\"}"),
            ],
            "Invalid model parameter: ",
        ),
        (
            &[("label_col", "city"), ("feature_cols", "age")],
            "Training failed: ",
        ),
    ];
    for (changes, start) in starts {
        let mut texts: Vec<(&str, &str)> = EMPLOYEES.to_vec();
        texts.retain(|(known, _)| *known != "optional_params");
        for (name, value) in *changes {
            texts.retain(|(known, _)| known != name);
            texts.push((name, value));
        }
        let call = door.post("/create").bearer(&token);
        let answer = call
            .multipart(&texts, &[("csv_file", "x.csv", &employees)])
            .send()
            .await;
        assert_eq!(answer.status, 400, "{}", answer.text());
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.starts_with(start), "{detail}");
    }
    let call = door.post("/create").bearer(&token);
    let answer = call
        .multipart(
            &[("model_type", "linear")],
            &[("csv_file", "x.csv", &employees)],
        )
        .send()
        .await;
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.json()["detail"][0],
        json!({
            "type": "missing", "loc": ["body", "feature_cols"], "msg": "Field required", "input": null,
        })
    );
    assert_eq!(balance(door, &token).await, 15);

    // A name of one's own, cleaned; the same again is refused, and the first stays.
    let mut texts: Vec<(&str, &str)> = EMPLOYEES.to_vec();
    texts.push(("model_filename", "my bonus model!"));
    let create = || {
        door.post("/create")
            .bearer(&token)
            .multipart(&texts, &[("csv_file", "x.csv", &employees)])
    };
    let name = create().send().await.json()["model_name"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(name.ends_with("_my_bonus_model"), "{name}");
    create()
        .refuses(409, "Model name already exists or failed to save record.")
        .await;
    assert_eq!(balance(door, &token).await, 14);
    let answer = door
        .get(&format!("/trained/{name}"))
        .bearer(&token)
        .send()
        .await;
    assert_eq!(answer.status, 200);
    // Without tokens nothing is trained.
    app.set(json!({ "dialect_token_platform_train": 20 })).await;
    let call = door.post("/create").bearer(&token);
    let call = call.multipart(&EMPLOYEES, &[("csv_file", "x.csv", &employees)]);
    call.refuses(402, "Insufficient tokens. Required: 20, Available: 14")
        .await;
}
