//! The audit: one entry in JSON, and which entries a list or an export holds.

pub(crate) mod export;
pub(crate) mod list;
pub(crate) mod verify;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use trainyard_platform::{AuditFilter, AuditRow};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::problem::Problem;
use crate::routes::times::{moment, read_moment};

/// Somebody did, or was refused, something.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditEvent)]
pub(crate) struct AuditEventBody {
    /// The place in the chain, from 1.
    sequence: i64,
    #[schema(format = DateTime)]
    at: String,
    /// Who, if anybody was signed in.
    actor_id: Option<Uuid>,
    /// What that account was called then.
    #[schema(example = "Ana")]
    actor_name: String,
    /// What was done; `request` for a request that was turned away.
    #[schema(example = "model.train")]
    action: String,
    /// `ok`, `refused` or `failed`.
    #[schema(example = "ok")]
    outcome: String,
    /// What it was done to.
    #[schema(example = "model")]
    subject_kind: Option<String>,
    /// Which one.
    subject_id: Option<String>,
    /// From which network address.
    address: Option<String>,
    /// With which program, as it says itself.
    agent: Option<String>,
    /// In which request.
    request_id: Option<String>,
    /// Through which door.
    door: Option<String>,
    /// More: digests, counts and reasons, never inputs or secrets.
    details: Value,
    /// The hash of this entry, which holds the hash of the one before.
    hash: String,
}

impl From<AuditRow> for AuditEventBody {
    fn from(row: AuditRow) -> Self {
        Self {
            sequence: row.sequence,
            at: moment(row.at),
            actor_id: row.actor_id,
            actor_name: row.actor_name,
            action: row.action,
            outcome: row.outcome,
            subject_kind: row.subject_kind,
            subject_id: row.subject_id,
            address: row.address,
            agent: row.agent,
            request_id: row.request_id,
            door: row.door,
            // An entry is shown even when somebody changed it to what is no JSON.
            details: serde_json::from_str(&row.details).unwrap_or(Value::String(row.details)),
            hash: row.hash,
        }
    }
}

/// Which entries.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// Only by this account.
    actor: Option<Uuid>,
    /// Only this action, such as `model.train`.
    action: Option<String>,
    /// Only `ok`, `refused` or `failed`.
    outcome: Option<String>,
    /// Only about things of this kind, such as `model`.
    subject_kind: Option<String>,
    /// Only about this thing.
    subject_id: Option<String>,
    /// Only from this network address.
    address: Option<String>,
    /// Only of this request.
    request_id: Option<String>,
    /// From this moment on, as 2026-11-22T10:00:00Z.
    #[param(format = DateTime)]
    from: Option<String>,
    /// Before this moment.
    #[param(format = DateTime)]
    until: Option<String>,
    /// Words in names, actions, subjects, addresses, programs or details.
    search: Option<String>,
}

impl AuditQuery {
    fn filter(self) -> Result<AuditFilter, Problem> {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        Ok(AuditFilter {
            actor_id: self.actor,
            action: given(self.action),
            outcome: given(self.outcome),
            subject_kind: given(self.subject_kind),
            subject_id: given(self.subject_id),
            address: given(self.address),
            request_id: given(self.request_id),
            from: read_moment("/from", given(self.from))?,
            until: read_moment("/until", given(self.until))?,
            search: given(self.search),
        })
    }
}
