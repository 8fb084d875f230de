//! How a file is laid out, found by looking at its first part: format, encoding, separator, header, decimal sign.
//!
//! Reading, previewing and checking an upload all look at the same bytes, so that they agree. What is typed over all rows
//! (kinds of columns) is not decided here.

use super::Note;
use super::decoder::{Decoder, NotText};
use super::header;
use super::tokens;
use super::workbook::{is_workbook, protected};
use crate::values::numbers::{DecimalHint, Grammar, decimal_hint};
use crate::values::{dates, missing::missing, trim};
use crate::{Decimal, Delimiter, Encoding, Format, ReadOptions, TableError};

/// Bytes looked at, unless the first row is longer.
pub(crate) const LOOK_BYTES: usize = 256 << 10;

/// Rows that the separator is judged by.
const DELIMITER_ROWS: usize = 500;
/// Rows that the header is judged by.
const HEADER_ROWS: usize = 200;

/// How files of old office programs begin, and new ones with a password.
const OLD_OFFICE: &[u8] = b"\xd0\xcf\x11\xe0";
/// What is inside when there is a password: `EncryptedPackage`, in UTF-16.
const ENCRYPTED: &[u8] = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(bytes, part).is_some()
}

/// What looking gave.
pub(crate) enum Look {
    /// The first row does not end in what was seen: show more.
    More,
    /// A Parquet file.
    Parquet,
    /// An XLSX workbook.
    Workbook,
    /// JSON objects.
    Json(TextLayout),
    /// Separated values.
    Separated(TextLayout, Separated),
}

/// How bytes become text.
#[derive(Clone, Debug)]
pub(crate) struct TextLayout {
    pub(crate) encoding: Encoding,
    /// What the bytes that were looked at turned out to be.
    pub(crate) seen: Encoding,
    /// The encoding was named by a person or a byte order mark.
    pub(crate) chosen: bool,
    /// Bytes of the byte order mark.
    pub(crate) mark: usize,
    /// Lines end in lone carriage returns.
    pub(crate) carriage_returns: bool,
}

impl TextLayout {
    pub(crate) fn decoder(&self) -> Decoder {
        Decoder::new(self.encoding, self.chosen, self.carriage_returns)
    }
}

/// How text becomes cells.
#[derive(Clone, Debug)]
pub(crate) struct Separated {
    pub(crate) delimiter: Delimiter,
    pub(crate) decimal: Decimal,
    /// Some cell has an unmistakable decimal point.
    pub(crate) point_seen: bool,
    pub(crate) header: bool,
    pub(crate) names: Vec<String>,
    /// Columns whose name was empty in the file.
    pub(crate) unnamed: Vec<bool>,
    /// Bytes of decoded text before the first data row, and the line ends in them.
    pub(crate) body: usize,
    pub(crate) body_lines: usize,
    pub(crate) notes: Vec<Note>,
}

/// Looks at the beginning of a file; `complete`: it is the whole file.
pub(crate) fn look(
    raw: &[u8],
    complete: bool,
    file_name: &str,
    options: &ReadOptions,
) -> Result<Look, TableError> {
    if raw.is_empty() && complete {
        return Err(TableError::Empty);
    }
    if options.format == Some(Format::Parquet)
        || (options.format.is_none() && raw.starts_with(b"PAR1"))
    {
        return Ok(Look::Parquet);
    }
    if options.format == Some(Format::Xlsx) || (options.format.is_none() && is_workbook(raw)) {
        return Ok(Look::Workbook);
    }
    if raw.starts_with(OLD_OFFICE) && contains(raw, ENCRYPTED) {
        return Err(protected());
    }
    let mut layout = encoding(raw, options)?;
    let mut decoder = layout.decoder();
    let mut text = Vec::new();
    let decoded = decoder.push(
        raw.get(layout.mark..).unwrap_or_default(),
        complete,
        &mut text,
    );
    layout.seen = decoder.encoding();
    if decoded == Err(NotText::Zero) || mostly_control(&text) {
        return Err(TableError::Binary {
            what: "binary data".to_owned(),
        });
    }
    let complete = complete || decoded.is_err();
    if text.iter().all(u8::is_ascii_whitespace) {
        return if complete {
            Err(TableError::Empty)
        } else {
            Ok(Look::More)
        };
    }
    if is_json(&text, file_name, options) {
        return Ok(Look::Json(layout));
    }
    layout.carriage_returns = lone_carriage_returns(&text);
    if layout.carriage_returns {
        text.iter_mut()
            .filter(|byte| **byte == b'\r')
            .for_each(|byte| *byte = b'\n');
    }
    match separated(&text, complete, file_name, options)? {
        Some(separated) => Ok(Look::Separated(layout, separated)),
        None => Ok(Look::More),
    }
}

