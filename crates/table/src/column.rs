//! One typed column in Arrow memory.

use crate::TableError;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, Float64Array, Int32Array, StringArray};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What the values of a column mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
    /// Two spellings, such as yes and no.
    Boolean,
    /// Days or instants.
    Date,
    /// Words from a small set.
    Category,
    /// Free text.
    Text,
    /// A name of the row itself, different in nearly every row.
    Identifier,
}

/// The values of a column.
#[derive(Clone, Debug)]
pub enum Values {
    /// Integers, numbers, booleans (0 and 1), dates (seconds since 1970 UTC). Null is missing; never NaN.
    Numbers(Float64Array),
    /// Categories, text, identifiers: one key a row into the distinct values, in order of first appearance.
    Strings(DictionaryArray<Int32Type>),
}

/// A named column.
#[derive(Clone, Debug)]
pub struct Column {
    name: String,
    kind: Kind,
    values: Values,
    labels: Option<[String; 2]>,
}

/// One cell, as a person or a JSON document shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Cell {
    /// Missing.
    Missing,
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// Text, a category, a spelling of a boolean, or a date in ISO form.
    Text(String),
}

impl Column {
    /// A column of numbers (`NaN` becomes missing). `labels` are the two spellings of a boolean, false first.
    pub fn numbers(
        name: impl Into<String>,
        kind: Kind,
        values: impl IntoIterator<Item = Option<f64>>,
        labels: Option<[String; 2]>,
    ) -> Self {
        let values: Float64Array = values
            .into_iter()
            .map(|value| value.filter(|number| !number.is_nan()))
            .collect();
        Self {
            name: name.into(),
            kind,
            values: Values::Numbers(values),
            labels,
        }
    }

