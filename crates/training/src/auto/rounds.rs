//! Successive halving (Jamieson and Talwalkar, 2016): everybody learns from few rows, the better half from twice as many,
//! and so on up to all of them. Where all can be judged on all rows at once, they are.

use super::field::Field;
use super::ground::Rung;
use super::judging::Outcome;
use crate::error::TrainError;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Fewest rows that a round learns from.
const FEWEST_ROWS: usize = 400;
/// Share of what choosing may take that the rounds may take; the rest is for tuning.
const ROUNDS: f64 = 0.7;
/// Fewest that come to the last round, where there are as many.
const FINALISTS: usize = 3;
/// Most halvings.
const MOST_ROUNDS: u32 = 6;
/// Nobody may take more than this share of what choosing, or finishing, may take.
pub(super) const MOST_OF_ONE: f64 = 0.7;
/// To fit and to explain one on all rows may not take more than this share of everything.
const MOST_OF_ALL: f64 = 0.5;

/// A round that was run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Most rows that each contender learned from.
    pub rows: usize,
    /// Contenders that were judged.
    pub contenders: usize,
}

/// The shares of the rows that rounds learn from, rising, and who takes part. Judging on all rows comes before judging
/// everybody: up to half of the settings, the dearest, stay out where that lets the others come to the last row.
fn plan(field: &Field<'_, '_>, entrants: &[usize]) -> (Vec<f64>, Vec<usize>) {
    let most = ROUNDS * field.purse.for_choosing();
    let fewest = fewest(field);
    let mut dearest = entrants.to_vec();
    dearest.sort_by(|&one, &other| field.work(other, 1.0).total_cmp(&field.work(one, 1.0)));
    let mut last = 1.0_f64;
    loop {
        for out in 0..=entrants.len() / 2 {
            let out = &dearest[..out];
            let staying = entrants.iter().filter(|index| !out.contains(index));
            let staying: Vec<usize> = staying.copied().collect();
            for halvings in 0..MOST_ROUNDS {
                let halved = (0..=halvings).rev();
                let shares: Vec<f64> = halved
                    .map(|halving| last / f64::from(1_u32 << halving))
                    .collect();
                if shares[0] < fewest && halvings > 0 {
                    break;
                }
                let takes = |(round, share): (usize, &f64)| {
                    let all: f64 = staying.iter().map(|&one| field.work(one, *share)).sum();
                    all / f64::from(1_u32 << round)
                };
                if shares.iter().enumerate().map(takes).sum::<f64>() <= most {
                    return (shares, staying);
                }
            }
        }
        if last / 2.0 < fewest {
            return (vec![last], entrants.to_vec());
        }
        last /= 2.0;
    }
}

/// Enters the settings and lets them run; the rounds, and the last of them with its share of the rows.
pub(super) fn run(
    field: &mut Field<'_, '_>,
    settings: Vec<(&'static str, Map<String, Value>)>,
) -> Result<(Vec<Round>, Rung, f64), TrainError> {
    let mut entrants = Vec::with_capacity(settings.len());
    for (algorithm, params) in settings {
        entrants.push(field.enter(algorithm, params)?);
    }
    let affordable = affordable(field, &entrants);
    let (shares, mut staying) = plan(field, &affordable);
    let (mut rounds, mut last) = (Vec::new(), None);
    for (place, &share) in shares.iter().enumerate() {
        let rung = field.ground.rung(place as u32 + 1, share, field.prepared);
        // The baseline is beside everybody.
        field.judge(0, &rung, share, false)?;
        let mut judged = 0;
        let mut over = false;
        for &index in &staying {
            if field.judge(index, &rung, share, false)? == Outcome::OutOfBudget {
                over = true;
                if field.purse.budget().is_reproducible() {
                    continue;
                }
                break;
            }
            judged += 1;
        }
        rounds.push(Round {
            rows: rung.rows(),
            contenders: judged,
        });
        last = Some((rung, share));
        if over {
            break;
        }
        staying.retain(|&index| field.entrants[index].answers.is_some());
        if place + 1 < shares.len() {
            staying = better_half(field, staying);
        }
    }
    for &index in &entrants {
        let contender = &field.entrants[index].contender;
        if contender.value.is_none() && contender.error.is_none() {
            field.leave_out(
                index,
                "left out: the budget was used up before its turn".to_owned(),
            );
        }
    }
    match last {
        Some((rung, share)) => Ok((rounds, rung, share)),
        None => Err(TrainError::Internal("no round was run".to_owned())),
    }
}

/// Those whose fit on all rows the memory and the budget can bear; the others are told why not. What the dearest of them
/// takes in the end is kept back.
fn affordable(field: &mut Field<'_, '_>, entrants: &[usize]) -> Vec<usize> {
    let mut staying = Vec::with_capacity(entrants.len());
    let most = MOST_OF_ALL * field.purse.for_all();
    let mut dearest: f64 = 0.0;
    for &index in entrants {
        // The first is there whatever time it takes.
        if let Some(reason) = field.too_large(index) {
            field.leave_out(index, reason);
        } else if index > 1 && is_too_dear(field, index, most) {
            let reason = "left out: it would take too large a part of the budget on so many rows and columns";
            field.leave_out(index, reason.to_owned());
        } else {
            staying.push(index);
            dearest = dearest.max(field.finishing(index).min(most));
        }
    }
    field.purse.keep_back(dearest);
    staying
}

/// Whether judging it even on few rows would take too much of the budget, or fitting it on all more than so many units.
pub(super) fn is_too_dear(field: &Field<'_, '_>, index: usize, most: f64) -> bool {
    field.work(index, fewest(field)) > MOST_OF_ONE * field.purse.for_choosing()
        || field.finishing(index) > most
}

/// The share of the rows that the first round may go down to.
fn fewest(field: &Field<'_, '_>) -> f64 {
    (FEWEST_ROWS as f64 / field.ground.fewest().max(1) as f64).min(1.0)
}

/// The better half, family by family with the best family first, so that a budget that ends early ends with the worst.
fn better_half(field: &Field<'_, '_>, mut staying: Vec<usize>) -> Vec<usize> {
    field.sort(&mut staying);
    let half = staying.len().div_ceil(2).max(FINALISTS).min(staying.len());
    staying.truncate(half);
    let family = |index: &usize| field.entrants[*index].contender.algorithm.clone();
    let mut families: Vec<String> = Vec::new();
    for name in staying.iter().map(family) {
        if !families.contains(&name) {
            families.push(name);
        }
    }
    staying.sort_by_key(|index| families.iter().position(|name| *name == family(index)));
    staying
}
