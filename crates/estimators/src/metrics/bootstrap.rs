//! Percentile bootstrap (Efron 1979): how much a metric would move on other rows of the same kind.

use super::{Interval, Judge};
use crate::kernels::simd::wide;
use crate::split::shuffle::{derive, draw};
use rayon::prelude::*;

/// One interval per metric of the judge, aligned with `values`. Each resample has a seed of its own, so the result does not
/// depend on who computes it.
pub(super) fn intervals(
    judge: &Judge,
    rows: usize,
    resamples: usize,
    seed: u64,
    values: &[f64],
) -> Vec<Option<Interval>> {
    let drawn = (0..resamples)
        .into_par_iter()
        .map_init(
            || vec![0_u16; rows],
            |counts, resample| {
                resample_into(counts, derive(seed, resample as u64));
                wide(
                    #[inline(always)]
                    || judge.evaluate(|row| u32::from(counts[row])),
                )
            },
        )
        .collect::<Vec<_>>();
    values
        .iter()
        .enumerate()
        .map(|(metric, &value)| {
            let mut draws = drawn
                .iter()
                .map(|values| values[metric])
                .filter(|value| value.is_finite())
                .collect::<Vec<_>>();
            let enough = value.is_finite() && 2 * draws.len() > resamples;
            draws.sort_unstable_by(f64::total_cmp);
            enough.then(|| Interval {
                low: quantile(&draws, 0.025).min(value),
                high: quantile(&draws, 0.975).max(value),
            })
        })
        .collect()
}

/// Draws as many rows as there are, with replacement, and counts them. One hash gives two draws.
fn resample_into(counts: &mut [u16], seed: u64) {
    counts.fill(0);
    let rows = counts.len() as u64;
    let index = |bits: u64| (((bits & 0xFFFF_FFFF) * rows) >> 32) as usize;
    for pair in 0..rows / 2 {
        let bits = draw_fast(seed, pair);
        for row in [index(bits), index(bits >> 32)] {
            counts[row] = counts[row].saturating_add(1);
        }
    }
    if rows % 2 == 1 {
        let row = index(draw(seed, 1, 0));
        counts[row] = counts[row].saturating_add(1);
    }
}

/// SplitMix64 from a derived seed.
fn draw_fast(seed: u64, counter: u64) -> u64 {
    crate::split::shuffle::mix(
        seed.wrapping_add(counter.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15)),
    )
}

/// Linear interpolation between the two nearest of sorted values (never empty).
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let position = share * (sorted.len() - 1) as f64;
    let below = position.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (position - below as f64) * (sorted[above] - sorted[below])
}
