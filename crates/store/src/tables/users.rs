//! Accounts. A user name and an e-mail address are each optional, at least one is there; their uniqueness
//! lives in `login_names`, their tokens' history in `ledger`. Whatever changes what a session may do raises
//! `token_version`, and with it every session handed out before ends.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, IntoActiveModel, PaginatorTrait, QuerySelect};

use crate::Store;
use crate::clock::Timestamp;
use crate::error::{Result as StoreResult, StoreError};
use crate::json::JsonText;
use crate::names;
use crate::page::{self, Page, PageRequest, Scope};
use crate::tables::audit::AuditEntry;
use crate::tables::{audit, counters, ledger, login_names, refresh_tokens, settings};

/// The account that owns what is shipped with the product. It cannot sign in.
pub const SYSTEM_USER: Uuid = Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001);

/// What a person may do; the table of rights is `platform`'s.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    EnumIter,
    DeriveActiveEnum,
    serde::Serialize,
    serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Runs the place.
    #[sea_orm(string_value = "admin")]
    Admin,
    /// Trains and predicts with their own data.
    #[sea_orm(string_value = "data-scientist")]
    DataScientist,
    /// As a data scientist, named for the deploying side.
    #[sea_orm(string_value = "ml-engineer")]
    MlEngineer,
    /// Predicts and reads what is shared.
    #[sea_orm(string_value = "analyst")]
    Analyst,
    /// The role of a new account.
    #[sea_orm(string_value = "user")]
    User,
    /// Predicts with models shared with guests.
    #[sea_orm(string_value = "guest")]
    Guest,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] = [
        Self::Admin,
        Self::DataScientist,
        Self::MlEngineer,
        Self::Analyst,
        Self::User,
        Self::Guest,
    ];

    /// The role's name as JSON and the database write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::DataScientist => "data-scientist",
            Self::MlEngineer => "ml-engineer",
            Self::Analyst => "analyst",
            Self::User => "user",
            Self::Guest => "guest",
        }
    }

    /// The role of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// An account. Not serialisable: the password's hash must not reach an answer by accident.
#[derive(Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The small number people see.
    pub number: i32,
    /// As the person spelled it.
    pub user_name: Option<String>,
    /// As the person spelled it.
    pub email: Option<String>,
    /// What pages call the person.
    pub display_name: String,
    /// An argon2id PHC string; nothing means nobody can sign in with a password.
    pub password_hash: Option<String>,
    /// What the person may do.
    pub role: Role,
    /// The balance; equals the last ledger entry's.
    pub tokens: i64,
    /// Switched off accounts cannot do anything.
    pub active: bool,
    /// Sessions carry this number and end when it moves on.
    pub token_version: i32,
    /// Personal settings.
    pub settings: JsonText,
    /// Lower-cased names for the search.
    pub search_key: String,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When the person last signed in.
    pub last_login_at: Option<Timestamp>,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("User")
            .field("id", &self.id)
            .field("number", &self.number)
            .field("role", &self.role)
            .field("tokens", &self.tokens)
            .field("active", &self.active)
            .finish_non_exhaustive()
    }
}

no_relations!();

/// What a new account starts with.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Optional when there is an e-mail address.
    pub user_name: Option<String>,
    /// Optional when there is a user name.
    pub email: Option<String>,
    /// Empty means: the user name, or the address's part before `@`.
    pub display_name: String,
    /// An argon2id PHC string.
    pub password_hash: Option<String>,
    /// What the person may do.
    pub role: Role,
    /// The opening balance, written to the ledger.
    pub tokens: i64,
}

/// What to change about an account; nothing stays as it is.
#[derive(Clone, Debug, Default)]
pub struct UserChanges {
    /// `Some(None)` removes it.
    pub user_name: Option<Option<String>>,
    /// `Some(None)` removes it.
    pub email: Option<Option<String>>,
    /// A new name for pages.
    pub display_name: Option<String>,
    /// A new role; ends the person's sessions.
    pub role: Option<Role>,
    /// On or off; ends the person's sessions.
    pub active: Option<bool>,
    /// New personal settings.
    pub settings: Option<Json>,
}

