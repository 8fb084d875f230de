//! Products of dense blocks by the `gemm` crates, always on one thread.

#![expect(
    unsafe_code,
    reason = "gemm takes pointers; shapes are checked here once"
)]

use gemm_common::Parallelism;

/// How a matrix lies in a slice: element (r, c) is at `r * row + c * column`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) row: usize,
    pub(crate) column: usize,
}

impl Layout {
    /// Rows one after the other.
    pub(crate) fn row_major(rows: usize, columns: usize) -> Self {
        Self {
            rows,
            columns,
            row: columns,
            column: 1,
        }
    }

    /// The same elements, transposed.
    pub(crate) fn transposed(self) -> Self {
        Self {
            rows: self.columns,
            columns: self.rows,
            row: self.column,
            column: self.row,
        }
    }

    /// Whether every element lies within a slice of this length.
    pub(crate) fn fits(self, length: usize) -> bool {
        self.rows == 0
            || self.columns == 0
            || (self.rows - 1) * self.row + (self.columns - 1) * self.column < length
    }
}

/// Shape and strides as gemm takes them: rows, columns, depth; target, whether to keep it, left, right, each with its
/// column and row stride; what the target and the product are multiplied by; three conjugations; threads.
type Multiply<T> = unsafe fn(
    usize,
    usize,
    usize,
    *mut T,
    isize,
    isize,
    bool,
    *const T,
    isize,
    isize,
    *const T,
    isize,
    isize,
    T,
    T,
    bool,
    bool,
    bool,
    Parallelism,
);

/// Element types that gemm multiplies.
pub(crate) trait Element: Copy + 'static {
    const ZERO: Self;
    const ONE: Self;

    /// The product for this machine.
    fn multiplication() -> Multiply<Self>;
}

impl Element for f32 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;

    fn multiplication() -> Multiply<Self> {
        gemm_f32::gemm::f32::get_gemm_fn()
    }
}

impl Element for f64 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;

    fn multiplication() -> Multiply<Self> {
        gemm_f64::gemm::f64::get_gemm_fn()
    }
}

/// `target = keep · target + factor · left · right`, where `keep` is nothing or everything.
pub(crate) fn multiply<T: Element>(
    target: (&mut [T], Layout),
    add: bool,
    left: (&[T], Layout),
    right: (&[T], Layout),
    factor: T,
) {
    let ((target, shape), (left, lhs), (right, rhs)) = (target, left, right);
    assert!(
        shape.fits(target.len()) && lhs.fits(left.len()) && rhs.fits(right.len()),
        "a matrix lies outside of its slice"
    );
    assert!(
        shape.rows == lhs.rows && shape.columns == rhs.columns && lhs.columns == rhs.rows,
        "shapes do not match"
    );
    if shape.rows == 0 || shape.columns == 0 {
        return;
    }
    // gemm is fastest into columns; what lies in rows is the transpose of that.
    let ((left, lhs), (right, rhs), shape) = if shape.column < shape.row {
        (
            (right, rhs.transposed()),
            (left, lhs.transposed()),
            shape.transposed(),
        )
    } else {
        ((left, lhs), (right, rhs), shape)
    };
    // SAFETY: the asserts above hold every address within its slice, also of the transposes, and `target` is borrowed
    // mutably and so overlaps neither input.
    unsafe {
        T::multiplication()(
            shape.rows,
            shape.columns,
            lhs.columns,
            target.as_mut_ptr(),
            shape.column as isize,
            shape.row as isize,
            add,
            left.as_ptr(),
            lhs.column as isize,
            lhs.row as isize,
            right.as_ptr(),
            rhs.column as isize,
            rhs.row as isize,
            T::ONE,
            factor,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equals_the_naive_product(m in 1_usize..20, n in 1_usize..20, k in 0_usize..40, seed in any::<u64>(), add in any::<bool>()) {
            let mut random = crate::kernels::random::Random::new(seed, 0);
            let mut draw = |count: usize| (0..count).map(|_| random.below(2001) as f64 / 1000.0 - 1.0).collect::<Vec<f64>>();
            let (left, right, start) = (draw(m * k), draw(k * n), draw(m * n));
            let mut target = start.clone();
            multiply((&mut target, Layout::row_major(m, n)), add, (&left, Layout::row_major(k, m).transposed()), (&right, Layout::row_major(k, n)), 2.0);
            for r in 0..m {
                for c in 0..n {
                    let sum: f64 = (0..k).map(|i| left[i * m + r] * right[i * n + c]).sum();
                    let expected = if add { start[r * n + c] } else { 0.0 } + 2.0 * sum;
                    prop_assert!((target[r * n + c] - expected).abs() < 1e-9);
                }
            }
        }
    }
}
