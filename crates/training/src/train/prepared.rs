//! The table, split once, and fits on its training part: everything that contenders, folds and searches share.

use crate::choice::Choice;
use crate::error::{FieldProblem, TrainError};
use crate::goal::Goal;
use crate::progress::{Account, TrainContext};
use crate::report::Folds;
use crate::spec::{TaskChoice, TrainSpec, parameter_problems, task_words};
use crate::split::SplitSpec;
use crate::validation::cross_validate_prepared;
use serde_json::{Map, Value};
use std::borrow::Cow;
use trainyard_estimators::algorithm::{Algorithm, algorithm};
use trainyard_estimators::pipeline::{Pipeline, Recipe};
use trainyard_estimators::preparation::{Preparation, PreparationOptions, Supervision};
use trainyard_estimators::split::{Division, TrainAndTest};
use trainyard_estimators::target::{TargetEncoder, decide_task};
use trainyard_estimators::{Features, FitContext, Params, Prediction, Target, Task};
use trainyard_table::Table;

/// The table, split once, with everything the contenders share.
pub(crate) struct Prepared<'a> {
    pub(crate) spec: &'a TrainSpec,
    pub(crate) task: Task,
    pub(crate) encoder: TargetEncoder,
    pub(crate) features: Vec<String>,
    /// Training rows in table order.
    pub(crate) train: Table,
    pub(crate) train_target: Target,
    /// How much each training row counts, where the spec names a column for it.
    pub(crate) train_weights: Option<Vec<f64>>,
    pub(crate) test: Table,
    /// Where the test rows stand in the whole table.
    pub(crate) test_rows: Vec<usize>,
    pub(crate) test_target: Target,
    /// The rule that folds of the training rows obey, one entry a training row.
    pub(crate) division: Division,
    pub(super) dropped: usize,
    /// Rows with a target that have no place in time.
    pub(super) unplaced: usize,
}

/// Training rows with all that is learned from them, one entry a row each.
pub(crate) struct TrainingPart<'a> {
    table: Cow<'a, Table>,
    pub(crate) target: Cow<'a, Target>,
    pub(crate) weights: Option<Cow<'a, [f64]>>,
    division: Cow<'a, Division>,
}

fn taken(weights: &[f64], rows: &[usize]) -> Vec<f64> {
    rows.iter().map(|&row| weights[row]).collect()
}

impl<'a> Prepared<'a> {
    /// Splits off the share of test rows that the spec asks for.
    pub(super) fn new(spec: &'a TrainSpec, table: &Table) -> Result<Self, TrainError> {
        Self::with_test_share(spec, table, spec.test_size)
    }

    /// Splits off a share of the rows for testing, none for 0.
    pub(crate) fn with_test_share(
        spec: &'a TrainSpec,
        table: &Table,
        test_size: f64,
    ) -> Result<Self, TrainError> {
        let Some(column) = table.column(&spec.target) else {
            return Err(TrainError::Spec(vec![FieldProblem::new(
                "/target",
                format!("there is no column '{}'", spec.target),
            )]));
        };
        let task = match spec.task {
            TaskChoice::Auto => decide_task(column),
            TaskChoice::Classification => Task::Classification,
            TaskChoice::Regression => Task::Regression,
        };
        let encoder = TargetEncoder::fit(column, task)?;
        let (target, with_target) = encoder.encode(column)?;
        let dropped = table.rows() - with_target.len();
        let division = spec.split.division(table)?;
        let kept = division.placed(&with_target);
        let unplaced = with_target.len() - kept.len();
        let target = if unplaced == 0 {
            target
        } else {
            encoder.encode(&column.take(&kept))?.0
        };
        let fewest = spec.split.fewest_rows();
        if kept.len() < fewest && test_size > 0.0 {
            let placed = spec.split.column().filter(|_| unplaced > 0);
            let and_time = placed.map_or(String::new(), |column| format!(" and in '{column}'"));
            return Err(TrainError::Data(format!(
                "only {} rows have a value in '{}'{and_time}; at least {fewest} are needed to train and test",
                kept.len(),
                spec.target
            )));
        }
        let features = spec
            .features
            .clone()
            .unwrap_or_else(|| spec.usual_features(table));
        let weights = spec.read_weights(table, &kept)?;
        let division = division.take(&kept);
        let (train, test) = if spec.split == SplitSpec::Everything && test_size > 0.0 {
            let all: Vec<usize> = (0..kept.len()).collect();
            (all.clone(), all)
        } else if test_size > 0.0 {
            division.holdout(&target, test_size, spec.seed)?
        } else {
            ((0..kept.len()).collect(), Vec::new())
        };
        let positions = |rows: &[usize]| rows.iter().map(|&row| kept[row]).collect::<Vec<_>>();
        let test_rows = positions(&test);
        let train_target = target.take(&train);
        spec.split
            .check_training_part(&train_target, encoder.class_labels())?;
        Ok(Self {
            spec,
            task,
            encoder,
            features,
            train: table.take(&positions(&train)),
            train_target,
            train_weights: weights.map(|weights| taken(&weights, &train)),
            test: table.take(&test_rows),
            test_rows,
            test_target: target.take(&test),
            division: division.take(&train),
            dropped,
            unplaced,
        })
    }

    /// Folds of the training rows (positions in the training part), by the spec's rule; fewer than asked for where some
    /// could not be learned from.
    pub(crate) fn folds(&self, count: usize) -> Result<Vec<TrainAndTest>, TrainError> {
        let folds = self
            .division
            .folds(&self.train_target, count, self.spec.seed)?;
        self.spec.split.learnable(folds, &self.train_target)
    }

