//! Cross-validation: how well a recipe does on rows it has not seen, over and over, before anything is chosen by it.
//!
//! Everything that is learned, the preparation included, is learned anew inside every fold. Folds obey the spec's split:
//! by class, by whole groups, or forward in time. May touch the table, the spec and what the context lends. Next:
//! [`search`](mod@crate::search) compares settings by it.

use crate::choice::Choice;
use crate::error::{FieldProblem, TrainError};
use crate::progress::{Account, Stage, TrainContext};
use crate::report::{FoldMetric, fold_metrics};
use crate::spec::{AUTO, MAX_FOLDS, TrainSpec};
use crate::train::Prepared;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;
use trainyard_estimators::metrics::evaluate;
use trainyard_estimators::pipeline::{Pipeline, Recipe};
use trainyard_estimators::preparation::Preparation;
use trainyard_estimators::split::TrainAndTest;
use trainyard_estimators::{
    Algorithm, FeatureValues, Features, FitContext, Params, Prediction, Target,
};
use trainyard_table::Table;

/// How many rows one fold learned from and was judged on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoldRows {
    /// Rows learned from.
    pub train: usize,
    /// Rows judged on.
    pub test: usize,
}

/// The scores of a cross-validation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrossValidation {
    /// One entry a fold.
    pub folds: Vec<FoldRows>,
    /// Values by fold, mean and spread of every metric that is defined in all folds, by name.
    pub metrics: BTreeMap<String, FoldMetric>,
}

/// Cross-validates the spec's algorithm over all rows of the table that have a target; nothing is held out beside the
/// folds, so `test_size` and the spec's own `folds` are not looked at. Divided by a column, folds that would learn from a
/// single class are left out.
///
/// # Errors
/// [`TrainError::Spec`] for `auto`, for a number of folds outside 2 to 20 and for wrong parameters; [`TrainError::Data`]
/// for what the rows do not allow; [`TrainError::Interrupted`] when stopped.
pub fn cross_validate(
    table: &Table,
    spec: &TrainSpec,
    folds: usize,
    context: &TrainContext<'_>,
) -> Result<CrossValidation, TrainError> {
    check_folds(folds, "/folds").map_err(|problem| TrainError::Spec(vec![problem]))?;
    let account = Account::new(context);
    let prepared = begin(spec, table, &account)?;
    account.change(|progress| {
        progress.stage = Stage::Training;
        progress.of = folds as u32;
    });
    let result = cross_validate_prepared(
        &prepared,
        &Choice::single(&spec.algorithm, &spec.params),
        folds,
        &account,
        context,
    )?;
    finish(&account);
    Ok(result)
}

/// All rows of the table, to be divided into folds; refuses `auto`.
pub(crate) fn begin<'a>(
    spec: &'a TrainSpec,
    table: &Table,
    account: &Account<'_>,
) -> Result<Prepared<'a>, TrainError> {
    if spec.algorithm == AUTO {
        return Err(TrainError::Spec(vec![FieldProblem::new(
            "/algorithm",
            "auto picks an algorithm by itself; name the one to cross-validate",
        )]));
    }
    account.stage(Stage::Preparing, "dividing rows into folds");
    Prepared::with_test_share(spec, table, 0.0)
}

/// Says that the last step is done.
pub(crate) fn finish(account: &Account<'_>) {
    account.change(|progress| {
        progress.stage = Stage::Done;
        progress.message = None;
    });
}

pub(crate) fn check_folds(folds: usize, pointer: &str) -> Result<(), FieldProblem> {
    if (2..=MAX_FOLDS).contains(&folds) {
        return Ok(());
    }
    Err(FieldProblem::new(
        pointer,
        format!("{folds} is not allowed; use 2 to {MAX_FOLDS} folds"),
    ))
}

/// Cross-validates on the training part of a table that is already split. Each fold adds one step to the account.
pub(crate) fn cross_validate_prepared(
    prepared: &Prepared<'_>,
    choice: &Choice,
    folds: usize,
    account: &Account<'_>,
    context: &TrainContext<'_>,
) -> Result<CrossValidation, TrainError> {
    let mut rows = Vec::with_capacity(folds);
    let mut values = Vec::with_capacity(folds);
    for (number, (train, test)) in prepared.folds(folds)?.iter().enumerate() {
        account.change(|progress| {
            progress.done += 1;
            progress.message = Some(format!("fold {} of {folds}", number + 1));
        });
        let fitting = context.fitting(prepared.spec.seed, &|_| {});
        let model = choice.fit(prepared, Some(train), &fitting)?;
        values.push(evaluate(
            &prepared.train_target.take(test),
            &model.predict(&prepared.train.take(test)),
        ));
        rows.push(FoldRows {
            train: train.len(),
            test: test.len(),
        });
    }
    Ok(CrossValidation {
        folds: rows,
        metrics: fold_metrics(&values).metrics,
    })
}

