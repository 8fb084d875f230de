//! Who asks, through which door and with what, and what that allows. The table of rights is here and nowhere else:
//! what a role may do, and which of it an API key may. Whose rows they see is decided by the owner that every query
//! names.

use std::net::IpAddr;

use serde_json::json;
use trainyard_store::{AuditEntry, Role, User};
use uuid::Uuid;

use crate::dialects::Dialect;
use crate::error::{PlatformError, Result};

/// A way into the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Door {
    /// The canonical API, for the web app and scripts alike.
    Api,
    /// A model's guest link.
    Guest,
    /// The Open Inference Protocol.
    Inference,
    /// The command line.
    CommandLine,
    /// One of the old APIs.
    Dialect(Dialect),
}

impl Door {
    /// The door's name in records, and the audience of its tokens.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Guest => "guest",
            Self::Inference => "v2",
            Self::CommandLine => "cli",
            Self::Dialect(dialect) => dialect.name(),
        }
    }
}

/// What one household or machine usually has to itself: a single address of IPv4, the first 64 bits of IPv6.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let bits = address.to_bits() & !u128::from(u64::MAX);
            IpAddr::V6(bits.into())
        }
        v4 => v4,
    }
}

/// From where a request came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Through which door.
    pub door: Door,
    /// From which network address.
    pub address: Option<IpAddr>,
    /// With which program, as it says itself.
    pub agent: Option<String>,
    /// Which request.
    pub request_id: Option<String>,
}

impl Origin {
    /// A request of the command line.
    #[must_use]
    pub fn command_line() -> Self {
        Self {
            door: Door::CommandLine,
            address: None,
            agent: None,
            request_id: None,
        }
    }

    pub(crate) fn entry(&self, action: &str) -> AuditEntry {
        let mut entry = AuditEntry::new(action);
        entry.door = Some(self.door.name().to_owned());
        entry.address = self.address.map(|address| address.to_string());
        entry.agent = self
            .agent
            .as_ref()
            .map(|agent| agent.chars().take(200).collect());
        entry.request_id.clone_from(&self.request_id);
        entry
    }
}

/// What somebody may want to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Look at what is theirs or shared with them.
    Read,
    /// Bring, rename and delete data.
    Upload,
    /// Train, rename, share and delete models; cancel their jobs.
    Train,
    /// Ask a model.
    Predict,
    /// Look at their own account and its tokens.
    SeeAccount,
    /// Change their own account, its password and its API keys.
    ChangeAccount,
    /// See, make, change and delete accounts.
    Users,
    /// Make, change and delete administrators.
    Administrators,
    /// Give somebody else a new password.
    Passwords,
    /// Give and take tokens.
    Tokens,
    /// See and change how the place runs.
    Settings,
    /// Read, export and verify who did what.
    Audit,
    /// See everybody's models, data sets and jobs.
    Everything,
    /// Cancel others' jobs, delete their models and data sets.
    Intervene,
    /// See how much is used.
    Statistics,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 15] = [
        Self::Read,
        Self::Upload,
        Self::Train,
        Self::Predict,
        Self::SeeAccount,
        Self::ChangeAccount,
        Self::Users,
        Self::Administrators,
        Self::Passwords,
        Self::Tokens,
        Self::Settings,
        Self::Audit,
        Self::Everything,
        Self::Intervene,
        Self::Statistics,
    ];

    const fn words(self) -> &'static str {
        match self {
            Self::Read => "look at data and models",
            Self::Upload => "bring or change data",
            Self::Train => "train or change models",
            Self::Predict => "predict",
            Self::SeeAccount => "look at this account",
            Self::ChangeAccount => "change this account",
            Self::Users => "manage accounts",
            Self::Administrators => "make or change administrators",
            Self::Passwords => "give somebody a new password",
            Self::Tokens => "give or take tokens",
            Self::Settings => "see or change the settings",
            Self::Audit => "read the audit",
            Self::Everything => "see what belongs to others",
            Self::Intervene => "cancel or delete what belongs to others",
            Self::Statistics => "see the statistics",
        }
    }

    /// What an API key needs for this; nothing: no key ever may, a person has to sign in. Whoever finds a key must
    /// not be able to make it last, or to become somebody else with it.
    const fn scope(self) -> Option<KeyScope> {
        match self {
            Self::Read | Self::SeeAccount => Some(KeyScope::Read),
            Self::Upload => Some(KeyScope::Upload),
            Self::Train => Some(KeyScope::Train),
            Self::Predict => Some(KeyScope::Predict),
            Self::ChangeAccount | Self::Administrators | Self::Passwords => None,
            Self::Users
            | Self::Tokens
            | Self::Settings
            | Self::Audit
            | Self::Everything
            | Self::Intervene
            | Self::Statistics => Some(KeyScope::Admin),
        }
    }
}

/// The table: role by action.
pub(crate) const fn allows(role: Role, action: Action) -> bool {
    match action {
        Action::Read => !matches!(role, Role::Guest),
        Action::Upload | Action::Train => !matches!(role, Role::Analyst | Role::Guest),
        Action::Predict | Action::SeeAccount | Action::ChangeAccount => true,
        Action::Users
        | Action::Administrators
        | Action::Passwords
        | Action::Tokens
        | Action::Settings
        | Action::Audit
        | Action::Everything
        | Action::Intervene
        | Action::Statistics => matches!(role, Role::Admin),
    }
}

