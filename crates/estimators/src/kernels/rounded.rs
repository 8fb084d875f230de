//! Rows as 16-bit whole numbers times a scale, each with the error that rounding made.

/// No number of a row may be larger, so that a sum of two products fits 32 bits.
const LARGEST: f64 = 32_700.0;
/// No row may be longer, so that a whole product fits 32 bits (Cauchy and Schwarz).
const LONGEST: f64 = 46_000.0;

/// A row as whole numbers times a scale.
pub(crate) struct Rounded {
    pub(crate) numbers: Vec<i16>,
    pub(crate) scale: f64,
    /// Length of the difference between the row and its rounded form, rounded up.
    pub(crate) error: f64,
    /// Squared length of the rounded row.
    pub(crate) squared: f64,
}

impl Rounded {
    /// Rounds finite numbers.
    pub(crate) fn new(row: &[f32]) -> Self {
        let length = row
            .iter()
            .map(|&value| f64::from(value).powi(2))
            .sum::<f64>()
            .sqrt();
        let largest = row
            .iter()
            .fold(0.0_f64, |most, &value| most.max(f64::from(value).abs()));
        let longest = (LONGEST - (row.len() as f64).sqrt()).max(1.0);
        let scale = (length / longest).max(largest / LARGEST);
        let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
        let (mut numbers, mut error, mut squared) = (Vec::with_capacity(row.len()), 0.0, 0.0);
        for &value in row {
            let number = (f64::from(value) * inverse).round();
            let rest = f64::from(value) - number * scale;
            numbers.push(number as i16);
            error += rest * rest;
            squared += number * number;
        }
        Self {
            numbers,
            scale,
            error: error.sqrt() * (1.0 + 1e-9),
            squared: squared * scale * scale,
        }
    }
}
