//! A training is asked for.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use trainyard_platform::{
    Budget, Effort, NewTraining, PictureContent, PictureOptions, SearchSpec, Shifts, SplitSpec,
    TaskChoice, TrainRequest,
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::recipe::{BudgetBody, SearchBody, SplitBody};
use super::{ModelBody, status_name};
use crate::App;
use crate::extract::{IdempotencyKey, Json, Query, SignedIn, Wait};
use crate::problem::Problem;
use crate::routes::accepted;

/// What to train. Only the data set and the target have to be said.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrainBody {
    dataset_id: Uuid,
    /// The model's name; the data set's unless said. A name that exists gets another version.
    name: Option<String>,
    /// The column to predict.
    #[schema(example = "survived")]
    target: String,
    /// `auto`, `classification` or `regression`; auto unless said.
    #[schema(value_type = Option<String>, example = "auto")]
    task: Option<TaskChoice>,
    /// An algorithm's name, or `auto` to race those that fit the task; auto unless said.
    #[schema(example = "random_forest")]
    algorithm: Option<String>,
    /// How long a race looks: `quick`, `balanced` or `thorough`; balanced unless said.
    #[schema(value_type = Option<String>)]
    effort: Option<Effort>,
    /// What a race may spend, instead of an effort.
    #[schema(value_type = Option<BudgetBody>)]
    budget: Option<Budget>,
    /// What decides a race: `accuracy`, `balanced_accuracy`, `f1`, `recall`, `precision`, `log_loss`, `roc_auc`, `r2`,
    /// `rmse`, `mae` and those the report names.
    metric: Option<String>,
    /// The class that precision and recall speak of, where there are two.
    positive_class: Option<String>,
    /// The algorithm's parameters by name; see `/algorithms`.
    #[schema(value_type = Option<Object>)]
    params: Option<Map<String, Value>>,
    /// The columns to learn from; all but the target unless said.
    features: Option<Vec<String>>,
    /// The columns are the pixels of pictures, row by row. Sets of pictures say so themselves.
    pictures: Option<PicturesBody>,
    /// The share of rows held out for the test, 0.05 to 0.5; 0.2 unless said.
    #[schema(minimum = 0.05, maximum = 0.5)]
    test_size: Option<f64>,
    /// How rows are divided into training and test, and into folds; at random unless said.
    #[schema(value_type = Option<SplitBody>)]
    split: Option<SplitSpec>,
    /// The column that says how much each row counts while learning: numbers of at least 0. It is no feature, and test
    /// rows count once each. (How much classes count is the parameter `class_weight` of an algorithm.)
    weights: Option<String>,
    /// Looks for better parameters first; `params` stay fixed meanwhile. Costs what a study costs.
    #[schema(value_type = Option<SearchBody>)]
    search: Option<SearchSpec>,
    /// Folds of an additional cross-validation, 2 to 20; 0 for none.
    folds: Option<usize>,
    /// All randomness derives from this; 42 unless said.
    seed: Option<u64>,
}

/// How columns make pictures.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Pictures)]
pub(crate) struct PicturesBody {
    /// Rows of pixels.
    #[schema(example = 8)]
    height: usize,
    /// Pixels in each.
    #[schema(example = 8)]
    width: usize,
    /// `ink` for something written or drawn, bright on black; `scene` for anything else. Ink unless said.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "ink")]
    content: PictureContent,
    /// Moved copies to learn from beside each picture: `none`, `four` or `eight`. None unless said.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "none")]
    shifts: Shifts,
}

/// An accepted training.
#[derive(Serialize, ToSchema)]
pub(crate) struct TrainAccepted {
    id: Uuid,
    number: i32,
    name: String,
    version: i32,
    #[schema(example = "queued")]
    status: &'static str,
    job_id: Uuid,
    /// Tokens charged; given back when the training fails.
    #[schema(example = 1)]
    charged: i64,
    #[schema(example = 14)]
    balance: i64,
}

/// Whether to train at all.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TrainQuery {
    /// `true`: checks the request and answers what it would take and cost (200); nothing is charged or stored.
    #[serde(default)]
    dry_run: bool,
}

