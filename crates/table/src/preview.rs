//! The first rows of a file and how it would be read, before anything is stored.

use crate::parquet::{Directory, directory};
use crate::read::builders::Builder;
use crate::read::layout::{Look, Separated, TextLayout, look};
use crate::read::separated::{bad_row, decide, guess_column};
use crate::read::stream::{Block, TextStream};
use crate::read::tokens::{Cells, tokenise};
use crate::read::{Sheets, format_of, json, workbook};
use crate::values::trim;
use crate::{
    Cell, Column, Decimal, Delimiter, Encoding, Format, Kind, Note, ReadOptions, Table, TableError,
};
use serde::{Deserialize, Serialize};

/// Rows shown.
pub const PREVIEW_ROWS: usize = 100;

/// How the beginning of a file would be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// The format.
    pub format: Format,
    /// What separates cells (CSV and TSV).
    pub delimiter: Option<Delimiter>,
    /// How characters are written (text formats).
    pub encoding: Option<Encoding>,
    /// What stands before the fraction of a number (CSV and TSV).
    pub decimal: Option<Decimal>,
    /// Whether the first line names the columns.
    pub header: bool,
    /// The columns, with the kinds that the shown part suggests.
    pub columns: Vec<PreviewColumn>,
    /// Up to [`PREVIEW_ROWS`] rows, cells as they stand in the file; `None` is missing.
    pub rows: Vec<Vec<Option<String>>>,
    /// What was found and decided.
    pub notes: Vec<Note>,
    /// Of a workbook, its sheets.
    #[serde(flatten, default, skip_serializing_if = "Option::is_none")]
    pub workbook: Option<Sheets>,
    /// Rows of the whole file, where its directory says how many there are (Parquet).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row_count: Option<u64>,
}

/// One column of a preview.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PreviewColumn {
    /// Its name.
    pub name: String,
    /// What the shown part suggests.
    pub kind: Kind,
    /// What a person should know about it.
    pub notes: Vec<String>,
}

/// Reads the beginning of a file; a last line that is cut off is left out. For Parquet and XLSX the whole file is needed.
///
/// # Errors
/// [`TableError`], as reading the whole file would give.
pub fn preview(
    bytes: &[u8],
    file_name: &str,
    options: &ReadOptions,
) -> Result<Preview, TableError> {
    match look(bytes, true, file_name, options)? {
        Look::More => Err(TableError::Empty),
        Look::Parquet => {
            let read = crate::parquet::read_source(std::io::Cursor::new(bytes), options);
            let (table, notes) = read.map_err(|_| {
                TableError::unreadable(
                    "a Parquet file can only be previewed whole; this one is damaged or too large to preview, so upload it to see it",
                )
            })?;
            let row_count = Some(table.rows() as u64);
            Ok(Preview {
                row_count,
                ..Preview::of_table(&table, Format::Parquet, notes)
            })
        }
        Look::Workbook => {
            let (text, mut notes, sheets) =
                workbook::text(std::io::Cursor::new(bytes), options, PREVIEW_ROWS + 1)?;
            let mut shown = preview(&text, "", &workbook::options_for_text(options))?;
            notes.append(&mut shown.notes);
            Ok(Preview {
                format: Format::Xlsx,
                delimiter: None,
                encoding: None,
                decimal: None,
                notes,
                workbook: Some(sheets),
                ..shown
            })
        }
        Look::Json(text) => {
            let mut decoded = Vec::new();
            // What cannot be decoded is left for the full reading to report with its line.
            let _ = text.decoder().push(
                bytes.get(text.mark..).unwrap_or_default(),
                false,
                &mut decoded,
            );
            let (columns, notes) = json::columns_of(&decoded, options)?;
            let mut preview = Preview::of_table(&Table::new(columns)?, Format::JsonLines, notes);
            preview.encoding = Some(text.seen);
            Ok(preview)
        }
        Look::Separated(text, layout) => separated_preview(bytes, &text, &layout, options),
    }
}

/// What the end of a Parquet file says of the whole, however large that is: columns with the kinds that their types suggest,
/// and how many rows there are. The rows themselves stand before.
///
/// # Errors
/// [`TableError`] when the bytes are not the end of such a file, or too few.
pub fn preview_parquet_end(end: &[u8], options: &ReadOptions) -> Result<Preview, TableError> {
    let Directory {
        fields,
        rows,
        notes,
    } = directory(end, options)?;
    let columns = fields.into_iter().map(|field| PreviewColumn {
        name: field.name,
        kind: field.kind,
        notes: Vec::new(),
    });
    Ok(Preview {
        format: Format::Parquet,
        delimiter: None,
        encoding: None,
        decimal: None,
        header: true,
        columns: columns.collect(),
        rows: Vec::new(),
        notes,
        workbook: None,
        row_count: Some(rows),
    })
}

