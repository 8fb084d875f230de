//! Files that models answer.

pub(crate) mod cancel;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod result;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use trainyard_platform::BatchCard;
use utoipa::ToSchema;
use uuid::Uuid;

use super::jobs::{FailureBody, JobBody, job_status};
use super::times::moment;

/// A file and where its answering stands.
#[derive(Serialize, ToSchema)]
#[schema(as = Batch)]
pub(crate) struct BatchBody {
    id: Uuid,
    /// Which model; it may be gone.
    model_id: Uuid,
    /// What it was called.
    model_name: String,
    file_name: String,
    /// `csv`, `tsv`, `xlsx`, `json_lines` or `parquet`.
    #[schema(example = "csv")]
    format: String,
    /// The file's size.
    bytes: i64,
    /// Rows, counted before they were paid for.
    rows: i64,
    /// How answers are written: `csv` or `parquet`.
    #[schema(example = "csv")]
    result_format: String,
    proba: bool,
    /// Tokens it cost; given back when it failed or was cancelled.
    charged: i64,
    /// `queued`, `running`, `done`, `failed` or `cancelled`.
    #[schema(example = "running")]
    status: &'static str,
    /// Its job; `done` and `of` of its progress count rows.
    job: JobBody,
    /// Why it failed.
    error: Option<FailureBody>,
    /// What was odd, counted by column.
    warnings: Vec<BatchWarningBody>,
    /// The size of the answers, once they are there.
    result_bytes: Option<i64>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    finished_at: Option<String>,
}

/// How many cells of a column are odd in one way.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = BatchWarning)]
pub(crate) struct BatchWarningBody {
    column: String,
    /// `wrong_type`, `out_of_range`, `unknown_category` or `missing_column`.
    code: String,
    rows: u64,
    detail: String,
}

impl From<BatchCard> for BatchBody {
    fn from(card: BatchCard) -> Self {
        let BatchCard { batch, job } = card;
        let error = job.error.clone().and_then(FailureBody::read);
        let status = job_status(job.status);
        let job = JobBody::from(job);
        let warnings = batch.warnings.map(Value::from);
        Self {
            id: batch.id,
            model_id: batch.model_id,
            model_name: batch.model_name,
            file_name: batch.file_name,
            format: batch.format,
            bytes: batch.bytes,
            rows: batch.rows,
            result_format: batch.result_format,
            proba: batch.probabilities,
            charged: batch.price,
            status,
            job,
            error,
            warnings: warnings
                .and_then(|warnings| serde_json::from_value(warnings).ok())
                .unwrap_or_default(),
            result_bytes: batch.result_bytes,
            created_at: moment(batch.created_at),
            finished_at: batch.finished_at.map(moment),
        }
    }
}
