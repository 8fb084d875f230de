//! What is written answers as the model does on real tables.

#[path = "support/cases.rs"]
#[expect(dead_code, reason = "shared with other tests, which need more of it")]
mod cases;
#[path = "support/equality.rs"]
mod equality;
#[path = "support/samples.rs"]
mod samples;

#[test]
fn every_algorithm_on_the_samples() {
    let cases = samples::cases();
    equality::assert_equal_when_written(&cases);
}
