//! What a training will take, told by its sizes and parameters alone, before anything is read or charged.
//!
//! Every algorithm has one formula ([`Algorithm::cost`](super::Algorithm::cost)): the terms come from what its loops do,
//! their coefficients from `examples/speed.rs` on one core of 2025's server processors. Real data may be a factor of 2
//! quicker or slower, a support vector machine more, since its steps depend on how hard the classes are to tell apart.
//! Estimates never fall when rows, columns or classes grow.

use super::Task;
use crate::{Features, Target};

/// The sizes of what is to be learned from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Rows to learn from.
    pub rows: usize,
    /// Columns as they stand.
    pub columns: usize,
    /// Columns when each level of a category has one of its own, see
    /// [`Features::encoded_width`](crate::Features::encoded_width).
    pub width: usize,
    /// What is learned.
    pub task: Task,
    /// Number of classes; not looked at for numbers.
    pub classes: usize,
}

/// An estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// Seconds of one core for a fit.
    pub seconds: f64,
    /// Seconds of one core for each row that is answered later, among many.
    pub answer_seconds: f64,
    /// Most memory of a fit at one moment beyond the features, in bytes.
    pub bytes: usize,
    /// What of the fit is kept and grows with the rows, in bytes: nodes of trees, remembered rows.
    pub kept: usize,
}

impl Shape {
    /// Numbers only, all columns as they stand.
    pub fn of_numbers(rows: usize, columns: usize, task: Task, classes: usize) -> Self {
        Self {
            rows,
            columns,
            width: columns,
            task,
            classes,
        }
    }

    /// What is given to a fit.
    pub fn of(features: &Features, target: &Target) -> Self {
        let (task, classes) = match target {
            Target::Classes { classes, .. } => (Task::Classification, *classes),
            Target::Values(_) => (Task::Regression, 1),
        };
        Self {
            rows: features.rows(),
            columns: features.columns().len(),
            width: features.encoded_width(),
            task,
            classes,
        }
    }

    pub(crate) fn rows(&self) -> f64 {
        self.rows.max(1) as f64
    }

    pub(crate) fn columns(&self) -> f64 {
        self.columns.max(1) as f64
    }

    /// At least as many as there are columns.
    pub(crate) fn width(&self) -> f64 {
        self.width.max(self.columns).max(1) as f64
    }

    /// Numbers in an answer: one a class, or 1.
    pub(crate) fn answers(&self) -> f64 {
        match self.task {
            Task::Classification => self.classes.max(2) as f64,
            Task::Regression => 1.0,
        }
    }

    /// Functions that are learned: one a class, but two classes are told apart by one.
    pub(crate) fn outputs(&self) -> f64 {
        match self.answers() {
            2.0 => 1.0,
            answers => answers,
        }
    }
}

impl Cost {
    /// Bytes beyond what can be counted stand for as many as can.
    pub(crate) fn new(seconds: f64, answer_seconds: f64, bytes: f64) -> Self {
        Self {
            seconds,
            answer_seconds,
            bytes: bytes as usize,
            kept: 0,
        }
    }

    /// Keeping so many bytes.
    pub(crate) fn keeping(self, bytes: f64) -> Self {
        Self {
            kept: bytes as usize,
            ..self
        }
    }
}
