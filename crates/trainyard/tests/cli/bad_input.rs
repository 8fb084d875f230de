//! What people get wrong: every mistake ends with exit code 2, words that say what to do, and no file written.

use crate::commands::{Folder, flowers, houses};

/// Trains on a file and expects a refusal that mentions all of these.
fn refuses(content: &[u8], arguments: &[&str], mentions: &[&str]) {
    let folder = Folder::new();
    folder.write_bytes("data.csv", content);
    let mut all = vec!["train", "data.csv", "-o", "model.tym"];
    all.extend_from_slice(arguments);
    let outcome = folder.run(&all);
    assert_eq!(
        outcome.code, 2,
        "{arguments:?} ended with {}: {}{}",
        outcome.code, outcome.stdout, outcome.stderr
    );
    for mention in mentions {
        assert!(
            outcome.stderr.contains(mention),
            "{arguments:?} says nothing of '{mention}': {}",
            outcome.stderr
        );
    }
    assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
    assert!(
        !folder.has("model.tym"),
        "{arguments:?} left a model behind"
    );
}

/// A tree of prices from `houses.csv`, in `m.tym`.
fn learn_prices(folder: &Folder) {
    let command = "train houses.csv --target price --algorithm decision_tree -o m.tym";
    folder
        .run(&command.split(' ').collect::<Vec<_>>())
        .succeeded();
}

#[test]
fn files_that_are_no_tables() {
    refuses(b"", &["--target", "y"], &["data.csv", "empty"]);
    refuses(b"a,b,y\n", &["--target", "y"], &["data.csv", "header"]);
    refuses(
        b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0",
        &["--target", "y"],
        &["data.csv"],
    );
    refuses(b"a,b,y\n1,2,3\n4,5\n6,7,8\n", &["--target", "y"], &["3"]);
}

#[test]
fn a_line_without_end() {
    let mut content = b"a,y\n1,2\n".to_vec();
    content.resize(100 << 20, b'x');
    refuses(&content, &["--target", "y"], &["line"]);
}

#[test]
fn targets_that_cannot_be_learned() {
    let table = |y: fn(usize) -> &'static str| -> Vec<u8> {
        let mut text = String::from("a,b,y\n");
        (0..40)
            .for_each(|row| text.push_str(&format!("{},{},{}\n", row * 7 % 13, row % 5, y(row))));
        text.into_bytes()
    };
    refuses(
        &flowers(60).into_bytes(),
        &["--target", "nope"],
        &["nope", "species"],
    );
    refuses(&table(|_| "5"), &["--target", "y"], &["y"]);
    refuses(&table(|_| ""), &["--target", "y"], &["y"]);
    refuses(&table(|_| "cat"), &["--target", "y"], &["y"]);
    refuses(
        &table(|row| if row % 2 == 0 { "cat" } else { "dog" }),
        &["--target", "y", "--task", "regression"],
        &["y"],
    );
}

#[test]
fn too_few_rows() {
    refuses(flowers(5).as_bytes(), &["--target", "species"], &["rows"]);
}

#[test]
fn settings_that_do_not_exist_or_are_out_of_range() {
    let content = houses(60).into_bytes();
    let forest = [
        "--target",
        "price",
        "--algorithm",
        "random_forest",
        "--param",
    ];
    let with = |param: &'static str| forest.iter().copied().chain([param]).collect::<Vec<_>>();
    refuses(
        &content,
        &["--target", "price", "--algorithm", "magic"],
        &["magic", "random_forest"],
    );
    refuses(
        &content,
        &["--target", "price", "--algorithm", "logistic_regression"],
        &["algorithm"],
    );
    refuses(&content, &with("trees=5"), &["trees", "n_estimators"]);
    refuses(
        &content,
        &with("n_estimators=0"),
        &["n_estimators", "from 1"],
    );
    refuses(
        &content,
        &with("n_estimators=1000000000"),
        &["n_estimators"],
    );
    refuses(&content, &with("n_estimators=many"), &["n_estimators"]);
    refuses(&content, &with("n_estimators"), &["name=value"]);
    refuses(
        &content,
        &["--target", "price", "--test-size", "0.9"],
        &["test_size"],
    );
    refuses(&content, &["--target", "price", "--folds", "1"], &["folds"]);
    refuses(
        &content,
        &["--target", "price", "--feature", "price"],
        &["target"],
    );
    refuses(
        &content,
        &["--target", "price", "--metric", "accuracy"],
        &["metric"],
    );
}

