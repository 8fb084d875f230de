//! What a model's columns and answers looked like when it was made, in a few bins each, and where later rows fall in them:
//! how far they have moved is told by the population stability index (Siddiqi 2006). No training row can be read from it.

mod watched;

use rayon::prelude::*;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use trainyard_estimators::Prediction;
use trainyard_table::{Schema, Table};
use watched::{QUANTILES, Watched, nothing};

/// Columns beyond these are not watched.
const MOST_COLUMNS: usize = 64;
/// Values of a category that are told apart.
const MOST_VALUES: usize = 20;
/// No share counts as less: an empty bin is not infinitely far.
const LEAST_SHARE: f64 = 1e-4;

/// What was seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// One for each watched column, in the order of the schema.
    columns: Vec<Watched>,
    /// The answers the model gave itself.
    answers: Watched,
}

/// Where rows fell: counts of the bins of each watched column and of the answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The last is that of the answers.
    counts: Vec<Vec<u64>>,
}

/// How far something has moved from what it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shift {
    /// The column; the target for answers.
    pub column: String,
    /// The population stability index: below 0.1 nothing to speak of, above 0.25 much.
    pub psi: f64,
    /// The bins, in words.
    pub bins: Vec<String>,
    /// The share of each bin when the model was made.
    pub expected: Vec<f64>,
    /// The share of each bin now.
    pub actual: Vec<f64>,
}

impl Reference {
    /// Describes the rows a model learned from and the answers it gives to rows it should judge.
    pub(crate) fn of(
        schema: &Schema,
        train: &Table,
        target: &str,
        classes: Option<&[String]>,
        answers: &Prediction,
    ) -> Self {
        let watched = &schema.fields[..schema.fields.len().min(MOST_COLUMNS)];
        let columns = watched
            .par_iter()
            .filter_map(|field| train.column(&field.name))
            .map(Watched::of);
        let answers = match (answers, answers.labels(), classes) {
            (Prediction::Values(values), ..) => Watched::of_numbers(target, values.clone(), 0),
            (_, labels, classes) => Watched::of_classes(
                target,
                classes.unwrap_or_default(),
                &labels.unwrap_or_default(),
            ),
        };
        Self {
            columns: columns.collect(),
            answers,
        }
    }

    /// Where rows and their answers fall.
    pub fn tally(&self, table: &Table, answers: &Prediction) -> Tally {
        let columns = self.columns.iter().map(|watched| {
            let column = table.column(&watched.name);
            column.map_or_else(|| watched.none(), |column| watched.count(column))
        });
        let answers = match answers {
            Prediction::Values(values) => {
                self.answers.count_numbers(values.iter().copied().map(Some))
            }
            Prediction::Classes { .. } => self
                .answers
                .count_labels(&answers.labels().unwrap_or_default()),
        };
        Tally {
            counts: columns.chain([answers]).collect(),
        }
    }

    /// How far each watched column has moved, and the answers. Columns of a tally that does not fit are left out.
    pub fn shifts(&self, tally: &Tally) -> (Vec<Shift>, Option<Shift>) {
        let columns = self.columns.iter().zip(&tally.counts);
        let columns = columns.filter_map(|(watched, counts)| watched.shift(counts));
        let answers = tally.counts.get(self.columns.len());
        (
            columns.collect(),
            answers.and_then(|counts| self.answers.shift(counts)),
        )
    }

    /// Rows that are typical together and nobody's alone: each column takes values from all over its distribution, in an
    /// order of its own.
    pub fn background(&self, schema: &Schema) -> Option<Table> {
        let rows = QUANTILES / 2;
        let columns = schema.fields.iter().enumerate().map(|(place, field)| {
            let watched = self
                .columns
                .get(place)
                .filter(|watched| watched.name == field.name);
            // Steps that share no factor with the number of rows visit each row once.
            let steps = [1, 3, 7, 9, 11, 13, 17, 19];
            let step = steps.get(place % steps.len()).copied().unwrap_or(1);
            let order = (0..rows).map(|row| (row * step + place) % rows);
            watched.map_or_else(
                || nothing(field, rows),
                |watched| watched.typical(field, order, rows),
            )
        });
        Table::new(columns.collect()).ok()
    }
}

impl Tally {
    /// Adds what another one counted; one of another form is left out.
    pub fn add(&mut self, other: &Self) {
        if self.counts.is_empty() {
            self.clone_from(other);
            return;
        }
        let fits = self.counts.len() == other.counts.len()
            && self
                .counts
                .iter()
                .zip(&other.counts)
                .all(|(own, others)| own.len() == others.len());
        if !fits {
            return;
        }
        for (own, others) in self.counts.iter_mut().zip(&other.counts) {
            for (own, other) in own.iter_mut().zip(others) {
                *own += other;
            }
        }
    }
}

/// A length and the bins that are not empty, each with its count: one row of many columns takes few letters.
impl Serialize for Tally {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let columns = self.counts.iter().map(|counts| {
            let filled = counts.iter().enumerate().filter(|(_, count)| **count > 0);
            let pairs = filled.flat_map(|(bin, count)| [bin as u64, *count]);
            [counts.len() as u64]
                .into_iter()
                .chain(pairs)
                .collect::<Vec<u64>>()
        });
        serializer.collect_seq(columns)
    }
}

impl<'de> Deserialize<'de> for Tally {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let columns = Vec::<Vec<u64>>::deserialize(deserializer)?;
        let counts = columns.into_iter().map(|column| {
            let (length, pairs) = column.split_first()?;
            let length = usize::try_from(*length)
                .ok()
                .filter(|length| *length < 100_000)?;
            let mut counts = vec![0; length];
            for pair in pairs.chunks(2) {
                let [bin, count] = pair else { return None };
                *counts.get_mut(usize::try_from(*bin).ok()?)? = *count;
            }
            Some(counts)
        });
        let counts: Option<Vec<Vec<u64>>> = counts.collect();
        counts
            .map(|counts| Self { counts })
            .ok_or_else(|| D::Error::custom("counts of bins do not fit their number"))
    }
}
