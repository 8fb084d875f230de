//! Parting the rows of a node.

use super::splitting::Rule;

/// Rows that are worth another thread.
const MANY: usize = 1 << 12;

/// Rows that go left first, each part in its old order; returns how many go left. `spare` has room for all of them; `bin`
/// is a row's in the column that the rule asks about.
#[inline(always)]
pub(crate) fn part<R: Copy + Send>(
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

/// Many rows are parted half by half.
fn part_by<R: Copy + Send>(
    rows: &mut [R],
    spare: &mut [R],
    goes_left: impl Fn(R) -> bool + Copy + Sync,
) -> usize {
    if rows.len() < MANY || rayon::current_num_threads() == 1 {
        return part_alone(rows, spare, goes_left);
    }
    let middle = rows.len() / 2;
    let (first, second) = rows.split_at_mut(middle);
    let (own, other) = spare.split_at_mut(middle);
    let (lefts, further) = rayon::join(
        || part_by(first, own, goes_left),
        || part_by(second, other, goes_left),
    );
    rows[lefts..middle + further].rotate_left(middle - lefts);
    lefts + further
}

/// As [`part`] by any question, on this thread alone.
#[inline(always)]
pub(super) fn part_alone<R: Copy>(
    rows: &mut [R],
    spare: &mut [R],
    goes_left: impl Fn(R) -> bool,
) -> usize {
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
    rows[lefts..].copy_from_slice(&spare[..rights]);
    lefts
}
