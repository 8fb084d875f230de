//! How the place behaves.

use std::collections::BTreeMap;

use axum::extract::State;
use serde::Serialize;
use serde_json::{Value, json};
use trainyard_platform::{ServerFacts, SettingCard, SettingKind};
use utoipa::ToSchema;

use crate::App;
use crate::extract::{IfMatch, Json, SignedIn, Tagged, Version};
use crate::problem::Problem;

/// A setting.
#[derive(Serialize, ToSchema)]
#[schema(as = Setting)]
pub(crate) struct SettingBody {
    #[schema(example = "price_predict")]
    key: &'static str,
    /// What it does.
    doc: &'static str,
    /// `integer`, `boolean` or `text`.
    #[schema(example = "integer")]
    kind: &'static str,
    value: Value,
    /// What it is unless somebody changes it.
    default: Value,
    /// The smallest whole number it may be.
    min: Option<i64>,
    /// The largest whole number it may be.
    max: Option<i64>,
    /// Whether anybody may read it without signing in.
    public: bool,
}

/// Every setting.
#[derive(Serialize, ToSchema)]
pub(crate) struct SettingsBody {
    items: Vec<SettingBody>,
    server: ServerBody,
}

/// What was decided when the server was started.
#[derive(Serialize, ToSchema)]
#[schema(as = ServerFacts)]
pub(crate) struct ServerBody {
    /// What keeps its records: `sqlite` or `postgresql`.
    #[schema(example = "sqlite")]
    engine: &'static str,
    /// Where its files are.
    kept_in: String,
    /// Processor cores it trains on.
    cores: usize,
    /// Bytes of memory that a training may take.
    memory_bytes: u64,
}

impl From<SettingCard> for SettingBody {
    fn from(card: SettingCard) -> Self {
        let (kind, default, min, max) = match card.setting.kind {
            SettingKind::Integer { default, min, max } => {
                ("integer", default.into(), Some(min), Some(max))
            }
            SettingKind::Boolean { default } => ("boolean", default.into(), None, None),
            SettingKind::Text { .. } => ("text", "".into(), None, None),
        };
        Self {
            key: card.setting.key,
            doc: card.setting.doc,
            kind,
            value: card.value,
            default,
            min,
            max,
            public: card.setting.public,
        }
    }
}

impl From<ServerFacts> for ServerBody {
    fn from(facts: ServerFacts) -> Self {
        Self {
            engine: if facts.is_postgres {
                "postgresql"
            } else {
                "sqlite"
            },
            kept_in: facts.data_folder.display().to_string(),
            cores: facts.cores,
            memory_bytes: facts.memory_bytes,
        }
    }
}

fn body(cards: Vec<SettingCard>, facts: ServerFacts) -> Tagged<SettingsBody> {
    let version = version(&cards);
    let items = cards.into_iter().map(SettingBody::from).collect();
    let server = facts.into();
    Tagged(version, SettingsBody { items, server })
}

/// Settings are their values: set back to what they were, they are the same version again.
fn version(cards: &[SettingCard]) -> Version {
    let values: Vec<&Value> = cards.iter().map(|card| &card.value).collect();
    Version::of_text(&json!(values).to_string())
}

/// Every setting
#[utoipa::path(
    get, path = "/admin/settings", operation_id = "settings", tag = "admin",
    responses((status = 200, body = SettingsBody, headers(("ETag" = String, description = "Its version, for `If-Match`"))))
)]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
) -> Result<Tagged<SettingsBody>, Problem> {
    let administration = app.platform.administration();
    let cards = administration.settings(&caller)?;
    Ok(body(cards, administration.server(&caller)?))
}

/// Change settings
///
/// An object of keys and values: all of them count from the next request on, or none.
#[utoipa::path(
    patch, path = "/admin/settings", operation_id = "change_settings", tag = "admin",
    params(("If-Match" = Option<String>, Header, description = "The `ETag` of what you saw: 412 when it changed since")),
    request_body(content = BTreeMap<String, Value>, example = json!({"price_predict": 5, "registration_open": false})),
    responses((status = 200, body = SettingsBody, headers(("ETag" = String, description = "Its version, for `If-Match`"))))
)]
pub(crate) async fn change(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    if_match: IfMatch,
    Json(changes): Json<BTreeMap<String, Value>>,
) -> Result<Tagged<SettingsBody>, Problem> {
    let administration = app.platform.administration();
    let seen = async || Ok(version(&administration.settings(&caller)?));
    let _turn = if_match.turn(&app, seen).await?;
    let cards = administration.change_settings(&caller, changes).await?;
    Ok(body(cards, administration.server(&caller)?))
}
