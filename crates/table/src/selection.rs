//! A page of a table's rows: those that a filter lets through, in the order of a column. Nothing is copied but row
//! numbers, and no more is sorted than the page needs, so that a million rows are looked through while somebody waits.

use crate::values::dates;
use crate::{Column, Kind, Table, Values};
use arrow_array::{Array, Float64Array, StringArray};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::ops::Range;

/// Distinct texts up to which each gets its rank before rows are compared; beyond, rows compare their texts.
const MOST_RANKED: usize = 1 << 16;

/// What a filter asks about the cells of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// The whole cell is this.
    Equals,
    /// A text has this in it, capitals or not.
    Contains,
    /// A number or date is not below this.
    AtLeast,
    /// A number or date is not above this.
    AtMost,
    /// There is nothing in the cell.
    Missing,
    /// There is something in the cell.
    NotMissing,
}

/// Which rows are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFilter {
    /// The column that is looked at.
    pub column: String,
    /// What is asked about it.
    pub operator: Operator,
    /// What it is compared with; passed over where missing cells are asked for.
    pub value: String,
}

/// In which order rows are wanted. Missing cells are last, equal ones stay in the table's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowOrder {
    /// The column that decides.
    pub column: String,
    /// Largest first.
    pub descending: bool,
}

/// Which rows are wanted, in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowQuery {
    /// All when there is none.
    pub filter: Option<RowFilter>,
    /// The table's own when there is none.
    pub order: Option<RowOrder>,
}

/// A page of the wanted rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    /// Where they stand in the table.
    pub rows: Vec<usize>,
    /// How many are wanted in all.
    pub total: usize,
}

/// What about a query cannot be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryProblem {
    /// `sort`, `column`, `operator` or `value`.
    pub part: &'static str,
    /// What is wrong and what to do.
    pub detail: String,
}

/// The rows that a query wants, `limit` of them from `offset` on.
///
/// # Errors
/// [`QueryProblem`] for columns that are not there and filters that do not suit their column.
pub fn select_rows(
    table: &Table,
    query: &RowQuery,
    offset: usize,
    limit: usize,
) -> Result<Selected, QueryProblem> {
    let named = |part: &'static str, name: &str| {
        table.column(name).ok_or_else(|| QueryProblem {
            part,
            detail: format!("There is no column '{name}'. Choose one of the data set's columns."),
        })
    };
    let order = match &query.order {
        Some(order) => Some((named("sort", &order.column)?, order.descending)),
        None => None,
    };
    let filter = match &query.filter {
        Some(filter) => Some(Test::of(named("column", &filter.column)?, filter)?),
        None => None,
    };
    let page = offset..offset.saturating_add(limit);
    let Some((column, descending)) = order else {
        return Ok(in_table_order(table.rows(), filter.as_ref(), page));
    };
    let wanted = |row: &u32| {
        filter
            .as_ref()
            .is_none_or(|test| test.passes(*row as usize))
    };
    let rows = u32::try_from(table.rows()).unwrap_or(u32::MAX);
    let (mut present, absent): (Vec<u32>, Vec<u32>) = (0..rows)
        .filter(wanted)
        .partition(|row| !column.is_missing(*row as usize));
    let total = present.len() + absent.len();
    let sorted = Key::of(column).page(&mut present, page.clone(), descending);
    let mut chosen: Vec<usize> = sorted.iter().map(|row| *row as usize).collect();
    let begin = page.start.saturating_sub(present.len());
    let left = limit - chosen.len();
    chosen.extend(
        absent
            .iter()
            .skip(begin)
            .take(left)
            .map(|row| *row as usize),
    );
    Ok(Selected {
        rows: chosen,
        total,
    })
}

fn in_table_order(rows: usize, filter: Option<&Test<'_>>, page: Range<usize>) -> Selected {
    let Some(test) = filter else {
        return Selected {
            rows: (page.start.min(rows)..page.end.min(rows)).collect(),
            total: rows,
        };
    };
    let (mut chosen, mut total) = (Vec::new(), 0);
    for row in (0..rows).filter(|row| test.passes(*row)) {
        if page.contains(&total) {
            chosen.push(row);
        }
        total += 1;
    }
    Selected {
        rows: chosen,
        total,
    }
}

