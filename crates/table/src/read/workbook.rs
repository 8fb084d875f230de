//! A sheet of an XLSX workbook becomes text with commas, which is then read like any such file: header, kinds and notes
//! are decided in one place for both. Before a cell is looked at the archive is unpacked once into nothing, so that what
//! would swell beyond bounds is refused before anything is kept of it.

use super::Note;
use crate::{Decimal, Delimiter, Encoding, Format, ReadOptions, TableError};
use calamine::{Cell, DataRef, Reader, SheetVisible, Xlsx, XlsxError};
use serde::{Deserialize, Serialize};
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use zip::ZipArchive;

/// The most bytes that all parts together may unpack to.
const MOST_UNPACKED: u64 = 1 << 30;
/// How many times its size a workbook may unpack to, beyond some spare.
const MOST_RATIO: u64 = 200;
const SPARE: u64 = 64 << 20;
/// The most parts of a workbook: sheets, styles, pictures.
const MOST_PARTS: usize = 10_000;
/// The most bytes of text a sheet may come to: one long text may stand in a million cells.
const MOST_TEXT: usize = 1 << 30;
/// The most cells of a sheet for each that holds something, beyond some spare.
const MOST_EMPTY: usize = 50;
const SPARE_CELLS: usize = 10_000_000;
/// Where the list of texts has to say how long it is.
const HEAD: usize = 64 << 10;

/// The sheets of a workbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheets {
    /// The one that is read.
    pub sheet: String,
    /// All that a person sees, in the workbook's order.
    pub sheets: Vec<String>,
}

/// Whether a file begins like an XLSX workbook: a zip archive whose first part is one that such a workbook has.
pub fn is_workbook(raw: &[u8]) -> bool {
    const FIRST: [&[u8]; 4] = [b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/"];
    raw.starts_with(b"PK\x03\x04")
        && raw
            .get(30..)
            .is_some_and(|name| FIRST.iter().any(|first| name.starts_with(first)))
}

/// How the text of a sheet is read.
pub(crate) fn options_for_text(options: &ReadOptions) -> ReadOptions {
    ReadOptions {
        format: Some(Format::Csv),
        delimiter: Some(Delimiter::Comma),
        encoding: Some(Encoding::Utf8),
        decimal: Some(Decimal::Point),
        ..options.clone()
    }
}

/// The first sheet with data, or the one that was named, as comma-separated text of at most so many rows.
///
/// # Errors
/// [`TableError`], also when the reader of workbooks meets what it did not expect.
pub(crate) fn text<R: Read + Seek>(
    source: R,
    options: &ReadOptions,
    most_rows: usize,
) -> Result<(Vec<u8>, Vec<Note>, Sheets), TableError> {
    let convert = || converted(source, options, most_rows);
    // Foreign bytes through a foreign parser: what it panics on is a damaged file.
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(convert))
        .unwrap_or_else(|_| Err(damaged("its parts")))
}

fn converted<R: Read + Seek>(
    mut source: R,
    options: &ReadOptions,
    most_rows: usize,
) -> Result<(Vec<u8>, Vec<Note>, Sheets), TableError> {
    let length = source.seek(SeekFrom::End(0))?;
    source.seek(SeekFrom::Start(0))?;
    let mut source = BufReader::new(source);
    vet(&mut source, length)?;
    source.seek(SeekFrom::Start(0))?;
    let mut workbook = Xlsx::new(source).map_err(|error| translate(&error))?;
    let (sheet, extent) = choose(&mut workbook, options)?;
    let rows = extent.rows.min(most_rows);
    let cells = rows.saturating_mul(extent.width());
    if extent.width() > options.max_columns {
        return Err(TableError::TooManyColumns {
            found: extent.width(),
            limit: options.max_columns,
        });
    }
    if extent.rows > options.max_rows.saturating_add(1) {
        return Err(TableError::TooManyRows {
            limit: options.max_rows,
        });
    }
    if cells > options.max_cells || cells > SPARE_CELLS + MOST_EMPTY.saturating_mul(extent.filled) {
        return Err(TableError::unreadable(format!(
            "the sheet '{sheet}' spans {} rows and {} columns and is almost empty; delete what stands far from the table and save it again",
            extent.rows,
            extent.width()
        )));
    }
    let text = write(&mut workbook, &sheet, &extent, most_rows)?;
    let mut notes = Vec::new();
    let sheets = workbook.sheet_names().len();
    if sheets > 1 {
        notes.push(Note::new(
            "sheet",
            None,
            format!("This is the sheet '{sheet}'; the file has {sheets} sheets."),
        ));
    }
    let mut shown = visible(&workbook);
    if !shown.contains(&sheet) {
        shown.push(sheet.clone());
    }
    let sheets = Sheets {
        sheet,
        sheets: shown,
    };
    Ok((text, notes, sheets))
}

