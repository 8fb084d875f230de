//! Parting the rows of a node.

use super::splitting::Rule;
use crate::kernels::dividing::{divide, separate};
use rayon::prelude::*;

/// Rows that are worth another thread.
const MANY: usize = 1 << 12;

/// Rows that go left first, each part in its old order; returns how many go left. `spare` has room for all of them; `bin`
/// is a row's in the column that the rule asks about.
#[inline(always)]
pub(crate) fn part<R: Copy + Send + Sync>(
    rule: &Rule,
    rows: &mut [R],
    spare: &mut [R],
    bin: impl Fn(R) -> u8 + Sync,
) -> usize {
    match *rule {
        Rule::Threshold {
            bin: last,
            missing_left,
        } => {
            // One further round the circle, missing ones come first.
            let turn = u8::from(missing_left);
            let last = last.wrapping_add(turn);
            part_by(rows, spare, |row| bin(row).wrapping_add(turn) <= last)
        }
        Rule::Subset(_) => part_by(rows, spare, |row| rule.left(bin(row))),
    }
}

/// Many rows are parted piece by piece, one to a thread.
fn part_by<R: Copy + Send + Sync>(
    rows: &mut [R],
    spare: &mut [R],
    goes_left: impl Fn(R) -> bool + Copy + Sync,
) -> usize {
    let threads = rayon::current_num_threads();
    if rows.len() < MANY || threads == 1 {
        return divide(rows, spare, goes_left);
    }
    let spare = &mut spare[..rows.len()];
    let piece = rows.len().div_ceil(threads).max(MANY / 2);
    let pieces = rows
        .par_chunks_mut(piece)
        .zip(spare.par_chunks_mut(piece))
        .map(|(rows, spare)| separate(rows, spare, goes_left));
    let lefts: Vec<usize> = pieces.collect();
    let mut left = 0;
    for (index, &count) in lefts.iter().enumerate() {
        let first = index * piece;
        rows.copy_within(first..first + count, left);
        left += count;
    }
    let mut places = &mut rows[left..];
    rayon::scope(|scope| {
        for (spare, count) in spare.chunks(piece).zip(lefts) {
            let (own, others) = std::mem::take(&mut places).split_at_mut(spare.len() - count);
            places = others;
            scope.spawn(move |_| own.copy_from_slice(&spare[..own.len()]));
        }
    });
    left
}
