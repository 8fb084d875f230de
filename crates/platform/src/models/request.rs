//! What a training is asked for, as doors take it: everything optional but the target, with the defaults of
//! [`TrainSpec`].

use serde_json::{Map, Value};
use trainyard_estimators::preparation::PictureOptions;
use trainyard_training::spec::AUTO;
use trainyard_training::{Budget, Effort, SearchSpec, SplitSpec, TaskChoice, TrainSpec};

/// The fields of a request.
#[derive(Clone, Debug, Default)]
pub struct TrainRequest {
    /// The column to predict.
    pub target: String,
    /// `auto`, `classification` or `regression`.
    pub task: Option<TaskChoice>,
    /// An algorithm's name, or `auto`.
    pub algorithm: Option<String>,
    /// How long `auto` looks.
    pub effort: Option<Effort>,
    /// What `auto` may spend instead.
    pub budget: Option<Budget>,
    /// What decides among contenders.
    pub metric: Option<String>,
    /// The class that counts as positive.
    pub positive_class: Option<String>,
    /// Hyperparameters.
    pub params: Option<Map<String, Value>>,
    /// The columns to learn from.
    pub features: Option<Vec<String>>,
    /// How the columns make pictures.
    pub pictures: Option<PictureOptions>,
    /// The share of rows held out.
    pub test_size: Option<f64>,
    /// How rows are divided.
    pub split: Option<SplitSpec>,
    /// The column that says how much each row counts.
    pub weights: Option<String>,
    /// A search for better parameters.
    pub search: Option<SearchSpec>,
    /// Folds of a cross-validation.
    pub folds: Option<usize>,
    /// The seed.
    pub seed: Option<u64>,
}

impl From<TrainRequest> for TrainSpec {
    fn from(request: TrainRequest) -> Self {
        let algorithm = request.algorithm.unwrap_or_else(|| AUTO.to_owned());
        let mut spec = Self::new(request.target, algorithm);
        spec.task = request.task.unwrap_or(spec.task);
        spec.effort = request.effort.unwrap_or(spec.effort);
        spec.budget = request.budget;
        spec.metric = request.metric;
        spec.positive_class = request.positive_class;
        spec.params = request.params.unwrap_or_default();
        spec.features = request.features;
        spec.pictures = request.pictures;
        spec.test_size = request.test_size.unwrap_or(spec.test_size);
        spec.split = request.split.unwrap_or_default();
        spec.weights = request.weights;
        spec.search = request.search;
        spec.folds = request.folds.unwrap_or(spec.folds);
        spec.seed = request.seed.unwrap_or(spec.seed);
        spec
    }
}