/// The names of sheets that are not hidden, in order.
fn visible<R: Read + Seek>(workbook: &Xlsx<R>) -> Vec<String> {
    let sheets = workbook.sheets_metadata().iter();
    let shown = sheets.filter(|sheet| sheet.visible == SheetVisible::Visible);
    shown.map(|sheet| sheet.name.clone()).collect()
}

/// Unpacks every part into nothing and counts.
fn vet<R: Read + Seek>(source: R, length: u64) -> Result<(), TableError> {
    let mut archive = ZipArchive::new(source).map_err(|_| damaged("its directory, at the end"))?;
    let most = length
        .saturating_mul(MOST_RATIO)
        .saturating_add(SPARE)
        .min(MOST_UNPACKED);
    if archive.len() > MOST_PARTS {
        return Err(too_much());
    }
    let mut left = most;
    for place in 0..archive.len() {
        let part = archive
            .by_index(place)
            .map_err(|_| damaged("one of its parts"))?;
        let name = part.name().map_err(|_| damaged("the name of a part"))?;
        let texts = name.to_ascii_lowercase().ends_with("sharedstrings.xml");
        drop(name);
        let mut part = part.take(left + 1);
        let mut head = Vec::new();
        if texts {
            (&mut part)
                .take(HEAD as u64)
                .read_to_end(&mut head)
                .map_err(|_| damaged("its texts"))?;
        }
        let rest = std::io::copy(&mut part, &mut std::io::sink())
            .map_err(|_| damaged("one of its parts"))?;
        let bytes = rest + head.len() as u64;
        left = left.checked_sub(bytes).ok_or_else(too_much)?;
        if texts {
            check_count(&head, bytes)?;
        }
    }
    Ok(())
}

/// The list of texts says how many there are, and room is made for as many: it may not promise more than it can hold.
fn check_count(head: &[u8], bytes: u64) -> Result<(), TableError> {
    // Other encodings than UTF-8 would hide the number from this look; nobody writes them.
    let plain = head
        .get(..200.min(head.len()))
        .is_some_and(|begin| begin.is_ascii() || begin.starts_with(b"\xef\xbb\xbf"));
    let declared = String::from_utf8_lossy(head).to_ascii_lowercase();
    let begins = declared.find("sst").unwrap_or(declared.len());
    let encoding = declared
        .get(..begins)
        .and_then(|declaration| declaration.split_once("encoding"));
    let odd = encoding.is_some_and(|(_, named)| {
        !named
            .trim_start_matches([' ', '=', '"', '\'', '\t', '\r', '\n'])
            .starts_with("utf-8")
    });
    if !plain || odd || declared.contains('\0') || begins == declared.len() {
        return Err(damaged("its list of texts"));
    }
    for promise in declared.split("uniquecount").skip(1) {
        let number: String = promise
            .trim_start_matches([' ', '=', '"', '\'', '\t', '\r', '\n', '+'])
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        // "<si/>" is the shortest text there is.
        if number
            .parse::<u64>()
            .map_or(!number.is_empty(), |number| number > bytes / 5)
        {
            return Err(damaged(
                "its list of texts, which promises more than it holds",
            ));
        }
    }
    Ok(())
}

