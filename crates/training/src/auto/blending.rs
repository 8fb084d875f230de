//! Greedy selection of an ensemble from what everybody answered to the judged rows (Caruana, Niculescu-Mizil, Crew and
//! Ksikes, 2004): again and again the one whose answers help most is added, with replacement; how often each was added is
//! its weight. What it is worth is told by rows that did not choose it.

use crate::goal::Goal;
use crate::search::draws::Draws;
use rayon::prelude::*;
use trainyard_estimators::metrics::score;
use trainyard_estimators::{Prediction, Target};

/// Most members.
pub(super) const MOST_MEMBERS: usize = 8;
/// Additions at most.
const STEPS: usize = 16;
/// Numbers of answers that are looked at each time; larger tables are thinned out.
const NUMBERS: usize = 30_000;
const FEWEST_ROWS: usize = 2_000;
const MOST_ROWS: usize = 10_000;
/// Parts of the rows that take turns in telling what a choice made by the others is worth.
const PARTS: usize = 5;
/// Resamples of the rows, for how much a difference is due to chance.
const RESAMPLES: u64 = 60;
/// The best single one was picked by the rows that tell its worth, the ensemble was not: half a standard error is enough.
const STANDARD_ERRORS: f64 = 0.5;

/// Somebody who may become a member.
pub(super) struct Candidate<'a> {
    pub(super) answers: &'a Prediction,
    /// Units to fit it for good.
    pub(super) cost: f64,
}

/// An ensemble of candidates.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ensemble {
    /// One a candidate; they add up to 1, and most are 0.
    pub(super) weights: Vec<f64>,
    /// The goal's value on rows that did not choose.
    pub(super) value: f64,
    /// Whether it beats the first candidate by more than noise.
    pub(super) better: bool,
}

/// Candidates with the best first, and what they are to answer.
pub(super) struct Selection<'a> {
    goal: &'a Goal,
    target: Target,
    answers: Vec<Prediction>,
    costs: Vec<f64>,
    most_cost: f64,
    seed: u64,
}

