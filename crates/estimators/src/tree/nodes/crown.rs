//! The crown of a tree: its upper nodes, all of which are asked of many rows at once, whether or not a row comes to them.
//! Bytes of many rows are compared in few instructions; following each row by itself takes longer where nodes are few.

use super::sets::holds;
use super::{Forest, OPEN};
use crate::kernels::simd::wide;

/// Rows that are asked at once.
pub(super) const WIDE: usize = 64;
/// Inner nodes of a tree that is all crown, at most.
const WHOLE: usize = 63;
/// Inner nodes of another's crown: five levels where they are full.
const PART: usize = 31;

/// A byte for each row.
type Rows = [u8; WIDE];

/// Which rows come to each slot: all bits of their bytes, or none.
pub(super) type Coming = [Rows; 2 * WHOLE + 1];

/// Room for them.
pub(super) const NOBODY: Coming = [[0; WIDE]; 2 * WHOLE + 1];

/// An inner node. The slots of its children are those after all before it.
#[derive(Clone, Copy, Debug)]
struct Asked {
    /// Where it is noted which rows come here.
    slot: u8,
    /// Added to a bin before it is compared, round the circle: what is missing comes first.
    turn: u8,
    /// The last bin that goes left, after the turn.
    last: u8,
    column: u16,
    /// The number of the subset that goes left instead, where it has no column of its own.
    subset: Option<u32>,
}

/// The upper nodes of a tree, from its root on, level by level.
#[derive(Clone, Debug)]
pub(super) struct Crown {
    asked: Vec<Asked>,
    /// Slots of the nodes where the crown ends.
    slots: Vec<u8>,
    /// Those nodes; of a whole tree the numbers of their answers.
    places: Vec<u32>,
    is_whole: bool,
}

impl Crown {
    pub(super) fn of(forest: &Forest, root: u32) -> Self {
        let whole = Self::with(forest, root, WHOLE);
        if whole.is_whole {
            return whole;
        }
        // Of many nodes, most would be asked of rows that do not come to them.
        Self::with(forest, root, PART)
    }

    /// The crown of so many inner nodes, or fewer where the tree has no more.
    fn with(forest: &Forest, root: u32, most: usize) -> Self {
        let mut queue = Vec::with_capacity(2 * most + 1);
        queue.push(root);
        let mut crown = Self {
            asked: Vec::with_capacity(most),
            slots: Vec::with_capacity(most + 1),
            places: Vec::with_capacity(most + 1),
            is_whole: true,
        };
        let mut slot = 0;
        while let Some(&place) = queue.get(slot) {
            let node = forest.nodes[place as usize];
            if node.is_leaf() || crown.asked.len() == most {
                crown.is_whole &= node.is_leaf();
                crown.slots.push(slot as u8);
                crown.places.push(place);
            } else {
                let turn = node.turn();
                let is_open = node.flags() & OPEN != 0;
                crown.asked.push(Asked {
                    slot: slot as u8,
                    turn,
                    last: node.bin().saturating_add(turn),
                    column: node.column(),
                    subset: is_open.then(|| forest.subset_numbers[place as usize]),
                });
                queue.extend([node.next(), node.next() + 1]);
            }
            slot += 1;
        }
        if crown.is_whole {
            let number = |place: &mut u32| *place = forest.nodes[*place as usize].next();
            crown.places.iter_mut().for_each(number);
        }
        crown
    }

    /// Whether all ends are leaves.
    pub(super) fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// The nodes where the crown ends; the numbers of their answers when it is the whole tree.
    pub(super) fn places(&self) -> &[u32] {
        &self.places
    }

    /// At which of its ends each row of a group comes out. What is left in `come` does not matter.
    pub(super) fn sort(&self, forest: &Forest, group: &[u8], come: &mut Coming) -> Rows {
        wide(
            #[inline(always)]
            || {
                come[0] = [u8::MAX; WIDE];
                let (columns, _) = group.as_chunks::<WIDE>();
                for (asked, children) in self.asked.iter().zip((1..).step_by(2)) {
                    let own = come[usize::from(asked.slot)];
                    let bins = &columns[usize::from(asked.column)];
                    let further = |bin: u8| match asked.subset {
                        None => bin.wrapping_add(asked.turn) > asked.last,
                        Some(number) => !holds(&forest.subsets[number as usize], bin),
                    };
                    let mut next = [[0; WIDE]; 2];
                    let [left, right] = &mut next;
                    let lanes = left.iter_mut().zip(right).zip(own.iter().zip(bins));
                    for ((left, right), (&own, &bin)) in lanes {
                        *right = if further(bin) { own } else { 0 };
                        *left = own ^ *right;
                    }
                    if let Some(places) = come[children..].first_chunk_mut::<2>() {
                        *places = next;
                    }
                }
                let mut ends = [0; WIDE];
                for (end, &slot) in (0_u8..).zip(&self.slots) {
                    let own = &come[usize::from(slot)];
                    ends.iter_mut()
                        .zip(own)
                        .for_each(|(to, own)| *to |= own & end);
                }
                ends
            },
        )
    }
}
