//! Small nodes of numbers: by how much the squared error shrinks.

use super::{Judge, SMALL_ROWS, Sides, SmallNode};

/// Rows up to which the best division that any column could make is worked out: it ends the search when a column makes
/// it, and of more rows hardly any column does.
const SORTED_ROWS: usize = 10;

/// Rows of a small node, their values less the mean of the node.
#[derive(Debug)]
pub(crate) struct SmallNumbers {
    /// How often each row was drawn.
    counts: [f32; SMALL_ROWS],
    /// Times the value.
    values: [f32; SMALL_ROWS],
    drawn: f32,
}

impl Default for SmallNumbers {
    fn default() -> Self {
        Self {
            counts: [0.0; SMALL_ROWS],
            values: [0.0; SMALL_ROWS],
            drawn: 0.0,
        }
    }
}

impl SmallNode<SmallNumbers> {
    /// `rows`: place, how often drawn, and the sum of so many values, less the node's mean each.
    #[inline(always)]
    pub(crate) fn fill(&mut self, rows: impl ExactSizeIterator<Item = (u32, f64, f64)>) {
        self.rows = rows.len().min(SMALL_ROWS);
        let (mut drawn, mut pure) = (0.0, 0.0);
        for (index, (place, count, value)) in rows.enumerate().take(SMALL_ROWS) {
            self.places[index] = place;
            self.judge.counts[index] = count as f32;
            self.judge.values[index] = value as f32;
            drawn += count;
            pure += value * value / count.max(1.0);
        }
        self.drawn = drawn as f32;
        self.judge.drawn = self.drawn;
        self.perfect = if self.rows <= SORTED_ROWS {
            self.judge.best_of_all(self.rows)
        } else {
            pure as f32
        };
    }
}

impl SmallNumbers {
    /// Gain of the best division of the rows in any order: low values against high ones (Fisher, 1958).
    #[inline(always)]
    fn best_of_all(&self, rows: usize) -> f32 {
        let mut sorted = [(0.0_f32, 0.0_f32, 0.0_f32); SORTED_ROWS];
        for row in 0..rows {
            let (count, value) = (self.counts[row], self.values[row]);
            let mean = value / count;
            let mut place = row;
            while place > 0 && sorted[place - 1].0 > mean {
                sorted[place] = sorted[place - 1];
                place -= 1;
            }
            sorted[place] = (mean, count, value);
        }
        let (mut left, mut sum, mut best) = (0.0, 0.0, 0.0_f32);
        for &(_, count, value) in &sorted[..rows.saturating_sub(1)] {
            left += count;
            sum += value;
            best = best.max(sum * sum / left + sum * sum / (self.drawn - left));
        }
        best
    }
}

impl Judge for SmallNumbers {
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
