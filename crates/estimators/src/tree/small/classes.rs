//! Small nodes of classes: by how much the Gini impurity shrinks. Rows are counted in bytes, 32 at a time.

use super::{Judge, SMALL_ROWS, Sides};

/// Classes that are told apart in small nodes.
pub(crate) const SMALL_CLASSES: usize = 8;
/// Rows drawn for a small node at most.
const MOST_DRAWN: u32 = 255;

/// Rows of a small node, those of each class next to each other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SmallClasses {
    places: [u32; SMALL_ROWS],
    /// How often each row was drawn.
    counts: [u8; SMALL_ROWS],
    classes: usize,
    /// Where the rows of each class end.
    ends: [u8; SMALL_CLASSES],
    /// What one row of each class weighs.
    factors: [f32; SMALL_CLASSES],
    /// How many rows of each class were drawn.
    totals: [f32; SMALL_CLASSES],
    drawn: f32,
    /// Score of the node itself.
    parent: f32,
    perfect: f32,
}

impl SmallClasses {
    /// `rows`: place, class, and how often drawn. `None` when there are too many classes or too much was drawn.
    #[inline(always)]
    pub(crate) fn new(
        rows: impl Iterator<Item = (u32, usize, u32)> + Clone,
        factors: &[f64],
    ) -> Option<Self> {
        if factors.len() > SMALL_CLASSES {
            return None;
        }
        let mut found = [0_u8; SMALL_CLASSES];
        let mut drawn = [0_u32; SMALL_CLASSES];
        for (_, class, count) in rows.clone().take(SMALL_ROWS) {
            found[class & (SMALL_CLASSES - 1)] += 1;
            drawn[class & (SMALL_CLASSES - 1)] += count;
        }
        if drawn.iter().sum::<u32>() > MOST_DRAWN {
            return None;
        }
        let mut own = Self {
            places: [0; SMALL_ROWS],
            counts: [0; SMALL_ROWS],
            classes: factors.len(),
            ends: [0; SMALL_CLASSES],
            factors: [0.0; SMALL_CLASSES],
            totals: drawn.map(|count| count as f32),
            drawn: drawn.iter().sum::<u32>() as f32,
            parent: 0.0,
            perfect: 0.0,
        };
        let mut end = 0;
        for (place, found) in own.ends.iter_mut().zip(found) {
            // Where the class begins; moved to its end by its rows.
            *place = end;
            end += found;
        }
        for (place, class, count) in rows.take(SMALL_ROWS) {
            let end = &mut own.ends[class & (SMALL_CLASSES - 1)];
            let index = usize::from(*end) & (SMALL_ROWS - 1);
            own.places[index] = place;
            own.counts[index] = count as u8;
            *end += 1;
        }
        let (mut weight, mut squares) = (0.0, 0.0);
        for (class, &factor) in factors.iter().enumerate() {
            own.factors[class] = factor as f32;
            let of_class = f64::from(drawn[class]) * factor;
            weight += of_class;
            squares += of_class * of_class;
        }
        own.parent = (squares / weight) as f32;
        // Two pure parts: nothing can be better.
        own.perfect = (weight - squares / weight) as f32;
        Some(own)
    }
}

impl Judge for SmallClasses {
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
