//! Who asks, through which door, and what their role allows. The table of rights is here and nowhere else; whose
//! rows they see is decided by the owner that every query names.

use std::net::IpAddr;

use trainyard_store::{AuditEntry, Role, User};
use uuid::Uuid;

use crate::error::{PlatformError, Result};

/// A way into the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Door {
    /// The canonical API, for the web app and scripts alike.
    Api,
    /// The command line.
    CommandLine,
}

impl Door {
    /// The door's name in records, and the audience of its tokens.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::CommandLine => "cli",
        }
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
    /// Look at what is theirs.
    Read,
    /// Bring, rename and delete data.
    Upload,
    /// Train, rename and delete models; cancel their jobs.
    Train,
    /// Ask a model.
    Predict,
    /// Change their own account.
    OwnAccount,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 5] = [
        Self::Read,
        Self::Upload,
        Self::Train,
        Self::Predict,
        Self::OwnAccount,
    ];

    const fn words(self) -> &'static str {
        match self {
            Self::Read => "look at data and models",
            Self::Upload => "bring or change data",
            Self::Train => "train or change models",
            Self::Predict => "predict",
            Self::OwnAccount => "change this account",
        }
    }
}

/// The table: role by action.
pub(crate) const fn allows(role: Role, action: Action) -> bool {
    match role {
        Role::Admin | Role::DataScientist | Role::MlEngineer | Role::User => true,
        Role::Analyst => matches!(action, Action::Read | Action::Predict | Action::OwnAccount),
        Role::Guest => matches!(action, Action::Predict),
    }
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The account.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The number its sessions carry.
    pub token_version: i32,
    /// From where it asks.
    pub origin: Origin,
}

impl Caller {
    pub(crate) fn of(user: &User, origin: Origin) -> Self {
        Self {
            id: user.id,
            name: user.display_name.clone(),
            role: user.role,
            token_version: user.token_version,
            origin,
        }
    }

    /// Lets the caller on or says why not.
    ///
    /// # Errors
    /// `Forbidden`.
    pub fn may(&self, action: Action) -> Result<()> {
        if allows(self.role, action) {
            return Ok(());
        }
        Err(PlatformError::Forbidden(format!(
            "Your role ({}) may not {}. Ask an administrator for another role.",
            self.role.name(),
            action.words()
        )))
    }

    /// What the audit remembers about something this caller does.
    pub(crate) fn entry(&self, action: &str) -> AuditEntry {
        self.origin.entry(action).by(self.id, &self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_allow_what_the_table_says() {
        let row = |role| Action::ALL.map(|action| allows(role, action));
        //                                            read   upload train  predict account
        assert_eq!(row(Role::Admin), [true, true, true, true, true]);
        assert_eq!(row(Role::DataScientist), [true, true, true, true, true]);
        assert_eq!(row(Role::MlEngineer), [true, true, true, true, true]);
        assert_eq!(row(Role::User), [true, true, true, true, true]);
        assert_eq!(row(Role::Analyst), [true, false, false, true, true]);
        assert_eq!(row(Role::Guest), [false, false, false, true, false]);
    }
}
