//! 32-bit floats that begin on a cache line, so that no vector load straddles two.

#![expect(
    unsafe_code,
    reason = "lines of sixteen floats are read as one flat slice"
)]

use std::ops::{Deref, DerefMut};

/// One cache line.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Line([f32; 16]);

/// A slice of floats on a cache line.
#[derive(Clone, Debug)]
pub(crate) struct Floats {
    lines: Vec<Line>,
    length: usize,
}

impl Floats {
    /// `length` zeros.
    pub(crate) fn zeros(length: usize) -> Self {
        Self {
            lines: vec![Line([0.0; 16]); length.div_ceil(16)],
            length,
        }
    }
}

impl Deref for Floats {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        // SAFETY: a Line is sixteen floats without padding (64 bytes, aligned to 64) and `zeros` made enough of them.
        unsafe { std::slice::from_raw_parts(self.lines.as_ptr().cast::<f32>(), self.length) }
    }
}

impl DerefMut for Floats {
    fn deref_mut(&mut self) -> &mut [f32] {
        // SAFETY: as above; the borrow of `self` is unique.
        unsafe {
            std::slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast::<f32>(), self.length)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_keep_their_length_and_begin_on_a_line() {
        for length in [0, 1, 15, 16, 17, 1000] {
            let mut floats = Floats::zeros(length);
            assert_eq!(floats.len(), length);
            assert_eq!(floats.as_ptr() as usize % 64, 0);
            floats.iter_mut().for_each(|value| *value = 1.0);
            assert_eq!(floats.clone().iter().sum::<f32>(), length as f32);
        }
    }
}
