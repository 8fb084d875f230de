//! A stream of bytes is cut into blocks of whole rows, so that rows can be taken apart in parallel.
//!
//! A line end inside a quoted cell does not end a row. A quote opens a cell only where a cell begins (spaces before it
//! do not count); anywhere else it is an ordinary character. [`tokens`](super::tokens) reads by the same rule.

use super::decoder::{Decoder, NotText};
use crate::TableError;
use memchr::{memchr, memchr_iter, memrchr};

/// Blocks are cut when this many bytes have come together.
pub(crate) const BLOCK_BYTES: usize = 256 << 10;

/// Whole rows of UTF-8 text.
pub(crate) struct Block {
    pub(crate) text: Vec<u8>,
    /// Line of the file where it begins, from 1.
    pub(crate) line: usize,
}

/// Decodes and cuts.
pub(crate) struct TextStream {
    decoder: Decoder,
    /// The cell separator; `None` when quotes mean nothing (JSON lines).
    delimiter: Option<u8>,
    line_limit: usize,
    /// Decoded bytes still to be dropped (the header, which was read before).
    skip: usize,
    pending: Vec<u8>,
    /// `pending` up to here has been searched for ends of rows.
    searched: usize,
    /// End of the last whole row in `pending`.
    whole: usize,
    /// Where the open quote stands in `pending`.
    open_quote: Option<usize>,
    /// Line of the file where `pending` begins.
    line: usize,
    failure: Option<TableError>,
    ended: bool,
    spare: Vec<Vec<u8>>,
}

impl TextStream {
    pub(crate) fn new(decoder: Decoder, delimiter: Option<u8>, line_limit: usize) -> Self {
        Self {
            decoder,
            delimiter,
            line_limit,
            skip: 0,
            pending: Vec::new(),
            searched: 0,
            whole: 0,
            open_quote: None,
            line: 1,
            failure: None,
            ended: false,
            spare: Vec::new(),
        }
    }

    /// Drops this many decoded bytes at the beginning, which hold `lines` line ends.
    pub(crate) fn skipping(mut self, bytes: usize, lines: usize) -> Self {
        self.skip = bytes;
        self.line += lines;
        self
    }

    /// The next bytes of the file.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.accept(bytes, false);
    }

    /// No more bytes.
    pub(crate) fn finish(&mut self) {
        self.accept(&[], true);
        if self.failure.is_none() {
            // A quote that is the very last byte closes its cell.
            let closed =
                self.searched + 1 == self.pending.len() && self.pending.last() == Some(&b'"');
            match self.open_quote {
                Some(quote) if !closed => {
                    self.failure = Some(TableError::OpenQuote {
                        row: self.line_of(quote),
                    })
                }
                _ => {
                    self.open_quote = None;
                    self.searched = self.pending.len();
                    self.whole = self.pending.len();
                }
            }
        }
        self.ended = true;
    }

    fn accept(&mut self, bytes: &[u8], last: bool) {
        if self.failure.is_some() || self.ended {
            return;
        }
        let decoded = self.decoder.push(bytes, last, &mut self.pending);
        if self.skip > 0 {
            let skipped = self.skip.min(self.pending.len());
            self.pending.drain(..skipped);
            self.skip -= skipped;
        }
        self.search();
        if let Err(reason) = decoded
            && self.failure.is_none()
        {
            let row = self.line_of(self.pending.len());
            self.failure = Some(match reason {
                NotText::Invalid => TableError::Encoding { row },
                NotText::Zero => TableError::Binary {
                    what: format!("binary data (a zero byte in line {row})"),
                },
            });
        }
    }

    /// Whether a block can be taken.
    pub(crate) fn ready(&self) -> bool {
        self.whole > 0
            && (self.pending.len() >= BLOCK_BYTES || self.ended || self.failure.is_some())
    }

    /// The whole rows that have come so far.
    pub(crate) fn take(&mut self) -> Option<Block> {
        if self.whole == 0 {
            return None;
        }
        let mut next = self.spare.pop().unwrap_or_default();
        next.clear();
        next.extend_from_slice(&self.pending[self.whole..]);
        let mut text = std::mem::replace(&mut self.pending, next);
        text.truncate(self.whole);
        let line = self.line;
        self.line += memchr_iter(b'\n', &text).count();
        self.searched -= self.whole;
        self.open_quote = self.open_quote.map(|quote| quote - self.whole);
        self.whole = 0;
        Some(Block { text, line })
    }

    /// Gives the memory of a block back.
    pub(crate) fn give_back(&mut self, block: Block) {
        self.spare.push(block.text);
    }

    /// What is wrong after the rows that were taken.
    pub(crate) fn failure(&self) -> Option<&TableError> {
        self.failure.as_ref()
    }

    fn line_of(&self, offset: usize) -> usize {
        self.line + memchr_iter(b'\n', &self.pending[..offset]).count()
    }

    /// Finds the last end of a row in what has come.
    fn search(&mut self) {
        loop {
            if let Some(quote) = self.open_quote {
                match closing_quote(&self.pending, self.searched.max(quote + 1)) {
                    Closing::At(close) => {
                        self.open_quote = None;
                        self.searched = close + 1;
                    }
                    Closing::NotBefore(position) => {
                        self.searched = position;
                        break;
                    }
                }
            }
            let text = &self.pending[self.searched..];
            let quote = self.delimiter.and_then(|delimiter| {
                let mut from = 0;
                loop {
                    let at = from + memchr(b'"', &text[from..])?;
                    if opens_cell(&self.pending, self.searched + at, delimiter) {
                        return Some(at);
                    }
                    from = at + 1;
                }
            });
            let until = quote.unwrap_or(text.len());
            if let Some(end) = memrchr(b'\n', &text[..until]) {
                self.whole = self.searched + end + 1;
            }
            match quote {
                Some(at) => {
                    self.open_quote = Some(self.searched + at);
                    self.searched += at + 1;
                }
                None => {
                    self.searched = self.pending.len();
                    break;
                }
            }
        }
        self.check_length(self.pending.len());
    }

    fn check_length(&mut self, end: usize) {
        if end - self.whole > self.line_limit && self.failure.is_none() {
            self.failure = Some(TableError::LineTooLong {
                row: self.line_of(self.whole),
                limit: self.line_limit,
            });
        }
    }
}

enum Closing {
    /// The closing quote.
    At(usize),
    /// Not before here; more bytes are needed.
    NotBefore(usize),
}

/// The quote that is not followed by another, from `from` on.
fn closing_quote(text: &[u8], mut from: usize) -> Closing {
    while let Some(found) = memchr(b'"', text.get(from..).unwrap_or_default()) {
        let at = from + found;
        match text.get(at + 1) {
            Some(b'"') => from = at + 2,
            Some(_) => return Closing::At(at),
            None => return Closing::NotBefore(at),
        }
    }
    Closing::NotBefore(from.max(text.len()))
}

/// Whether only spaces stand between a quote and the beginning of its cell.
pub(crate) fn opens_cell(text: &[u8], quote: usize, delimiter: u8) -> bool {
    let before = text[..quote].iter().rev().find(|byte| **byte != b' ');
    before.is_none_or(|byte| *byte == delimiter || *byte == b'\n')
}
