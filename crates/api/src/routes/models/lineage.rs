//! Where a model comes from.

use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::App;
use crate::extract::{Json, Name, SignedIn};
use crate::problem::Problem;
use crate::routes::times::moment;

/// Where a model comes from: with this the same bytes can be made again on one kind of processor.
#[derive(Serialize, ToSchema)]
#[schema(as = Lineage)]
pub(crate) struct LineageBody {
    model_id: Uuid,
    name: String,
    version: i32,
    /// What the data set was called.
    dataset_name: String,
    /// The data set, while it exists.
    dataset_id: Option<Uuid>,
    /// BLAKE3 of the data set as it was brought; null for a model that was brought as a file.
    data_hash: Option<String>,
    /// BLAKE3 of the table it was read into.
    table_hash: Option<String>,
    /// Whether that table is still there, so that the training can be done again.
    table_kept: bool,
    /// The whole request, as the trainer read it.
    #[schema(value_type = Object)]
    request: Value,
    /// All randomness derived from this.
    seed: i64,
    /// The version of the program that trained it.
    version_of_program: Option<String>,
    /// The instruction set that was computed with.
    kernel: Option<String>,
    /// BLAKE3 of the model file.
    model_hash: Option<String>,
    /// The model file's length.
    bytes: Option<i64>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    finished_at: Option<String>,
}

/// Where a model comes from
#[utoipa::path(
    get, path = "/models/{id}/lineage", operation_id = "lineage", tag = "models",
    params(("id" = String, Path, description = "The model's identifier, or its name for the latest version that is ready")),
    responses((status = 200, body = LineageBody))
)]
pub(crate) async fn lineage(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Name(id): Name,
) -> Result<Json<LineageBody>, Problem> {
    let lineage = app.platform.models().lineage(&caller, &id).await?;
    let (model, record) = (lineage.model, lineage.record);
    let text = |name: &str| record.as_ref()?.get(name)?.as_str().map(str::to_owned);
    Ok(Json(LineageBody {
        data_hash: text("data_hash"),
        version_of_program: text("version"),
        kernel: text("kernel"),
        table_kept: lineage.table_kept,
        model_id: model.id,
        name: model.name,
        version: model.version,
        dataset_name: model.dataset_name,
        dataset_id: model.dataset_id,
        table_hash: model.dataset_hash,
        request: model.spec.into(),
        seed: model.seed,
        model_hash: model.artifact_hash,
        bytes: model.bytes,
        created_at: moment(model.created_at),
        finished_at: model.finished_at.map(moment),
    }))
}
