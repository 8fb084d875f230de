//! From table columns to [`Features`]: what is missing is filled, categories become codes, dates fall apart into parts,
//! numbers are scaled, text becomes counts of its words, and columns that cannot help are left out with a note.
//!
//! What it may touch: a table and, for its training rows, the target. A preparation is fitted on the training part only
//! and is part of the model; the same rows always become the same features. Fitting decides column by column (`plan`, with
//! `categories` and `text`; what the target teaches is in `statistics`), `transform` carries it out (`carry_out`). The pixels
//! of pictures are no columns to decide about one by one: `pictures` makes something of all together.
//! Next: [`pipeline`](crate::pipeline).

mod carry_out;
mod categories;
mod check;
mod dates;
pub(crate) mod meaning;
mod pictures;
mod plan;
mod statistics;
mod supervision;
mod text;
mod words;

pub(crate) use dates::day;
pub use pictures::{PictureOptions, PictureRules, Shifts};
pub use supervision::Supervision;

use crate::algorithm::AlgorithmSpec;
use crate::{Array, Feature, Features, FitError, Needs, State, StateError};
use pictures::PicturePlan;
use plan::{ColumnPlan, Planned, Reading};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use statistics::Lesson;
use std::collections::{BTreeMap, BTreeSet};
use trainyard_table::{Kind, Table};

/// Cells that are not worth a second thread.
const FEW_CELLS: usize = 4_096;

/// What an algorithm needs and what people decided.
#[derive(Clone, Debug, PartialEq)]
pub struct PreparationOptions {
    /// Whether to impute and to scale.
    pub needs: Needs,
    /// Columns to leave out, with the reason shown in the report.
    pub exclude: BTreeMap<String, String>,
    /// Columns somebody asked for by name: identifiers and free text among them are used too.
    pub chosen: BTreeSet<String>,
    /// Most values of a category that are told apart, the most frequent ones; all others count as unknown.
    pub max_categories: usize,
    /// Whether categories of too many values become target statistics even where those tell little. Otherwise the most
    /// frequent values stay apart then.
    pub weak_statistics: bool,
    /// The columns to learn from are the pixels of pictures, row by row.
    pub pictures: Option<PictureOptions>,
}

impl PreparationOptions {
    /// Nothing excluded, nothing asked for, up to 10,000 values a category.
    pub fn new(needs: Needs) -> Self {
        Self {
            needs,
            exclude: BTreeMap::new(),
            chosen: BTreeSet::new(),
            max_categories: 10_000,
            weak_statistics: needs.imputation,
            pictures: None,
        }
    }

    /// [`new`](Self::new) for one algorithm. A single tree and the trees of a forest, grown to the end, find more chance than
    /// sense in weak statistics; boosting takes only what lasts, and gains by them.
    pub fn of(algorithm: &AlgorithmSpec) -> Self {
        let new = Self::new(algorithm.needs);
        Self {
            weak_statistics: new.weak_statistics || algorithm.name == "gradient_boosting",
            ..new
        }
    }
}

/// What became of one table column, for reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PreparedColumn {
    /// The table column.
    pub column: String,
    /// Its kind.
    pub kind: Kind,
    /// What is done with it, in words, in order.
    pub steps: Vec<String>,
    /// Whether the model sees it.
    pub used: bool,
    /// Why not, or what else there is to say.
    pub note: Option<String>,
    /// Positions of the features made from it.
    pub features: Vec<usize>,
}

/// A fitted preparation.
#[derive(Clone, Debug, PartialEq)]
pub struct Preparation {
    plans: Vec<ColumnPlan>,
    columns: Vec<PreparedColumn>,
    /// Instead of plans for single columns.
    pictures: Option<PicturePlan>,
}

