//! Asks for memory before it is needed.

#![expect(
    unsafe_code,
    reason = "the instruction takes a pointer; it reads nothing"
)]

/// Bytes that come at once.
const LINE: usize = 64;

/// Asks for a slice that will be read soon, and does not wait. Worth it where the processor does not guess by itself what
/// comes next: in the first lines of each of many columns.
#[inline(always)]
pub(crate) fn prefetch<T>(values: &[T]) {
    for line in values.chunks(LINE / size_of::<T>().clamp(1, LINE)) {
        prefetch_line(line.as_ptr());
    }
}

/// Asks for the line in which a value begins.
#[inline(always)]
pub(crate) fn prefetch_one<T>(value: &T) {
    prefetch_line(value);
}

#[inline(always)]
fn prefetch_line<T>(at: *const T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the instruction is part of every x86_64 processor, changes no memory and never faults; the pointer is
    // that of a live value anyway.
    unsafe {
        core::arch::x86_64::_mm_prefetch::<{ core::arch::x86_64::_MM_HINT_T0 }>(at.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = at;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn changes_nothing(values in prop::collection::vec(any::<u64>(), 0..300), from in 0_usize..300) {
            let before = values.clone();
            prefetch(&values[from.min(values.len())..]);
            prefetch::<[u64; 20]>(&[]);
            prefetch(&[(), ()]);
            prefetch_one(&values);
            prop_assert_eq!(before, values);
        }
    }
}
