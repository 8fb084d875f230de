//! Logistic regression of two classes and of many.
//!
//! Few columns and two classes: Newton steps. Otherwise L-BFGS, which starts from the bound of the curvature by Böhning
//! (1992) and so needs few steps. Absolute-value penalties: that same bound is minimised by coordinate descent again and
//! again. All of them minimise what scikit-learn does: C · Σ loss + penalty, the intercept free.

use super::coordinate::{Quadratic, shrink};
use super::design::Design;
use super::fitted::{FittedLinear, Link, levels};
use super::lbfgs::{dot, minimise};
use super::loss::LogLoss;
use super::weights::row_weights;
use crate::algorithm::{
    Algorithm, AlgorithmSpec, Fitted, Needs, ParamKind, ParamSpec, Params, Task,
};
use crate::kernels::cholesky::Cholesky;
use crate::{FitContext, FitError, State, StateError, Target, TrainingData};

const CLASSIFICATION: &[Task] = &[Task::Classification];
const SOURCE: &str = "scikit-learn LogisticRegression";
/// Columns up to which Newton steps are made.
const NEWTON_COLUMNS: usize = 400;
/// Columns up to which the bound of the curvature is written out.
const BOUND_COLUMNS: usize = 1_500;

const fn spec(
    name: &'static str,
    kinds: &'static [ParamKind],
    default: &'static str,
    log_scale: bool,
    doc: &'static str,
) -> ParamSpec {
    ParamSpec {
        name,
        kinds,
        default,
        log_scale,
        doc,
        tasks: CLASSIFICATION,
        source: SOURCE,
    }
}

static SPEC: AlgorithmSpec = AlgorithmSpec {
    name: "logistic_regression",
    title: "Logistic regression",
    doc: "Adds up a fixed amount for each column and turns the sum into a probability. Quick, steady and easy to explain.",
    tasks: CLASSIFICATION,
    needs: Needs {
        scaling: true,
        imputation: true,
    },
    params: &[
        spec(
            "C",
            &[ParamKind::Number {
                min: 0.0,
                max: 1e12,
                above: true,
            }],
            "1.0",
            true,
            "How closely to follow the data; smaller holds large coefficients back.",
        ),
        spec(
            "penalty",
            &[
                ParamKind::Choice(&["l2", "l1", "elasticnet", "none"]),
                ParamKind::Null("none"),
            ],
            "\"l2\"",
            false,
            "How large coefficients are held back: l2 shrinks all, l1 drops some, elasticnet does both.",
        ),
        spec(
            "l1_ratio",
            &[
                ParamKind::Number {
                    min: 0.0,
                    max: 1.0,
                    above: false,
                },
                ParamKind::Null("0.5 with elasticnet"),
            ],
            "null",
            false,
            "Share of l1 in the elasticnet penalty.",
        ),
        spec(
            "solver",
            &[ParamKind::Choice(&[
                "auto",
                "lbfgs",
                "liblinear",
                "newton-cg",
                "newton-cholesky",
                "sag",
                "saga",
            ])],
            "\"auto\"",
            false,
            "Accepted for compatibility; the quickest solver for the penalty and size is chosen, and all reach the same optimum.",
        ),
        spec(
            "max_iter",
            &[ParamKind::Integer {
                min: 1,
                max: 1_000_000,
            }],
            "100",
            true,
            "Most steps of the solver.",
        ),
        spec(
            "tol",
            &[ParamKind::Number {
                min: 0.0,
                max: 1.0,
                above: true,
            }],
            "0.0001",
            true,
            "When the solver has come to rest: the steepest slope of the mean loss.",
        ),
        spec(
            "fit_intercept",
            &[ParamKind::Boolean],
            "true",
            false,
            "Whether to add a constant.",
        ),
        spec(
            "class_weight",
            &[
                ParamKind::Choice(&["balanced"]),
                ParamKind::Null("every row counts the same"),
            ],
            "null",
            false,
            "balanced makes rare classes count as much as common ones.",
        ),
    ],
};

/// The algorithm.
pub(crate) struct LogisticRegression;

