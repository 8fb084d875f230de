//! What an administrator can change while the place runs. Each setting is declared once in [`SETTINGS`] with
//! its default and bounds; the copy in memory is what everything reads, and it changes after the row did.

use std::collections::BTreeMap;
use std::sync::Arc;

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{IntoActiveModel, TryInsertResult};

use crate::Store;
use crate::clock::Timestamp;
use crate::error::{Result as StoreResult, StoreError};
use crate::json::JsonText;
use crate::tables::audit::{self, AuditEntry};
use crate::tables::ledger::MAX_TOKENS;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "settings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub value: JsonText,
    pub updated_at: Timestamp,
    pub updated_by: Option<Uuid>,
}

no_relations!();

/// Not a setting: the mark that the first administrator was made.
const SET_UP: &str = "set_up";
/// Not a setting: before which moment predictions were removed, in microseconds.
const PREDICTIONS_REMOVED: &str = "predictions_removed_before";

/// What values a setting takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SettingKind {
    /// A whole number in these bounds, both included.
    Integer {
        /// Unless changed.
        default: i64,
        /// The smallest.
        min: i64,
        /// The largest.
        max: i64,
    },
    /// Yes or no.
    Boolean {
        /// Unless changed.
        default: bool,
    },
    /// One line of text, empty unless changed.
    Text {
        /// The most characters.
        longest: usize,
    },
}

/// The declaration of one setting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// Its name in JSON and in the database.
    pub key: &'static str,
    /// What it takes.
    pub kind: SettingKind,
    /// What it does, for the settings page.
    pub doc: &'static str,
    /// Whether anybody may read it, without signing in.
    pub public: bool,
}