    /// A column of strings, coded in order of first appearance.
    pub fn strings<'a>(
        name: impl Into<String>,
        kind: Kind,
        values: impl IntoIterator<Item = Option<&'a str>>,
    ) -> Self {
        Self {
            name: name.into(),
            kind,
            values: Values::Strings(values.into_iter().collect()),
            labels: None,
        }
    }

    /// A column from its parts; the form of the values must fit the kind.
    ///
    /// # Errors
    /// [`TableError::Unreadable`] when strings are given for a numeric kind or the other way round.
    pub fn from_values(
        name: impl Into<String>,
        kind: Kind,
        values: Values,
        labels: Option<[String; 2]>,
    ) -> Result<Self, TableError> {
        let name = name.into();
        if kind.is_numeric() != matches!(values, Values::Numbers(_)) {
            return Err(TableError::Unreadable {
                detail: format!(
                    "column '{name}' says it is {kind:?} but its values are of another form"
                ),
            });
        }
        Ok(Self {
            name,
            kind,
            values,
            labels,
        })
    }

    /// A column from parts that are known to fit.
    pub(crate) fn from_parts(
        name: &str,
        kind: Kind,
        values: Values,
        labels: Option<[String; 2]>,
    ) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            values,
            labels,
        }
    }

    /// The same values under another kind of the same form.
    pub(crate) fn with_kind(mut self, kind: Kind) -> Self {
        if self.kind.is_numeric() == kind.is_numeric() {
            self.kind = kind;
        }
        self
    }

    /// As [`with_kind`](Self::with_kind), with the spellings of a boolean.
    pub(crate) fn with_kind_and_labels(mut self, kind: Kind, labels: Option<[String; 2]>) -> Self {
        self.labels = labels;
        self.with_kind(kind)
    }

    /// Whether the cell in a row is missing.
    pub fn is_missing(&self, row: usize) -> bool {
        match &self.values {
            Values::Numbers(values) => row >= values.len() || values.is_null(row),
            Values::Strings(values) => row >= values.len() || values.is_null(row),
        }
    }

    /// The value in a row as a person or a JSON document shows it: booleans by their label, dates in ISO form.
    pub fn cell(&self, row: usize) -> Cell {
        if let Some(text) = self.text(row) {
            return Cell::Text(text.to_owned());
        }
        let Some(number) = self.number(row) else {
            return Cell::Missing;
        };
        match (self.kind, &self.labels) {
            (Kind::Boolean, Some(labels)) => Cell::Text(labels[usize::from(number != 0.0)].clone()),
            (Kind::Date, _) => Cell::Text(crate::values::dates::format(number)),
            (Kind::Integer | Kind::Boolean, _)
                if number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0 =>
            {
                Cell::Integer(number as i64)
            }
            _ => Cell::Number(number),
        }
    }

    /// The name, unique in its table.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the values mean.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The values.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// The two spellings of a boolean column, false first ("no", "yes").
    pub fn labels(&self) -> Option<&[String; 2]> {
        self.labels.as_ref()
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match &self.values {
            Values::Numbers(values) => values.len(),
            Values::Strings(values) => values.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many cells are missing.
    pub fn missing(&self) -> usize {
        match &self.values {
            Values::Numbers(values) => values.null_count(),
            Values::Strings(values) => values.null_count(),
        }
    }

    /// The number in a row; `None` when missing or not a numeric column.
    pub fn number(&self, row: usize) -> Option<f64> {
        match &self.values {
            Values::Numbers(values) if row < values.len() && values.is_valid(row) => {
                Some(values.value(row))
            }
            _ => None,
        }
    }

    /// The text in a row; `None` when missing or a numeric column.
    pub fn text(&self, row: usize) -> Option<&str> {
        match &self.values {
            Values::Strings(values) if row < values.len() && values.is_valid(row) => {
                let dictionary = crate::as_strings(values.values())?;
                let key = usize::try_from(values.keys().value(row)).ok()?;
                (key < dictionary.len() && dictionary.is_valid(key)).then(|| dictionary.value(key))
            }
            _ => None,
        }
    }

    /// The same column under another name.
    #[must_use]
    pub fn renamed(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The given rows, in the given order. The dictionary of strings is shared, not rebuilt.
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> Self {
        let values = match &self.values {
            Values::Numbers(values) => Values::Numbers(
                rows.iter()
                    .map(|&row| values.is_valid(row).then(|| values.value(row)))
                    .collect(),
            ),
            Values::Strings(values) => {
                let keys = values.keys();
                let taken: Int32Array = rows
                    .iter()
                    .map(|&row| keys.is_valid(row).then(|| keys.value(row)))
                    .collect();
                Values::Strings(with_keys(taken, values.values()))
            }
        };
        Self {
            name: self.name.clone(),
            kind: self.kind,
            values,
            labels: self.labels.clone(),
        }
    }

    /// The same column with the cells of these rows missing.
    #[must_use]
    pub fn without_cells(&self, rows: &[usize]) -> Self {
        let mut gone = vec![false; self.len()];
        for &row in rows {
            if let Some(gone) = gone.get_mut(row) {
                *gone = true;
            }
        }
        let values = match &self.values {
            Values::Numbers(values) => {
                let kept = values.iter().zip(&gone);
                Values::Numbers(kept.map(|(value, gone)| value.filter(|_| !gone)).collect())
            }
            Values::Strings(values) => {
                let kept = values.keys().iter().zip(&gone);
                let keys: Int32Array = kept.map(|(key, gone)| key.filter(|_| !gone)).collect();
                Values::Strings(with_keys(keys, values.values()))
            }
        };
        Self {
            name: self.name.clone(),
            kind: self.kind,
            values,
            labels: self.labels.clone(),
        }
    }

    /// `length` rows from `offset`, without copying.
    #[must_use]
    pub fn slice(&self, offset: usize, length: usize) -> Self {
        let values = match &self.values {
            Values::Numbers(values) => Values::Numbers(values.slice(offset, length)),
            Values::Strings(values) => Values::Strings(values.slice(offset, length)),
        };
        Self {
            name: self.name.clone(),
            kind: self.kind,
            values,
            labels: self.labels.clone(),
        }
    }
}

impl Kind {
    /// Whether values of this kind are kept as numbers.
    pub fn is_numeric(self) -> bool {
        matches!(
            self,
            Self::Integer | Self::Number | Self::Boolean | Self::Date
        )
    }
}

/// Keys that were taken from an array over the same dictionary are always within it.
fn with_keys(keys: Int32Array, dictionary: &ArrayRef) -> DictionaryArray<Int32Type> {
    let empty = || {
        DictionaryArray::new(
            Int32Array::new_null(keys.len()),
            Arc::new(StringArray::new_null(0)),
        )
    };
    DictionaryArray::try_new(keys.clone(), Arc::clone(dictionary)).unwrap_or_else(|_| empty())
}