impl Algorithm for LogisticRegression {
    fn spec(&self) -> &'static AlgorithmSpec {
        &SPEC
    }

    fn fit(
        &self,
        params: &Params,
        data: TrainingData<'_>,
        context: &FitContext<'_>,
    ) -> Result<Box<dyn Fitted>, FitError> {
        let Target::Classes { indices, classes } = data.target else {
            return Err(FitError::Data(
                "logistic regression predicts classes; use linear_regression for numbers"
                    .to_owned(),
            ));
        };
        let mut present = vec![false; *classes];
        indices
            .iter()
            .for_each(|&class| present[class as usize] = true);
        if present.iter().filter(|present| **present).count() < 2
            || data.features.columns().is_empty()
        {
            return Err(FitError::Data(
                "at least two classes and one column are needed to tell classes apart".to_owned(),
            ));
        }
        let intercept = params.flag("fit_intercept");
        let design = Design::<f32>::new(data.features, intercept);
        let weights = row_weights(params, data.target, data.weights);
        let outputs = if *classes == 2 { 1 } else { *classes };
        let loss = LogLoss {
            design: &design,
            classes: indices,
            weights: weights.as_deref(),
            outputs,
        };
        let problem = Problem::new(params, loss, intercept);
        let (standard, iterations) = match (
            problem.l1 > 0.0,
            outputs == 1 && design.width <= NEWTON_COLUMNS,
        ) {
            (true, _) => problem.proximal(context)?,
            (false, true) => problem.newton(context)?,
            (false, false) => problem.quasi_newton(context)?,
        };
        let stride = design.width + 1;
        let coefficients: Vec<f64> = standard
            .chunks_exact(stride)
            .flat_map(|own| design.original(own))
            .collect();
        if coefficients.iter().any(|value| !value.is_finite()) {
            return Err(FitError::Data("the solver did not come to rest; scale the columns, or set C lower (for instance 0.1)".to_owned()));
        }
        (context.progress)(1.0);
        let link = if outputs == 1 {
            Link::Logistic
        } else {
            Link::Softmax
        };
        Ok(Box::new(FittedLinear {
            link,
            outputs,
            levels: levels(data.features),
            coefficients,
            iterations,
        }))
    }

    fn load(&self, state: &State) -> Result<Box<dyn Fitted>, StateError> {
        FittedLinear::load(state, Link::Logistic)
    }
}

/// Mean loss + ½ Σ l2·w² + Σ l1·|w|, in units of the scaled columns.
struct Problem<'a> {
    loss: LogLoss<'a>,
    intercept: bool,
    l1: f64,
    l2: f64,
    most: usize,
    tolerance: f64,
    total: f64,
}

impl<'a> Problem<'a> {
    fn new(params: &Params, loss: LogLoss<'a>, intercept: bool) -> Self {
        let total = loss.total_weight().max(f64::MIN_POSITIVE);
        let strength = 1.0 / (params.number("C").unwrap_or(1.0) * total);
        let ratio = match params.choice("penalty") {
            Some("l1") => 1.0,
            Some("elasticnet") => params.number("l1_ratio").unwrap_or(0.5),
            _ => 0.0,
        };
        let strength = if matches!(params.choice("penalty"), None | Some("none")) {
            0.0
        } else {
            strength
        };
        Self {
            loss,
            intercept,
            l1: strength * ratio,
            l2: strength * (1.0 - ratio),
            most: params.integer("max_iter").unwrap_or(100),
            tolerance: params.number("tol").unwrap_or(1e-4),
            total,
        }
    }

    fn stride(&self) -> usize {
        self.loss.design.width + 1
    }

    /// The ridge of a coefficient: columns were scaled, and people (like scikit-learn) mean the columns they gave. The
    /// preparation has scaled them already, so that these factors are close to 1.
    fn ridge(&self) -> Vec<f64> {
        let mut ridge = vec![self.l2; self.stride()];
        for (&column, (_, scale)) in self
            .loss
            .design
            .numeric
            .iter()
            .zip(&self.loss.design.moments)
        {
            ridge[column] /= scale * scale;
        }
        // Without any penalty a trace of one keeps dependent columns apart.
        let least = if self.l2 == 0.0 && self.l1 == 0.0 {
            1e-10
        } else {
            0.0
        };
        ridge.iter_mut().for_each(|value| *value = value.max(least));
        ridge[self.stride() - 1] = 0.0;
        ridge
    }

    /// Mean loss with its ridge, and the gradient.
    fn evaluate(
        &self,
        point: &[f64],
        ridge: &[f64],
        with_curvature: bool,
    ) -> (f64, Vec<f64>, Vec<f64>) {
        let evaluated = self.loss.evaluate(point, with_curvature);
        let mut value = evaluated.value / self.total;
        let mut gradient = evaluated.gradient;
        for (own, slopes) in point
            .chunks_exact(self.stride())
            .zip(gradient.chunks_exact_mut(self.stride()))
        {
            for ((slope, weight), ridge) in slopes.iter_mut().zip(own).zip(ridge) {
                *slope = *slope / self.total + ridge * weight;
                value += 0.5 * ridge * weight * weight;
            }
            if !self.intercept {
                slopes[own.len() - 1] = 0.0;
            }
        }
        (value, gradient, evaluated.curvature)
    }

    fn flat(&self, gradient: &[f64]) -> bool {
        gradient.iter().all(|slope| slope.abs() <= self.tolerance)
    }

