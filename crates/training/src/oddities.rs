//! Cells that are not as a model's columns were while it learned. They are looked for column by column, so that a file of
//! millions of rows costs no more than its numbers; sentences are made only of those that are shown.

use crate::contract::{Contract, Policy};
use crate::model::{FittedModel, RowWarning};
use crate::signature::SignatureField;
use trainyard_table::{CellProblem, Column, Field, Table, Values, WrongCell, as_strings};

/// What is odd about a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Oddity {
    /// There is none.
    Missing,
    /// It cannot be read as its column's kind; it is missing in the table.
    WrongType,
    /// A number outside of what was seen.
    OutOfRange,
    /// A category that was never seen.
    UnknownCategory,
}

impl Oddity {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::WrongType => "wrong_type",
            Self::OutOfRange => "out_of_range",
            Self::UnknownCategory => "unknown_category",
        }
    }
}

/// One column as it was asked with, and as it was learned from.
pub(crate) struct Asked<'a> {
    pub(crate) column: &'a Column,
    pub(crate) field: &'a Field,
    pub(crate) signature: &'a SignatureField,
    /// The column's place in the schema.
    pub(crate) place: usize,
}

impl Asked<'_> {
    /// Calls `see` with every odd cell; rows rise for each oddity. Cells among `wrong` count as wrong and not as missing.
    pub(crate) fn visit(
        &self,
        model: &FittedModel,
        wrong: &[WrongCell],
        mut see: impl FnMut(usize, Oddity),
    ) {
        let mut wrong = wrong.iter().filter(|cell| cell.column == self.place);
        let mut next = wrong.next();
        if self.column.missing() > 0 {
            for row in 0..self.column.len() {
                if !self.column.is_missing(row) {
                    continue;
                }
                if next.is_some_and(|cell| cell.row == row) {
                    see(row, Oddity::WrongType);
                    next = wrong.next();
                } else {
                    see(row, Oddity::Missing);
                }
            }
        }
        match (self.column.values(), self.signature.range) {
            // What a single pixel was before says nothing about a picture.
            (Values::Numbers(_), _) if model.spec().pictures.is_some() => {}
            (Values::Numbers(values), Some([low, high])) => {
                for (row, value) in values.iter().enumerate() {
                    if value.is_some_and(|value| value < low || value > high) {
                        see(row, Oddity::OutOfRange);
                    }
                }
            }
            (Values::Numbers(_), None) => {}
            (Values::Strings(values), _) => {
                let Some(texts) = as_strings(values.values()) else {
                    return;
                };
                // Each spelling is looked up once.
                let name = &self.field.name;
                let strange: Vec<bool> = texts
                    .iter()
                    .map(|text| text.is_some_and(|text| !model.predictor().knows(name, text)))
                    .collect();
                if !strange.contains(&true) {
                    return;
                }
                for (row, key) in values.keys().iter().enumerate() {
                    let key = key.and_then(|key| usize::try_from(key).ok());
                    if key.and_then(|key| strange.get(key)) == Some(&true) {
                        see(row, Oddity::UnknownCategory);
                    }
                }
            }
        }
    }

    /// A sentence about an odd cell; `wrong` is how it was written when it could not be read.
    pub(crate) fn warning(&self, row: usize, oddity: Oddity, wrong: &[WrongCell]) -> RowWarning {
        let name = &self.field.name;
        let detail = match oddity {
            Oddity::Missing => CellProblem::missing(self.field).detail,
            Oddity::WrongType => {
                let cell = wrong
                    .iter()
                    .find(|cell| cell.row == row && cell.column == self.place);
                let text = cell.map_or("", |cell| cell.text.as_str());
                CellProblem::wrong(self.field, text).detail
            }
            Oddity::OutOfRange => {
                let value = self.column.number(row).unwrap_or(f64::NAN);
                let [low, high] = self.signature.range.unwrap_or([f64::NAN; 2]);
                format!(
                    "{value} is outside of what the model has seen for '{name}' ({low} to {high}); the answer is a guess beyond its data"
                )
            }
            Oddity::UnknownCategory => format!(
                "the model never saw '{}' in '{name}'; it is treated as no known value",
                self.column.text(row).unwrap_or_default()
            ),
        };
        RowWarning {
            column: name.clone(),
            code: oddity.code().to_owned(),
            detail,
        }
    }

    /// The same about a cell that is refused.
    pub(crate) fn refusal(&self, row: usize, oddity: Oddity, wrong: &[WrongCell]) -> String {
        let name = &self.field.name;
        let what = match oddity {
            Oddity::Missing => format!("'{name}' has no value"),
            _ => {
                let warning = self.warning(row, oddity, wrong);
                warning
                    .detail
                    .split_once(';')
                    .map_or(warning.detail.as_str(), |(what, _)| what)
                    .to_owned()
            }
        };
        format!("{what}, and this model refuses that; change the value")
    }
}

impl FittedModel {
    /// Each column of a table in the model's schema, beside what was learned of it.
    pub(crate) fn asked<'a>(&'a self, table: &'a Table) -> impl Iterator<Item = Asked<'a>> {
        let fields = self.schema().fields.iter().zip(self.signature());
        table.columns().iter().zip(fields).enumerate().map(
            |(place, (column, (field, signature)))| Asked {
                column,
                field,
                signature,
                place,
            },
        )
    }
}

/// The table with these cells taken out, by place of their column.
pub(crate) fn without(table: Table, blank: &[(usize, Vec<usize>)]) -> Table {
    if blank.iter().all(|(_, rows)| rows.is_empty()) {
        return table;
    }
    table.without_cells(blank)
}

/// Whether cells of a column that are odd in this way are taken out.
pub(crate) fn taken_out(contract: &Contract, column: &str, oddity: Oddity) -> bool {
    let already = matches!(oddity, Oddity::Missing | Oddity::WrongType);
    contract.policy(column) == Policy::Impute && !already
}
