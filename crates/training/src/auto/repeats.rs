//! The finalists, judged again: a few hundred rows tell apart who was lucky with one division from who is good only when
//! they are divided in several ways. The answers of all divisions stand behind each other.

use super::field::Field;
use super::judging::Said;
use super::library;
use crate::error::TrainError;
use trainyard_estimators::Prediction;

/// Most divisions beside the first.
const MOST: u32 = 9;
/// Fewest finalists that are worth another division.
const FEWEST: usize = 2;

/// Judges the finalists on one division after another while the budget lasts; how often that was.
pub(super) fn run(field: &mut Field<'_, '_>, last: u32) -> Result<u32, TrainError> {
    if !field.ground.has_others(field.prepared) {
        return Ok(0);
    }
    for repeat in 0..MOST {
        if field.is_perfect() || !again(field, last + repeat + 1)? {
            return Ok(repeat);
        }
    }
    Ok(MOST)
}

/// One more division; whether it was finished.
fn again(field: &mut Field<'_, '_>, number: u32) -> Result<bool, TrainError> {
    let standing = field.standing();
    let mut finalists = library(field, &standing);
    let work = |field: &Field<'_, '_>, all: &[usize]| -> f64 {
        all.iter().map(|&index| field.work(index, 1.0)).sum()
    };
    // The last ones are the least likely to be needed.
    while finalists.len() > FEWEST && !field.purse.affords(work(field, &finalists)) {
        finalists.pop();
    }
    if finalists.len() < FEWEST || !field.purse.affords(work(field, &finalists)) {
        return Ok(false);
    }
    field.account.change(|progress| {
        progress.message = Some("judging the best on other divisions of the rows".to_owned());
    });
    let rung = field.ground.other(number, field.prepared)?;
    let mut said: Vec<(usize, Prediction)> = Vec::with_capacity(finalists.len() + 1);
    for &index in [0].iter().chain(&finalists) {
        match field.ask(index, &rung, 1.0, false)? {
            Said::Answers(answers) => said.push((index, answers)),
            Said::Nothing => {}
            Said::OutOfBudget => return Ok(false),
        }
    }
    if said.iter().all(|(index, _)| *index == 0) {
        return Ok(false);
    }
    field.ground.extend(&rung, field.prepared);
    for (index, answers) in said {
        let Some(earlier) = field.entrants[index].answers.take() else {
            continue;
        };
        let all = Prediction::concat(vec![earlier, answers]);
        let status = field.value(index, number, all);
        field.show(index, status);
    }
    Ok(true)
}
