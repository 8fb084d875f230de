//! What a model wants to be asked, in tensors.

use axum::extract::State;
use serde::Serialize;
use trainyard_platform::{Kind, ModelFace};
use utoipa::ToSchema;

use super::TensorMetadata;
use crate::App;
use crate::extract::{Json, Name, SignedIn};
use crate::problem::Problem;

/// What a model takes and gives.
#[derive(Serialize, ToSchema)]
pub(crate) struct ModelMetadata {
    /// As it was asked for.
    name: String,
    /// The identifier of the version.
    versions: Vec<String>,
    #[schema(example = "trainyard")]
    platform: &'static str,
    /// One tensor a column.
    inputs: Vec<TensorMetadata>,
    /// `prediction`, and `probability:<class>` for each class.
    outputs: Vec<TensorMetadata>,
}

/// Whether a model answers.
#[derive(Serialize, ToSchema)]
pub(crate) struct ModelReady {
    name: String,
    ready: bool,
}

/// What a model takes and gives
#[utoipa::path(
    get, path = "/v2/models/{id}", operation_id = "v2_model", tag = "inference",
    params(("id" = String, Path, description = "The model's identifier, or its name for the latest version that is ready")),
    responses((status = 200, body = ModelMetadata))
)]
pub(crate) async fn metadata(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Name(id): Name,
) -> Result<Json<ModelMetadata>, Problem> {
    let face = app.platform.predictions().face(&caller, &id).await?;
    let inputs = face.signature.iter().map(|field| TensorMetadata {
        name: field.name.clone(),
        datatype: datatype(field.kind).to_owned(),
        shape: vec![-1],
    });
    Ok(Json(ModelMetadata {
        name: id,
        versions: vec![face.id.to_string()],
        platform: "trainyard",
        inputs: inputs.collect(),
        outputs: outputs(&face),
    }))
}

/// Whether a model answers
#[utoipa::path(
    get, path = "/v2/models/{id}/ready", operation_id = "v2_model_ready", tag = "inference",
    params(("id" = String, Path, description = "The model's identifier, or its name for the latest version that is ready")),
    responses((status = 200, body = ModelReady))
)]
pub(crate) async fn ready(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Name(id): Name,
) -> Result<Json<ModelReady>, Problem> {
    app.platform.predictions().face(&caller, &id).await?;
    Ok(Json(ModelReady {
        name: id,
        ready: true,
    }))
}

/// What a column's values are best sent as; whatever a request may hold is read all the same.
fn datatype(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer => "INT64",
        Kind::Number => "FP64",
        Kind::Boolean => "BOOL",
        Kind::Date | Kind::Category | Kind::Text | Kind::Identifier => "BYTES",
    }
}

/// Every output a model has.
pub(super) fn outputs(face: &ModelFace) -> Vec<TensorMetadata> {
    let tensor = |name: String, datatype: &str| TensorMetadata {
        name,
        datatype: datatype.to_owned(),
        shape: vec![-1],
    };
    let classes = face.classes.as_deref().unwrap_or_default();
    let answer = match face.classes {
        Some(_) => "BYTES",
        None => "FP64",
    };
    let probabilities = classes
        .iter()
        .map(|class| tensor(format!("probability:{class}"), "FP64"));
    [tensor("prediction".to_owned(), answer)]
        .into_iter()
        .chain(probabilities)
        .collect()
}
