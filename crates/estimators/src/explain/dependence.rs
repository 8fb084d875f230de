//! How answers change with one column: partial dependence (Friedman 2001), the curves of single rows that it is the mean
//! of (Goldstein, Kapelner, Bleich & Pitkin 2015), and what one row would be answered if a cell were another. All other
//! columns stay as they are, even where the mixture is not to be found in life. May touch a model and rows.

use super::sampled::answers;
use crate::cells::{NO_TEXT, Spelled, numbers, plain, spell, spelled};
use crate::importance::sample;
use crate::predictor::Predictor;
use crate::preparation::PreparedColumn;
use crate::{Features, FitContext, FitError};
use serde::{Deserialize, Serialize};
use trainyard_table::{Column, Kind, Table};

/// Rows whose answers the mean is taken of, at most; drawn by the seed.
pub const MOST_ROWS: usize = 1000;
/// Rows whose own curves are given, at most; the first of those.
pub const MOST_CURVES: usize = 50;
/// Points of a grid, at most.
pub const MOST_POINTS: usize = 500;

/// A value that a column may take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Level {
    /// A number, or a date as seconds since 1970 (UTC).
    Number(f64),
    /// A category, a text, or one of the two spellings of a yes/no column.
    Text(String),
}

/// How answers depend on one column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dependence {
    /// The table column.
    pub column: String,
    /// The values it is set to: numbers rising, categories from the most frequent.
    pub grid: Vec<Level>,
    /// Numbers an answer: one a class (probabilities), or 1.
    pub outputs: usize,
    /// The mean answer at each point, `points × outputs`.
    pub mean: Vec<f64>,
    /// The rows of the table that curves are given for, rising.
    pub rows: Vec<usize>,
    /// Their answers at each point, `rows × points × outputs`.
    pub curves: Vec<f64>,
}

/// Values worth trying for a column: quantiles of numbers (all of them when there are few), the most frequent categories.
/// Missing cells are not among them. At least 2 and at most [`MOST_POINTS`] are looked for, whatever `points` says.
///
/// # Errors
/// [`FitError::Data`] when the table has no such column, or it is empty.
pub fn grid(table: &Table, column: &str, points: usize) -> Result<Vec<Level>, FitError> {
    let Some(found) = table.column(column) else {
        return Err(FitError::Data(format!(
            "there is no column '{column}' in the table; choose one of its columns"
        )));
    };
    let points = points.clamp(2, MOST_POINTS);
    let levels: Vec<Level> = if found.kind().is_numeric() {
        let mut values = numbers(found);
        values.retain(|value| !value.is_nan());
        let values = quantiles(values, points);
        let yes_or_no = found.kind() == Kind::Boolean;
        let level = |value| match yes_or_no {
            true => Level::Text(spell(found, value)),
            false => Level::Number(value),
        };
        values.into_iter().map(level).collect()
    } else {
        frequent(found, points)
    };
    if levels.is_empty() {
        return Err(FitError::Data(format!(
            "the column '{column}' is empty in all {} rows, so there are no values to try; choose another column or rows",
            table.rows()
        )));
    }
    Ok(levels)
}

/// Values of even ranks, rising, each once.
fn quantiles(mut values: Vec<f64>, points: usize) -> Vec<f64> {
    values.iter_mut().for_each(|value| *value += 0.0);
    values.sort_unstable_by(f64::total_cmp);
    let mut distinct = values.clone();
    distinct.dedup();
    if distinct.len() <= points {
        return distinct;
    }
    let last = values.len() - 1;
    let mut found: Vec<f64> = (0..points)
        .filter_map(|point| values.get(point * last / (points - 1)).copied())
        .collect();
    found.dedup();
    found
}

fn frequent(column: &Column, points: usize) -> Vec<Level> {
    let Spelled { texts, codes } = spelled(column);
    let mut counts = vec![0_usize; texts.len()];
    for code in codes.into_iter().filter(|&code| code != NO_TEXT) {
        if let Some(count) = counts.get_mut(code as usize) {
            *count += 1;
        }
    }
    let mut levels: Vec<_> = texts.into_iter().zip(counts).collect();
    levels.retain(|(_, count)| *count > 0);
    levels.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    levels.truncate(points);
    let texts = levels.into_iter().map(|(text, _)| text.into_owned());
    texts.map(Level::Text).collect()
}

