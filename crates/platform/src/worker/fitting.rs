//! One training inside a job: what it is given and lent, and how what it made is written down. Jobs of several kinds train;
//! what they do with the model is theirs.

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::time::Instant;
use trainyard_estimators::{Interruption, Task};
use trainyard_store::{ArtifactRef, Failure, TrainedModel};
use trainyard_table::ParquetSource;
use trainyard_training::search::Trial;
use trainyard_training::{Progress, TrainContext, TrainError, TrainSpec, Trained, train};

use super::progress::StopSign;
use crate::Platform;
use crate::error::{PlatformError, Result, sentence};
use crate::models::Ceiling;

/// Share of the seconds allowed after which the best so far will do: the rest is for fitting and judging it.
const ENOUGH: f64 = 0.6;

/// A training and all it reads.
pub(super) struct Fitting {
    pub(super) spec: TrainSpec,
    /// The stored table.
    pub(super) table: Bytes,
    /// Hash of the data set as it was brought, for the lineage.
    pub(super) data_hash: String,
    pub(super) memory_budget: usize,
    /// What it may take at most.
    pub(super) ceiling: Option<Ceiling>,
    pub(super) stop: StopSign,
}

/// A model and its file.
pub(super) struct Fitted {
    pub(super) trained: Trained,
    pub(super) bytes: Vec<u8>,
}

/// What a training tells while it runs.
pub(super) struct Telling<'a> {
    pub(super) progress: &'a (dyn Fn(&Progress) + Sync),
    pub(super) trial: &'a (dyn Fn(usize, &Trial) + Sync),
}

impl Fitting {
    /// A training on a stored table.
    pub(super) async fn on(
        platform: &Platform,
        spec: TrainSpec,
        table_hash: &str,
        data_hash: &str,
        stop: StopSign,
    ) -> Result<Self> {
        Ok(Self {
            spec,
            table: platform.store().artifacts().read(table_hash).await?,
            data_hash: data_hash.to_owned(),
            memory_budget: platform.0.options.memory_budget,
            ceiling: None,
            stop,
        })
    }

    /// Holds it to what its job says: the ceiling, or that of its place among several.
    pub(super) fn under(mut self, ceiling: Option<&Value>) -> Self {
        self.ceiling = ceiling.and_then(|stored| serde_json::from_value(stored.clone()).ok());
        self
    }

    /// Trains, on the current thread's pool.
    pub(super) fn run(
        self,
        telling: &Telling<'_>,
    ) -> Result<std::result::Result<Fitted, TrainError>> {
        let source = ParquetSource::open(self.table)
            .map_err(|error| PlatformError::internal("read a stored table", error))?;
        let began = Instant::now();
        let most = self
            .ceiling
            .map_or(f64::INFINITY, |ceiling| ceiling.seconds);
        let allowed = self
            .ceiling
            .and_then(|ceiling| usize::try_from(ceiling.bytes).ok());
        let spent = || began.elapsed().as_secs_f64();
        let context = TrainContext {
            progress: telling.progress,
            interruption: &|| match self.stop.reason() {
                Some(_) => Some(Interruption::Cancelled),
                None => (spent() > most).then_some(Interruption::OutOfBudget),
            },
            enough: &|| self.stop.is_enough() || spent() > ENOUGH * most,
            trial: telling.trial,
            memory_budget: allowed.unwrap_or(usize::MAX).min(self.memory_budget),
            clock: &|| began.elapsed().as_secs_f64(),
            data_hash: &self.data_hash,
            version: env!("CARGO_PKG_VERSION"),
        };
        match train(&self.spec, &source, &context) {
            Ok(trained) => {
                let bytes = trained.model.to_bytes();
                Ok(Ok(Fitted { trained, bytes }))
            }
            Err(TrainError::Internal(cause)) => Err(PlatformError::Internal(cause)),
            Err(error) => Ok(Err(error)),
        }
    }
}

/// Why a training gave no model, for people.
pub(super) fn failure(error: &TrainError) -> Failure {
    if *error == TrainError::Interrupted(Interruption::OutOfBudget) {
        let detail = "This took far longer than was estimated and was stopped. Nothing was charged. Train on fewer rows, with another algorithm, or with parameters that make it smaller.";
        return Failure::new(error.code(), detail);
    }
    Failure::new(error.code(), sentence(&error.detail()))
}

/// What the store keeps of a model whose file is this.
pub(super) fn written(trained: &Trained, artifact: ArtifactRef) -> Result<TrainedModel> {
    let Trained { model, report } = trained;
    Ok(TrainedModel {
        artifact,
        task: task_name(model.task()).to_owned(),
        algorithm: model.algorithm().to_owned(),
        params: Value::Object(model.params().clone()),
        metrics: value(&report.metrics)?,
        classes: json!(model.classes().unwrap_or_default()),
        signature: value(model.signature())?,
        lineage: value(&report.lineage)?,
        verdict: report.verdict.clone(),
        fit_seconds: report.lineage.fit_seconds,
        report: value(report)?,
    })
}

/// A task's name in rows and answers.
pub(crate) fn task_name(task: Task) -> &'static str {
    match task {
        Task::Classification => "classification",
        Task::Regression => "regression",
    }
}

pub(super) fn value(part: impl serde::Serialize) -> Result<Value> {
    serde_json::to_value(part).map_err(|error| PlatformError::internal("write a report", error))
}
