//! Separated values become columns: one pass over the file, a second for columns that were not what they seemed.
//!
//! Memory holds the columns so far and one wave of blocks. Blocks of a wave are taken apart in parallel; then columns are
//! shared out among threads, each reading its cells in the order of the file. So nothing depends on how many there are.

use super::builders::{Builder, Guess, Raw, guess};
use super::layout::{Separated, TextLayout};
use super::stream::{BLOCK_BYTES, Block, TextStream};
use super::tokens::{BadRow, BadRowProblem, Cells, tokenise};
use super::{Note, first_error};
use crate::infer::{self, Surroundings};
use crate::values::numbers::Grammar;
use crate::{Column, Kind, ReadOptions, TableError};
use rayon::prelude::*;
use std::io::{Read, Seek, SeekFrom};

/// Reads all columns of a file that was looked at.
pub(crate) fn read<R: Read + Seek + Send>(
    source: &mut R,
    text: &TextLayout,
    layout: &Separated,
    options: &ReadOptions,
) -> Result<(Vec<Column>, Vec<Note>), TableError> {
    let mut pass = Pass {
        source,
        text,
        layout,
        options,
    };
    let (guesses, rows) = pass.guesses()?;
    let mut raw = pass.run(guesses.iter().map(|guess| Some(*guess)).collect(), rows)?;
    if raw.iter().any(Option::is_none) {
        let again = raw
            .iter()
            .map(|column| column.is_none().then_some(Guess::Texts))
            .collect();
        for (column, read) in raw.iter_mut().zip(pass.run(again, rows)?) {
            *column = column.take().or(read);
        }
    }
    decide(raw, layout, options)
}

/// Kinds for whole columns.
pub(crate) fn decide(
    raw: Vec<Option<Raw>>,
    layout: &Separated,
    options: &ReadOptions,
) -> Result<(Vec<Column>, Vec<Note>), TableError> {
    let around = Surroundings {
        decimal: layout.decimal,
        point_seen: layout.point_seen,
        delimiter: Some(layout.delimiter),
        numbers_in_text: true,
    };
    let decided: Vec<Result<(Column, Vec<Note>), TableError>> = raw
        .into_par_iter()
        .zip(&layout.names)
        .map(|(raw, name)| {
            let mut notes = Vec::new();
            let raw = raw.ok_or_else(|| {
                TableError::unreadable(format!(
                    "column '{name}' could not be read; choose its kind"
                ))
            })?;
            let column = infer::column(
                name,
                raw,
                options.kinds.get(name).copied(),
                around,
                &mut notes,
            )?;
            Ok((column, notes))
        })
        .collect();
    let decided = decided.into_iter().collect::<Result<Vec<_>, _>>()?;
    let empty = |index: usize, column: &Column| {
        let unnamed = layout.header && layout.unnamed.get(index) == Some(&true);
        unnamed && column.missing() == column.len()
    };
    // A file of gaps alone stays as it is: a table has columns.
    let keep_all = decided
        .iter()
        .enumerate()
        .all(|(index, (column, _))| empty(index, column));
    let mut columns = Vec::with_capacity(decided.len());
    let mut notes = layout.notes.clone();
    for (index, (column, of_column)) in decided.into_iter().enumerate() {
        if !keep_all && empty(index, &column) {
            notes.retain(|note| note.column.as_deref() != Some(column.name()));
            notes.push(Note::new(
                "empty_column_dropped",
                None,
                format!(
                    "column {} has neither a name nor values; it is left out",
                    index + 1
                ),
            ));
            continue;
        }
        notes.extend(of_column);
        columns.push(column);
    }
    Ok((columns, notes))
}

/// Text forms for columns whose kind is set, else what the cells suggest.
pub(crate) fn guess_column(
    block: &[u8],
    cells: &Cells,
    column: usize,
    name: &str,
    layout: &Separated,
    options: &ReadOptions,
) -> Guess {
    match options.kinds.get(name) {
        Some(Kind::Category | Kind::Text | Kind::Identifier) => Guess::Texts,
        _ => guess(
            block,
            cells,
            column,
            Grammar::of(layout.decimal),
            &options.missing,
        ),
    }
}

