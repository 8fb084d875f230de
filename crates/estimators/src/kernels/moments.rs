//! Mean and spread of numbers of any size.

/// Mean and standard deviation of the finite values, without overflow; a deviation of 0 when they hardly differ.
pub(crate) fn mean_and_deviation(values: &[f64], weights: Option<&[f64]>) -> (f64, f64) {
    let weighted = || {
        values
            .iter()
            .enumerate()
            .map(|(row, &value)| (value, weights.map_or(1.0, |weights| weights[row])))
            .filter(|(value, weight)| value.is_finite() && *weight > 0.0)
    };
    let largest = weighted().fold(0.0, |largest: f64, (value, _)| largest.max(value.abs()));
    let total: f64 = weighted().map(|(_, weight)| weight).sum();
    if largest == 0.0 || total == 0.0 {
        return (0.0, 0.0);
    }
    let mean = weighted()
        .map(|(value, weight)| value / largest * weight)
        .sum::<f64>()
        / total;
    let squares = weighted().map(|(value, weight)| (value / largest - mean).powi(2) * weight);
    let deviation = (squares.sum::<f64>() / total).sqrt();
    let deviation = if deviation < 1e-12 { 0.0 } else { deviation };
    (mean * largest, deviation * largest)
}
