//! A counter-based shuffle: every draw is a function of (seed, stream, counter) alone, so the same seed gives the same
//! order on every machine and for any thread count. May touch nothing but its arguments.

/// One 64-bit draw: the finaliser of SplitMix64 (Steele, Lea & Flood 2014) over a Weyl sequence keyed by seed and stream.
pub(crate) fn draw(seed: u64, stream: u64, counter: u64) -> u64 {
    mix(mix(seed ^ mix(stream.wrapping_add(WEYL))).wrapping_add(counter.wrapping_mul(WEYL)))
}

/// A draw in `0..bound` (`bound` ≥ 1) by multiply-shift; the bias is below `bound / 2⁶⁴`.
pub(crate) fn draw_below(seed: u64, stream: u64, counter: u64, bound: usize) -> usize {
    let product = u128::from(draw(seed, stream, counter)) * bound as u128;
    (product >> 64) as usize
}

/// Fisher–Yates from the end.
pub(crate) fn shuffle<T>(items: &mut [T], seed: u64, stream: u64) {
    for last in (1..items.len()).rev() {
        let other = draw_below(seed, stream, last as u64, last + 1);
        items.swap(last, other);
    }
}

/// The seed of one part of the work (a resample, a repeat), independent of all others.
pub(crate) fn derive(seed: u64, stream: u64) -> u64 {
    draw(seed, stream, u64::MAX)
}

const WEYL: u64 = 0x9E37_79B9_7F4A_7C15;

/// SplitMix64's finaliser: every input bit reaches every output bit.
pub(crate) fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_of_three_is_about_equally_likely() {
        let mut seen = std::collections::BTreeMap::new();
        for seed in 0..6000 {
            let mut items = [0, 1, 2];
            shuffle(&mut items, seed, 0);
            *seen.entry(items).or_insert(0_u32) += 1;
        }
        assert_eq!(seen.len(), 6);
        assert!(
            seen.values().all(|&count| (850..1150).contains(&count)),
            "{seen:?}"
        );
    }

    #[test]
    fn streams_differ_and_repeat() {
        assert_eq!(draw(1, 2, 3), draw(1, 2, 3));
        assert_ne!(draw(1, 2, 3), draw(1, 3, 3));
        assert_ne!(draw(1, 2, 3), draw(2, 2, 3));
        assert_ne!(draw(1, 2, 3), draw(1, 2, 4));
    }
}
