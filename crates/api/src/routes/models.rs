//! Models: trained, looked at, renamed, deleted. One row is one trained version of a name.

pub(super) mod aliases;
pub(super) mod cells;
pub(super) mod change;
pub(super) mod checks;
pub(super) mod compare;
pub(super) mod compare_train;
pub(super) mod delete;
pub(super) mod delete_several;
pub(super) mod dependence;
pub(super) mod export;
pub(super) mod get;
pub(super) mod import;
pub(super) mod lineage;
pub(super) mod list;
pub(super) mod parts;
pub(super) mod recipe;
pub(super) mod report;
pub(super) mod train;
pub(super) mod tree;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use trainyard_platform::{Model, ModelCard, ModelDetail, ModelStatus, Visibility};
use utoipa::ToSchema;
use uuid::Uuid;

use super::jobs::FailureBody;
use super::times::moment;
use crate::extract::Version;

/// A model, as lists show it.
#[derive(Serialize, ToSchema)]
pub(crate) struct ModelSummary {
    id: Uuid,
    /// The small number people see.
    number: i32,
    #[schema(example = "titanic")]
    name: String,
    /// Which training of that name, from 1.
    version: i32,
    /// `queued`, `training`, `ready`, `failed` or `cancelled`.
    #[schema(example = "ready")]
    status: &'static str,
    /// `classification` or `regression`, once decided.
    task: Option<String>,
    /// The algorithm asked for; once trained, the one that won.
    #[schema(example = "random_forest")]
    algorithm: String,
    dataset_id: Option<Uuid>,
    dataset_name: String,
    /// The predicted column.
    target: String,
    /// By name, once trained: on rows the model had never seen.
    metrics: Option<BTreeMap<String, MetricBody>>,
    /// How good it is, in a sentence.
    verdict: Option<String>,
    /// Why there is no model.
    error: Option<FailureBody>,
    /// The job that trains it.
    job_id: Option<Uuid>,
    fit_seconds: Option<f64>,
    /// `private`, `signed-in` (everybody with an account) or `guest` (everybody with the link).
    #[schema(example = "private")]
    visibility: &'static str,
    /// The last part of the guest link, `/g/…`; only its owner sees it here.
    guest_slug: Option<String>,
    /// Who shares it; null for your own.
    shared_by: Option<String>,
    /// Aliases of the name that point to this version.
    aliases: Vec<String>,
    /// Words it is filed under.
    tags: Vec<String>,
    /// Length of the model file.
    bytes: Option<i64>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    finished_at: Option<String>,
}

/// A metric.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Metric)]
pub(crate) struct MetricBody {
    value: f64,
    /// Lower end of the 95 % interval.
    low: Option<f64>,
    /// Upper end of the 95 % interval.
    high: Option<f64>,
    /// What the baseline gets, which looks at no column.
    baseline: Option<f64>,
}

/// A model.
#[derive(Serialize, ToSchema)]
#[schema(as = Model)]
pub(crate) struct ModelBody {
    #[serde(flatten)]
    summary: ModelSummary,
    /// The classes, in the order of probabilities; null for numbers.
    classes: Option<Vec<String>>,
    /// What it wants to be asked: one entry a column.
    signature: Option<Vec<SignatureBody>>,
    /// Hyperparameters; once trained with the defaults.
    #[schema(value_type = Object)]
    params: Value,
    /// The columns it was told to learn from; null is all.
    features: Option<Vec<String>>,
    test_size: f64,
    folds: i32,
    seed: i64,
    /// How much work a race was given.
    effort: Option<String>,
    /// What decided the race.
    metric: Option<String>,
    positive_class: Option<String>,
    /// What its owner remembers about it; only its owner sees it.
    notes: Option<String>,
    /// The whole request that made it, as the trainer read it; only its owner sees it.
    #[schema(value_type = Option<Object>)]
    request: Option<Value>,
}

/// One column a model is asked with.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = SignatureField)]
pub(crate) struct SignatureBody {
    name: String,
    /// `integer`, `number`, `boolean`, `date`, `category`, `text` or `identifier`.
    kind: String,
    /// Smallest and largest value seen; dates in seconds since 1970 UTC.
    range: Option<[f64; 2]>,
    /// The 5th percentile.
    p5: Option<f64>,
    /// The 95th percentile.
    p95: Option<f64>,
    /// The median or most frequent value.
    typical: Value,
    /// The values seen, most frequent first.
    values: Option<Vec<String>>,
    /// Whether a row without it is refused.
    required: bool,
}

/// Which version of a model's row this is.
fn version(detail: &ModelDetail) -> Version {
    Version::since(detail.card.model.updated_at)
}

fn visibility_name(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Private => "private",
        Visibility::SignedIn => "signed-in",
        Visibility::Guest => "guest",
    }
}

pub(super) fn status_name(status: ModelStatus) -> &'static str {
    match status {
        ModelStatus::Queued => "queued",
        ModelStatus::Training => "training",
        ModelStatus::Ready => "ready",
        ModelStatus::Failed => "failed",
        ModelStatus::Cancelled => "cancelled",
    }
}

/// What the store keeps as JSON, in the shape of the answer; nothing when it has another shape.
pub(super) fn typed<T: serde::de::DeserializeOwned>(stored: impl Into<Value>) -> Option<T> {
    serde_json::from_value(stored.into())
        .inspect_err(|error| tracing::error!(%error, "a stored answer has another shape"))
        .ok()
}

impl From<ModelCard> for ModelSummary {
    /// What somebody else shares is shown without the data, the job and the link behind it.
    fn from(card: ModelCard) -> Self {
        let own = card.shared_by.is_none();
        let shown = Self::from(card.model);
        Self {
            dataset_id: shown.dataset_id.filter(|_| own),
            job_id: shown.job_id.filter(|_| own),
            guest_slug: shown.guest_slug.filter(|_| own),
            shared_by: card.shared_by,
            aliases: card.aliases,
            tags: if own { shown.tags } else { Vec::new() },
            ..shown
        }
    }
}

impl From<Model> for ModelSummary {
    fn from(model: Model) -> Self {
        Self {
            id: model.id,
            number: model.number,
            name: model.name,
            version: model.version,
            status: status_name(model.status),
            task: model.task,
            algorithm: model.algorithm,
            dataset_id: model.dataset_id,
            dataset_name: model.dataset_name,
            target: model.target,
            metrics: model.metrics.and_then(typed),
            verdict: model.verdict,
            error: model.error.and_then(FailureBody::read),
            job_id: model.job_id,
            fit_seconds: model.fit_seconds,
            visibility: visibility_name(model.visibility),
            guest_slug: model.guest_slug,
            shared_by: None,
            aliases: Vec::new(),
            tags: typed(model.tags).unwrap_or_default(),
            bytes: model.bytes,
            created_at: moment(model.created_at),
            finished_at: model.finished_at.map(moment),
        }
    }
}

impl From<ModelDetail> for ModelBody {
    fn from(detail: ModelDetail) -> Self {
        let mut card = detail.card;
        let own = card.shared_by.is_none();
        let model = &mut card.model;
        Self {
            classes: detail.classes.and_then(typed),
            signature: detail.signature.and_then(typed),
            params: std::mem::take(&mut model.params).into(),
            features: model.features.take().and_then(typed),
            test_size: model.test_size,
            folds: model.folds,
            seed: model.seed,
            effort: model.effort.take(),
            metric: model.metric.take(),
            positive_class: model.positive_class.take(),
            notes: model.notes.take().filter(|_| own),
            request: own.then(|| std::mem::take(&mut model.spec).into()),
            summary: card.into(),
        }
    }
}
