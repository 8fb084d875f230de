//! Small nodes of numbers: by how much the squared error shrinks.

use super::{Judge, SMALL_ROWS, Sides};

/// Rows of a small node, their values less the mean of the node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SmallNumbers {
    places: [u32; SMALL_ROWS],
    /// How often each row was drawn.
    counts: [f32; SMALL_ROWS],
    /// Times the value.
    values: [f32; SMALL_ROWS],
    drawn: f32,
    perfect: f32,
}

impl SmallNumbers {
    /// `rows`: place, how often drawn, and the sum of so many values, less the node's mean each.
    #[inline(always)]
    pub(crate) fn new(rows: impl Iterator<Item = (u32, f64, f64)>) -> Self {
        let mut own = Self {
            places: [0; SMALL_ROWS],
            counts: [0.0; SMALL_ROWS],
            values: [0.0; SMALL_ROWS],
            drawn: 0.0,
            perfect: 0.0,
        };
        let (mut drawn, mut perfect) = (0.0, 0.0);
        for (index, (place, count, value)) in rows.enumerate().take(SMALL_ROWS) {
            own.places[index] = place;
            own.counts[index] = count as f32;
            own.values[index] = value as f32;
            drawn += count;
            perfect += value * value / count.max(1.0);
        }
        own.drawn = drawn as f32;
        own.perfect = perfect as f32;
        own
    }
}

impl Judge for SmallNumbers {
    #[inline(always)]
    fn places(&self) -> &[u32; SMALL_ROWS] {
        &self.places
    }

    #[inline(always)]
    fn drawn(&self) -> f32 {
        self.drawn
    }

    #[inline(always)]
    fn perfect(&self) -> f32 {
        self.perfect
    }

    #[inline(always)]
    fn sides<const L: usize>(&self, bins: &[u8; L], rows: usize) -> Sides<L> {
        let bins: [f32; L] = std::array::from_fn(|lane| f32::from(bins[lane]));
        let mut left = [0.0_f32; L];
        let mut sums = [0.0_f32; L];
        for row in 0..rows.min(L) {
            let (own, count, value) = (bins[row], self.counts[row], self.values[row]);
            for lane in 0..L {
                let inside = own <= bins[lane];
                left[lane] += if inside { count } else { 0.0 };
                sums[lane] += if inside { value } else { 0.0 };
            }
        }
        let mut gains = [0.0_f32; L];
        for lane in 0..L {
            // The node's mean is 0, so that both sides have the same sum but for its sign.
            let squared = sums[lane] * sums[lane];
            gains[lane] = squared / left[lane] + squared / (self.drawn - left[lane]);
        }
        Sides { gains, left }
    }
}