    /// Without an intercept, the ones have no part in a matrix of curvatures.
    fn forget_ones(&self, matrix: &mut [f64]) {
        let size = self.stride();
        if !self.intercept {
            (0..size).for_each(|index| matrix[index * size + size - 1] = 0.0);
            (0..size).for_each(|index| matrix[(size - 1) * size + index] = 0.0);
        }
    }

    fn newton(&self, context: &FitContext<'_>) -> Result<(Vec<f64>, usize), FitError> {
        let (size, ridge) = (self.stride(), self.ridge());
        let mut point = vec![0.0; size];
        let (mut value, mut gradient, mut curvature) = self.evaluate(&point, &ridge, true);
        // Newton converges so fast that a tighter rest costs a step at most.
        let enough = self.tolerance * 1e-2;
        for iteration in 0..self.most {
            if gradient.iter().all(|slope| slope.abs() <= enough) {
                return Ok((point, iteration));
            }
            context.check()?;
            let mut hessian = self.loss.design.gram(Some(&curvature));
            self.forget_ones(&mut hessian);
            hessian.iter_mut().for_each(|value| *value /= self.total);
            let trace: f64 = (0..size)
                .map(|index| hessian[index * size + index])
                .sum::<f64>()
                / size as f64;
            (0..size)
                .for_each(|index| hessian[index * size + index] += ridge[index] + 1e-9 * trace);
            let Some(factored) = Cholesky::new(hessian, size) else {
                return self.quasi_newton(context);
            };
            let mut direction = gradient.clone();
            factored.solve(&mut direction);
            if !self.intercept {
                direction[size - 1] = 0.0;
            }
            let slope = -dot(&direction, &gradient);
            let mut step = 1.0;
            loop {
                let trial: Vec<f64> = point
                    .iter()
                    .zip(&direction)
                    .map(|(value, change)| value - step * change)
                    .collect();
                let (trial_value, trial_gradient, trial_curvature) =
                    self.evaluate(&trial, &ridge, true);
                if trial_value <= value + 1e-4 * step * slope + 1e-12 * value.abs() {
                    (point, gradient, curvature) = (trial, trial_gradient, trial_curvature);
                    if value - trial_value <= 1e-12 * value.abs() {
                        return Ok((point, iteration + 1));
                    }
                    value = trial_value;
                    break;
                }
                step *= 0.5;
                if step < 1e-8 {
                    return Ok((point, iteration));
                }
            }
            (context.progress)((iteration + 1) as f64 / self.most as f64);
        }
        Ok((point, self.most))
    }

    fn quasi_newton(&self, context: &FitContext<'_>) -> Result<(Vec<f64>, usize), FitError> {
        let (size, ridge) = (self.stride(), self.ridge());
        let bound = if self.loss.outputs == 1 { 0.25 } else { 0.5 };
        let factored = if size <= BOUND_COLUMNS {
            self.bound(bound, &ridge)
        } else {
            None
        };
        let diagonal = if factored.is_none() {
            self.diagonal(bound, &ridge)
        } else {
            Vec::new()
        };
        let precondition = |direction: &mut [f64]| {
            for own in direction.chunks_exact_mut(size) {
                match &factored {
                    Some(factored) => factored.solve(own),
                    None => own
                        .iter_mut()
                        .zip(&diagonal)
                        .for_each(|(value, curvature)| *value /= curvature),
                }
                if !self.intercept {
                    own[size - 1] = 0.0;
                }
            }
        };
        let evaluate = |point: &[f64]| {
            context.check()?;
            let (value, gradient, _) = self.evaluate(point, &ridge, false);
            Ok::<_, FitError>((value, gradient))
        };
        let found = minimise(
            vec![0.0; size * self.loss.outputs],
            self.most,
            evaluate,
            precondition,
            |gradient| self.flat(gradient),
        )?;
        Ok((found.point, found.iterations))
    }

    /// The factored bound of the mean loss's curvature.
    fn bound(&self, bound: f64, ridge: &[f64]) -> Option<Cholesky> {
        let size = self.stride();
        let mut matrix = self.loss.design.gram(self.loss.weights);
        self.forget_ones(&mut matrix);
        matrix
            .iter_mut()
            .for_each(|value| *value *= bound / self.total);
        let trace: f64 = (0..size)
            .map(|index| matrix[index * size + index])
            .sum::<f64>()
            / size as f64;
        (0..size).for_each(|index| matrix[index * size + index] += ridge[index] + 1e-7 * trace);
        Cholesky::new(matrix, size)
    }

