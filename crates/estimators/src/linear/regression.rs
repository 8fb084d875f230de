//! Least squares: ordinary, ridge, and elastic net.
//!
//! Up to a few thousand columns the normal equations are solved (centred and scaled, in f64), made in one pass over the
//! columns as they are: centred about right on the way, and exactly afterwards. Beyond, conjugate gradients. Columns that
//! depend on each other get the solution of least norm, as scikit-learn's does, by solving with a tiny ridge and then
//! refining until the ridge no longer shows; the ridge says whose norm that is.

use super::coordinate::Quadratic;
use super::design::{Design, Rows};
use super::fitted::{FittedLinear, Link, levels, means};
use super::gram::Gram;
use super::lbfgs::dot;
use crate::algorithm::cost::{Cost, Shape};
use crate::algorithm::{
    Algorithm, AlgorithmSpec, Fitted, Needs, ParamKind, ParamSpec, Params, Task,
};
use crate::kernels::cholesky::Cholesky;
use crate::{FitContext, FitError, State, StateError, Target, TrainingData};

/// Columns up to which the normal equations are written out.
pub(super) const DIRECT_COLUMNS: usize = 6_000;
/// The ridge that keeps dependent columns solvable, relative to the diagonal.
const JITTER: f64 = 1e-9;
const REFINEMENTS: usize = 8;
/// How much less, or more, than a 0/1 column a number may count in the norm: the ridge has to be seen beside rounding.
const LIGHTEST: f64 = 1e-3;
const HEAVIEST: f64 = 1e3;

const PARAM: ParamSpec = ParamSpec {
    tasks: Task::REGRESSION,
    source: "scikit-learn ElasticNet",
    ..ParamSpec::PLAIN
};

static SPEC: AlgorithmSpec = AlgorithmSpec {
    name: "linear_regression",
    title: "Linear regression",
    doc: "Adds up a fixed amount for each column. Quick and easy to explain; good when effects are straight lines.",
    tasks: Task::REGRESSION,
    needs: Needs {
        scaling: false,
        imputation: true,
    },
    params: &[
        ParamSpec {
            name: "fit_intercept",
            kinds: &[ParamKind::Boolean],
            default: "true",
            doc: "Whether to add a constant.",
            source: "scikit-learn LinearRegression",
            ..PARAM
        },
        ParamSpec {
            name: "alpha",
            kinds: &[ParamKind::number(0.0, 1e12)],
            default: "0.0",
            log_scale: true,
            doc: "How strongly large coefficients are held back; 0 is ordinary least squares. With l1_ratio 0 on the scale of Ridge, else of ElasticNet.",
            source: "scikit-learn Ridge and ElasticNet",
            ..PARAM
        },
        ParamSpec {
            name: "l1_ratio",
            kinds: &[ParamKind::number(0.0, 1.0)],
            default: "0.0",
            doc: "Share of the penalty that pushes coefficients to exactly 0 (0 is ridge, 1 is the lasso); only with alpha above 0.",
            ..PARAM
        },
        ParamSpec {
            name: "max_iter",
            kinds: &[ParamKind::integer(1, 1_000_000)],
            default: "1000",
            log_scale: true,
            doc: "Most sweeps of the elastic net.",
            ..PARAM
        },
        ParamSpec {
            name: "tol",
            kinds: &[ParamKind::above(0.0, 1.0)],
            default: "0.0001",
            log_scale: true,
            doc: "When the elastic net has come to rest.",
            ..PARAM
        },
    ],
};

/// The algorithm.
pub(crate) struct LinearRegression;

impl Algorithm for LinearRegression {
    fn spec(&self) -> &'static AlgorithmSpec {
        &SPEC
    }

    fn fit(
        &self,
        params: &Params,
        data: TrainingData<'_>,
        context: &FitContext<'_>,
    ) -> Result<Box<dyn Fitted>, FitError> {
        let Target::Values(values) = data.target else {
            return Err(FitError::Data(
                "linear regression predicts numbers; use logistic_regression for classes"
                    .to_owned(),
            ));
        };
        if values.is_empty() || data.features.columns().is_empty() {
            return Err(FitError::empty());
        }
        context.check()?;
        let mut problem = Problem::new(params, data, values);
        let (standard, iterations) = match (problem.alpha > 0.0, problem.l1_ratio > 0.0) {
            (true, true) => problem.elastic_net(params, context)?,
            _ if problem.design.width > DIRECT_COLUMNS => problem.conjugate_gradients(context)?,
            _ => (problem.normal_equations(context)?, 1),
        };
        let mut coefficients = problem.design.original(&standard);
        if let Some(intercept) = coefficients.last_mut() {
            *intercept += if problem.intercept {
                problem.centre
            } else {
                0.0
            };
        }
        if coefficients.iter().any(|value| !value.is_finite()) {
            return Err(FitError::Data(
                "the numbers are too large or too small to add up; scale the columns or the target"
                    .to_owned(),
            ));
        }
        (context.progress)(1.0);
        Ok(Box::new(FittedLinear {
            link: Link::Identity,
            outputs: 1,
            levels: levels(data.features),
            coefficients,
            means: Some(means(data.features)),
            iterations,
        }))
    }

    fn cost(&self, shape: Shape, params: &Params) -> Cost {
        super::costs::linear_regression(shape, params)
    }

    fn load(&self, state: &State) -> Result<Box<dyn Fitted>, StateError> {
        FittedLinear::load(state, Link::Identity)
    }
}

