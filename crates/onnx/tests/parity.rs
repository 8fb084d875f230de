//! What is written answers as the model does: every algorithm, task and kind of column, run from the written bytes.

#[path = "support/cases.rs"]
mod cases;
#[path = "support/equality.rs"]
mod equality;

use cases::cases;

#[test]
fn every_algorithm_on_every_kind_of_column() {
    let cases = cases();
    assert!(cases.len() > 100, "{} cases", cases.len());
    equality::assert_equal_when_written(&cases);
}
