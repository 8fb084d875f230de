//! Turning small blocks of bytes, so that rows become columns.

/// Eight rows of eight bytes as eight columns: blocks of four, two and one bytes change places across the diagonal.
#[inline(always)]
pub(crate) fn transpose(rows: [[u8; 8]; 8]) -> [[u8; 8]; 8] {
    let mut words = rows.map(u64::from_le_bytes);
    for (distance, mask) in [
        (4, 0x0000_0000_ffff_ffff_u64),
        (2, 0x0000_ffff_0000_ffff),
        (1, 0x00ff_00ff_00ff_00ff),
    ] {
        let shift = 8 * distance;
        for low in (0..8).filter(|row| row & distance == 0) {
            let high = low + distance;
            let moved = ((words[low] >> shift) ^ words[high]) & mask;
            words[low] ^= moved << shift;
            words[high] ^= moved;
        }
    }
    words.map(u64::to_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_columns() {
        let rows: [[u8; 8]; 8] =
            std::array::from_fn(|row| std::array::from_fn(|column| (row * 16 + column) as u8));
        let columns = transpose(rows);
        for (row, bytes) in rows.iter().enumerate() {
            for (column, &byte) in bytes.iter().enumerate() {
                assert_eq!(columns[column][row], byte);
            }
        }
    }
}
