//! The largest of many numbers.

/// The largest of some numbers, eight at a time; those that are none do not count, and `least` stands for nothing at all.
#[inline(always)]
pub(crate) fn largest<T: Copy + PartialOrd>(numbers: &[T], least: T) -> T {
    let larger = |one: T, other: T| if other > one { other } else { one };
    let (chunks, rest) = numbers.as_chunks::<8>();
    let mut most = [least; 8];
    for chunk in chunks {
        for (most, &number) in most.iter_mut().zip(chunk) {
            *most = larger(*most, number);
        }
    }
    most.iter().chain(rest).copied().fold(least, larger)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn is_what_a_plain_fold_finds(mut numbers in prop::collection::vec(-1e9_f64..1e9, 0..70), none in 0_usize..70) {
            if let Some(number) = numbers.get_mut(none) {
                *number = f64::NAN;
            }
            let plain = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            prop_assert_eq!(largest(&numbers, f64::NEG_INFINITY), plain);
        }
    }
}