/// The mean answer, and the answers of some rows, when a column is set to each value of its [`grid`].
///
/// Deterministic for the context's seed, whatever the threads.
///
/// # Errors
/// [`FitError::Data`] when the table has no such column, the model does not use it, or there are no rows;
/// [`FitError::Interrupted`] when the context says so.
pub fn partial_dependence(
    model: &dyn Predictor,
    table: &Table,
    column: &str,
    points: usize,
    context: &FitContext<'_>,
) -> Result<Dependence, FitError> {
    let grid = grid(table, column, points)?;
    let rows = sample(table.rows(), MOST_ROWS, context.seed)
        .unwrap_or_else(|| (0..table.rows()).collect());
    let asked = Asked::new(model, &table.take(&rows), column, &grid)?;
    let kept = rows.len().min(MOST_CURVES);
    let (mut outputs, mut mean) = (1, Vec::new());
    let mut by_point = Vec::with_capacity(grid.len());
    for point in 0..grid.len() {
        context.check()?;
        let values;
        (outputs, values) = asked.at(point);
        let start = mean.len();
        mean.resize(start + outputs, 0.0);
        for answer in values.chunks_exact(outputs) {
            let shares = mean[start..].iter_mut().zip(answer);
            shares.for_each(|(mean, value)| *mean += value / rows.len() as f64);
        }
        by_point.push(values);
    }
    let mut curves = Vec::with_capacity(kept * grid.len() * outputs);
    for row in 0..kept {
        for values in &by_point {
            curves.extend_from_slice(&values[row * outputs..(row + 1) * outputs]);
        }
    }
    Ok(Dependence {
        column: column.to_owned(),
        grid,
        outputs,
        mean,
        rows: rows[..kept].to_vec(),
        curves,
    })
}

/// What one row would be answered if a column had these values (see [`grid`]; text of a yes/no column is one of its two
/// spellings, and a value that cannot be read is missing).
///
/// The curve is in `mean`; `curves` has it too, as that of row 0.
///
/// # Errors
/// [`FitError::Data`] when there is not exactly one row, no value to try, or the model does not use the column.
pub fn what_if(
    model: &dyn Predictor,
    row: &Table,
    column: &str,
    points: &[Level],
) -> Result<Dependence, FitError> {
    if row.rows() != 1 || points.is_empty() {
        return Err(FitError::Data(format!(
            "one row and some values to try are needed; these are {} rows and {} values",
            row.rows(),
            points.len()
        )));
    }
    let asked = Asked::new(model, row, column, points)?;
    let (mut outputs, mut mean) = (1, Vec::new());
    for point in 0..points.len() {
        let values;
        (outputs, values) = asked.at(point);
        mean.extend(values);
    }
    Ok(Dependence {
        column: column.to_owned(),
        grid: points.to_vec(),
        outputs,
        curves: mean.clone(),
        mean,
        rows: vec![0],
    })
}

/// Rows to ask about, and what a column becomes at each point.
struct Asked<'a> {
    model: &'a dyn Predictor,
    column: &'a PreparedColumn,
    features: Features,
    /// The features of rows that have the column alone, one a point.
    levels: Features,
}

impl<'a> Asked<'a> {
    fn new(
        model: &'a dyn Predictor,
        rows: &Table,
        column: &str,
        points: &[Level],
    ) -> Result<Self, FitError> {
        let mut columns = model.columns().iter();
        let found = columns.find(|prepared| prepared.column == column && prepared.used);
        let Some(prepared) = found else {
            return Err(FitError::Data(format!(
                "the model does not use the column '{column}', so nothing changes with it; choose a column that it uses"
            )));
        };
        let alike = rows.column(column);
        let kind = alike.map_or(prepared.kind, Column::kind);
        let labels = alike.and_then(Column::labels);
        let levels = Table::new(vec![column_of(column, kind, labels, points)])
            .map_err(|error| FitError::Data(error.to_string()))?;
        Ok(Self {
            model,
            column: prepared,
            features: model.features(rows),
            levels: model.features(&levels),
        })
    }

    /// How many numbers an answer has, and those of all rows, with the column as at a point.
    fn at(&self, point: usize) -> (usize, Vec<f64>) {
        let mut features = self.features.clone();
        let everywhere = vec![point; features.rows()];
        for &feature in &self.column.features {
            if let Some(level) = self.levels.columns().get(feature) {
                features.replace(feature, level.values.take(&everywhere));
            }
        }
        let (_, outputs, values) = answers(self.model.predict_features(&features));
        (outputs, values)
    }
}

/// A column of these values.
fn column_of(name: &str, kind: Kind, labels: Option<&[String; 2]>, levels: &[Level]) -> Column {
    if !kind.is_numeric() {
        let texts: Vec<String> = levels
            .iter()
            .map(|level| match level {
                Level::Number(value) => plain(*value),
                Level::Text(text) => text.clone(),
            })
            .collect();
        return Column::strings(name, kind, texts.iter().map(|text| Some(text.as_str())));
    }
    let spellings = labels.map_or(["false", "true"], |[no, yes]| [no.as_str(), yes.as_str()]);
    let values = levels.iter().map(|level| match level {
        Level::Number(value) => Some(*value),
        Level::Text(text) if kind == Kind::Boolean => {
            let found = spellings.iter().position(|spelling| spelling == text);
            found.map(|place| place as f64)
        }
        Level::Text(text) => text.trim().parse().ok(),
    });
    Column::numbers(name, kind, values, labels.cloned())
}
