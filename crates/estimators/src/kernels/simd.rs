//! The widest vectors of this machine, chosen at run time; one portable path for all others.
//!
//! Loops that the compiler turns into vectors by itself run inside [`wide`]; loops that need fused multiplication and
//! addition or shuffles are written once over [`pulp::Simd`] and run by [`arch`].

use pulp::Arch;
use std::sync::LazyLock;

static ARCH: LazyLock<Arch> = LazyLock::new(Arch::new);

/// What this machine offers; `dispatch` runs a [`pulp::WithSimd`] with it.
pub(crate) fn arch() -> Arch {
    *ARCH
}

/// Runs a loop compiled for the widest vectors. The closure (and what it calls) must be `#[inline(always)]`, or the body
/// stays portable.
#[inline(always)]
pub(crate) fn wide<R>(work: impl FnOnce() -> R) -> R {
    arch().dispatch(work)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_wide_loop_computes_the_same(values in prop::collection::vec(-1e6_f64..1e6, 0..200)) {
            let naive: Vec<f64> = values.iter().map(|value| value * 2.0 + 1.0).collect();
            let mut out = values;
            wide(
                #[inline(always)]
                || out.iter_mut().for_each(|value| *value = *value * 2.0 + 1.0),
            );
            prop_assert_eq!(out, naive);
        }
    }
}
