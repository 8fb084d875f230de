//! Parting the rows of a node.

use super::splitting::Rule;
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

/// Many rows are parted piece by piece, a thread each.
fn part_by<R: Copy + Send + Sync>(
    rows: &mut [R],
    spare: &mut [R],
    goes_left: impl Fn(R) -> bool + Copy + Sync,
) -> usize {
    let pieces = rayon::current_num_threads().min(rows.len() / MANY);
    if pieces < 2 {
        return part_alone(rows, spare, goes_left);
    }
    let size = rows.len().div_ceil(pieces);
    let spare = &mut spare[..rows.len()];
    let both = rows.par_chunks_mut(size).zip(spare.par_chunks_mut(size));
    let counts: Vec<usize> = both
        .with_max_len(1)
        .map(|(rows, spare)| sift(rows, spare, goes_left))
        .collect();
    // Those that go left close up, the others follow.
    let mut lefts = 0;
    for (piece, &count) in counts.iter().enumerate() {
        rows.copy_within(piece * size..piece * size + count, lefts);
        lefts += count;
    }
    let mut rest = &mut rows[lefts..];
    for (rights, count) in spare.chunks(size).zip(counts) {
        let rights = &rights[..rights.len() - count];
        let (own, after) = rest.split_at_mut(rights.len());
        own.copy_from_slice(rights);
        rest = after;
    }
    lefts
}

/// As [`part`] by any question, on this thread alone.
#[inline(always)]
pub(super) fn part_alone<R: Copy>(
    rows: &mut [R],
    spare: &mut [R],
    goes_left: impl Fn(R) -> bool,
) -> usize {
    let lefts = sift(rows, spare, goes_left);
    let rights = rows.len() - lefts;
    rows[lefts..].copy_from_slice(&spare[..rights]);
    lefts
}

/// Rows that go left come first, the others stand in `spare`, each part in its old order; returns how many go left.
#[inline(always)]
fn sift<R: Copy>(rows: &mut [R], spare: &mut [R], goes_left: impl Fn(R) -> bool) -> usize {
    let (mut lefts, mut rights) = (0, 0);
    // Both places are written and one counts: which side a row takes is hard to guess.
    for index in 0..rows.len() {
        let row = rows[index];
        let left = usize::from(goes_left(row));
        rows[lefts] = row;
        spare[rights] = row;
        lefts += left;
        rights += 1 - left;
    }
    lefts
}
