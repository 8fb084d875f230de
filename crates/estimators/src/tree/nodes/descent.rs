//! One row down many trees side by side, a lane of a vector each. Where a walk goes next depends on what it reads, so one
//! alone mostly waits; together they wait once.

#![expect(
    unsafe_code,
    reason = "lanes read nodes and bins from the places they stand at"
)]

use super::Forest;
use super::abreast::ABREAST;
use std::sync::LazyLock;

/// Walks that go together.
pub(super) const LANES: usize = 64;
/// Bytes that are read where one is wanted: a lane takes four.
pub(super) const BEYOND: usize = 3;

/// Whether this machine has vectors that look up.
static HAS_LANES: LazyLock<bool> = LazyLock::new(|| {
    #[cfg(target_arch = "x86_64")]
    return std::arch::is_x86_feature_detected!("avx512f");
    #[cfg(not(target_arch = "x86_64"))]
    return false;
});

static IS_WIDE: LazyLock<bool> = LazyLock::new(|| *HAS_LANES && looks_up_at_once());

/// Whether walks go down side by side here: where looking up in vectors is quicker than one value after the other.
pub(super) fn is_wide() -> bool {
    *IS_WIDE
}

/// Intel's processors ask memory for all lanes together. AMD's take such an instruction apart, lane by lane: one row took
/// 23 µs down a hundred trees of a forest on Zen 4, and 11 µs without.
fn looks_up_at_once() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        let name = std::arch::x86_64::__cpuid(0);
        let name = [name.ebx, name.edx, name.ecx].map(u32::to_le_bytes);
        name.as_flattened() == b"GenuineIntel"
    }
    #[cfg(not(target_arch = "x86_64"))]
    false
}

/// Where each walk stands.
#[derive(Clone, Debug)]
#[repr(align(64))]
struct Places([u32; LANES]);

impl Forest {
    /// Leads a row (as `Block::row` gives it) from these roots, at most [`LANES`], to leaves. Lanes without a root follow the
    /// last one.
    pub(super) fn descend(&self, roots: &[u32], row: &[u8]) -> [u32; LANES] {
        let mut places = Places([*roots.last().unwrap_or(&0); LANES]);
        places.0[..roots.len()].copy_from_slice(roots);
        assert!(
            (self.asked_columns() - 1) * ABREAST + 1 + BEYOND <= row.len(),
            "the bins of a row end early"
        );
        let is_node = |&at: &u32| (at as usize) < self.nodes.len();
        assert!(places.0.iter().all(is_node), "a tree begins outside");
        // Lanes count with signs, and subsets in eighths.
        let most = self.nodes.len().max(row.len()).max(8 * self.subsets.len());
        let fits = most <= i32::MAX as usize;
        #[cfg(target_arch = "x86_64")]
        if fits && *HAS_LANES {
            // SAFETY: the processor has these instructions. Walks begin within the trees and the row has its columns, as
            // asserted; `load` and `push` make sure that children of inner nodes are nodes, that columns are those of the
            // forest, and that whoever asks about a subset has one.
            unsafe { wide::descend(self, row, &mut places.0) };
            return places.0;
        }
        let _ = fits;
        places.0.map(|place| self.leaf_of(place, row))
    }

