//! A study is asked for.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use trainyard_platform::{NewStudying, SearchSpec, SplitSpec, TaskChoice, TrainRequest};
use utoipa::ToSchema;
use uuid::Uuid;

use super::StudyBody;
use crate::App;
use crate::extract::{IdempotencyKey, Json, SignedIn, Wait};
use crate::problem::Problem;
use crate::routes::accepted;
use crate::routes::models::recipe::{SearchBody, SplitBody};

/// What to look for. Data set, target, algorithm and search have to be said.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BeginStudy {
    dataset_id: Uuid,
    /// What the best will be called; the data set's name unless said.
    name: Option<String>,
    /// The column to predict.
    #[schema(example = "survived")]
    target: String,
    /// `auto`, `classification` or `regression`; auto unless said.
    #[schema(value_type = Option<String>, example = "auto")]
    task: Option<TaskChoice>,
    /// An algorithm's name.
    #[schema(example = "random_forest")]
    algorithm: String,
    /// What to try.
    #[schema(value_type = SearchBody)]
    search: SearchSpec,
    /// What decides, as reports name it; accuracy or RMSE unless said.
    metric: Option<String>,
    /// The class that precision and recall speak of, where there are two.
    positive_class: Option<String>,
    /// Parameters that stay fixed.
    #[schema(value_type = Option<Object>)]
    params: Option<Map<String, Value>>,
    /// The columns to learn from; all but the target unless said.
    features: Option<Vec<String>>,
    /// The share of rows held out for the test, 0.05 to 0.5; 0.2 unless said. No trial sees them.
    #[schema(minimum = 0.05, maximum = 0.5)]
    test_size: Option<f64>,
    /// How rows are divided into training and test, and into folds; at random unless said.
    #[schema(value_type = Option<SplitBody>)]
    split: Option<SplitSpec>,
    /// The column that says how much each row counts while learning.
    weights: Option<String>,
    /// All randomness derives from this; 42 unless said.
    seed: Option<u64>,
}

/// An accepted study.
#[derive(Serialize, ToSchema)]
pub(crate) struct StudyAccepted {
    #[serde(flatten)]
    study: StudyBody,
    /// Tokens charged; given back when it finds nothing.
    #[schema(example = 1)]
    charged: i64,
    #[schema(example = 14)]
    balance: i64,
}

/// Begin a study
///
/// Settings are tried one after another on folds of the training rows; the best is fitted on all of them, tested on the
/// others, and waits until you save it or let it go. Follow the job in `Location` and the trials beside it, or send
/// `Prefer: wait=N`.
#[utoipa::path(
    post, path = "/studies", operation_id = "begin_study", tag = "studies", request_body = BeginStudy,
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Charges the same request once"),
        ("Prefer" = Option<String>, Header, description = "`wait=N`: wait up to N ≤ 60 seconds")
    ),
    responses((status = 202, body = StudyAccepted), (status = 200, body = StudyBody, description = "Done in time"))
)]
pub(crate) async fn begin(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    IdempotencyKey(idempotency_key): IdempotencyKey,
    wait: Wait,
    Json(body): Json<BeginStudy>,
) -> Result<Response, Problem> {
    let studies = app.platform.studies();
    let accepted = studies.begin(&caller, asked(body, idempotency_key)).await?;
    let job = accepted.study.job_id;
    let headers = accepted::headers(job, accepted.replayed);
    if accepted::ended(&app, &caller, &wait, job).await?.is_some() {
        let study = studies.get(&caller, accepted.study.id).await?;
        return Ok((StatusCode::OK, headers, Json(StudyBody::from(study))).into_response());
    }
    let body = StudyAccepted {
        study: accepted.study.into(),
        charged: accepted.charged,
        balance: accepted.balance,
    };
    Ok((StatusCode::ACCEPTED, headers, Json(body)).into_response())
}

fn asked(body: BeginStudy, idempotency_key: Option<String>) -> NewStudying {
    let request = TrainRequest {
        target: body.target,
        task: body.task,
        algorithm: Some(body.algorithm),
        metric: body.metric,
        positive_class: body.positive_class,
        params: body.params,
        features: body.features,
        test_size: body.test_size,
        split: body.split,
        weights: body.weights,
        search: Some(body.search),
        seed: body.seed,
        ..TrainRequest::default()
    };
    NewStudying {
        dataset_id: body.dataset_id,
        name: body.name,
        spec: request.into(),
        idempotency_key,
    }
}
