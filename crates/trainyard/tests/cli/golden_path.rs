//! The command line as a person meets it: files in; files, words and exit codes out.

use crate::commands::{Folder, flowers, houses};

#[test]
fn trains_and_predicts_every_algorithm_of_a_classification() {
    let folder = Folder::new();
    folder.write("flowers.csv", &flowers(150));
    for algorithm in [
        "logistic_regression",
        "decision_tree",
        "random_forest",
        "dummy",
    ] {
        let trained = folder.run(&[
            "train",
            "flowers.csv",
            "--target",
            "species",
            "--algorithm",
            algorithm,
            "-o",
            "flowers.tym",
        ]);
        assert_eq!(trained.code, 0, "{algorithm}: {}", trained.stderr);
        assert!(trained.stdout.contains("accuracy"), "{}", trained.stdout);
        let predicted = folder.run(&[
            "predict",
            "flowers.tym",
            "flowers.csv",
            "--proba",
            "-o",
            "answers.csv",
        ]);
        assert_eq!(predicted.code, 0, "{algorithm}: {}", predicted.stderr);
        let answers = folder.read("answers.csv");
        let mut lines = answers.lines();
        assert_eq!(
            lines.next(),
            Some("prediction,probability:lily,probability:rose,probability:tulip")
        );
        assert_eq!(lines.clone().count(), 150);
        for line in lines {
            let cells: Vec<&str> = line.split(',').collect();
            let sum: f64 = cells[1..]
                .iter()
                .map(|cell| cell.parse::<f64>().unwrap())
                .sum();
            assert!((sum - 1.0).abs() < 1e-9, "{line}");
        }
    }
}

#[test]
fn predictions_are_in_row_order_and_right() {
    let folder = Folder::new();
    folder.write("flowers.csv", &flowers(300));
    folder
        .run(&[
            "train",
            "flowers.csv",
            "--target",
            "species",
            "--algorithm",
            "random_forest",
            "-o",
            "m.tym",
        ])
        .succeeded();
    folder
        .run(&["predict", "m.tym", "flowers.csv", "-o", "answers.csv"])
        .succeeded();
    let truth = flowers(300);
    let truth = truth
        .lines()
        .skip(1)
        .map(|line| line.rsplit(',').next().unwrap());
    let answers = folder.read("answers.csv");
    let right = truth
        .zip(answers.lines().skip(1))
        .filter(|(actual, predicted)| actual == predicted)
        .count();
    assert!(right > 290, "only {right} of 300 rows are right");
}

#[test]
fn numbers_are_predicted_as_numbers() {
    let folder = Folder::new();
    folder.write("houses.csv", &houses(400));
    for algorithm in [
        "linear_regression",
        "decision_tree",
        "random_forest",
        "dummy",
    ] {
        folder
            .run(&[
                "train",
                "houses.csv",
                "--target",
                "price",
                "--algorithm",
                algorithm,
                "-o",
                "h.tym",
            ])
            .succeeded();
        folder
            .run(&["predict", "h.tym", "houses.csv", "-o", "answers.csv"])
            .succeeded();
        assert!(
            folder
                .read("answers.csv")
                .lines()
                .skip(1)
                .all(|line| line.parse::<f64>().is_ok_and(f64::is_finite))
        );
    }
    let refused = folder.run(&["predict", "h.tym", "houses.csv", "--proba"]);
    assert_eq!(refused.code, 2);
    assert!(
        refused.stderr.contains("leave --proba out"),
        "{}",
        refused.stderr
    );
}

#[test]
fn auto_picks_among_the_families_beside_the_baseline() {
    let folder = Folder::new();
    folder.write("houses.csv", &houses(300));
    let trained = folder
        .run(&[
            "train",
            "houses.csv",
            "--target",
            "price",
            "--effort",
            "quick",
            "-o",
            "h.tym",
            "--json",
        ])
        .succeeded();
    let report: serde_json::Value = serde_json::from_str(&trained.stdout).unwrap();
    let contenders = report["contenders"].as_array().unwrap();
    // The baseline, five families, and an ensemble where any two help each other.
    assert!((6..=7).contains(&contenders.len()), "{contenders:?}");
    assert_eq!(contenders[0]["baseline"], true);
    assert_eq!(
        contenders
            .iter()
            .filter(|contender| contender["chosen"] == true)
            .count(),
        1
    );
    assert!(
        report["metrics"]["r2"]["value"].as_f64().unwrap() > 0.9,
        "{}",
        report["metrics"]
    );
}

