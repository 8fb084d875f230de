//! The metrics of numbers, as scikit-learn 1.9 defines them, except that the percentage error is undefined (not 10¹⁵)
//! when an actual value is 0.

/// Number of metrics, in the order of [`METRICS`](super::METRICS).
const METRICS: usize = 6;
/// Rows that are summed up side by side.
const LANES: usize = 8;

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
    #[inline(always)]
    pub(crate) fn evaluate(&self, count: impl Fn(usize) -> u32) -> [f64; METRICS] {
        let [rows, sum, squares, absolute, squared, relative] = self.sums(&count);
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

    /// Rows, deviations and their squares, absolute errors and their squares, and relative errors, all summed up in lanes:
    /// one sum would wait for itself at every row.
    #[inline(always)]
    fn sums(&self, count: impl Fn(usize) -> u32) -> [f64; 6] {
        let mut lanes = [[0.0; LANES]; 6];
        let (centred, last_centred) = self.centred.as_chunks();
        let (absolute, last_absolute) = self.absolute.as_chunks();
        let (relative, last_relative) = self.relative.as_chunks();
        for (index, (&centred, &absolute)) in centred.iter().zip(absolute).enumerate() {
            let times = std::array::from_fn(|lane| f64::from(count(index * LANES + lane)));
            add(
                &mut lanes,
                times,
                centred,
                absolute,
                relative.get(index).copied().unwrap_or_default(),
            );
        }
        let first = self.centred.len() - last_centred.len();
        let filled_up =
            |values: &[f64]| std::array::from_fn(|lane| values.get(lane).copied().unwrap_or(0.0));
        let times: [f64; LANES] = std::array::from_fn(|lane| {
            if lane < last_centred.len() {
                f64::from(count(first + lane))
            } else {
                0.0
            }
        });
        add(
            &mut lanes,
            times,
            filled_up(last_centred),
            filled_up(last_absolute),
            filled_up(last_relative),
        );
        lanes.map(|sums| sums.iter().sum())
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

/// Adds to each sum what a row adds in each lane, so many times.
#[inline(always)]
fn add(
    sums: &mut [[f64; LANES]; 6],
    times: [f64; LANES],
    centred: [f64; LANES],
    error: [f64; LANES],
    relative: [f64; LANES],
) {
    for lane in 0..LANES {
        let (times, centred, error) = (times[lane], centred[lane], error[lane]);
        sums[0][lane] += times;
        sums[1][lane] += times * centred;
        sums[2][lane] += times * centred * centred;
        sums[3][lane] += times * error;
        sums[4][lane] += times * error * error;
        sums[5][lane] += times * relative[lane];
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
