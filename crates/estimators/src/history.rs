//! How a fit got better step by step: the loss after each round of boosting or epoch of a network. Told once, at the end
//! of a fit, to whoever asked ([`FitContext::history`]); working it out costs a fit that nobody asks nothing.

use crate::FitContext;
use serde::{Deserialize, Serialize};

/// Points that are kept at most; with more steps, only every second, fourth, … is.
pub const MOST_POINTS: usize = 200;
/// Rows that the loss on training rows is worked out on at most, so that a round stays as quick as it was.
pub(crate) const MOST_ROWS: usize = 4096;

/// What a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryStep {
    /// One more tree, or one a class.
    Round,
    /// One more time over all training rows.
    Epoch,
}

/// What is measured; smaller is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryLoss {
    /// Mean of −ln of the probability of the true class.
    LogLoss,
    /// In the target's unit, squared.
    MeanSquaredError,
    /// In the target's unit.
    MeanAbsoluteError,
    /// The pinball loss of the quantile that is aimed at, in the target's unit.
    PinballLoss,
    /// The negative log-likelihood of counts, without what does not depend on the model.
    PoissonLoss,
}

/// The loss after a step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryPoint {
    /// After how many steps, from 1.
    pub step: usize,
    /// On rows that are learned from.
    pub training: f64,
    /// On rows held back for early stopping.
    pub validation: Option<f64>,
}

/// The losses of a fit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FitHistory {
    /// What a step is.
    pub step: HistoryStep,
    /// What is measured.
    pub loss: HistoryLoss,
    /// Steps that were taken.
    pub steps: usize,
    /// How many of them the model keeps: fewer where early stopping went back to the best.
    pub kept: usize,
    /// Rows that the training loss was worked out on: a sample where there are many.
    pub training_rows: usize,
    /// Rows held back for early stopping.
    pub validation_rows: usize,
    /// At most [`MOST_POINTS`], steps rising; the last step is always there.
    pub points: Vec<HistoryPoint>,
}

/// Writes a history down while a fit runs.
pub(crate) struct Recorder<'a> {
    told: Option<&'a (dyn Fn(FitHistory) + Sync)>,
    history: FitHistory,
    /// Every so many steps are kept.
    stride: usize,
    last: Option<HistoryPoint>,
}

impl<'a> Recorder<'a> {
    /// Begins one; `rows` are those of training and those held back.
    pub(crate) fn new(
        context: &FitContext<'a>,
        step: HistoryStep,
        loss: HistoryLoss,
        rows: (usize, usize),
    ) -> Self {
        Self {
            told: context.history,
            history: FitHistory {
                step,
                loss,
                steps: 0,
                kept: 0,
                training_rows: rows.0,
                validation_rows: rows.1,
                points: Vec::new(),
            },
            stride: 1,
            last: None,
        }
    }

    /// Whether the losses after this step are wanted.
    pub(crate) fn wants(&self, step: usize) -> bool {
        self.told.is_some() && (step - 1).is_multiple_of(self.stride)
    }

    /// The losses after a step; without them when they are no numbers that could be shown.
    pub(crate) fn note(&mut self, step: usize, training: f64, validation: Option<f64>) {
        if self.told.is_none() || !training.is_finite() {
            return;
        }
        let point = HistoryPoint {
            step,
            training,
            validation: validation.filter(|loss| loss.is_finite()),
        };
        self.last = Some(point);
        // Room is kept for the last one.
        if self.history.points.len() + 1 == MOST_POINTS {
            self.stride *= 2;
            let stride = self.stride;
            let stays = |point: &HistoryPoint| (point.step - 1).is_multiple_of(stride);
            self.history.points.retain(stays);
        }
        if self.wants(step) {
            self.history.points.push(point);
        }
    }

    /// Whether the last step's losses are still to be noted.
    pub(crate) fn lacks(&self, step: usize) -> bool {
        self.told.is_some() && self.last.is_none_or(|last| last.step != step)
    }

    /// Tells the history of a fit that took so many steps, of which the model keeps so many.
    pub(crate) fn finish(mut self, steps: usize, kept: usize) {
        let points = &mut self.history.points;
        points.extend(self.last.filter(|last| points.last() != Some(last)));
        if let Some(told) = self.told.filter(|_| !points.is_empty()) {
            (self.history.steps, self.history.kept) = (steps, kept);
            told(self.history);
        }
    }
}

/// Rows that stand for all, evenly spread.
pub(crate) fn sample(rows: &[u32]) -> Vec<u32> {
    if rows.len() <= MOST_ROWS {
        return rows.to_vec();
    }
    let place = |index: usize| index * rows.len() / MOST_ROWS;
    (0..MOST_ROWS).map(|index| rows[place(index)]).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
    use super::*;
    use std::sync::Mutex;

    #[test]
    fn long_histories_are_thinned_and_keep_their_ends() {
        for steps in [1, 2, 199, 200, 201, 1_000, 12_345] {
            let told = Mutex::new(None);
            let keep = |history| *told.lock().unwrap() = Some(history);
            let context = FitContext {
                history: Some(&keep),
                ..FitContext::silent(0)
            };
            let kind = (HistoryStep::Round, HistoryLoss::LogLoss);
            let mut recorder = Recorder::new(&context, kind.0, kind.1, (10, 0));
            for step in 1..=steps {
                if recorder.wants(step) {
                    recorder.note(step, 1.0 / step as f64, None);
                }
            }
            if recorder.lacks(steps) {
                recorder.note(steps, 1.0 / steps as f64, None);
            }
            recorder.finish(steps, steps);
            let history: FitHistory = told.into_inner().unwrap().unwrap();
            let at: Vec<usize> = history.points.iter().map(|point| point.step).collect();
            assert!(at.len() <= MOST_POINTS, "{steps}: {}", at.len());
            assert!(
                at.len() >= steps.min(MOST_POINTS / 2),
                "{steps}: {}",
                at.len()
            );
            assert_eq!((at[0], at[at.len() - 1]), (1, steps));
            assert!(at.is_sorted_by(|one, next| one < next), "{at:?}");
        }
    }
}
