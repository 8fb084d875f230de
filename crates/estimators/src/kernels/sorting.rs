//! Sorting many numbers by their bits.

/// Bits of a digit.
const DIGIT: u32 = 11;
const DIGITS: u32 = 3;
/// Bits that digits do not reach.
const BELOW: u32 = u64::BITS - DIGIT * DIGITS;
/// Fewer numbers than this are sorted by comparing them.
const FEW: usize = 2_000;

/// Sorts as [`f64::total_cmp`] does: three passes over the leading 33 bits, then each run that agrees in them.
pub(crate) fn sort(values: &mut Vec<f64>) {
    if values.len() < FEW {
        return values.sort_unstable_by(f64::total_cmp);
    }
    let mut keys: Vec<u64> = values.iter().map(|&value| key(value)).collect();
    let mut sorted = vec![0; keys.len()];
    for pass in 0..DIGITS {
        let digit = |key: u64| (key >> (BELOW + pass * DIGIT)) as usize & ((1 << DIGIT) - 1);
        let mut places = [0_u32; 1 << DIGIT];
        keys.iter().for_each(|&key| places[digit(key)] += 1);
        let mut next = 0;
        for place in &mut places {
            next += std::mem::replace(place, next);
        }
        for &key in &keys {
            let place = &mut places[digit(key)];
            sorted[*place as usize] = key;
            *place += 1;
        }
        std::mem::swap(&mut keys, &mut sorted);
    }
    for run in keys.chunk_by_mut(|left, right| left >> BELOW == right >> BELOW) {
        // Most often one number, many times.
        if run.iter().any(|key| *key != run[0]) {
            run.sort_unstable();
        }
    }
    values.clear();
    values.extend(keys.into_iter().map(value));
}

/// Rises with the number: negative ones have all bits turned, others the sign.
fn key(value: f64) -> u64 {
    let bits = value.to_bits();
    bits ^ ((bits as i64 >> 63) as u64 | 1 << 63)
}

fn value(key: u64) -> f64 {
    f64::from_bits(key ^ ((!key as i64 >> 63) as u64 | 1 << 63))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorts_as_comparing_does(
            some in prop::collection::vec(prop_oneof![any::<f64>(), -3.0..3.0, Just(0.0), Just(-0.0), 1e9..1.000_000_1e9], 1..400),
            times in 1_usize..20,
        ) {
            let mut values = some.repeat(times);
            let mut compared = values.clone();
            compared.sort_unstable_by(f64::total_cmp);
            sort(&mut values);
            prop_assert_eq!(
                values.iter().map(|value| value.to_bits()).collect::<Vec<_>>(),
                compared.iter().map(|value| value.to_bits()).collect::<Vec<_>>()
            );
        }
    }
}