/// What an API key may be used for, as far as its owner's role allows it too.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum KeyScope {
    /// Look at data, models, jobs and the account.
    Read,
    /// Bring and change data.
    Upload,
    /// Train and change models.
    Train,
    /// Predict.
    Predict,
    /// Run the place; short of administrators and passwords.
    Admin,
}

impl KeyScope {
    /// Every scope.
    pub const ALL: [Self; 5] = [
        Self::Read,
        Self::Upload,
        Self::Train,
        Self::Predict,
        Self::Admin,
    ];

    /// The scope's name in JSON and in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Upload => "upload",
            Self::Train => "train",
            Self::Predict => "predict",
            Self::Admin => "admin",
        }
    }

    /// The scope of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}

/// Whether a role may do anything that needs this scope.
pub(crate) fn can_use(role: Role, scope: KeyScope) -> bool {
    let mut actions = Action::ALL.into_iter();
    actions.any(|action| action.scope() == Some(scope) && allows(role, action))
}

/// With what somebody showed who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A session opened with a password.
    Session {
        /// The number the account's sessions carried when this one was signed.
        token_version: i32,
    },
    /// An API key.
    Key {
        /// Its first letters, by which its owner knows it.
        prefix: String,
        /// What it may be used for.
        scopes: Vec<KeyScope>,
    },
}

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// With what it showed who it is.
    pub credential: Credential,
    /// From where it asks.
    pub origin: Origin,
}

impl Caller {
    pub(crate) fn of(user: &User, credential: Credential, origin: Origin) -> Self {
        Self {
            id: user.id,
            name: user.display_name.clone(),
            role: user.role,
            credential,
            origin,
        }
    }

    /// Lets the caller on or says why not.
    ///
    /// # Errors
    /// `Forbidden`.
    pub fn may(&self, action: Action) -> Result<()> {
        if !allows(self.role, action) {
            return Err(PlatformError::Forbidden(format!(
                "Your role ({}) may not {}. Ask an administrator for another role.",
                self.role.name(),
                action.words()
            )));
        }
        let Credential::Key { scopes, .. } = &self.credential else {
            return Ok(());
        };
        match action.scope() {
            Some(scope) if scopes.contains(&scope) => Ok(()),
            Some(scope) => Err(PlatformError::Forbidden(format!(
                "This API key may not {}. Use one with the scope '{}'.",
                action.words(),
                scope.name()
            ))),
            None => Err(PlatformError::Forbidden(format!(
                "No API key may {}. Sign in with your password instead.",
                action.words()
            ))),
        }
    }

    /// Whether the caller sees what others share with everybody who has an account.
    pub(crate) fn sees_shared(&self) -> bool {
        allows(self.role, Action::Read)
    }

    /// The number of the caller's session, where it is one.
    pub(crate) fn token_version(&self) -> Option<i32> {
        match self.credential {
            Credential::Session { token_version } => Some(token_version),
            Credential::Key { .. } => None,
        }
    }

    /// What the audit remembers about something this caller does.
    pub(crate) fn entry(&self, action: &str) -> AuditEntry {
        let entry = self.origin.entry(action).by(self.id, &self.name);
        match &self.credential {
            Credential::Session { .. } => entry,
            Credential::Key { prefix, .. } => entry.details(json!({ "key": prefix })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_allow_what_the_table_says() {
        let row = |role| Action::ALL.map(|action| u8::from(allows(role, action)));
        // read upload train predict, see and change the account, users administrators passwords tokens settings
        // audit everything intervene statistics
        let own = [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(row(Role::Admin), [1; 15]);
        assert_eq!(row(Role::DataScientist), own);
        assert_eq!(row(Role::MlEngineer), own);
        assert_eq!(row(Role::User), own);
        assert_eq!(
            row(Role::Analyst),
            [1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        );
        assert_eq!(
            row(Role::Guest),
            [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        );
    }

    #[test]
    fn a_key_is_what_its_scopes_and_its_owners_role_both_allow() {
        let may = |role, scopes: &[KeyScope]| {
            let caller = Caller {
                id: Uuid::nil(),
                name: String::new(),
                role,
                credential: Credential::Key {
                    prefix: String::new(),
                    scopes: scopes.to_vec(),
                },
                origin: Origin::command_line(),
            };
            Action::ALL.map(|action| u8::from(caller.may(action).is_ok()))
        };
        let all = KeyScope::ALL;
        assert_eq!(may(Role::Admin, &[]), [0; 15]);
        assert_eq!(
            may(Role::Admin, &all),
            [1, 1, 1, 1, 1, 0, 1, 0, 0, 1, 1, 1, 1, 1, 1]
        );
        assert_eq!(
            may(Role::User, &all),
            [1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        );
        assert_eq!(
            may(Role::Analyst, &[KeyScope::Train, KeyScope::Predict]),
            [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        );
        assert_eq!(
            may(Role::Admin, &[KeyScope::Admin]),
            [0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 1, 1, 1, 1, 1]
        );
    }
}