impl<'a> Selection<'a> {
    /// `candidates` have the best first; all but the first together may cost `most_cost`, itself included.
    pub(super) fn new(
        goal: &'a Goal,
        target: &Target,
        candidates: &[Candidate<'_>],
        most_cost: f64,
        seed: u64,
    ) -> Self {
        let classes = match target {
            Target::Classes { classes, .. } => *classes,
            Target::Values(_) => 1,
        };
        let most = (NUMBERS / classes.max(1)).clamp(FEWEST_ROWS, MOST_ROWS);
        let rows: Vec<usize> = (0..target.len())
            .step_by(target.len().div_ceil(most).max(1))
            .collect();
        Self {
            goal,
            target: target.take(&rows),
            answers: candidates
                .iter()
                .map(|one| one.answers.take(&rows))
                .collect(),
            costs: candidates.iter().map(|one| one.cost).collect(),
            most_cost,
            seed,
        }
    }

    /// The ensemble; `None` where nobody helps the best one.
    pub(super) fn ensemble(&self) -> Option<Ensemble> {
        let all: Vec<usize> = (0..self.target.len()).collect();
        let weights = self.choose(&all);
        if weights.iter().filter(|&&weight| weight > 0.0).count() < 2 {
            return None;
        }
        // Each part is answered by the choice of the others.
        let (mut order, mut parts) = (Vec::with_capacity(all.len()), Vec::with_capacity(PARTS));
        for part in 0..PARTS {
            let is_in = |row: &&usize| **row % PARTS == part;
            let (inside, outside): (Vec<usize>, Vec<usize>) = all.iter().partition(is_in);
            let chosen = self.choose(&outside);
            parts.push(self.blend(&chosen, &inside));
            order.extend(inside);
        }
        let target = self.target.take(&order);
        let blended = Prediction::concat(parts);
        let single = self.answers.first()?.take(&order);
        let value = self.goal.value(&target, &blended)?;
        let best = self.goal.value(&target, &single)?;
        let gain = self.goal.loss(best) - self.goal.loss(value);
        Some(Ensemble {
            weights,
            value,
            better: gain > STANDARD_ERRORS * self.noise(&target, &blended, &single),
        })
    }

    /// Weights by greedy choice on some of the rows.
    fn choose(&self, rows: &[usize]) -> Vec<f64> {
        let target = self.target.take(rows);
        let answers: Vec<Prediction> = self.answers.iter().map(|one| one.take(rows)).collect();
        let mut counts = vec![0.0_f64; answers.len()];
        let mut sum = answers[0].clone();
        let mut best = self.worth(&target, &sum);
        counts[0] = 1.0;
        for step in 1..STEPS {
            let members = counts.iter().filter(|&&count| count > 0.0).count();
            let paid: f64 = counts
                .iter()
                .zip(&self.costs)
                .filter(|(count, _)| **count > 0.0)
                .map(|(_, cost)| cost)
                .sum();
            let old = step as f64 / (step + 1) as f64;
            let tries: Vec<Option<(Prediction, Worth)>> = (0..answers.len())
                .into_par_iter()
                .map(|index| {
                    let joins = counts[index] == 0.0;
                    if joins
                        && (members == MOST_MEMBERS || paid + self.costs[index] > self.most_cost)
                    {
                        return None;
                    }
                    let mixed = Prediction::mean([(old, &sum), (1.0 - old, &answers[index])]);
                    let worth = self.worth(&target, &mixed);
                    Some((mixed, worth))
                })
                .collect();
            let mut found: Option<(usize, Prediction, Worth)> = None;
            for (index, tried) in tries.into_iter().enumerate() {
                let Some((mixed, worth)) = tried else {
                    continue;
                };
                let leading = found.as_ref().map_or(&best, |(_, _, leading)| leading);
                if worth.beats(leading) {
                    found = Some((index, mixed, worth));
                }
            }
            let Some((index, mixed, worth)) = found else {
                break;
            };
            counts[index] += 1.0;
            (sum, best) = (mixed, worth);
        }
        let all: f64 = counts.iter().sum();
        counts.into_iter().map(|count| count / all).collect()
    }

    fn blend(&self, weights: &[f64], rows: &[usize]) -> Prediction {
        let members = weights.iter().zip(&self.answers);
        let chosen = members.filter(|(weight, _)| **weight > 0.0);
        Prediction::mean(chosen.map(|(&weight, answers)| (weight, answers.take(rows))))
    }

    fn worth(&self, target: &Target, answers: &Prediction) -> Worth {
        let loss = self
            .goal
            .value(target, answers)
            .map(|value| self.goal.loss(value));
        let finer = self
            .goal
            .counts_labels()
            .then(|| score("log_loss", target, answers));
        Worth {
            loss: loss.unwrap_or(f64::INFINITY),
            finer: finer.flatten().unwrap_or(0.0),
        }
    }

    /// The standard error of the difference in the goal's value between two answers to the same rows, by the bootstrap.
    fn noise(&self, target: &Target, one: &Prediction, other: &Prediction) -> f64 {
        let rows = target.len();
        let differences: Vec<f64> = (0..RESAMPLES)
            .into_par_iter()
            .filter_map(|resample| {
                let mut draws = Draws::new(self.seed, resample);
                let drawn: Vec<usize> = (0..rows).map(|_| draws.below(rows)).collect();
                let target = target.take(&drawn);
                let value = |answers: &Prediction| self.goal.value(&target, &answers.take(&drawn));
                Some(value(one)? - value(other)?)
            })
            .collect();
        let (_, spread) = crate::validation::spread_of(&differences);
        spread.unwrap_or(f64::INFINITY)
    }
}

/// How good answers are; smaller is better.
struct Worth {
    loss: f64,
    /// Decides where labels alone cannot tell.
    finer: f64,
}

impl Worth {
    fn beats(&self, other: &Self) -> bool {
        const ROUNDING: f64 = 1e-12;
        if (self.loss - other.loss).abs() <= ROUNDING {
            return self.finer < other.finer - 1e-9;
        }
        self.loss < other.loss
    }
}
