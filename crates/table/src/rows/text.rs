//! Text files cut into parts of whole rows. JSON comes as one object (or array) a line, or as one document that holds
//! them all; the document's elements are brought onto lines of their own on the way.

use crate::read::decoder::Decoder;
use crate::read::layout::{Separated, TextLayout};
use crate::read::stream::TextStream;
use crate::{Encoding, ReadOptions, TableError};
use serde::de::IgnoredAny;
use serde_json::Value;
use std::io::{Read, Seek, SeekFrom};

use super::RowSource;

/// Parts are cut when this many bytes have come together.
const PART_BYTES: usize = 512 << 10;

/// Whole rows of text.
pub(super) struct TextRows {
    pub(super) text: Vec<u8>,
    /// Line of the file where they begin (of a JSON document: row), from 1.
    pub(super) line: usize,
}

/// Pulls a file through a stream of rows.
pub(super) struct TextFeed {
    source: RowSource,
    stream: TextStream,
    buffer: Vec<u8>,
    /// Bytes that came since the last part.
    gathered: usize,
    document: Option<Document>,
    ended: bool,
}

impl TextFeed {
    pub(super) fn separated(
        mut source: RowSource,
        text: &TextLayout,
        layout: &Separated,
        options: &ReadOptions,
    ) -> Result<Self, TableError> {
        source.seek(SeekFrom::Start(text.mark as u64))?;
        let delimiter = Some(layout.delimiter.byte());
        let stream = TextStream::new(text.decoder(), delimiter, options.max_line_bytes)
            .skipping(layout.body, layout.body_lines);
        Ok(Self::of(source, stream, None))
    }

    /// `begin` is the beginning of the file, as it was looked at.
    pub(super) fn json(
        mut source: RowSource,
        layout: &TextLayout,
        begin: &[u8],
        options: &ReadOptions,
    ) -> Result<Self, TableError> {
        source.seek(SeekFrom::Start(layout.mark as u64))?;
        let mut decoded = Vec::new();
        // Only its first letters are looked at here; what cannot be decoded is found with its line later.
        let _ = layout.decoder().push(
            begin.get(layout.mark..).unwrap_or_default(),
            false,
            &mut decoded,
        );
        let mut letters = decoded.iter().filter(|byte| !byte.is_ascii_whitespace());
        let whole =
            letters.next() == Some(&b'[') && matches!(letters.next(), Some(b'{' | b'[' | b']'));
        if !whole {
            let stream = TextStream::new(layout.decoder(), None, options.max_line_bytes);
            return Ok(Self::of(source, stream, None));
        }
        let plain = Decoder::new(Encoding::Utf8, true, false);
        let stream = TextStream::new(plain, None, options.max_line_bytes);
        Ok(Self::of(source, stream, Some(Document::new(layout))))
    }

    fn of(source: RowSource, stream: TextStream, document: Option<Document>) -> Self {
        Self {
            source,
            stream,
            buffer: vec![0; 128 << 10],
            gathered: 0,
            document,
            ended: false,
        }
    }

    /// The next part; nothing at the end.
    pub(super) fn next(&mut self) -> Result<Option<TextRows>, TableError> {
        loop {
            let enough = self.gathered >= PART_BYTES || self.ended;
            if (enough || self.stream.failure().is_some())
                && let Some(block) = self.stream.take()
            {
                self.gathered = 0;
                if block.text.iter().all(u8::is_ascii_whitespace) {
                    self.stream.give_back(block);
                    continue;
                }
                return Ok(Some(TextRows {
                    text: block.text,
                    line: block.line,
                }));
            }
            if let Some(failure) = self.stream.failure() {
                return Err(failure.clone());
            }
            if self.ended {
                return Ok(None);
            }
            let read = match self.source.read(&mut self.buffer) {
                Ok(read) => read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            let bytes = self.buffer.get(..read).unwrap_or_default();
            match &mut self.document {
                Some(document) => self.stream.push(document.lines(bytes, read == 0)?),
                None => self.stream.push(bytes),
            }
            self.gathered += read;
            if read == 0 {
                self.stream.finish();
                self.ended = true;
            }
        }
    }
}

impl TextRows {
    /// One value a line, at most so many.
    pub(super) fn objects(&self, most: usize) -> Result<Vec<Value>, TableError> {
        let mut rows = Vec::new();
        for (line, text) in self.lines().take(most) {
            rows.push(serde_json::from_slice(text).map_err(|error| no_json(line, &error))?);
        }
        Ok(rows)
    }

