//! Several algorithms on one table, for one price.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use trainyard_platform::{
    AlgorithmChoice, Job, Model, NewComparing, SplitSpec, TaskChoice, TrainRequest,
};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ModelSummary;
use super::recipe::SplitBody;
use crate::App;
use crate::extract::{Id, IdempotencyKey, Json, SignedIn, Wait};
use crate::problem::Problem;
use crate::routes::accepted;
use crate::routes::jobs::job_status;

/// Who takes part, and what all of them have in common.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompareTrainBody {
    dataset_id: Uuid,
    /// The models' name; the data set's unless said. Each becomes a version of it.
    name: Option<String>,
    /// The column to predict.
    #[schema(example = "survived")]
    target: String,
    /// `auto`, `classification` or `regression`; auto unless said.
    #[schema(value_type = Option<String>, example = "auto")]
    task: Option<TaskChoice>,
    /// 2 to 10 algorithms.
    algorithms: Vec<AlgorithmBody>,
    /// What decides which is best, as the report names it; accuracy or RMSE unless said.
    metric: Option<String>,
    /// The class that precision and recall speak of, where there are two.
    positive_class: Option<String>,
    /// The columns to learn from; all but the target unless said.
    features: Option<Vec<String>>,
    /// The share of rows held out for the test, 0.05 to 0.5; 0.2 unless said.
    #[schema(minimum = 0.05, maximum = 0.5)]
    test_size: Option<f64>,
    /// How rows are divided into training and test, and into folds; at random unless said.
    #[schema(value_type = Option<SplitBody>)]
    split: Option<SplitSpec>,
    /// The column that says how much each row counts while learning.
    weights: Option<String>,
    /// Folds of an additional cross-validation, 2 to 20; 0 for none.
    folds: Option<usize>,
    /// All randomness derives from this; 42 unless said.
    seed: Option<u64>,
}

/// An algorithm that takes part.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AlgorithmChoice)]
pub(crate) struct AlgorithmBody {
    /// Its name; see `/algorithms`. Not `auto`, which compares by itself.
    #[schema(example = "random_forest")]
    algorithm: String,
    /// Its parameters by name.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    params: Map<String, Value>,
}

/// A comparison.
#[derive(Serialize, ToSchema)]
pub(crate) struct Comparison {
    /// The job that trains them; also the comparison's own identifier.
    job_id: Uuid,
    /// `queued`, `running`, `done`, `failed` or `cancelled`.
    #[schema(example = "done")]
    status: &'static str,
    /// The best of those that could be trained, once all are.
    best: Option<Uuid>,
    /// One model an algorithm, in the order asked for. One that could not be trained is `failed` and says why; one that was
    /// deleted meanwhile is left out.
    models: Vec<ModelSummary>,
}

/// An accepted comparison.
#[derive(Serialize, ToSchema)]
pub(crate) struct CompareAccepted {
    job_id: Uuid,
    #[schema(example = "queued")]
    status: &'static str,
    models: Vec<ModelSummary>,
    /// Tokens charged, once for all; given back when none can be trained.
    #[schema(example = 1)]
    charged: i64,
    #[schema(example = 14)]
    balance: i64,
}

/// Train several algorithms and compare them
///
/// All learn from the same rows and are tested on the same others. The price is that of one training. Those that cannot be
/// trained are listed with the reason and do not hold the others up. Follow the job in `Location`, or send `Prefer: wait=N`.
#[utoipa::path(
    post, path = "/compare-train", operation_id = "compare_train", tag = "models", request_body = CompareTrainBody,
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Charges the same request once"),
        ("Prefer" = Option<String>, Header, description = "`wait=N`: wait up to N ≤ 60 seconds")
    ),
    responses((status = 202, body = CompareAccepted), (status = 200, body = Comparison, description = "Done in time"))
)]
pub(crate) async fn compare_train(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    IdempotencyKey(idempotency_key): IdempotencyKey,
    wait: Wait,
    Json(body): Json<CompareTrainBody>,
) -> Result<Response, Problem> {
    let models = app.platform.models();
    let accepted = models
        .compare_train(&caller, asked(body, idempotency_key))
        .await?;
    let job_id = accepted.job.id;
    let headers = accepted::headers(Some(job_id), accepted.replayed);
    let ended = accepted::ended(&app, &caller, &wait, Some(job_id)).await?;
    if ended.is_some() {
        let (job, models) = models.comparison(&caller, job_id).await?;
        return Ok((StatusCode::OK, headers, Json(body_of(job, models))).into_response());
    }
    let body = CompareAccepted {
        job_id,
        status: job_status(accepted.job.status),
        models: accepted.models.into_iter().map(Into::into).collect(),
        charged: accepted.charged,
        balance: accepted.balance,
    };
    Ok((StatusCode::ACCEPTED, headers, Json(body)).into_response())
}

/// A comparison
#[utoipa::path(
    get, path = "/compare-train/{id}", operation_id = "comparison", tag = "models",
    params(("id" = uuid::Uuid, Path, description = "The job that was answered when it was asked for")),
    responses((status = 200, body = Comparison))
)]
pub(crate) async fn comparison(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<Json<Comparison>, Problem> {
    let (job, models) = app.platform.models().comparison(&caller, id).await?;
    Ok(Json(body_of(job, models)))
}

fn body_of(job: Job, models: Vec<Model>) -> Comparison {
    let best = job
        .result
        .as_ref()
        .and_then(|result| result.get("best")?.as_str()?.parse().ok());
    Comparison {
        job_id: job.id,
        status: job_status(job.status),
        best,
        models: models.into_iter().map(Into::into).collect(),
    }
}

fn asked(body: CompareTrainBody, idempotency_key: Option<String>) -> NewComparing {
    let algorithms = body.algorithms.into_iter().map(|one| AlgorithmChoice {
        algorithm: one.algorithm,
        params: one.params,
    });
    let common = TrainRequest {
        target: body.target,
        task: body.task,
        metric: body.metric,
        positive_class: body.positive_class,
        features: body.features,
        test_size: body.test_size,
        split: body.split,
        weights: body.weights,
        folds: body.folds,
        seed: body.seed,
        ..TrainRequest::default()
    };
    NewComparing {
        dataset_id: body.dataset_id,
        name: body.name,
        spec: common.into(),
        algorithms: algorithms.collect(),
        idempotency_key,
    }
}