/// What of a sheet holds anything.
#[derive(Clone, Copy, Debug, Default)]
struct Extent {
    filled: usize,
    /// Rows that hold something; others are left out.
    rows: usize,
    first_column: u32,
    last_column: u32,
}

impl Extent {
    fn width(&self) -> usize {
        if self.filled == 0 {
            return 0;
        }
        (self.last_column.saturating_sub(self.first_column)) as usize + 1
    }
}

/// The sheet to read, and its extent.
fn choose<R: Read + Seek>(
    workbook: &mut Xlsx<R>,
    options: &ReadOptions,
) -> Result<(String, Extent), TableError> {
    let names = workbook.sheet_names();
    if let Some(wanted) = &options.sheet {
        if !names.contains(wanted) {
            let known: Vec<String> = names
                .iter()
                .take(20)
                .map(|name| format!("'{name}'"))
                .collect();
            return Err(TableError::unreadable(format!(
                "the file has no sheet '{wanted}'; it has {}",
                known.join(", ")
            )));
        }
        let extent = measure(workbook, wanted)?;
        return match extent.filled {
            0 => Err(TableError::Empty),
            _ => Ok((wanted.clone(), extent)),
        };
    }
    for name in visible(workbook) {
        let extent = measure(workbook, &name)?;
        if extent.filled > 0 {
            return Ok((name, extent));
        }
    }
    Err(TableError::Empty)
}

