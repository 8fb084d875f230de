//! What is decided about one column when a preparation is fitted, and why.

use super::dates::{DatePart, PARTS};
use super::statistics::{Lesson, Statistics};
use super::text::Pieces;
use super::{PreparationOptions, categories, text, words};
use crate::cells::{all_numeric, numbers};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use trainyard_table::{Column, Kind};

/// What a boolean's 0 and 1 are divided by where distances count: √2 apart, they are as far from each other as two values
/// of a category, which differ in two columns, and a penalty holds one weight back as much as the two of a category.
const BOOLEAN_SCALE: f64 = std::f64::consts::FRAC_1_SQRT_2;

/// What to do with one column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ColumnPlan {
    pub(super) column: String,
    pub(super) kind: Kind,
    pub(super) steps: Vec<String>,
    pub(super) note: Option<String>,
    pub(super) reading: Reading,
    /// One per feature; none when the column is left out.
    pub(super) parts: Vec<Part>,
}

/// A plan, and what it makes of the training rows where that is not what it makes of new ones: one set of values a part,
/// neither centred nor scaled yet.
pub(super) struct Planned {
    pub(super) plan: ColumnPlan,
    pub(super) training: Option<Vec<Vec<f64>>>,
}

impl From<ColumnPlan> for Planned {
    fn from(plan: ColumnPlan) -> Self {
        Self {
            plan,
            training: None,
        }
    }
}

/// How cells are read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reading {
    /// Not at all.
    LeftOut,
    /// As numbers (booleans are 0 and 1, dates seconds).
    Numbers,
    /// As text.
    Categories {
        /// The values told apart, sorted; a value's code is its position.
        levels: Vec<String>,
        /// Values seen in too few rows, sorted; if there are any, they and values never seen share the next level.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        rare: Vec<String>,
        /// Whether missing cells are a level of their own, the last.
        missing_level: bool,
    },
    /// As text, each value standing for what the target is where it occurs.
    Statistics(Statistics),
    /// As text of which pieces are counted.
    Pieces(Pieces),
}

/// One feature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) view: View,
    /// Whether `fill` takes the place of missing values; otherwise they stay.
    pub(super) filled: bool,
    #[serde(skip)]
    pub(super) fill: f64,
    /// Subtracted, then divided by.
    #[serde(skip)]
    pub(super) centre: f64,
    #[serde(skip)]
    pub(super) scale: f64,
}

/// What a feature shows of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum View {
    /// The number itself.
    Value,
    /// 1 where it is missing, else 0.
    Missing,
    /// A part of a date.
    Date(DatePart),
    /// The category's code.
    Code,
    /// What the target is where the category occurs: a mean, or the share of one of several classes.
    Target(usize),
    /// How often pieces of the text fall into a bucket.
    Bucket(usize),
}

/// Decides about one column from its training cells.
pub(super) fn plan(column: &Column, options: &PreparationOptions, lesson: &Lesson<'_>) -> Planned {
    let mut plan = ColumnPlan {
        column: column.name().to_owned(),
        kind: column.kind(),
        steps: Vec::new(),
        note: None,
        reading: Reading::LeftOut,
        parts: Vec::new(),
    };
    if let Some(reason) = options.exclude.get(column.name()) {
        plan.note = Some(reason.clone());
        return plan.into();
    }
    let chosen = options.chosen.contains(column.name());
    match column.kind() {
        Kind::Identifier if !chosen => {
            plan.note = Some(
                "left out: an identifier names a row and says nothing about others".to_owned(),
            );
        }
        Kind::Identifier if all_numeric(column) => {
            plan_numbers(&mut plan, column, options);
            if !plan.parts.is_empty() {
                plan.note =
                    Some("an identifier, used as a number because it was chosen".to_owned());
            }
        }
        Kind::Integer | Kind::Number => plan_numbers(&mut plan, column, options),
        Kind::Boolean => plan_boolean(&mut plan, column, options),
        Kind::Date => plan_date(&mut plan, column, options),
        Kind::Category => return categories::plan(plan, column, options, lesson),
        Kind::Text | Kind::Identifier => return text::plan(plan, column, options, lesson),
    }
    plan.into()
}

