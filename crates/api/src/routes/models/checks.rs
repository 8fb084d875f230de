//! Checks of a trained model that are jobs: a learning curve, self-tests, and training it again to compare the bytes.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use trainyard_platform::{Caller, Check, JobStatus};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::App;
use crate::extract::{IdempotencyKey, Json, Name, SignedIn, Wait};
use crate::problem::Problem;
use crate::routes::accepted;
use crate::routes::jobs::job_status;

/// An accepted check.
#[derive(Serialize, ToSchema)]
pub(crate) struct CheckAccepted {
    job_id: Uuid,
    #[schema(example = "queued")]
    status: &'static str,
    /// Tokens charged; given back when it fails.
    #[schema(example = 1)]
    charged: i64,
    #[schema(example = 14)]
    balance: i64,
}

async fn begin(
    app: App,
    caller: Caller,
    key: Option<String>,
    wait: Wait,
    id: &str,
    check: Check,
) -> Result<Response, Problem> {
    let models = app.platform.models();
    let accepted = models.check(&caller, id, check, key).await?;
    let job = accepted.job;
    let headers = accepted::headers(Some(job.id), accepted.replayed);
    let ended = accepted::ended(&app, &caller, &wait, Some(job.id)).await?;
    if ended.is_some_and(|job| job.status == JobStatus::Done) {
        let found = models.finding(&caller, id, check).await?;
        return Ok((StatusCode::OK, headers, Json(found)).into_response());
    }
    let body = CheckAccepted {
        job_id: job.id,
        status: job_status(job.status),
        charged: accepted.charged,
        balance: accepted.balance,
    };
    Ok((StatusCode::ACCEPTED, headers, Json(body)).into_response())
}

macro_rules! checks {
    ($($begin:ident, $show:ident, $path:literal, $begins:literal, $shows:literal, $check:ident, $asked:literal, $found:literal;)*) => {$(
        #[doc = $asked]
        #[utoipa::path(
            post, path = $path, operation_id = $begins, tag = "reports",
            params(
                ("id" = String, Path, description = "The model's identifier, or its name for the latest version that is ready"),
                ("Idempotency-Key" = Option<String>, Header, description = "Charges the same request once"),
                ("Prefer" = Option<String>, Header, description = "`wait=N`: wait up to N ≤ 60 seconds")
            ),
            responses((status = 202, body = CheckAccepted), (status = 200, body = Object, description = "Done in time"))
        )]
        pub(crate) async fn $begin(
            State(app): State<App>,
            SignedIn(caller): SignedIn,
            IdempotencyKey(key): IdempotencyKey,
            wait: Wait,
            Name(id): Name,
        ) -> Result<Response, Problem> {
            begin(app, caller, key, wait, &id, Check::$check).await
        }

        #[doc = $found]
        #[utoipa::path(
            get, path = $path, operation_id = $shows, tag = "reports",
            params(("id" = String, Path, description = "The model's identifier, or its name for the latest version that is ready")),
            responses((status = 200, body = Object))
        )]
        pub(crate) async fn $show(
            State(app): State<App>,
            SignedIn(caller): SignedIn,
            Name(id): Name,
        ) -> Result<Json<Value>, Problem> {
            Ok(Json(app.platform.models().finding(&caller, &id, Check::$check).await?))
        }
    )*};
}

checks! {
    begin_learning_curve, learning_curve, "/models/{id}/learning-curve", "begin_learning_curve", "learning_curve", LearningCurve,
        "Work out a learning curve: the model's recipe on growing shares of the rows, at the price of a training",
        "The learning curve: `points` with the scores on rows learned from and on rows held out; whether more rows would help";
    begin_self_tests, self_tests, "/models/{id}/self-tests", "begin_self_tests", "self_tests", SelfTests,
        "Test whether a model's scores can be believed, at the price of a training",
        "The self-tests: `shuffled_target`, `duplicates` across the split and `leak`, each with `passed` and a plain sentence";
    begin_retraining, retraining, "/models/{id}/retraining", "begin_retraining", "retraining", Retraining,
        "Train a model again from its lineage and compare the bytes, at the price of a training",
        "Whether training again made the `same` bytes";
}
