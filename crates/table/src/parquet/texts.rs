//! Texts of a Parquet file without copies. A page may hold one long text and refer to it from a million rows: spelled out
//! for each row, a file of some kilobytes would fill any memory. So texts are read as views of the page, and each different
//! view of a batch is looked at once.

use super::damaged;
use crate::TableError;
use crate::read::builders::Coded;
use arrow_array::{Array, StringViewArray};
use arrow_schema::{DataType, Schema};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use std::collections::HashMap;
use std::sync::Arc;

/// Views hold texts up to this many bytes in themselves.
const INLINE: u32 = 12;

/// The same file with its texts, dictionaries of texts included, to be read as views.
pub(super) fn as_views(metadata: ArrowReaderMetadata) -> Result<ArrowReaderMetadata, TableError> {
    let schema = metadata.schema();
    let fields = schema.fields().iter().map(|field| {
        let kind = match field.data_type() {
            DataType::Dictionary(_, values) => values,
            kind => kind,
        };
        let kind = match kind {
            DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
            kind => kind.clone(),
        };
        field.as_ref().clone().with_data_type(kind)
    });
    let fields: Vec<_> = fields.collect();
    let wanted = Schema::new_with_metadata(fields, schema.metadata().clone());
    let options = ArrowReaderOptions::new().with_schema(Arc::new(wanted));
    ArrowReaderMetadata::try_new(Arc::clone(metadata.metadata()), options).map_err(damaged)
}

/// Adds texts as `seen` sees them; nothing is a gap.
pub(super) fn append(
    coded: &mut Coded,
    texts: &StringViewArray,
    seen: impl Fn(&str) -> Option<&str>,
) -> Result<(), TableError> {
    let mut known: HashMap<u128, i32> = HashMap::new();
    let code = |coded: &mut Coded, text: &str| match seen(text) {
        Some(text) => coded.dictionary.code(text.as_bytes()),
        None => Ok(-1),
    };
    for (row, view) in texts.views().iter().enumerate() {
        if texts.is_null(row) {
            coded.codes.push(-1);
            continue;
        }
        // The lowest four bytes are the text's length.
        let one = if *view as u32 <= INLINE {
            code(coded, texts.value(row))?
        } else if let Some(one) = known.get(view) {
            *one
        } else {
            let one = code(coded, texts.value(row))?;
            known.insert(*view, one);
            one
        };
        coded.codes.push(one);
    }
    Ok(())
}
