//! How an upload is read: the kinds of its columns and the form of its file, as found by looking or as a person said. A change
//! reads the upload once more, as another revision; models trained before keep the table they learned from.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use trainyard_table::{Decimal, Delimiter, Encoding, Field, Kind, Profile, ReadOptions};
use trainyard_training::FieldProblem;
use uuid::Uuid;

use super::upload::{PICTURES, profile_job};
use super::{DatasetCard, Datasets};
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result};

/// How a data set's upload was read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Which reading this is, from 1.
    pub revision: i32,
    /// Its columns; none before it could be read.
    pub columns: Vec<Field>,
    /// What a person said about the reading.
    pub options: ReadOptions,
}

/// What is to be read differently. An outer `None` leaves something as it is, an inner one goes back to looking.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadingChange {
    /// Kinds of columns by name.
    pub kinds: BTreeMap<String, Option<Kind>>,
    /// Which sheet of a workbook.
    pub sheet: Option<Option<String>>,
    /// What separates cells.
    pub delimiter: Option<Option<Delimiter>>,
    /// How characters are written.
    pub encoding: Option<Option<Encoding>>,
    /// What stands before the fraction of a number.
    pub decimal: Option<Option<Decimal>>,
    /// Whether the first line names the columns.
    pub header: Option<Option<bool>>,
}

impl Datasets<'_> {
    /// How one of the caller's data sets is read.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn reading(&self, caller: &Caller, id: Uuid) -> Result<Reading> {
        caller.may(Action::Read)?;
        let (dataset, revision) = self
            .0
            .store()
            .datasets()
            .with_revision(caller.id, id)
            .await?;
        let profile = revision.profile.map(|profile| profile.into_json());
        Ok(Reading {
            revision: dataset.revision,
            columns: columns_of(profile)?,
            options: options_of(revision.options.into_json())?,
        })
    }

    /// Reads an upload once more. Until that has succeeded, what was read before stands.
    ///
    /// # Errors
    /// `NotFound`; `Validation` for what cannot be read so; `Conflict` while it is being read.
    pub async fn read_again(
        &self,
        caller: &Caller,
        id: Uuid,
        change: ReadingChange,
    ) -> Result<DatasetCard> {
        caller.may(Action::Upload)?;
        let (dataset, revision) = self
            .0
            .store()
            .datasets()
            .with_revision(caller.id, id)
            .await?;
        let profile = revision.profile.map(|profile| profile.into_json());
        let columns = columns_of(profile)?;
        let before = options_of(revision.options.into_json())?;
        let format = dataset.format.as_deref().unwrap_or_default();
        let mut problems = change.problems(format, &columns);
        let changed: BTreeSet<String> = change.kinds.keys().cloned().collect();
        let options = change.applied(before.clone());
        if problems.is_empty() && options == before && dataset.table_hash.is_some() {
            problems.push(FieldProblem::new(
                "",
                "It is read like this already. Change the kind of a column, or how the file is read.",
            ));
        }
        if !problems.is_empty() {
            return Err(PlatformError::Validation(problems));
        }
        self.0.room_for(caller.id, 0).await?;
        let entry = caller
            .entry("dataset.schema")
            .details(json!({ "columns": changed }));
        let datasets = self.0.store().datasets();
        let dataset = datasets
            .read_again(caller.id, id, stored(&options), profile_job(), entry)
            .await?;
        self.card(dataset).await
    }
}

impl ReadingChange {
    /// The options with these put in.
    pub(super) fn applied(self, mut options: ReadOptions) -> ReadOptions {
        for (column, kind) in self.kinds {
            match kind {
                Some(kind) => options.kinds.insert(column, kind),
                None => options.kinds.remove(&column),
            };
        }
        options.sheet = self.sheet.unwrap_or(options.sheet);
        options.delimiter = self.delimiter.unwrap_or(options.delimiter);
        options.encoding = self.encoding.unwrap_or(options.encoding);
        options.decimal = self.decimal.unwrap_or(options.decimal);
        options.header = self.header.unwrap_or(options.header);
        options
    }

    /// What does not suit a file of this format, or the columns it was read to have.
    pub(super) fn problems(&self, format: &str, columns: &[Field]) -> Vec<FieldProblem> {
        if format == PICTURES {
            let detail = "A set of pictures is read in one way only; there is nothing to change.";
            return vec![FieldProblem::new("", detail)];
        }
        let text = matches!(format, "csv" | "tsv");
        let form = [
            (
                "/sheet",
                self.sheet.is_some(),
                format == "xlsx",
                "workbooks",
            ),
            ("/delimiter", self.delimiter.is_some(), text, "CSV files"),
            (
                "/encoding",
                self.encoding.is_some(),
                text || format == "json_lines",
                "text files",
            ),
            ("/decimal", self.decimal.is_some(), text, "CSV files"),
            (
                "/header",
                self.header.is_some(),
                text || format == "xlsx",
                "CSV files and workbooks",
            ),
        ];
        let mut problems = Vec::new();
        for (pointer, said, suits, whose) in form {
            if said && !suits {
                let detail = format!("Only {whose} have this. Leave it out.");
                problems.push(FieldProblem::new(pointer, detail));
            }
        }
        // Read in another form, a file has other columns.
        let same_form = form.iter().all(|(_, said, ..)| !said) && !columns.is_empty();
        for column in self.kinds.keys().filter(|_| same_form) {
            if !columns.iter().any(|field| field.name == *column) {
                let pointer = format!("/kinds/{}", column.replace('~', "~0").replace('/', "~1"));
                let detail = format!("There is no column '{column}'.");
                problems.push(FieldProblem::new(pointer, detail));
            }
        }
        problems
    }
}

fn columns_of(profile: Option<Value>) -> Result<Vec<Field>> {
    let Some(profile) = profile else {
        return Ok(Vec::new());
    };
    let profile: Profile = serde_json::from_value(profile)
        .map_err(|error| PlatformError::internal("read a profile", error))?;
    Ok(super::look::schema_of(&profile).fields)
}

fn options_of(stored: Value) -> Result<ReadOptions> {
    serde_json::from_value(stored)
        .map_err(|error| PlatformError::internal("read how a file is read", error))
}

/// Only what was said: limits are the server's, whatever they were when a reading was asked for.
pub(super) fn stored(options: &ReadOptions) -> Value {
    let said = [
        ("sheet", json!(options.sheet)),
        ("delimiter", json!(options.delimiter)),
        ("encoding", json!(options.encoding)),
        ("decimal", json!(options.decimal)),
        ("header", json!(options.header)),
        ("kinds", json!(options.kinds)),
    ];
    let said = said.into_iter().filter(|(_, value)| !value.is_null());
    Value::Object(
        said.map(|(name, value)| (name.to_owned(), value))
            .collect::<Map<_, _>>(),
    )
}
