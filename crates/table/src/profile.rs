//! What a table looks like: counts, spread, relations, and what may go wrong when something is learned from it.

mod describe;
mod duplicates;
mod leak;
mod relations;
mod target;
mod warnings;

use crate::{Kind, PictureShape, Sheets, Table};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// A table described.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Number of rows.
    pub rows: usize,
    /// Rows equal to an earlier row in every cell.
    pub duplicate_rows: usize,
    /// One description a column, in order.
    pub columns: Vec<ColumnProfile>,
    /// How strongly pairs of columns go together.
    pub correlations: Vec<Correlation>,
    /// What may go wrong, most harmful first.
    pub warnings: Vec<Warning>,
    /// The column that a person most likely wants to predict.
    pub suggested_target: Option<String>,
    /// How the pixel columns make pictures, in a set of those.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pictures: Option<PictureShape>,
    /// The sheets of the workbook it came from.
    #[serde(flatten, default, skip_serializing_if = "Option::is_none")]
    pub workbook: Option<Sheets>,
}

/// A column described. Dates are seconds since 1970 UTC.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnProfile {
    /// Its name.
    pub name: String,
    /// What the values mean.
    pub kind: Kind,
    /// Missing cells.
    pub missing: usize,
    /// Distinct values, exactly, missing not counted.
    pub distinct: usize,
    /// Smallest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// First quartile, median, third quartile (linear interpolation).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quartiles: Option<[f64; 3]>,
    /// Largest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// Arithmetic mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    /// Standard deviation with n − 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub std: Option<f64>,
    /// Numbers and dates in bins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub histogram: Option<Histogram>,
    /// The most frequent values, at most 20 (categories, text, identifiers, booleans).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top: Option<Vec<ValueCount>>,
    /// Cells with a value that is not in `top`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<usize>,
    /// The two spellings of a boolean, false first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<[String; 2]>,
    /// How strongly it goes together with the chosen target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub association: Option<Association>,
}

/// Counts between edges; the last bin includes its upper edge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// One more than bins, rising.
    pub edges: Vec<f64>,
    /// Cells in each bin.
    pub counts: Vec<usize>,
}

/// A value and how often it occurs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueCount {
    /// As it stands in the file.
    pub value: String,
    /// Rows with it.
    pub count: usize,
}

/// How a relation was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Pearson's correlation of two number columns, −1 to 1 (its size, 0 to 1, in an association).
    Pearson,
    /// Cramér's V of two category columns with Bergsma's correction, 0 to 1.
    CramersV,
    /// The correlation ratio of a number given a category, 0 to 1.
    CorrelationRatio,
}

/// How strongly two columns go together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Correlation {
    /// One column.
    pub a: String,
    /// The other.
    pub b: String,
    /// −1 to 1 for Pearson, else 0 to 1.
    pub value: f64,
    /// How it was measured.
    pub method: Measure,
}

/// How strongly a column goes together with a target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Association {
    /// The column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The target.
    pub target: String,
    /// 0 (nothing) to 1 (one gives the other).
    pub value: f64,
    /// How it was measured.
    pub method: Measure,
}

/// Something that may spoil a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Stable name for programs: `leak_suspect`, `duplicate_rows`, `imbalance`, `mostly_missing`, `constant`, `twin_columns`,
    /// `identifier`, `outliers`.
    pub code: String,
    /// The column it is about, if one.
    pub column: Option<String>,
    /// What was seen, in a plain sentence.
    pub detail: String,
    /// What to do, in a plain sentence.
    pub action: String,
}

/// Describes a table; with a target also each column's association with it and what endangers predicting it. Columns are
/// described in parallel; the result does not depend on the number of threads.
///
/// Counts, quartiles and duplicates are over all rows. Relations between columns (correlations, associations, leaks,
/// twins) are measured on at most 10,000 rows at even distances, and correlations on the first 60 columns that have a
/// measure.
pub fn profile(table: &Table, target: Option<&str>) -> Profile {
    let mut columns: Vec<ColumnProfile> =
        table.columns().par_iter().map(describe::describe).collect();
    let duplicate_rows = duplicates::duplicate_rows(table, &columns);
    let relations = relations::Relations::of(table, target);
    let correlations = relations.correlations();
    if target.is_some() {
        for association in relations.associations() {
            let named = columns
                .iter_mut()
                .find(|column| Some(&column.name) == association.column.as_ref());
            if let Some(column) = named {
                column.association = Some(Association {
                    column: None,
                    ..association
                });
            }
        }
    }
    let suggested_target = target::suggest(&columns, table.rows());
    let warnings = warnings::warnings(table.rows(), duplicate_rows, &columns, &relations, target);
    Profile {
        rows: table.rows(),
        duplicate_rows,
        columns,
        correlations,
        warnings,
        suggested_target,
        pictures: None,
        workbook: None,
    }
}

/// How strongly each other column goes together with the target, in column order; columns without a measure (text,
/// identifiers, constants) are left out.
pub fn association(table: &Table, target: &str) -> Vec<Association> {
    relations::Relations::of(table, Some(target)).associations()
}
