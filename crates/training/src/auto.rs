//! The automatic choice: a `portfolio` of settings over the families, thinned out by successive halving ([`rounds`]), the
//! best families tuned (`tuning`), the finalists judged again on other divisions of the rows (`repeats`), and what they answered
//! put together where that is better (`blending`).
//!
//! Everybody is judged on rows of the training part that were held back (`ground`); the test rows play no part, so that
//! the report's scores stay honest whoever wins. A [`budget`] of work bounds what is tried by estimates alone (`work`):
//! the same request makes the same model, whatever the machine or the number of threads. A budget of seconds does not.

mod blending;
pub mod budget;
mod field;
mod ground;
mod judging;
mod portfolio;
mod repeats;
pub mod rounds;
mod tuning;
mod work;

pub(crate) use work::UNITS;

use crate::choice::{Choice, Member};
use crate::contender::{BASELINE, Contender};
use crate::error::TrainError;
use crate::goal::Goal;
use crate::progress::{Account, ContenderStatus, Stage, TrainContext};
use crate::spec::{Effort, TrainSpec};
use crate::train::Prepared;
use blending::{Candidate, Ensemble, Selection};
use budget::{Budget, Purse};
use field::{Entrant, Field};
use ground::Ground;
use rounds::Round;
use serde::{Deserialize, Serialize};
use serde_json::Map;
use trainyard_estimators::algorithm::algorithm;
use trainyard_estimators::{Params, Shape, blend};

/// Most entrants that an ensemble is chosen from.
const LIBRARY: usize = 12;
/// Up to so many judged rows every contender of the last round has an interval; of more, the best of each family.
const INTERVALS: usize = 5_000;

/// How an automatic choice went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Automatic {
    /// What it was allowed.
    pub budget: Budget,
    /// Whether the same request on the same data makes the same model: not under a budget of seconds.
    pub reproducible: bool,
    /// Units of work that choosing took, by estimate.
    pub work: f64,
    /// Seconds that choosing took.
    pub seconds: f64,
    /// The rounds, each on more rows than the last.
    pub rounds: Vec<Round>,
    /// Settings that were tried around the best ones.
    pub tuned: usize,
    /// How often the finalists were judged again, on other divisions of the same rows.
    #[serde(default)]
    pub repeats: u32,
}

/// Who took part and who won.
pub(crate) struct Picked {
    /// The baseline first, then the best first.
    pub(crate) contenders: Vec<Contender>,
    /// What to fit, each with the position of its contender; a later one where an earlier one cannot be fitted.
    pub(crate) choices: Vec<(usize, Choice)>,
    pub(crate) automatic: Automatic,
}

/// Picks among the families on the training rows.
pub(crate) fn pick(
    prepared: &Prepared<'_>,
    goal: &Goal,
    account: &Account<'_>,
    context: &TrainContext<'_>,
) -> Result<Picked, TrainError> {
    account.change(|progress| {
        progress.stage = Stage::Training;
        (progress.done, progress.of) = (0, 100 + prepared.spec.folds as u32);
        progress.contenders.clear();
    });
    let effort = prepared.spec.effort;
    let budget = match prepared.spec.budget {
        Some(budget) => budget,
        None => Budget::of(effort, plain_round(prepared)?),
    };
    let ground = Ground::new(prepared)?;
    let purse = Purse::new(budget, context);
    let mut field = Field::new(prepared, goal, ground, purse, account, context)?;
    let settings = portfolio::settings(prepared.task, effort);
    let settings = settings.into_iter().map(|one| (one.algorithm, one.params));
    let (rounds, last, share) = rounds::run(&mut field, settings.collect())?;
    let (mut tuned, mut repeats) = (0, 0);
    if effort > Effort::Quick || prepared.spec.budget.is_some() {
        let rest = field.finishing_all();
        field.purse.reserve(rest);
        tuned = tuning::tune(&mut field, &last, share)?;
        if share >= 1.0 {
            repeats = repeats::run(&mut field, last.number)?;
        }
    }
    let standing = field.standing();
    if standing.is_empty() {
        return Err(no_winner(&field.entrants));
    }
    account.change(|progress| progress.message = Some("choosing an ensemble".to_owned()));
    let library = library(&field, &standing);
    let ensemble = selection(&field, &library).ensemble();
    let automatic = Automatic {
        budget,
        reproducible: budget.is_reproducible() && !(context.enough)(),
        work: field.purse.spent(),
        seconds: field.purse.seconds(),
        rounds,
        tuned,
        repeats,
    };
    let (contenders, choices) = leaderboard(field, &standing, &library, ensemble);
    account.change(|progress| {
        progress.message = None;
        progress.contenders = contenders
            .iter()
            .map(|contender| {
                contender.progress(match contender.value {
                    Some(_) => ContenderStatus::Done,
                    None => ContenderStatus::Failed,
                })
            })
            .collect();
    });
    Ok(Picked {
        contenders,
        choices,
        automatic,
    })
}