/// The error of a row, with its line in the file.
pub(crate) fn bad_row(
    bad: BadRow,
    block: &[u8],
    first_line: usize,
    columns: usize,
    line_limit: usize,
) -> TableError {
    let before = block.get(..bad.offset).unwrap_or_default();
    // Blank lines before the row belong to no row but count as lines.
    let blank = block
        .get(bad.offset..)
        .unwrap_or_default()
        .iter()
        .take_while(|byte| matches!(**byte, b'\n' | b'\r'))
        .filter(|byte| **byte == b'\n')
        .count();
    let row = first_line + memchr::memchr_iter(b'\n', before).count() + blank;
    match bad.problem {
        BadRowProblem::Ragged { found } => TableError::Ragged {
            row,
            expected: columns,
            found,
        },
        BadRowProblem::TooLong => TableError::LineTooLong {
            row,
            limit: line_limit,
        },
    }
}

struct Pass<'a, R> {
    source: &'a mut R,
    text: &'a TextLayout,
    layout: &'a Separated,
    options: &'a ReadOptions,
}

/// Blocks taken apart.
type Wave = Vec<(Block, Cells)>;

impl<R: Read + Seek + Send> Pass<'_, R> {
    fn stream(&mut self) -> Result<Source<'_, R>, TableError> {
        self.source.seek(SeekFrom::Start(self.text.mark as u64))?;
        let stream = TextStream::new(
            self.text.decoder(),
            Some(self.layout.delimiter.byte()),
            self.options.max_line_bytes,
        )
        .skipping(self.layout.body, self.layout.body_lines);
        Ok(Source {
            reader: &mut *self.source,
            stream,
            buffer: vec![0; BLOCK_BYTES / 2],
            read: self.text.mark as u64,
            limit: self.options.max_bytes,
            ended: false,
        })
    }

    /// How each column begins, and roughly how many rows there will be.
    fn guesses(&mut self) -> Result<(Vec<Guess>, usize), TableError> {
        let bytes = self.source.seek(SeekFrom::End(0))?;
        let (layout, options) = (self.layout, self.options);
        let mut source = self.stream()?;
        let mut cells = Cells::default();
        let columns = layout.names.len();
        let Some(block) = source.next_block()? else {
            if let Some(failure) = source.stream.failure() {
                return Err(failure.clone());
            }
            return Ok((vec![Guess::Texts; columns], 0));
        };
        // A bad row is found again, in its order, when all rows are read.
        let _ = tokenise(
            &block.text,
            layout.delimiter.byte(),
            columns,
            options.max_line_bytes,
            &mut cells,
        );
        let whole = cells.rows() * columns;
        cells.spans.truncate(whole);
        let guesses = (0..columns)
            .map(|column| {
                guess_column(
                    &block.text,
                    &cells,
                    column,
                    &layout.names[column],
                    layout,
                    options,
                )
            })
            .collect();
        let rows =
            (bytes as f64 / block.text.len().max(1) as f64 * cells.rows() as f64 * 1.05) as usize;
        Ok((
            guesses,
            rows.min(options.max_rows)
                .min(options.max_cells / columns.max(1)),
        ))
    }

    /// Reads the columns that are given a guess.
    fn run(
        &mut self,
        guesses: Vec<Option<Guess>>,
        rows: usize,
    ) -> Result<Vec<Option<Raw>>, TableError> {
        let (layout, options) = (self.layout, self.options);
        let columns = guesses.len();
        let mut builders: Vec<Option<Builder>> = guesses
            .into_iter()
            .map(|guess| {
                guess.map(|guess| {
                    Builder::new(
                        guess,
                        if guess == Guess::Texts { 0 } else { rows },
                        &options.missing,
                    )
                })
            })
            .collect();
        let threads = rayon::current_num_threads();
        let mut source = self.stream()?;
        let mut wave: Wave = Vec::new();
        let mut spare: Vec<Cells> = Vec::new();
        let mut total = 0_usize;
        let limit = options.max_rows.min(options.max_cells / columns.max(1));
        loop {
            // The next wave is read and taken apart while columns take up this one.
            let (appended, next) = rayon::join(
                || append_wave(&mut builders, &wave, threads),
                || {
                    source.next_wave(
                        layout,
                        options,
                        &mut spare,
                        if threads == 1 { 1 } else { threads * 6 },
                    )
                },
            );
            appended?;
            for (block, cells) in std::mem::replace(&mut wave, next?) {
                source.stream.give_back(block);
                spare.push(cells);
            }
            if wave.is_empty() {
                break;
            }
            total += wave.iter().map(|(_, cells)| cells.rows()).sum::<usize>();
            if total > limit {
                return Err(TableError::TooManyRows { limit });
            }
        }
        if total == 0 {
            return Err(if layout.header {
                TableError::HeaderOnly
            } else {
                TableError::Empty
            });
        }
        Ok(builders
            .into_iter()
            .map(|builder| builder.and_then(Builder::finish))
            .collect())
    }
}

