//! Everybody who takes part, and how each is judged: fitted on the rows of a round, asked about the rows held back.

use super::budget::Purse;
use super::ground::{Ground, Rung};
use super::portfolio;
use super::work::{Shape, work};
use crate::contender::{BASELINE, Contender};
use crate::error::TrainError;
use crate::goal::Goal;
use crate::progress::{Account, ContenderStatus, TrainContext};
use crate::search::pruning::falls_behind;
use crate::train::Prepared;
use crate::validation::PreparedFolds;
use serde_json::{Map, Value};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use trainyard_estimators::{Interruption, Prediction};

/// Progress that choosing takes up, of 100 steps.
const CHOOSING_STEPS: f64 = 85.0;
/// Most times that importance asks about each held-out row and column, and most of those rows.
const SHUFFLES: usize = 5;
const SHUFFLED_ROWS: usize = 5000;

/// Somebody who takes part.
pub(super) struct Entrant {
    pub(super) contender: Contender,
    /// The round it was judged in last, 0 before the first.
    pub(super) rung: u32,
    /// What it answered to the judged rows then.
    pub(super) answers: Option<Prediction>,
}

/// What became of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It has a value, or a reason why not.
    Judged,
    /// The budget ends here.
    OutOfBudget,
}

/// The entrants and all that judging them needs.
pub(super) struct Field<'a, 'b> {
    pub(super) prepared: &'a Prepared<'b>,
    pub(super) goal: &'a Goal,
    pub(super) ground: &'a Ground,
    pub(super) purse: Purse<'a>,
    /// The baseline first.
    pub(super) entrants: Vec<Entrant>,
    pub(super) account: &'a Account<'a>,
    context: &'a TrainContext<'a>,
    shapes: BTreeMap<String, Shape>,
    /// Prepared rows of the last round and algorithm: settings of one algorithm share them.
    kept: Option<(u32, String, PreparedFolds<'a, 'b>)>,
    /// Losses by split of everybody judged in the last round, for giving up early.
    losses: (u32, Vec<Vec<f64>>),
}