/// Calls `see` with every cell that holds something.
fn each_cell<R: Read + Seek>(
    workbook: &mut Xlsx<R>,
    sheet: &str,
    mut see: impl FnMut(&Cell<DataRef<'_>>) -> Result<bool, TableError>,
) -> Result<(), TableError> {
    let mut cells = match workbook.worksheet_cells_reader(sheet) {
        // A sheet that is a chart has no cells.
        Err(XlsxError::NotAWorksheet(_)) => return Ok(()),
        other => other.map_err(|error| translate(&error))?,
    };
    while let Some(cell) = cells.next_cell().map_err(|error| translate(&error))? {
        if holds_something(cell.get_value()) && !see(&cell)? {
            break;
        }
    }
    Ok(())
}

/// Errors such as `#N/A` stand for a value that is not there.
fn holds_something(value: &DataRef<'_>) -> bool {
    match value {
        DataRef::Empty | DataRef::Error(_) => false,
        DataRef::String(text) => !text.trim().is_empty(),
        DataRef::SharedString(text) => !text.trim().is_empty(),
        _ => true,
    }
}

fn measure<R: Read + Seek>(workbook: &mut Xlsx<R>, sheet: &str) -> Result<Extent, TableError> {
    let mut extent = Extent {
        first_column: u32::MAX,
        ..Extent::default()
    };
    let mut last_row = None;
    each_cell(workbook, sheet, |cell| {
        let (row, column) = cell.get_position();
        extent.filled += 1;
        if last_row != Some(row) {
            // Rows come in order; a file in which they do not is not one that a spreadsheet wrote.
            if last_row.is_some_and(|last| last > row) {
                return Err(damaged("the order of its rows"));
            }
            extent.rows += 1;
            last_row = Some(row);
        }
        extent.first_column = extent.first_column.min(column);
        extent.last_column = extent.last_column.max(column);
        Ok(true)
    })?;
    Ok(extent)
}

fn write<R: Read + Seek>(
    workbook: &mut Xlsx<R>,
    sheet: &str,
    extent: &Extent,
    most_rows: usize,
) -> Result<Vec<u8>, TableError> {
    let mut text = Vec::new();
    let last = extent.width().saturating_sub(1);
    let mut place: Option<(u32, usize)> = None;
    let mut rows = 0;
    each_cell(workbook, sheet, |cell| {
        let (row, column) = cell.get_position();
        let column = column.saturating_sub(extent.first_column) as usize;
        let before = match place {
            Some((last_row, before)) if last_row == row => {
                if before >= column {
                    return Err(damaged("the order of its cells"));
                }
                before
            }
            _ => {
                if let Some((_, before)) = place {
                    end_row(&mut text, last.saturating_sub(before));
                }
                if rows == most_rows {
                    place = None;
                    return Ok(false);
                }
                rows += 1;
                0
            }
        };
        text.extend(std::iter::repeat_n(b',', column - before));
        write_cell(&mut text, cell.get_value());
        place = Some((row, column));
        if text.len() > MOST_TEXT {
            return Err(TableError::TooLarge {
                limit: MOST_TEXT as u64,
            });
        }
        Ok(true)
    })?;
    if let Some((_, before)) = place {
        end_row(&mut text, last.saturating_sub(before));
    }
    Ok(text)
}

fn end_row(text: &mut Vec<u8>, missing: usize) {
    text.extend(std::iter::repeat_n(b',', missing));
    text.push(b'\n');
}

/// One cell as its text. Writing into memory cannot fail.
fn write_cell(text: &mut Vec<u8>, value: &DataRef<'_>) {
    match value {
        DataRef::Int(number) => {
            let _ = write!(text, "{number}");
        }
        DataRef::Float(number) => {
            let _ = write!(text, "{number}");
        }
        DataRef::Bool(truth) => {
            let _ = write!(text, "{truth}");
        }
        // What lasts is a number of days; so is what stands on no day, a time alone.
        DataRef::DateTime(moment) if moment.is_duration() || moment.as_f64() < 1.0 => {
            let _ = write!(text, "{}", moment.as_f64());
        }
        DataRef::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            let _ = write!(text, "{year:04}-{month:02}-{day:02}");
            if (hour, minute, second) != (0, 0, 0) {
                let _ = write!(text, " {hour:02}:{minute:02}:{second:02}");
            }
        }
        DataRef::String(value) | DataRef::DateTimeIso(value) | DataRef::DurationIso(value) => {
            write_text(text, value);
        }
        DataRef::SharedString(value) => write_text(text, value),
        DataRef::Error(_) | DataRef::Empty => {}
    }
}

fn write_text(text: &mut Vec<u8>, value: &str) {
    let quoted = value.contains(['"', ',', '\n', '\r']);
    if quoted {
        text.push(b'"');
    }
    for letter in value.chars() {
        match letter {
            '"' => text.extend_from_slice(b"\"\""),
            // Control characters have no place in a cell, and would make the whole look like no text.
            letter if letter.is_control() && !matches!(letter, '\n' | '\r' | '\t') => {}
            letter => text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    if quoted {
        text.push(b'"');
    }
}

fn translate(error: &XlsxError) -> TableError {
    match error {
        XlsxError::Password => protected(),
        XlsxError::Io(error) => TableError::unreadable(format!(
            "the workbook could not be read to its end ({}); save it again",
            error.kind()
        )),
        _ => damaged("its sheets"),
    }
}

/// The refusal of a workbook that cannot be opened without its password.
pub(crate) fn protected() -> TableError {
    TableError::unreadable(
        "this spreadsheet is protected by a password; open it, save it without one (or save the sheet as CSV) and choose that file",
    )
}

/// The refusal of a workbook that is cut or changed.
pub(crate) fn damaged(what: &str) -> TableError {
    TableError::unreadable(format!(
        "the workbook is damaged or not XLSX after all ({what}); open it in a spreadsheet and save it as XLSX or CSV"
    ))
}

fn too_much() -> TableError {
    TableError::unreadable(format!(
        "the workbook unpacks to far more than it weighs, or to more than {MOST_UNPACKED} bytes; save the sheet as CSV and choose that file"
    ))
}
