//! Data sets that come with the program.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use trainyard_platform::{SAMPLES, Sample};
use utoipa::ToSchema;

use super::DatasetBody;
use super::upload::accepted;
use crate::App;
use crate::extract::{Json, Name, SignedIn, Wait};
use crate::problem::Problem;

/// Every sample.
#[derive(Serialize, ToSchema)]
pub(crate) struct SampleList {
    items: Vec<SampleBody>,
}

/// A sample.
#[derive(Serialize, ToSchema)]
#[schema(as = Sample)]
pub(crate) struct SampleBody {
    #[schema(example = "titanic")]
    name: &'static str,
    title: &'static str,
    description: &'static str,
    rows: u32,
    columns: u32,
    /// `classification` or `regression`.
    task: &'static str,
    target: &'static str,
    /// Where it comes from, and under which licence.
    source: &'static str,
}

impl From<&Sample> for SampleBody {
    fn from(sample: &Sample) -> Self {
        Self {
            name: sample.name,
            title: sample.title,
            description: sample.description,
            rows: sample.rows,
            columns: sample.columns,
            task: sample.task,
            target: sample.target,
            source: sample.source,
        }
    }
}

/// Data sets that come with the program
#[utoipa::path(get, path = "/samples", operation_id = "samples", tag = "datasets", responses((status = 200, body = SampleList)))]
pub(crate) async fn list(_caller: SignedIn) -> Json<SampleList> {
    Json(SampleList {
        items: SAMPLES.iter().map(SampleBody::from).collect(),
    })
}

/// Make a data set of a sample
#[utoipa::path(
    post, path = "/samples/{name}", operation_id = "take_sample", tag = "datasets",
    params(("name" = String, Path, description = "The sample")),
    responses((status = 202, body = DatasetBody), (status = 200, body = DatasetBody, description = "Read in time"))
)]
pub(crate) async fn take(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    wait: Wait,
    Name(name): Name,
) -> Result<Response, Problem> {
    let dataset = app.platform.datasets().from_sample(&caller, &name).await?;
    accepted(&app, &caller, wait, dataset).await
}
