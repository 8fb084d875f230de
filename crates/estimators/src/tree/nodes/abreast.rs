//! Eight rows abreast down a tree. Where a row goes next depends on what it reads, so one alone mostly waits; eight wait
//! together, and their places stay in registers.

#![expect(
    unsafe_code,
    reason = "places are checked where trees are made, and not at every step"
)]

use super::sets::holds;
use super::{Forest, LEAF, Node, OPEN};
use std::hint::select_unpredictable;

/// Rows that go together.
pub(super) const ABREAST: usize = 8;

/// What nodes ask about that are not only thresholds of numbers all of which are known.
pub(super) mod asks {
    /// Nothing.
    pub(in super::super) const THRESHOLDS: u8 = 0;
    /// Some send what is missing left.
    pub(in super::super) const MISSING: u8 = 1;
    /// Some send a subset left that has no column of its own.
    pub(in super::super) const SUBSETS: u8 = 2;
}

impl Forest {
    /// Leads rows from these nodes to leaves below them; tells the numbers of their answers. The bin of the first row in
    /// column `c` lies at `c * STRIDE`, those of the others behind it.
    #[inline(never)]
    pub(super) fn lead<const ASKS: u8, const STRIDE: usize>(
        &self,
        places: &[u32; ABREAST],
        bins: &[u8],
    ) -> [u32; ABREAST] {
        assert!(
            bins.len() >= (self.asked_columns() - 1) * STRIDE + ABREAST,
            "the bins of these rows end early"
        );
        let furthest = places.iter().fold(0, |all, &place| all.max(place));
        assert!(
            (furthest as usize) < self.nodes.len(),
            "a row begins outside"
        );
        let company = Company::<ASKS, STRIDE> { forest: self, bins };
        let mut places = places.map(u64::from);
        loop {
            // Whether all have arrived is asked after two steps of each.
            places = company.step(company.step(places));
            let nodes = places.map(|place| company.node(place));
            if nodes.iter().fold(LEAF, |all, node| all & node.flags()) == LEAF {
                return nodes.map(Node::next);
            }
        }
    }

    /// Whether a bin of the column that a node asks about goes right.
    #[inline(always)]
    pub(super) fn leads_right(&self, at: usize, node: Node, bin: u8) -> bool {
        if node.flags() & OPEN != 0 {
            !holds(&self.subsets[self.subset_numbers[at] as usize], bin)
        } else {
            leads_further(node, bin)
        }
    }
}

/// Rows on their way. There are bins of all columns, and every place that is handed in is a node.
struct Company<'a, const ASKS: u8, const STRIDE: usize> {
    forest: &'a Forest,
    bins: &'a [u8],
}

impl<const ASKS: u8, const STRIDE: usize> Company<'_, ASKS, STRIDE> {
    #[inline(always)]
    fn node(&self, place: u64) -> Node {
        // SAFETY: roots are nodes, and `push` and `load` make sure that the children of inner nodes are.
        unsafe { *self.forest.nodes.get_unchecked(place as usize) }
    }

    /// Each goes on to a child, unless it stands at a leaf.
    #[inline(always)]
    fn step(&self, [a, b, c, d, e, f, g, h]: [u64; ABREAST]) -> [u64; ABREAST] {
        [
            self.next(0, a),
            self.next(1, b),
            self.next(2, c),
            self.next(3, d),
            self.next(4, e),
            self.next(5, f),
            self.next(6, g),
            self.next(7, h),
        ]
    }

    #[inline(always)]
    fn next(&self, lane: usize, place: u64) -> u64 {
        let node = self.node(place);
        let at = usize::from(node.column()) * STRIDE + lane;
        // SAFETY: `push` and `load` make sure that nodes ask about one of the columns, all of which there are.
        let bin = unsafe { *self.bins.get_unchecked(at) };
        let right = match ASKS {
            asks::SUBSETS => self.forest.leads_right(place as usize, node, bin),
            asks::MISSING => leads_further(node, bin),
            // Words are compared, for the compiler puts lanes of bytes into vectors, one by one.
            _ => u64::from(bin) > u64::from(node.bin()),
        };
        let child = u64::from(node.next()) + u64::from(right);
        select_unpredictable(node.flags() & LEAF != 0, place, child)
    }
}

/// Whether a bin goes right by a threshold: one further round the circle, missing ones come first.
#[inline(always)]
pub(super) fn leads_further(node: Node, bin: u8) -> bool {
    let turn = u64::from(node.turn());
    (u64::from(bin) + turn) & 0xff > u64::from(node.bin()) + turn
}
