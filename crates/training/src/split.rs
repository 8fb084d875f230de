//! How a request divides its rows: at random, by whole groups, or by time; and what that means for the columns.
//!
//! A group column (customer, patient, machine) is left out of the features: on the test side every one of its values is
//! new, so a model could only learn by heart what it can never use. A time column stays unless the request leaves it out:
//! weekday, month and a trend are honest knowledge, known for every later row too.
//! May touch the spec, the schema and one column; the algorithms are in [`trainyard_estimators::split`].

use crate::error::{FieldProblem, TrainError};
use crate::report::{ReportWarning, RowCounts};
use crate::spec::{MIN_ROWS, TrainSpec, known_columns};
use serde::{Deserialize, Serialize};
use trainyard_estimators::Target;
use trainyard_estimators::split::{Division, TrainAndTest};
use trainyard_table::{Kind, Schema, Table};

/// Where rows are divided as elsewhere, as few are taken as there, but for those that say nothing.
const FEWEST_AS_ELSEWHERE: usize = 5;

/// How rows are divided into training and test, and into folds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum SplitSpec {
    /// By chance; every class has its share in both parts.
    #[default]
    Random,
    /// All rows with one value of a column stay on one side.
    Group {
        /// The column that says which rows belong together.
        column: String,
    },
    /// The latest rows are the test; folds walk forward in time.
    Time {
        /// The column of dates or numbers that says when.
        column: String,
    },
    /// The test rows are those of scikit-learn's `train_test_split` with this seed, whatever their classes, and any share
    /// below 1 may be held out: so that figures published from there come out again.
    SklearnLegacy,
    /// Nothing is held out. The model is judged on the rows it has seen, and a warning says so; ask for folds or a search
    /// to know what it is worth.
    Everything,
}

impl SplitSpec {
    /// The fewest rows with a target that can be divided so.
    pub fn fewest_rows(&self) -> usize {
        match self {
            Self::SklearnLegacy => FEWEST_AS_ELSEWHERE,
            _ => MIN_ROWS,
        }
    }

    /// Whether no column is asked.
    pub fn is_random(&self) -> bool {
        *self == Self::Random
    }

