//! What is asked of a training, and everything that can be found wrong with it by looking at the schema alone.

use crate::auto::budget::Budget;
use crate::error::{FieldProblem, TrainError};
use crate::search::SearchSpec;
use crate::split::SplitSpec;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use trainyard_estimators::algorithm::{ALGORITHMS, algorithm};
use trainyard_estimators::metrics::METRICS;
use trainyard_estimators::preparation::PictureOptions;
use trainyard_estimators::{Params, Task};
use trainyard_table::{Kind, PictureShape, Schema};

/// The pseudo-algorithm that picks among the families.
pub const AUTO: &str = "auto";
/// Fewest rows with a target that a training accepts.
pub const MIN_ROWS: usize = 10;
/// Allowed shares of held-out rows.
pub const TEST_SIZES: std::ops::RangeInclusive<f64> = 0.05..=0.5;
/// Metrics of the class of interest that a race may be run by; with more than two classes they are averaged.
pub const CLASS_METRICS: &[&str] = &["recall", "precision", "f1"];
/// Most folds of a cross-validation.
pub const MAX_FOLDS: usize = 20;

/// Classification, regression, or as the target suggests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskChoice {
    /// Text, yes/no, categories and whole numbers of at most ten values are classes; everything else is a number.
    #[default]
    Auto,
    /// One of a few classes.
    Classification,
    /// A number.
    Regression,
}

/// How long to look for the best contender (`auto` only).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effort {
    /// The plain setting of each usual family, and an ensemble of them where it is better.
    Quick,
    /// A few settings of every family, and some tuning of the best.
    #[default]
    Balanced,
    /// The same with a budget many times as large.
    Thorough,
}

/// Everything a training is asked to do. Two equal specs on equal data give the same model bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainSpec {
    /// The column to predict.
    pub target: String,
    /// What kind of answer.
    #[serde(default)]
    pub task: TaskChoice,
    /// An algorithm's name, or `auto`.
    pub algorithm: String,
    /// How long `auto` looks.
    #[serde(default)]
    pub effort: Effort,
    /// What `auto` may spend; what its effort allows when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<Budget>,
    /// What `auto` maximises; accuracy or RMSE when absent.
    #[serde(default)]
    pub metric: Option<String>,
    /// The class that precision, recall and F1 speak of (two classes only).
    #[serde(default)]
    pub positive_class: Option<String>,
    /// The algorithm's parameters; what is absent has its default.
    #[serde(default)]
    pub params: Map<String, Value>,
    /// The columns to learn from; all but the target when absent.
    #[serde(default)]
    pub features: Option<Vec<String>>,
    /// The columns to learn from are the pixels of pictures, row by row from the top left; none when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pictures: Option<PictureOptions>,
    /// Share of rows held out for testing.
    #[serde(default = "default_test_size")]
    pub test_size: f64,
    /// How rows are divided into training and test, and into folds.
    #[serde(default, skip_serializing_if = "SplitSpec::is_random")]
    pub split: SplitSpec,
    /// The column that says how much each row counts while learning: a number of at least 0 in every row, proportional to
    /// how often such a row occurs or to how much its errors cost. It is no feature, and scores are not weighted: each test
    /// row counts once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<String>,
    /// Look for better parameters than the given ones; `params` stay fixed meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<SearchSpec>,
    /// Folds of an additional cross-validation on the training rows; 0 for none.
    #[serde(default)]
    pub folds: usize,
    /// All randomness derives from this.
    #[serde(default = "default_seed")]
    pub seed: u64,
}

fn default_test_size() -> f64 {
    0.2
}

fn default_seed() -> u64 {
    42
}

impl TrainSpec {
    /// A spec with every default.
    pub fn new(target: impl Into<String>, algorithm: impl Into<String>) -> Self {
        Self {
            target: target.into(),
            task: TaskChoice::Auto,
            algorithm: algorithm.into(),
            effort: Effort::default(),
            budget: None,
            metric: None,
            positive_class: None,
            params: Map::new(),
            features: None,
            pictures: None,
            test_size: default_test_size(),
            split: SplitSpec::Random,
            weights: None,
            search: None,
            folds: 0,
            seed: default_seed(),
        }
    }

    /// Takes the form of a set of pictures over, when nobody said that its columns are something else: which columns, or
    /// which pictures.
    pub fn adopt_pictures(&mut self, shape: Option<PictureShape>) {
        if self.pictures.is_none() && self.features.is_none() {
            self.pictures = shape.map(PictureOptions::of);
        }
    }

