//! What is to be learned, read from a table column: classes or numbers, and the labels to answer with.
//!
//! What it may touch: one column. Fitted on the whole target before rows are split, so that every class is known. Next:
//! [`split`](crate::split).

use crate::cells::{NO_TEXT, Spelled, all_numeric, numbers, spelled};
use crate::{FitError, State, StateError, Target, Task};
use serde::{Deserialize, Serialize};
use trainyard_table::{Column, Kind};

/// More classes than this are refused.
pub const MAX_CLASSES: usize = 1000;

/// Whole numbers with at most this many distinct values are classes unless asked otherwise.
pub const FEW_WHOLE_NUMBERS: usize = 10;

/// Up to this many classes are fine however few rows there are; beyond it, two rows a class are asked for.
const ALWAYS_FINE: usize = 20;

/// What a column suggests: text, yes/no, categories and whole numbers of at most ten distinct values are classes;
/// everything else is a number. Identifiers count as numbers when every one is a number.
pub fn decide_task(column: &Column) -> Task {
    let numeric = match column.kind() {
        Kind::Boolean | Kind::Category | Kind::Text => false,
        Kind::Integer | Kind::Number => !few_whole_numbers(column),
        Kind::Date => true,
        Kind::Identifier => all_numeric(column),
    };
    if numeric {
        Task::Regression
    } else {
        Task::Classification
    }
}

fn few_whole_numbers(column: &Column) -> bool {
    let mut seen = Vec::new();
    for value in numbers(column) {
        if value.is_nan() || seen.contains(&value) {
            continue;
        }
        if value.fract() != 0.0 || seen.len() == FEW_WHOLE_NUMBERS {
            return false;
        }
        seen.push(value);
    }
    true
}

/// Turns cells of the target column into what algorithms learn, and class indices back into labels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetEncoder {
    column: String,
    /// Class labels in sorted order: no before yes, numbers rising, text by its characters. `None`: a number.
    classes: Option<Vec<String>>,
    /// Classes with a single row: they can be learned from but not judged.
    single_row_classes: Vec<String>,
}

impl TargetEncoder {
    /// Learns the classes of a column, or checks that it holds numbers that vary.
    ///
    /// # Errors
    /// [`FitError::Data`] for an empty or constant column, for too many classes, or for text where numbers are needed.
    pub fn fit(column: &Column, task: Task) -> Result<Self, FitError> {
        match task {
            Task::Classification => Self::fit_classes(column),
            Task::Regression => Self::fit_numbers(column),
        }
    }

    fn fit_classes(column: &Column) -> Result<Self, FitError> {
        let name = column.name();
        let Spelled { texts, codes } = spelled(column);
        let mut counts = vec![0_usize; texts.len()];
        for &code in codes.iter().filter(|&&code| code != NO_TEXT) {
            counts[code as usize] += 1;
        }
        let rows = counts.iter().sum::<usize>();
        if rows == 0 {
            return Err(empty(name));
        }
        // Two dictionary entries may spell the same text; numbers are already in rising order.
        let mut classes = texts
            .into_iter()
            .zip(counts)
            .filter(|(_, count)| *count > 0)
            .collect::<Vec<_>>();
        if matches!(
            column.kind(),
            Kind::Category | Kind::Text | Kind::Identifier
        ) {
            classes.sort();
            classes.dedup_by(|next, first| {
                let same = next.0 == first.0;
                if same {
                    first.1 += next.1;
                }
                same
            });
        }
        let count = classes.len();
        if let [(only, _)] = classes.as_slice() {
            return Err(FitError::Data(format!(
                "every row has the value '{only}' in the target column '{name}'; a model needs at least two classes to \
                 tell apart, so choose another target or add rows of another class"
            )));
        }
        if count > MAX_CLASSES || (count > ALWAYS_FINE && count > rows / 2) {
            return Err(FitError::Data(format!(
                "the target column '{name}' has {count} different values in {rows} rows, too many to be classes; choose \
                 another target{}",
                if all_numeric(column) {
                    ", or predict it as a number (regression)"
                } else {
                    ", or group its values into fewer"
                }
            )));
        }
        let single_row_classes = classes
            .iter()
            .filter(|(_, count)| *count == 1)
            .map(|(class, _)| class.clone().into_owned())
            .collect();
        Ok(Self {
            column: name.to_owned(),
            classes: Some(
                classes
                    .into_iter()
                    .map(|(class, _)| class.into_owned())
                    .collect(),
            ),
            single_row_classes,
        })
    }

