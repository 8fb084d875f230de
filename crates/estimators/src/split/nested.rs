//! Samples that contain each other: one order of the rows, of which every beginning is a sample.

use super::shuffle::shuffle;
use crate::Target;

/// The rows in an order by chance of which every beginning has the classes in their shares, as nearly as can be; the first
/// rows are one of each class that there is. `rows` are positions in the target; another stream is another order.
pub fn nested_order(target: &Target, rows: &[usize], seed: u64, stream: u64) -> Vec<usize> {
    let mut rows = rows.to_vec();
    shuffle(&mut rows, seed, stream);
    let Target::Classes { indices, classes } = target else {
        return rows;
    };
    let mut counts = vec![0_usize; *classes];
    rows.iter()
        .for_each(|&row| counts[indices[row] as usize] += 1);
    let mut met = vec![0_usize; *classes];
    let mut placed: Vec<(f64, usize)> = rows
        .into_iter()
        .map(|row| {
            let class = indices[row] as usize;
            let place = met[class] as f64 / counts[class] as f64;
            met[class] += 1;
            (place, row)
        })
        .collect();
    // Stable: rows of one place stay in the order they were shuffled into.
    placed.sort_by(|one, other| one.0.total_cmp(&other.0));
    placed.into_iter().map(|(_, row)| row).collect()
}
