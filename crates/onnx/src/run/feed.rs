//! Cells of a table as the inputs of a model.

use super::steps::Slots;
use super::tensor::{Tensor, Values};
use super::type_name;
use crate::RunError;
use crate::message::{ValueInfo, data_type};
use trainyard_table::{Column, Table, Values as Cells};

/// An input of the model.
pub(super) struct Input {
    pub(super) name: String,
    pub(super) slot: usize,
    is_text: bool,
}

/// Reads how an input is declared.
pub(super) fn input(slots: &mut Slots, info: &ValueInfo) -> Result<Input, RunError> {
    let tensor = info
        .r#type
        .as_ref()
        .and_then(|kind| kind.tensor_type.as_ref());
    let is_text = match tensor.map(|tensor| tensor.elem_type) {
        Some(data_type::STRING) => true,
        Some(data_type::DOUBLE) => false,
        other => {
            let kind = other.map_or("no type".to_owned(), type_name);
            return Err(RunError::Unknown(format!("an input of {kind}")));
        }
    };
    Ok(Input {
        name: info.name.clone(),
        slot: slots.of(&info.name),
        is_text,
    })
}

impl Input {
    /// Some rows of its column, `rows × 1`.
    pub(super) fn feed(&self, table: &Table, first: usize, rows: usize) -> Tensor {
        let column = table.column(&self.name);
        let cells = first..first + rows;
        Tensor {
            shape: vec![rows, 1],
            values: if self.is_text {
                let text = |row| {
                    column
                        .and_then(|column| column.text(row))
                        .unwrap_or_default()
                };
                Values::Texts(cells.map(|row| text(row).to_owned()).collect())
            } else {
                let number = |row| column.and_then(|column| number(column, row));
                Values::Doubles(cells.map(|row| number(row).unwrap_or(f64::NAN)).collect())
            },
        }
    }
}

/// A cell as a number; identifiers are kept as text and may be numbers all the same.
fn number(column: &Column, row: usize) -> Option<f64> {
    match column.values() {
        Cells::Numbers(_) => column.number(row),
        Cells::Strings(_) => column.text(row)?.trim().parse().ok(),
    }
}