/// Appends a wave to all columns. Columns are dealt to groups by the work they made so far; each group reads block after
/// block, so that a block is in cache for all columns of its group.
fn append_wave(
    builders: &mut [Option<Builder>],
    wave: &Wave,
    threads: usize,
) -> Result<(), TableError> {
    let mut columns: Vec<(usize, &mut Builder)> = builders
        .iter_mut()
        .enumerate()
        .filter_map(|(index, builder)| Some((index, builder.as_mut()?)))
        .filter(|(_, builder)| !builder.failed())
        .collect();
    let groups = if threads == 1 {
        1
    } else {
        (threads * 2).min(columns.len()).max(1)
    };
    columns.sort_by_key(|(index, builder)| (std::cmp::Reverse(builder.work), *index));
    let mut dealt: Vec<(usize, Vec<(usize, &mut Builder)>)> =
        (0..groups).map(|_| (0, Vec::new())).collect();
    for (index, builder) in columns {
        if let Some(least) = dealt.iter_mut().min_by_key(|(work, _)| *work) {
            least.0 += builder.work + 1;
            least.1.push((index, builder));
        }
    }
    let append = |group: &mut (usize, Vec<(usize, &mut Builder)>)| {
        for (block, cells) in wave {
            for (index, builder) in &mut group.1 {
                builder.append(&block.text, cells, *index)?;
            }
        }
        Ok(())
    };
    if groups == 1 {
        return dealt.iter_mut().try_for_each(append);
    }
    first_error(dealt.par_iter_mut().map(append).collect())
}

/// Pulls a reader through a stream of blocks.
struct Source<'a, R> {
    reader: &'a mut R,
    stream: TextStream,
    buffer: Vec<u8>,
    read: u64,
    limit: u64,
    ended: bool,
}

impl<R: Read> Source<'_, R> {
    /// Some blocks taken apart, none at the end. What is wrong with a row comes before what is wrong further down.
    fn next_wave(
        &mut self,
        layout: &Separated,
        options: &ReadOptions,
        spare: &mut Vec<Cells>,
        blocks: usize,
    ) -> Result<Wave, TableError> {
        let mut wave = Wave::new();
        let mut failure = None;
        while wave.len() < blocks && failure.is_none() {
            match self.next_block() {
                Ok(Some(block)) => wave.push((block, spare.pop().unwrap_or_default())),
                Ok(None) => {
                    failure = self.stream.failure().cloned();
                    break;
                }
                Err(error) => failure = Some(error),
            }
        }
        let columns = layout.names.len();
        let tokenised = wave.par_iter_mut().map(|(block, cells)| {
            tokenise(
                &block.text,
                layout.delimiter.byte(),
                columns,
                options.max_line_bytes,
                cells,
            )
            .map_err(|bad| {
                bad_row(
                    bad,
                    &block.text,
                    block.line,
                    columns,
                    options.max_line_bytes,
                )
            })
        });
        first_error(tokenised.collect())?;
        match failure {
            Some(error) => Err(error),
            None => Ok(wave),
        }
    }

    /// The next block; `None` at the end or where the stream failed.
    fn next_block(&mut self) -> Result<Option<Block>, TableError> {
        while !self.stream.ready() && !self.ended && self.stream.failure().is_none() {
            let read = match self.reader.read(&mut self.buffer) {
                Ok(read) => read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            self.read += read as u64;
            if self.read > self.limit {
                return Err(TableError::TooLarge { limit: self.limit });
            }
            if read == 0 {
                self.stream.finish();
                self.ended = true;
            } else {
                self.stream.push(&self.buffer[..read]);
            }
        }
        Ok(self.stream.take())
    }
}