    pub(super) fn count_objects(&self) -> Result<usize, TableError> {
        let mut rows = 0;
        for (line, text) in self.lines() {
            let _: IgnoredAny =
                serde_json::from_slice(text).map_err(|error| no_json(line, &error))?;
            if !matches!(text.trim_ascii_start().first(), Some(b'{' | b'[')) {
                return Err(TableError::Json {
                    row: line,
                    detail: "it is a single value".to_owned(),
                });
            }
            rows += 1;
        }
        Ok(rows)
    }

    fn lines(&self) -> impl Iterator<Item = (usize, &[u8])> {
        let lines = self.text.split(|byte| *byte == b'\n').enumerate();
        lines
            .map(|(offset, line)| (self.line + offset, line))
            .filter(|(_, line)| !line.trim_ascii().is_empty())
    }
}

fn no_json(row: usize, error: &serde_json::Error) -> TableError {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    TableError::Json {
        row,
        detail: text.strip_suffix(&place).unwrap_or(&text).to_owned(),
    }
}

/// One array that holds all rows, whose elements are given a line each.
struct Document {
    decoder: Decoder,
    decoded: Vec<u8>,
    lines: Vec<u8>,
    /// Brackets that are open, the document's own included.
    depth: usize,
    in_text: bool,
    escaped: bool,
    closed: bool,
    rows: usize,
}

impl Document {
    fn new(layout: &TextLayout) -> Self {
        Self {
            decoder: layout.decoder(),
            decoded: Vec::new(),
            lines: Vec::new(),
            depth: 0,
            in_text: false,
            escaped: false,
            closed: false,
            rows: 1,
        }
    }

    /// The next bytes, as lines.
    fn lines(&mut self, bytes: &[u8], last: bool) -> Result<&[u8], TableError> {
        self.decoded.clear();
        self.lines.clear();
        let whole = self.decoder.push(bytes, last, &mut self.decoded);
        whole.map_err(|_| TableError::Encoding { row: self.rows })?;
        let decoded = std::mem::take(&mut self.decoded);
        for byte in &decoded {
            self.take(*byte)?;
        }
        self.decoded = decoded;
        if last && !self.closed {
            return Err(self.broken("the array is never closed"));
        }
        Ok(&self.lines)
    }

    fn take(&mut self, byte: u8) -> Result<(), TableError> {
        if self.in_text {
            self.lines.push(byte);
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_text = false,
                _ => {}
            }
            return Ok(());
        }
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            _ if self.closed => return Err(self.broken("something stands after the array")),
            b'[' if self.depth == 0 => self.depth = 1,
            b']' if self.depth == 1 => self.closed = true,
            b',' if self.depth == 1 => {
                self.rows += 1;
                self.lines.push(b'\n');
            }
            b'[' | b'{' => {
                self.depth += 1;
                self.lines.push(byte);
            }
            b']' | b'}' => {
                self.depth = self.depth.saturating_sub(1);
                self.lines.push(byte);
            }
            b'"' => {
                self.in_text = true;
                self.lines.push(byte);
            }
            other => self.lines.push(other),
        }
        Ok(())
    }

    fn broken(&self, detail: &str) -> TableError {
        TableError::Json {
            row: self.rows,
            detail: detail.to_owned(),
        }
    }
}
