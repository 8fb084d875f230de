//! Carries out a plan on the rows of any table.

use super::plan::{ColumnPlan, Part, Reading, View};
use super::statistics::{MISSING, OTHER, Statistics};
use crate::cells::{Spelled, numbers, spelled};
use crate::features::MISSING_CODE;
use crate::{Feature, FeatureValues};
use trainyard_table::Column;

/// The features of one column (`None`: missing in every row), in the order of the plan's parts.
pub(super) fn features_of(plan: &ColumnPlan, column: Option<&Column>, rows: usize) -> Vec<Feature> {
    let values = match &plan.reading {
        Reading::LeftOut => return Vec::new(),
        Reading::Categories {
            levels,
            rare,
            missing_level,
        } => vec![codes(column, rows, levels, rare, *missing_level)],
        Reading::Numbers => numeric(plan, column, rows),
        Reading::Statistics(statistics) => means(plan, statistics, column, rows),
        Reading::Pieces(pieces) => counts(plan, pieces.count(column, rows)),
    };
    named(plan, values)
}

/// The features of training rows whose values planning has found already, one set a part.
pub(super) fn features_with(plan: &ColumnPlan, training: Vec<Vec<f64>>) -> Vec<Feature> {
    let values = plan.parts.iter().zip(training);
    let values = values.map(|(part, values)| part.numeric(values)).collect();
    named(plan, values)
}

fn named(plan: &ColumnPlan, values: Vec<FeatureValues>) -> Vec<Feature> {
    values
        .into_iter()
        .zip(&plan.parts)
        .map(|(values, part)| Feature {
            name: part.name.clone(),
            values,
        })
        .collect()
}

fn numeric(plan: &ColumnPlan, column: Option<&Column>, rows: usize) -> Vec<FeatureValues> {
    let raw = column.map_or_else(|| vec![f64::NAN; rows], numbers);
    let (last, others) = match plan.parts.split_last() {
        Some(parts) => parts,
        None => return Vec::new(),
    };
    let mut made = others
        .iter()
        .map(|part| {
            let values = raw.iter().map(|&value| part.apply(value));
            FeatureValues::Numeric(values.collect())
        })
        .collect::<Vec<_>>();
    // The last part takes the buffer: most columns have one part, and tables are large.
    made.push(last.numeric(raw));
    made
}

fn means(
    plan: &ColumnPlan,
    statistics: &Statistics,
    column: Option<&Column>,
    rows: usize,
) -> Vec<FeatureValues> {
    let codes = groups(statistics, column, rows);
    let outputs = plan.parts.len();
    let of_part = |(output, part): (usize, &Part)| {
        let of_code = |&code: &u32| match code {
            MISSING => f64::NAN,
            // A value never seen stands for the overall mean.
            OTHER => part.fill,
            group => {
                let mean = statistics.means.get(group as usize * outputs + output);
                mean.copied().unwrap_or(part.fill)
            }
        };
        part.numeric(codes.iter().map(of_code).collect())
    };
    plan.parts.iter().enumerate().map(of_part).collect()
}

fn counts(plan: &ColumnPlan, buckets: Vec<Vec<f64>>) -> Vec<FeatureValues> {
    let marks = plan.parts.iter().filter(|part| part.view == View::Missing);
    let marks = marks.map(|part| part.numeric(buckets.first().cloned().unwrap_or_default()));
    let marks = marks.collect::<Vec<_>>();
    let shown = plan.parts.iter().zip(buckets);
    shown
        .map(|(part, values)| part.numeric(values))
        .chain(marks)
        .collect()
}

/// The group of target statistics that each row is in.
pub(super) fn groups(statistics: &Statistics, column: Option<&Column>, rows: usize) -> Vec<u32> {
    let missing = if statistics.missing_level {
        statistics.levels.len() as u32
    } else {
        MISSING
    };
    by_value(column, rows, missing, |text| {
        place(&statistics.levels, text).unwrap_or(OTHER)
    })
}

impl Part {
    /// Filled, centred and scaled in place.
    fn numeric(&self, mut cells: Vec<f64>) -> FeatureValues {
        for cell in &mut cells {
            *cell = self.apply(*cell);
        }
        FeatureValues::Numeric(cells)
    }

    fn apply(&self, cell: f64) -> f64 {
        let shown = match self.view {
            View::Missing => return if cell.is_nan() { 1.0 } else { 0.0 },
            View::Date(part) => part.of(cell),
            View::Value | View::Code | View::Target(_) | View::Bucket(_) => cell,
        };
        let filled = if self.filled && shown.is_nan() {
            self.fill
        } else {
            shown
        };
        let moved = (filled - self.centre) / self.scale;
        // Only reached by a value some 10³⁰⁰ times larger than any seen: as far as numbers go.
        if moved.is_infinite() {
            f64::MAX.copysign(moved)
        } else {
            moved
        }
    }
}

fn codes(
    column: Option<&Column>,
    rows: usize,
    levels: &[String],
    rare: &[String],
    missing_level: bool,
) -> FeatureValues {
    let told_apart = levels.len() as u32;
    let (other, shared) = if rare.is_empty() {
        (MISSING_CODE, 0)
    } else {
        (told_apart, 1)
    };
    let missing = if missing_level {
        told_apart + shared
    } else {
        MISSING_CODE
    };
    FeatureValues::Categorical {
        codes: by_value(column, rows, missing, |text| {
            place(levels, text).unwrap_or(other)
        }),
        levels: told_apart + shared + u32::from(missing_level),
    }
}

/// The position of a value among sorted ones.
fn place(levels: &[String], value: &str) -> Option<u32> {
    let found = levels.binary_search_by(|level| level.as_str().cmp(value));
    found.ok().map(|place| place as u32)
}

/// One code a row, found once for each value; a column that is not there is missing in every row.
fn by_value(
    column: Option<&Column>,
    rows: usize,
    missing: u32,
    code_of: impl Fn(&str) -> u32,
) -> Vec<u32> {
    let Some(Spelled { texts, codes }) = column.map(spelled) else {
        return vec![missing; rows];
    };
    let known = texts.iter().map(|text| code_of(text)).collect::<Vec<_>>();
    codes
        .into_iter()
        .map(|code| known.get(code as usize).copied().unwrap_or(missing))
        .collect()
}
