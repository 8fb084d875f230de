//! Brightness in memory, and how its size is changed.

/// A plane of brightness, row by row, 0 is black and 1 white.
#[derive(Clone, Debug, PartialEq)]
pub struct Grey {
    width: usize,
    height: usize,
    values: Vec<f32>,
}

impl Grey {
    /// A black plane.
    pub fn black(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            values: vec![0.0; width * height],
        }
    }

    /// A plane of values; cut or filled up with black to its size.
    pub fn new(width: usize, height: usize, mut values: Vec<f32>) -> Self {
        values.resize(width * height, 0.0);
        Self {
            width,
            height,
            values,
        }
    }

    /// Pixels across.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Pixels down.
    pub fn height(&self) -> usize {
        self.height
    }

    /// All values, row by row.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    pub(crate) fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }

    pub(crate) fn longest(&self) -> usize {
        self.width.max(self.height)
    }

    /// Black beyond the edges.
    pub(crate) fn at(&self, row: isize, column: isize) -> f32 {
        let (Ok(row), Ok(column)) = (usize::try_from(row), usize::try_from(column)) else {
            return 0.0;
        };
        if column >= self.width {
            return 0.0;
        }
        self.values
            .get(row * self.width + column)
            .copied()
            .unwrap_or(0.0)
    }

    /// Rows and columns of the plane as the viewer holds it: mirrored left to right first, then turned by quarters clockwise.
    pub(crate) fn turned(&self, mirrored: bool, quarters: u8) -> Self {
        let mut plane = self.clone();
        if mirrored {
            for line in plane.values.chunks_exact_mut(self.width.max(1)) {
                line.reverse();
            }
        }
        for _ in 0..quarters % 4 {
            let (width, height) = (plane.height, plane.width);
            let values = (0..width * height).map(|pixel| {
                let (row, column) = (pixel / width, pixel % width);
                plane.values[(plane.height - 1 - column) * plane.width + row]
            });
            plane = Self {
                values: values.collect(),
                width,
                height,
            };
        }
        plane
    }

    /// A part of the plane; what lies outside is left out.
    pub(crate) fn cut(&self, top: usize, left: usize, height: usize, width: usize) -> Self {
        let (top, left) = (top.min(self.height), left.min(self.width));
        let (height, width) = (height.min(self.height - top), width.min(self.width - left));
        let mut values = Vec::with_capacity(width * height);
        for row in top..top + height {
            values.extend_from_slice(&self.values[row * self.width + left..][..width]);
        }
        Self {
            width,
            height,
            values,
        }
    }

    /// The plane at another size: each new pixel is the mean of what it covers, or lies between its neighbours where there
    /// are fewer old pixels than new ones.
    pub(crate) fn resized(&self, width: usize, height: usize) -> Self {
        if (width, height) == (self.width, self.height) {
            return self.clone();
        }
        let across = shares(self.width, width);
        let down = shares(self.height, height);
        let mut narrow = vec![0.0; width * self.height];
        for (line, from) in narrow
            .chunks_exact_mut(width.max(1))
            .zip(self.values.chunks_exact(self.width.max(1)))
        {
            for (target, (first, weights)) in line.iter_mut().zip(&across) {
                let own = from.iter().skip(*first).zip(weights);
                *target = own.map(|(value, weight)| value * weight).sum();
            }
        }
        let mut values = vec![0.0; width * height];
        for (line, (first, weights)) in values.chunks_exact_mut(width.max(1)).zip(&down) {
            for (offset, weight) in weights.iter().enumerate() {
                let from = narrow.iter().skip((first + offset) * width);
                line.iter_mut()
                    .zip(from)
                    .for_each(|(sum, value)| *sum += weight * value);
            }
        }
        Self {
            width,
            height,
            values,
        }
    }
}

/// For each new pixel the first old one it is made of, and the shares of that and the following.
fn shares(old: usize, new: usize) -> Vec<(usize, Vec<f32>)> {
    let ratio = old as f64 / new.max(1) as f64;
    // A new pixel reaches at least over one old one, so that enlarging mixes neighbours.
    let reach = ratio.max(1.0) / 2.0;
    let of_pixel = |pixel: usize| {
        let middle = (pixel as f64 + 0.5) * ratio;
        let (low, high) = ((middle - reach).max(0.0), (middle + reach).min(old as f64));
        let first = (low.floor() as usize).min(old.saturating_sub(1));
        let last = (high.ceil() as usize).clamp(first + 1, old.max(first + 1));
        let covered = (first..last).map(|place| {
            let own = (high.min(place as f64 + 1.0) - low.max(place as f64)).max(0.0);
            own as f32
        });
        let covered: Vec<f32> = covered.collect();
        let sum: f32 = covered.iter().sum::<f32>().max(f32::MIN_POSITIVE);
        (first, covered.iter().map(|own| own / sum).collect())
    };
    (0..new).map(of_pixel).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shrinking_takes_the_mean_and_keeps_it() {
        let plane = Grey::new(4, 2, vec![0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0]);
        assert_eq!(plane.resized(2, 1).values(), [0.5, 0.5]);
        let mean = |plane: &Grey| plane.values().iter().sum::<f32>() / plane.values().len() as f32;
        let plane = Grey::new(7, 5, (0..35).map(|value| value as f32 / 35.0).collect());
        for (width, height) in [(3, 2), (7, 1), (1, 1)] {
            assert!((mean(&plane.resized(width, height)) - mean(&plane)).abs() < 0.02);
        }
    }

    #[test]
    fn enlarging_keeps_what_is_flat() {
        let large = Grey::new(2, 3, vec![0.25; 6]).resized(9, 11);
        assert!(
            large
                .values()
                .iter()
                .all(|value| (value - 0.25).abs() < 1e-6)
        );
    }

    #[test]
    fn turning_four_times_changes_nothing() {
        let plane = Grey::new(3, 2, vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let turned = plane.turned(false, 1);
        assert_eq!((turned.width(), turned.height()), (2, 3));
        assert_eq!(turned.values(), [4.0, 1.0, 5.0, 2.0, 6.0, 3.0]);
        assert_eq!(turned.turned(false, 3), plane);
        assert_eq!(
            plane.turned(true, 0).values(),
            [3.0, 2.0, 1.0, 6.0, 5.0, 4.0]
        );
    }
}
