//! Large pages behind large buffers. Fresh memory comes a page at a time, and each first touch of one interrupts the
//! program; with pages of two megabytes there are five hundred times fewer of them, and walks that jump about find their
//! addresses sooner. Linux gives them to who asks, where its administrator allows it; nothing else changes.

#![expect(
    unsafe_code,
    reason = "the system is told something about memory that a live slice covers"
)]

/// Bytes of a large page.
#[cfg(target_os = "linux")]
const PAGE: usize = 2 << 20;

/// So many zeros.
pub(crate) fn zeros<T: Copy + Default>(count: usize) -> Vec<T> {
    // Memory of this size comes fresh from the system: it is not touched before it is advised.
    let mut values = vec![T::default(); count];
    advise(&mut values);
    values
}

/// Room for so many values.
pub(crate) fn room<T>(count: usize) -> Vec<T> {
    let mut values = Vec::with_capacity(count);
    advise(values.spare_capacity_mut());
    values
}

/// Asks for large pages where whole ones lie within a buffer.
pub(crate) fn advise<T>(buffer: &mut [T]) {
    #[cfg(target_os = "linux")]
    {
        let all = buffer.as_mut_ptr_range();
        let (start, end) = (all.start.addr(), all.end.addr());
        let (first, last) = (start.next_multiple_of(PAGE), end / PAGE * PAGE);
        if first < last {
            let place = all.start.cast::<u8>().wrapping_add(first - start);
            // SAFETY: the range lies within a live buffer, and the advice changes nothing in it. Whether it was taken
            // makes no difference to anybody.
            unsafe { libc::madvise(place.cast(), last - first, libc::MADV_HUGEPAGE) };
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = buffer;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_of_any_size_are_what_they_were() {
        for count in [0, 1, 1000, 300_000, 1_500_000] {
            assert!(zeros::<f64>(count).iter().all(|&value| value == 0.0));
            let mut values: Vec<u64> = (0..count as u64).collect();
            advise(&mut values);
            assert!((0..).zip(&values).all(|(own, &value)| own == value));
            let mut room = room::<u64>(count);
            assert!(room.is_empty() && room.capacity() >= count);
            room.extend(&values);
            assert_eq!(room, values);
        }
        let mut nothing: Vec<()> = room(5);
        advise(&mut nothing);
        assert!(nothing.is_empty());
    }
}
