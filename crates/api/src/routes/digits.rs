//! Handwritten digits: whether they can be read, reading one, and for administrators the models that do.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use trainyard_platform::{DigitsStatus, Model, PictureRequest};
use utoipa::ToSchema;
use uuid::Uuid;

use super::models::status_name;
use super::pictures::{PictureAnswerBody, PictureBody, PicturePredictionBody, answered, picture};
use crate::App;
use crate::extract::{IdempotencyKey, Json, RequestOrigin, SignedIn};
use crate::problem::Problem;
use crate::routes::accepted;

/// How the reading of digits stands.
#[derive(Serialize, ToSchema)]
#[schema(as = DigitsStatus)]
pub(crate) struct DigitsBody {
    /// `ready`, `preparing` while the first model is trained, `failed`, or `off`.
    #[schema(example = "ready")]
    status: &'static str,
    /// How far the first model is, while it is trained; as in jobs.
    #[schema(value_type = Option<Object>)]
    progress: Option<Value>,
    /// The model that answers.
    model: Option<DigitModelBody>,
    /// Whether people who are not signed in may ask.
    guests: bool,
}

/// A model of digits.
#[derive(Serialize, ToSchema)]
#[schema(as = DigitModel)]
pub(crate) struct DigitModelBody {
    id: Uuid,
    version: i32,
    #[schema(example = "svm")]
    algorithm: String,
    #[schema(example = "ready")]
    status: &'static str,
    /// How good it is, in a sentence.
    verdict: Option<String>,
}

impl From<Model> for DigitModelBody {
    fn from(model: Model) -> Self {
        Self {
            id: model.id,
            version: model.version,
            algorithm: model.algorithm,
            status: status_name(model.status),
            verdict: model.verdict,
        }
    }
}

impl From<DigitsStatus> for DigitsBody {
    fn from(status: DigitsStatus) -> Self {
        Self {
            status: status.state.name(),
            progress: status.progress,
            model: status.active.map(DigitModelBody::from),
            guests: status.guests,
        }
    }
}

/// Whether digits are read
#[utoipa::path(
    get, path = "/digits", operation_id = "digits_status", tag = "digits", security(()),
    responses((status = 200, body = DigitsBody))
)]
pub(crate) async fn status(State(app): State<App>) -> Result<Json<DigitsBody>, Problem> {
    Ok(Json(app.platform.digits().status().await?.into()))
}

/// Read a digit
///
/// As `POST /models/{id}/pictures`, with the model of digits. Until the first one is trained the answer is 503 with its
/// progress and `Retry-After`.
#[utoipa::path(
    post, path = "/digits/predictions", operation_id = "read_digit", tag = "digits",
    params(("Idempotency-Key" = Option<String>, Header, description = "Charges the same request once")),
    request_body(content = PictureBody, description = "Or the bytes of a file, as the body or as the part `file` of a form"),
    responses((status = 200, body = PicturePredictionBody))
)]
pub(crate) async fn predict(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    IdempotencyKey(idempotency_key): IdempotencyKey,
    request: Request,
) -> Result<Response, Problem> {
    let request = PictureRequest {
        picture: picture(&app, request).await?,
        idempotency_key,
    };
    let predicted = app.platform.digits().predict(&caller, request).await?;
    Ok(answered(predicted))
}

/// What a guest is told.
#[derive(Serialize, ToSchema)]
#[schema(as = GuestPicturePrediction)]
pub(crate) struct GuestDigitBody {
    #[schema(value_type = PictureAnswerBody)]
    prediction: Value,
}

/// Read a digit as a guest
///
/// Nobody has to be signed in, and nobody pays; the setting `digits_guest_calls` says how many there are in a day.
#[utoipa::path(
    post, path = "/digits/guest-predictions", operation_id = "guest_read_digit", tag = "digits", security(()),
    request_body(content = PictureBody, description = "Or the bytes of a file, as the body or as the part `file` of a form"),
    responses((status = 200, body = GuestDigitBody))
)]
pub(crate) async fn predict_for_guest(
    State(app): State<App>,
    RequestOrigin(origin): RequestOrigin,
    request: Request,
) -> Result<Json<GuestDigitBody>, Problem> {
    let request = PictureRequest {
        picture: picture(&app, request).await?,
        idempotency_key: None,
    };
    let prediction = app
        .platform
        .digits()
        .predict_for_guest(request, origin)
        .await?;
    Ok(Json(GuestDigitBody { prediction }))
}

/// Every model of digits.
#[derive(Serialize, ToSchema)]
pub(crate) struct DigitModelsBody {
    items: Vec<DigitModelBody>,
}

/// Models of digits
#[utoipa::path(
    get, path = "/admin/digits/models", operation_id = "digit_models", tag = "admin",
    responses((status = 200, body = DigitModelsBody))
)]
pub(crate) async fn models(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
) -> Result<Json<DigitModelsBody>, Problem> {
    let models = app.platform.digits().models(&caller).await?;
    let items = models.into_iter().map(DigitModelBody::from).collect();
    Ok(Json(DigitModelsBody { items }))
}

/// With what to train.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DigitTraining)]
pub(crate) struct TrainDigitsBody {
    /// `svm`, `random_forest`, `extra_trees`, `neural_net`, `logistic_regression` or `knn`; svm unless said.
    #[schema(example = "svm")]
    algorithm: Option<String>,
}

/// Train a model of digits
///
/// On the pictures that come with the program. It does not answer before it is chosen, unless it is the only one. Follow the
/// job in `Location`.
#[utoipa::path(
    post, path = "/admin/digits/models", operation_id = "train_digits", tag = "admin", request_body = TrainDigitsBody,
    responses((status = 202, body = DigitModelBody))
)]
pub(crate) async fn train(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Json(request): Json<TrainDigitsBody>,
) -> Result<Response, Problem> {
    let algorithm = request.algorithm.as_deref();
    let model = app.platform.digits().train(&caller, algorithm).await?;
    let headers = accepted::headers(model.job_id, false);
    let body = Json(DigitModelBody::from(model));
    Ok((StatusCode::ACCEPTED, headers, body).into_response())
}

/// Which model answers.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DigitChoice)]
pub(crate) struct ChooseDigitsBody {
    /// One of the models of digits.
    model_id: Uuid,
}

/// Choose the model that reads digits
#[utoipa::path(
    patch, path = "/admin/digits", operation_id = "choose_digits", tag = "admin", request_body = ChooseDigitsBody,
    responses((status = 200, body = DigitsBody))
)]
pub(crate) async fn choose(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Json(request): Json<ChooseDigitsBody>,
) -> Result<Json<DigitsBody>, Problem> {
    let status = app
        .platform
        .digits()
        .choose(&caller, request.model_id)
        .await?;
    Ok(Json(status.into()))
}
