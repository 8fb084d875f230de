//! What administrators see and do.

pub(crate) mod audit_events;
pub(crate) mod batches;
pub(crate) mod datasets;
pub(crate) mod jobs;
pub(crate) mod models;
pub(crate) mod settings;
pub(crate) mod stats;
pub(crate) mod users;

use serde::Serialize;
use trainyard_platform::Owner;
use utoipa::ToSchema;
use uuid::Uuid;

/// Whose something is.
#[derive(Serialize, ToSchema)]
#[schema(as = Owner)]
pub(crate) struct OwnerBody {
    id: Uuid,
    /// The small number people see.
    number: i32,
    /// What pages call them.
    name: String,
}

impl From<Owner> for OwnerBody {
    fn from(owner: Owner) -> Self {
        Self {
            id: owner.id,
            number: owner.number,
            name: owner.name,
        }
    }
}

/// Words to look for; an empty field of a form looks for nothing.
fn words(search: Option<String>) -> Option<String> {
    search.filter(|words| !words.is_empty())
}
