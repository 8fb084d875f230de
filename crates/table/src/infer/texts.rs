//! Columns of texts: numbers, dates and yes/no among gaps, or what kind of words they are.

use super::Surroundings;
use crate::dictionary::Dictionary;
use crate::read::Note;
use crate::read::builders::Coded;
use crate::values::booleans::boolean;
use crate::values::dates::{self, Order, Shape};
use crate::values::missing::{Missing, missing};
use crate::values::numbers::Grammar;
use crate::values::trim;
use crate::{Column, Decimal, Delimiter, Kind, TableError};

/// Decides a column of texts.
pub(super) fn column(
    name: &str,
    coded: Coded,
    around: Surroundings,
    notes: &mut Vec<Note>,
) -> Result<Column, TableError> {
    let values = Distinct::of(&coded.dictionary);
    if values.is_empty() {
        return super::coded(name, Kind::Category, without_gaps(coded)?);
    }
    if around.numbers_in_text
        && let Some(numbers) = numbers(&values, around)
    {
        if let Some(unit) = numbers.unit {
            notes.push(Note::new(
                "unit_removed",
                Some(name),
                format!("'{unit}' was taken off the numbers of '{name}'"),
            ));
        }
        return super::numbers::column(name, spread(&coded, &numbers.values));
    }
    if let Some(found) = find_dates(&values) {
        if found.unsure {
            let read = if found.order == Order::DayFirst {
                "day/month/year"
            } else {
                "month/day/year"
            };
            notes.push(Note::new(
                "ambiguous_dates",
                Some(name),
                format!(
                    "dates of '{name}' could be day/month or month/day; they are read as {read}"
                ),
            ));
        }
        return Ok(super::numeric(
            name,
            Kind::Date,
            spread(&coded, &found.seconds),
            None,
        ));
    }
    if let Some((truths, labels)) = booleans(&values) {
        return Ok(super::numeric(
            name,
            Kind::Boolean,
            spread(&coded, &truths),
            Some(labels),
        ));
    }
    if around.numbers_in_text {
        note_almost_numbers(name, &coded, &values, around, notes);
    }
    let coded = without_gaps(coded)?;
    let kind = kind_of_words(name, &coded);
    super::coded(name, kind, coded)
}

/// Distinct texts that are values, by code; `None` for gaps.
pub(super) struct Distinct<'a> {
    pub(super) texts: Vec<Option<&'a str>>,
}

impl<'a> Distinct<'a> {
    pub(super) fn of(dictionary: &'a Dictionary) -> Self {
        Self {
            texts: dictionary
                .texts()
                .map(|text| missing(text.as_bytes()).is_none().then_some(text))
                .collect(),
        }
    }

    fn values(&self) -> impl Iterator<Item = &'a str> + Clone {
        self.texts.iter().copied().flatten()
    }

    fn is_empty(&self) -> bool {
        // Words such as "none" are values where there are no numbers.
        self.texts.iter().all(Option::is_none)
    }
}

/// One number a row from one a code.
pub(super) fn spread(coded: &Coded, by_code: &[f64]) -> Vec<f64> {
    let of = |code: &i32| {
        usize::try_from(*code)
            .ok()
            .and_then(|code| by_code.get(code))
            .copied()
            .unwrap_or(f64::NAN)
    };
    coded.codes.iter().map(of).collect()
}

pub(super) struct Numbers {
    /// By code, NaN where a gap.
    pub(super) values: Vec<f64>,
    unit: Option<&'static str>,
}