struct Problem<'a> {
    data: TrainingData<'a>,
    design: Design<'a, f64>,
    /// The target without its mean.
    centred: Vec<f64>,
    centre: f64,
    weights: Option<&'a [f64]>,
    intercept: bool,
    alpha: f64,
    l1_ratio: f64,
}

impl<'a> Problem<'a> {
    fn new(params: &Params, data: TrainingData<'a>, values: &[f64]) -> Self {
        let intercept = params.flag("fit_intercept");
        let count = values.len() as f64;
        let centre = if intercept {
            values.iter().map(|value| value / count).sum()
        } else {
            0.0
        };
        Self {
            data,
            design: Design::read(data.features, intercept),
            centred: values.iter().map(|value| value - centre).collect(),
            centre,
            weights: data.weights,
            intercept,
            alpha: params.number("alpha").unwrap_or(0.0),
            l1_ratio: params.number("l1_ratio").unwrap_or(0.0),
        }
    }

    /// Second moments of the columns and the target, centred and scaled.
    fn gram(&mut self) -> Gram {
        let mut gram = self.design.gram(self.weights, Some(&self.centred));
        if !self.design.standardise(&mut gram, self.intercept) {
            // Gaps, or numbers far from those that were looked at first.
            self.design = Design::new(self.data.features, self.intercept);
            gram = self.design.gram(self.weights, Some(&self.centred));
        }
        gram
    }

    /// The ridge in units of the scaled columns: people mean the columns as they are. The intercept has none.
    fn ridge(&self) -> Vec<f64> {
        let mut ridge = vec![self.alpha; self.design.width + 1];
        for (&column, (_, scale)) in self.design.numeric.iter().zip(&self.design.moments) {
            ridge[column] /= scale * scale;
        }
        ridge[self.design.width] = 0.0;
        ridge
    }

    /// What each coefficient counts in the norm that dependent columns leave open, at most 1: that of the coefficients in
    /// the columns' own units, as near as rounding allows, and nothing for the constant.
    fn norm(&self) -> Vec<f64> {
        let mut norm = vec![1.0; self.design.width + 1];
        for (&column, (_, scale)) in self.design.numeric.iter().zip(&self.design.moments) {
            norm[column] = (scale * scale).recip().clamp(LIGHTEST, HEAVIEST);
        }
        let heaviest = norm.iter().copied().fold(1.0, f64::max);
        norm.iter_mut().for_each(|weight| *weight /= heaviest);
        if self.intercept {
            norm[self.design.width] = 0.0;
        }
        norm
    }

    fn normal_equations(&mut self, context: &FitContext<'_>) -> Result<Vec<f64>, FitError> {
        let size = self.design.width + 1;
        let needed = size * size * 24;
        context.allow(needed)?;
        let Gram {
            matrix: mut gram,
            mut right,
        } = self.gram();
        if !self.intercept {
            // Without an intercept the column of ones must not help.
            for index in 0..size {
                gram[index * size + size - 1] = 0.0;
                gram[(size - 1) * size + index] = 0.0;
            }
            gram[size * size - 1] = 1.0;
            right[size - 1] = 0.0;
        }
        for (index, ridge) in self.ridge().into_iter().enumerate() {
            gram[index * size + index] += ridge;
        }
        context.check()?;
        solve(&gram, &right, &self.norm()).ok_or_else(|| FitError::Data("the columns are too alike to tell their effects apart; set alpha above 0 (for instance 1.0)".to_owned()))
    }

