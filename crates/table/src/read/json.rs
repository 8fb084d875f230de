//! JSON lines, or one array of objects, become columns. Values are kept as text first and typed like those of any other
//! text file; a key that a row lacks is missing there.

use super::Note;
use super::builders::{Coded, Raw};
use super::header::unique_names;
use super::layout::TextLayout;
use super::stream::TextStream;
use crate::infer::{self, Surroundings};
use crate::{Column, Decimal, ReadOptions, TableError};
use rayon::prelude::*;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::HashMap;
use std::fmt;
use std::io::{Read, Seek, SeekFrom};

/// Reads all objects.
pub(crate) fn read<R: Read + Seek>(
    source: &mut R,
    text: &TextLayout,
    options: &ReadOptions,
) -> Result<(Vec<Column>, Vec<Note>), TableError> {
    source.seek(SeekFrom::Start(text.mark as u64))?;
    let mut rows = Rows::new(options);
    let mut stream = TextStream::new(text.decoder(), None, options.max_line_bytes);
    let mut buffer = vec![0; 128 << 10];
    let mut array: Option<Vec<u8>> = None;
    loop {
        let read = source.read(&mut buffer)?;
        if let Some(document) = &mut array {
            document.extend_from_slice(&buffer[..read]);
        } else if read == 0 {
            stream.finish();
        } else if rows.count == 0 && buffer[..read].trim_ascii_start().first() == Some(&b'[') {
            array = Some(buffer[..read].to_vec());
        } else {
            stream.push(&buffer[..read]);
        }
        while array.is_none() && stream.ready() {
            let Some(block) = stream.take() else { break };
            for (offset, line) in block.text.split(|byte| *byte == b'\n').enumerate() {
                if !line.trim_ascii().is_empty() {
                    rows.add(line, block.line + offset)?;
                }
            }
            stream.give_back(block);
        }
        if read == 0 || (array.is_none() && stream.failure().is_some()) {
            break;
        }
    }
    if let Some(document) = array {
        let mut decoded = Vec::with_capacity(document.len());
        text.decoder()
            .push(&document, true, &mut decoded)
            .map_err(|_| TableError::Encoding { row: 1 })?;
        rows.add_array(&decoded)?;
    } else if let Some(failure) = stream.failure() {
        return Err(failure.clone());
    }
    rows.finish(options)
}

/// The objects at the beginning of a file, for a preview; one that is cut off at the end is left out.
pub(crate) fn columns_of(
    text: &[u8],
    options: &ReadOptions,
) -> Result<(Vec<Column>, Vec<Note>), TableError> {
    let mut rows = Rows::new(options);
    let mut added = Ok(());
    if text.trim_ascii_start().first() == Some(&b'[') {
        added = rows.add_array(text);
    } else {
        for (offset, line) in text.split(|byte| *byte == b'\n').enumerate() {
            if added.is_ok() && !line.trim_ascii().is_empty() {
                added = rows.add(line, offset + 1);
            }
        }
    }
    if let Err(error) = added {
        if !rows.cut_off || rows.count < 2 {
            return Err(error);
        }
        rows.count -= 1;
        rows.columns
            .iter_mut()
            .for_each(|column| column.codes.truncate(rows.count));
    }
    rows.finish(options)
}

/// Columns on their way, by key in order of first appearance.
struct Rows {
    index: HashMap<String, usize>,
    names: Vec<String>,
    columns: Vec<Coded>,
    count: usize,
    max_columns: usize,
    max_rows: usize,
    /// What stopped the parser, when it was ours.
    problem: Option<TableError>,
    /// The text ended within an object.
    cut_off: bool,
}

impl Rows {
    fn new(options: &ReadOptions) -> Self {
        Self {
            index: HashMap::new(),
            names: Vec::new(),
            columns: Vec::new(),
            count: 0,
            max_columns: options.max_columns,
            max_rows: options.max_rows,
            problem: None,
            cut_off: false,
        }
    }

    fn add(&mut self, line: &[u8], number: usize) -> Result<(), TableError> {
        let mut parser = serde_json::Deserializer::from_slice(line);
        let parsed = Object(self)
            .deserialize(&mut parser)
            .and_then(|()| parser.end());
        self.check(parsed, number)
    }

    fn add_array(&mut self, text: &[u8]) -> Result<(), TableError> {
        let mut parser = serde_json::Deserializer::from_slice(text);
        let parsed = parser
            .deserialize_seq(Array(self))
            .and_then(|()| parser.end());
        self.check(parsed, 1)
    }