impl Preparation {
    /// Learns from the training rows what to do with each named column, and does it.
    ///
    /// The features are those to learn from. They are not always what [`transform`](Self::transform) makes of the same
    /// rows: where a value stands for what the target is on average, a training row's own answer is left out of that average,
    /// or an algorithm would find it there.
    ///
    /// # Errors
    /// [`FitError::Data`] for an unknown column, no rows, a target or weights of another length, when no column can be
    /// used, or when pixels make no pictures.
    pub fn fit_transform(
        table: &Table,
        feature_names: &[String],
        supervision: Supervision<'_>,
        options: &PreparationOptions,
    ) -> Result<(Self, Features), FitError> {
        if table.rows() == 0 {
            return Err(FitError::Data(
                "there are no rows to learn from; add rows with a value in the target column"
                    .to_owned(),
            ));
        }
        supervision.check(table.rows())?;
        let columns = feature_names
            .iter()
            .map(|name| {
                table.column(name).ok_or_else(|| {
                    FitError::Data(format!(
                        "there is no column '{name}'; the table has {}",
                        words::listed(table.columns().iter().map(|column| column.name()))
                    ))
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        if let Some(pictures) = &options.pictures {
            let scaling = options.needs.scaling;
            let (plan, features) = PicturePlan::fit(table, feature_names, pictures, scaling)?;
            return Ok((Self::of_pictures(plan), features));
        }
        let lesson = Lesson::new(supervision);
        let (mut plans, training) = columns
            .into_par_iter()
            .with_min_len(together(table.rows()))
            .map(|column| plan::plan(column, options, &lesson))
            .map(|Planned { plan, training }| (plan, training))
            .unzip::<_, _, Vec<_>, Vec<_>>();
        plan::make_names_unique(&mut plans);
        let found = Self::of(plans);
        if found.columns.iter().all(|column| !column.used) {
            return Err(FitError::Data(format!(
                "no column is left to learn from: {}; choose other columns",
                words::listed(found.columns.iter().map(|column| {
                    format!(
                        "'{}' is left out ({})",
                        column.column,
                        column.note.as_deref().unwrap_or("not usable")
                    )
                }))
            )));
        }
        let columns = found.plans.par_iter().zip(training);
        let columns = columns.with_min_len(together(table.rows()));
        let columns = columns.flat_map_iter(|(plan, training)| match training {
            Some(values) => carry_out::features_with(plan, values),
            None => of_plan(plan, table),
        });
        let features = tied(table.rows(), columns.collect());
        Ok((found, features))
    }

    fn of(plans: Vec<ColumnPlan>) -> Self {
        let mut next = 0;
        let columns = plans
            .iter()
            .map(|plan| {
                let first = next;
                next += plan.parts.len();
                PreparedColumn {
                    column: plan.column.clone(),
                    kind: plan.kind,
                    steps: plan.steps.clone(),
                    used: !plan.parts.is_empty(),
                    note: plan.note.clone(),
                    features: (first..next).collect(),
                }
            })
            .collect();
        Self {
            plans,
            columns,
            pictures: None,
        }
    }

    fn of_pictures(plan: PicturePlan) -> Self {
        Self {
            plans: Vec::new(),
            columns: plan.prepared(),
            pictures: Some(plan),
        }
    }

    /// Whether rows are pictures. Then [`fit_transform`](Self::fit_transform) may give several features a training row: all
    /// rows once, then all of them again for each kind of copy, in the same order.
    pub fn is_of_pictures(&self) -> bool {
        self.pictures.is_some()
    }

    /// The features of a table's rows. Never fails: columns are found by name, a column that is not there is missing in
    /// every row, a value never seen is unknown (`MISSING_CODE`).
    pub fn transform(&self, table: &Table) -> Features {
        if let Some(pictures) = &self.pictures {
            return pictures.transform(table);
        }
        let columns = self.plans.par_iter().with_min_len(together(table.rows()));
        let columns = columns.flat_map_iter(|plan| of_plan(plan, table));
        tied(table.rows(), columns.collect())
    }

    /// The features of one row in which every column is missing.
    pub(crate) fn unknown_row(&self) -> Features {
        if let Some(pictures) = &self.pictures {
            return pictures.unknown();
        }
        let columns = self
            .plans
            .iter()
            .flat_map(|plan| carry_out::features_of(plan, None, 1))
            .collect();
        tied(1, columns)
    }

    /// What became of each column, in the order they were named.
    pub fn columns(&self) -> &[PreparedColumn] {
        &self.columns
    }

    /// Whether a category value of this column is known from the training rows; `true` for columns that hold no
    /// categories or are not used. Of very many values, only the most frequent ones are remembered.
    pub fn knows(&self, column: &str, value: &str) -> bool {
        let among = |values: &[String]| {
            let found = values.binary_search_by(|known| known.as_str().cmp(value));
            found.is_ok()
        };
        let plan = self.plans.iter().find(|plan| plan.column == column);
        match plan.map(|plan| &plan.reading) {
            Some(Reading::Categories { levels, rare, .. }) => among(levels) || among(rare),
            Some(Reading::Statistics(statistics)) => among(&statistics.levels),
            _ => true,
        }
    }

    /// Everything learned. Numbers are kept as arrays, so that they come back to the bit.
    pub fn save(&self) -> State {
        if let Some(pictures) = &self.pictures {
            return pictures.save();
        }
        let parts = || self.plans.iter().flat_map(|plan| &plan.parts);
        let means = self.plans.iter().filter_map(|plan| match &plan.reading {
            Reading::Statistics(statistics) => Some(statistics.means.as_slice()),
            _ => None,
        });
        let means = means.collect::<Vec<_>>();
        State::default()
            .with_meta("columns", &self.plans)
            .with("fill", Array::F64(parts().map(|part| part.fill).collect()))
            .with(
                "centre",
                Array::F64(parts().map(|part| part.centre).collect()),
            )
            .with(
                "scale",
                Array::F64(parts().map(|part| part.scale).collect()),
            )
            .with_added(
                "target statistics",
                (!means.is_empty()).then(|| Array::F64(means.concat())),
            )
    }

    /// Reads back what [`save`](Self::save) wrote; hostile input gives an error.
    ///
    /// # Errors
    /// When parts contradict each other or numbers are out of range.
    pub fn load(state: &State) -> Result<Self, StateError> {
        if state.meta.contains_key("pictures") {
            return Ok(Self::of_pictures(PicturePlan::load(state)?));
        }
        let mut plans: Vec<ColumnPlan> = state.meta("columns")?;
        let (fill, centre, scale) = (
            state.f64s("fill")?,
            state.f64s("centre")?,
            state.f64s("scale")?,
        );
        let parts = plans.iter().map(|plan| plan.parts.len()).sum::<usize>();
        if [fill.len(), centre.len(), scale.len()] != [parts; 3] {
            return Err(StateError(
                "the preparation's numbers do not match its columns".to_owned(),
            ));
        }
        let mut means = match state.has_added("target statistics")? {
            true => state.f64s("target statistics")?,
            false => &[],
        };
        let mut at = 0;
        for plan in &mut plans {
            if let Reading::Statistics(statistics) = &mut plan.reading {
                means = statistics.take_means(plan.parts.len(), means)?;
            }
            for part in &mut plan.parts {
                (part.fill, part.centre, part.scale) = (fill[at], centre[at], scale[at]);
                at += 1;
            }
            plan.check()?;
        }
        if !means.is_empty() {
            return Err(StateError(
                "there are more target statistics than columns with them".to_owned(),
            ));
        }
        Ok(Self::of(plans))
    }
}

/// Columns of so many rows that one thread takes at once: to wake another one takes longer than [`FEW_CELLS`].
fn together(rows: usize) -> usize {
    (FEW_CELLS / rows.max(1)).max(1)
}

fn of_plan(plan: &ColumnPlan, table: &Table) -> Vec<Feature> {
    carry_out::features_of(plan, table.column(&plan.column), table.rows())
}

/// Every column has one entry a row by construction.
fn tied(rows: usize, columns: Vec<Feature>) -> Features {
    Features::new(rows, columns).unwrap_or_default()
}