macro_rules! settings {
    ($($name:ident, $key:literal, $public:literal, $kind:expr, $doc:literal;)*) => {
        $(#[doc = $doc] pub const $name: Setting = Setting { key: $key, kind: $kind, doc: $doc, public: $public };)*

        /// Every setting there is.
        pub const SETTINGS: &[Setting] = &[$($name),*];
    };
}

const fn integer(default: i64, min: i64, max: i64) -> SettingKind {
    SettingKind::Integer { default, min, max }
}

const fn boolean(default: bool) -> SettingKind {
    SettingKind::Boolean { default }
}

/// The highest limit of requests in a minute: one a microsecond.
const MAX_RATE: i64 = 60_000_000;

settings! {
    REGISTRATION_OPEN, "registration_open", true, boolean(true), "Anybody who reaches this server may make an account.";
    STARTING_TOKENS, "starting_tokens", false, integer(15, 0, MAX_TOKENS), "Tokens a new account starts with.";
    PRICE_TRAIN, "price_train", true, integer(1, 0, 1_000_000), "Tokens a training costs.";
    PRICE_PREDICT, "price_predict", true, integer(5, 0, 1_000_000), "Tokens a call of up to 1,000 predicted rows costs.";
    PRICE_TUNE, "price_tune", true, integer(1, 0, 1_000_000), "Tokens a study costs.";
    PRICE_BATCH, "price_batch", true, integer(5, 0, 1_000_000), "Tokens each started 1,000 rows of a batch cost.";
    UPLOAD_BYTES, "upload_bytes", true, integer(1_073_741_824, 1_024, 1_099_511_627_776), "The largest upload, in bytes.";
    STORAGE_BYTES, "storage_bytes", true, integer(0, 0, 1_125_899_906_842_624), "Bytes that one account's data sets and models may take together; 0 for no limit.";
    PASSWORD_LENGTH, "password_length", true, integer(8, 8, 128), "The fewest characters a new password has.";
    STORED_ANSWER_BYTES, "stored_answer_bytes", false, integer(65_536, 0, 16_777_216), "Answers up to this many bytes are kept with the prediction.";
    PREDICTION_DAYS, "prediction_days", false, integer(365, 1, 36_500), "Days a prediction is kept.";
    AUDIT_DAYS, "audit_days", false, integer(3_650, 1, 36_500), "Days an audit entry is kept.";
    CONTACT, "contact", true, SettingKind::Text { longest: 200 }, "Whom people ask for tokens or help: a name, an address, a telephone number. Shown to everybody, signed in or not; empty for nobody.";
    GUEST_ACCESS, "guest_access", true, boolean(true), "Owners may share models with people who are not signed in.";
    GUEST_DAILY_CALLS, "guest_daily_calls", false, integer(100, 0, 1_000_000), "Predictions of guests a model's owner pays for in a day.";
    DIGITS_GUEST_CALLS, "digits_guest_calls", false, integer(10_000, 0, 1_000_000_000), "Digits that are read for people who are not signed in, in a day; 0 for none. Guests have to be allowed too.";
    RATE_SIGN_IN, "rate_sign_in", false, integer(120, 0, MAX_RATE), "Sign-ins, registrations and renewed sessions an address may ask for in a minute; 0 for no limit.";
    RATE_READING, "rate_reading", false, integer(6_000, 0, MAX_RATE), "Requests that only read, in a minute for each account, or each address that is not signed in; 0 for no limit.";
    RATE_CHANGES, "rate_changes", false, integer(1_200, 0, MAX_RATE), "Requests that change something, in a minute for each account; 0 for no limit.";
    RATE_UPLOADS, "rate_uploads", false, integer(120, 0, MAX_RATE), "Files an account may bring in a minute; 0 for no limit.";
    RATE_PREDICTIONS, "rate_predictions", false, integer(6_000_000, 0, MAX_RATE), "Prediction calls of an account in a minute; 0 for no limit. The default stands above what a machine answers: tokens limit what is paid for. Lower it where predictions are free.";
    RATE_GUESTS, "rate_guests", false, integer(60, 0, MAX_RATE), "Requests for shared models an address may make in a minute without an account; 0 for no limit.";
    DIALECT_PASSWORD_LENGTH, "dialect_password_length", false, integer(4, 4, 128), "The fewest characters of a new password that comes through one of the old APIs.";
    DIALECT_AUTOCLASSIFIER, "dialect_autoclassifier", false, boolean(true), "The old API of the classifier hub is answered, at /dialects/autoclassifier.";
    DIALECT_AUTOCLASSIFIER_TRAIN, "dialect_autoclassifier_train", false, integer(0, 0, 1_000_000), "Tokens a training costs through the old API of the classifier hub.";
    DIALECT_AUTOCLASSIFIER_PREDICT, "dialect_autoclassifier_predict", false, integer(0, 0, 1_000_000), "Tokens a prediction costs through the old API of the classifier hub.";
    DIALECT_AUTOCLASSIFIER_RATE, "dialect_autoclassifier_rate", false, integer(6_000, 0, MAX_RATE), "Requests an account may make in a minute through the old API of the classifier hub, sign-ins aside; 0 for no limit.";
    DIALECT_TOKEN_PLATFORM, "dialect_token_platform", false, boolean(true), "The old API of the token platform is answered, at /dialects/token-platform.";
    DIALECT_TOKEN_PLATFORM_TRAIN, "dialect_token_platform_train", false, integer(1, 0, 1_000_000), "Tokens a training costs through the old API of the token platform.";
    DIALECT_TOKEN_PLATFORM_PREDICT, "dialect_token_platform_predict", false, integer(5, 0, 1_000_000), "Tokens a prediction costs through the old API of the token platform.";
    DIALECT_TOKEN_PLATFORM_RATE, "dialect_token_platform_rate", false, integer(6_000, 0, MAX_RATE), "Requests an account may make in a minute through the old API of the token platform, sign-ins aside; 0 for no limit.";
    DIALECT_GRID_SEARCH, "dialect_grid_search", false, boolean(true), "The old API of the grid search is answered, at /dialects/grid-search.";
    DIALECT_GRID_SEARCH_TRAIN, "dialect_grid_search_train", false, integer(0, 0, 1_000_000), "Tokens a training costs through the old API of the grid search.";
    DIALECT_GRID_SEARCH_PREDICT, "dialect_grid_search_predict", false, integer(0, 0, 1_000_000), "Tokens a prediction costs through the old API of the grid search.";
    DIALECT_GRID_SEARCH_RATE, "dialect_grid_search_rate", false, integer(6_000, 0, MAX_RATE), "Requests an account may make in a minute through the old API of the grid search, sign-ins aside; 0 for no limit.";
    DIALECT_DIGIT_OCR, "dialect_digit_ocr", false, boolean(true), "The old API of the digit reader is answered, at /dialects/digit-ocr.";
    DIALECT_DIGIT_OCR_TRAIN, "dialect_digit_ocr_train", false, integer(0, 0, 1_000_000), "Tokens a training costs through the old API of the digit reader.";
    DIALECT_DIGIT_OCR_PREDICT, "dialect_digit_ocr_predict", false, integer(0, 0, 1_000_000), "Tokens a prediction costs through the old API of the digit reader.";
    DIALECT_DIGIT_OCR_RATE, "dialect_digit_ocr_rate", false, integer(10_000, 0, MAX_RATE), "Requests an account may make in a minute through the old API of the digit reader, sign-ins aside; 0 for no limit.";
    DIALECT_DIGIT_OCR_GUEST_RATE, "dialect_digit_ocr_guest_rate", false, integer(100, 0, MAX_RATE), "Requests an address may make in a minute through the old API of the digit reader without signing in; 0 for no limit.";
    DIALECT_LESSON_PRICES, "dialect_lesson_prices", false, boolean(true), "The old API of the lesson prices is answered, at /dialects/lesson-prices.";
    DIALECT_LESSON_PRICES_TRAIN, "dialect_lesson_prices_train", false, integer(1, 0, 1_000_000), "Tokens a training costs through the old API of the lesson prices.";
    DIALECT_LESSON_PRICES_PREDICT, "dialect_lesson_prices_predict", false, integer(5, 0, 1_000_000), "Tokens a prediction costs through the old API of the lesson prices.";
    DIALECT_LESSON_PRICES_RATE, "dialect_lesson_prices_rate", false, integer(6_000, 0, MAX_RATE), "Requests an account may make in a minute through the old API of the lesson prices, sign-ins aside; 0 for no limit.";
    DIALECT_LESSON_PRICES_START, "dialect_lesson_prices_start", false, integer(0, 0, MAX_TOKENS), "Tokens an account starts with that is made through the old API of the lesson prices.";
    DIALECT_LESSON_PRICES_SELF_SERVICE, "dialect_lesson_prices_self_service", false, boolean(false), "Through the old API of the lesson prices people may give themselves tokens.";
}

/// All settings at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    changed: BTreeMap<String, Json>,
}

