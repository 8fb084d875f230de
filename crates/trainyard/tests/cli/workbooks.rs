//! Workbooks on the command line: the sheet that is named is the one that is learned from and predicted.

use crate::commands::Folder;
use crate::workbook::workbook;

const TRAIN: &str = "train book.xlsx --target y --algorithm linear_regression -o m.tym";

#[test]
fn a_sheet_is_chosen_by_its_name() {
    let folder = Folder::new();
    let book = workbook(&[("Notes", 3), ("Sales", 60), ("More sales", 5)]);
    folder.write_bytes("book.xlsx", &book);
    let with = |command: &str, more: &[&str]| {
        let words: Vec<&str> = command.split(' ').chain(more.iter().copied()).collect();
        folder.run(&words)
    };
    // The first sheet with data has two rows.
    assert_eq!(with(TRAIN, &[]).code, 2);
    with(TRAIN, &["--sheet", "Sales"]).succeeded();
    let answers = with("predict m.tym book.xlsx", &["--sheet", "More sales"]).succeeded();
    let numbers: Vec<f64> = answers
        .stdout
        .lines()
        .skip(1)
        .map(|line| line.rsplit(',').next().unwrap().parse().unwrap())
        .collect();
    assert_eq!(numbers.len(), 4, "{}", answers.stdout);
    for (number, expected) in numbers.iter().zip([1.5, 2.5, 3.5, 4.5]) {
        assert!((number - expected).abs() < 0.05, "{}", answers.stdout);
    }

    for (words, says) in [
        (&["--sheet", "Nothing"][..], "'More sales'"),
        (&["--sheet", ""][..], "no sheet ''"),
    ] {
        for command in [TRAIN, "predict m.tym book.xlsx"] {
            let outcome = with(command, words);
            assert_eq!(outcome.code, 2, "{}", outcome.stderr);
            assert!(outcome.stderr.contains(says), "{}", outcome.stderr);
        }
    }
    folder.write("book.csv", "x,y\n1,2\n3,4\n5,6\n");
    let outcome = with("predict m.tym book.csv", &["--sheet", "Sales"]);
    assert_eq!(outcome.code, 2, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("leave --sheet out"),
        "{}",
        outcome.stderr
    );
}
