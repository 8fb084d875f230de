//! A job as it goes: server-sent events until it has ended, or until the server stops.

use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderName;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use utoipa::ToSchema;

use super::JobBody;
use crate::App;
use crate::extract::{Id, SignedIn};
use crate::problem::Problem;

/// How often a silent stream says that it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// One event of the stream.
#[derive(ToSchema)]
#[schema(as = JobEvent)]
#[expect(dead_code, reason = "it describes what the stream writes by itself")]
pub(crate) struct JobEventBody {
    #[schema(example = "job")]
    event: String,
    /// The whole job, in JSON.
    data: String,
}

/// A job as it goes
///
/// Server-sent events named `job`, each with the whole job, at once and after every change; the stream ends after the
/// state that nothing follows.
#[utoipa::path(
    get, path = "/jobs/{id}/events", operation_id = "job_events", tag = "jobs",
    params(("id" = uuid::Uuid, Path, description = "The job")),
    responses((status = 200, body = JobEventBody, content_type = "text/event-stream"))
)]
pub(crate) async fn events(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<Response, Problem> {
    let jobs = app.platform.jobs().watch(&caller, id).await?;
    let events = jobs
        .map(|job| Event::default().event("job").json_data(JobBody::from(job)))
        .take_until(app.stopping.clone().cancelled_owned());
    let stream = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    // Proxies that gather answers would hold events back.
    Ok((
        [(HeaderName::from_static("x-accel-buffering"), "no")],
        stream,
    )
        .into_response())
}