impl Settings {
    /// The value of a whole-number setting; 0 for one of another kind.
    #[must_use]
    pub fn integer(&self, setting: &Setting) -> i64 {
        let SettingKind::Integer { default, .. } = setting.kind else {
            return 0;
        };
        self.changed
            .get(setting.key)
            .and_then(Json::as_i64)
            .unwrap_or(default)
    }

    /// The value of a yes-or-no setting; `false` for one of another kind.
    #[must_use]
    pub fn boolean(&self, setting: &Setting) -> bool {
        let SettingKind::Boolean { default } = setting.kind else {
            return false;
        };
        self.changed
            .get(setting.key)
            .and_then(Json::as_bool)
            .unwrap_or(default)
    }

    /// The value of a text setting; empty for one of another kind.
    #[must_use]
    pub fn text(&self, setting: &Setting) -> &str {
        let SettingKind::Text { .. } = setting.kind else {
            return "";
        };
        let value = self.changed.get(setting.key);
        value.and_then(Json::as_str).unwrap_or_default()
    }

    /// Every setting with its value, in the order of [`SETTINGS`].
    #[must_use]
    pub fn all(&self) -> Vec<(&'static Setting, Json)> {
        SETTINGS
            .iter()
            .map(|setting| {
                let value = match setting.kind {
                    SettingKind::Integer { .. } => self.integer(setting).into(),
                    SettingKind::Boolean { .. } => self.boolean(setting).into(),
                    SettingKind::Text { .. } => self.text(setting).into(),
                };
                (setting, value)
            })
            .collect()
    }
}

/// Queries on settings; from [`Store::settings`].
#[derive(Clone, Copy, Debug)]
pub struct SettingsTable<'a>(pub(crate) &'a Store);

