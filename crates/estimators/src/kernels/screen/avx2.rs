//! The screen with vectors of 256 bits.

use super::{Hits, PANEL, Panels, Queries, Scores, TILE, hand_over};
use std::arch::x86_64::{
    __m256i, _CMP_NGT_UQ, _mm256_add_epi32, _mm256_cmp_ps, _mm256_cmpeq_epi32, _mm256_cvtepi32_ps,
    _mm256_fmadd_ps, _mm256_fnmadd_ps, _mm256_loadu_ps, _mm256_loadu_si256, _mm256_madd_epi16,
    _mm256_movemask_ps, _mm256_mul_ps, _mm256_or_ps, _mm256_set1_epi32, _mm256_set1_ps,
    _mm256_setzero_ps, _mm256_setzero_si256, _mm256_storeu_ps, _mm256_sub_epi32,
};

#[target_feature(enable = "avx2,fma")]
pub(super) unsafe fn screen(
    panels: &Panels,
    queries: &mut Queries,
    hit: &mut impl FnMut(Hits<'_>) -> (f32, f32),
) {
    // SAFETY: our caller has checked the processor and the lengths.
    unsafe {
        over_tiles!(panels, queries, hit, tile);
    }
}

#[inline]
#[target_feature(enable = "avx2,fma")]
unsafe fn tile<const Q: usize>(
    panels: &Panels,
    panel: usize,
    queries: &Queries,
    first: usize,
    scores: &mut Scores,
) -> [u32; Q] {
    let pairs = panels.pairs;
    let mut sums = [[_mm256_setzero_si256(); 2]; Q];
    // SAFETY: `screen` was given `panels × pairs × 2 · PANEL` row numbers and `queries × pairs` query numbers,
    // `panel` is one of the panels, and `first + Q` queries exist.
    unsafe {
        let mut rows = panels.numbers.as_ptr().add(panel * pairs * PANEL * 2);
        let numbers = queries.numbers.as_ptr().add(first * pairs);
        for pair in 0..pairs {
            let low = _mm256_loadu_si256(rows.cast::<__m256i>());
            let high = _mm256_loadu_si256(rows.add(PANEL).cast::<__m256i>());
            rows = rows.add(2 * PANEL);
            for (index, [left, right]) in sums.iter_mut().enumerate() {
                let query = _mm256_set1_epi32(*numbers.add(index * pairs + pair));
                *left = _mm256_add_epi32(*left, _mm256_madd_epi16(low, query));
                *right = _mm256_add_epi32(*right, _mm256_madd_epi16(high, query));
            }
        }
    }
    let mut found = [[_mm256_setzero_ps(); 2]; Q];
    let mut marks = [[_mm256_setzero_ps(); 2]; Q];
    let mut any = _mm256_setzero_ps();
    for half in 0..2 {
        // SAFETY: every panel has `4 · PANEL` row values; a half reads 8 of each 16.
        let (base, scale, error) = unsafe {
            let values = panels.values.as_ptr().add(panel * 4 * PANEL + half * 8);
            (
                _mm256_loadu_ps(values),
                _mm256_loadu_ps(values.add(PANEL)),
                _mm256_loadu_ps(values.add(3 * PANEL)),
            )
        };
        for index in 0..Q {
            let own = &queries.values[first + index];
            let product = _mm256_mul_ps(scale, _mm256_cvtepi32_ps(sums[index][half]));
            let mut score = _mm256_fmadd_ps(_mm256_set1_ps(own.factor), product, base);
            if panels.categories > 0 {
                // SAFETY: as above; `codes` has `categories · PANEL` codes a panel and `categories` a query.
                let (matches, share) = unsafe {
                    (
                        matches(panels, panel, half, queries, first + index),
                        _mm256_loadu_ps(
                            panels
                                .values
                                .as_ptr()
                                .add((panel * 4 + 2) * PANEL + half * 8),
                        ),
                    )
                };
                let part = _mm256_mul_ps(share, _mm256_cvtepi32_ps(matches));
                score = _mm256_fmadd_ps(_mm256_set1_ps(own.match_factor), part, score);
            }
            score = _mm256_fnmadd_ps(_mm256_set1_ps(own.slope), error, score);
            let mark = _mm256_cmp_ps::<_CMP_NGT_UQ>(score, _mm256_set1_ps(own.limit));
            any = _mm256_or_ps(any, mark);
            found[index][half] = score;
            marks[index][half] = mark;
        }
    }
    let mut masks = [0; Q];
    if _mm256_movemask_ps(any) != 0 {
        for index in 0..Q {
            let [left, right] = marks[index].map(|mark| _mm256_movemask_ps(mark) as u32);
            masks[index] = left | right << 8;
            // SAFETY: a row of scores holds PANEL = 16 numbers.
            unsafe {
                let target = scores[index].as_mut_ptr();
                _mm256_storeu_ps(target, found[index][0]);
                _mm256_storeu_ps(target.add(8), found[index][1]);
            }
        }
    }
    masks
}

/// How many categories of a query equal those of eight rows.
#[inline]
#[target_feature(enable = "avx2,fma")]
unsafe fn matches(
    panels: &Panels,
    panel: usize,
    half: usize,
    queries: &Queries,
    query: usize,
) -> __m256i {
    let categories = panels.categories;
    let mut sum = _mm256_setzero_si256();
    for category in 0..categories {
        // SAFETY: `panel` and `query` exist, and so do their codes.
        let (own, code) = unsafe {
            let codes = panels.codes.as_ptr();
            let own = codes.add((panel * categories + category) * PANEL + half * 8);
            (
                _mm256_loadu_si256(own.cast::<__m256i>()),
                *queries.codes.as_ptr().add(query * categories + category),
            )
        };
        let same = _mm256_cmpeq_epi32(own, _mm256_set1_epi32(code as i32));
        sum = _mm256_sub_epi32(sum, same);
    }
    sum
}
