//! Which columns a node looks at, and in which order.

use crate::kernels::random::Random;

/// The columns still to be tried in a node, in random order.
pub(crate) struct Deal<'a> {
    order: &'a mut [usize],
    random: &'a mut Random,
    start: usize,
    index: usize,
    tried: usize,
    most: usize,
}

impl<'a> Deal<'a> {
    pub(crate) fn new(order: &'a mut [usize], random: &'a mut Random, most: usize) -> Self {
        // Equal gains go to the column that is looked at first: where all are looked at, begin anywhere.
        let start = if most >= order.len() {
            random.below(order.len())
        } else {
            0
        };
        Self {
            order,
            random,
            start,
            index: 0,
            tried: 0,
            most,
        }
    }

    /// The next column. Constant ones do not count as tried, so that a node is not given up because of them.
    #[inline(always)]
    pub(crate) fn next(&mut self, last_was_useful: bool) -> Option<usize> {
        self.tried += usize::from(last_was_useful);
        let count = self.order.len();
        if self.tried >= self.most || self.index >= count {
            return None;
        }
        let at = if self.most < count {
            let other = self.index + self.random.below(count - self.index);
            self.order.swap(self.index, other);
            self.index
        } else {
            let at = self.start + self.index;
            if at < count { at } else { at - count }
        };
        self.index += 1;
        Some(self.order[at])
    }
}
