//! Divides a list in place, without branches that are hard to foresee.

#![expect(
    unsafe_code,
    reason = "two stores an item whose places are checked once for all of them"
)]

/// Puts what goes left first, each side in its old order, and says how many go left. `spare` is room for as many.
///
/// # Panics
/// When `spare` is shorter than `items`.
#[inline(always)]
pub(crate) fn divide<T: Copy>(
    items: &mut [T],
    spare: &mut [T],
    goes_left: impl Fn(T) -> bool,
) -> usize {
    let left = separate(items, spare, goes_left);
    let right = items.len() - left;
    items[left..].copy_from_slice(&spare[..right]);
    left
}

/// Puts what goes left first and everything else into `spare`, each side in its old order, and says how many go left.
/// What stands behind them in `items` is of no use.
///
/// # Panics
/// When `spare` is shorter than `items`.
#[inline(always)]
pub(crate) fn separate<T: Copy>(
    items: &mut [T],
    spare: &mut [T],
    goes_left: impl Fn(T) -> bool,
) -> usize {
    let count = items.len();
    assert!(spare.len() >= count, "room for every item");
    let (items, spare) = (items.as_mut_ptr(), spare.as_mut_ptr());
    let mut left = 0;
    for at in 0..count {
        // SAFETY: `left` is at most `at`, and `at` is less than `count`, which neither slice is shorter than.
        unsafe {
            let item = *items.add(at);
            // Both places are written and one counts: which side an item takes is hard to guess.
            *items.add(left) = item;
            *spare.add(at - left) = item;
            left += usize::from(goes_left(item));
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sides_are_those_of_a_plain_partition(items in prop::collection::vec(any::<u16>(), 0..200), bits in any::<u16>()) {
            let goes_left = |item: u16| (item & bits).count_ones() % 2 == 1;
            let (left, right): (Vec<u16>, Vec<u16>) = items.iter().partition(|&&item| goes_left(item));
            let mut divided = items.clone();
            let mut spare = vec![0; items.len()];
            let middle = divide(&mut divided, &mut spare, goes_left);
            prop_assert_eq!(&divided[..middle], &left[..]);
            prop_assert_eq!(&divided[middle..], &right[..]);
        }
    }

    #[test]
    #[should_panic(expected = "room for every item")]
    fn too_little_room_is_a_mistake() {
        divide(&mut [1, 2], &mut [0], |_| true);
    }
}
