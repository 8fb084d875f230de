//! A block of whole rows becomes the positions of its cells.
//!
//! Separators, line ends and quotes are found eight bytes at a time (the exact zero-byte test of Warren, "Hacker's
//! Delight", 6-1). Positions are kept row by row; columns are then read one after another by
//! [`builders`](super::builders).

use super::stream::opens_cell;
use memchr::memchr;

/// Where a cell stands in its block. The top bit of `end` says that quotes in it must be resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    start: u32,
    end: u32,
}

const QUOTED: u32 = 1 << 31;

impl Span {
    fn plain(start: usize, end: usize) -> Self {
        Self {
            start: start as u32,
            end: end as u32,
        }
    }

    fn quoted(start: usize, end: usize) -> Self {
        Self {
            start: start as u32,
            end: end as u32 | QUOTED,
        }
    }

    /// The text of the cell; `scratch` is used when quotes have to be resolved.
    #[inline]
    pub(crate) fn text<'a>(self, block: &'a [u8], scratch: &'a mut Vec<u8>) -> &'a [u8] {
        let raw = block
            .get(self.start as usize..(self.end & !QUOTED) as usize)
            .unwrap_or_default();
        if self.end & QUOTED == 0 {
            return raw;
        }
        unquote(raw, scratch);
        scratch
    }
}

/// Doubled quotes become one, the enclosing ones go, what follows the closing one stays.
fn unquote(raw: &[u8], scratch: &mut Vec<u8>) {
    scratch.clear();
    let begin = memchr(b'"', raw).map_or(raw.len(), |quote| quote + 1);
    let mut rest = &raw[begin..];
    while let Some(quote) = memchr(b'"', rest) {
        scratch.extend_from_slice(&rest[..quote]);
        match rest.get(quote + 1) {
            Some(b'"') => {
                scratch.push(b'"');
                rest = &rest[quote + 2..];
            }
            _ => {
                rest = &rest[quote + 1..];
                break;
            }
        }
    }
    scratch.extend_from_slice(rest);
}

/// The cells of a block, row by row.
#[derive(Default)]
pub(crate) struct Cells {
    pub(crate) spans: Vec<Span>,
    pub(crate) columns: usize,
}

impl Cells {
    pub(crate) fn rows(&self) -> usize {
        self.spans.len().checked_div(self.columns).unwrap_or(0)
    }

    /// The cells of one column, downwards.
    #[inline]
    pub(crate) fn column(&self, column: usize) -> impl Iterator<Item = Span> {
        self.spans
            .get(column..)
            .unwrap_or_default()
            .iter()
            .step_by(self.columns.max(1))
            .copied()
    }
}

/// A row that is not as the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadRow {
    /// Offset in the block.
    pub(crate) offset: usize,
    pub(crate) problem: BadRowProblem,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadRowProblem {
    /// Another number of cells.
    Ragged { found: usize },
    /// Too many bytes.
    TooLong,
}

/// One row: its end and its cells.
pub(crate) struct Row<'a> {
    /// Just after its line end.
    pub(crate) next: usize,
    pub(crate) spans: &'a [Span],
}

/// Takes a block apart; every row must have `columns` cells. Blank lines are no rows.
pub(crate) fn tokenise(
    text: &[u8],
    delimiter: u8,
    columns: usize,
    line_limit: usize,
    cells: &mut Cells,
) -> Result<(), BadRow> {
    cells.columns = columns;
    cells.spans.clear();
    let mut spans = std::mem::take(&mut cells.spans);
    let mut begin = 0;
    let mut bad = None;
    scan(text, delimiter, &mut spans, |spans, start, next| {
        let found = spans.len() - begin;
        if next - start > line_limit {
            bad = Some(BadRow {
                offset: start,
                problem: BadRowProblem::TooLong,
            });
        } else if found != columns {
            bad = Some(BadRow {
                offset: start,
                problem: BadRowProblem::Ragged { found },
            });
        }
        begin = spans.len();
        bad.is_none()
    });
    cells.spans = spans;
    bad.map_or(Ok(()), Err)
}