/// A filter made ready for its column.
enum Test<'a> {
    Missing(&'a Column),
    Present(&'a Column),
    /// Both ends belong to it.
    Between(&'a Float64Array, f64, f64),
    /// Whether no and yes are wanted.
    Truth(&'a Float64Array, [bool; 2]),
    /// Whether each distinct text is wanted.
    Texts(&'a [i32], &'a Column, Vec<bool>),
}

impl<'a> Test<'a> {
    fn of(column: &'a Column, filter: &RowFilter) -> Result<Self, QueryProblem> {
        match filter.operator {
            Operator::Missing => return Ok(Self::Missing(column)),
            Operator::NotMissing => return Ok(Self::Present(column)),
            _ => {}
        }
        let unsuited = |use_instead: &str| QueryProblem {
            part: "operator",
            detail: format!(
                "'{}' holds {}; {use_instead}",
                column.name(),
                words(column.kind())
            ),
        };
        match column.values() {
            Values::Strings(values) => {
                let wanted = spelled(filter)
                    .ok_or_else(|| unsuited("use equals or contains, missing or not_missing."))?;
                let texts = crate::as_strings(values.values());
                let texts = texts.into_iter().flatten();
                let passes = texts.map(|text| text.is_some_and(&wanted)).collect();
                Ok(Self::Texts(values.keys().values(), column, passes))
            }
            Values::Numbers(values) if column.kind() == Kind::Boolean => {
                let wanted = spelled(filter)
                    .ok_or_else(|| unsuited("use equals or contains, missing or not_missing."))?;
                let labels = match column.labels() {
                    Some([no, yes]) => [no.as_str(), yes.as_str()],
                    None => ["0", "1"],
                };
                Ok(Self::Truth(values, labels.map(wanted)))
            }
            Values::Numbers(values) => {
                let (from, to) = match column.kind() {
                    Kind::Date => dates::span(filter.value.trim()).ok_or_else(|| QueryProblem {
                        part: "value",
                        detail: "Give a day such as 2024-02-29, or a moment such as 2024-02-29 13:30:00."
                            .to_owned(),
                    })?,
                    _ => number(&filter.value).map(|number| (number, number))?,
                };
                match filter.operator {
                    Operator::Equals => Ok(Self::Between(values, from, to)),
                    Operator::AtLeast => Ok(Self::Between(values, from, f64::INFINITY)),
                    Operator::AtMost => Ok(Self::Between(values, f64::NEG_INFINITY, to)),
                    _ => Err(unsuited(
                        "use equals, at_least or at_most, missing or not_missing.",
                    )),
                }
            }
        }
    }

    fn passes(&self, row: usize) -> bool {
        match self {
            Self::Missing(column) => column.is_missing(row),
            Self::Present(column) => !column.is_missing(row),
            Self::Between(values, from, to) => {
                values.is_valid(row) && (*from..=*to).contains(&values.value(row))
            }
            Self::Truth(values, wanted) => {
                values.is_valid(row) && wanted[usize::from(values.value(row) != 0.0)]
            }
            Self::Texts(codes, column, wanted) => {
                let code = codes.get(row).and_then(|code| usize::try_from(*code).ok());
                let wanted = code.and_then(|code| wanted.get(code));
                wanted == Some(&true) && !column.is_missing(row)
            }
        }
    }
}

/// What is asked about a text; nothing where only numbers can be asked.
fn spelled(filter: &RowFilter) -> Option<impl Fn(&str) -> bool + use<>> {
    let within = match filter.operator {
        Operator::Equals => false,
        Operator::Contains => true,
        _ => return None,
    };
    let value = match within {
        true => filter.value.to_lowercase(),
        false => filter.value.clone(),
    };
    Some(move |text: &str| match within {
        true => text.to_lowercase().contains(&value),
        false => text == value,
    })
}

fn number(text: &str) -> Result<f64, QueryProblem> {
    let number = text.trim().parse().ok();
    number
        .filter(|number: &f64| number.is_finite())
        .ok_or_else(|| QueryProblem {
            part: "value",
            detail: "Give a number such as 12.5, with a point before the fraction.".to_owned(),
        })
}

fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer | Kind::Number => "numbers",
        Kind::Boolean => "yes and no",
        Kind::Date => "dates",
        Kind::Category | Kind::Text | Kind::Identifier => "texts",
    }
}

/// What rows are compared by.
enum Key<'a> {
    Numbers(&'a Float64Array),
    /// The code of each row, and the place of each code among all.
    Ranks(&'a [i32], Vec<u32>),
    /// The code of each row, and its text.
    Texts(&'a [i32], &'a StringArray),
    /// There is nothing to compare.
    Nothing,
}

impl<'a> Key<'a> {
    fn of(column: &'a Column) -> Self {
        let values = match column.values() {
            Values::Numbers(values) => return Self::Numbers(values),
            Values::Strings(values) => values,
        };
        let codes = values.keys().values();
        let Some(texts) = crate::as_strings(values.values()) else {
            return Self::Nothing;
        };
        if texts.len() > MOST_RANKED {
            return Self::Texts(codes, texts);
        }
        let text = |code: u32| texts.value(code as usize);
        let mut sorted: Vec<u32> = (0..texts.len() as u32).collect();
        sorted.sort_by_cached_key(|code| (text(*code).to_lowercase(), text(*code)));
        let mut ranks = vec![0; sorted.len()];
        for (rank, code) in sorted.iter().enumerate() {
            ranks[*code as usize] = rank as u32;
        }
        Self::Ranks(codes, ranks)
    }

    /// The rows of a page, sorted; every row has a value.
    fn page<'b>(&self, rows: &'b mut [u32], page: Range<usize>, descending: bool) -> &'b [u32] {
        match self {
            Self::Numbers(values) => {
                let value = |row: u32| values.value(row as usize);
                sorted(rows, page, descending, |one, other| {
                    value(one).total_cmp(&value(other))
                })
            }
            Self::Ranks(codes, ranks) => {
                let rank = |row: u32| ranks[codes[row as usize] as usize];
                sorted(rows, page, descending, |one, other| {
                    rank(one).cmp(&rank(other))
                })
            }
            Self::Texts(codes, texts) => {
                let text = |row: u32| texts.value(codes[row as usize] as usize);
                sorted(rows, page, descending, |one, other| {
                    in_the_alphabet(text(one), text(other))
                })
            }
            Self::Nothing => sorted(rows, page, false, |_, _| Ordering::Equal),
        }
    }
}