impl<'a, 'b> Field<'a, 'b> {
    pub(super) fn new(
        prepared: &'a Prepared<'b>,
        goal: &'a Goal,
        ground: &'a Ground,
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
            shapes: BTreeMap::new(),
            kept: None,
            losses: (0, Vec::new()),
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
        let (found, _) = self.prepared.params(algorithm, &params)?;
        if !self.shapes.contains_key(algorithm) {
            let shape = Shape::of(self.prepared, found)?;
            self.shapes.insert(algorithm.to_owned(), shape);
        }
        let contender = Contender::waiting(algorithm, params, self.goal.name());
        let line = contender.progress(ContenderStatus::Waiting);
        self.account
            .change(|progress| progress.contenders.push(line));
        self.entrants.push(Entrant {
            contender,
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
        let shuffled = prepared.test.rows().min(SHUFFLED_ROWS) * SHUFFLES * prepared.features.len();
        self.estimate(index, prepared.train.rows(), shuffled)
    }

    fn estimate(&self, index: usize, learned: usize, asked: usize) -> f64 {
        let contender = &self.entrants[index].contender;
        let shape = self.shapes.get(&contender.algorithm);
        shape.map_or(0.0, |shape| {
            let shape = shape.with_rows(learned);
            work(&contender.algorithm, &contender.params, shape, asked)
        })
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

    /// Fits and judges one entrant in a round. With `pruning` it is given up where it falls behind others on the first
    /// splits. The baseline and the first of the others are judged whatever the budget.
    pub(super) fn judge(
        &mut self,
        index: usize,
        rung: &Rung,
        share: f64,
        pruning: bool,
    ) -> Result<Outcome, TrainError> {
        let work = self.work(index, share);
        // Without anybody there would be no model at all.
        let must = index <= 1;
        if !must && !self.purse.affords(work) {
            return Ok(Outcome::OutOfBudget);
        }
        self.show(index, ContenderStatus::Running);
        let begun = (self.context.clock)();
        let limit = self.purse.interruption();
        let limited = TrainContext {
            interruption: if must {
                self.context.interruption
            } else {
                &limit
            },
            ..*self.context
        };
        let answered = self.answer(index, rung, work, pruning, &limited);
        let contender = &mut self.entrants[index].contender;
        contender.fit_seconds += (self.context.clock)() - begun;
        let status = match answered {
            Ok(Some(answers)) => self.note(index, rung, answers),
            Ok(None) => ContenderStatus::Done,
            Err(TrainError::Interrupted(Interruption::OutOfBudget))
                if (self.context.interruption)().is_none() =>
            {
                self.out_of_time(index);
                return Ok(Outcome::OutOfBudget);
            }
            Err(TrainError::Interrupted(reason)) => return Err(TrainError::Interrupted(reason)),
            Err(error) => {
                contender.error = Some(error.detail());
                self.entrants[index].answers = None;
                ContenderStatus::Failed
            }
        };
        self.show(index, status);
        Ok(Outcome::Judged)
    }

    /// The answers to all judged rows; `None` where it was given up.
    fn answer(
        &mut self,
        index: usize,
        rung: &Rung,
        work: f64,
        pruning: bool,
        context: &TrainContext<'_>,
    ) -> Result<Option<Prediction>, TrainError> {
        let (name, params) = {
            let contender = &self.entrants[index].contender;
            (contender.algorithm.clone(), contender.params.clone())
        };
        if self.losses.0 != rung.number {
            self.losses = (rung.number, Vec::new());
        }
        let splits = rung.splits.len();
        let (mut answers, mut losses) = (Vec::with_capacity(splits), Vec::with_capacity(splits));
        for split in 0..splits {
            self.purse.charge(work / splits as f64);
            let prepared = self.prepared;
            let fitting = context.fitting(prepared.spec.seed, &|_| {});
            let folds = self.folds(&name, rung, context)?;
            let answer = folds.fit_and_predict(split, &params, &fitting)?;
            let target = prepared.train_target.take(&rung.splits[split].1);
            if let Some(value) = self.goal.value(&target, &answer) {
                losses.push(self.goal.loss(value));
            }
            answers.push(answer);
            let done = (CHOOSING_STEPS * self.purse.share()) as u32;
            self.account
                .change(|progress| progress.done = progress.done.max(done));
            if pruning && split + 1 < splits && falls_behind(&losses, &self.losses.1) {
                let entrant = &mut self.entrants[index].contender;
                entrant.error = Some(format!(
                    "given up after {} of {splits} parts: others did better on them",
                    split + 1
                ));
                self.losses.1.push(losses);
                return Ok(None);
            }
        }
        if losses.len() == splits {
            self.losses.1.push(losses);
        }
        Ok(Some(Prediction::concat(answers)))
    }

    /// Prepared rows of a round for an algorithm.
    fn folds(
        &mut self,
        name: &str,
        rung: &Rung,
        context: &TrainContext<'_>,
    ) -> Result<&PreparedFolds<'a, 'b>, TrainError> {
        let fits = self
            .kept
            .as_ref()
            .is_some_and(|(number, kept, _)| (*number, kept.as_str()) == (rung.number, name));
        if !fits {
            // The old ones make room first.
            self.kept = None;
            let (algorithm, _) = self.prepared.params(name, &Map::new())?;
            let folds = PreparedFolds::of(self.prepared, algorithm, rung.splits.clone(), context)?;
            self.kept = Some((rung.number, name.to_owned(), folds));
        }
        match &self.kept {
            Some((_, _, folds)) => Ok(folds),
            None => Err(TrainError::Internal("prepared rows were lost".to_owned())),
        }
    }

    /// Writes down what an entrant is worth.
    fn note(&mut self, index: usize, rung: &Rung, answers: Prediction) -> ContenderStatus {
        let value = self.goal.value(&self.ground.target, &answers);
        let value = value.filter(|value| value.is_finite());
        let entrant = &mut self.entrants[index];
        entrant.contender.value = value;
        entrant.contender.rows = Some(rung.rows());
        entrant.contender.rung = Some(rung.number);
        entrant.rung = rung.number;
        if value.is_none() {
            entrant.contender.error = Some(format!(
                "{} is not defined on these rows; choose another metric",
                self.goal.name()
            ));
            entrant.answers = None;
            return ContenderStatus::Failed;
        }
        entrant.answers = Some(answers);
        ContenderStatus::Done
    }

    fn out_of_time(&mut self, index: usize) {
        let entrant = &mut self.entrants[index];
        if entrant.answers.is_none() {
            entrant.contender.error = Some("the time was used up before it was judged".to_owned());
        }
        let status = match self.entrants[index].answers {
            Some(_) => ContenderStatus::Done,
            None => ContenderStatus::Failed,
        };
        self.show(index, status);
    }

    fn show(&self, index: usize, status: ContenderStatus) {
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

    /// Puts the best first; among equals the simpler, then the earlier.
    pub(super) fn sort(&self, indices: &mut [usize]) {
        indices.sort_by(|&one, &other| self.compare(one, other));
    }

    fn compare(&self, one: usize, other: usize) -> Ordering {
        let loss = |index: usize| {
            let value = self.entrants[index].contender.value;
            value.map_or(f64::INFINITY, |value| self.goal.loss(value))
        };
        let rank = |index: usize| portfolio::rank(&self.entrants[index].contender.algorithm);
        loss(one)
            .total_cmp(&loss(other))
            .then_with(|| rank(one).cmp(&rank(other)))
            .then_with(|| one.cmp(&other))
    }
}
