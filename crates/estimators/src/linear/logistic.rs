//! Logistic regression of two classes and of many. All solvers minimise the same `objective`, which is scikit-learn's:
//! C · Σ loss + penalty, the intercept free. Few columns and two classes go to `newton`, absolute-value penalties to
//! `proximal`, the rest to `quasi_newton`.

use super::fitted::{FittedLinear, Link, levels, means};
use super::newton;
use super::objective::{Settings, Solution, Terms};
use super::weights::row_weights;
use super::{proximal, quasi_newton};
use crate::algorithm::cost::{Cost, Shape};
use crate::algorithm::{
    Algorithm, AlgorithmSpec, CLASS_WEIGHT, Fitted, Needs, ParamKind, ParamSpec, Params, Task,
};
use crate::{FitContext, FitError, State, StateError, Target, TrainingData};

const PARAM: ParamSpec = ParamSpec {
    tasks: Task::CLASSIFICATION,
    source: "scikit-learn LogisticRegression",
    ..ParamSpec::PLAIN
};
/// Columns up to which Newton steps are made.
pub(super) const NEWTON_COLUMNS: usize = 400;

static SPEC: AlgorithmSpec = AlgorithmSpec {
    name: "logistic_regression",
    title: "Logistic regression",
    doc: "Adds up a fixed amount for each column and turns the sum into a probability. Quick, steady and easy to explain.",
    tasks: Task::CLASSIFICATION,
    needs: Needs {
        scaling: true,
        imputation: true,
    },
    params: &[
        ParamSpec {
            name: "C",
            kinds: &[ParamKind::above(0.0, 1e12)],
            default: "1.0",
            log_scale: true,
            doc: "How closely to follow the data; smaller holds large coefficients back.",
            ..PARAM
        },
        ParamSpec {
            name: "penalty",
            kinds: &[
                ParamKind::Choice(&["l2", "l1", "elasticnet", "none"]),
                ParamKind::Null("none"),
            ],
            default: "\"l2\"",
            doc: "How large coefficients are held back: l2 shrinks all, l1 drops some, elasticnet does both.",
            ..PARAM
        },
        ParamSpec {
            name: "l1_ratio",
            kinds: &[
                ParamKind::number(0.0, 1.0),
                ParamKind::Null("0.5 with elasticnet"),
            ],
            doc: "Share of l1 in the elasticnet penalty.",
            ..PARAM
        },
        ParamSpec {
            name: "solver",
            kinds: &[ParamKind::Choice(&[
                "auto",
                "lbfgs",
                "liblinear",
                "newton-cg",
                "newton-cholesky",
                "sag",
                "saga",
            ])],
            default: "\"auto\"",
            doc: "Accepted for compatibility; the quickest solver for the penalty and size is chosen, and all reach the same optimum.",
            ..PARAM
        },
        ParamSpec {
            name: "max_iter",
            kinds: &[ParamKind::integer(1, 1_000_000)],
            default: "100",
            log_scale: true,
            doc: "Most steps of the solver.",
            ..PARAM
        },
        ParamSpec {
            name: "tol",
            kinds: &[ParamKind::above(0.0, 1.0)],
            default: "0.0001",
            log_scale: true,
            doc: "When the solver has come to rest: the steepest slope of the mean loss.",
            ..PARAM
        },
        ParamSpec {
            name: "fit_intercept",
            kinds: &[ParamKind::Boolean],
            default: "true",
            doc: "Whether to add a constant.",
            ..PARAM
        },
        CLASS_WEIGHT,
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
        let weights = row_weights(params, data.target, data.weights);
        let terms = Terms {
            features: data.features,
            classes: indices,
            weights: weights.as_deref(),
            outputs: if *classes == 2 { 1 } else { *classes },
            settings: Settings::new(params),
        };
        let Solution {
            coefficients,
            iterations,
        } = if terms.settings.absolute() {
            proximal::solve(&terms, context)?
        } else if terms.outputs == 1 && data.features.encoded_width() <= NEWTON_COLUMNS {
            newton::solve(&terms, context)?
        } else {
            quasi_newton::solve(&terms, context)?
        };
        if coefficients.iter().any(|value| !value.is_finite()) {
            return Err(FitError::Data("the solver did not come to rest; scale the columns, or set C lower (for instance 0.1)".to_owned()));
        }
        (context.progress)(1.0);
        let link = if terms.outputs == 1 {
            Link::Logistic
        } else {
            Link::Softmax
        };
        Ok(Box::new(FittedLinear {
            link,
            outputs: terms.outputs,
            levels: levels(data.features),
            coefficients,
            means: Some(means(data.features)),
            iterations,
        }))
    }

    fn cost(&self, shape: Shape, params: &Params) -> Cost {
        super::costs::logistic_regression(shape, params)
    }

    fn load(&self, state: &State) -> Result<Box<dyn Fitted>, StateError> {
        FittedLinear::load(state, Link::Logistic)
    }
}
