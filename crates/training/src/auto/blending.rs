//! Greedy selection of an ensemble from what everybody answered to the judged rows (Caruana, Niculescu-Mizil, Crew and
//! Ksikes, 2004): again and again the one whose answers help most is added, with replacement; how often each was added is
//! its weight. Few rows choose by luck, so several samples of them choose, and the mean counts (the paper's bagging).
//!
//! What choosing is worth is told by rows that took no part in it, for the ensemble and for the best single one alike.

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
/// Samples of the rows that choose, so many that together they look at so many rows.
const MOST_SAMPLES: usize = 8;
const SAMPLED_ROWS: usize = 16_000;
/// Share of the rows in a sample.
const SAMPLE: f64 = 0.6;
/// Members with less weight are not worth their time.
const LEAST_WEIGHT: f64 = 0.04;

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
    /// Whether choosing it does better than choosing the best candidate, on rows that did not choose.
    pub(super) better: bool,
}

/// Candidates with the best first, and what they are to answer.
pub(super) struct Selection<'a> {
    goal: &'a Goal,
    target: Target,
    /// Which row each answer is about: one may be answered several times.
    rows: Vec<usize>,
    answers: Vec<Prediction>,
    costs: Vec<f64>,
    most_cost: f64,
    seed: u64,
}

impl<'a> Selection<'a> {
    /// `rows` says which row each answer is about. `candidates` have the best first; the members may cost `most_cost`
    /// together, unless there is one alone.
    pub(super) fn new(
        goal: &'a Goal,
        target: &Target,
        judged: &[usize],
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
            rows: rows.iter().map(|&place| judged[place]).collect(),
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
        // Each part is answered by the choice of the others. All answers about a row are in one part.
        let mut order = Vec::with_capacity(all.len());
        let (mut blended, mut singles) = (Vec::new(), Vec::new());
        for part in 0..PARTS {
            let is_in = |place: &&usize| self.draw(0, **place).below(PARTS) == part;
            let (inside, outside): (Vec<usize>, Vec<usize>) = all.iter().partition(is_in);
            if inside.is_empty() || outside.is_empty() {
                continue;
            }
            blended.push(self.blend(&self.choose(&outside), &inside));
            singles.push(self.answers[self.best(&outside)].take(&inside));
            order.extend(inside);
        }
        let target = self.target.take(&order);
        let blended = Prediction::concat(blended);
        let value = self.goal.value(&target, &blended)?;
        let single = self.goal.value(&target, &Prediction::concat(singles))?;
        Some(Ensemble {
            weights,
            value,
            better: self.goal.better(value, single),
        })
    }

    /// The same for all answers about a row.
    fn draw(&self, number: u64, place: usize) -> Draws {
        let stream = self.seed ^ number.wrapping_mul(0xa076_1d64_78bd_642f);
        Draws::new(stream, self.rows[place] as u64)
    }

    /// The best candidate by some of the rows.
    fn best(&self, places: &[usize]) -> usize {
        let target = self.target.take(places);
        let mut best: Option<(usize, Worth)> = None;
        for (index, answers) in self.answers.iter().enumerate() {
            let worth = self.worth(&target, &answers.take(places));
            if best.as_ref().is_none_or(|(_, best)| worth.beats(best)) {
                best = Some((index, worth));
            }
        }
        best.map_or(0, |(index, _)| index)
    }

    /// Weights by greedy choice on samples of some of the rows.
    fn choose(&self, places: &[usize]) -> Vec<f64> {
        let samples = (SAMPLED_ROWS / places.len().max(1)).clamp(1, MOST_SAMPLES);
        let mut weights = vec![0.0; self.answers.len()];
        for sample in 1..=samples as u64 {
            let is_in = |place: &&usize| samples == 1 || self.draw(sample, **place).unit() < SAMPLE;
            let sampled: Vec<usize> = places.iter().filter(is_in).copied().collect();
            for (sum, weight) in weights.iter_mut().zip(self.greedy(&sampled)) {
                *sum += weight / samples as f64;
            }
        }
        self.pruned(weights)
    }

    /// The largest weights, as many as may be members and as the cost allows; they add up to 1 again.
    fn pruned(&self, weights: Vec<f64>) -> Vec<f64> {
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by(|&one, &other| weights[other].total_cmp(&weights[one]));
        let mut kept = vec![0.0; weights.len()];
        let (mut members, mut paid) = (0, 0.0);
        for index in order {
            let dear = members > 0 && paid + self.costs[index] > self.most_cost;
            if members == MOST_MEMBERS || weights[index] < LEAST_WEIGHT || dear {
                continue;
            }
            kept[index] = weights[index];
            members += 1;
            paid += self.costs[index];
        }
        let all: f64 = kept.iter().sum();
        kept.into_iter().map(|weight| weight / all).collect()
    }

    /// Weights by greedy choice, beginning with the best.
    fn greedy(&self, places: &[usize]) -> Vec<f64> {
        let target = self.target.take(places);
        let answers: Vec<Prediction> = self.answers.iter().map(|one| one.take(places)).collect();
        let mut counts = vec![0.0_f64; answers.len()];
        let first = self.best(places);
        let mut sum = answers[first].clone();
        let mut best = self.worth(&target, &sum);
        counts[first] = 1.0;
        for step in 1..STEPS {
            let members = counts.iter().filter(|&&count| count > 0.0).count();
            let old = step as f64 / (step + 1) as f64;
            let tries: Vec<Option<(Prediction, Worth)>> = (0..answers.len())
                .into_par_iter()
                .map(|index| {
                    if counts[index] == 0.0 && members == MOST_MEMBERS {
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
