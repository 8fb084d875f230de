//! How far two rows are apart, exactly: the last word about every neighbour.

use super::rows::{Rows, known};
use crate::kernels::distance::{absolute, dot, squared};
use serde::{Deserialize, Serialize};

/// Cosine distances below are rounding errors of 0.
const NOTHING: f64 = 1e-15;

/// What near means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Metric {
    /// The root of the sum of squared differences.
    Euclidean,
    /// The sum of absolute differences.
    Manhattan,
    /// 1 − the cosine of the angle; 1 where a row is all zeros.
    Cosine,
}

impl Metric {
    /// What neighbours are sorted by: the distance, squared for [`Metric::Euclidean`].
    pub(crate) fn key(self, rows: &Rows, row: usize, numbers: &[f32], codes: &[u32]) -> f64 {
        let (own, own_codes) = (rows.numbers(row), rows.codes(row));
        let matches = own_codes
            .iter()
            .zip(codes)
            .filter(|(own, asked)| own == asked)
            .count() as f64;
        let (own_known, asked_known) = (known(own_codes) as f64, known(codes) as f64);
        let different = own_known + asked_known - 2.0 * matches;
        match self {
            Self::Euclidean => squared(own, numbers) + different,
            Self::Manhattan => absolute(own, numbers) + different,
            Self::Cosine => {
                let lengths = (dot(own, own) + own_known) * (dot(numbers, numbers) + asked_known);
                if lengths == 0.0 {
                    return 1.0;
                }
                let distance = 1.0 - (dot(own, numbers) + matches) / lengths.sqrt();
                if distance < NOTHING { 0.0 } else { distance }
            }
        }
    }

    /// The distance of a key.
    pub(crate) fn distance(self, key: f64) -> f64 {
        match self {
            Self::Euclidean => key.sqrt(),
            Self::Manhattan | Self::Cosine => key,
        }
    }
}
