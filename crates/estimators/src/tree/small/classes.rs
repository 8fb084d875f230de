//! Small nodes of classes: by how much the Gini impurity shrinks. Rows are counted in bytes, 32 at a time.

use super::{Judge, SMALL_ROWS, Sides, SmallNode};
use crate::tree::statistic::Placed;

/// Classes that are told apart in small nodes.
pub(crate) const SMALL_CLASSES: usize = 8;
/// Rows drawn for a small node at most.
const MOST_DRAWN: u32 = 255;

/// Rows of a small node, those of each class next to each other.
#[derive(Debug)]
pub(crate) struct SmallClasses {
    /// How often each row was drawn.
    counts: [u8; SMALL_ROWS],
    classes: usize,
    /// Where the rows of each class end.
    ends: [u8; SMALL_CLASSES],
    /// What one row of each class weighs.
    factors: [f32; SMALL_CLASSES],
    /// How many rows of each class were drawn.
    totals: [f32; SMALL_CLASSES],
    /// Score of the node itself.
    parent: f32,
}

impl Default for SmallClasses {
    fn default() -> Self {
        Self {
            counts: [0; SMALL_ROWS],
            classes: 0,
            ends: [0; SMALL_CLASSES],
            factors: [0.0; SMALL_CLASSES],
            totals: [0.0; SMALL_CLASSES],
            parent: 0.0,
        }
    }
}

impl SmallNode<SmallClasses> {
    /// `class`: of a row; `count`: how often it was drawn. `false` when there are too many classes or too much was drawn.
    #[inline(always)]
    pub(crate) fn fill<E: Placed>(
        &mut self,
        entries: &[E],
        class: impl Fn(&E) -> u32,
        count: impl Fn(&E) -> u16,
        factors: &[f64],
    ) -> bool {
        let entries = &entries[..entries.len().min(SMALL_ROWS)];
        let all: u32 = entries.iter().map(|entry| u32::from(count(entry))).sum();
        if factors.len() > SMALL_CLASSES || all > MOST_DRAWN {
            return false;
        }
        self.rows = entries.len();
        self.drawn = all as f32;
        // A byte for each class.
        let (mut found, mut drawn) = (0_u64, 0_u64);
        for entry in entries {
            let shift = class(entry) * 8;
            found += 1 << shift;
            drawn += u64::from(count(entry)) << shift;
        }
        // Where each class begins; moved to its end by its rows.
        let mut ends = found.wrapping_mul(0x0101_0101_0101_0100);
        let own = &mut self.judge;
        for entry in entries {
            let shift = class(entry) * 8;
            let index = (ends >> shift) as usize & (SMALL_ROWS - 1);
            ends += 1 << shift;
            self.places[index] = entry.row();
            own.counts[index] = count(entry) as u8;
        }
        own.classes = factors.len();
        own.ends = ends.to_le_bytes();
        own.totals = drawn.to_le_bytes().map(f32::from);
        let (mut weight, mut squares) = (0.0, 0.0);
        for (class, &factor) in factors.iter().enumerate() {
            own.factors[class] = factor as f32;
            let of_class = f64::from(own.totals[class]) * factor;
            weight += of_class;
            squares += of_class * of_class;
        }
        own.parent = (squares / weight) as f32;
        // Two pure parts: nothing can be better.
        self.perfect = (weight - squares / weight) as f32;
        true
    }
}

impl Judge for SmallClasses {
    #[inline(always)]
    fn sides<const L: usize>(&self, bins: &[u8; L], _: usize) -> Sides<L> {
        let mut all = [0_u8; L];
        let (mut low, mut high) = ([0.0_f32; L], [0.0_f32; L]);
        let (mut low_squares, mut high_squares) = ([0.0_f32; L], [0.0_f32; L]);
        let mut first = 0;
        for class in 0..self.classes.min(SMALL_CLASSES) {
            let end = usize::from(self.ends[class]).min(L);
            let mut of_class = [0_u8; L];
            for row in first..end {
                let (own, count) = (bins[row], self.counts[row]);
                for lane in 0..L {
                    of_class[lane] += if own <= bins[lane] { count } else { 0 };
                }
            }
            first = end;
            let (total, factor) = (self.totals[class], self.factors[class]);
            for lane in 0..L {
                all[lane] += of_class[lane];
                let inside = f32::from(of_class[lane]);
                let (inside, outside) = (inside * factor, (total - inside) * factor);
                low[lane] += inside;
                high[lane] += outside;
                low_squares[lane] += inside * inside;
                high_squares[lane] += outside * outside;
            }
        }
        let mut gains = [0.0_f32; L];
        for lane in 0..L {
            gains[lane] =
                low_squares[lane] / low[lane] + high_squares[lane] / high[lane] - self.parent;
        }
        Sides {
            gains,
            left: all.map(f32::from),
        }
    }
}