    /// The bound of each coefficient alone: numbers are scaled, levels count their rows.
    fn diagonal(&self, bound: f64, ridge: &[f64]) -> Vec<f64> {
        let design = self.loss.design;
        let mut diagonal = vec![1.0; self.stride()];
        for category in &design.categories {
            let mut counts = vec![0.0; category.levels];
            for (row, &code) in category.codes.iter().enumerate() {
                if let Some(count) = counts.get_mut(code as usize) {
                    *count += self.loss.weights.map_or(1.0, |weights| weights[row]);
                }
            }
            counts
                .iter()
                .enumerate()
                .for_each(|(level, count)| diagonal[category.offset + level] = count / self.total);
        }
        diagonal
            .iter()
            .zip(ridge)
            .map(|(own, ridge)| bound * own + ridge + 1e-9)
            .collect()
    }

    /// Minimises the bound plus the absolute-value penalty again and again, from where the last round ended.
    fn proximal(&self, context: &FitContext<'_>) -> Result<(Vec<f64>, usize), FitError> {
        let (size, outputs, ridge) = (self.stride(), self.loss.outputs, self.ridge());
        let bound = if outputs == 1 { 0.25 } else { 0.5 };
        let mut l1 = vec![self.l1; size];
        for (&column, (_, scale)) in self
            .loss
            .design
            .numeric
            .iter()
            .zip(&self.loss.design.moments)
        {
            l1[column] /= scale;
        }
        l1[size - 1] = 0.0;
        let gram = (size <= BOUND_COLUMNS).then(|| {
            let mut gram = self.loss.design.gram(self.loss.weights);
            self.forget_ones(&mut gram);
            gram
        });
        let steepest = if gram.is_none() {
            self.largest_curvature(bound)
        } else {
            0.0
        };
        let most = self.most.max(100) * 5;
        let mut point = vec![0.0; size * outputs];
        let mut look = point.clone();
        let mut momentum = 1.0_f64;
        for iteration in 0..most {
            context.check()?;
            let (_, gradient, _) = self.evaluate(&look, &ridge, false);
            let mut next = look.clone();
            for (own, slopes) in next.chunks_exact_mut(size).zip(gradient.chunks_exact(size)) {
                match &gram {
                    Some(matrix) => {
                        let quadratic = Quadratic {
                            matrix,
                            size,
                            l1: &l1,
                            l2: &ridge,
                            factor: bound / self.total,
                        };
                        quadratic.minimise(own, slopes, 50, 1e-6);
                    }
                    None => {
                        for (index, value) in own.iter_mut().enumerate() {
                            let curvature = steepest + ridge[index];
                            *value =
                                shrink(*value - slopes[index] / curvature, l1[index] / curvature);
                        }
                    }
                }
                if !self.intercept {
                    own[size - 1] = 0.0;
                }
            }
            let moved = next
                .iter()
                .zip(&point)
                .map(|(after, before)| (after - before).abs())
                .fold(0.0, f64::max);
            let largest = next.iter().map(|value| value.abs()).fold(0.0, f64::max);
            if moved <= self.tolerance * 0.1 * largest.max(1e-12) {
                return Ok((next, iteration + 1));
            }
            // Nesterov's momentum (Beck and Teboulle, 2009), dropped when it points uphill.
            let uphill: f64 = look
                .iter()
                .zip(&next)
                .zip(&point)
                .map(|((look, next), old)| (look - next) * (next - old))
                .sum();
            let following = if uphill > 0.0 {
                1.0
            } else {
                f64::midpoint(1.0, (1.0 + 4.0 * momentum * momentum).sqrt())
            };
            let share = if uphill > 0.0 {
                0.0
            } else {
                (momentum - 1.0) / following
            };
            look = next
                .iter()
                .zip(&point)
                .map(|(after, before)| after + share * (after - before))
                .collect();
            (point, momentum) = (next, following);
        }
        Ok((point, most))
    }

    /// The largest eigenvalue of the bound, by powers.
    fn largest_curvature(&self, bound: f64) -> f64 {
        let size = self.stride();
        let mut direction = vec![1.0 / (size as f64).sqrt(); size];
        let mut largest = 1.0;
        for _ in 0..30 {
            let products = self.loss.design.products(&direction, 1, |first, values| {
                let weight = |row: usize| {
                    self.loss
                        .weights
                        .map_or(1.0, |weights| weights[first + row])
                };
                values
                    .iter()
                    .enumerate()
                    .map(|(row, value)| (value * weight(row)) as f32)
                    .collect::<Vec<_>>()
            });
            let image = self.loss.design.transposed_products(&products.concat(), 1);
            largest = dot(&image, &image).sqrt();
            direction = image
                .iter()
                .map(|value| value / largest.max(f64::MIN_POSITIVE))
                .collect();
        }
        1.1 * bound * largest / self.total
    }
}
