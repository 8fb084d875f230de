//! Coordinate descent (Friedman, Hastie and Tibshirani, 2010) on a quadratic with an absolute-value penalty.

/// ½ dᵀ·Q·d + gᵀ·d + Σ l1ᵢ·|wᵢ + dᵢ|, Q row-major with positive diagonal where columns matter.
pub(crate) struct Quadratic<'a> {
    pub(crate) matrix: &'a [f64],
    pub(crate) size: usize,
    /// Penalty of each coefficient; 0 for the intercept.
    pub(crate) l1: &'a [f64],
    /// Added to the diagonal.
    pub(crate) l2: &'a [f64],
    /// Factor of the matrix.
    pub(crate) factor: f64,
}

impl Quadratic<'_> {
    /// Moves `point` to the minimum, given the gradient of the smooth part there. Stops when no coordinate moves by more
    /// than `tolerance` (relative to the largest), or after `sweeps`.
    pub(crate) fn minimise(
        &self,
        point: &mut [f64],
        gradient: &[f64],
        sweeps: usize,
        tolerance: f64,
    ) {
        let mut gradient = gradient.to_vec();
        for _ in 0..sweeps {
            let (mut moved, mut largest) = (0.0_f64, 0.0_f64);
            for index in 0..self.size {
                let row = &self.matrix[index * self.size..(index + 1) * self.size];
                let curvature = self.factor * row[index] + self.l2[index];
                if curvature <= 0.0 {
                    continue;
                }
                let old = point[index];
                let new = shrink(curvature * old - gradient[index], self.l1[index]) / curvature;
                let change = new - old;
                if change != 0.0 {
                    point[index] = new;
                    gradient
                        .iter_mut()
                        .zip(row)
                        .for_each(|(slope, value)| *slope += self.factor * value * change);
                    gradient[index] += self.l2[index] * change;
                    moved = moved.max(change.abs());
                }
                largest = largest.max(new.abs());
            }
            if moved <= tolerance * largest.max(1e-300) {
                return;
            }
        }
    }
}

/// Towards 0 by `by`, not beyond.
pub(crate) fn shrink(value: f64, by: f64) -> f64 {
    if value > by {
        value - by
    } else if value < -by {
        value + by
    } else {
        0.0
    }
}
