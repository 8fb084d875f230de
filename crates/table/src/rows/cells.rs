//! The cells of separated text, column by column, each for itself.

use crate::decode::{Decoded, Hints, WrongCell, collect, decode_hinted};
use crate::dictionary::Dictionary;
use crate::infer;
use crate::read::builders::Coded;
use crate::read::layout::Separated;
use crate::read::separated::bad_row;
use crate::read::tokens::{Cells, tokenise};
use crate::values::dates::{self, Order, parse_year_first};
use crate::values::missing::{Missing, missing};
use crate::values::numbers::{Grammar, parse_point};
use crate::values::trim;
use crate::{Column, Field, Kind, ReadOptions, Schema, Table, TableError};

use super::text::TextRows;

/// How separated text becomes columns of a schema.
pub(super) struct Cutter {
    delimiter: u8,
    columns: usize,
    line_limit: usize,
    /// For each column of the schema, the one of the file, and how its cells are read.
    sources: Vec<Option<(usize, Hints)>>,
}

impl Cutter {
    /// `first` is the first part: ambiguous dates are read as the clear ones in it.
    pub(super) fn new(
        layout: &Separated,
        names: &[String],
        schema: &Schema,
        first: &TextRows,
        options: &ReadOptions,
    ) -> Result<Self, TableError> {
        let mut cutter = Self {
            delimiter: layout.delimiter.byte(),
            columns: layout.names.len(),
            line_limit: options.max_line_bytes,
            sources: Vec::new(),
        };
        let cells = cutter.cut(first)?;
        let source = |field: &Field| {
            let place = names.iter().position(|name| *name == field.name)?;
            let order = match field.kind {
                Kind::Date => order(&first.text, &cells, place),
                _ => None,
            };
            let hints = Hints {
                grammar: Grammar::of(layout.decimal),
                order: order.unwrap_or(Order::MonthFirst),
            };
            Some((place, hints))
        };
        cutter.sources = schema.fields.iter().map(source).collect();
        Ok(cutter)
    }

    fn cut(&self, rows: &TextRows) -> Result<Cells, TableError> {
        let mut cells = Cells::default();
        tokenise(
            &rows.text,
            self.delimiter,
            self.columns,
            self.line_limit,
            &mut cells,
        )
        .map_err(|bad| bad_row(bad, &rows.text, rows.line, self.columns, self.line_limit))?;
        Ok(cells)
    }

    pub(super) fn count(&self, rows: &TextRows) -> Result<usize, TableError> {
        Ok(self.cut(rows)?.rows())
    }

    pub(super) fn decode(
        &self,
        schema: &Schema,
        rows: &TextRows,
    ) -> Result<(Table, Vec<WrongCell>), TableError> {
        let cells = self.cut(rows)?;
        let mut wrong = Vec::new();
        let mut columns = Vec::with_capacity(schema.fields.len());
        for (place, (field, source)) in schema.fields.iter().zip(&self.sources).enumerate() {
            columns.push(match source {
                None => collect(field, (0..cells.rows()).map(|_| Decoded::Missing)),
                Some((from, hints)) => {
                    let cells = CellsOf {
                        text: &rows.text,
                        cells: &cells,
                        column: *from,
                    };
                    match field.kind {
                        Kind::Integer | Kind::Number | Kind::Date => {
                            cells.numbers(field, *hints, place, &mut wrong)
                        }
                        Kind::Boolean => cells.booleans(field, *hints, place, &mut wrong)?,
                        Kind::Category | Kind::Text | Kind::Identifier => cells.texts(field)?,
                    }
                }
            });
        }
        Ok((Table::with_rows(columns, cells.rows()), wrong))
    }
}

/// The order of day and month that the first clear date of a column shows.
fn order(text: &[u8], cells: &Cells, column: usize) -> Option<Order> {
    let mut scratch = Vec::new();
    cells
        .column(column)
        .find_map(|span| dates::parse(trim(span.text(text, &mut scratch)))?.order())
}

/// One column of a part.
struct CellsOf<'a> {
    text: &'a [u8],
    cells: &'a Cells,
    column: usize,
}

impl CellsOf<'_> {
    fn numbers(
        &self,
        field: &Field,
        hints: Hints,
        place: usize,
        wrong: &mut Vec<WrongCell>,
    ) -> Column {
        let mut scratch = Vec::new();
        let mut values = Vec::with_capacity(self.cells.rows());
        let date = field.kind == Kind::Date;
        let point = hints.grammar == Grammar::POINT;
        for (row, span) in self.cells.column(self.column).enumerate() {
            let cell = span.text(self.text, &mut scratch);
            let plain = match (date, point) {
                (true, _) => parse_year_first(cell),
                (false, true) => parse_point(cell),
                (false, false) => hints.grammar.parse(cell),
            };
            values.push(match plain {
                Some(value) if value.is_finite() => value,
                _ if cell.is_empty() => f64::NAN,
                _ => match read(cell, field, hints) {
                    Decoded::Number(value) => value,
                    Decoded::Wrong(text) => {
                        wrong.push(WrongCell::new(row, place, &text));
                        f64::NAN
                    }
                    Decoded::Text(_) | Decoded::Missing => f64::NAN,
                },
            });
        }
        infer::numeric(&field.name, field.kind, values, field.labels.clone())
    }

    /// Each spelling is read once.
    fn booleans(
        &self,
        field: &Field,
        hints: Hints,
        place: usize,
        wrong: &mut Vec<WrongCell>,
    ) -> Result<Column, TableError> {
        let mut scratch = Vec::new();
        let mut spellings = Dictionary::default();
        let mut read_as: Vec<Decoded> = Vec::new();
        let mut values = Vec::with_capacity(self.cells.rows());
        for (row, span) in self.cells.column(self.column).enumerate() {
            let cell = span.text(self.text, &mut scratch);
            let code = spellings.code(cell)? as usize;
            if code == read_as.len() {
                read_as.push(read(cell, field, hints));
            }
            values.push(match read_as.get(code) {
                Some(Decoded::Number(value)) => *value,
                Some(Decoded::Wrong(text)) => {
                    wrong.push(WrongCell::new(row, place, text));
                    f64::NAN
                }
                _ => f64::NAN,
            });
        }
        Ok(infer::numeric(
            &field.name,
            field.kind,
            values,
            field.labels.clone(),
        ))
    }

    fn texts(&self, field: &Field) -> Result<Column, TableError> {
        let mut scratch = Vec::new();
        let mut coded = Coded::default();
        coded.codes.reserve(self.cells.rows());
        for span in self.cells.column(self.column) {
            let cell = trim(span.text(self.text, &mut scratch));
            let gap = cell.len() <= LONGEST_GAP && missing(cell) == Some(Missing::Always);
            coded.codes.push(if gap {
                -1
            } else {
                coded.dictionary.code(cell)?
            });
        }
        infer::coded(&field.name, field.kind, coded)
    }
}

/// No spelling of a gap is longer.
const LONGEST_GAP: usize = 8;

fn read(cell: &[u8], field: &Field, hints: Hints) -> Decoded {
    decode_hinted(&String::from_utf8_lossy(cell), field, hints)
}