/// Which accounts a list holds.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// Words in the user name, address or display name.
    pub search: Option<String>,
    /// Only this role.
    pub role: Option<Role>,
    /// Only balances from here.
    pub min_tokens: Option<i64>,
    /// Only switched on or off.
    pub active: Option<bool>,
}

mod sessions;

pub(crate) use sessions::{end_access, new_password};

/// Queries on accounts; from [`Store::users`].
#[derive(Clone, Copy, Debug)]
pub struct Users<'a>(pub(crate) &'a Store);

impl Users<'_> {
    /// Creates an account with its opening ledger entry.
    ///
    /// # Errors
    /// `Invalid` for names that may not be, `Conflict` naming `"user_name"` or `"email"` when taken.
    pub async fn create(&self, new: NewUser, entry: AuditEntry) -> StoreResult<Model> {
        let transaction = self.0.write().await?;
        let user = insert(&transaction, new).await?;
        if user.role == Role::Admin {
            settings::mark_set_up(&transaction, user.created_at).await?;
        }
        audit::append(&transaction, &[entry.about("user", user.id)]).await?;
        transaction.commit().await?;
        Ok(user)
    }

    /// Whether the first administrator is still to be made.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn setup_needed(&self) -> StoreResult<bool> {
        Ok(!settings::is_set_up(self.0.read()).await?)
    }

    /// Creates the first administrator. Of any number of simultaneous calls exactly one succeeds.
    ///
    /// # Errors
    /// `Conflict { what: "setup" }` when it was done before; otherwise as [`Users::create`].
    pub async fn setup_first_admin(
        &self,
        mut new: NewUser,
        entry: AuditEntry,
    ) -> StoreResult<Model> {
        new.role = Role::Admin;
        let transaction = self.0.write().await?;
        if !settings::mark_set_up(&transaction, Timestamp::now()).await? {
            return Err(StoreError::conflict("setup"));
        }
        let user = insert(&transaction, new).await?;
        audit::append(
            &transaction,
            &[entry.by(user.id, &user.display_name).about("user", user.id)],
        )
        .await?;
        transaction.commit().await?;
        Ok(user)
    }

    /// The account with this identifier.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn by_id(&self, id: Uuid) -> StoreResult<Model> {
        Entity::find_by_id(id)
            .one(self.0.read())
            .await?
            .ok_or(StoreError::not_found("user"))
    }

    /// The accounts among these that exist, by identifier.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn by_ids(
        &self,
        ids: impl IntoIterator<Item = Uuid>,
    ) -> StoreResult<BTreeMap<Uuid, Model>> {
        let ids: BTreeSet<Uuid> = ids.into_iter().collect();
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let select = Entity::find().filter(Column::Id.is_in(ids));
        let found = select.all(self.0.read()).await?;
        Ok(found.into_iter().map(|user| (user.id, user)).collect())
    }

    /// The account with this number.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn by_number(&self, number: i32) -> StoreResult<Model> {
        let found = Entity::find()
            .filter(Column::Number.eq(number))
            .one(self.0.read())
            .await?;
        found.ok_or(StoreError::not_found("user"))
    }

    /// The account that signs in with this user name or e-mail address, however capitalised.
    ///
    /// # Errors
    /// Only the database's; an unknown name is `None`.
    pub async fn by_login(&self, login: &str) -> StoreResult<Option<Model>> {
        if login.contains('\0') {
            return Ok(None);
        }
        let name = login_names::Entity::find_by_id(login_names::normalise(login))
            .one(self.0.read())
            .await?;
        match name {
            Some(name) => Ok(Entity::find_by_id(name.user_id).one(self.0.read()).await?),
            None => Ok(None),
        }
    }

    /// One page of accounts; the system's own is not among them.
    ///
    /// # Errors
    /// `Invalid` for a foreign cursor.
    pub async fn list(
        &self,
        filter: &UserFilter,
        request: &PageRequest,
    ) -> StoreResult<Page<Model>> {
        let select = Entity::find().filter(filter.condition());
        let of = |row: &Model| (row.number, row.display_name.clone());
        page::fetch(
            self.0.read(),
            select,
            request,
            Column::Number,
            Some(Column::DisplayName),
            of,
        )
        .await
    }

    /// How many accounts a list would hold in all.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn count(&self, filter: &UserFilter) -> StoreResult<u64> {
        Ok(Entity::find()
            .filter(filter.condition())
            .count(self.0.read())
            .await?)
    }

    /// Changes an account. A changed role or switch ends its sessions.
    ///
    /// # Errors
    /// `NotFound`; `Invalid`; `Conflict` naming `"user_name"`, `"email"`, or `"last_admin"` when nobody would
    /// be left to run the place.
    pub async fn update(
        &self,
        id: Uuid,
        changes: UserChanges,
        entry: AuditEntry,
    ) -> StoreResult<Model> {
        let transaction = self.0.write().await?;
        let before = locked(&transaction, id).await?;
        let mut user = before.clone();
        if let Some(user_name) = changes.user_name {
            user.user_name = user_name;
        }
        if let Some(email) = changes.email {
            user.email = email;
        }
        if let Some(display_name) = changes.display_name {
            user.display_name = names::checked("display_name", &display_name)?;
        }
        user.role = changes.role.unwrap_or(user.role);
        user.active = changes.active.unwrap_or(user.active);
        if let Some(settings) = changes.settings {
            user.settings = settings.into();
        }
        (user.user_name, user.email) = checked_names(user.user_name, user.email)?;
        if (&user.user_name, &user.email) != (&before.user_name, &before.email) {
            login_names::claim(
                &transaction,
                id,
                user.user_name.as_deref(),
                user.email.as_deref(),
            )
            .await?;
        }
        user.search_key = key_of(&user);
        if user.role != before.role || user.active != before.active {
            user.token_version += 1;
            let ran_the_place = before.role == Role::Admin && before.active;
            if ran_the_place && (user.role != Role::Admin || !user.active) {
                another_admin(&transaction, id).await?;
            }
        }
        let now = Timestamp::now();
        let updated = Entity::update_many()
            .set(ActiveModel {
                user_name: Set(user.user_name),
                email: Set(user.email),
                display_name: Set(user.display_name),
                role: Set(user.role),
                active: Set(user.active),
                settings: Set(user.settings),
                search_key: Set(user.search_key),
                token_version: Set(user.token_version),
                updated_at: Set(now),
                ..Default::default()
            })
            .filter(Column::Id.eq(id))
            .exec_with_returning(&transaction)
            .await?;
        let user = only(updated)?;
        if user.token_version != before.token_version {
            refresh_tokens::revoke_user(&transaction, id, now).await?;
        }
        audit::append(&transaction, &[entry.about("user", id)]).await?;
        transaction.commit().await?;
        Ok(user)
    }

    /// Deletes an account with everything it owns; what it did stays in the audit.
    ///
    /// # Errors
    /// `NotFound`; `Conflict { what: "last_admin" }`.
    pub async fn delete(&self, id: Uuid, entry: AuditEntry) -> StoreResult<()> {
        let transaction = self.0.write().await?;
        let user = locked(&transaction, id).await?;
        if user.role == Role::Admin && user.active {
            another_admin(&transaction, id).await?;
        }
        let freed = crate::tables::artifact_references::drop_of_user(&transaction, id).await?;
        Entity::delete_by_id(id).exec(&transaction).await?;
        audit::append(&transaction, &[entry.about("user", id)]).await?;
        transaction.commit().await?;
        self.0.artifacts().sweep_these(&freed).await
    }
}