#[test]
fn files_that_are_not_there() {
    let folder = Folder::new();
    assert_eq!(
        folder
            .run(&["train", "nothing.csv", "--target", "y", "-o", "m.tym"])
            .code,
        2
    );
    assert_eq!(
        folder.run(&["predict", "nothing.tym", "nothing.csv"]).code,
        2
    );
    folder.write("houses.csv", &houses(60));
    let outcome = folder.run(&[
        "train",
        "houses.csv",
        "--target",
        "price",
        "-o",
        "no/such/folder/m.tym",
    ]);
    assert_eq!(outcome.code, 2);
    assert!(
        outcome.stderr.contains("folder does not exist"),
        "{}",
        outcome.stderr
    );
    assert_eq!(
        folder
            .run(&["train", ".", "--target", "y", "-o", "m.tym"])
            .code,
        2
    );
}

#[test]
fn attack_09_models_that_are_none() {
    let folder = Folder::new();
    folder.write("houses.csv", &houses(60));
    folder.write_bytes(
        "pickle.tym",
        b"\x80\x04\x95\x17\0\0\0\0\0\0\0\x8c\x05posix\x94",
    );
    let pickle = folder.run(&["predict", "pickle.tym", "houses.csv"]);
    assert_eq!(pickle.code, 2);
    assert!(
        pickle.stderr.contains("not a Trainyard model"),
        "{}",
        pickle.stderr
    );

    learn_prices(&folder);
    let mut bytes = folder.read_bytes("m.tym");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    folder.write_bytes("changed.tym", &bytes);
    let changed = folder.run(&["predict", "changed.tym", "houses.csv"]);
    assert_eq!(changed.code, 2);
    assert!(changed.stderr.contains("damaged"), "{}", changed.stderr);
}

#[test]
fn a_file_to_predict_that_lacks_columns() {
    let folder = Folder::new();
    folder.write("houses.csv", &houses(60));
    folder.write("half.csv", "size\n100\n120\n");
    learn_prices(&folder);
    let outcome = folder.run(&["predict", "m.tym", "half.csv", "-o", "a.csv"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("rooms"), "{}", outcome.stderr);
    assert!(!folder.has("a.csv"));
}

#[test]
fn cells_that_cannot_be_read_are_told() {
    let folder = Folder::new();
    folder.write("houses.csv", &houses(60));
    learn_prices(&folder);
    folder.write(
        "odd.csv",
        "size,rooms,district\n100,3,north\nlarge,2,south\n",
    );
    let outcome = folder
        .run(&["predict", "m.tym", "odd.csv", "-o", "a.csv"])
        .succeeded();
    assert!(
        outcome.stderr.contains("'size'") && outcome.stderr.contains("missing"),
        "{}",
        outcome.stderr
    );
    assert_eq!(folder.read("a.csv").lines().count(), 3);
}

#[test]
fn numbers_that_cannot_be_scored() {
    let rows: String = (1..60)
        .map(|row| format!("{},{row}e307\n", row * 7 % 13))
        .collect();
    let table = format!("x,y\n{rows}");
    for algorithm in ["decision_tree", "random_forest"] {
        let arguments = ["--target", "y", "--algorithm", algorithm];
        refuses(table.as_bytes(), &arguments, &["'y'", "scale"]);
    }
}

#[test]
fn what_is_wrong_is_named_in_words_of_the_command_line() {
    let folder = Folder::new();
    folder.write("few.csv", "a,y\n1,2\n3,4\n");
    let outcome = folder.run(&["train", "few.csv", "--target", "y"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("2 rows"), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("dataset_id"), "{}", outcome.stderr);
}

#[test]
fn unknown_flags_and_commands() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["train"]).code, 2);
    assert_eq!(folder.run(&["dance"]).code, 2);
    assert_eq!(
        folder
            .run(&["train", "x.csv", "--target", "y", "--no-such-flag"])
            .code,
        2
    );
}
