//! The best families of the last round, tuned with what the budget leaves.

use super::field::Field;
use super::ground::Rung;
use super::judging::Outcome;
use super::portfolio;
use super::rounds::is_too_dear;
use crate::error::TrainError;
use crate::search::{Method, Proposals, SearchSpec};

/// Families that are tuned.
const FAMILIES: usize = 3;
/// Which of them each try belongs to, over and over: the best most often.
const TURNS: [usize; 6] = [0, 1, 0, 2, 0, 1];
/// Most tries.
const MOST_TRIES: usize = 60;

/// Tries settings around the best ones, judged like all others; the ones that fall behind are given up early.
pub(super) fn tune(
    field: &mut Field<'_, '_>,
    rung: &Rung,
    share: f64,
) -> Result<usize, TrainError> {
    let mut families: Vec<(String, Proposals)> = Vec::new();
    for index in field.standing() {
        let name = field.entrants[index].contender.algorithm.clone();
        if families.len() == FAMILIES || families.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let Some(space) = portfolio::space(&name) else {
            continue;
        };
        let search = SearchSpec {
            method: Method::Bayesian,
            trials: MOST_TRIES,
            space: Some(space),
            ..SearchSpec::default()
        };
        let algorithm = field.entrants[index].algorithm;
        families.push((name, Proposals::new(field.prepared, algorithm, &search)?));
    }
    let (mut tries, mut idle) = (0, 0);
    let turns = TURNS.iter().filter(|turn| **turn < families.len());
    let turns: Vec<usize> = turns.copied().cycle().take(MOST_TRIES).collect();
    for turn in turns {
        // Nothing new, or nothing that the budget could bear, in a whole round of turns.
        if idle == TURNS.len() {
            break;
        }
        idle += 1;
        let Some((name, proposals)) = families.get_mut(turn) else {
            break;
        };
        let Some(proposal) = proposals.next(field.prepared.spec.seed) else {
            continue;
        };
        let index = field.enter(name, proposal.setting)?;
        field.entrants[index].contender.tuned = true;
        if is_too_dear(field, index)
            || field.judge(index, rung, share, true)? == Outcome::OutOfBudget
        {
            field.withdraw(index);
            continue;
        }
        idle = 0;
        tries += 1;
        let value = field.entrants[index].contender.value;
        let loss = value.map_or(f64::INFINITY, |value| field.goal.loss(value));
        proposals.learn(proposal.places, loss);
    }
    Ok(tries)
}