/// Notes why a column without variation is left out: all missing, or one value everywhere.
fn note_if_constant(plan: &mut ColumnPlan, values: &[f64], spell: impl Fn(f64) -> String) -> bool {
    let mut present = values.iter().copied().filter(|value| !value.is_nan());
    let Some(first) = present.next() else {
        plan.note = Some("left out: empty in every training row".to_owned());
        return true;
    };
    let missing = values.iter().any(|value| value.is_nan());
    if !missing && present.all(|value| value == first) {
        plan.note = Some(format!("left out: always {}", spell(first)));
        return true;
    }
    false
}

fn plan_numbers(plan: &mut ColumnPlan, column: &Column, options: &PreparationOptions) {
    let values = numbers(column);
    if note_if_constant(plan, &values, words::number) {
        return;
    }
    plan.reading = Reading::Numbers;
    let name = column.name();
    let part = Part::fitted(name, View::Value, &values, median(&values), options);
    fill_step(plan, &values, options, || {
        format!("the median {}", words::number(part.fill))
    });
    if options.needs.scaling {
        plan.steps
            .push("centred and scaled to unit variance".to_owned());
    }
    plan.parts.push(part);
    flag_missing(plan, &values, options);
    used_as_it_is(plan);
}

fn plan_boolean(plan: &mut ColumnPlan, column: &Column, options: &PreparationOptions) {
    let values = numbers(column);
    let spell = |value| crate::cells::spell(column, value);
    if note_if_constant(plan, &values, spell) {
        return;
    }
    plan.reading = Reading::Numbers;
    let yes = values.iter().filter(|&&value| value == 1.0).count();
    let no = values.iter().filter(|&&value| value == 0.0).count();
    let most = if yes > no { 1.0 } else { 0.0 };
    let filled = options.needs.imputation;
    let part = Part {
        filled,
        fill: if filled { most } else { 0.0 },
        scale: if options.needs.scaling {
            BOOLEAN_SCALE
        } else {
            1.0
        },
        ..Part::plain(column.name().to_owned(), View::Value)
    };
    fill_step(plan, &values, options, || {
        format!("'{}', the more frequent value", spell(most))
    });
    plan.steps
        .push(format!("'{}' is 0, '{}' is 1", spell(0.0), spell(1.0)));
    if options.needs.scaling {
        plan.steps
            .push("scaled to be as far apart as two categories".to_owned());
    }
    plan.parts.push(part);
    flag_missing(plan, &values, options);
}

fn plan_date(plan: &mut ColumnPlan, column: &Column, options: &PreparationOptions) {
    let values = numbers(column);
    let missing = values.iter().any(|value| value.is_nan());
    if note_if_constant(plan, &values, |_| "the same date".to_owned()) {
        return;
    }
    plan.reading = Reading::Numbers;
    let mut titles = Vec::new();
    for date_part in PARTS {
        let shown = values
            .iter()
            .map(|&seconds| date_part.of(seconds))
            .collect::<Vec<_>>();
        if !varies(&shown) {
            continue;
        }
        let name = format!("{} {}", column.name(), date_part.title());
        let fill = median(&shown);
        plan.parts.push(Part::fitted(
            &name,
            View::Date(date_part),
            &shown,
            fill,
            options,
        ));
        titles.push(date_part.title());
    }
    if plan.parts.is_empty() && !(missing && options.needs.imputation) {
        plan.reading = Reading::LeftOut;
        plan.note = Some("left out: the same date wherever there is one".to_owned());
        return;
    }
    if !titles.is_empty() {
        plan.steps
            .push(format!("split into {}", words::listed(titles.iter())));
    }
    if !titles.is_empty() {
        fill_step(plan, &values, options, || {
            "the median of each part".to_owned()
        });
    }
    if options.needs.scaling && !titles.is_empty() {
        plan.steps
            .push("centred and scaled to unit variance".to_owned());
    }
    flag_missing(plan, &values, options);
}

