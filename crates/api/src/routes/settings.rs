//! What anybody may know about this server.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::extract::Json;

/// What anybody may know about this server.
#[derive(Serialize, ToSchema)]
pub(crate) struct PublicSettings {
    registration_open: bool,
    prices: Prices,
    limits: Limits,
    /// Whom to ask for tokens or help; empty for nobody.
    #[schema(example = "Ana, room 12")]
    contact: String,
    #[schema(example = "0.1.0")]
    version: String,
    #[schema(example = "on")]
    ui: &'static str,
}

/// Prices in tokens.
#[derive(Serialize, ToSchema)]
pub(crate) struct Prices {
    /// A training.
    #[schema(example = 1)]
    pub(crate) train: i64,
    /// A call of up to 1,000 predicted rows.
    #[schema(example = 5)]
    pub(crate) predict: i64,
    /// A study, or a training that searches for parameters.
    #[schema(example = 1)]
    pub(crate) tune: i64,
    /// Each started 1,000 rows of a batch.
    #[schema(example = 5)]
    pub(crate) batch: i64,
}

impl From<trainyard_platform::Prices> for Prices {
    fn from(prices: trainyard_platform::Prices) -> Self {
        Self {
            train: prices.train,
            predict: prices.predict,
            tune: prices.tune,
            batch: prices.batch,
        }
    }
}

/// How much is taken.
#[derive(Serialize, ToSchema)]
pub(crate) struct Limits {
    /// The largest upload.
    upload_bytes: u64,
}

/// What anybody may know about this server
#[utoipa::path(get, path = "/settings/public", tag = "system", security(()), responses((status = 200, body = PublicSettings)))]
pub(crate) async fn public(State(app): State<App>) -> Json<PublicSettings> {
    let settings = app.platform.public_settings();
    Json(PublicSettings {
        registration_open: settings.registration_open,
        prices: settings.prices.into(),
        limits: Limits {
            upload_bytes: settings.limits.upload_bytes,
        },
        contact: settings.contact,
        version: settings.version,
        ui: "on",
    })
}
