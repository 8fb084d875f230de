//! What the three sample tables give, number by number.
//!
//! The wanted figures were made with scikit-learn 1.9.1: `train_test_split(random_state=42)`, then a `Pipeline` of
//! `OneHotEncoder(drop="first")` on the columns of text and the estimator with the same parameters, fitted on the training
//! part; dates were seconds since 1970. Beside such large numbers its `LinearRegression` leaves other columns out unless it is told
//! `tol=1e-14`. R2, MSE and MAE are `r2_score`, `mean_squared_error` and `mean_absolute_error` of
//! the test part.

use super::*;

/// What a training gives: R2, mean squared and mean absolute error, and one prediction.
type Figures = [f64; 4];

struct Sample {
    kind: &'static str,
    params: &'static str,
    file: &'static str,
    features: &'static str,
    label: &'static str,
    share: &'static str,
    row: Value,
    gives: Figures,
}

fn linear(file: &'static str, features: &'static str, label: &'static str) -> Sample {
    Sample {
        kind: "linear",
        params: "{\"fit_intercept\": true}",
        file,
        features,
        label,
        share: "0.8",
        row: Value::Null,
        gives: [0.0; 4],
    }
}

fn samples() -> Vec<Sample> {
    let (employees, health, decisions) =
        ("employees.csv", "health_lifestyle.csv", "user_decision.csv");
    let pay = json!({ "age": 30, "salary": 52_000 });
    let health_row = json!({ "age": 30, "weekly_exercise_hours": 2, "bmi": 22.5 });
    let decision_row = json!({ "age": 30, "salary": 35_000, "years_experience": 5 });
    let three = "age,weekly_exercise_hours,bmi";
    vec![
        Sample {
            row: pay.clone(),
            gives: [
                0.966_688_959_367,
                24_067.226_857_5,
                153.180_914_513,
                4_377.733_598_41,
            ],
            ..linear(employees, "age,salary", "bonus")
        },
        // Yes and no in any of the words that the old server took for them.
        Sample {
            params: "{\"fit_intercept\": \"no\"}",
            row: pay.clone(),
            gives: [
                0.961_912_332_562,
                27_518.339_724,
                161.666_870_49,
                4_398.844_319_43,
            ],
            ..linear(employees, "[\"age\", \"salary\"]", "bonus")
        },
        // Words become columns, the first of them is left out; dates become seconds.
        Sample {
            row: json!({ "age": 30, "salary": 52_000, "city": "Houston" }),
            gives: [
                0.705_703_386_988,
                212_629.302_901,
                450.952_213_012,
                4_537.206_841_83,
            ],
            ..linear(employees, "age,salary,city", "bonus")
        },
        Sample {
            row: json!({ "age": 30, "city": "Chicago", "hire_date": 1_500_000_000 }),
            gives: [
                0.714_891_828_917,
                205_990.653_607_722,
                447.862_510_332,
                4_403.632_368_98,
            ],
            ..linear(employees, "age,city,hire_date", "bonus")
        },
        Sample {
            row: pay,
            gives: [
                0.846_090_575_928,
                1.760_987_327_96e14,
                10_947_979.324_1,
                1_539_951_344.73,
            ],
            ..linear(employees, "age,salary", "hire_date")
        },
        // All rows held out are of one class: scikit-learn says 0 then, and so do we.
        Sample {
            row: health_row.clone(),
            gives: [
                0.0,
                0.061_562_165_035_3,
                0.186_831_453_154,
                1.603_727_357_39,
            ],
            ..linear(health, three, "healthy_lifestyle")
        },
        Sample {
            share: "0.5",
            row: health_row,
            gives: [
                0.584_845_070_754,
                0.066_424_788_679_3,
                0.204_105_494_965,
                2.152_589_278_67,
            ],
            ..linear(health, three, "healthy_lifestyle")
        },
        Sample {
            row: decision_row.clone(),
            gives: [
                0.958_344_222_666,
                0.010_413_944_333_5,
                0.081_976_001_380_6,
                0.237_284_451_518,
            ],
            ..linear(decisions, "age,salary,years_experience", "purchased")
        },
        // Classes are scored as the numbers they are.
        Sample {
            kind: "logistic",
            params: "{\"C\": 1.0, \"max_iter\": 100, \"solver\": \"lbfgs\"}",
            row: decision_row,
            gives: [1.0, 0.0, 0.0, 0.0],
            ..linear(decisions, "age,salary", "purchased")
        },
        Sample {
            kind: "logistic",
            params: "{\"C\": \"1.0\", \"max_iter\": \"100\", \"solver\": \"lbfgs\"}",
            row: json!({ "age": 18, "weekly_exercise_hours": 0, "bmi": 29.5 }),
            gives: [1.0, 0.0, 0.0, 0.0],
            ..linear(health, three, "healthy_lifestyle")
        },
    ]
}

#[tokio::test]
async fn as_scikit_learn_has_them() {
    let app = TestApp::start().await;
    app.set(json!({ "dialect_token_platform_train": 0, "dialect_token_platform_predict": 0 }))
        .await;
    let door = app.door(BASE);
    let token = join(door, "ana@example.com").await;
    for sample in samples() {
        let texts = [
            ("model_type", sample.kind),
            ("feature_cols", sample.features),
            ("label_col", sample.label),
            ("optional_params", sample.params),
            ("train_percentage", sample.share),
        ];
        let what = format!("{} {} from {}", sample.kind, sample.label, sample.features);
        let file = data(sample.file);
        let call = door.post("/create").bearer(&token);
        let call = call.multipart(&texts, &[("csv_file", sample.file, &file)]);
        let answer = call.send().await;
        assert_eq!(answer.status, 200, "{what}: {}", answer.text());
        let body = answer.json();
        let name = body["model_name"].as_str().unwrap();
        let call = door.post(&format!("/predict/{name}")).bearer(&token);
        let call = call.json(json!({ "features": sample.row }));
        let predicted = call.send().await.json();
        let metrics = &body["metrics"];
        let given = [
            &metrics["r2_score"],
            &metrics["mean_squared_error"],
            &metrics["mean_absolute_error"],
            &predicted["prediction"],
        ];
        for (given, wanted) in given.into_iter().zip(sample.gives) {
            let given = given.as_f64().unwrap_or(f64::NAN);
            let near = (given - wanted).abs() <= 1e-6 * wanted.abs().max(1.0);
            assert!(near, "{what}: {given} is not {wanted}\n{body} {predicted}");
        }
    }
}
