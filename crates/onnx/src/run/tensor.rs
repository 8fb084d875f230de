//! What flows between operators.

use super::type_name;
use crate::RunError;
use crate::message::{self, data_type};

/// Values row-major, one length an axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tensor {
    pub(super) shape: Vec<usize>,
    pub(super) values: Values,
}

/// Elements of one type.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Values {
    Doubles(Vec<f64>),
    Floats(Vec<f32>),
    Ints(Vec<i64>),
    Truths(Vec<bool>),
    Texts(Vec<String>),
}

impl Values {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Doubles(values) => values.len(),
            Self::Floats(values) => values.len(),
            Self::Ints(values) => values.len(),
            Self::Truths(values) => values.len(),
            Self::Texts(values) => values.len(),
        }
    }

    fn type_name(&self) -> String {
        type_name(match self {
            Self::Doubles(_) => data_type::DOUBLE,
            Self::Floats(_) => data_type::FLOAT,
            Self::Ints(_) => data_type::INT64,
            Self::Truths(_) => data_type::BOOL,
            Self::Texts(_) => data_type::STRING,
        })
    }
}

impl Tensor {
    /// Reads a constant.
    pub(super) fn read(constant: &message::Tensor) -> Result<Self, RunError> {
        let raw = constant.raw_data.as_deref().unwrap_or_default();
        let values = match constant.data_type {
            data_type::DOUBLE => Values::Doubles(each(raw, f64::from_le_bytes)),
            data_type::FLOAT => Values::Floats(each(raw, f32::from_le_bytes)),
            data_type::INT64 => Values::Ints(each(raw, i64::from_le_bytes)),
            data_type::BOOL => Values::Truths(raw.iter().map(|&byte| byte != 0).collect()),
            other => {
                return Err(RunError::Unknown(format!(
                    "a constant of {}",
                    type_name(other)
                )));
            }
        };
        let shape: Option<Vec<usize>> = constant
            .dims
            .iter()
            .map(|&length| usize::try_from(length).ok())
            .collect();
        let shape = shape.filter(|shape| length(shape) == Some(values.len()));
        let shape = shape.ok_or_else(|| {
            RunError::Unreadable(format!("constant '{}' has another size", constant.name))
        })?;
        Ok(Self { shape, values })
    }

    /// Doubles of a shape.
    pub(super) fn doubles(shape: Vec<usize>, values: Vec<f64>) -> Self {
        Self {
            shape,
            values: Values::Doubles(values),
        }
    }

    pub(super) fn as_doubles(&self) -> Result<&[f64], String> {
        match &self.values {
            Values::Doubles(values) => Ok(values),
            other => Err(format!("{} where double is needed", other.type_name())),
        }
    }

    pub(super) fn as_ints(&self) -> Result<&[i64], String> {
        match &self.values {
            Values::Ints(values) => Ok(values),
            other => Err(format!("{} where int64 is needed", other.type_name())),
        }
    }

    pub(super) fn as_truths(&self) -> Result<&[bool], String> {
        match &self.values {
            Values::Truths(values) => Ok(values),
            other => Err(format!("{} where bool is needed", other.type_name())),
        }
    }

    /// Rows and columns.
    pub(super) fn table(&self) -> Result<[usize; 2], String> {
        match self.shape[..] {
            [rows, columns] => Ok([rows, columns]),
            _ => Err(format!("{} axes where 2 are needed", self.shape.len())),
        }
    }
}

/// Elements of a shape; `None` when they cannot be counted.
pub(super) fn length(shape: &[usize]) -> Option<usize> {
    shape
        .iter()
        .try_fold(1_usize, |product, &length| product.checked_mul(length))
}

fn each<const N: usize, T>(bytes: &[u8], of: impl Fn([u8; N]) -> T) -> Vec<T> {
    let (chunks, _) = bytes.as_chunks::<N>();
    chunks.iter().map(|&chunk| of(chunk)).collect()
}
