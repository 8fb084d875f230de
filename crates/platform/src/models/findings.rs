//! What a report holds, part by part, and what is found out about a trained model when somebody asks: rows of a cell, how
//! answers depend on a column, and the checks that are jobs of their own. What was found stays with the model.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;
use trainyard_estimators::Interruption;
use trainyard_store::{AcceptedJob, Idempotency, Model, NewCheck, NewJob, StoreError};
use trainyard_training::{FittedModel, TrainContext, TrainError, held_out};

use super::Models;
use crate::caller::{Action, Caller};
use crate::datasets::RowsPage;
use crate::error::{PlatformError, Result, sentence};

/// The kind of job that checks a model.
pub(crate) const CHECK_JOB: &str = "check";
/// How long somebody waits for a curve that is not worked out yet.
const PATIENCE: Duration = Duration::from_secs(60);
/// Points of a curve.
const POINTS: std::ops::RangeInclusive<usize> = 2..=200;

/// A part of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportPart {
    /// Scores with intervals and the baseline's, class by class, and over folds.
    Metrics,
    /// What was taken for what.
    ConfusionMatrix,
    /// ROC curves.
    RocCurve,
    /// Precision-recall curves.
    PrCurve,
    /// Whether probabilities are what happens.
    Calibration,
    /// What each cut would give.
    ThresholdSweep,
    /// How far numbers were off.
    Residuals,
    /// What the model looks at.
    Importance,
    /// How the loss fell while it learned.
    TrainingHistory,
    /// Who took part.
    Contenders,
    /// Whether every way to ask gives the same answers.
    Certificate,
}

impl ReportPart {
    /// Its fields in the report, the one that has to be there first.
    const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Metrics => &[
                "metrics",
                "main_metric",
                "per_class",
                "folds",
                "rows",
                "verdict",
            ],
            Self::ConfusionMatrix => &["confusion_matrix", "per_class"],
            Self::RocCurve => &["roc", "positive_class"],
            Self::PrCurve => &["pr", "positive_class"],
            Self::Calibration => &["calibration", "positive_class"],
            Self::ThresholdSweep => &["threshold_sweep", "positive_class"],
            Self::Residuals => &["residuals"],
            Self::Importance => &["importance", "main_metric"],
            Self::TrainingHistory => &["training_history"],
            Self::Contenders => &["contenders", "main_metric", "automatic", "search"],
            Self::Certificate => &["certificate"],
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Metrics => "metrics",
            Self::ConfusionMatrix => "a confusion matrix",
            Self::RocCurve => "ROC curves",
            Self::PrCurve => "precision-recall curves",
            Self::Calibration => "calibration curves",
            Self::ThresholdSweep => "a threshold to choose",
            Self::Residuals => "residuals",
            Self::Importance => "importances",
            Self::TrainingHistory => "a training history",
            Self::Contenders => "contenders",
            Self::Certificate => "a certificate",
        }
    }
}

/// A check of a trained model that is a job of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// How well it does when it learns from fewer rows.
    LearningCurve,
    /// Whether its scores can be believed.
    SelfTests,
    /// Whether training it again makes the same bytes.
    Retraining,
}

impl Check {
    /// Every check.
    pub(crate) const ALL: [Self; 3] = [Self::LearningCurve, Self::SelfTests, Self::Retraining];

    /// Its name in rows and in jobs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LearningCurve => "learning_curve",
            Self::SelfTests => "self_tests",
            Self::Retraining => "retraining",
        }
    }

    const fn missing(self) -> &'static str {
        match self {
            Self::LearningCurve => "learning curve of this model: ask for it with POST",
            Self::SelfTests => "self-test of this model: ask for it with POST",
            Self::Retraining => "retraining of this model: ask for it with POST",
        }
    }
}