    /// The column that is asked, if one.
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Random | Self::SklearnLegacy | Self::Everything => None,
            Self::Group { column } | Self::Time { column } => Some(column),
        }
    }

    /// The column whose values say which rows belong together, if one.
    pub(crate) fn group(&self) -> Option<&str> {
        match self {
            Self::Group { column } => Some(column),
            Self::Random | Self::Time { .. } | Self::SklearnLegacy | Self::Everything => None,
        }
    }

    /// Every problem that the schema shows.
    pub(crate) fn check(
        &self,
        spec: &TrainSpec,
        schema: &Schema,
        problems: &mut Vec<FieldProblem>,
    ) {
        let Some(name) = self.column() else { return };
        let mut add = |detail| problems.push(FieldProblem::new("/split/column", detail));
        let Some(field) = schema.field(name) else {
            return add(format!(
                "there is no column '{name}'; {}",
                known_columns(schema)
            ));
        };
        if name == spec.target {
            return add(format!(
                "'{name}' is the target; rows cannot be divided by what is to be predicted, so choose another column"
            ));
        }
        match self {
            Self::Time { .. }
                if matches!(field.kind, Kind::Boolean | Kind::Category | Kind::Text) =>
            {
                add(format!(
                    "'{name}' holds words, which have no earlier and later; choose a column of dates or numbers"
                ));
            }
            Self::Group { .. } if spec.features.iter().flatten().any(|used| used == name) => {
                add(format!(
                    "'{name}' says which rows belong together, so a model must not learn from it; take it out of the \
                     features"
                ));
            }
            _ => {}
        }
    }

    /// The features of a request that names none: every column but the target and the group.
    pub(crate) fn features(&self, table: &Table, target: &str) -> Vec<String> {
        let group = self.group();
        table
            .columns()
            .iter()
            .map(|column| column.name())
            .filter(|&name| name != target && Some(name) != group)
            .map(str::to_owned)
            .collect()
    }

    /// The rule, read from its column.
    pub(crate) fn division(&self, table: &Table) -> Result<Division, TrainError> {
        let Some(name) = self.column() else {
            return Ok(match self {
                Self::SklearnLegacy => Division::Legacy,
                _ => Division::Stratified,
            });
        };
        let Some(column) = table.column(name) else {
            return Err(TrainError::Spec(vec![FieldProblem::new(
                "/split/column",
                format!(
                    "there is no column '{name}'; {}",
                    known_columns(table.schema())
                ),
            )]));
        };
        Ok(match self {
            Self::Time { .. } => Division::by_time(column)?,
            _ => Division::by_group(column)?,
        })
    }

    /// Refuses a training part with a single class: groups and times may part the classes from each other.
    pub(crate) fn check_training_part(
        &self,
        train: &Target,
        labels: Option<&[String]>,
    ) -> Result<(), TrainError> {
        let Target::Classes { indices, .. } = train else {
            return Ok(());
        };
        let how = match (self, self.column()) {
            (_, Some(name)) => format!("divided by '{name}'"),
            (Self::SklearnLegacy, None) => "divided with this seed".to_owned(),
            _ => return Ok(()),
        };
        if !single_class(indices.iter().copied()) {
            return Ok(());
        }
        let first = indices.first().copied().unwrap_or(0) as usize;
        let label = labels
            .and_then(|labels| labels.get(first))
            .map_or("", String::as_str);
        Err(TrainError::Data(format!(
            "{how}, every row to learn from has the class '{label}', so there is nothing to tell apart; \
             choose another column, hold out fewer rows, or split at random"
        )))
    }

    /// The folds that can be learned from: the first ones of a walk through time may know a single class, and nothing
    /// could be compared by them.
    pub(crate) fn learnable(
        &self,
        mut folds: Vec<TrainAndTest>,
        target: &Target,
    ) -> Result<Vec<TrainAndTest>, TrainError> {
        let (Some(name), Target::Classes { indices, .. }) = (self.column(), target) else {
            return Ok(folds);
        };
        let dealt = folds.len();
        folds.retain(|(train, _)| !single_class(train.iter().map(|&row| indices[row])));
        if folds.is_empty() {
            return Err(TrainError::Data(format!(
                "divided by '{name}' into {dealt} folds, the rows to learn from are of one class in each; use fewer folds, \
                 choose another column, or split at random"
            )));
        }
        Ok(folds)
    }

    /// What a division by a column did that nobody asked for.
    pub(crate) fn warnings(
        &self,
        rows: &RowCounts,
        unplaced: usize,
        test_size: f64,
    ) -> Vec<ReportWarning> {
        if *self == Self::Everything {
            return vec![ReportWarning {
                code: "judged_on_training_rows".to_owned(),
                column: None,
                detail: "Nothing was held out: these scores are of rows the model has learned from, and flatter. Go by the folds or the search.".to_owned(),
            }];
        }
        let Some(column) = self.column() else {
            return Vec::new();
        };
        let mut warnings = Vec::new();
        let mut warn = |code: &str, detail| {
            warnings.push(ReportWarning {
                code: code.to_owned(),
                column: Some(column.to_owned()),
                detail,
            });
        };
        if unplaced > 0 {
            warn(
                "rows_without_time",
                format!(
                    "{unplaced} rows have no value in '{column}', so they have no place in time and were left out."
                ),
            );
        }
        let share = rows.test as f64 / (rows.train + rows.test).max(1) as f64;
        if (share - test_size).abs() > test_size / 2.0 {
            warn(
                "uneven_split",
                format!(
                    "{:.0} % of the rows are held out where {:.0} % were asked for: the values of '{column}' cannot be \
                     divided more evenly.",
                    share * 100.0,
                    test_size * 100.0
                ),
            );
        }
        warnings
    }
}

fn single_class(mut classes: impl Iterator<Item = u32>) -> bool {
    match classes.next() {
        Some(first) => classes.all(|class| class == first),
        None => true,
    }
}