/// All values as numbers of one grammar.
fn numbers(values: &Distinct<'_>, around: Surroundings) -> Option<Numbers> {
    let all = |parse: &dyn Fn(&str) -> Option<f64>| -> Option<Vec<f64>> {
        let number =
            |text: &Option<&str>| text.map_or(Some(f64::NAN), |text| parse(text).map(finite));
        values.texts.iter().map(number).collect()
    };
    let with = |grammar: Grammar| all(&|text| grammar.parse(text.as_bytes()));
    if let Some(grammar) = grammar_of(values, around) {
        return Some(Numbers {
            values: with(grammar)?,
            unit: None,
        });
    }
    // "00" to "23": two digits throughout are a number, longer ones with leading zeros are codes.
    if values
        .values()
        .all(|text| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return Some(Numbers {
            values: all(&|text| text.parse().ok())?,
            unit: None,
        });
    }
    let unit = unit_of(values)?;
    let grammars = [
        Grammar::of(around.decimal),
        Grammar::POINT,
        Grammar::POINT_GROUPED,
        Grammar::COMMA,
    ];
    let strip = |text: &str| {
        trim(
            text.strip_prefix(unit)
                .or_else(|| text.strip_suffix(unit))
                .unwrap_or_default()
                .as_bytes(),
        )
        .to_vec()
    };
    let values = grammars
        .into_iter()
        .find_map(|grammar| all(&|text| grammar.parse(&strip(text))))?;
    Some(Numbers {
        values,
        unit: Some(unit),
    })
}

fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { f64::NAN }
}

/// The grammar in which every value is a number.
fn grammar_of(values: &Distinct<'_>, around: Surroundings) -> Option<Grammar> {
    let all = |grammar: Grammar| {
        values
            .values()
            .all(|text| grammar.parse(text.as_bytes()).is_some())
    };
    let own = Grammar::of(around.decimal);
    if all(own) {
        return Some(own);
    }
    if all(Grammar::POINT) {
        return Some(Grammar::POINT);
    }
    match (all(Grammar::POINT_GROUPED), all(Grammar::COMMA)) {
        // 1,234 throughout: a thousand where commas separate cells or points make fractions.
        (true, true) if around.delimiter == Some(Delimiter::Comma) || around.point_seen => {
            Some(Grammar::POINT_GROUPED)
        }
        (true, true) | (false, true) => Some(Grammar::COMMA),
        (true, false) => Some(Grammar::POINT_GROUPED),
        (false, false) => Grammar::OTHERS.into_iter().find(|grammar| all(*grammar)),
    }
}