impl Models<'_> {
    /// A part of a report, as the trainer wrote it.
    ///
    /// # Errors
    /// `NotFound`; `NotReady` while there is no report, and where this model has no such part.
    pub async fn report_part(
        &self,
        caller: &Caller,
        id_or_name: &str,
        part: ReportPart,
    ) -> Result<Value> {
        let report = self.report(caller, id_or_name).await?;
        let fields = part.fields();
        let there = fields
            .first()
            .and_then(|field| report.get(*field))
            .is_some_and(|found| !found.is_null());
        if !there {
            return Err(PlatformError::NotReady(format!(
                "This model has no {}. Its report says what it has.",
                part.words().trim_start_matches("a ")
            )));
        }
        let found = fields.iter().map(|field| {
            let value = report.get(*field).cloned().unwrap_or_default();
            ((*field).to_owned(), value)
        });
        Ok(Value::Object(found.collect()))
    }

    /// Rows that were tested, belong to one class and were taken for another, or for the same.
    ///
    /// # Errors
    /// `NotFound`; `NotReady` when the table is gone; `Validation` for an unknown class.
    pub async fn cell_rows(
        &self,
        caller: &Caller,
        id_or_name: &str,
        (actual, predicted): (&str, &str),
        offset: usize,
        limit: usize,
    ) -> Result<RowsPage> {
        caller.may(Action::Read)?;
        let model = self.own(caller, id_or_name).await?;
        let table = self.table_of(&model).await?;
        let loaded = self.0.loaded_row(model).await?;
        let (actual, predicted) = (actual.to_owned(), predicted.to_owned());
        let read = std::sync::Arc::clone(&table);
        let found = self
            .0
            .compute("find the rows of a cell", move || {
                held_out::cell_rows(&loaded.fitted, &read, &actual, &predicted)
            })
            .await?;
        let rows = found.map_err(told)?;
        Ok(RowsPage::among(&table, &rows, offset, limit))
    }

    /// How a model's answers to the test rows change with one column; worked out once for the usual number of points.
    ///
    /// # Errors
    /// `NotFound`; `NotReady` when the table is gone; `Validation` for a column the model does not use.
    pub async fn partial_dependence(
        &self,
        caller: &Caller,
        id_or_name: &str,
        column: &str,
        points: Option<usize>,
    ) -> Result<Value> {
        caller.may(Action::Read)?;
        let points = points.unwrap_or(held_out::POINTS);
        if !POINTS.contains(&points) {
            return Err(PlatformError::field(
                "/points",
                format!("Use {} to {} points.", POINTS.start(), POINTS.end()),
            ));
        }
        let model = self.own(caller, id_or_name).await?;
        let kind = format!("dependence:{points}:{column}");
        let models = self.0.store().models();
        if !column.contains('\0')
            && let Some(known) = models.finding(model.id, &kind).await?
        {
            return Ok(known.body.into_json());
        }
        let loaded = self.0.loaded_row(model.clone()).await?;
        self.uses(&loaded.fitted, column)?;
        let table = self.table_of(&model).await?;
        let column = column.to_owned();
        let work = move || {
            let began = Instant::now();
            let context = TrainContext {
                interruption: &|| (began.elapsed() > PATIENCE).then_some(Interruption::OutOfBudget),
                ..TrainContext::silent()
            };
            held_out::dependence(&loaded.fitted, &table, &column, points, &context)
        };
        let found = self.0.compute("work out a dependence", work).await?;
        let found = found.map_err(told)?;
        let body = serde_json::to_value(found)
            .map_err(|error| PlatformError::internal("write a dependence", error))?;
        models.keep_finding(model.id, &kind, body.clone()).await?;
        Ok(body)
    }

    /// Takes the price of a training and queues a check of a trained model.
    ///
    /// # Errors
    /// `NotFound`; `NotReady` when the table it was trained on is gone; `InsufficientTokens`; `Conflict` for a key used for
    /// another request.
    pub async fn check(
        &self,
        caller: &Caller,
        id_or_name: &str,
        check: Check,
        idempotency_key: Option<String>,
    ) -> Result<AcceptedJob> {
        caller.may(Action::Train)?;
        let model = self.own(caller, id_or_name).await?;
        let hash = model
            .dataset_hash
            .clone()
            .ok_or_else(super::without_report)?;
        let record = self.0.store().models().report(model.id).await?.lineage;
        let data_hash = record.get("data_hash").cloned().unwrap_or_default();
        let payload =
            json!({ "model_id": model.id, "check": check.name(), "data_hash": data_hash });
        let new = NewCheck {
            owner_id: caller.id,
            model_id: model.id,
            table_hash: hash,
            price: self.0.prices().train,
            idempotency: idempotency_key.map(|key| Idempotency {
                key,
                request_digest: format!("{}:{}", check.name(), model.id),
            }),
            job: NewJob::new(CHECK_JOB, payload),
        };
        let entry = caller
            .entry("model.check")
            .details(json!({ "check": check.name() }));
        match self.0.store().jobs().create_check(new, entry).await {
            Err(StoreError::NotFound { what: "artifact" }) => Err(without_table(&model)),
            other => Ok(other?),
        }
    }

    /// What a check found.
    ///
    /// # Errors
    /// `NotFound`, also when it was never asked for or is not done yet.
    pub async fn finding(&self, caller: &Caller, id_or_name: &str, check: Check) -> Result<Value> {
        caller.may(Action::Read)?;
        let model = self.own(caller, id_or_name).await?;
        let found = self
            .0
            .store()
            .models()
            .finding(model.id, check.name())
            .await?;
        let found = found.ok_or(PlatformError::NotFound(check.missing()))?;
        Ok(found.body.into_json())
    }

    /// The table a model was trained on, while it is there.
    async fn table_of(&self, model: &Model) -> Result<std::sync::Arc<trainyard_table::Table>> {
        let hash = model
            .dataset_hash
            .as_deref()
            .ok_or_else(|| without_table(model))?;
        // A table that somebody looked at stays in memory for a while, also when its data set was deleted.
        if !self.0.store().artifacts().exists(hash).await? {
            return Err(without_table(model));
        }
        match self.0.table(hash).await {
            Err(PlatformError::NotFound(_)) => Err(without_table(model)),
            other => other,
        }
    }

    fn uses(&self, fitted: &FittedModel, column: &str) -> Result<()> {
        let names: Vec<&str> = fitted
            .signature()
            .iter()
            .map(|field| field.name.as_str())
            .collect();
        if names.contains(&column) {
            return Ok(());
        }
        Err(PlatformError::field(
            "/column",
            format!(
                "The model does not use a column '{column}'. Choose one of {}.",
                names.join(", ")
            ),
        ))
    }
}

/// What cannot be looked at without the rows.
fn without_table(model: &Model) -> PlatformError {
    PlatformError::NotReady(format!(
        "The data that '{}' was trained on is no longer here, so this cannot be worked out. Bring it again and train anew.",
        model.name
    ))
}

/// What the trainer answered, for the person who asked.
fn told(error: TrainError) -> PlatformError {
    match error {
        TrainError::Spec(mut problems) => {
            for problem in &mut problems {
                problem.detail = sentence(&problem.detail);
            }
            PlatformError::Validation(problems)
        }
        TrainError::Interrupted(_) => PlatformError::NotReady(
            "This takes too long to wait for. Ask for fewer points, or train on fewer rows."
                .to_owned(),
        ),
        TrainError::Internal(cause) => PlatformError::Internal(cause),
        other => PlatformError::NotReady(sentence(&other.to_string())),
    }
}
