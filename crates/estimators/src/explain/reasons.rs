//! Contributions by table column: what a person is told about one prediction. All features made from one column are added
//! up. May touch a model and rows; algorithms that cannot tell exactly go through `sampled`.

use super::sampled::sample_contributions;
use super::{Method, Scale};
use crate::predictor::Predictor;
use crate::{Features, FitContext, FitError};
use serde::{Deserialize, Serialize};
use trainyard_table::Table;

/// Rows between two looks at the interruption.
const CHUNK: usize = 256;

/// Why each row is answered as it is, by table column.
///
/// For every row and output, the base and the values of all columns add up to the model's answer on the
/// [`scale`](Self::scale), but for rounding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// The table columns the model sees.
    pub columns: Vec<String>,
    /// Sums a row; see [`Scale`].
    pub outputs: usize,
    /// What is answered when nothing is known, one an output.
    pub base: Vec<f64>,
    /// `rows × outputs × columns`, in units of the scale.
    pub values: Vec<f64>,
    /// What the sums are.
    pub scale: Scale,
    /// How the values were found.
    pub method: Method,
}

/// How much one column moved one answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The table column.
    pub column: String,
    /// Above 0: it speaks for the class, or for a larger number; in units of the [`Scale`].
    pub value: f64,
}

impl Explanation {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.values.len() / (self.outputs * self.columns.len()).max(1)
    }

    /// The values of one row and output, one a column; empty when there is no such row or output.
    pub fn of(&self, row: usize, output: usize) -> &[f64] {
        let width = self.columns.len();
        if output >= self.outputs {
            return &[];
        }
        let first = (row * self.outputs + output) * width;
        self.values.get(first..first + width).unwrap_or_default()
    }

    /// What speaks most for or against a class in one row, the strongest first; columns that do nothing are not named.
    /// `class` is 0 for numbers. Empty when there is no such row or class.
    pub fn reasons(&self, row: usize, class: usize, most: usize) -> Vec<Reason> {
        let Some((output, sign)) = self.output_of(class) else {
            return Vec::new();
        };
        let values = self.of(row, output).iter().zip(&self.columns);
        let mut reasons: Vec<Reason> = values
            .filter(|(value, _)| **value != 0.0)
            .map(|(value, column)| Reason {
                column: column.clone(),
                value: sign * value,
            })
            .collect();
        // Equal ones stay in the order of the columns.
        reasons.sort_by(|one, other| other.value.abs().total_cmp(&one.value.abs()));
        reasons.truncate(most);
        reasons
    }

    /// The base as it speaks for a class (0 for numbers); `None` when there is no such class.
    pub fn base_of(&self, class: usize) -> Option<f64> {
        let (output, sign) = self.output_of(class)?;
        Some(sign * self.base.get(output)?)
    }

    /// Which output tells about a class, and its sign: what speaks for the second of two classes speaks against the first.
    fn output_of(&self, class: usize) -> Option<(usize, f64)> {
        match (self.scale, class) {
            (Scale::LogOdds, 0) => Some((0, -1.0)),
            (Scale::LogOdds, 1) => Some((0, 1.0)),
            (Scale::LogOdds, _) => None,
            _ => (class < self.outputs).then_some((class, 1.0)),
        }
    }
}

/// What every column adds to the answer of every row of a table.
///
/// Models that can tell exactly do ([`Method::Trees`], [`Method::Linear`]), and `background` plays no part. Others are
/// asked about mixtures of each row with rows of `background`, by default the other rows of `table` itself
/// ([`Method::Sampled`]): training rows are a good background. Then `base` is the mean answer of the background rows that
/// were used, and sums are probabilities or numbers. Deterministic for the context's seed, whatever the threads; a row is
/// explained the same whatever rows stand beside it, as long as the background is given.
///
/// # Errors
/// [`FitError::Data`] when there is nothing to compare with; [`FitError::Memory`] when the values would not fit in the
/// context's budget; [`FitError::Interrupted`] when the context says so.
pub fn contributions(
    model: &dyn Predictor,
    table: &Table,
    background: Option<&Table>,
    context: &FitContext<'_>,
) -> Result<Explanation, FitError> {
    let columns: Vec<_> = model
        .columns()
        .iter()
        .filter(|column| column.used)
        .collect();
    let names = columns.iter().map(|column| column.column.clone()).collect();
    let groups: Vec<&[usize]> = columns
        .iter()
        .map(|column| column.features.as_slice())
        .collect();
    let outputs = model.class_labels().map_or(1, <[String]>::len);
    let needed = table
        .rows()
        .saturating_mul(outputs)
        .saturating_mul(columns.len() * size_of::<f64>());
    context.allow(needed)?;
    let features = model.features(table);
    if let Some(mut exact) = exactly(model, &features, &groups, context)? {
        exact.columns = names;
        return Ok(exact);
    }
    let others;
    let background = match background {
        Some(background) => {
            others = model.features(background);
            &others
        }
        None if features.rows() == 1 => &Features::default(),
        None => &features,
    };
    let sampled = sample_contributions(model, &features, background, &groups, context)?;
    Ok(Explanation {
        columns: names,
        ..sampled
    })
}

/// The contributions that the algorithm itself can tell, added up by column; names are left out.
fn exactly(
    model: &dyn Predictor,
    features: &Features,
    groups: &[&[usize]],
    context: &FitContext<'_>,
) -> Result<Option<Explanation>, FitError> {
    let rows: Vec<usize> = (0..features.rows()).collect();
    let mut all: Option<Explanation> = None;
    // Even of no rows there is a base.
    let chunks = rows.chunks(CHUNK).chain(rows.is_empty().then_some(&[][..]));
    for chunk in chunks {
        context.check()?;
        let Some(found) = model.contributions(&features.take(chunk)) else {
            return Ok(None);
        };
        let all = all.get_or_insert_with(|| Explanation {
            columns: Vec::new(),
            outputs: found.outputs,
            base: found.base.clone(),
            values: Vec::with_capacity(rows.len() * found.outputs * groups.len()),
            scale: found.scale,
            method: found.method,
        });
        for own in found.values.chunks_exact(found.features.max(1)) {
            let sums = groups.iter().map(|group| {
                let parts = group.iter().filter_map(|&feature| own.get(feature));
                parts.sum::<f64>()
            });
            all.values.extend(sums);
        }
    }
    Ok(all)
}