/// A sign that stands at every value.
fn unit_of(values: &Distinct<'_>) -> Option<&'static str> {
    let units = ["%", "$", "€", "£", "¥"];
    units.into_iter().find(|unit| {
        values
            .values()
            .all(|text| text.starts_with(unit) || text.ends_with(unit))
    })
}

pub(super) struct Dates {
    /// By code, NaN where a gap.
    pub(super) seconds: Vec<f64>,
    order: Order,
    /// Nothing said whether the day or the month comes first.
    unsure: bool,
}

/// All values as dates of one form.
fn find_dates(values: &Distinct<'_>) -> Option<Dates> {
    let mut shape: Option<Shape> = None;
    let mut seen: Option<Order> = None;
    for text in values.values() {
        let date = dates::parse(text.as_bytes())?;
        if *shape.get_or_insert(date.shape) != date.shape {
            return None;
        }
        if let Some(order) = date.order()
            && *seen.get_or_insert(order) != order
        {
            return None;
        }
    }
    let unsure = seen.is_none() && matches!(shape, Some(Shape::YearLast(sign)) if sign != b'.');
    // With points it is the day first everywhere; with slashes and no other sign the month, as most software writes it.
    let order = seen.unwrap_or(if matches!(shape, Some(Shape::YearLast(b'.'))) {
        Order::DayFirst
    } else {
        Order::MonthFirst
    });
    let seconds = |text: &Option<&str>| {
        text.map_or(Some(f64::NAN), |text| {
            dates::parse(text.as_bytes())?.seconds(order)
        })
    };
    Some(Dates {
        seconds: values.texts.iter().map(seconds).collect::<Option<_>>()?,
        order,
        unsure,
    })
}

/// Both words of one pair, and nothing else.
fn booleans(values: &Distinct<'_>) -> Option<(Vec<f64>, [String; 2])> {
    let mut labels = [None, None];
    let mut pair = None;
    let mut truths = Vec::with_capacity(values.texts.len());
    for text in &values.texts {
        let Some(text) = text else {
            truths.push(f64::NAN);
            continue;
        };
        let (found, truth) = boolean(text)?;
        if *pair.get_or_insert(found) != found {
            return None;
        }
        labels[usize::from(truth)].get_or_insert_with(|| (*text).to_owned());
        truths.push(f64::from(u8::from(truth)));
    }
    let [Some(no), Some(yes)] = labels else {
        return None;
    };
    Some((truths, [no, yes]))
}

/// Tells when only a few cells keep a column from being numbers.
fn note_almost_numbers(
    name: &str,
    coded: &Coded,
    values: &Distinct<'_>,
    around: Surroundings,
    notes: &mut Vec<Note>,
) {
    let grammar = if around.decimal == Decimal::Comma {
        Grammar::COMMA
    } else {
        Grammar::POINT
    };
    let numeric: Vec<Option<bool>> = values
        .texts
        .iter()
        .map(|text| text.map(|text| grammar.parse(text.as_bytes()).is_some()))
        .collect();
    if !numeric.contains(&Some(true)) {
        return;
    }
    let of = |code: &i32| {
        usize::try_from(*code)
            .ok()
            .and_then(|code| numeric.get(code))
            .copied()
            .flatten()
    };
    let (mut numbers, mut others) = (0_usize, 0_usize);
    let mut first = None;
    for (row, code) in coded.codes.iter().enumerate() {
        match of(code) {
            Some(true) => numbers += 1,
            Some(false) => {
                others += 1;
                first.get_or_insert((row, *code));
            }
            None => {}
        }
    }
    if let Some((row, code)) = first
        && numbers >= others.saturating_mul(9)
    {
        let text = values
            .texts
            .get(code as usize)
            .copied()
            .flatten()
            .unwrap_or_default();
        let detail = format!(
            "'{name}' is read as words because {others} of its cells are no numbers, the first being '{text}' in data row {}; mend them or set its kind to number",
            row + 1
        );
        notes.push(Note::new("mixed_types", Some(name), detail));
    }
}

/// Takes spellings that mean "missing" in every column out of the texts.
pub(super) fn without_gaps(coded: Coded) -> Result<Coded, TableError> {
    let gap = |text: &str| missing(text.as_bytes()) == Some(Missing::Always);
    if !coded.dictionary.texts().any(gap) {
        return Ok(coded);
    }
    let mut dictionary = Dictionary::default();
    let mut moved = Vec::with_capacity(coded.dictionary.len());
    for text in coded.dictionary.texts() {
        moved.push(if gap(text) {
            -1
        } else {
            dictionary.code(text.as_bytes())?
        });
    }
    let mut codes = coded.codes;
    for code in &mut codes {
        *code = usize::try_from(*code)
            .ok()
            .and_then(|code| moved.get(code))
            .copied()
            .unwrap_or(-1);
    }
    Ok(Coded { codes, dictionary })
}

/// Category, text or identifier; gaps are out.
pub(crate) fn kind_of_words(name: &str, coded: &Coded) -> Kind {
    let present = coded.codes.iter().filter(|code| **code >= 0).count();
    let distinct = coded.dictionary.len();
    if distinct == 0 {
        return Kind::Category;
    }
    let (mut words, mut letters) = (0, 0);
    for text in coded.dictionary.texts() {
        words += text.split_ascii_whitespace().count();
        letters += text.len();
    }
    let words = words as f64 / distinct as f64;
    let letters = letters as f64 / distinct as f64;
    let share = distinct as f64 / present as f64;
    let short_word = words <= 1.5 && letters <= 64.0;
    let proper_name = words <= 5.5 && letters <= 80.0;
    let names_rows = (present >= 20
        && ((share >= 0.95 && short_word) || (share >= 0.98 && proper_name)))
        || (present >= 5
            && distinct == present
            && short_word
            && super::named_like_identifier(name));
    let sentences = letters > 100.0
        || (distinct > 20 && words >= 3.5 && share > 0.1)
        || (distinct > 50 && words >= 2.0 && share > 0.5);
    if names_rows {
        Kind::Identifier
    } else if sentences {
        Kind::Text
    } else {
        Kind::Category
    }
}
