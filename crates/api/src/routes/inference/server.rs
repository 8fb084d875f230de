//! What a server says of itself.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::extract::Json;
use crate::problem::Problem;

/// What this server is.
#[derive(Serialize, ToSchema)]
pub(crate) struct ServerMetadata {
    #[schema(example = "trainyard")]
    name: &'static str,
    #[schema(example = "0.1.0")]
    version: String,
    /// None of the protocol's extensions.
    extensions: Vec<String>,
}

/// Whether it lives.
#[derive(Serialize, ToSchema)]
pub(crate) struct ServerLive {
    live: bool,
}

/// Whether it answers.
#[derive(Serialize, ToSchema)]
pub(crate) struct ServerReady {
    ready: bool,
}

/// What this server is
#[utoipa::path(
    get, path = "/v2", operation_id = "v2_server", tag = "inference", security(()),
    responses((status = 200, body = ServerMetadata))
)]
pub(crate) async fn metadata(State(app): State<App>) -> Json<ServerMetadata> {
    Json(ServerMetadata {
        name: "trainyard",
        version: app.platform.public_settings().version,
        extensions: Vec::new(),
    })
}

/// Whether this server lives
#[utoipa::path(
    get, path = "/v2/health/live", operation_id = "v2_live", tag = "inference", security(()),
    responses((status = 200, body = ServerLive))
)]
pub(crate) async fn live() -> Json<ServerLive> {
    Json(ServerLive { live: true })
}

/// Whether this server answers
#[utoipa::path(
    get, path = "/v2/health/ready", operation_id = "v2_ready", tag = "inference", security(()),
    responses((status = 200, body = ServerReady))
)]
pub(crate) async fn ready(State(app): State<App>) -> Result<Json<ServerReady>, Problem> {
    app.platform.ready().await?;
    Ok(Json(ServerReady { ready: true }))
}
