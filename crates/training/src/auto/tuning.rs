//! The best families of the last round, tuned with what the budget leaves. Tuning begins with what the portfolio taught.

use super::field::Field;
use super::ground::Rung;
use super::judging::Outcome;
use super::portfolio;
use super::rounds::{MOST_OF_ONE, is_too_dear};
use crate::error::TrainError;
use crate::search::{Method, Proposals, SearchSpec};

/// Which family each try belongs to, over and over, the best first and most often.
const TURNS: [usize; 9] = [0, 1, 0, 2, 0, 1, 3, 0, 2];
/// Families that are tuned.
const FAMILIES: usize = 4;
/// Most tries.
const MOST_TRIES: usize = 150;
/// Share of what choosing may take at which tuning ends, where the finalists can be judged on other divisions after it; up
/// to so many rows judge by luck, of more it is enough to ask once or twice again.
const TUNING: f64 = 0.65;
const FEW_ROWS: usize = 5_000;
const TUNING_OF_MANY: f64 = 0.9;

/// Tries settings around the best ones, judged like all others; the ones that fall behind are given up early.
pub(super) fn tune(
    field: &mut Field<'_, '_>,
    rung: &Rung,
    share: f64,
) -> Result<usize, TrainError> {
    let mut families: Vec<(String, Proposals)> = Vec::new();
    for index in field.standing() {
        let name = field.entrants[index].contender.algorithm.clone();
        let known = families.iter().position(|(known, _)| *known == name);
        if known.is_some() || families.len() == FAMILIES {
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
    for index in field.standing() {
        let name = &field.entrants[index].contender.algorithm;
        if let Some((_, proposals)) = families.iter_mut().find(|(known, _)| known == name) {
            proposals.learn_from(field.settings(index), field.loss(index));
        }
    }
    let until = match field.ground.first {
        _ if share < 1.0 || !field.ground.has_others(field.prepared) => 1.0,
        ..=FEW_ROWS => TUNING,
        _ => TUNING_OF_MANY,
    };
    let (mut tries, mut idle) = (0, 0);
    let turns = TURNS.iter().filter(|turn| **turn < families.len());
    let turns: Vec<usize> = turns.copied().cycle().take(MOST_TRIES).collect();
    for turn in turns {
        // Nothing new, or nothing that the budget could bear, in a whole round of turns.
        if idle == TURNS.len() || field.purse.share() >= until || field.is_perfect() {
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
        if field.too_large(index).is_some()
            || is_too_dear(field, index, MOST_OF_ONE * field.purse.for_finishing())
            || field.judge(index, rung, share, true)? == Outcome::OutOfBudget
        {
            field.withdraw(index);
            continue;
        }
        idle = 0;
        tries += 1;
        proposals.learn(proposal.places, field.loss(index));
    }
    Ok(tries)
}
