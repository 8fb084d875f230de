//! Typed columns in Arrow memory: what a table is, how files become one, and what one looks like.
//!
//! Start at [`read()`] (files), [`rows_from_json`] (requests) or [`profile()`] (a description). Nothing here touches the
//! file system, the clock or the network; sources are readers that are passed in.

mod column;
mod content_check;
mod decode;
mod dictionary;
mod error;
mod frame;
mod infer;
mod options;
mod parquet;
mod pictures;
mod preview;
mod profile;
mod read;
mod rows;
mod selection;
mod sort;
mod source;
mod values;

pub use column::{Cell, Column, Kind, Values};
pub use content_check::{Checked, ContentCheck};
pub use decode::{
    CellProblem, CellProblemCode, DecodedRows, WrongCell, conform, passed_over, rows_from_json,
};
pub use error::TableError;
pub use frame::{Field, Schema, Table};
pub use options::{Decimal, Delimiter, Encoding, Format, ReadOptions};
pub use parquet::{ParquetSource, ParquetWriter, read_parquet, write_parquet};
pub use pictures::{PictureContent, PictureShape};
pub use preview::{PREVIEW_ROWS, Preview, PreviewColumn, preview, preview_parquet_end};
pub use profile::{
    Association, ColumnProfile, Correlation, Histogram, Measure, Profile, ValueCount, Warning,
    association, profile,
};
pub use read::workbook::is_workbook;
pub use read::{Note, ReadResult, Sheets, read};
pub use rows::{RawRows, RowDecoder, RowPart, RowReader, RowSource, rows_with_wrong};
pub use selection::{Operator, QueryProblem, RowFilter, RowOrder, RowQuery, Selected, select_rows};
pub use sort::sort_numbers;
pub use source::TableSource;
pub use values::dates::seconds_of_date;
pub use values::missing::spells_gap;

/// The distinct values of a string column ([`Values::Strings`]), whatever Arrow calls them.
pub fn as_strings(values: &arrow_array::ArrayRef) -> Option<&arrow_array::StringArray> {
    values.as_any().downcast_ref()
}