    /// The checked parameters of an algorithm for this task.
    pub(crate) fn params(
        &self,
        name: &str,
        given: &Map<String, Value>,
    ) -> Result<(&'static dyn Algorithm, Params), TrainError> {
        let found = algorithm(name).ok_or_else(|| {
            TrainError::Spec(vec![FieldProblem::new(
                "/algorithm",
                format!("there is no algorithm '{name}'"),
            )])
        })?;
        if !found.spec().tasks.contains(&self.task) {
            let detail = format!(
                "{} cannot learn {}; choose another algorithm or task",
                found.spec().title,
                task_words(self.task)
            );
            return Err(TrainError::Spec(vec![FieldProblem::new(
                "/algorithm",
                detail,
            )]));
        }
        Ok((
            found,
            Params::check(found.spec().params, self.task, given).map_err(parameter_problems)?,
        ))
    }

    /// Fits on some of the training rows (positions in the training part).
    pub(crate) fn fit(
        &self,
        name: &str,
        params: &Map<String, Value>,
        rows: &[usize],
        context: &FitContext<'_>,
    ) -> Result<Pipeline, TrainError> {
        self.fit_part(name, params, &self.part(rows), context)
    }

    /// Fits on all training rows.
    pub(crate) fn fit_all(
        &self,
        name: &str,
        params: &Map<String, Value>,
        context: &FitContext<'_>,
    ) -> Result<Pipeline, TrainError> {
        let all = TrainingPart {
            table: Cow::Borrowed(&self.train),
            target: Cow::Borrowed(&self.train_target),
            weights: self.train_weights.as_deref().map(Cow::Borrowed),
            division: Cow::Borrowed(&self.division),
        };
        self.fit_part(name, params, &all, context)
    }

    fn fit_part(
        &self,
        name: &str,
        params: &Map<String, Value>,
        part: &TrainingPart<'_>,
        context: &FitContext<'_>,
    ) -> Result<Pipeline, TrainError> {
        context.check()?;
        let (found, params) = self.params(name, params)?;
        let (preparation, features) = self.prepare(found, part)?;
        let recipe = Recipe {
            algorithm: found,
            params: &params,
            encoder: &self.encoder,
        };
        Ok(Pipeline::fit_prepared(
            preparation,
            &features,
            recipe,
            &part.target,
            part.weights.as_deref(),
            context,
        )?)
    }

    /// Some of the training rows (positions in the training part), with all that is learned from them.
    pub(crate) fn part(&self, rows: &[usize]) -> TrainingPart<'_> {
        let weights = self.train_weights.as_deref();
        TrainingPart {
            table: Cow::Owned(self.train.take(rows)),
            target: Cow::Owned(self.train_target.take(rows)),
            weights: weights.map(|weights| Cow::Owned(taken(weights, rows))),
            division: Cow::Owned(self.division.take(rows)),
        }
    }

    /// What an algorithm needs, learned from these rows; and what to learn from them. The features of training rows are
    /// these, never what the preparation would make of them once more.
    pub(crate) fn prepare(
        &self,
        algorithm: &dyn Algorithm,
        part: &TrainingPart<'_>,
    ) -> Result<(Preparation, Features), TrainError> {
        let mut options = PreparationOptions::of(algorithm.spec());
        // Columns that somebody named are used even where we would leave them out by ourselves.
        options.chosen = self.spec.features.iter().flatten().cloned().collect();
        options.pictures = self.spec.pictures;
        let supervision = Supervision {
            target: &part.target,
            weights: part.weights.as_deref(),
            division: &part.division,
            seed: self.spec.seed,
        };
        Ok(Preparation::fit_transform(
            &part.table,
            &self.features,
            supervision,
            &options,
        )?)
    }

    /// What contenders are compared by.
    pub(crate) fn goal(&self) -> Result<Goal, TrainError> {
        Goal::of(
            self.spec,
            self.task,
            positive_class(self.spec, &self.encoder)?,
        )
    }

    /// Predicts some of the training rows (positions in the training part).
    pub(crate) fn predict(&self, pipeline: &Pipeline, rows: &[usize]) -> Prediction {
        pipeline.predict(&self.train.take(rows))
    }

    pub(super) fn cross_validate(
        &self,
        choice: &Choice,
        account: &Account<'_>,
        context: &TrainContext<'_>,
    ) -> Result<Option<Folds>, TrainError> {
        if self.spec.folds == 0 {
            return Ok(None);
        }
        let validated = cross_validate_prepared(self, choice, self.spec.folds, account, context)?;
        Ok(Some(Folds {
            count: validated.folds.len(),
            metrics: validated.metrics,
        }))
    }
}

pub(super) fn positive_class(
    spec: &TrainSpec,
    encoder: &TargetEncoder,
) -> Result<Option<usize>, TrainError> {
    let Some(labels) = encoder.class_labels().filter(|labels| labels.len() == 2) else {
        return match &spec.positive_class {
            Some(_) => Err(TrainError::Spec(vec![FieldProblem::new(
                "/positive_class",
                "only a target with two classes has a positive one; leave it out",
            )])),
            None => Ok(None),
        };
    };
    let Some(name) = &spec.positive_class else {
        return Ok(Some(1));
    };
    match labels.iter().position(|label| label == name) {
        Some(index) => Ok(Some(index)),
        None => {
            let detail = format!(
                "there is no class '{name}'; choose {} or {}",
                labels[0], labels[1]
            );
            Err(TrainError::Spec(vec![FieldProblem::new(
                "/positive_class",
                detail,
            )]))
        }
    }
}