/// Calls `visit` with each row until it says no. Rows may have any number of cells.
pub(crate) fn rows(text: &[u8], delimiter: u8, mut visit: impl FnMut(Row<'_>) -> bool) {
    let mut spans = Vec::new();
    scan(text, delimiter, &mut spans, |spans, _, next| {
        let more = visit(Row { next, spans });
        spans.clear();
        more
    });
}

/// Appends the cells of all rows; `end_row` is called after each with the offsets where it starts and where the next does.
#[inline]
fn scan(
    text: &[u8],
    delimiter: u8,
    spans: &mut Vec<Span>,
    mut end_row: impl FnMut(&mut Vec<Span>, usize, usize) -> bool,
) {
    let mut cell = 0;
    let mut row = 0;
    // The content of the quoted cell that has just been closed.
    let mut quoted: Option<(usize, usize, bool)> = None;
    let mut first_in_row = true;
    let mut base = 0;
    'words: while base < text.len() {
        let mut marks = marks(text, base, delimiter);
        while marks != 0 {
            let at = base + marks.trailing_zeros() as usize;
            marks &= marks - 1;
            let byte = text[at];
            if byte == delimiter {
                spans.push(cell_span(text, cell, at, quoted.take()));
                cell = at + 1;
                first_in_row = false;
            } else if byte == b'\n' {
                let end = if at > cell && text[at - 1] == b'\r' {
                    at - 1
                } else {
                    at
                };
                let blank = first_in_row
                    && quoted.is_none()
                    && text[cell..end]
                        .iter()
                        .all(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
                if !blank {
                    spans.push(cell_span(text, cell, end, quoted.take()));
                    if !end_row(spans, row, at + 1) {
                        return;
                    }
                }
                first_in_row = true;
                cell = at + 1;
                row = at + 1;
            } else if quoted.is_none() && opens_cell(&text[cell..], at - cell, delimiter) {
                let (close, doubled) = closing(text, at + 1);
                quoted = Some((at + 1, close, doubled));
                base = close + 1;
                continue 'words;
            }
        }
        base += 64;
    }
    let blank = first_in_row
        && quoted.is_none()
        && text[cell.min(text.len())..]
            .iter()
            .all(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
    if !blank {
        let end = if text.len() > cell && text.last() == Some(&b'\r') {
            text.len() - 1
        } else {
            text.len()
        };
        spans.push(cell_span(text, cell, end.max(cell), quoted));
        end_row(spans, row, text.len());
    }
}

/// A cell from its raw ends and what was quoted in it.
#[inline]
fn cell_span(text: &[u8], start: usize, end: usize, quoted: Option<(usize, usize, bool)>) -> Span {
    match quoted {
        None => Span::plain(start, end),
        Some((open, close, false))
            if text
                .get(close + 1..end)
                .is_none_or(|rest| rest.iter().all(|byte| *byte == b' ')) =>
        {
            Span::plain(open, close)
        }
        Some(_) => Span::quoted(start, end),
    }
}

/// The closing quote (or the end) and whether quotes were doubled before it.
fn closing(text: &[u8], mut from: usize) -> (usize, bool) {
    let mut doubled = false;
    while let Some(found) = memchr(b'"', &text[from..]) {
        let at = from + found;
        if text.get(at + 1) != Some(&b'"') {
            return (at, doubled);
        }
        doubled = true;
        from = at + 2;
    }
    (text.len(), doubled)
}

/// One bit for each of the 64 bytes from `base` that is a separator, a line end or a quote.
#[inline]
fn marks(text: &[u8], base: usize, delimiter: u8) -> u64 {
    let mut chunk = [0_u8; 64];
    let chunk: &[u8; 64] = match text[base..].first_chunk::<64>() {
        Some(whole) => whole,
        None => {
            let rest = &text[base..];
            chunk[..rest.len()].copy_from_slice(rest);
            &chunk
        }
    };
    let delimiters = u64::from(delimiter) * ONES;
    let (words, _) = chunk.as_chunks::<8>();
    let mut marks = 0;
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let found = zero_bytes(word ^ delimiters)
            | zero_bytes(word ^ LINE_ENDS)
            | zero_bytes(word ^ QUOTES);
        // Gathers the top bits of the eight bytes into one byte.
        let bits = (found >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        marks |= bits << (index * 8);
    }
    marks
}

const ONES: u64 = 0x0101_0101_0101_0101;
const LINE_ENDS: u64 = b'\n' as u64 * ONES;
const QUOTES: u64 = b'"' as u64 * ONES;

/// The top bit of each byte that is zero.
#[inline]
fn zero_bytes(word: u64) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    !(((word & LOW) + LOW) | word | LOW)
}
