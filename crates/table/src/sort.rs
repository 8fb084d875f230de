//! Numbers in rising order: least-significant-digit radix sort on the upper 44 bits, eleven at a time; the few that agree
//! in all of them are then sorted by comparing.

/// Below this, comparing is faster.
const SMALL: usize = 4096;
const DIGIT_BITS: u32 = 11;
const DIGITS: usize = 4;
const LOW_BITS: u32 = u64::BITS - DIGITS as u32 * DIGIT_BITS;
const BUCKETS: usize = 1 << DIGIT_BITS;

/// The numbers in rising order; NaN have no place among them and come at an end. Several times as fast as comparing where
/// there are many.
pub fn sort_numbers(values: Vec<f64>) -> Vec<f64> {
    if values.len() < SMALL {
        let mut values = values;
        values.sort_unstable_by(f64::total_cmp);
        return values;
    }
    if let Some(sorted) = count_whole(&values) {
        return sorted;
    }
    let keys = values.into_iter().map(key).collect();
    sort_keys(keys).into_iter().map(number).collect()
}

/// Sorts any keys.
pub(crate) fn sort_keys(mut keys: Vec<u64>) -> Vec<u64> {
    if keys.len() < SMALL {
        keys.sort_unstable();
        return keys;
    }
    let mut counts = vec![[0_u32; BUCKETS]; DIGITS];
    for &key in &keys {
        for (digit, counts) in counts.iter_mut().enumerate() {
            counts[bucket(key, digit)] += 1;
        }
    }
    let mut other = vec![0_u64; keys.len()];
    for (digit, counts) in counts.iter_mut().enumerate() {
        if counts.iter().any(|count| *count as usize == keys.len()) {
            continue;
        }
        let mut begin = 0;
        for count in counts.iter_mut() {
            begin += std::mem::replace(count, begin);
        }
        for &key in &keys {
            let place = &mut counts[bucket(key, digit)];
            other[*place as usize] = key;
            *place += 1;
        }
        std::mem::swap(&mut keys, &mut other);
    }
    for alike in keys.chunk_by_mut(|a, b| a >> LOW_BITS == b >> LOW_BITS) {
        if alike.len() > 1 {
            alike.sort_unstable();
        }
    }
    keys
}

#[inline]
fn bucket(key: u64, digit: usize) -> usize {
    (key >> (LOW_BITS + digit as u32 * DIGIT_BITS)) as usize & (BUCKETS - 1)
}

/// Bits that rise as the number does.
#[inline]
fn key(value: f64) -> u64 {
    let bits = value.to_bits();
    bits ^ (((bits as i64) >> 63) as u64 | 1 << 63)
}

#[inline]
fn number(key: u64) -> f64 {
    let mask = if key >> 63 == 1 { 1 << 63 } else { u64::MAX };
    f64::from_bits(key ^ mask)
}

/// Whole numbers in a narrow range are counted.
fn count_whole(values: &[f64]) -> Option<Vec<f64>> {
    const WIDEST: f64 = 65_536.0;
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for &value in values {
        if value.fract() != 0.0 {
            return None;
        }
        low = low.min(value);
        high = high.max(value);
    }
    if high - low >= WIDEST || low > high || low.abs() > 1e15 {
        return None;
    }
    let mut counts = vec![0_usize; (high - low) as usize + 1];
    for &value in values {
        counts[(value - low) as usize] += 1;
    }
    let mut sorted = Vec::with_capacity(values.len());
    for (offset, count) in counts.into_iter().enumerate() {
        sorted.resize(sorted.len() + count, low + offset as f64);
    }
    Some(sorted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_as_comparing_does() {
        let mut state = 1_u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            state >> 11
        };
        for scale in [1e-300, 1.0, 1e300] {
            let values: Vec<f64> = (0..20_000)
                .map(|_| (next() as f64 - 4.5e15) * scale / 1e15)
                .collect();
            let mut want = values.clone();
            want.sort_unstable_by(f64::total_cmp);
            assert_eq!(sort_numbers(values), want);
        }
        let alike: Vec<f64> = (0..20_000)
            .map(|_| 1.0 + (next() % 1000) as f64 * f64::EPSILON)
            .collect();
        let mut want = alike.clone();
        want.sort_unstable_by(f64::total_cmp);
        assert_eq!(sort_numbers(alike), want);
        let whole: Vec<f64> = (0..20_000).map(|_| (next() % 999) as f64 - 500.0).collect();
        let mut want = whole.clone();
        want.sort_unstable_by(f64::total_cmp);
        assert_eq!(sort_numbers(whole), want);
    }
}
