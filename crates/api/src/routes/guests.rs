//! A model behind its guest link: nobody has to be signed in, and its owner pays.

use axum::extract::{Request, State};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use trainyard_platform::GuestRequest;
use utoipa::ToSchema;

use super::models::{SignatureBody, typed};
use super::pictures::{PictureAnswerBody, PictureBody, PictureQuery, asked};
use super::predictions::predict::AnswerBody;
use crate::App;
use crate::extract::{Json, Name, Query, RequestOrigin};
use crate::problem::Problem;

/// A shared model, as a guest sees it.
#[derive(Serialize, ToSchema)]
#[schema(as = GuestModel)]
pub(crate) struct GuestModelBody {
    name: String,
    /// The predicted column.
    target: String,
    /// `classification` or `regression`.
    task: Option<String>,
    /// How good it is, in a sentence.
    verdict: Option<String>,
    /// The classes, in the order of probabilities; null for numbers.
    classes: Option<Vec<String>>,
    /// What it wants to be asked: one entry a column.
    signature: Option<Vec<SignatureBody>>,
}

/// What a guest asks.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GuestPredictBody {
    /// 1 to 1,000 rows: objects by column name, or arrays in the signature's order.
    #[schema(value_type = Vec<Object>, min_items = 1, max_items = 1000, example = json!([{"age": 30, "sex": "female"}]))]
    rows: Vec<Value>,
    /// Whether the probability of every class is wanted.
    #[serde(default)]
    proba: bool,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct GuestPredictionsBody {
    /// One answer a row, in order.
    #[schema(value_type = Vec<AnswerBody>)]
    predictions: Value,
}

/// The model of a guest link
#[utoipa::path(
    get, path = "/g/{slug}", operation_id = "guest_model", tag = "guests", security(()),
    params(("slug" = String, Path, description = "The link's last part")),
    responses((status = 200, body = GuestModelBody))
)]
pub(crate) async fn show(
    State(app): State<App>,
    Name(slug): Name,
) -> Result<Json<GuestModelBody>, Problem> {
    let model = app.platform.predictions().shared_with_guests(&slug).await?;
    let classes: Option<Vec<String>> = typed(model.classes);
    Ok(Json(GuestModelBody {
        name: model.name,
        target: model.target,
        task: model.task,
        verdict: model.verdict,
        classes: classes.filter(|classes| !classes.is_empty()),
        signature: typed(model.signature),
    }))
}

/// Predict as a guest
///
/// The model's owner pays, for so many calls a day; one too many is 429, and 409 says that they cannot pay.
#[utoipa::path(
    post, path = "/g/{slug}/predictions", operation_id = "guest_predict", tag = "guests", security(()),
    params(("slug" = String, Path, description = "The link's last part")),
    request_body = GuestPredictBody, responses((status = 200, body = GuestPredictionsBody))
)]
pub(crate) async fn predict(
    State(app): State<App>,
    RequestOrigin(origin): RequestOrigin,
    Name(slug): Name,
    Json(request): Json<GuestPredictBody>,
) -> Result<Json<GuestPredictionsBody>, Problem> {
    let request = GuestRequest {
        rows: request.rows,
        probabilities: request.proba,
    };
    let predictions = app
        .platform
        .predictions()
        .predict_for_guest(&slug, request, origin)
        .await?;
    Ok(Json(GuestPredictionsBody { predictions }))
}

/// What a guest is told about a picture.
#[derive(Serialize, ToSchema)]
#[schema(as = GuestPicturePrediction)]
pub(crate) struct GuestPictureBody {
    #[schema(value_type = PictureAnswerBody)]
    pub(super) prediction: Value,
}

/// Predict from a picture as a guest
///
/// As `POST /models/{id}/pictures`, with a model of pictures behind a guest link. Its owner pays, for so many calls a day.
#[utoipa::path(
    post, path = "/g/{slug}/pictures", operation_id = "guest_predict_picture", tag = "guests", security(()),
    params(("slug" = String, Path, description = "The link's last part"), PictureQuery),
    request_body(content = PictureBody, description = "Or the bytes of a file, as the body or as the part `file` of a form"),
    responses((status = 200, body = GuestPictureBody))
)]
pub(crate) async fn predict_picture(
    State(app): State<App>,
    RequestOrigin(origin): RequestOrigin,
    Name(slug): Name,
    Query(query): Query<PictureQuery>,
    request: Request,
) -> Result<Json<GuestPictureBody>, Problem> {
    let request = asked(&app, request, &query, None).await?;
    let predictions = app.platform.predictions();
    let prediction = predictions
        .predict_picture_for_guest(&slug, request, origin)
        .await?;
    Ok(Json(GuestPictureBody { prediction }))
}
