//! `trainyard admin verify`, beside a running server.

use crate::process::Place;

#[test]
fn books_are_gone_through_beside_a_running_server() {
    let place = Place::new();
    let server = place.serve();
    server.set_up(15);
    let sound = place.run(&["admin", "verify"]);
    assert_eq!(sound.code, 0, "{sound:?}");
    assert!(sound.stdout.contains("Everything fits."), "{sound:?}");
    assert!(
        sound
            .stdout
            .contains("Ledger       1 entries of 2 accounts"),
        "{sound:?}"
    );

    place.sql("UPDATE users SET tokens = tokens + 1 WHERE number = 1");
    let damaged = place.run(&["admin", "verify"]);
    assert_eq!(damaged.code, 1, "{damaged:?}");
    assert!(
        damaged.stdout.contains("Balance: account 1 (")
            && damaged
                .stdout
                .contains("has 16 tokens, its entries come to 15"),
        "{damaged:?}"
    );
    assert!(
        damaged.stderr.contains("1 thing does not fit"),
        "{damaged:?}"
    );

    place.sql("UPDATE users SET tokens = tokens - 1 WHERE number = 1; UPDATE audit SET outcome = 'refused'");
    let rewritten = place.run(&["admin", "verify"]);
    assert_eq!(rewritten.code, 1, "{rewritten:?}");
    assert!(
        rewritten
            .stdout
            .contains("Audit: entry 1 of main was changed"),
        "{rewritten:?}"
    );
}

#[test]
fn a_folder_that_is_none_is_not_made() {
    let place = Place::new();
    let missing = place.path().join("mistyped");
    let words = ["admin", "verify", "--data", missing.to_str().unwrap()];
    let outcome = place.run(&words);
    assert_eq!(outcome.code, 2, "{outcome:?}");
    assert!(
        outcome.stderr.contains("there is no Trainyard here"),
        "{outcome:?}"
    );
    assert!(!missing.exists());
}