fn encoding(raw: &[u8], options: &ReadOptions) -> Result<TextLayout, TableError> {
    let marked = match raw {
        [0xef, 0xbb, 0xbf, ..] => Some((Encoding::Utf8, 3)),
        [0xff, 0xfe, ..] => Some((Encoding::Utf16Le, 2)),
        [0xfe, 0xff, ..] => Some((Encoding::Utf16Be, 2)),
        _ => None,
    };
    let (encoding, chosen, mark) = match (options.encoding, marked) {
        (Some(chosen), Some((marked, bytes))) => {
            (chosen, true, if chosen == marked { bytes } else { 0 })
        }
        (Some(chosen), None) => (chosen, true, 0),
        (None, Some((marked, bytes))) => (marked, true, bytes),
        (None, None) => {
            if let Some(what) = foreign(raw) {
                return Err(TableError::Binary {
                    what: what.to_owned(),
                });
            }
            (unmarked_utf16(raw).unwrap_or(Encoding::Utf8), false, 0)
        }
    };
    Ok(TextLayout {
        encoding,
        seen: encoding,
        chosen,
        mark,
        carriage_returns: false,
    })
}

/// Well-known files that are no tables, by their first bytes.
fn foreign(raw: &[u8]) -> Option<&'static str> {
    const KNOWN: [(&[u8], &str); 14] = [
        (b"PK\x03\x04", "a zip archive"),
        (
            OLD_OFFICE,
            "an old spreadsheet or document (.xls, .doc), or one protected by a password",
        ),
        (b"\x1f\x8b", "a gzip archive"),
        (b"BZh", "a bzip2 archive"),
        (b"\xfd7zXZ", "an xz archive"),
        (b"\x28\xb5\x2f\xfd", "a zstd archive"),
        (b"7z\xbc\xaf", "a 7z archive"),
        (b"%PDF", "a PDF document"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"\x7fELF", "a program"),
        (b"SQLite format 3\0", "a database file"),
        (b"ARROW1", "an Arrow file"),
    ];
    let known = KNOWN
        .iter()
        .find(|(magic, _)| raw.starts_with(magic))
        .map(|(_, what)| *what);
    known.or_else(|| {
        let begin = raw
            .get(..raw.len().min(64))
            .unwrap_or_default()
            .to_ascii_lowercase();
        let begin = begin.trim_ascii_start();
        (begin.starts_with(b"<!doctype html") || begin.starts_with(b"<html"))
            .then_some("a web page")
    })
}

