//! How the place behaves. The settings are declared in the store; a change counts from the next request on.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Value, json};
use trainyard_store::settings::{SETTINGS, Setting, Settings};
use trainyard_training::FieldProblem;

use super::Administration;
use crate::accounts::none_or;
use crate::caller::{Action, Caller};
use crate::error::Result;

/// A setting and what it is set to.
#[derive(Clone, Debug, PartialEq)]
pub struct SettingCard {
    /// Its declaration.
    pub setting: &'static Setting,
    /// What it is set to.
    pub value: Value,
}

/// What was decided when the server was started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerFacts {
    /// Whether the database is on a server of its own, PostgreSQL; else it is a SQLite file.
    pub is_postgres: bool,
    /// Where its files are.
    pub data_folder: PathBuf,
    /// Processor cores it trains on.
    pub cores: usize,
    /// Bytes of memory that a training may take.
    pub memory_bytes: u64,
}

impl Administration<'_> {
    /// What was decided when the server was started; the address of a database server is not among it.
    ///
    /// # Errors
    /// `Forbidden`.
    pub fn server(&self, caller: &Caller) -> Result<ServerFacts> {
        caller.may(Action::Settings)?;
        let options = &self.0.0.options;
        Ok(ServerFacts {
            is_postgres: options.database_url.is_some(),
            data_folder: options.data_dir.clone(),
            cores: self.0.cores(),
            memory_bytes: options.memory_budget as u64,
        })
    }

    /// Every setting, in the order of their declaration.
    ///
    /// # Errors
    /// `Forbidden`.
    pub fn settings(&self, caller: &Caller) -> Result<Vec<SettingCard>> {
        caller.may(Action::Settings)?;
        Ok(cards(&self.0.store().settings().current()))
    }

    /// Changes settings, all or none.
    ///
    /// # Errors
    /// `Forbidden`; `Validation` naming what is unknown or out of bounds.
    pub async fn change_settings(
        &self,
        caller: &Caller,
        changes: BTreeMap<String, Value>,
    ) -> Result<Vec<SettingCard>> {
        caller.may(Action::Settings)?;
        none_or(changes.keys().filter_map(|key| unknown(key)).collect())?;
        let entry = caller
            .entry("settings.change")
            .details(json!({ "changes": changes }));
        let settings = self.0.store().settings().set(&changes, entry).await?;
        Ok(cards(&settings))
    }
}

fn cards(settings: &Settings) -> Vec<SettingCard> {
    let all = settings.all().into_iter();
    all.map(|(setting, value)| SettingCard { setting, value })
        .collect()
}

fn unknown(key: &str) -> Option<FieldProblem> {
    if SETTINGS.iter().any(|setting| setting.key == key) {
        return None;
    }
    let shown: String = key.chars().take(60).collect();
    let pointer = format!("/{}", shown.replace('~', "~0").replace('/', "~1"));
    Some(FieldProblem::new(pointer, "There is no such setting."))
}
