//! Cells of one column come together, block by block, in the form that its first rows suggest.
//!
//! A column begun as numbers or dates fails at the first cell that is neither that nor missing; it is then read once
//! more as text, which never fails and from which [`infer`](crate::infer) can still decide anything.

use super::tokens::Cells;
use crate::TableError;
use crate::dictionary::Dictionary;
use crate::values::dates::parse_year_first;
use crate::values::missing::missing;
use crate::values::numbers::Grammar;
use crate::values::trim;

/// A column on its way.
pub(crate) struct Builder {
    form: Form,
    /// Further spellings of "missing".
    extra: Vec<Vec<u8>>,
    scratch: Vec<u8>,
    /// Bytes seen, to share columns out evenly.
    pub(crate) work: usize,
}

enum Form {
    Numbers {
        values: Vec<f64>,
        grammar: Grammar,
        infinite: usize,
    },
    Dates {
        values: Vec<f64>,
    },
    Texts(Coded),
    Failed,
}

/// Distinct texts and one code a row, −1 where the cell is empty.
#[derive(Default)]
pub(crate) struct Coded {
    pub(crate) codes: Vec<i32>,
    pub(crate) dictionary: Dictionary,
}

/// A whole column before its kind is decided. Numbers and dates are NaN where missing.
pub(crate) enum Raw {
    /// Numbers, and how many infinite ones became missing.
    Numbers { values: Vec<f64>, infinite: usize },
    /// Seconds since 1970.
    Dates(Vec<f64>),
    /// Texts.
    Texts(Coded),
}

/// How a column is begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guess {
    Numbers(Grammar),
    Dates,
    Texts,
}

impl Builder {
    pub(crate) fn new(guess: Guess, rows: usize, extra: &[String]) -> Self {
        let form = match guess {
            Guess::Numbers(grammar) => Form::Numbers {
                values: Vec::with_capacity(rows),
                grammar,
                infinite: 0,
            },
            Guess::Dates => Form::Dates {
                values: Vec::with_capacity(rows),
            },
            Guess::Texts => Form::Texts(Coded {
                codes: Vec::with_capacity(rows),
                dictionary: Dictionary::default(),
            }),
        };
        Self {
            form,
            extra: extra
                .iter()
                .map(|spelling| trim(spelling.as_bytes()).to_vec())
                .collect(),
            scratch: Vec::new(),
            work: 0,
        }
    }

    /// Whether it must be read again as text.
    pub(crate) fn failed(&self) -> bool {
        matches!(self.form, Form::Failed)
    }

    /// The cells of one column of a block.
    pub(crate) fn append(
        &mut self,
        text: &[u8],
        cells: &Cells,
        column: usize,
    ) -> Result<(), TableError> {
        let Self {
            form,
            extra,
            scratch,
            work,
        } = self;
        let held = match form {
            Form::Numbers {
                values,
                grammar: Grammar::POINT,
                infinite,
            } => append_numbers(
                values,
                infinite,
                text,
                cells,
                column,
                scratch,
                crate::values::numbers::parse_point,
                extra,
            ),
            Form::Numbers {
                values,
                grammar,
                infinite,
            } => {
                let grammar = *grammar;
                append_numbers(
                    values,
                    infinite,
                    text,
                    cells,
                    column,
                    scratch,
                    |cell| grammar.parse(cell),
                    extra,
                )
            }
            Form::Dates { values } => append_numbers(
                values,
                &mut 0,
                text,
                cells,
                column,
                scratch,
                parse_year_first,
                extra,
            ),
            Form::Texts(coded) => {
                append_texts(coded, text, cells, column, scratch, extra)?;
                true
            }
            Form::Failed => return Ok(()),
        };
        *work += cells.rows() * if matches!(form, Form::Texts(_)) { 3 } else { 2 };
        if !held {
            *form = Form::Failed;
        }
        Ok(())
    }

    /// The column; `None` when it failed.
    pub(crate) fn finish(self) -> Option<Raw> {
        match self.form {
            Form::Numbers {
                mut values,
                infinite,
                ..
            } => {
                values.shrink_to_fit();
                Some(Raw::Numbers { values, infinite })
            }
            Form::Dates { mut values } => {
                values.shrink_to_fit();
                Some(Raw::Dates(values))
            }
            Form::Texts(mut coded) => {
                coded.codes.shrink_to_fit();
                Some(Raw::Texts(coded))
            }
            Form::Failed => None,
        }
    }
}

/// Whether every cell was a number or a gap.
#[expect(
    clippy::too_many_arguments,
    reason = "one loop for three ways of reading a number, each compiled on its own"
)]
#[inline]
fn append_numbers(
    values: &mut Vec<f64>,
    infinite: &mut usize,
    text: &[u8],
    cells: &Cells,
    column: usize,
    scratch: &mut Vec<u8>,
    parse: impl Fn(&[u8]) -> Option<f64>,
    extra: &[Vec<u8>],
) -> bool {
    values.reserve(cells.rows());
    for span in cells.column(column) {
        let cell = span.text(text, scratch);
        let value = match parse(cell) {
            // A spelling of "missing" that a person names may well be a number, such as -999.
            _ if !extra.is_empty() && extra.iter().any(|spelling| spelling == trim(cell)) => {
                f64::NAN
            }
            Some(value) => value,
            None if cell.is_empty() => f64::NAN,
            None => {
                let cell = trim(cell);
                match parse(cell) {
                    Some(value) => value,
                    None if missing(cell).is_some() => f64::NAN,
                    None => return false,
                }
            }
        };
        if value.is_infinite() {
            *infinite += 1;
            values.push(f64::NAN);
        } else {
            values.push(value);
        }
    }
    true
}

fn append_texts(
    coded: &mut Coded,
    text: &[u8],
    cells: &Cells,
    column: usize,
    scratch: &mut Vec<u8>,
    extra: &[Vec<u8>],
) -> Result<(), TableError> {
    coded.codes.reserve(cells.rows());
    for span in cells.column(column) {
        let cell = trim(span.text(text, scratch));
        let code = if cell.is_empty() || extra.iter().any(|spelling| spelling == cell) {
            -1
        } else {
            coded.dictionary.code(cell)?
        };
        coded.codes.push(code);
    }
    Ok(())
}

/// What the first rows of a column suggest.
pub(crate) fn guess(
    text: &[u8],
    cells: &Cells,
    column: usize,
    grammar: Grammar,
    extra: &[String],
) -> Guess {
    let mut scratch = Vec::new();
    let mut options = [
        Some(Guess::Numbers(grammar)),
        (grammar != Grammar::POINT).then_some(Guess::Numbers(Grammar::POINT)),
        Some(Guess::Dates),
    ];
    let mut seen = false;
    for span in cells.column(column) {
        let cell = trim(span.text(text, &mut scratch));
        if missing(cell).is_some() || extra.iter().any(|spelling| spelling.as_bytes() == cell) {
            continue;
        }
        seen = true;
        for option in &mut options {
            let fits = match option {
                Some(Guess::Numbers(grammar)) => grammar.parse(cell).is_some(),
                Some(Guess::Dates) => parse_year_first(cell).is_some(),
                _ => false,
            };
            if !fits {
                *option = None;
            }
        }
        if options.iter().all(Option::is_none) {
            return Guess::Texts;
        }
    }
    if seen {
        options.into_iter().flatten().next().unwrap_or(Guess::Texts)
    } else {
        Guess::Texts
    }
}
