//! What logistic regression minimises: mean loss + ½ Σ l2·w² + Σ l1·|w|, in units of the scaled columns.

use super::design::Design;
use super::loss::LogLoss;
use crate::Params;
use crate::features::Features;

/// The ridge that keeps dependent columns apart where no penalty is wanted.
const TRACE: f64 = 1e-10;

/// What people choose.
#[derive(Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) intercept: bool,
    /// 1 / C, 0 without a penalty.
    strength: f64,
    /// Share of the penalty on absolute values.
    ratio: f64,
    /// Steps at most.
    pub(crate) most: usize,
    /// The steepest slope at rest.
    pub(crate) tolerance: f64,
}

impl Settings {
    pub(crate) fn new(params: &Params) -> Self {
        let (strength, ratio) = match params.choice("penalty") {
            None | Some("none") => (0.0, 0.0),
            Some("l1") => (1.0, 1.0),
            Some("elasticnet") => (1.0, params.number("l1_ratio").unwrap_or(0.5)),
            _ => (1.0, 0.0),
        };
        Self {
            intercept: params.flag("fit_intercept"),
            strength: strength / params.number("C").unwrap_or(1.0),
            ratio,
            most: params.integer("max_iter").unwrap_or(100),
            tolerance: params.number("tol").unwrap_or(1e-4),
        }
    }

    /// Whether absolute values are held back.
    pub(crate) fn absolute(&self) -> bool {
        self.strength * self.ratio > 0.0
    }
}

/// Data and settings.
pub(crate) struct Terms<'a> {
    pub(crate) features: &'a Features,
    pub(crate) classes: &'a [u32],
    pub(crate) weights: Option<&'a [f64]>,
    /// 1 for two classes, else one a class.
    pub(crate) outputs: usize,
    pub(crate) settings: Settings,
}

impl Terms<'_> {
    /// The objective on a design of all rows.
    pub(crate) fn objective<'b>(&'b self, design: &'b Design<'b, f32>) -> Objective<'b> {
        let loss = LogLoss {
            design,
            classes: self.classes,
            weights: self.weights,
            outputs: self.outputs,
        };
        Objective::new(loss, self.settings, 1.0)
    }
}

/// Coefficients for features as they are, and how many steps it took.
pub(crate) struct Solution {
    pub(crate) coefficients: Vec<f64>,
    pub(crate) iterations: usize,
}

/// The objective on one design.
pub(crate) struct Objective<'a> {
    pub(crate) loss: LogLoss<'a>,
    pub(crate) settings: Settings,
    /// Of each coefficient of an output; 0 for the intercept.
    pub(crate) l1: Vec<f64>,
    pub(crate) ridge: Vec<f64>,
    /// Σ weight.
    pub(crate) total: f64,
}

impl<'a> Objective<'a> {
    /// `share` of the rows that the penalty is meant for are in the design.
    pub(crate) fn new(loss: LogLoss<'a>, settings: Settings, share: f64) -> Self {
        let total = loss.total_weight().max(f64::MIN_POSITIVE);
        let strength = settings.strength * share / total;
        let stride = loss.design.width + 1;
        let (mut l1, mut ridge) = (
            vec![strength * settings.ratio; stride],
            vec![strength * (1.0 - settings.ratio); stride],
        );
        // Columns were scaled, and people (like scikit-learn) mean the columns they gave. The preparation has scaled
        // them already, so that these factors are close to 1.
        for (&column, (_, scale)) in loss.design.numeric.iter().zip(&loss.design.moments) {
            l1[column] /= scale;
            ridge[column] /= scale * scale;
        }
        if strength == 0.0 {
            ridge.fill(TRACE);
        }
        (l1[stride - 1], ridge[stride - 1]) = (0.0, 0.0);
        Self {
            loss,
            settings,
            l1,
            ridge,
            total,
        }
    }

    pub(crate) fn design(&self) -> &'a Design<'a, f32> {
        self.loss.design
    }

    /// Coefficients of one output, with its intercept.
    pub(crate) fn stride(&self) -> usize {
        self.loss.design.width + 1
    }

    /// Mean loss with its ridge, and the gradient.
    pub(crate) fn evaluate(&self, point: &[f64]) -> (f64, Vec<f64>) {
        let (value, mut gradient) = self.loss.evaluate(point);
        let mut value = value / self.total;
        for (own, slopes) in point
            .chunks_exact(self.stride())
            .zip(gradient.chunks_exact_mut(self.stride()))
        {
            for ((slope, weight), ridge) in slopes.iter_mut().zip(own).zip(&self.ridge) {
                *slope = *slope / self.total + ridge * weight;
                value += 0.5 * ridge * weight * weight;
            }
            self.hold_intercept(slopes);
        }
        (value, gradient)
    }

    /// Without an intercept, one output's last number stays 0.
    pub(crate) fn hold_intercept(&self, own: &mut [f64]) {
        if let (false, Some(last)) = (self.settings.intercept, own.last_mut()) {
            *last = 0.0;
        }
    }

    /// Without an intercept, the ones have no part in a matrix of curvatures.
    pub(crate) fn forget_ones(&self, matrix: &mut [f64]) {
        let size = self.stride();
        if !self.settings.intercept {
            (0..size).for_each(|index| matrix[index * size + size - 1] = 0.0);
            (0..size).for_each(|index| matrix[(size - 1) * size + index] = 0.0);
        }
    }

    /// Coefficients for features as they are.
    pub(crate) fn solution(&self, point: &[f64], iterations: usize) -> Solution {
        Solution {
            coefficients: point
                .chunks_exact(self.stride())
                .flat_map(|own| self.design().original(own))
                .collect(),
            iterations,
        }
    }
}

/// The steepest slope.
pub(crate) fn steepest(gradient: &[f64]) -> f64 {
    gradient.iter().map(|slope| slope.abs()).fold(0.0, f64::max)
}