    fn fit_numbers(column: &Column) -> Result<Self, FitError> {
        let name = column.name();
        if column.kind() == Kind::Date {
            return Err(FitError::Data(format!(
                "the target column '{name}' holds dates; a model predicts numbers or classes, so choose another target \
                 or add a column with the number of days"
            )));
        }
        let values = numbers(column);
        if !all_numeric(column) {
            let Spelled { texts, codes } = spelled(column);
            let stranger = codes
                .iter()
                .zip(&values)
                .position(|(&code, value)| code != NO_TEXT && value.is_nan());
            let row = stranger.unwrap_or(0);
            let text = codes
                .get(row)
                .and_then(|&code| texts.get(code as usize))
                .map_or("", |text| text.as_ref());
            return Err(FitError::Data(format!(
                "row {} of the target column '{name}' is '{text}', which is not a number; choose classification, or \
                 another target",
                row + 1
            )));
        }
        let mut present = values.into_iter().filter(|value| !value.is_nan());
        let Some(first) = present.next() else {
            return Err(empty(name));
        };
        if present.all(|value| value == first) {
            return Err(FitError::Data(format!(
                "every row has the value {first} in the target column '{name}'; there is nothing to learn, so choose \
                 another target"
            )));
        }
        Ok(Self {
            column: name.to_owned(),
            classes: None,
            single_row_classes: Vec::new(),
        })
    }

    /// The target of the rows that have one, and which rows those are (rising). Rows whose cell is missing, or a class
    /// that was not there when the encoder was fitted, are left out.
    ///
    /// # Errors
    /// [`FitError::Data`] when no row is left.
    pub fn encode(&self, column: &Column) -> Result<(Target, Vec<usize>), FitError> {
        let mut rows = Vec::with_capacity(column.len());
        let target = match &self.classes {
            Some(classes) => {
                let Spelled { texts, codes } = spelled(column);
                let known = texts
                    .iter()
                    .map(|text| classes.iter().position(|class| class == text))
                    .collect::<Vec<_>>();
                let mut indices = Vec::with_capacity(column.len());
                for (row, &code) in codes.iter().enumerate() {
                    if let Some(Some(class)) = known.get(code as usize) {
                        rows.push(row);
                        indices.push(*class as u32);
                    }
                }
                Target::Classes {
                    indices,
                    classes: classes.len(),
                }
            }
            None => {
                let mut values = Vec::with_capacity(column.len());
                for (row, value) in numbers(column).into_iter().enumerate() {
                    if !value.is_nan() {
                        rows.push(row);
                        values.push(value);
                    }
                }
                Target::Values(values)
            }
        };
        if rows.is_empty() {
            return Err(empty(column.name()));
        }
        Ok((target, rows))
    }

    /// The target column's name.
    pub fn column(&self) -> &str {
        &self.column
    }

    /// What is learned.
    pub fn task(&self) -> Task {
        if self.classes.is_some() {
            Task::Classification
        } else {
            Task::Regression
        }
    }

    /// Class labels by index; `None` for numbers.
    pub fn class_labels(&self) -> Option<&[String]> {
        self.classes.as_deref()
    }

    /// Classes with a single row: learned from, but none is left to judge by.
    pub fn single_row_classes(&self) -> &[String] {
        &self.single_row_classes
    }

    /// Everything learned.
    pub fn save(&self) -> State {
        State::default().with_meta("target", self)
    }

    /// Reads back what [`save`](Self::save) wrote.
    ///
    /// # Errors
    /// When labels are missing, doubled, or too many.
    pub fn load(state: &State) -> Result<Self, StateError> {
        let loaded: Self = state.meta("target")?;
        if let Some(classes) = &loaded.classes {
            let mut sorted = classes.iter().collect::<Vec<_>>();
            sorted.sort_unstable();
            sorted.dedup();
            if classes.len() < 2 || classes.len() > MAX_CLASSES || sorted.len() != classes.len() {
                return Err(StateError("the class labels are not a set".to_owned()));
            }
        }
        Ok(loaded)
    }
}

fn empty(column: &str) -> FitError {
    FitError::Data(format!(
        "the target column '{column}' is empty in every row; choose another target or fill it in"
    ))
}