/// Units to fit the plain setting of every usual family once, on all rows.
fn plain_round(prepared: &Prepared<'_>) -> Result<f64, TrainError> {
    let (baseline, _) = prepared.params(BASELINE, &Map::new())?;
    let shape = work::shape(prepared, baseline)?;
    let plain = portfolio::settings(prepared.task, Effort::Quick);
    let each = plain.iter().map(|one| {
        let (algorithm, params) = prepared.params(one.algorithm, &one.params)?;
        Ok(work::work(algorithm, &params, shape, 0))
    });
    each.sum()
}

/// What a race takes, told by sizes alone.
pub(crate) struct Race {
    pub(crate) budget: Budget,
    /// Most memory that somebody who takes part needs at one moment.
    pub(crate) bytes: usize,
}

/// The budget of a race on a table of this shape, and what the hungriest of its plain settings needs.
pub(crate) fn race(spec: &TrainSpec, shape: Shape) -> Race {
    let plain = portfolio::settings(shape.task, Effort::Quick);
    let costs = plain.iter().filter_map(|one| {
        let found = algorithm(one.algorithm)?;
        let params = Params::check(found.spec().params, shape.task, &one.params).ok()?;
        Some((
            work::work(found, &params, shape, 0),
            found.cost(shape, &params).bytes,
        ))
    });
    let (mut round, mut bytes) = (0.0, 0);
    for (work, needed) in costs {
        round += work;
        bytes = bytes.max(needed);
    }
    let budget = spec
        .budget
        .unwrap_or_else(|| Budget::of(spec.effort, round));
    Race { budget, bytes }
}

/// Who may become a member: the best of the last round that beat the baseline.
fn library(field: &Field<'_, '_>, standing: &[usize]) -> Vec<usize> {
    let value = |index: usize| field.entrants[index].contender.value;
    let guess = field
        .entrants
        .first()
        .filter(|baseline| baseline.answers.is_some());
    let guess = guess.and_then(|baseline| baseline.contender.value);
    let useful = |index: &&usize| match (value(**index), guess) {
        (Some(value), Some(guess)) => field.goal.better(value, guess),
        _ => true,
    };
    // The best of each family, then the others: members that err in the same way do not help each other.
    let mut families = Vec::new();
    let mut others = Vec::new();
    for index in standing.iter().filter(useful) {
        let name = &field.entrants[*index].contender.algorithm;
        if families.iter().any(|(known, _)| *known == name) {
            others.push(*index);
        } else {
            families.push((name, *index));
        }
    }
    let mut library: Vec<usize> = standing[..1].to_vec();
    let mixed = families.into_iter().map(|(_, index)| index).chain(others);
    library.extend(mixed.filter(|index| *index != standing[0]));
    library.truncate(LIBRARY);
    library
}

