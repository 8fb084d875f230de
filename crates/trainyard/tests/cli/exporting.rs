//! Models for other programs: a file that is theirs, and refusals that leave none behind.

use crate::commands::{Folder, flowers};

/// Trains a model of flowers, in `m.tym`.
fn learn_flowers(folder: &Folder) {
    folder.write("flowers.csv", &flowers(120));
    let command = "train flowers.csv --target species --algorithm random_forest -o m.tym";
    folder
        .run(&command.split(' ').collect::<Vec<_>>())
        .succeeded();
}

/// Runs `export` and expects a refusal that mentions all of these and writes nothing.
fn refuses(folder: &Folder, arguments: &[&str], mentions: &[&str]) {
    let outcome = folder.run(&[&["export"], arguments].concat());
    assert_eq!(
        outcome.code, 2,
        "{arguments:?}: {}{}",
        outcome.stdout, outcome.stderr
    );
    for mention in mentions {
        assert!(
            outcome.stderr.contains(mention),
            "{arguments:?} says nothing of '{mention}': {}",
            outcome.stderr
        );
    }
    assert!(!folder.has("m.onnx"), "{arguments:?} left a file behind");
}

#[test]
fn writes_a_model_that_answers_the_same_every_time() {
    let folder = Folder::new();
    learn_flowers(&folder);
    let exported = folder.run(&["export", "m.tym", "--format", "onnx", "-o", "m.onnx"]);
    assert!(
        exported.succeeded().stdout.contains("m.onnx"),
        "it says what it wrote"
    );
    let bytes = folder.read_bytes("m.onnx");
    let holds = |text: &str| {
        let found = bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes());
        assert!(found, "'{text}' is nowhere in the file");
    };
    for text in [
        "petal",
        "colour",
        "tulip",
        "TreeEnsembleRegressor",
        "probabilities",
    ] {
        holds(text);
    }
    folder
        .run(&["export", "m.tym", "-o", "again.onnx"])
        .succeeded();
    assert_eq!(folder.read_bytes("again.onnx"), bytes);
    assert!(!folder.has("m.onnx.partial"));
}

#[test]
fn refuses_what_is_no_model_and_what_is_there_already() {
    let folder = Folder::new();
    learn_flowers(&folder);
    refuses(
        &folder,
        &["flowers.csv", "-o", "m.onnx"],
        &["flowers.csv", "not a Trainyard model"],
    );
    refuses(
        &folder,
        &["nothing.tym", "-o", "m.onnx"],
        &["nothing.tym", "cannot be read"],
    );
    refuses(
        &folder,
        &["m.tym", "-o", "no/such/m.onnx"],
        &["no/such", "does not exist"],
    );
    refuses(&folder, &["m.tym", "-o", "."], &["folder"]);
    refuses(
        &folder,
        &["m.tym", "--format", "pickle", "-o", "m.onnx"],
        &["pickle", "onnx"],
    );
    refuses(&folder, &["m.tym"], &["--output"]);
    folder.write("kept.onnx", "mine");
    refuses(
        &folder,
        &["m.tym", "-o", "kept.onnx"],
        &["kept.onnx", "already"],
    );
    assert_eq!(folder.read("kept.onnx"), "mine");
}

#[test]
fn says_which_column_keeps_a_model_from_being_exported() {
    let folder = Folder::new();
    let words = [
        "late",
        "again",
        "never",
        "the",
        "train",
        "was",
        "comfortable",
        "and",
        "clean",
    ];
    let mut text = String::from("story,distance,liked\n");
    for row in 0..200_usize {
        let story: Vec<&str> = (0..6)
            .map(|place| words[(row * 7 + place * place + row / 9) % 9])
            .collect();
        let liked = if story.contains(&"clean") {
            "yes"
        } else {
            "no"
        };
        text.push_str(&format!("{} {row},{},{liked}\n", story.join(" "), row % 13));
    }
    folder.write("stories.csv", &text);
    let command = "train stories.csv --target liked --algorithm logistic_regression -o m.tym";
    folder
        .run(&command.split(' ').collect::<Vec<_>>())
        .succeeded();
    refuses(
        &folder,
        &["m.tym", "-o", "m.onnx"],
        &["m.tym", "'story'", "free text", "without this column"],
    );
}