/// Without regard to capitals; where nothing else differs, capitals first.
fn in_the_alphabet(one: &str, other: &str) -> Ordering {
    let small = |text: &'_ str| {
        text.chars()
            .flat_map(char::to_lowercase)
            .collect::<Vec<_>>()
    };
    if one.is_ascii() && other.is_ascii() {
        let bytes = one.bytes().map(|byte| byte.to_ascii_lowercase());
        let others = other.bytes().map(|byte| byte.to_ascii_lowercase());
        return bytes.cmp(others).then_with(|| one.cmp(other));
    }
    small(one).cmp(&small(other)).then_with(|| one.cmp(other))
}

/// Finds the rows of a page and sorts only those.
fn sorted(
    rows: &mut [u32],
    page: Range<usize>,
    descending: bool,
    compare: impl Fn(u32, u32) -> Ordering,
) -> &[u32] {
    let whole = |one: &u32, other: &u32| {
        let by_value = match descending {
            true => compare(*other, *one),
            false => compare(*one, *other),
        };
        by_value.then_with(|| one.cmp(other))
    };
    let (start, end) = (page.start.min(rows.len()), page.end.min(rows.len()));
    if start >= end {
        return &[];
    }
    if end < rows.len() {
        rows.select_nth_unstable_by(end - 1, whole);
    }
    let until = &mut rows[..end];
    if start > 0 {
        until.select_nth_unstable_by(start, whole);
    }
    let page = &mut until[start..];
    page.sort_unstable_by(whole);
    page
}
