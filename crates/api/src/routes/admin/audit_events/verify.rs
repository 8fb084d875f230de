//! Whether the audit is as it was written.

use axum::extract::State;
use serde::Serialize;
use trainyard_platform::ChainState;
use utoipa::ToSchema;

use crate::App;
use crate::extract::{Json, SignedIn};
use crate::problem::Problem;

/// What following the chain found.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditChain)]
pub(crate) struct ChainBody {
    /// Whether every entry is as it was written and none is missing.
    sound: bool,
    /// How many entries there are, when it is.
    entries: Option<u64>,
    /// The first thing that does not fit.
    problem: Option<String>,
    /// Where the chains end. Noted elsewhere, they show that nobody wrote a whole chain anew.
    heads: Vec<HeadBody>,
}

/// The last entry of a chain.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditHead)]
pub(crate) struct HeadBody {
    /// Which chain.
    writer: String,
    /// The entry's place.
    sequence: i64,
    /// The entry's hash.
    hash: String,
}

impl From<ChainState> for ChainBody {
    fn from(state: ChainState) -> Self {
        let heads = state.heads.into_iter();
        Self {
            sound: state.problem.is_none(),
            entries: state.entries,
            problem: state.problem,
            heads: heads
                .map(|(writer, sequence, hash)| HeadBody {
                    writer,
                    sequence,
                    hash,
                })
                .collect(),
        }
    }
}

/// Follow the audit's chain from its beginning
///
/// For administrators. Every entry's hash is computed again; it takes as long as there are entries.
#[utoipa::path(
    get, path = "/admin/audit-events/verify", operation_id = "verify_audit", tag = "admin",
    responses((status = 200, body = ChainBody))
)]
pub(crate) async fn verify(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
) -> Result<Json<ChainBody>, Problem> {
    let state = app.platform.audit().verify(&caller).await?;
    Ok(Json(state.into()))
}
