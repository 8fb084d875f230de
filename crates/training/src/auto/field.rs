//! Everybody who takes part, what each takes, and how they stand. How one is judged is in `judging`.

use super::blending::MOST_MEMBERS;
use super::budget::Purse;
use super::ground::Ground;
use super::portfolio;
use super::work::{shape, work};
use crate::contender::{BASELINE, Contender};
use crate::error::TrainError;
use crate::goal::Goal;
use crate::limits::bytes;
use crate::progress::{Account, ContenderStatus, TrainContext};
use crate::train::Prepared;
use crate::validation::PreparedFolds;
use serde_json::{Map, Value};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use trainyard_estimators::importance::{MAX_ROWS, REPEATS};
use trainyard_estimators::{Algorithm, Needs, Params, Prediction, Shape};

/// Prepared rows of a round for an algorithm.
pub(super) type Kept<'a, 'b> = (u32, &'static str, PreparedFolds<'a, 'b>);

/// Somebody who takes part.
pub(super) struct Entrant {
    pub(super) contender: Contender,
    pub(super) algorithm: &'static dyn Algorithm,
    /// Its settings, checked.
    params: Params,
    /// The table as its algorithm sees it.
    shape: Shape,
    /// The round it was judged in last, 0 before the first.
    pub(super) rung: u32,
    /// What it answered to the judged rows then.
    pub(super) answers: Option<Prediction>,
}

/// The entrants and all that judging them needs.
pub(super) struct Field<'a, 'b> {
    pub(super) prepared: &'a Prepared<'b>,
    pub(super) goal: &'a Goal,
    pub(super) ground: Ground,
    pub(super) purse: Purse<'a>,
    /// The baseline first.
    pub(super) entrants: Vec<Entrant>,
    pub(super) account: &'a Account<'a>,
    pub(super) context: &'a TrainContext<'a>,
    /// What tables look like to algorithms with these needs.
    shapes: Vec<(Needs, Shape)>,
    /// Prepared rows of the last round for some algorithms, the latest last: settings of one algorithm share them.
    pub(super) kept: Vec<Kept<'a, 'b>>,
    /// Losses by split of everybody judged in the last round, by algorithm, for giving up early.
    pub(super) losses: (u32, BTreeMap<&'static str, Vec<Vec<f64>>>),
}

impl<'a, 'b> Field<'a, 'b> {
    pub(super) fn new(
        prepared: &'a Prepared<'b>,
        goal: &'a Goal,
        ground: Ground,
        purse: Purse<'a>,
        account: &'a Account<'a>,
        context: &'a TrainContext<'a>,
    ) -> Result<Self, TrainError> {
        let mut field = Self {
            prepared,
            goal,
            ground,
            purse,
            entrants: Vec::new(),
            account,
            context,
            shapes: Vec::new(),
            kept: Vec::new(),
            losses: (0, BTreeMap::new()),
        };
        field.enter(BASELINE, Map::new())?;
        Ok(field)
    }

    /// Adds somebody; the position.
    pub(super) fn enter(
        &mut self,
        algorithm: &str,
        params: Map<String, Value>,
    ) -> Result<usize, TrainError> {
        let (found, checked) = self.prepared.params(algorithm, &params)?;
        let needs = found.spec().needs;
        let shape = match self.shapes.iter().find(|(known, _)| *known == needs) {
            Some(&(_, shape)) => shape,
            None => {
                let shape = shape(self.prepared, found)?;
                self.shapes.push((needs, shape));
                shape
            }
        };
        let contender = Contender::waiting(algorithm, params, self.goal.name());
        let line = contender.progress(ContenderStatus::Waiting);
        self.account
            .change(|progress| progress.contenders.push(line));
        self.entrants.push(Entrant {
            contender,
            algorithm: found,
            params: checked,
            shape,
            rung: 0,
            answers: None,
        });
        Ok(self.entrants.len() - 1)
    }

    /// Units to judge an entrant when it learns from a share of the rows.
    pub(super) fn work(&self, index: usize, share: f64) -> f64 {
        let sizes = self.ground.sizes(share);
        let each = sizes.map(|(learned, judged)| self.estimate(index, learned, judged));
        each.sum()
    }

    /// Units to fit it on all rows and to measure what each column is worth to it.
    pub(super) fn finishing(&self, index: usize) -> f64 {
        let prepared = self.prepared;
        // Nobody asks what single pixels are worth.
        let columns = match prepared.spec.pictures {
            None => prepared.features.len(),
            Some(_) => 0,
        };
        let shuffled = prepared.test.rows().min(MAX_ROWS) * REPEATS * columns;
        self.estimate(index, prepared.train.rows(), shuffled)
    }

    fn estimate(&self, index: usize, learned: usize, asked: usize) -> f64 {
        let entrant = &self.entrants[index];
        let shape = Shape {
            rows: learned,
            ..entrant.shape
        };
        work(entrant.algorithm, &entrant.params, shape, asked)
    }

    /// Takes somebody out before any work is done, with the reason.
    pub(super) fn leave_out(&mut self, index: usize, reason: String) {
        let contender = &mut self.entrants[index].contender;
        contender.error = Some(reason);
        self.show(index, ContenderStatus::Failed);
    }

    /// Takes the last one back, where it was not even begun.
    pub(super) fn withdraw(&mut self, index: usize) {
        let begun = self
            .entrants
            .get(index)
            .is_none_or(|entrant| entrant.contender.error.is_some());
        if !begun && index + 1 == self.entrants.len() {
            self.entrants.truncate(index);
            self.account
                .change(|progress| progress.contenders.truncate(index));
        }
    }

    pub(super) fn show(&self, index: usize, status: ContenderStatus) {
        let line = self.entrants[index].contender.progress(status);
        self.account.change(|progress| {
            if let Some(shown) = progress.contenders.get_mut(index) {
                *shown = line;
            }
        });
    }

    /// Entrants (without the baseline) that were judged in the highest round anybody came to, the best first; among
    /// equals the simpler.
    pub(super) fn standing(&self) -> Vec<usize> {
        let judged = |&index: &usize| self.entrants[index].answers.is_some();
        let all: Vec<usize> = (1..self.entrants.len()).filter(judged).collect();
        let top = all.iter().map(|&index| self.entrants[index].rung).max();
        let mut top: Vec<usize> = all
            .into_iter()
            .filter(|&index| Some(self.entrants[index].rung) == top)
            .collect();
        self.sort(&mut top);
        top
    }

    /// Whether the best left nothing to be desired.
    pub(super) fn is_perfect(&self) -> bool {
        let best = self.standing().first().copied();
        let value = best.and_then(|index| self.entrants[index].contender.value);
        let perfect = if self.goal.higher_is_better() {
            1.0
        } else {
            0.0
        };
        value.is_some_and(|value| !self.goal.better(perfect, value))
    }

    /// Units to fit the best of each family on all rows: about what an ensemble takes.
    pub(super) fn finishing_all(&self) -> f64 {
        let mut families: Vec<&str> = Vec::new();
        let mut all = 0.0;
        for index in self.standing() {
            let name = self.entrants[index].contender.algorithm.as_str();
            if families.len() < MOST_MEMBERS && !families.contains(&name) {
                families.push(name);
                all += self.finishing(index);
            }
        }
        all
    }

    /// Why the memory does not suffice to fit somebody on all rows, where that is so.
    pub(super) fn too_large(&self, index: usize) -> Option<String> {
        let entrant = &self.entrants[index];
        let needed = entrant.algorithm.cost(entrant.shape, &entrant.params).bytes;
        let allowed = self.context.memory_budget;
        (needed > allowed).then(|| {
            let (needed, allowed) = (bytes(needed), bytes(allowed));
            format!("left out: it would take about {needed} of memory, and {allowed} are allowed; use fewer rows")
        })
    }

    /// The settings of an entrant, defaults included.
    pub(super) fn settings(&self, index: usize) -> &Map<String, Value> {
        self.entrants[index].params.values()
    }

    /// How badly an entrant did.
    pub(super) fn loss(&self, index: usize) -> f64 {
        let value = self.entrants[index].contender.value;
        value.map_or(f64::INFINITY, |value| self.goal.loss(value))
    }

    /// Puts the best first; among equals the simpler, then the earlier.
    pub(super) fn sort(&self, indices: &mut [usize]) {
        indices.sort_by(|&one, &other| self.compare(one, other));
    }

    fn compare(&self, one: usize, other: usize) -> Ordering {
        let rank = |index: usize| portfolio::rank(&self.entrants[index].contender.algorithm);
        self.loss(one)
            .total_cmp(&self.loss(other))
            .then_with(|| rank(one).cmp(&rank(other)))
            .then_with(|| one.cmp(&other))
    }
}