/// Latin text in UTF-16 has a zero in every second byte.
fn unmarked_utf16(raw: &[u8]) -> Option<Encoding> {
    let pairs = raw.get(..raw.len().min(4096))?.chunks_exact(2);
    let count = pairs.len();
    let (mut high_first, mut low_first) = (0, 0);
    for pair in pairs {
        match pair {
            [0, low] if *low != 0 => high_first += 1,
            [low, 0] if *low != 0 => low_first += 1,
            _ => {}
        }
    }
    if count >= 2 && low_first * 10 >= count * 7 {
        Some(Encoding::Utf16Le)
    } else if count >= 2 && high_first * 10 >= count * 7 {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

fn mostly_control(text: &[u8]) -> bool {
    let begin = text.get(..text.len().min(8192)).unwrap_or_default();
    let control = begin
        .iter()
        .filter(|byte| **byte < 0x20 && !matches!(**byte, b'\t' | b'\n' | b'\r' | 0x0c))
        .count();
    control * 50 > begin.len()
}

fn lone_carriage_returns(text: &[u8]) -> bool {
    let returns = memchr::memchr(b'\r', text);
    returns.is_some_and(|at| at + 1 < text.len()) && memchr::memchr(b'\n', text).is_none()
}

fn has_extension(file_name: &str, extensions: &[&str]) -> bool {
    let extension = file_name.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| {
        extensions
            .iter()
            .any(|known| known.eq_ignore_ascii_case(extension))
    })
}

fn is_json(text: &[u8], file_name: &str, options: &ReadOptions) -> bool {
    match options.format {
        Some(format) => format == Format::JsonLines,
        None => {
            let begin = text.trim_ascii_start();
            let next = begin
                .get(1..)
                .unwrap_or_default()
                .trim_ascii_start()
                .first();
            let looks = match begin.first() {
                Some(b'{') => matches!(next, Some(b'"' | b'}')),
                Some(b'[') => matches!(next, Some(b'{' | b']')),
                _ => false,
            };
            looks || has_extension(file_name, &["json", "jsonl", "ndjson"])
        }
    }
}

/// `None`: the first row does not end in the text.
fn separated(
    text: &[u8],
    complete: bool,
    file_name: &str,
    options: &ReadOptions,
) -> Result<Option<Separated>, TableError> {
    let (named, preamble) = separator_line(text);
    let body = text.get(preamble..).unwrap_or_default();
    let fixed = options.delimiter.or(named).or(match options.format {
        Some(Format::Tsv) => Some(Delimiter::Tab),
        _ => None,
    });
    let delimiter = fixed.unwrap_or_else(|| sniff_delimiter(body, complete, file_name));
    let mut sample = Sample::take(body, delimiter, complete);
    let Some(first) = sample.rows.first() else {
        return match complete {
            true => Err(TableError::Empty),
            false if text.len() > options.max_line_bytes => Err(TableError::LineTooLong {
                row: 1,
                limit: options.max_line_bytes,
            }),
            false => Ok(None),
        };
    };
    if first.len() > options.max_columns {
        return Err(TableError::TooManyColumns {
            found: first.len(),
            limit: options.max_columns,
        });
    }
    let mut notes = Vec::new();
    let header = options.header.unwrap_or_else(|| sample.has_header());
    if header && sample.rows.len() == 1 && complete {
        return Err(TableError::HeaderOnly);
    }
    let wider = sample.rows.get(1).map_or(0, Vec::len);
    let names = if header {
        let mut cells = sample.rows.remove(0);
        if sample.rows.len() >= 2
            && wider == cells.len() + 1
            && sample.rows.iter().all(|row| row.len() == wider)
        {
            cells.insert(0, "row".to_owned());
            notes.push(Note::new("header_short", None, "the header has one name less than the rows have cells; the first column is called 'row'"));
        }
        cells
    } else {
        vec![String::new(); first.len()]
    };
    let unnamed = names.iter().map(|name| name.trim().is_empty()).collect();
    let names = header::unique_names(names, header, &mut notes);
    let body = if header {
        preamble + sample.first_row_end
    } else {
        preamble
    };
    let (decimal, point_seen) = sample.decimal(delimiter);
    Ok(Some(Separated {
        delimiter,
        decimal: options.decimal.unwrap_or(decimal),
        point_seen,
        header,
        names,
        unnamed,
        body,
        body_lines: memchr::memchr_iter(b'\n', &text[..body.min(text.len())]).count(),
        notes,
    }))
}

/// `sep=;` as the first line, as spreadsheets write it.
fn separator_line(text: &[u8]) -> (Option<Delimiter>, usize) {
    let Some([sign, rest @ ..]) = text.strip_prefix(b"sep=") else {
        return (None, 0);
    };
    let known = Delimiter::ALL
        .into_iter()
        .find(|delimiter| delimiter.byte() == *sign);
    let end = match rest {
        [b'\r', b'\n', ..] => 7,
        [b'\n', ..] => 6,
        _ => return (None, 0),
    };
    if known.is_some() {
        (known, end)
    } else {
        (None, 0)
    }
}

/// The separator that gives the most rows as many cells as the header has. A tie goes to the one that is rarer in
/// ordinary text.
fn sniff_delimiter(text: &[u8], complete: bool, file_name: &str) -> Delimiter {
    const RAREST_FIRST: [Delimiter; 4] = [
        Delimiter::Tab,
        Delimiter::Semicolon,
        Delimiter::Pipe,
        Delimiter::Comma,
    ];
    let mut best: Option<(f64, Delimiter)> = None;
    let mut unheaded: Option<(f64, Delimiter)> = None;
    let mut absent = Vec::new();
    for delimiter in RAREST_FIRST {
        let counts = Sample::counts(text, delimiter, complete);
        let Some((&header, rows)) = counts.split_first() else {
            continue;
        };
        if counts.iter().all(|count| *count == 1) {
            absent.push(delimiter);
        }
        let share = |wanted: usize| {
            rows.iter().filter(|count| **count == wanted).count() as f64 / rows.len().max(1) as f64
        };
        if header >= 2 {
            let fits = share(header).max(share(header + 1)).max(1e-6);
            if best.is_none_or(|(highest, _)| fits > highest) {
                best = Some((fits, delimiter));
            }
        } else if let Some(most) = (rows.len() >= 2)
            .then(|| most_frequent(rows))
            .filter(|most| *most >= 2)
        {
            let fits = share(most);
            if fits >= 0.8 && unheaded.is_none_or(|(highest, _)| fits > highest) {
                unheaded = Some((fits, delimiter));
            }
        }
    }
    if let Some((_, delimiter)) = best.or(unheaded) {
        return delimiter;
    }
    let usual = if has_extension(file_name, &["tsv", "tab"]) {
        Delimiter::Tab
    } else {
        Delimiter::Comma
    };
    if absent.is_empty() || absent.contains(&usual) {
        usual
    } else {
        absent[0]
    }
}

fn most_frequent(counts: &[usize]) -> usize {
    let mut sorted = counts.to_vec();
    sorted.sort_unstable();
    let runs = sorted.chunk_by(|a, b| a == b);
    runs.max_by_key(|run| run.len()).map_or(0, |run| run[0])
}

/// The first rows, as text.
struct Sample {
    rows: Vec<Vec<String>>,
    first_row_end: usize,
}

impl Sample {
    fn take(text: &[u8], delimiter: Delimiter, complete: bool) -> Self {
        let mut sample = Self {
            rows: Vec::new(),
            first_row_end: 0,
        };
        let mut scratch = Vec::new();
        tokens::rows(text, delimiter.byte(), |row| {
            // A row that reaches the end may go on beyond it.
            if row.next == text.len() && !complete && !text.ends_with(b"\n") {
                return false;
            }
            if sample.rows.is_empty() {
                sample.first_row_end = row.next;
            }
            let cells = row.spans.iter().map(|span| {
                String::from_utf8_lossy(trim(span.text(text, &mut scratch))).into_owned()
            });
            sample.rows.push(cells.collect());
            sample.rows.len() < HEADER_ROWS
        });
        sample
    }

    fn counts(text: &[u8], delimiter: Delimiter, complete: bool) -> Vec<usize> {
        let mut counts = Vec::new();
        tokens::rows(text, delimiter.byte(), |row| {
            if row.next < text.len() || complete || counts.is_empty() {
                counts.push(row.spans.len());
            }
            counts.len() < DELIMITER_ROWS
        });
        counts
    }

    /// A first row names the columns unless it looks like the rows below it: numbers or dates stand above numbers or
    /// dates, or its words come again below.
    fn has_header(&self) -> bool {
        let Some((first, rows)) = self.rows.split_first() else {
            return true;
        };
        let typed = |text: &str| is_number(text) || dates::parse(text.as_bytes()).is_some();
        let column = |index: usize| {
            rows.iter()
                .filter_map(move |row| row.get(index))
                .filter(|text| missing(text.as_bytes()).is_none())
        };
        let mut typed_above_typed = 0;
        let mut repeated = 0;
        let mut words = 0;
        for (index, name) in first.iter().enumerate() {
            let below_typed =
                column(index).next().is_some() && column(index).all(|text| typed(text));
            if missing(name.as_bytes()).is_some() && !name.is_empty() {
                // A gap is no name.
                typed_above_typed += usize::from(below_typed);
            } else if typed(name) {
                typed_above_typed += usize::from(below_typed);
            } else if below_typed && !name.is_empty() {
                return true;
            } else if !name.is_empty() {
                words += 1;
                repeated += usize::from(column(index).any(|text| text == name));
            }
        }
        if rows.is_empty() {
            return first.iter().any(|name| !typed(name) && !name.is_empty());
        }
        if typed_above_typed > 0 {
            return counts_up(first, words > 0);
        }
        // Words that come again below are values; a name comes again by accident only.
        words == 0 || rows.len() < 3 || repeated * 2 < words
    }

    /// The decimal sign, and whether a decimal point was seen.
    fn decimal(&self, delimiter: Delimiter) -> (Decimal, bool) {
        let (mut points, mut commas, mut either) = (0, 0, 0);
        for cell in self.rows.iter().flatten() {
            match decimal_hint(cell.as_bytes()) {
                DecimalHint::Point => points += 1,
                DecimalHint::Comma => commas += 1,
                DecimalHint::CommaOrGroup => either += 1,
                DecimalHint::None => {}
            }
        }
        let comma = commas > points
            || (points == 0 && commas == 0 && either > 0 && delimiter == Delimiter::Semicolon);
        (
            if comma {
                Decimal::Comma
            } else {
                Decimal::Point
            },
            points > 0,
        )
    }
}

fn is_number(text: &str) -> bool {
    Grammar::POINT.parse(text.as_bytes()).is_some()
        || Grammar::COMMA.parse(text.as_bytes()).is_some()
        || text.as_bytes().first().is_some_and(u8::is_ascii_digit)
            && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether numbers in a first row are names: 0, 1, 2, … or years 1990, 1991, ….
fn counts_up(names: &[String], beside_words: bool) -> bool {
    let numbers: Vec<i64> = names.iter().filter_map(|name| name.parse().ok()).collect();
    let steps = numbers.windows(2).all(|pair| pair[1] - pair[0] == 1);
    let begin = numbers.first().copied().unwrap_or(-1);
    let years = (1800..2200).contains(&begin);
    let enough = numbers.len() >= 3 || (numbers.len() == 2 && years && beside_words);
    enough && steps && (begin == 0 || begin == 1 || years)
}
