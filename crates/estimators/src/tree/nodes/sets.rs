//! Subsets of bins that nodes ask about again and again. Each has a column of its own, which says of every row whether its
//! bin is outside, so that nodes compare there as they do with thresholds.

use std::collections::BTreeMap;

/// Columns for subsets at most: each costs a look at every row, whether or not the row comes to a node that asks.
const MOST: usize = 256;

/// Bins of a column that go left.
pub(super) type Lefts = [u64; 4];

/// The subsets that have columns, behind the columns of bins.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sets {
    own: Vec<(u16, Lefts)>,
    known: BTreeMap<(u16, Lefts), u16>,
}

impl Sets {
    /// The number of a subset of this column's bins; none when there is no room for another.
    pub(super) fn number(&mut self, column: u16, lefts: Lefts) -> Option<u16> {
        if let Some(&number) = self.known.get(&(column, lefts)) {
            return Some(number);
        }
        if self.own.len() == MOST {
            return None;
        }
        let number = self.own.len() as u16;
        self.own.push((column, lefts));
        self.known.insert((column, lefts), number);
        Some(number)
    }

    pub(super) fn len(&self) -> usize {
        self.own.len()
    }

    /// The column whose bins a subset is of.
    pub(super) fn column(&self, number: usize) -> u16 {
        self.own[number].0
    }

    /// The subsets of this column's bins, with their numbers.
    pub(super) fn of_column(&self, column: usize) -> impl Iterator<Item = (usize, &Lefts)> {
        let all = self.own.iter().enumerate();
        all.filter_map(move |(number, (of, lefts))| {
            (usize::from(*of) == column).then_some((number, lefts))
        })
    }
}

/// Whether a bin goes left.
#[inline(always)]
pub(super) fn holds(lefts: &Lefts, bin: u8) -> bool {
    lefts[usize::from(bin >> 6)] >> (bin & 63) & 1 == 1
}