    fn check(
        &mut self,
        parsed: Result<(), serde_json::Error>,
        line: usize,
    ) -> Result<(), TableError> {
        parsed.map_err(|error| {
            self.cut_off = error.is_eof();
            let reason = error.to_string();
            let detail = reason
                .split(" at line ")
                .next()
                .unwrap_or_default()
                .to_owned();
            self.problem.take().unwrap_or(TableError::Json {
                row: line + error.line().saturating_sub(1),
                detail,
            })
        })
    }

    /// Starts a row: every column is missing until its key comes.
    fn begin(&mut self) -> Result<(), TableError> {
        self.count += 1;
        if self.count > self.max_rows {
            return Err(TableError::TooManyRows {
                limit: self.max_rows,
            });
        }
        self.columns
            .iter_mut()
            .for_each(|column| column.codes.push(-1));
        Ok(())
    }

    fn set(&mut self, key: &str, value: Option<&str>) -> Result<(), TableError> {
        let column = match self.index.get(key) {
            Some(column) => *column,
            None => {
                let column = self.columns.len();
                if column == self.max_columns {
                    return Err(TableError::TooManyColumns {
                        found: column + 1,
                        limit: self.max_columns,
                    });
                }
                self.index.insert(key.to_owned(), column);
                self.names.push(key.to_owned());
                self.columns.push(Coded {
                    codes: vec![-1; self.count],
                    ..Coded::default()
                });
                column
            }
        };
        let column = &mut self.columns[column];
        let code = match value {
            Some(text) if !text.trim().is_empty() => {
                column.dictionary.code(text.trim().as_bytes())?
            }
            _ => -1,
        };
        if let Some(last) = column.codes.last_mut() {
            *last = code;
        }
        Ok(())
    }

    fn finish(self, options: &ReadOptions) -> Result<(Vec<Column>, Vec<Note>), TableError> {
        if self.count == 0 || self.columns.is_empty() {
            return Err(TableError::Empty);
        }
        let mut notes = Vec::new();
        let names = unique_names(self.names, true, &mut notes);
        let around = Surroundings {
            decimal: options.decimal.unwrap_or(Decimal::Point),
            point_seen: true,
            delimiter: None,
            numbers_in_text: true,
        };
        let decided: Result<Vec<(Column, Vec<Note>)>, TableError> = self
            .columns
            .into_par_iter()
            .zip(names)
            .map(|(coded, name)| {
                let mut notes = Vec::new();
                let column = infer::column(
                    &name,
                    Raw::Texts(coded),
                    options.kinds.get(&name).copied(),
                    around,
                    &mut notes,
                )?;
                Ok((column, notes))
            })
            .collect();
        let (columns, of_columns): (Vec<_>, Vec<_>) = decided?.into_iter().unzip();
        notes.extend(of_columns.into_iter().flatten());
        Ok((columns, notes))
    }
}

/// Keeps our error aside and gives the parser something to stop with.
fn stop<E: Error>(rows: &mut Rows, problem: TableError) -> E {
    rows.problem = Some(problem);
    E::custom("stopped")
}

struct Array<'a>(&'a mut Rows);

impl<'de> Visitor<'de> for Array<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut objects: A) -> Result<(), A::Error> {
        while objects.next_element_seed(Object(self.0))?.is_some() {}
        Ok(())
    }
}

struct Object<'a>(&'a mut Rows);

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with one value a column")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let rows = self.0;
        rows.begin().map_err(|problem| stop(rows, problem))?;
        while let Some(key) = entries.next_key::<String>()? {
            entries.next_value_seed(Value { rows, key: &key })?;
        }
        Ok(())
    }
}

struct Value<'a> {
    rows: &'a mut Rows,
    key: &'a str,
}

impl Value<'_> {
    fn set<E: Error>(self, text: Option<&str>) -> Result<(), E> {
        self.rows
            .set(self.key, text)
            .map_err(|problem| stop(self.rows, problem))
    }

    fn nested<E: Error>(self) -> E {
        let column = self.key.to_owned();
        stop(self.rows, TableError::Nested { column })
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number, a text, true, false or null")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.set(Some(if value { "true" } else { "false" }))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.set(Some(&value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.set(Some(&value.to_string()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.set(Some(&value.to_string()))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.set(Some(value))
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.set(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let _: Option<IgnoredAny> = entries.next_element()?;
        Err(self.nested())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let _: Option<(IgnoredAny, IgnoredAny)> = entries.next_entry()?;
        Err(self.nested())
    }
}
