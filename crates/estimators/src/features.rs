//! What an algorithm is fitted on: named columns of numbers or category codes, column-major.
//!
//! Preparation makes these from a table; algorithms only read them. One-hot encoding is never materialised: a
//! categorical column stays one code a row, and linear kernels treat level `k` as its own 0/1 column.

/// The code of a category that is missing, or was not seen when the preparation was fitted (one-hot: all zeros).
pub const MISSING_CODE: u32 = u32::MAX;

/// The values of one column, one entry a row.
#[derive(Clone, Debug, PartialEq)]
pub enum FeatureValues {
    /// Numbers; `NaN` is missing (only algorithms whose [`Needs`](crate::Needs) accept missing values ever see one).
    Numeric(Vec<f64>),
    /// Codes in `0..levels`, or [`MISSING_CODE`].
    Categorical {
        /// One code a row.
        codes: Vec<u32>,
        /// How many levels the preparation knows.
        levels: u32,
    },
}

/// One named column.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// Unique within its [`Features`]; derived from the table column ("age", "age missing", "date month").
    pub name: String,
    /// The values.
    pub values: FeatureValues,
}

/// A rectangular set of columns, all with the same number of rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features {
    rows: usize,
    columns: Vec<Feature>,
}

impl Features {
    /// Ties columns of equal length together; a column of another length is refused with its name.
    pub fn new(rows: usize, columns: Vec<Feature>) -> Result<Self, String> {
        for column in &columns {
            if column.len() != rows {
                return Err(format!(
                    "feature '{}' has {} rows, expected {rows}",
                    column.name,
                    column.len()
                ));
            }
        }
        Ok(Self { rows, columns })
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The columns in order.
    pub fn columns(&self) -> &[Feature] {
        &self.columns
    }

    /// Width after one-hot encoding: one per numeric column, `levels` per categorical column.
    pub fn encoded_width(&self) -> usize {
        self.columns.iter().map(Feature::encoded_width).sum()
    }

    /// The given rows, in the given order (indices must be below [`rows`](Self::rows)).
    pub fn take(&self, rows: &[usize]) -> Self {
        let columns = self
            .columns
            .iter()
            .map(|column| column.take(rows))
            .collect();
        Self {
            rows: rows.len(),
            columns,
        }
    }

    /// Puts other values, as many of them, into a column; gives back what was there.
    pub(crate) fn replace(&mut self, index: usize, values: FeatureValues) -> FeatureValues {
        let column = &mut self.columns[index];
        debug_assert_eq!(column.len(), values.len(), "columns are of one length");
        std::mem::replace(&mut column.values, values)
    }
}

impl FeatureValues {
    fn len(&self) -> usize {
        match self {
            Self::Numeric(values) => values.len(),
            Self::Categorical { codes, .. } => codes.len(),
        }
    }

    /// The given rows, in the given order.
    pub(crate) fn take(&self, rows: &[usize]) -> Self {
        match self {
            Self::Numeric(values) => Self::Numeric(rows.iter().map(|&row| values[row]).collect()),
            Self::Categorical { codes, levels } => Self::Categorical {
                codes: rows.iter().map(|&row| codes[row]).collect(),
                levels: *levels,
            },
        }
    }
}

impl Feature {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Columns this one stands for after one-hot encoding.
    pub fn encoded_width(&self) -> usize {
        match &self.values {
            FeatureValues::Numeric(_) => 1,
            FeatureValues::Categorical { levels, .. } => *levels as usize,
        }
    }

    fn take(&self, rows: &[usize]) -> Self {
        Self {
            name: self.name.clone(),
            values: self.values.take(rows),
        }
    }
}

/// What is to be learned, one entry a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// Class indices in `0..classes`.
    Classes {
        /// One index a row.
        indices: Vec<u32>,
        /// How many classes there are; at least 1, some may have no row.
        classes: usize,
    },
    /// Finite numbers.
    Values(Vec<f64>),
}

impl Target {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Classes { indices, .. } => indices.len(),
            Self::Values(values) => values.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The given rows, in the given order.
    pub fn take(&self, rows: &[usize]) -> Self {
        match self {
            Self::Classes { indices, classes } => Self::Classes {
                indices: rows.iter().map(|&row| indices[row]).collect(),
                classes: *classes,
            },
            Self::Values(values) => Self::Values(rows.iter().map(|&row| values[row]).collect()),
        }
    }
}

/// Everything an algorithm learns from.
#[derive(Clone, Copy, Debug)]
pub struct TrainingData<'a> {
    /// The features, `rows × columns`.
    pub features: &'a Features,
    /// The target, one entry a row.
    pub target: &'a Target,
    /// One non-negative weight a row; `None` means 1 each.
    pub weights: Option<&'a [f64]>,
}
