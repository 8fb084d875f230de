//! Data sets: brought, looked at, renamed, deleted.

pub(super) mod delete;
pub(super) mod get;
pub(super) mod list;
pub(super) mod preview;
pub(super) mod profile;
pub(super) mod rename;
pub(super) mod rows;
pub(super) mod samples;
pub(super) mod schema;
pub(super) mod upload;

use serde::Serialize;
use trainyard_platform::{Dataset, DatasetCard, DatasetStatus};
use utoipa::ToSchema;
use uuid::Uuid;

use super::jobs::FailureBody;
use super::times::moment;
use crate::extract::Version;

/// A data set.
#[derive(Serialize, ToSchema)]
#[schema(as = Dataset)]
pub(crate) struct DatasetBody {
    id: Uuid,
    /// The small number people see.
    number: i32,
    #[schema(example = "titanic")]
    name: String,
    #[schema(example = "titanic.csv")]
    file_name: String,
    /// `profiling`, `ready` or `failed`.
    #[schema(example = "ready")]
    status: &'static str,
    rows: Option<i64>,
    columns: Option<i32>,
    /// Which reading of the file this is, from 1.
    revision: i32,
    /// Length of the uploaded file.
    bytes: i64,
    /// `csv`, `tsv`, `xlsx`, `parquet`, `json_lines` or `pictures`.
    format: Option<String>,
    /// Why it could not be read.
    error: Option<FailureBody>,
    /// The job that reads it.
    job_id: Option<Uuid>,
    /// Models trained on it.
    models: u64,
    /// The column a person most likely wants to predict.
    suggested_target: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
}

/// Which version of a data set this is.
fn version(card: &DatasetCard) -> Version {
    Version::since(card.dataset.updated_at)
}

impl From<DatasetCard> for DatasetBody {
    fn from(card: DatasetCard) -> Self {
        let dataset = card.dataset;
        Self {
            id: dataset.id,
            number: dataset.number,
            name: dataset.name,
            file_name: dataset.file_name,
            status: match dataset.status {
                DatasetStatus::Profiling => "profiling",
                DatasetStatus::Ready => "ready",
                DatasetStatus::Failed => "failed",
            },
            rows: dataset.rows,
            columns: dataset.columns,
            revision: dataset.revision,
            bytes: dataset.bytes,
            format: dataset.format,
            error: dataset.error.and_then(FailureBody::read),
            job_id: dataset.job_id,
            models: card.models,
            suggested_target: dataset.suggested_target,
            created_at: moment(dataset.created_at),
        }
    }
}

impl From<Dataset> for DatasetBody {
    /// A data set nobody has trained on yet.
    fn from(dataset: Dataset) -> Self {
        Self::from(DatasetCard { dataset, models: 0 })
    }
}
