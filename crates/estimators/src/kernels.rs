//! Small numeric machinery that the algorithms share: products of blocks, factorizations, random draws.
//!
//! The only module of the workspace in which `unsafe` is allowed; every block says why it is sound and has a property
//! test against a naive version. Nothing here starts threads inside a product: callers split work into fixed blocks and
//! add the parts in a fixed order, so that results do not depend on the number of threads.

pub(crate) mod aligned;
pub(crate) mod cholesky;
pub(crate) mod columns;
pub(crate) mod differences;
pub(crate) mod distance;
pub(crate) mod exponential;
pub(crate) mod largest;
pub(crate) mod moments;
pub(crate) mod natural;
pub(crate) mod pages;
pub(crate) mod prefetch;
pub(crate) mod product;
pub mod random;
pub(crate) mod rounded;
pub(crate) mod screen;
pub(crate) mod simd;
pub(crate) mod sorting;
pub(crate) mod tiles;
pub(crate) mod transpose;
pub(crate) mod working_set;

/// The widest instruction set that products may use on this machine; part of a model's lineage, because bytes are equal
/// on one kind of processor.
pub fn instruction_set() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    {
        if std::arch::is_x86_feature_detected!("avx512f") {
            return "x86_64 avx512";
        }
        if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma")
        {
            return "x86_64 avx2";
        }
    }
    std::env::consts::ARCH
}
