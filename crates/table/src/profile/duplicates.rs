//! Rows that stand more than once, found by a hash of their cells.

use super::ColumnProfile;
use crate::sort::sort_keys;
use crate::{Column, Table, Values};
use arrow_array::Array;
use rayon::prelude::*;

/// Rows hashed by one thread at a time.
const CHUNK: usize = 16 << 10;

/// How many rows equal an earlier one in every cell. Hashes have 64 bits: among ten million rows an error is less likely
/// than one in 300,000.
pub(super) fn duplicate_rows(table: &Table, columns: &[ColumnProfile]) -> usize {
    let all_differ =
        |column: &ColumnProfile| column.missing == 0 && column.distinct == table.rows();
    if columns.iter().any(all_differ) || columns.is_empty() {
        return 0;
    }
    let mut hashes = vec![0_u64; table.rows()];
    hashes
        .par_chunks_mut(CHUNK)
        .enumerate()
        .for_each(|(chunk, hashes)| {
            for column in table.columns() {
                mix_column(column, chunk * CHUNK, hashes);
            }
        });
    let sorted = sort_keys(hashes);
    sorted.windows(2).filter(|pair| pair[0] == pair[1]).count()
}

fn mix_column(column: &Column, begin: usize, hashes: &mut [u64]) {
    const MISSING: u64 = 0x9e37_79b9_7f4a_7c15;
    match column.values() {
        Values::Numbers(values) => {
            let part = values.slice(begin, hashes.len());
            for (row, (hash, value)) in hashes.iter_mut().zip(part.values()).enumerate() {
                let cell = if part.is_valid(row) {
                    (value + 0.0).to_bits()
                } else {
                    MISSING
                };
                *hash = mix(*hash, cell);
            }
        }
        Values::Strings(values) => {
            // Texts of one column differ exactly when their codes do.
            let part = values.keys().slice(begin, hashes.len());
            for (row, (hash, code)) in hashes.iter_mut().zip(part.values()).enumerate() {
                let cell = if part.is_valid(row) {
                    *code as u64
                } else {
                    MISSING
                };
                *hash = mix(*hash, cell);
            }
        }
    }
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014) over a running value.
pub(super) fn mix(hash: u64, value: u64) -> u64 {
    let mut mixed = hash
        .rotate_left(5)
        .wrapping_add(value)
        .wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