#[test]
fn the_same_training_gives_the_same_bytes_on_any_number_of_threads() {
    let folder = Folder::new();
    folder.write("flowers.csv", &flowers(500));
    folder.write("houses.csv", &houses(500));
    let cases = [
        ("flowers.csv", "species", "logistic_regression"),
        ("flowers.csv", "species", "decision_tree"),
        ("flowers.csv", "species", "random_forest"),
        ("flowers.csv", "species", "gradient_boosting"),
        ("flowers.csv", "species", "svm"),
        ("houses.csv", "price", "linear_regression"),
        ("houses.csv", "price", "decision_tree"),
        ("houses.csv", "price", "random_forest"),
        ("houses.csv", "price", "gradient_boosting"),
        ("houses.csv", "price", "svm"),
        ("houses.csv", "price", "auto"),
    ];
    for (file, target, algorithm) in cases {
        let bytes: Vec<Vec<u8>> = ["1", "1", "2", "7"]
            .iter()
            .map(|threads| {
                let args = [
                    "train",
                    file,
                    "--target",
                    target,
                    "--algorithm",
                    algorithm,
                    "--effort",
                    "quick",
                    "--threads",
                    threads,
                    "-o",
                    "m.tym",
                ];
                folder.run(&args).succeeded();
                folder.read_bytes("m.tym")
            })
            .collect();
        assert!(
            bytes.iter().all(|other| *other == bytes[0]),
            "{algorithm} on {file} differs between runs or thread counts"
        );
    }
}

#[test]
fn another_seed_gives_another_forest() {
    let folder = Folder::new();
    folder.write("houses.csv", &houses(200));
    let mut models = Vec::new();
    for seed in ["1", "2"] {
        folder
            .run(&[
                "train",
                "houses.csv",
                "--target",
                "price",
                "--algorithm",
                "random_forest",
                "--seed",
                seed,
                "-o",
                "m.tym",
            ])
            .succeeded();
        models.push(folder.read_bytes("m.tym"));
    }
    assert_ne!(models[0], models[1]);
}

#[test]
fn parameters_reach_the_algorithm() {
    let folder = Folder::new();
    folder.write("flowers.csv", &flowers(200));
    let args = [
        "train",
        "flowers.csv",
        "--target",
        "species",
        "--algorithm",
        "decision_tree",
        "--param",
        "max_depth=1",
        "-o",
        "m.tym",
        "--json",
    ];
    let report: serde_json::Value =
        serde_json::from_str(&folder.run(&args).succeeded().stdout).unwrap();
    assert_eq!(report["params"]["max_depth"], 1);
    let seen: std::collections::BTreeSet<String> = {
        folder
            .run(&["predict", "m.tym", "flowers.csv", "-o", "a.csv"])
            .succeeded();
        folder
            .read("a.csv")
            .lines()
            .skip(1)
            .map(str::to_owned)
            .collect()
    };
    assert!(
        seen.len() <= 2,
        "one split cannot tell three classes apart: {seen:?}"
    );
}

#[test]
fn a_file_with_other_column_order_and_extra_columns_predicts_the_same() {
    let folder = Folder::new();
    folder.write("houses.csv", &houses(200));
    folder
        .run(&[
            "train",
            "houses.csv",
            "--target",
            "price",
            "--algorithm",
            "linear_regression",
            "-o",
            "m.tym",
        ])
        .succeeded();
    folder
        .run(&["predict", "m.tym", "houses.csv", "-o", "a.csv"])
        .succeeded();
    let turned: String = houses(200)
        .lines()
        .map(|line| {
            format!(
                "x,{}\n",
                line.split(',').rev().collect::<Vec<_>>().join(",")
            )
        })
        .collect();
    folder.write("turned.csv", &turned);
    folder
        .run(&["predict", "m.tym", "turned.csv", "-o", "b.csv"])
        .succeeded();
    assert_eq!(folder.read("a.csv"), folder.read("b.csv"));
}
