//! Carries out a plan on the rows of any table.

use super::plan::{ColumnPlan, Reading, View};
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
            missing_level,
        } => vec![codes(column, rows, levels, *missing_level)],
        Reading::Numbers => numeric(plan, column, rows),
    };
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
    let mut values = raw;
    for value in &mut values {
        *value = last.apply(*value);
    }
    made.push(FeatureValues::Numeric(values));
    made
}

impl super::plan::Part {
    fn apply(&self, cell: f64) -> f64 {
        let shown = match self.view {
            View::Missing => return if cell.is_nan() { 1.0 } else { 0.0 },
            View::Date(part) => part.of(cell),
            View::Value | View::Code => cell,
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
    missing_level: bool,
) -> FeatureValues {
    let count = levels.len() as u32;
    let missing = if missing_level { count } else { MISSING_CODE };
    let codes = match column.map(spelled) {
        None => vec![missing; rows],
        Some(Spelled { texts, codes }) => {
            let code_of = texts
                .iter()
                .map(|text| {
                    levels
                        .binary_search_by(|level| level.as_str().cmp(text))
                        .map_or(MISSING_CODE, |code| code as u32)
                })
                .collect::<Vec<_>>();
            codes
                .into_iter()
                .map(|code| code_of.get(code as usize).copied().unwrap_or(missing))
                .collect()
        }
    };
    FeatureValues::Categorical {
        codes,
        levels: count + u32::from(missing_level),
    }
}
