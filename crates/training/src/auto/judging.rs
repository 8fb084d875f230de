//! How one entrant is judged: fitted on the rows of a round, asked about the rows held back.

use super::field::{Entrant, Field};
use super::ground::Rung;
use crate::error::TrainError;
use crate::progress::{ContenderStatus, TrainContext};
use crate::search::pruning::falls_behind;
use crate::validation::PreparedFolds;
use trainyard_estimators::{Algorithm, Interruption, Prediction};

/// Progress that choosing takes up, of 100 steps.
const CHOOSING_STEPS: f64 = 85.0;

/// What became of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It has a value, or a reason why not.
    Judged,
    /// The budget ends here.
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
        let work = self.work(index, share);
        // Without anybody there would be no model at all.
        let must = index == 0 || index == 1 && self.entrants[1].answers.is_none();
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
        let Entrant {
            algorithm,
            contender,
            ..
        } = &self.entrants[index];
        let (algorithm, params) = (*algorithm, contender.params.clone());
        if self.losses.0 != rung.number {
            self.losses = (rung.number, Vec::new());
        }
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
        algorithm: &'static dyn Algorithm,
        rung: &Rung,
        context: &TrainContext<'_>,
    ) -> Result<&PreparedFolds<'a, 'b>, TrainError> {
        let name = algorithm.spec().name;
        let fits = self
            .kept
            .as_ref()
            .is_some_and(|(number, kept, _)| (*number, *kept) == (rung.number, name));
        if !fits {
            // The old ones make room first.
            self.kept = None;
            let folds = PreparedFolds::of(self.prepared, algorithm, rung.splits.clone(), context)?;
            self.kept = Some((rung.number, name, folds));
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
}
