//! What a data set holds: its profile, with or without a target in mind, and its rows page by page.

use serde_json::Value;
use trainyard_store::Dataset;
use trainyard_table::{Cell, Field, Profile, RowQuery, Schema, Table, association, select_rows};
use trainyard_training::FieldProblem;
use uuid::Uuid;

use super::{Datasets, usable};
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result};

/// The most rows one page holds.
const MOST_ROWS: usize = 500;

/// Some rows of a data set.
#[derive(Clone, Debug)]
pub struct RowsPage {
    /// Names and kinds.
    pub columns: Vec<Field>,
    /// Cells: numbers, text or null; dates in ISO form, yes/no columns in their own spelling.
    pub rows: Vec<Vec<Value>>,
    /// Where each of them stands in the data set, from 0.
    pub positions: Vec<usize>,
    /// Rows that were asked for, on all pages.
    pub total: usize,
    /// Rows of the whole data set.
    pub dataset_rows: usize,
}

impl Datasets<'_> {
    /// The profile. With a target, each column also says how strongly it goes together with that one.
    ///
    /// # Errors
    /// `NotFound`; `NotReady`; `Validation` for an unknown target.
    pub async fn profile(
        &self,
        caller: &Caller,
        id: Uuid,
        target: Option<&str>,
    ) -> Result<Profile> {
        caller.may(Action::Read)?;
        let (dataset, mut profile) = self.described(caller.id, id).await?;
        let Some(target) = target.filter(|target| !target.is_empty()) else {
            return Ok(profile);
        };
        if !profile.columns.iter().any(|column| column.name == target) {
            return Err(PlatformError::field(
                "/target",
                format!("There is no column '{target}'."),
            ));
        }
        let table = self.0.table(table_hash(&dataset)?).await?;
        let wanted = target.to_owned();
        let found = self
            .0
            .compute("relate columns to a target", move || {
                association(&table, &wanted)
            })
            .await?;
        for mut one in found {
            let name = one.column.take();
            let column = profile
                .columns
                .iter_mut()
                .find(|column| Some(&column.name) == name.as_ref());
            if let Some(column) = column {
                column.association = Some(one);
            }
        }
        Ok(profile)
    }

    /// Some of the rows that a query wants, in its order, at most 500.
    ///
    /// # Errors
    /// `NotFound`; `NotReady`; `Validation` for a query that does not suit the columns.
    pub async fn rows(
        &self,
        caller: &Caller,
        id: Uuid,
        query: RowQuery,
        offset: usize,
        limit: usize,
    ) -> Result<RowsPage> {
        caller.may(Action::Read)?;
        let dataset = self.0.store().datasets().get(caller.id, id).await?;
        usable(&dataset)?;
        let table = self.0.table(table_hash(&dataset)?).await?;
        let work = move || {
            let found = select_rows(&table, &query, offset, limit.min(MOST_ROWS))?;
            Ok(RowsPage::of(&table, found.rows, found.total))
        };
        let found = self.0.compute("look for rows", work).await?;
        found.map_err(|problem: trainyard_table::QueryProblem| {
            let pointer = format!("/{}", problem.part);
            PlatformError::Validation(vec![FieldProblem::new(pointer, problem.detail)])
        })
    }

    /// A usable data set of this owner with its profile.
    pub(crate) async fn described(&self, owner: Uuid, id: Uuid) -> Result<(Dataset, Profile)> {
        let (dataset, revision) = self.0.store().datasets().with_revision(owner, id).await?;
        usable(&dataset)?;
        let profile = revision
            .profile
            .ok_or_else(|| PlatformError::internal("read a profile", "it is missing"))?;
        let profile = serde_json::from_value(profile.into_json())
            .map_err(|error| PlatformError::internal("read a profile", error))?;
        Ok((dataset, profile))
    }
}

impl RowsPage {
    /// These rows of a table, of so many that were asked for.
    fn of(table: &Table, rows: Vec<usize>, total: usize) -> Self {
        Self {
            columns: table.schema().fields.clone(),
            rows: cells(&table.take(&rows)),
            positions: rows,
            total,
            dataset_rows: table.rows(),
        }
    }

    /// Some of the named rows of a table, at most 500.
    pub(crate) fn among(table: &Table, rows: &[usize], offset: usize, limit: usize) -> Self {
        let wanted = rows.iter().skip(offset).take(limit.min(MOST_ROWS));
        Self::of(table, wanted.copied().collect(), rows.len())
    }
}

fn cells(table: &Table) -> Vec<Vec<Value>> {
    let row = |row| {
        let columns = table.columns().iter();
        columns.map(|column| shown(column.cell(row))).collect()
    };
    (0..table.rows()).map(row).collect()
}

/// The stored table of a usable data set.
pub(crate) fn table_hash(dataset: &Dataset) -> Result<&str> {
    dataset.table_hash.as_deref().ok_or_else(|| {
        PlatformError::internal("find a table", format!("dataset {} has none", dataset.id))
    })
}

/// The columns that a profile describes.
pub(crate) fn schema_of(profile: &Profile) -> Schema {
    let fields = profile.columns.iter().map(|column| Field {
        name: column.name.clone(),
        kind: column.kind,
        labels: column.labels.clone(),
    });
    Schema {
        fields: fields.collect(),
    }
}

fn shown(cell: Cell) -> Value {
    match cell {
        Cell::Missing => Value::Null,
        Cell::Integer(number) => Value::from(number),
        Cell::Number(number) => Value::from(number),
        Cell::Text(text) => Value::from(text),
    }
}
