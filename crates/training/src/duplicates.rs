//! Rows that stand on both sides of a split, which make scores look better than they are.

use trainyard_table::{Table, Values, as_strings};

/// How many test rows are equal, in every column, to some training row.
pub(crate) fn shared_rows(train: &Table, test: &Table) -> usize {
    let mut seen = row_hashes(train);
    seen.sort_unstable();
    row_hashes(test)
        .into_iter()
        .filter(|hash| seen.binary_search(hash).is_ok())
        .count()
}

/// One 64-bit hash a row over its cells; equal rows have equal hashes, also between tables.
fn row_hashes(table: &Table) -> Vec<u64> {
    const MISSING: u64 = 0x5bd1_e995;
    let mut hashes = vec![0_u64; table.rows()];
    for column in table.columns() {
        match column.values() {
            Values::Numbers(numbers) => {
                for (hash, value) in hashes.iter_mut().zip(numbers) {
                    *hash = mix(*hash, value.map_or(MISSING, f64::to_bits));
                }
            }
            Values::Strings(strings) => {
                let words: Vec<u64> = as_strings(strings.values())
                    .into_iter()
                    .flatten()
                    .map(|word| word.map_or(MISSING, text_hash))
                    .collect();
                for (hash, key) in hashes.iter_mut().zip(strings.keys()) {
                    let word = key.and_then(|key| words.get(key as usize).copied());
                    *hash = mix(*hash, word.unwrap_or(MISSING));
                }
            }
        }
    }
    hashes
}

fn text_hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        mix(hash, u64::from(byte))
    })
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood, 2014) over a running value.
fn mix(hash: u64, value: u64) -> u64 {
    let mut mixed = (hash ^ value).wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
