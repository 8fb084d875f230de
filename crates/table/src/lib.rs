//! Typed columns in Arrow memory: what a table is, how files become one, and what one looks like.

mod column;
mod error;
mod frame;
mod source;

pub use column::{Cell, Column, Kind, Values};
pub use error::TableError;
pub use frame::{Field, Schema, Table};
pub use source::TableSource;

/// The distinct values of a string column ([`Values::Strings`]), whatever Arrow calls them.
pub fn as_strings(values: &arrow_array::ArrayRef) -> Option<&arrow_array::StringArray> {
    values.as_any().downcast_ref()
}
