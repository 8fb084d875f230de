//! Handwritten digits: whether they can be read, reading one, and for administrators the models that do.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use trainyard_platform::{DigitsStatus, Model};
use utoipa::ToSchema;
use uuid::Uuid;

use super::guests::GuestPictureBody;
use super::models::status_name;
use super::pictures::{PictureBody, PicturePredictionBody, PictureQuery, answered, asked};
use crate::App;
use crate::extract::{
    IdempotencyKey, IfMatch, Json, Query, RequestOrigin, SignedIn, Tagged, Version,
};
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

/// What is chosen about digits is which model answers.
fn version(status: &DigitsStatus) -> Version {
    let active = status.active.as_ref().map(|model| model.id);
    Version::of_text(&active.unwrap_or_default().to_string())
}

fn body(status: DigitsStatus) -> Tagged<DigitsBody> {
    Tagged(version(&status), status.into())
}

/// Whether digits are read
#[utoipa::path(
    get, path = "/digits", operation_id = "digits_status", tag = "digits", security(()),
    responses((
        status = 200, body = DigitsBody,
        headers(("ETag" = String, description = "Which model answers, for `If-Match`"))
    ))
)]
pub(crate) async fn status(State(app): State<App>) -> Result<Tagged<DigitsBody>, Problem> {
    Ok(body(app.platform.digits().status().await?))
}

/// Read a digit
///
/// As `POST /models/{id}/pictures`, with the model of digits. Until the first one is trained the answer is 503 with its
/// progress and `Retry-After`.
#[utoipa::path(
    post, path = "/digits/predictions", operation_id = "read_digit", tag = "digits",
    params(("Idempotency-Key" = Option<String>, Header, description = "Charges the same request once"), PictureQuery),
    request_body(content = PictureBody, description = "Or the bytes of a file, as the body or as the part `file` of a form"),
    responses((status = 200, body = PicturePredictionBody))
)]
pub(crate) async fn predict(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    IdempotencyKey(idempotency_key): IdempotencyKey,
    Query(query): Query<PictureQuery>,
    request: Request,
) -> Result<Response, Problem> {
    let request = asked(&app, request, &query, idempotency_key).await?;
    let predicted = app.platform.digits().predict(&caller, request).await?;
    Ok(answered(predicted))
}

/// Read a digit as a guest
///
/// Nobody has to be signed in, and nobody pays; the setting `digits_guest_calls` says how many there are in a day.
#[utoipa::path(
    post, path = "/digits/guest-predictions", operation_id = "guest_read_digit", tag = "digits", security(()),
    params(PictureQuery),
    request_body(content = PictureBody, description = "Or the bytes of a file, as the body or as the part `file` of a form"),
    responses((status = 200, body = GuestPictureBody))
)]
pub(crate) async fn predict_for_guest(
    State(app): State<App>,
    RequestOrigin(origin): RequestOrigin,
    Query(query): Query<PictureQuery>,
    request: Request,
) -> Result<Json<GuestPictureBody>, Problem> {
    let request = asked(&app, request, &query, None).await?;
    let prediction = app
        .platform
        .digits()
        .predict_for_guest(request, origin)
        .await?;
    Ok(Json(GuestPictureBody { prediction }))
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
    /// Its parameters, as `GET /algorithms` lists them; the usual ones where none is named.
    #[serde(default)]
    #[schema(value_type = Object, example = json!({ "C": 10 }))]
    params: Map<String, Value>,
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
    let digits = app.platform.digits();
    let model = digits.train(&caller, algorithm, request.params).await?;
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
    patch, path = "/admin/digits", operation_id = "choose_digits", tag = "admin",
    params(("If-Match" = Option<String>, Header, description = "The `ETag` of `GET /digits`: 412 when another was chosen since")),
    request_body = ChooseDigitsBody,
    responses((
        status = 200, body = DigitsBody,
        headers(("ETag" = String, description = "Which model answers, for `If-Match`"))
    ))
)]
pub(crate) async fn choose(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    if_match: IfMatch,
    Json(request): Json<ChooseDigitsBody>,
) -> Result<Tagged<DigitsBody>, Problem> {
    let digits = app.platform.digits();
    let seen = async || Ok(version(&digits.status().await?));
    let _turn = if_match.turn(&app, seen).await?;
    Ok(body(digits.choose(&caller, request.model_id).await?))
}
