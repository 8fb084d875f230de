//! What happens to cells that are not as a model's columns were.

use std::collections::BTreeMap;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use trainyard_platform::{ModelContract, Policy};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::App;
use crate::extract::{Id, IfMatch, Json, Name, SignedIn, Tagged, Version};
use crate::problem::Problem;

/// What is done with a cell that is missing, of another kind, never seen or out of range.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[schema(as = Policy)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PolicyName {
    /// The request is refused, the file fails; nothing is charged.
    Reject,
    /// It is answered, as well as can be, with a warning.
    Warn,
    /// It counts as missing and is filled in as during training, without a word.
    Impute,
}

impl From<PolicyName> for Policy {
    fn from(name: PolicyName) -> Self {
        match name {
            PolicyName::Reject => Self::Reject,
            PolicyName::Warn => Self::Warn,
            PolicyName::Impute => Self::Impute,
        }
    }
}

impl From<Policy> for PolicyName {
    fn from(policy: Policy) -> Self {
        match policy {
            Policy::Reject => Self::Reject,
            Policy::Warn => Self::Warn,
            Policy::Impute => Self::Impute,
        }
    }
}

/// The schema contract of a model.
#[derive(Serialize, ToSchema)]
#[schema(as = Contract)]
pub(crate) struct ContractBody {
    model_id: Uuid,
    columns: Vec<ContractColumn>,
}

/// One column of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct ContractColumn {
    #[schema(example = "age")]
    name: String,
    /// `integer`, `number`, `boolean`, `date`, `category`, `text` or `identifier`.
    #[schema(value_type = String, example = "number")]
    kind: Value,
    /// Smallest and largest value seen (numbers and dates).
    range: Option<[f64; 2]>,
    /// The values seen, most frequent first (categories), or both spellings (yes/no columns).
    values: Option<Vec<String>>,
    policy: PolicyName,
}

impl From<ModelContract> for ContractBody {
    fn from(contract: ModelContract) -> Self {
        let columns = contract
            .columns
            .into_iter()
            .map(|(field, policy)| ContractColumn {
                kind: serde_json::to_value(field.kind).unwrap_or(Value::Null),
                name: field.name,
                range: field.range,
                values: field.values,
                policy: policy.into(),
            });
        Self {
            model_id: contract.model_id,
            columns: columns.collect(),
        }
    }
}

/// Policies to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContractChange {
    /// By column; columns that are not named keep theirs.
    policies: BTreeMap<String, PolicyName>,
}

/// The schema contract of a model
#[utoipa::path(
    get, path = "/models/{id}/contract", operation_id = "model_contract", tag = "predictions",
    params(("id" = String, Path, description = "The model's identifier, or its name for the latest version that is ready")),
    responses((status = 200, body = ContractBody, headers(("ETag" = String, description = "Its version, for `If-Match`"))))
)]
pub(crate) async fn show(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Name(id): Name,
) -> Result<Tagged<ContractBody>, Problem> {
    let contract = app.platform.predictions().contract(&caller, &id).await?;
    Ok(tagged(contract))
}

/// Change the schema contract of a model
///
/// Holds for every answer asked for after it, and not for batches that were accepted before.
#[utoipa::path(
    patch, path = "/models/{id}/contract", operation_id = "change_model_contract", tag = "predictions",
    params(
        ("id" = uuid::Uuid, Path, description = "The model's identifier"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of what you saw: 412 when it changed since")
    ),
    request_body = ContractChange,
    responses((status = 200, body = ContractBody, headers(("ETag" = String, description = "Its version, for `If-Match`"))))
)]
pub(crate) async fn change(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
    if_match: IfMatch,
    Json(change): Json<ContractChange>,
) -> Result<Tagged<ContractBody>, Problem> {
    let predictions = app.platform.predictions();
    let seen = async || {
        Ok(version(
            &predictions.contract(&caller, &id.to_string()).await?,
        ))
    };
    let _turn = if_match.turn(&app, seen).await?;
    let policies = change.policies.into_iter();
    let policies = policies
        .map(|(name, policy)| (name, policy.into()))
        .collect();
    let contract = predictions.change_contract(&caller, id, policies).await?;
    Ok(tagged(contract))
}

/// The version of a contract: all its policies.
fn version(contract: &ModelContract) -> Version {
    let policies = contract.columns.iter();
    let text: Vec<String> = policies
        .map(|(field, policy)| format!("{:?} {policy:?}", field.name))
        .collect();
    Version::of_text(&text.join("\n"))
}

fn tagged(contract: ModelContract) -> Tagged<ContractBody> {
    Tagged(version(&contract), contract.into())
}
