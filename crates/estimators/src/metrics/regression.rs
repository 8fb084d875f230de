//! The metrics of numbers, as scikit-learn 1.9 defines them, except that the percentage error is undefined (not 10¹⁵)
//! when an actual value is 0.

/// Number of metrics, in the order of [`METRICS`](super::METRICS).
const METRICS: usize = 6;

pub(crate) struct RegressionJudge {
    /// Actual minus their mean: squares of these lose no digits.
    centred: Vec<f64>,
    absolute: Vec<f64>,
    /// |error| / |actual|; empty when an actual value is 0.
    relative: Vec<f64>,
    /// Rows in order of rising absolute error.
    by_error: Vec<u32>,
}

impl RegressionJudge {
    pub(crate) fn new(actual: &[f64], predicted: &[f64]) -> Self {
        let mean = actual.iter().sum::<f64>() / actual.len() as f64;
        let constant = actual.windows(2).all(|pair| pair[0] == pair[1]);
        let centred = actual
            .iter()
            .map(|value| if constant { 0.0 } else { value - mean })
            .collect();
        let absolute = actual
            .iter()
            .zip(predicted)
            .map(|(actual, predicted)| (actual - predicted).abs())
            .collect::<Vec<_>>();
        let relative = if actual.contains(&0.0) {
            Vec::new()
        } else {
            absolute
                .iter()
                .zip(actual)
                .map(|(error, actual)| error / actual.abs())
                .collect()
        };
        let mut by_error = (0..absolute.len() as u32).collect::<Vec<_>>();
        by_error.sort_unstable_by(|&a, &b| {
            absolute[a as usize]
                .total_cmp(&absolute[b as usize])
                .then(a.cmp(&b))
        });
        Self {
            centred,
            absolute,
            relative,
            by_error,
        }
    }

    /// All metrics, each row counted as often as `count` says; undefined is NaN.
    pub(crate) fn evaluate(&self, count: impl Fn(usize) -> u32) -> [f64; METRICS] {
        let (mut rows, mut sum, mut squares) = (0.0, 0.0, 0.0);
        let (mut absolute, mut squared, mut relative) = (0.0, 0.0, 0.0);
        for (row, (centred, error)) in self.centred.iter().zip(&self.absolute).enumerate() {
            let times = f64::from(count(row));
            rows += times;
            sum += times * centred;
            squares += times * centred * centred;
            absolute += times * error;
            squared += times * error * error;
            if let Some(share) = self.relative.get(row) {
                relative += times * share;
            }
        }
        let mean_squared = squared / rows;
        [
            r2(rows, sum, squares, squared),
            mean_squared.sqrt(),
            absolute / rows,
            self.median(rows as u64, count),
            if self.relative.is_empty() {
                f64::NAN
            } else {
                relative / rows
            },
            mean_squared,
        ]
    }

    /// The middle absolute error, or the mean of the middle two.
    fn median(&self, rows: u64, count: impl Fn(usize) -> u32) -> f64 {
        let (lower, upper) = (rows.saturating_sub(1) / 2, rows / 2);
        let mut seen = 0;
        let mut first = None;
        for &row in &self.by_error {
            seen += u64::from(count(row as usize));
            let error = self.absolute[row as usize];
            if seen > lower && first.is_none() {
                first = Some(error);
            }
            if seen > upper {
                return 0.5 * (first.unwrap_or(error) + error);
            }
        }
        f64::NAN
    }
}

/// 1 − residual / total sum of squares. A constant target has R² 1 when predicted perfectly and 0 otherwise; one row has none.
fn r2(rows: f64, sum: f64, squares: f64, residual: f64) -> f64 {
    if rows < 2.0 {
        return f64::NAN;
    }
    let total = squares - sum * sum / rows;
    // What rounding leaves of a resample without variation.
    if total <= 1e-14 * squares {
        return if residual == 0.0 { 1.0 } else { 0.0 };
    }
    1.0 - residual / total
}