impl UserFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add(Column::Id.ne(SYSTEM_USER))
            .add_option(
                self.search
                    .as_deref()
                    .map(|words| page::contains(Column::SearchKey, words)),
            )
            .add_option(self.role.map(|role| Column::Role.eq(role)))
            .add_option(self.min_tokens.map(|tokens| Column::Tokens.gte(tokens)))
            .add_option(self.active.map(|active| Column::Active.eq(active)))
    }
}

async fn insert(database: &impl ConnectionTrait, new: NewUser) -> StoreResult<Model> {
    let (user_name, email) = checked_names(new.user_name, new.email)?;
    ledger::check_amount(new.tokens)?;
    if new.tokens < 0 {
        return Err(StoreError::invalid(
            "tokens",
            "An account cannot start below 0 tokens.",
        ));
    }
    let now = Timestamp::now();
    let mut user = Model {
        id: Uuid::now_v7(),
        number: counters::next(database, "users").await?,
        display_name: match new.display_name.trim() {
            "" => default_display_name(user_name.as_deref(), email.as_deref()),
            name => names::checked("display_name", name)?,
        },
        user_name,
        email,
        password_hash: new.password_hash,
        role: new.role,
        tokens: new.tokens,
        active: true,
        token_version: 1,
        settings: serde_json::json!({}).into(),
        search_key: String::new(),
        created_at: now,
        updated_at: now,
        last_login_at: None,
    };
    user.search_key = key_of(&user);
    Entity::insert(user.clone().into_active_model())
        .exec_without_returning(database)
        .await?;
    login_names::claim(
        database,
        user.id,
        user.user_name.as_deref(),
        user.email.as_deref(),
    )
    .await?;
    if user.tokens > 0 {
        ledger::record(
            database,
            ledger::Entry::new(user.id, user.tokens, "opening", user.tokens),
        )
        .await?;
    }
    Ok(user)
}