    /// Every problem that the schema and the number of rows show; the data itself is judged by [`train`](crate::train()).
    pub fn check(&self, schema: &Schema, rows: usize) -> Result<(), Vec<FieldProblem>> {
        let mut problems = Vec::new();
        self.check_columns(schema, &mut problems);
        self.split.check(self, schema, &mut problems);
        self.check_weights(schema, &mut problems);
        self.check_pictures(schema, &mut problems);
        if let Some(search) = &self.search {
            problems.extend(search.problems(self, self.known_task(schema)));
        }
        self.check_algorithm(schema, &mut problems);
        self.check_metric(schema, &mut problems);
        problems.extend(Budget::problem(self));
        if self.split == SplitSpec::SklearnLegacy {
            if !(self.test_size > 0.0 && self.test_size < 1.0) {
                problems.push(FieldProblem::new(
                    "/test_size",
                    format!(
                        "{} is not allowed; hold out a share above 0 and below 1",
                        self.test_size
                    ),
                ));
            }
        } else if !TEST_SIZES.contains(&self.test_size) {
            problems.push(FieldProblem::new(
                "/test_size",
                format!(
                    "{} is not allowed; hold out between 0.05 and 0.5 of the rows",
                    self.test_size
                ),
            ));
        }
        if self.folds == 1 || self.folds > MAX_FOLDS {
            problems.push(FieldProblem::new(
                "/folds",
                format!(
                    "{} is not allowed; use 0 for none, or 2 to {MAX_FOLDS} folds",
                    self.folds
                ),
            ));
        }
        let fewest = self.split.fewest_rows();
        if rows < fewest {
            problems.push(FieldProblem::new(
                "/dataset_id",
                format!(
                    "{rows} rows are not enough; at least {fewest} are needed to train and test"
                ),
            ));
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    fn check_columns(&self, schema: &Schema, problems: &mut Vec<FieldProblem>) {
        let has = |name: &str| schema.fields.iter().any(|field| field.name == name);
        if !has(&self.target) {
            problems.push(FieldProblem::new(
                "/target",
                format!(
                    "there is no column '{}'; {}",
                    self.target,
                    known_columns(schema)
                ),
            ));
        }
        let Some(features) = &self.features else {
            if schema.fields.len() < 2 {
                problems.push(FieldProblem::new(
                    "/features",
                    "the table has no column besides the target to learn from",
                ));
            }
            return;
        };
        if features.is_empty() {
            problems.push(FieldProblem::new(
                "/features",
                "name at least one column to learn from",
            ));
        }
        for (index, name) in features.iter().enumerate() {
            let pointer = format!("/features/{index}");
            if !has(name) {
                problems.push(FieldProblem::new(
                    pointer,
                    format!("there is no column '{name}'; {}", known_columns(schema)),
                ));
            } else if name == &self.target {
                problems.push(FieldProblem::new(
                    pointer,
                    format!("'{name}' is the target; a model must not see it"),
                ));
            } else if features[..index].contains(name) {
                problems.push(FieldProblem::new(
                    pointer,
                    format!("'{name}' is named twice"),
                ));
            }
        }
    }

    /// One column of numbers for each pixel.
    fn check_pictures(&self, schema: &Schema, problems: &mut Vec<FieldProblem>) {
        let Some(pictures) = &self.pictures else {
            return;
        };
        let fields = schema.fields.iter();
        let learned = fields.filter(|field| match &self.features {
            Some(features) => features.contains(&field.name),
            None => field.name != self.target && Some(&field.name) != self.weights.as_ref(),
        });
        let learned = learned.collect::<Vec<_>>();
        let pixels = pictures.shape().pixels();
        if pixels == 0 || learned.len() != pixels {
            problems.push(FieldProblem::new(
                "/pictures",
                format!(
                    "pictures of {} × {} pixels need {pixels} columns, and these are {}; name one column a pixel in features",
                    pictures.height,
                    pictures.width,
                    learned.len()
                ),
            ));
        } else if let Some(field) = learned.iter().find(|field| !field.kind.is_numeric()) {
            problems.push(FieldProblem::new(
                "/pictures",
                format!("'{}' holds no numbers, so it cannot be a pixel", field.name),
            ));
        }
    }

    fn check_algorithm(&self, schema: &Schema, problems: &mut Vec<FieldProblem>) {
        if self.algorithm == AUTO {
            for name in self.params.keys() {
                problems.push(FieldProblem::new(
                    format!("/params/{name}"),
                    "auto has no parameters; name an algorithm to set its own",
                ));
            }
            return;
        }
        let Some(found) = algorithm(&self.algorithm) else {
            let names = ALGORITHMS
                .iter()
                .map(|known| known.spec().name)
                .collect::<Vec<_>>()
                .join(", ");
            problems.push(FieldProblem::new(
                "/algorithm",
                format!(
                    "there is no algorithm '{}'; choose auto, {names}",
                    self.algorithm
                ),
            ));
            return;
        };
        let Some(task) = self.known_task(schema) else {
            return self.check_params_any_task(found.spec(), problems);
        };
        if !found.spec().tasks.contains(&task) {
            let detail = format!(
                "{} cannot learn {}; choose another algorithm or task",
                found.spec().title,
                task_words(task)
            );
            problems.push(FieldProblem::new("/algorithm", detail));
        }
        self.check_params(found.spec().params, task, problems);
    }

    fn check_params(
        &self,
        specs: &'static [trainyard_estimators::ParamSpec],
        task: Task,
        problems: &mut Vec<FieldProblem>,
    ) {
        if let Err(errors) = Params::check(specs, task, &self.params) {
            problems.extend(errors.into_iter().map(parameter_problem));
        }
    }

    /// The data decide the task later: only what no task allows is a problem now.
    fn check_params_any_task(
        &self,
        spec: &'static trainyard_estimators::AlgorithmSpec,
        problems: &mut Vec<FieldProblem>,
    ) {
        let results = spec
            .tasks
            .iter()
            .map(|&task| Params::check(spec.params, task, &self.params).err());
        let mut errors: Vec<_> = results.collect();
        if errors.iter().all(Option::is_some)
            && let Some(Some(first)) = errors.pop()
        {
            problems.extend(first.into_iter().map(parameter_problem));
        }
    }

    fn check_metric(&self, schema: &Schema, problems: &mut Vec<FieldProblem>) {
        let Some(name) = &self.metric else { return };
        let task = match METRICS.iter().find(|metric| metric.name == name) {
            Some(metric) => metric.task,
            None if CLASS_METRICS.contains(&name.as_str()) => Task::Classification,
            None => {
                let known = METRICS
                    .iter()
                    .map(|metric| metric.name)
                    .chain(CLASS_METRICS.iter().copied());
                let names = known.collect::<Vec<_>>().join(", ");
                problems.push(FieldProblem::new(
                    "/metric",
                    format!("there is no metric '{name}'; choose one of {names}"),
                ));
                return;
            }
        };
        if self.known_task(schema).is_some_and(|known| known != task) {
            problems.push(FieldProblem::new(
                "/metric",
                format!(
                    "'{name}' measures {}; choose one for this task",
                    task_words(task)
                ),
            ));
        }
    }

    /// The task when the request or the target's kind alone decides it (whole numbers need their values counted).
    fn known_task(&self, schema: &Schema) -> Option<Task> {
        match self.task {
            TaskChoice::Classification => Some(Task::Classification),
            TaskChoice::Regression => Some(Task::Regression),
            TaskChoice::Auto => match schema
                .fields
                .iter()
                .find(|field| field.name == self.target)?
                .kind
            {
                Kind::Boolean | Kind::Category | Kind::Text | Kind::Identifier => {
                    Some(Task::Classification)
                }
                Kind::Number | Kind::Date => Some(Task::Regression),
                Kind::Integer => None,
            },
        }
    }
}

/// All problems of a setting as one error.
pub(crate) fn parameter_problems(errors: Vec<trainyard_estimators::FitError>) -> TrainError {
    TrainError::Spec(errors.into_iter().map(parameter_problem).collect())
}

pub(crate) fn parameter_problem(error: trainyard_estimators::FitError) -> FieldProblem {
    match error {
        trainyard_estimators::FitError::Parameter { name, detail } => {
            FieldProblem::new(format!("/params/{name}"), detail)
        }
        other => FieldProblem::new("/params", other.to_string()),
    }
}

/// "classes" or "numbers".
pub(crate) fn task_words(task: Task) -> &'static str {
    match task {
        Task::Classification => "classes",
        Task::Regression => "numbers",
    }
}

pub(crate) fn known_columns(schema: &Schema) -> String {
    const SHOWN: usize = 12;
    let names = schema
        .fields
        .iter()
        .take(SHOWN)
        .map(|field| field.name.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    let more = schema.fields.len().saturating_sub(SHOWN);
    if more == 0 {
        format!("columns are {names}")
    } else {
        format!("columns are {names} and {more} more")
    }
}