/// Cells as they stand in the file; kinds as the part that was given suggests.
fn separated_preview(
    bytes: &[u8],
    text: &TextLayout,
    layout: &Separated,
    options: &ReadOptions,
) -> Result<Preview, TableError> {
    let columns = layout.names.len();
    let (block, cells) = match shown_rows(bytes, text, layout, options, true) {
        Ok(whole) => whole,
        // The last line may be cut: then it is left out, unless there is nothing else.
        Err(error) => shown_rows(bytes, text, layout, options, false).map_err(|_| error)?,
    };
    let mut raw = Vec::with_capacity(columns);
    for (column, name) in layout.names.iter().enumerate() {
        let guess = guess_column(&block.text, &cells, column, name, layout, options);
        let mut builder = Builder::new(guess, cells.rows(), &options.missing);
        builder.append(&block.text, &cells, column)?;
        raw.push(builder.finish());
    }
    let (typed, notes) = decide(raw, layout, options)?;
    let shown: Vec<usize> = typed
        .iter()
        .filter_map(|column| layout.names.iter().position(|name| name == column.name()))
        .collect();
    let mut scratch = Vec::new();
    let rows = cells
        .spans
        .chunks_exact(columns)
        .take(PREVIEW_ROWS)
        .map(|row| {
            let cell = |column: &usize| {
                let cell = trim(row.get(*column)?.text(&block.text, &mut scratch));
                (!cell.is_empty()).then(|| String::from_utf8_lossy(cell).into_owned())
            };
            shown.iter().map(cell).collect()
        });
    let rows = rows.collect();
    Ok(Preview {
        format: format_of(layout.delimiter),
        delimiter: Some(layout.delimiter),
        encoding: Some(text.seen),
        decimal: Some(layout.decimal),
        header: layout.header,
        columns: typed
            .iter()
            .map(|column| PreviewColumn::new(column, &notes))
            .collect(),
        rows,
        notes,
        workbook: None,
        row_count: None,
    })
}

/// Rows of the beginning of a file, up to its end or up to the last whole line.
fn shown_rows(
    bytes: &[u8],
    text: &TextLayout,
    layout: &Separated,
    options: &ReadOptions,
    to_the_end: bool,
) -> Result<(Block, Cells), TableError> {
    let (columns, delimiter) = (layout.names.len(), layout.delimiter.byte());
    let mut stream = TextStream::new(text.decoder(), Some(delimiter), options.max_line_bytes)
        .skipping(layout.body, layout.body_lines);
    stream.push(bytes.get(text.mark..).unwrap_or_default());
    if to_the_end {
        stream.finish();
    }
    let failure = stream.failure().cloned().filter(|_| to_the_end);
    let block = match (failure, stream.take()) {
        (Some(failure), _) => return Err(failure),
        (None, Some(block)) => block,
        (None, None) => return Err(TableError::HeaderOnly),
    };
    let mut cells = Cells::default();
    tokenise(
        &block.text,
        delimiter,
        columns,
        options.max_line_bytes,
        &mut cells,
    )
    .map_err(|bad| {
        bad_row(
            bad,
            &block.text,
            block.line,
            columns,
            options.max_line_bytes,
        )
    })?;
    Ok((block, cells))
}

impl Preview {
    fn of_table(table: &Table, format: Format, notes: Vec<Note>) -> Self {
        let cell = |column: &Column, row: usize| match column.cell(row) {
            Cell::Missing => None,
            Cell::Integer(value) => Some(value.to_string()),
            Cell::Number(value) => Some(value.to_string()),
            Cell::Text(text) => Some(text),
        };
        Self {
            format,
            delimiter: None,
            encoding: None,
            decimal: None,
            header: true,
            columns: table
                .columns()
                .iter()
                .map(|column| PreviewColumn::new(column, &notes))
                .collect(),
            rows: (0..table.rows().min(PREVIEW_ROWS))
                .map(|row| {
                    table
                        .columns()
                        .iter()
                        .map(|column| cell(column, row))
                        .collect()
                })
                .collect(),
            notes,
            workbook: None,
            row_count: None,
        }
    }
}

impl PreviewColumn {
    fn new(column: &Column, notes: &[Note]) -> Self {
        let own = notes
            .iter()
            .filter(|note| note.column.as_deref() == Some(column.name()));
        Self {
            name: column.name().to_owned(),
            kind: column.kind(),
            notes: own.map(|note| note.detail.clone()).collect(),
        }
    }
}