/// What a training would take and cost.
#[derive(Serialize, ToSchema)]
pub(crate) struct Estimate {
    /// Seconds on this server, about; real data may be a factor of 2 quicker or slower.
    #[schema(example = 2.5)]
    seconds: f64,
    /// Bytes of memory beyond the table, about.
    bytes: u64,
    /// Seconds after which its job is stopped; what looks for something is content with the best so far well before.
    ceiling_seconds: f64,
    /// Bytes of memory that its job is held to.
    ceiling_bytes: u64,
    /// Tokens it would cost.
    #[schema(example = 1)]
    tokens: i64,
    /// Your tokens.
    #[schema(example = 15)]
    balance: i64,
}

impl From<trainyard_platform::TrainingEstimate> for Estimate {
    fn from(estimate: trainyard_platform::TrainingEstimate) -> Self {
        Self {
            seconds: estimate.seconds,
            bytes: estimate.bytes,
            ceiling_seconds: estimate.ceiling.seconds,
            ceiling_bytes: estimate.ceiling.bytes,
            tokens: estimate.tokens,
            balance: estimate.balance,
        }
    }
}

/// What a training answers at once.
#[derive(Serialize, ToSchema)]
#[schema(as = ModelOrEstimate)]
#[serde(untagged)]
pub(crate) enum Answered {
    Model(Box<ModelBody>),
    Estimate(Estimate),
}

/// Train a model
///
/// What can be found wrong is found before anything is charged. Follow the job in `Location`, or send
/// `Prefer: wait=N` to be answered with the model when it is done in time. With `Idempotency-Key`, the same request
/// under the same key is charged once.
#[utoipa::path(
    post, path = "/models", operation_id = "train", tag = "models", request_body = TrainBody,
    params(
        TrainQuery,
        ("Idempotency-Key" = Option<String>, Header, description = "Charges the same request once"),
        ("Prefer" = Option<String>, Header, description = "`wait=N`: wait up to N ≤ 60 seconds")
    ),
    responses((status = 202, body = TrainAccepted), (status = 200, body = Answered, description = "Done in time, or a dry run"))
)]
pub(crate) async fn train(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    IdempotencyKey(idempotency_key): IdempotencyKey,
    wait: Wait,
    Query(query): Query<TrainQuery>,
    Json(request): Json<TrainBody>,
) -> Result<Response, Problem> {
    let (dataset_id, name) = (request.dataset_id, request.name.clone());
    let spec = TrainRequest::from(request).into();
    if query.dry_run {
        let models = app.platform.models();
        let estimate = models.estimate(&caller, dataset_id, spec).await?;
        return Ok(Json(Answered::Estimate(estimate.into())).into_response());
    }
    let training = NewTraining {
        dataset_id,
        name,
        spec,
        idempotency_key,
    };
    let accepted = app.platform.models().train(&caller, training).await?;
    let job = Some(accepted.job_id);
    let headers = accepted::headers(job, accepted.replayed);
    if accepted::ended(&app, &caller, &wait, job).await?.is_some() {
        let model = app
            .platform
            .models()
            .get(&caller, &accepted.model.id.to_string())
            .await?;
        let body = Answered::Model(Box::new(model.into()));
        return Ok((StatusCode::OK, headers, Json(body)).into_response());
    }
    let body = TrainAccepted {
        id: accepted.model.id,
        number: accepted.model.number,
        name: accepted.model.name,
        version: accepted.model.version,
        status: status_name(accepted.model.status),
        job_id: accepted.job_id,
        charged: accepted.charged,
        balance: accepted.balance,
    };
    Ok((StatusCode::ACCEPTED, headers, Json(body)).into_response())
}

impl From<TrainBody> for TrainRequest {
    fn from(body: TrainBody) -> Self {
        Self {
            target: body.target,
            task: body.task,
            algorithm: body.algorithm,
            effort: body.effort,
            budget: body.budget,
            metric: body.metric,
            positive_class: body.positive_class,
            params: body.params,
            features: body.features,
            pictures: body.pictures.map(|pictures| PictureOptions {
                height: pictures.height,
                width: pictures.width,
                content: pictures.content,
                shifts: pictures.shifts,
            }),
            test_size: body.test_size,
            split: body.split,
            weights: body.weights,
            search: body.search,
            folds: body.folds,
            seed: body.seed,
        }
    }
}