/// Folds that many settings of one algorithm share: no parameter of an algorithm changes what is prepared, so each fold is
/// prepared once and kept, unless that takes more than half of the memory allowed; then it is prepared for each setting.
pub(crate) struct PreparedFolds<'a, 'b> {
    prepared: &'a Prepared<'b>,
    algorithm: &'static dyn Algorithm,
    /// Rows of each fold, as positions in the training part.
    rows: Vec<TrainAndTest>,
    /// All folds, or none.
    kept: Vec<FoldData>,
}

/// One fold with the preparation fitted on its training part.
struct FoldData {
    preparation: Preparation,
    train: Features,
    train_target: Target,
    train_weights: Option<Vec<f64>>,
    test: Features,
}

impl<'a, 'b> PreparedFolds<'a, 'b> {
    pub(crate) fn new(
        prepared: &'a Prepared<'b>,
        algorithm: &'static dyn Algorithm,
        folds: usize,
        context: &TrainContext<'_>,
    ) -> Result<Self, TrainError> {
        Self::of(prepared, algorithm, prepared.folds(folds)?, context)
    }

    /// Folds of given rows, as positions in the training part.
    pub(crate) fn of(
        prepared: &'a Prepared<'b>,
        algorithm: &'static dyn Algorithm,
        rows: Vec<TrainAndTest>,
        context: &TrainContext<'_>,
    ) -> Result<Self, TrainError> {
        let mut made = Self {
            prepared,
            algorithm,
            rows,
            kept: Vec::new(),
        };
        for fold in 0..made.rows.len() {
            if let Some(reason) = (context.interruption)() {
                return Err(TrainError::Interrupted(reason));
            }
            let data = made.prepare(fold)?;
            if data.bytes().saturating_mul(made.rows.len()) > context.memory_budget / 2 {
                made.kept.clear();
                break;
            }
            made.kept.push(data);
        }
        Ok(made)
    }

    /// Memory of what is kept.
    pub(crate) fn bytes(&self) -> usize {
        self.kept.iter().map(FoldData::bytes).sum()
    }

    /// Rows of each fold, as positions in the training part.
    pub(crate) fn rows(&self) -> &[TrainAndTest] {
        &self.rows
    }

    /// Fits on a fold's training part; the answers for its test part.
    pub(crate) fn fit_and_predict(
        &self,
        fold: usize,
        params: &Map<String, Value>,
        context: &FitContext<'_>,
    ) -> Result<Prediction, TrainError> {
        context.check()?;
        let params = Params::check(self.algorithm.spec().params, self.prepared.task, params)
            .map_err(crate::spec::parameter_problems)?;
        let made;
        let data = match self.kept.get(fold) {
            Some(data) => data,
            None => {
                made = self.prepare(fold)?;
                &made
            }
        };
        let recipe = Recipe {
            algorithm: self.algorithm,
            params: &params,
            encoder: &self.prepared.encoder,
        };
        let pipeline = Pipeline::fit_prepared(
            data.preparation.clone(),
            &data.train,
            recipe,
            &data.train_target,
            data.train_weights.as_deref(),
            context,
        )?;
        Ok(pipeline.predict_features(&data.test))
    }

    fn prepare(&self, fold: usize) -> Result<FoldData, TrainError> {
        let (train, test) = &self.rows[fold];
        let part = self.prepared.part(train);
        let (preparation, features) = self.prepared.prepare(self.algorithm, &part)?;
        Ok(FoldData {
            train: features,
            train_target: part.target.into_owned(),
            train_weights: part.weights.map(Cow::into_owned),
            test: preparation.transform(&self.prepared.train.take(test)),
            preparation,
        })
    }
}

impl FoldData {
    /// Memory of the features: eight bytes a number, four a category.
    fn bytes(&self) -> usize {
        let columns = self.train.columns().iter().chain(self.test.columns());
        columns
            .map(|column| match &column.values {
                FeatureValues::Numeric(values) => values.len() * 8,
                FeatureValues::Categorical { codes, .. } => codes.len() * 4,
            })
            .sum()
    }
}

/// Mean, and standard deviation (divided by count − 1) where there are two values or more.
pub(crate) fn spread_of(values: &[f64]) -> (f64, Option<f64>) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let std = (values.len() > 1).then(|| (squares / (count - 1.0)).sqrt());
    (mean, std)
}