fn fill_step(
    plan: &mut ColumnPlan,
    values: &[f64],
    options: &PreparationOptions,
    with: impl Fn() -> String,
) {
    let missing = values.iter().filter(|value| value.is_nan()).count();
    if missing == 0 {
        return;
    }
    let rows = words::counted(missing, "row", "rows");
    plan.steps.push(if options.needs.imputation {
        format!("missing ({rows}) filled with {}", with())
    } else {
        format!("missing ({rows}) stays missing; the algorithm handles it")
    });
}

/// A 0/1 feature beside a filled column, when there was something to fill: that a value is missing may say something.
fn flag_missing(plan: &mut ColumnPlan, values: &[f64], options: &PreparationOptions) {
    if options.needs.imputation && values.iter().any(|value| value.is_nan()) {
        mark_missing(plan);
    }
}

pub(super) fn mark_missing(plan: &mut ColumnPlan) {
    plan.steps
        .push("a column marks where it was missing".to_owned());
    let name = format!("{} missing", plan.column);
    plan.parts.push(Part::plain(name, View::Missing));
}

fn used_as_it_is(plan: &mut ColumnPlan) {
    if plan.steps.is_empty() {
        plan.steps.push("used as it is".to_owned());
    }
}

impl Part {
    /// A feature that shows the cell as it is: not filled, not scaled.
    pub(super) fn plain(name: String, view: View) -> Self {
        Self {
            name,
            view,
            filled: false,
            fill: 0.0,
            centre: 0.0,
            scale: 1.0,
        }
    }

    /// A numeric feature with its fill, and its centre and scale when asked for.
    pub(super) fn fitted(
        name: &str,
        view: View,
        values: &[f64],
        fill: f64,
        options: &PreparationOptions,
    ) -> Self {
        let filled = options.needs.imputation;
        let (centre, scale) = if options.needs.scaling {
            centre_and_scale(values, if filled { fill } else { f64::NAN })
        } else {
            (0.0, 1.0)
        };
        Self {
            name: name.to_owned(),
            view,
            filled,
            fill: if filled { fill } else { 0.0 },
            centre,
            scale,
        }
    }
}

/// Mean and standard deviation (divided by n) after filling. A constant is only centred. Missing values that stay are
/// not counted.
fn centre_and_scale(values: &[f64], fill: f64) -> (f64, f64) {
    let filled = || {
        values
            .iter()
            .map(|&value| if value.is_nan() { fill } else { value })
            .filter(|value| !value.is_nan())
    };
    let count = filled().count().max(1) as f64;
    // In units of the largest value, so that no square overflows.
    let unit = filled().fold(0.0, |most: f64, value| most.max(value.abs()));
    if unit == 0.0 {
        return (0.0, 1.0);
    }
    let mean = filled().map(|value| value / unit).sum::<f64>() / count;
    let variance = filled()
        .map(|value| (value / unit - mean).powi(2))
        .sum::<f64>()
        / count;
    let scale = variance.sqrt() * unit;
    // Differences that are only rounding are no spread.
    let constant = variance.sqrt() <= 1e-14 * mean.abs() || !scale.is_normal();
    (mean * unit, if constant { 1.0 } else { scale })
}

/// The middle value, or the mean of the middle two; NaN when there is none.
fn median(values: &[f64]) -> f64 {
    let mut present = values
        .iter()
        .copied()
        .filter(|value| !value.is_nan())
        .collect::<Vec<_>>();
    if present.is_empty() {
        return f64::NAN;
    }
    let middle = present.len() / 2;
    let even = present.len().is_multiple_of(2);
    let (below, &mut upper, _) = present.select_nth_unstable_by(middle, f64::total_cmp);
    if !even {
        return upper;
    }
    let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    0.5 * lower + 0.5 * upper
}

fn varies(values: &[f64]) -> bool {
    let mut present = values.iter().filter(|value| !value.is_nan());
    match present.next() {
        Some(first) => present.any(|value| value != first),
        None => false,
    }
}

/// "age missing" may already be a column: later names get a number.
pub(super) fn make_names_unique(plans: &mut [ColumnPlan]) {
    let mut taken = BTreeSet::new();
    for part in plans.iter_mut().flat_map(|plan| &mut plan.parts) {
        let wished = part.name.clone();
        let mut number = 2;
        while !taken.insert(part.name.clone()) {
            part.name = format!("{wished} ({number})");
            number += 1;
        }
    }
}
