//! One declaration for everything that can be learned: names, tasks, parameters, and who fits them.
//!
//! Forms, validation, the API reference and search spaces derive from [`ALGORITHMS`]. A new algorithm is one folder
//! and one line here; the conformance suite picks it up by itself.

pub mod cost;
mod params;

pub use cost::{Cost, Shape};
pub(crate) use params::CLASS_WEIGHT;
pub use params::{ParamKind, ParamSpec, Params};

use crate::diagram::TreeSet;
use crate::explain::Contributions;
use crate::{Features, FitContext, FitError, Prediction, State, StateError, TrainingData};
use serde::{Deserialize, Serialize};

/// What kind of answer is learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// One of a few classes.
    Classification,
    /// A number.
    Regression,
}

impl Task {
    pub(crate) const BOTH: &'static [Self] = &[Self::Classification, Self::Regression];
    pub(crate) const CLASSIFICATION: &'static [Self] = &[Self::Classification];
    pub(crate) const REGRESSION: &'static [Self] = &[Self::Regression];
}

/// What the preparation must do for an algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// Numeric features are centred and scaled to unit variance.
    pub scaling: bool,
    /// Missing numbers are imputed (otherwise they stay `NaN`) and missing categories become a level of their own
    /// (otherwise they stay [`MISSING_CODE`](crate::features::MISSING_CODE)).
    pub imputation: bool,
}

/// The public face of an algorithm.
#[derive(Debug)]
pub struct AlgorithmSpec {
    /// Stable name in APIs and model files, `snake_case`.
    pub name: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// One or two sentences: what it is, when to pick it.
    pub doc: &'static str,
    /// What it can learn.
    pub tasks: &'static [Task],
    /// What the preparation must do.
    pub needs: Needs,
    /// Every parameter, in the order a form shows them.
    pub params: &'static [ParamSpec],
}

/// Something that learns.
pub trait Algorithm: Send + Sync {
    /// The declaration.
    fn spec(&self) -> &'static AlgorithmSpec;

    /// Learns from the data. Parameters are already checked against the spec; relations between them and to the
    /// data are checked here. The result depends on nothing but the arguments (and never on the thread count).
    fn fit(
        &self,
        params: &Params,
        data: TrainingData<'_>,
        context: &FitContext<'_>,
    ) -> Result<Box<dyn Fitted>, FitError>;

    /// What a fit of this size with these parameters will take, told before anything is read.
    fn cost(&self, shape: Shape, params: &Params) -> Cost;

    /// Reads back what [`Fitted::save`] wrote. Hostile input: every length and index is checked.
    fn load(&self, state: &State) -> Result<Box<dyn Fitted>, StateError>;
}

/// Something that has learned. Columns of `features` must be those of the fit, in order.
pub trait Fitted: Send + Sync {
    /// One answer a row.
    fn predict(&self, features: &Features) -> Prediction;

    /// How much each feature moves each answer, where the algorithm can tell exactly; `None` where it cannot (others are
    /// explained by [`explain::contributions`](crate::explain::contributions), which asks about mixtures of rows), or when
    /// the model comes from a file that does not hold what is needed.
    fn contributions(&self, _features: &Features) -> Option<Contributions> {
        None
    }

    /// The trees, of algorithms that grow them.
    fn trees(&self) -> Option<TreeSet<'_>> {
        None
    }

    /// All learned values.
    fn save(&self) -> State;
}

/// Every algorithm, in the order people see them: the baseline first.
pub static ALGORITHMS: &[&dyn Algorithm] = &[
    &crate::baseline::Dummy,
    &crate::linear::regression::LinearRegression,
    &crate::linear::logistic::LogisticRegression,
    &crate::neighbors::knn::NearestNeighbors,
    &crate::tree::decision_tree::DecisionTree,
    &crate::ensemble::forest::RANDOM_FOREST,
    &crate::ensemble::forest::EXTRA_TREES,
    &crate::ensemble::gradient_boosting::GradientBoosting,
    &crate::svm::machine::SupportVectorMachine,
    &crate::neural::neural_net::NeuralNet,
];

/// The algorithm of this name.
pub fn algorithm(name: &str) -> Option<&'static dyn Algorithm> {
    ALGORITHMS
        .iter()
        .copied()
        .find(|algorithm| algorithm.spec().name == name)
}