    fn elastic_net(
        &mut self,
        params: &Params,
        context: &FitContext<'_>,
    ) -> Result<(Vec<f64>, usize), FitError> {
        let size = self.design.width + 1;
        let needed = size * size * 16;
        if needed > context.memory_budget || size > 20_000 {
            return Err(FitError::Memory {
                needed,
                budget: context.memory_budget.min(20_000 * 20_000 * 16),
            });
        }
        let Gram {
            matrix: gram,
            right,
        } = self.gram();
        let rows = gram[size * size - 1].max(1.0);
        let (mut l1, mut l2) = (
            vec![self.alpha * self.l1_ratio; size],
            vec![self.alpha * (1.0 - self.l1_ratio); size],
        );
        for (&column, (_, scale)) in self.design.numeric.iter().zip(&self.design.moments) {
            l1[column] /= scale;
            l2[column] /= scale * scale;
        }
        (l1[size - 1], l2[size - 1]) = (0.0, 0.0);
        let mut matrix = gram;
        if !self.intercept {
            (0..size).for_each(|index| matrix[index * size + size - 1] = 0.0);
            (0..size).for_each(|index| matrix[(size - 1) * size + index] = 0.0);
        }
        let gradient: Vec<f64> = right.iter().map(|value| -value / rows).collect();
        let mut point = vec![0.0; size];
        let sweeps = params.integer("max_iter").unwrap_or(1000);
        let tolerance = params.number("tol").unwrap_or(1e-4) * 1e-2;
        Quadratic {
            matrix: &matrix,
            size,
            l1: &l1,
            l2: &l2,
            factor: 1.0 / rows,
        }
        .minimise(&mut point, &gradient, sweeps, tolerance);
        Ok((point, sweeps))
    }

    fn weigh(&self, rows: Rows<'_, f64>) {
        if let Some(weights) = self.weights {
            rows.numbers
                .iter_mut()
                .zip(&weights[rows.first..])
                .for_each(|(value, weight)| *value *= weight);
        }
    }

    /// (ZᵀZ + ridge)·w = Zᵀy without writing ZᵀZ out (Hestenes and Stiefel, 1952); from 0, so of least norm.
    fn conjugate_gradients(
        &mut self,
        context: &FitContext<'_>,
    ) -> Result<(Vec<f64>, usize), FitError> {
        const MOST: usize = 500;
        self.design = Design::new(self.data.features, self.intercept);
        let ridge = self.ridge();
        let size = self.design.width + 1;
        let mut point = vec![0.0; size];
        let nothing = vec![0.0; size];
        let (_, mut residual) = self.design.sweep(&nothing, |rows| {
            rows.numbers[..rows.count].copy_from_slice(&self.centred[rows.first..][..rows.count]);
            self.weigh(rows);
            0.0
        });
        if !self.intercept {
            residual[size - 1] = 0.0;
        }
        let mut direction = residual.clone();
        let mut norm = dot(&residual, &residual);
        let enough = norm * 1e-20;
        for iteration in 0..MOST {
            if norm <= enough {
                return Ok((point, iteration));
            }
            context.check()?;
            let (_, mut image) = self.design.sweep(&direction, |rows| {
                self.weigh(rows);
                0.0
            });
            image
                .iter_mut()
                .zip(&direction)
                .zip(&ridge)
                .for_each(|((value, own), ridge)| *value += ridge * own);
            if !self.intercept {
                image[size - 1] = 0.0;
            }
            let step = norm / dot(&direction, &image).max(f64::MIN_POSITIVE);
            point
                .iter_mut()
                .zip(&direction)
                .for_each(|(value, own)| *value += step * own);
            residual
                .iter_mut()
                .zip(&image)
                .for_each(|(value, own)| *value -= step * own);
            let next = dot(&residual, &residual);
            let share = next / norm;
            direction
                .iter_mut()
                .zip(&residual)
                .for_each(|(own, value)| *own = value + share * *own);
            norm = next;
        }
        Ok((point, MOST))
    }
}

/// Solves a symmetric system that may be singular; of its solutions the one whose squares, each times its `norm`, add up to
/// least.
///
/// What a ridge leaves out of the range of the matrix is at right angles, in that norm, to what the matrix maps to nothing;
/// refining from zero adds nothing else.
fn solve(matrix: &[f64], right: &[f64], norm: &[f64]) -> Option<Vec<f64>> {
    let size = norm.len();
    let largest = (0..size)
        .map(|index| matrix[index * size + index])
        .fold(0.0, f64::max);
    if largest <= 0.0 || !largest.is_finite() {
        return (largest == 0.0).then(|| vec![0.0; size]);
    }
    let mut jitter = JITTER * largest;
    let factored = loop {
        let mut jittered = matrix.to_vec();
        (0..size).for_each(|index| jittered[index * size + index] += jitter * norm[index]);
        match Cholesky::new(jittered, size) {
            Some(factored) => break factored,
            None if jitter > 1e-3 * largest => return None,
            None => jitter *= 100.0,
        }
    };
    let mut point = right.to_vec();
    factored.solve(&mut point);
    // Each round takes the jitter's part of the error out of the directions that the data decide.
    for _ in 0..REFINEMENTS {
        let mut residual: Vec<f64> = (0..size)
            .map(|row| right[row] - dot(&matrix[row * size..(row + 1) * size], &point))
            .collect();
        factored.solve(&mut residual);
        point
            .iter_mut()
            .zip(&residual)
            .for_each(|(value, change)| *value += change);
        if dot(&residual, &residual) <= 1e-26 * dot(&point, &point) {
            break;
        }
    }
    Some(point)
}