    fn leaf_of(&self, from: u32, row: &[u8]) -> u32 {
        let mut at = from as usize;
        loop {
            let node = self.nodes[at];
            if node.is_leaf() {
                return at as u32;
            }
            let bin = row[ABREAST * usize::from(node.column())];
            at = node.next() as usize + usize::from(self.leads_right(at, node, bin));
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod wide {
    use super::super::{Forest, LEAF, MISSING_LEFT, Node, OPEN};
    use super::{ABREAST, LANES};
    use std::arch::x86_64::{
        _mm512_add_epi32, _mm512_and_si512, _mm512_castsi512_si256, _mm512_cmpgt_epi32_mask,
        _mm512_extracti64x4_epi64, _mm512_i32gather_epi32, _mm512_i32gather_epi64,
        _mm512_loadu_si512, _mm512_mask_add_epi32, _mm512_mask_i32gather_epi32,
        _mm512_mask_mov_epi32, _mm512_mask_testn_epi32_mask, _mm512_permutex2var_epi32,
        _mm512_set1_epi32, _mm512_setzero_si512, _mm512_slli_epi32, _mm512_srli_epi32,
        _mm512_srlv_epi32, _mm512_storeu_si512, _mm512_test_epi32_mask, _mm512_testn_epi32_mask,
    };

    const WIDTH: usize = 16;
    const VECTORS: usize = LANES / WIDTH;
    const TURN: u32 = Node::FLAGS + MISSING_LEFT.trailing_zeros();

    const EVEN: [u32; WIDTH] = [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30];
    const ODD: [u32; WIDTH] = [1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31];

    /// # Safety
    /// The places are nodes, and the bins of all columns stand in the row with three bytes behind them; there are fewer
    /// nodes, bytes and eighths of subsets than `i32` counts.
    #[target_feature(enable = "avx512f")]
    pub(super) unsafe fn descend(forest: &Forest, row: &[u8], walkers: &mut [u32; LANES]) {
        const { assert!(size_of::<Node>() == 8 && ABREAST == 8) };
        let nodes = forest.nodes.as_ptr().cast::<i64>();
        let first_bin = row.as_ptr().cast::<i32>();
        let numbers = forest.subset_numbers.as_ptr().cast::<i32>();
        let subsets = forest.subsets.as_ptr().cast::<i32>();
        // SAFETY: both tables are as long as a vector.
        let (even, odd) = unsafe {
            (
                _mm512_loadu_si512(EVEN.as_ptr().cast()),
                _mm512_loadu_si512(ODD.as_ptr().cast()),
            )
        };
        let (zero, one) = (_mm512_setzero_si512(), _mm512_set1_epi32(1));
        let low_byte = _mm512_set1_epi32(0xff);
        let low_half = _mm512_set1_epi32(0xffff);
        let leaf = _mm512_set1_epi32(i32::from(LEAF) << Node::FLAGS);
        let subset = _mm512_set1_epi32(i32::from(OPEN) << Node::FLAGS);
        let mut places = [zero; VECTORS];
        for (vector, place) in places.iter_mut().enumerate() {
            // SAFETY: `vector` counts the vectors that the array is made of.
            *place = unsafe { _mm512_loadu_si512(walkers.as_ptr().add(vector * WIDTH).cast()) };
        }
        loop {
            let mut walking = 0;
            for place in &mut places {
                let at = *place;
                // SAFETY: each lane stands at a node. Eight bytes each are one node.
                let (low, high) = unsafe {
                    (
                        _mm512_i32gather_epi64::<8>(_mm512_castsi512_si256(at), nodes),
                        _mm512_i32gather_epi64::<8>(_mm512_extracti64x4_epi64::<1>(at), nodes),
                    )
                };
                let question = _mm512_permutex2var_epi32(low, even, high);
                let next = _mm512_permutex2var_epi32(low, odd, high);
                let column = _mm512_and_si512(question, low_half);
                // SAFETY: eight bytes a column: the place of a bin with three bytes behind it.
                let word = unsafe { _mm512_i32gather_epi32::<8>(column, first_bin) };
                // One further round the circle, missing ones come first.
                let turn = _mm512_and_si512(_mm512_srli_epi32::<TURN>(question), one);
                let bin = _mm512_and_si512(_mm512_add_epi32(word, turn), low_byte);
                let last = _mm512_srli_epi32::<{ Node::BIN }>(question);
                let mut right = _mm512_cmpgt_epi32_mask(bin, _mm512_add_epi32(last, turn));
                let inner = _mm512_testn_epi32_mask(question, leaf);
                let asking = _mm512_test_epi32_mask(question, subset);
                if asking != 0 {
                    let bin = _mm512_and_si512(word, low_byte);
                    // SAFETY: nodes that ask about a subset have its number, and it is one of the subsets; a bin has 8
                    // bits, of which a subset's eight words have one each.
                    let bits = unsafe {
                        let number = _mm512_mask_i32gather_epi32::<4>(zero, asking, at, numbers);
                        let eighth = _mm512_srli_epi32::<5>(bin);
                        let word_at = _mm512_add_epi32(_mm512_slli_epi32::<3>(number), eighth);
                        _mm512_mask_i32gather_epi32::<4>(zero, asking, word_at, subsets)
                    };
                    let bit = _mm512_srlv_epi32(bits, _mm512_and_si512(bin, _mm512_set1_epi32(31)));
                    right = (right & !asking) | _mm512_mask_testn_epi32_mask(asking, bit, one);
                }
                let child = _mm512_mask_add_epi32(next, right, next, one);
                *place = _mm512_mask_mov_epi32(at, inner, child);
                walking |= inner;
            }
            if walking == 0 {
                break;
            }
        }
        for (vector, place) in places.into_iter().enumerate() {
            // SAFETY: as where they were loaded.
            unsafe { _mm512_storeu_si512(walkers.as_mut_ptr().add(vector * WIDTH).cast(), place) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::binning::MISSING_BIN;
    use super::super::{MISSING_LEFT, Node, OPEN, SUBSET};
    use super::*;
    use crate::kernels::random::Random;
    use crate::tree::nodes::Block;
    use proptest::prelude::*;

    /// Trees of any shape whose nodes ask anything.
    fn any_forest(
        random: &mut Random,
        (features, width): (usize, usize),
        (subsets, missing): (bool, bool),
    ) -> Forest {
        let mut forest = Forest::new(features, width);
        let mut below = |most: u64| random.bits() % most;
        for _ in 0..=below(70) {
            let root = forest.nodes.len();
            forest.roots.push(root as u32);
            forest.nodes.push(Node::leaf(0));
            for _ in 0..below(250) {
                let at = root + below((forest.nodes.len() - root) as u64) as usize;
                if !forest.nodes[at].is_leaf() {
                    continue;
                }
                let asks = subsets && below(3) == 0;
                if asks {
                    // A few again and again, others once.
                    let kind = [7, below(9), below(u64::MAX)][below(3) as usize];
                    let bits = [kind, !kind, kind / 3, kind.rotate_left(9)];
                    forest
                        .subset_numbers
                        .resize(at.max(forest.subset_numbers.len()), 0);
                    forest.subset_numbers.resize(forest.nodes.len(), 0);
                    forest.subset_numbers[at] = forest.subsets.len() as u32;
                    forest.subsets.push(bits);
                }
                let flags = if asks {
                    SUBSET
                } else if missing && below(2) == 0 {
                    MISSING_LEFT
                } else {
                    0
                };
                forest.sends_missing_left |= flags == MISSING_LEFT;
                let next = forest.nodes.len() as u32;
                forest.nodes[at] =
                    Node::new(next, below(features as u64) as u16, below(255) as u8, flags);
                forest.nodes.extend([Node::leaf(0); 2]);
            }
        }
        let answers = 1 + below(50);
        forest.answers = (0..answers * width as u64)
            .map(|_| below(1 << 40) as f64 / 3.0)
            .collect();
        for node in forest.nodes.iter_mut().filter(|node| node.is_leaf()) {
            *node = Node::leaf(below(answers) as u32);
        }
        if subsets {
            forest.subset_numbers.resize(forest.nodes.len(), 0);
            // Some forests ask about more subsets than have columns.
            forest.give_columns(0);
        }
        forest
    }

    /// By the rules as they are written down, one node after the other.
    fn naive(forest: &Forest, bins: &[Vec<u8>], row: usize, tree: usize) -> usize {
        let mut at = forest.roots[tree] as usize;
        while !forest.nodes[at].is_leaf() {
            let node = forest.nodes[at];
            let bin = bins[usize::from(forest.column_of(node))][row];
            let right = match node.flags() & !OPEN {
                SUBSET => {
                    let subset = forest.subsets[forest.subset_numbers[at] as usize];
                    subset[usize::from(bin) / 64] >> (bin % 64) & 1 == 0
                }
                MISSING_LEFT => bin != MISSING_BIN && bin > node.bin(),
                _ => bin > node.bin(),
            };
            at = node.next() as usize + usize::from(right);
        }
        forest.nodes[at].next() as usize
    }

    proptest! {
        #[test]
        fn every_way_down_ends_at_the_same_answers(
            seed in any::<u64>(),
            features in 1_usize..9,
            rows in 1_usize..200,
            width in 1_usize..4,
            asks in any::<(bool, bool)>(),
        ) {
            let mut random = Random::new(seed, 0);
            let forest = any_forest(&mut random, (features, width), asks);
            let columns: Vec<Vec<u8>> = (0..features)
                .map(|_| (0..rows).map(|_| match random.bits() % 9 {
                    0 => MISSING_BIN,
                    other => (other * 31 + random.bits() % 31) as u8 % 255,
                }).collect())
                .collect();
            let mut expected = vec![0.0; rows * width];
            let mut answers = Vec::new();
            for row in 0..rows {
                for tree in 0..forest.trees() {
                    answers.push(naive(&forest, &columns, row, tree) as u32);
                    let answer = naive(&forest, &columns, row, tree) * width;
                    for (sum, value) in expected[row * width..][..width].iter_mut().zip(&forest.answers[answer..]) {
                        *sum += value;
                    }
                }
            }
            let block = Block::laid_out(&forest, &columns);
            let mut sums = vec![0.0; rows * width];
            forest.add_answers(&block, &mut sums);
            prop_assert_eq!(&sums, &expected, "all rows together");
            // Some rows only, tree by tree.
            let mut sums = vec![0.0; rows * width];
            for tree in 0..forest.trees() {
                forest.add_answers_of_tree(tree, &block, |row| row % 2 == 0, &mut sums);
            }
            for (row, (sums, expected)) in sums.chunks(width).zip(expected.chunks(width)).enumerate() {
                let wanted = if row % 2 == 0 { expected.to_vec() } else { vec![0.0; width] };
                prop_assert_eq!(sums, wanted, "row {}", row);
            }
            // One row by itself, and side by side whether or not that is quick here.
            for row in 0..rows.min(20) {
                let own: Vec<Vec<u8>> = columns.iter().map(|column| vec![column[row]]).collect();
                let own = Block::laid_out(&forest, &own);
                let mut sums = vec![0.0; width];
                forest.add_answers(&own, &mut sums);
                prop_assert_eq!(&sums[..], &expected[row * width..][..width], "row {} alone", row);
                let leaves = forest.roots.chunks(LANES).flat_map(|roots| {
                    forest.descend(roots, own.row(0)).into_iter().take(roots.len())
                });
                let numbers: Vec<u32> = leaves.map(|leaf| forest.nodes[leaf as usize].next()).collect();
                prop_assert_eq!(&numbers[..], &answers[row * forest.trees()..][..forest.trees()]);
            }
        }
    }
}
