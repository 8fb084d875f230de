//! How work that was accepted is answered, whatever it makes: where its job is, and whether it ended while it was waited
//! for.

use axum::http::{HeaderMap, HeaderValue, header};
use trainyard_platform::{Caller, Job};
use uuid::Uuid;

use crate::App;
use crate::extract::Wait;
use crate::problem::Problem;

/// Says where the job is, and whether the request had come before.
pub(super) fn headers(job: Option<Uuid>, replayed: bool) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let location = job.map(|job| HeaderValue::from_str(&format!("/api/v1/jobs/{job}")));
    if let Some(Ok(location)) = location {
        headers.insert(header::LOCATION, location);
    }
    if replayed {
        headers.insert("idempotency-replayed", HeaderValue::from_static("true"));
    }
    headers
}

/// The job as it ended, for a caller who waits and when it is in time.
pub(super) async fn ended(
    app: &App,
    caller: &Caller,
    wait: &Wait,
    job: Option<Uuid>,
) -> Result<Option<Job>, Problem> {
    let (Some(longest), Some(job)) = (wait.of(caller), job) else {
        return Ok(None);
    };
    let job = app.platform.jobs().wait(caller, job, longest).await?;
    Ok(Some(job).filter(|job| job.status.is_final()))
}
