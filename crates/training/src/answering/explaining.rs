//! Why a row is answered as it is, and what it would be answered if one column were different.

use super::{Curve, Curves, RowExplanation, RowReason};
use crate::error::{FieldProblem, TrainError};
use crate::model::FittedModel;
use serde_json::Value;
use trainyard_estimators::FitContext;
use trainyard_estimators::explain::{Explanation, Level, contributions, what_if};
use trainyard_table::{Cell, Column, Kind, Table};

/// Columns whose curves are given unless some are named.
const MOST_CURVES: usize = 50;

impl FittedModel {
    pub(super) fn explained(&self, table: &Table) -> Result<Explanation, TrainError> {
        let background = self
            .reference()
            .and_then(|reference| reference.background(self.schema()));
        let context = FitContext::silent(self.spec().seed);
        Ok(contributions(
            self.predictor(),
            table,
            background.as_ref(),
            &context,
        )?)
    }

    pub(super) fn curves(&self, row: &Table, wanted: &Curves) -> Result<Vec<Curve>, TrainError> {
        let problem = |pointer: &str, detail: String| {
            TrainError::Spec(vec![FieldProblem::new(pointer, detail)])
        };
        if !(2..=100).contains(&wanted.points) {
            return Err(problem(
                "/what_if/points",
                "Use 2 to 100 points.".to_owned(),
            ));
        }
        let names: Vec<&String> = match &wanted.columns {
            Some(names) => names.iter().collect(),
            None => {
                let columns = self.predictor().columns().iter();
                let used = columns.filter(|column| column.used);
                used.map(|column| &column.column)
                    .take(MOST_CURVES)
                    .collect()
            }
        };
        if names.len() > MOST_CURVES {
            return Err(problem(
                "/what_if/columns",
                format!("Name at most {MOST_CURVES} columns."),
            ));
        }
        let mut curves = Vec::new();
        for (place, name) in names.into_iter().enumerate() {
            let Some(column) = row.column(name) else {
                return Err(problem(
                    &format!("/what_if/columns/{place}"),
                    format!("The model has no column '{name}'. Name one of its columns."),
                ));
            };
            let levels = self.levels(column, wanted.points);
            if levels.is_empty() {
                continue;
            }
            let found = what_if(self.predictor(), row, name, &levels)?;
            let outputs = found.outputs.max(1);
            let output = |output: usize| -> Vec<f64> {
                let each = found.mean.iter().skip(output).step_by(outputs);
                each.copied().collect()
            };
            curves.push(Curve {
                column: name.clone(),
                grid: levels.iter().map(|level| shown(column, level)).collect(),
                values: self.classes().is_none().then(|| output(0)),
                probabilities: self.classes().map(|classes| {
                    let each = classes.iter().enumerate();
                    each.map(|(class, name)| (name.clone(), Value::from(output(class))))
                        .collect()
                }),
            });
        }
        Ok(curves)
    }

    /// Values worth trying for a column, its own among them; none for prose.
    fn levels(&self, own: &Column, points: usize) -> Vec<Level> {
        let Some(field) = self
            .signature()
            .iter()
            .find(|field| field.name == own.name())
        else {
            return Vec::new();
        };
        if let Some(values) = &field.values {
            let mut levels: Vec<String> = values.iter().take(points).cloned().collect();
            if let Cell::Text(text) = own.cell(0)
                && !levels.contains(&text)
            {
                levels.push(text);
            }
            return levels.into_iter().map(Level::Text).collect();
        }
        let (Some([low, high]), true) = (field.range, own.kind().is_numeric()) else {
            return Vec::new();
        };
        let (low, high) = (field.p5.unwrap_or(low), field.p95.unwrap_or(high));
        let step = (high - low) / (points - 1) as f64;
        let mut levels: Vec<f64> = (0..points)
            .map(|point| match own.kind() {
                Kind::Integer => (low + step * point as f64).round(),
                _ => low + step * point as f64,
            })
            .chain(own.number(0))
            .collect();
        levels.sort_unstable_by(f64::total_cmp);
        levels.dedup();
        levels.into_iter().map(Level::Number).collect()
    }
}

/// A value of a column as JSON shows it.
fn shown(column: &Column, level: &Level) -> Value {
    match level {
        Level::Text(text) => Value::from(text.clone()),
        Level::Number(number) => {
            let one = Column::numbers(column.name(), column.kind(), [Some(*number)], None);
            serde_json::to_value(one.cell(0)).unwrap_or(Value::Null)
        }
    }
}

/// The strongest reasons for one answer.
pub(super) fn reasons(
    explanation: &Explanation,
    table: &Table,
    row: usize,
    class: usize,
    most: usize,
) -> Option<RowExplanation> {
    let base = explanation.base_of(class)?;
    let all = explanation.reasons(row, class, usize::MAX);
    let (strongest, others) = all.split_at(most.min(all.len()));
    let value = |name: &str| {
        let cell = table.column(name).map(|column| column.cell(row));
        serde_json::to_value(cell.unwrap_or(Cell::Missing)).unwrap_or(Value::Null)
    };
    Some(RowExplanation {
        method: explanation.method,
        scale: explanation.scale,
        base,
        reasons: strongest
            .iter()
            .map(|reason| RowReason {
                column: reason.column.clone(),
                value: value(&reason.column),
                contribution: reason.value,
            })
            .collect(),
        rest: others.iter().map(|reason| reason.value).sum(),
    })
}