fn default_display_name(user_name: Option<&str>, email: Option<&str>) -> String {
    let name = user_name.or_else(|| email.and_then(|email| email.split('@').next()));
    name.unwrap_or_default().to_owned()
}

fn key_of(user: &Model) -> String {
    page::search_key(&[
        user.user_name.as_deref(),
        user.email.as_deref(),
        Some(&user.display_name),
    ])
}

/// Trims both, turns empty into nothing, and refuses what would make a sign-in ambiguous.
fn checked_names(
    user_name: Option<String>,
    email: Option<String>,
) -> StoreResult<(Option<String>, Option<String>)> {
    let clean = |name: Option<String>| {
        name.map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
    };
    let (user_name, email) = (clean(user_name), clean(email));
    match (&user_name, &email) {
        (None, None) => {
            return Err(StoreError::invalid(
                "email",
                "Give a user name or an e-mail address.",
            ));
        }
        (Some(user_name), email) if user_name.contains('@') => {
            let own = email.as_deref().is_some_and(|email| {
                login_names::normalise(email) == login_names::normalise(user_name)
            });
            if !own {
                return Err(StoreError::invalid(
                    "user_name",
                    "A user name has no @ in it.",
                ));
            }
        }
        _ => {}
    }
    for (what, name) in [("user_name", &user_name), ("email", &email)] {
        let Some(name) = name else { continue };
        if name.chars().count() > 254 {
            return Err(StoreError::invalid(what, "Use at most 254 characters."));
        }
        if name.chars().any(char::is_control) {
            return Err(StoreError::invalid(what, "Leave control characters out."));
        }
    }
    if let Some(email) = &email
        && !email.contains('@')
    {
        return Err(StoreError::invalid(
            "email",
            "An e-mail address has an @ in it.",
        ));
    }
    Ok((user_name, email))
}

pub(crate) async fn locked(database: &impl ConnectionTrait, id: Uuid) -> StoreResult<Model> {
    let found = Entity::find_by_id(id)
        .filter(Column::Id.ne(SYSTEM_USER))
        .lock_exclusive()
        .one(database)
        .await?;
    found.ok_or(StoreError::not_found("user"))
}

async fn another_admin(database: &impl ConnectionTrait, id: Uuid) -> StoreResult<()> {
    let others = Entity::find()
        .filter(Column::Role.eq(Role::Admin))
        .filter(Column::Active.eq(true))
        .filter(Column::Id.ne(id))
        .count(database)
        .await?;
    if others == 0 {
        Err(StoreError::conflict("last_admin"))
    } else {
        Ok(())
    }
}

fn only(rows: Vec<Model>) -> StoreResult<Model> {
    rows.into_iter().next().ok_or(StoreError::not_found("user"))
}

/// The owner condition of this table, for lists that join nothing.
impl Scope {
    /// The one user this scope is limited to.
    #[must_use]
    pub fn owner(self) -> Option<Uuid> {
        match self {
            Self::Owner(id) => Some(id),
            Self::Everyone => None,
        }
    }
}
