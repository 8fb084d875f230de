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

/// Many rows are parted piece by piece, a thread each, and then put together, a thread each.
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
    let both = rows.par_chunks(size).zip(spare.par_chunks_mut(size));
    let counts: Vec<usize> = both
        .with_max_len(1)
        .map(|(rows, spare)| set_apart(rows, spare, goes_left))
        .collect();
    let lefts = counts.iter().sum();
    let (mut left, mut right) = rows.split_at_mut(lefts);
    let parted = spare.chunks(size).zip(counts).map(|(piece, count)| {
        let (lefts, rights) = piece.split_at(count);
        let to = left.split_off_mut(..lefts.len()).unwrap_or_default();
        let behind = right.split_off_mut(..rights.len()).unwrap_or_default();
        (lefts, to, rights, behind)
    });
    let parted: Vec<_> = parted.collect();
    let parted = parted.into_par_iter().with_max_len(1);
    parted.for_each(|(lefts, to, rights, behind)| {
        to.copy_from_slice(lefts);
        let each = behind.iter_mut().zip(rights.iter().rev());
        each.for_each(|(to, row)| *to = *row);
    });
    lefts
}

/// Copies rows that go left to the front of a place of their size, in their order, and the others to its back, the last
/// one first; returns how many go left.
#[inline(always)]
fn set_apart<R: Copy>(rows: &[R], place: &mut [R], goes_left: impl Fn(R) -> bool) -> usize {
    let (mut lefts, mut end) = (0, rows.len());
    // Both places are written and one counts: which side a row takes is hard to guess.
    for &row in rows {
        let left = usize::from(goes_left(row));
        place[lefts] = row;
        place[end - 1] = row;
        lefts += left;
        end -= 1 - left;
    }
    lefts
}

/// As [`part`] by any question, on this thread alone.
#[inline(always)]
fn part_alone<R: Copy>(rows: &mut [R], spare: &mut [R], goes_left: impl Fn(R) -> bool) -> usize {
    let (mut lefts, mut rights) = (0, 0);
    // As in `set_apart`.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_keep_their_order_however_many_threads_there_are() -> Result<(), String> {
        let rule = Rule::Threshold {
            bin: 90,
            missing_left: true,
        };
        let bin = |row: u32| (row.wrapping_mul(2_654_435_761) >> 24) as u8;
        for threads in 1..=4 {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            let pool = pool.map_err(|error| error.to_string())?;
            for count in [0, 1, MANY, 2 * MANY + 1, 5 * MANY - 3] {
                let rows: Vec<u32> = (0..count as u32).collect();
                let (mut own, mut spare) = (rows.clone(), vec![0; count + 9]);
                let lefts = pool.install(|| part(&rule, &mut own, &mut spare, bin));
                let (mut expected, rights): (Vec<u32>, Vec<u32>) =
                    rows.iter().partition(|&&row| rule.left(bin(row)));
                assert_eq!(lefts, expected.len(), "{threads} threads, {count} rows");
                expected.extend(rights);
                assert_eq!(own, expected, "{threads} threads, {count} rows");
            }
        }
        Ok(())
    }
}
