//! How one entrant is judged: fitted on the rows of a round, asked about the rows held back.

use super::field::{Entrant, Field, Kept};
use super::ground::Rung;
use crate::error::TrainError;
use crate::progress::{ContenderStatus, TrainContext};
use crate::search::pruning::falls_behind;
use crate::validation::PreparedFolds;
use std::collections::BTreeMap;
use trainyard_estimators::{Algorithm, Interruption, Prediction};

/// Progress that choosing takes up, of 100 steps.
const CHOOSING_STEPS: f64 = 85.0;

/// Memory that prepared rows of several algorithms may take together.
const MOST_KEPT: usize = 256 << 20;

/// What became of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It has a value, or a reason why not.
    Judged,
    /// The budget ends here.
    OutOfBudget,
}

/// What one said.
pub(super) enum Said {
    /// The answers to all judged rows.
    Answers(Prediction),
    /// Nothing, and its line says why.
    Nothing,
    /// Nothing: the budget ended first.
    OutOfBudget,
}

impl<'a, 'b> Field<'a, 'b> {
    /// Fits and judges one entrant in a round. With `pruning` it is given up where it falls behind others on the first
    /// splits. The baseline and the first of the others are judged whatever the budget.
    pub(super) fn judge(
        &mut self,
        index: usize,
        rung: &Rung,
        share: f64,
        pruning: bool,
    ) -> Result<Outcome, TrainError> {
        match self.ask(index, rung, share, pruning)? {
            Said::Answers(answers) => {
                let status = self.note(index, rung, answers);
                self.show(index, status);
                Ok(Outcome::Judged)
            }
            Said::Nothing => Ok(Outcome::Judged),
            Said::OutOfBudget => Ok(Outcome::OutOfBudget),
        }
    }

    /// Fits one entrant on the splits of a round and asks it about the rows held back.
    pub(super) fn ask(
        &mut self,
        index: usize,
        rung: &Rung,
        share: f64,
        pruning: bool,
    ) -> Result<Said, TrainError> {
        let work = self.work(index, share);
        // Without anybody there would be no model at all.
        let must = index == 0 || index == 1 && self.entrants[1].answers.is_none();
        if !must && !self.purse.affords(work) {
            return Ok(Said::OutOfBudget);
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
        let entrant = &mut self.entrants[index];
        entrant.contender.fit_seconds += (self.context.clock)() - begun;
        match answered {
            Ok(Some(answers)) => Ok(Said::Answers(answers)),
            Ok(None) => {
                self.show(index, ContenderStatus::Done);
                Ok(Said::Nothing)
            }
            Err(TrainError::Interrupted(Interruption::OutOfBudget))
                if (self.context.interruption)().is_none() =>
            {
                self.out_of_time(index);
                Ok(Said::OutOfBudget)
            }
            Err(TrainError::Interrupted(reason)) => Err(TrainError::Interrupted(reason)),
            Err(error) => {
                entrant.contender.error = Some(error.detail());
                entrant.answers = None;
                self.show(index, ContenderStatus::Failed);
                Ok(Said::Nothing)
            }
        }
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
        let Entrant {
            algorithm,
            contender,
            ..
        } = &self.entrants[index];
        let (algorithm, params) = (*algorithm, contender.params.clone());
        if self.losses.0 != rung.number {
            self.losses = (rung.number, BTreeMap::new());
        }
        let family = algorithm.spec().name;
        let splits = rung.splits.len();
        let (mut answers, mut losses) = (Vec::with_capacity(splits), Vec::with_capacity(splits));
        for split in 0..splits {
            self.purse.charge(work / splits as f64);
            let prepared = self.prepared;
            let fitting = context.fitting(prepared.spec.seed, &|_| {});
            let folds = self.folds(algorithm, rung, context)?;
            let answer = folds.fit_and_predict(split, &params, &fitting)?;
            let target = prepared.train_target.take(&rung.splits[split].1);
            if let Some(value) = self.goal.value(&target, &answer) {
                losses.push(self.goal.loss(value));
            }
            answers.push(answer);
            let done = (CHOOSING_STEPS * self.purse.share()) as u32;
            self.account
                .change(|progress| progress.done = progress.done.max(done));
            let earlier = self.losses.1.entry(family).or_default();
            if pruning && split + 1 < splits && falls_behind(&losses, earlier) {
                earlier.push(losses);
                self.entrants[index].contender.error = Some(format!(
                    "given up after {} of {splits} parts: others did better on them",
                    split + 1
                ));
                return Ok(None);
            }
        }
        if losses.len() == splits {
            self.losses.1.entry(family).or_default().push(losses);
        }
        Ok(Some(Prediction::concat(answers)))
    }

    /// Prepared rows of a round for an algorithm.
    fn folds(
        &mut self,
        algorithm: &'static dyn Algorithm,
        rung: &Rung,
        context: &TrainContext<'_>,
    ) -> Result<&PreparedFolds<'a, 'b>, TrainError> {
        let name = algorithm.spec().name;
        // The old ones make room first.
        self.kept.retain(|(number, ..)| *number == rung.number);
        let known = self.kept.iter().position(|(_, kept, _)| *kept == name);
        let (number, name, folds) = match known {
            Some(place) => self.kept.remove(place),
            None => {
                let most = MOST_KEPT.min(context.memory_budget / 2);
                let bytes =
                    |kept: &[Kept<'_, '_>]| kept.iter().map(|(.., one)| one.bytes()).sum::<usize>();
                // They are all about as large.
                let next = self.kept.last().map_or(0, |(.., last)| last.bytes());
                while !self.kept.is_empty() && bytes(&self.kept) + next > most {
                    self.kept.remove(0);
                }
                let folds =
                    PreparedFolds::of(self.prepared, algorithm, rung.splits.clone(), context)?;
                (rung.number, name, folds)
            }
        };
        self.kept.push((number, name, folds));
        match self.kept.last() {
            Some((.., folds)) => Ok(folds),
            None => Err(TrainError::Internal("prepared rows were lost".to_owned())),
        }
    }

    /// Writes down what an entrant is worth.
    fn note(&mut self, index: usize, rung: &Rung, answers: Prediction) -> ContenderStatus {
        let entrant = &mut self.entrants[index];
        entrant.contender.rows = Some(rung.rows());
        self.value(index, rung.number, answers)
    }

    /// Takes the answers to all judged rows down as those of a round.
    pub(super) fn value(
        &mut self,
        index: usize,
        number: u32,
        answers: Prediction,
    ) -> ContenderStatus {
        let value = self.goal.value(&self.ground.target, &answers);
        let value = value.filter(|value| value.is_finite());
        let entrant = &mut self.entrants[index];
        entrant.contender.value = value;
        entrant.contender.rung = Some(number);
        entrant.rung = number;
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
}
