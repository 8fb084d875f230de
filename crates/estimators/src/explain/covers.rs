//! How many rows came to each leaf, in about a byte a leaf: most leaves of deep trees have few.
//!
//! Numbers are written in base 128, the lowest digit first; every byte but a number's last has its top bit set. Inner
//! nodes have the rows of their leaves, so that they need no number of their own.

/// Rows at each leaf of some trees; leaves are in the order of their nodes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Covers {
    bytes: Vec<u8>,
    /// Where each tree's numbers begin.
    starts: Vec<usize>,
}

const MORE: u8 = 0x80;
const DIGIT_BITS: u32 = 7;

impl Covers {
    /// Adds a tree's leaves.
    pub(crate) fn push(&mut self, leaves: impl Iterator<Item = u32>) {
        self.starts.push(self.bytes.len());
        for mut rows in leaves {
            while rows >= u32::from(MORE) {
                self.bytes.push(rows as u8 | MORE);
                rows >>= DIGIT_BITS;
            }
            self.bytes.push(rows as u8);
        }
    }

    /// Rows at the leaves of one tree.
    pub(crate) fn of(&self, tree: usize) -> impl Iterator<Item = u32> {
        let first = self.starts.get(tree).copied().unwrap_or(self.bytes.len());
        let last = self
            .starts
            .get(tree + 1)
            .copied()
            .unwrap_or(self.bytes.len());
        let mut bytes = self.bytes.get(first..last).unwrap_or_default().iter();
        std::iter::from_fn(move || {
            let (mut rows, mut shift) = (0_u32, 0);
            loop {
                let byte = *bytes.next()?;
                rows |= u32::from(byte & !MORE).checked_shl(shift).unwrap_or(0);
                if byte & MORE == 0 {
                    return Some(rows);
                }
                shift += DIGIT_BITS;
            }
        })
    }

    /// All trees' numbers, one after the other.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Reads [`bytes`](Self::bytes) back for trees of this many leaves; `None` when they are not those of such trees:
    /// every leaf has a row, and a tree has fewer than 2³² of them.
    pub(crate) fn read(bytes: &[u8], leaves: impl Iterator<Item = usize>) -> Option<Self> {
        let mut starts = Vec::new();
        let mut at = 0;
        for leaves in leaves {
            starts.push(at);
            let mut all = 0_u64;
            for _ in 0..leaves {
                let rows;
                (rows, at) = number(bytes, at)?;
                all += rows;
            }
            if all > u64::from(u32::MAX) {
                return None;
            }
        }
        (at == bytes.len()).then(|| Self {
            bytes: bytes.to_vec(),
            starts,
        })
    }
}

/// The number that begins here, at least 1, and where the next one begins.
fn number(bytes: &[u8], mut at: usize) -> Option<(u64, usize)> {
    let (mut rows, mut shift) = (0_u64, 0);
    loop {
        let byte = *bytes.get(at)?;
        at += 1;
        rows |= u64::from(byte & !MORE) << shift;
        if byte & MORE == 0 {
            // The shortest spelling only.
            let short = byte != 0 && rows <= u64::from(u32::MAX);
            return short.then_some((rows, at));
        }
        shift += DIGIT_BITS;
        if shift > u32::BITS {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn write(trees: &[Vec<u32>]) -> Covers {
        let mut covers = Covers::default();
        trees
            .iter()
            .for_each(|tree| covers.push(tree.iter().copied()));
        covers
    }

    proptest! {
        #[test]
        fn numbers_come_back(trees in prop::collection::vec(prop::collection::vec(prop_oneof![1..300_u32, 1..100_000_000_u32], 1..20), 0..6)) {
            let covers = write(&trees);
            for (index, tree) in trees.iter().enumerate() {
                prop_assert_eq!(&covers.of(index).collect::<Vec<_>>(), tree);
            }
            prop_assert_eq!(Covers::read(covers.bytes(), trees.iter().map(Vec::len)), Some(covers));
        }

        #[test]
        fn other_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..40), leaves in prop::collection::vec(0..5_usize, 0..5)) {
            if let Some(covers) = Covers::read(&bytes, leaves.iter().copied()) {
                let trees: Vec<Vec<u32>> = (0..leaves.len()).map(|tree| covers.of(tree).collect()).collect();
                prop_assert_eq!(trees.iter().map(Vec::len).collect::<Vec<_>>(), leaves);
                prop_assert_eq!(write(&trees), covers);
            }
        }
    }

    #[test]
    fn leaves_without_rows_and_too_many_rows_are_refused() {
        assert!(Covers::read(&[1, 0], [2].into_iter()).is_none());
        assert!(Covers::read(&[1, 2], [1].into_iter()).is_none());
        assert!(Covers::read(&[1], [2].into_iter()).is_none());
        assert!(Covers::read(&[0x81, 0], [1].into_iter()).is_none());
        assert!(Covers::read(&[255, 255, 255, 255, 15], [1].into_iter()).is_some());
        assert!(Covers::read(&[255, 255, 255, 255, 15, 1], [2].into_iter()).is_none());
        assert!(Covers::read(&[255, 255, 255, 255, 255, 1], [1].into_iter()).is_none());
    }
}