fn selection<'a>(field: &'a Field<'_, '_>, library: &[usize]) -> Selection<'a> {
    let candidates: Vec<Candidate<'_>> = library
        .iter()
        .filter_map(|&index| {
            Some(Candidate {
                answers: field.entrants[index].answers.as_ref()?,
                cost: field.finishing(index),
            })
        })
        .collect();
    Selection::new(
        field.goal,
        &field.ground.target,
        &field.ground.judged,
        &candidates,
        field.purse.for_finishing(),
        field.prepared.spec.seed,
    )
}

/// The lines people see, and what is to be fitted, in order of preference.
fn leaderboard(
    mut field: Field<'_, '_>,
    standing: &[usize],
    library: &[usize],
    ensemble: Option<Ensemble>,
) -> (Vec<Contender>, Vec<(usize, Choice)>) {
    add_intervals(&mut field, standing);
    let mut order: Vec<usize> = (1..field.entrants.len()).collect();
    field.sort(&mut order);
    // Values of earlier rounds come after, those without a value last.
    order.sort_by_key(|&index| {
        let entrant = &field.entrants[index];
        (
            entrant.contender.value.is_none(),
            std::cmp::Reverse(entrant.rung),
        )
    });
    let place_of = |index: usize| {
        order
            .iter()
            .position(|&other| other == index)
            .map_or(0, |place| place + 1)
    };
    let mut choices: Vec<(usize, Choice)> = standing
        .iter()
        .map(|&index| {
            let contender = &field.entrants[index].contender;
            let choice = Choice::single(&contender.algorithm, &contender.params);
            (place_of(index), choice)
        })
        .collect();
    let line = |index: &usize| field.entrants[*index].contender.clone();
    let mut contenders: Vec<Contender> = std::iter::once(&0).chain(&order).map(line).collect();
    if let Some(ensemble) = ensemble {
        let mut together = Contender::waiting(blend::NAME, Map::new(), field.goal.name());
        together.value = Some(ensemble.value);
        (together.rows, together.rung) = (contenders[1].rows, contenders[1].rung);
        let mut members = Vec::new();
        for (&index, &weight) in library.iter().zip(&ensemble.weights) {
            if weight > 0.0 {
                let contender = &mut contenders[place_of(index)];
                together.fit_seconds += contender.fit_seconds;
                contender.weight = ensemble.better.then_some(weight);
                members.push(Member {
                    algorithm: contender.algorithm.clone(),
                    params: contender.params.clone(),
                    weight,
                });
            }
        }
        if ensemble.better {
            choices.insert(0, (contenders.len(), Choice { members }));
        }
        contenders.push(together);
    }
    if let Some(&(chosen, _)) = choices.first() {
        contenders[chosen].chosen = true;
    }
    (contenders, choices)
}

/// Intervals, where they are worth their time.
fn add_intervals(field: &mut Field<'_, '_>, standing: &[usize]) {
    let mut seen: Vec<String> = Vec::new();
    let once: Vec<usize> = (0..field.ground.first).collect();
    let target = field.ground.target.take(&once);
    for &index in [0].iter().chain(standing) {
        let Entrant {
            contender, answers, ..
        } = &mut field.entrants[index];
        let first = !seen.contains(&contender.algorithm);
        if first {
            seen.push(contender.algorithm.clone());
        }
        if !first && target.len() > INTERVALS {
            continue;
        }
        // Rows that were answered several times tell no more about other rows than those answered once.
        let judged = answers.as_ref().and_then(|answers| {
            field
                .goal
                .judge(&target, &answers.take(&once), field.prepared.spec.seed)
        });
        if let (Some((_, low, high)), Some(value)) = (judged, contender.value) {
            contender.low = low.map(|low| low.min(value));
            contender.high = high.map(|high| high.max(value));
        }
    }
}

fn no_winner(entrants: &[Entrant]) -> TrainError {
    let mut reasons = entrants
        .iter()
        .filter_map(|entrant| entrant.contender.error.clone());
    let reason = reasons.next();
    let reason = reason.unwrap_or_else(|| "no contender could be scored".to_owned());
    TrainError::Data(format!(
        "none of the algorithms could learn from these rows: {reason}"
    ))
}