impl SettingsTable<'_> {
    /// The settings as they are, without asking the database.
    #[must_use]
    pub fn current(&self) -> Arc<Settings> {
        self.0.current_settings()
    }

    /// Changes settings, all or none.
    ///
    /// # Errors
    /// `Invalid` naming a value that is out of bounds or of another kind, `NotFound` for an unknown name.
    pub async fn set(
        &self,
        changes: &BTreeMap<String, Json>,
        entry: AuditEntry,
    ) -> StoreResult<Arc<Settings>> {
        for (key, value) in changes {
            check(key, value)?;
        }
        let now = Timestamp::now();
        let transaction = self.0.write().await?;
        for (key, value) in changes {
            let row = Model {
                key: key.clone(),
                value: value.clone().into(),
                updated_at: now,
                updated_by: entry.actor_id,
            };
            let replace = OnConflict::column(Column::Key)
                .update_columns([Column::Value, Column::UpdatedAt, Column::UpdatedBy])
                .to_owned();
            Entity::insert(row.into_active_model())
                .on_conflict(replace)
                .exec_without_returning(&transaction)
                .await?;
        }
        audit::append(&transaction, &[entry.about("settings", "all")]).await?;
        transaction.commit().await?;
        self.0.refresh_settings().await
    }
}

fn check(key: &str, value: &Json) -> StoreResult<()> {
    let Some(setting) = SETTINGS.iter().find(|setting| setting.key == key) else {
        return Err(StoreError::not_found("setting"));
    };
    match setting.kind {
        SettingKind::Integer { min, max, .. } => match value.as_i64() {
            Some(number) if (min..=max).contains(&number) => Ok(()),
            _ => Err(StoreError::invalid(
                setting.key,
                format!("Give a whole number from {min} to {max}."),
            )),
        },
        SettingKind::Boolean { .. } if value.is_boolean() => Ok(()),
        SettingKind::Boolean { .. } => Err(StoreError::invalid(setting.key, "Give true or false.")),
        SettingKind::Text { longest } => match value.as_str() {
            Some(text)
                if text.chars().count() <= longest && !text.chars().any(char::is_control) =>
            {
                Ok(())
            }
            _ => Err(StoreError::invalid(
                setting.key,
                format!("Give one line of text of at most {longest} characters."),
            )),
        },
    }
}

/// Reads what was changed. A stored value that is no longer allowed counts as not changed.
pub(crate) async fn load(database: &impl ConnectionTrait) -> StoreResult<Settings> {
    let rows = Entity::find().all(database).await?;
    let changed = rows
        .into_iter()
        .filter(|row| check(&row.key, &row.value).is_ok())
        .map(|row| (row.key, row.value.into_json()))
        .collect();
    Ok(Settings { changed })
}

/// Sets the mark that the first administrator exists; returns whether this call set it.
pub(crate) async fn mark_set_up(
    database: &impl ConnectionTrait,
    now: Timestamp,
) -> StoreResult<bool> {
    let row = ActiveModel {
        key: Set(SET_UP.to_owned()),
        value: Set(Json::Bool(true).into()),
        updated_at: Set(now),
        updated_by: Set(None),
    };
    let inserted = Entity::insert(row)
        .on_conflict(OnConflict::column(Column::Key).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(database)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(1)))
}

pub(crate) async fn is_set_up(database: &impl ConnectionTrait) -> StoreResult<bool> {
    Ok(Entity::find_by_id(SET_UP).one(database).await?.is_some())
}

/// Notes before which moment predictions were removed.
pub(crate) async fn note_predictions_removed(
    database: &impl ConnectionTrait,
    before: Timestamp,
) -> StoreResult<()> {
    let latest = predictions_removed(database)
        .await?
        .map_or(before, |earlier| earlier.max(before));
    let row = ActiveModel {
        key: Set(PREDICTIONS_REMOVED.to_owned()),
        value: Set(Json::from(latest.microseconds()).into()),
        updated_at: Set(Timestamp::now()),
        updated_by: Set(None),
    };
    let replace = OnConflict::column(Column::Key)
        .update_columns([Column::Value, Column::UpdatedAt])
        .to_owned();
    Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(database)
        .await?;
    Ok(())
}

/// Before which moment predictions were removed, if any were.
pub(crate) async fn predictions_removed(
    database: &impl ConnectionTrait,
) -> StoreResult<Option<Timestamp>> {
    let row = Entity::find_by_id(PREDICTIONS_REMOVED)
        .one(database)
        .await?;
    Ok(row
        .and_then(|row| row.value.as_i64())
        .and_then(Timestamp::from_microseconds))
}
