//! Rows screened against queries with whole numbers: every row is kept as 16-bit numbers times a scale of its own, so
//! that one instruction multiplies and adds twice as many of them as of floats. A product is exact, how far a rounded
//! row lies from the true one is known, and so is which rows cannot be among the nearest. Callers look at the others
//! with exact arithmetic; rounding therefore never decides about an answer.
//!
//! The score of a row for a query is `base + factor · scale · (products) + match_factor · share · (matches) - slope · error`,
//! where row values (`base`, `scale`, `share`, `error`) and query values come from the metric. Rows whose score is not
//! above the query's limit are handed over; what overflowed is no number, is not above anything, and so is handed over.

#![expect(
    unsafe_code,
    reason = "vector instructions read through pointers; lengths are checked once, before the loops"
)]

/// Rows of a panel: they lie side by side, two numbers of each at a time.
pub(crate) const PANEL: usize = 16;
/// Queries that are compared with a panel at a time; the products of a tile stay in registers.
const TILE: usize = 6;
/// No number of a row may be larger, so that a sum of two products fits 32 bits.
const LARGEST: f64 = 32_700.0;
/// No row may be longer, so that a whole product fits 32 bits (Cauchy and Schwarz).
const LONGEST: f64 = 46_000.0;

/// A row as whole numbers times a scale.
pub(crate) struct Rounded {
    pub(crate) numbers: Vec<i16>,
    pub(crate) scale: f64,
    /// Length of the difference between the row and its rounded form, rounded up.
    pub(crate) error: f64,
    /// Squared length of the rounded row.
    pub(crate) squared: f64,
}

impl Rounded {
    /// Rounds finite numbers.
    pub(crate) fn new(row: &[f32]) -> Self {
        let length = row
            .iter()
            .map(|&value| f64::from(value).powi(2))
            .sum::<f64>()
            .sqrt();
        let largest = row
            .iter()
            .fold(0.0_f64, |most, &value| most.max(f64::from(value).abs()));
        let longest = (LONGEST - (row.len() as f64).sqrt()).max(1.0);
        let scale = (length / longest).max(largest / LARGEST);
        let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
        let (mut numbers, mut error, mut squared) = (Vec::with_capacity(row.len()), 0.0, 0.0);
        for &value in row {
            let number = (f64::from(value) * inverse).round();
            let rest = f64::from(value) - number * scale;
            numbers.push(number as i16);
            error += rest * rest;
            squared += number * number;
        }
        Self {
            numbers,
            scale,
            error: error.sqrt() * (1.0 + 1e-9),
            squared: squared * scale * scale,
        }
    }
}

/// What a metric says about a row.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RowValues {
    pub(crate) base: f32,
    pub(crate) scale: f32,
    pub(crate) share: f32,
    pub(crate) error: f32,
}

/// Training rows, ready to be screened.
#[derive(Debug)]
pub(crate) struct Panels {
    rows: usize,
    /// Pairs of numbers in a row.
    pairs: usize,
    categories: usize,
    /// panel × pair × row of the panel × 2.
    numbers: Vec<i16>,
    /// panel × category × row of the panel.
    codes: Vec<u32>,
    /// panel × 4 × row of the panel: base, scale, share, error.
    values: Vec<f32>,
}

impl Panels {
    /// Room for `rows` rows of `width` numbers and `categories` codes.
    pub(crate) fn new(rows: usize, width: usize, categories: usize) -> Self {
        let (panels, pairs) = (rows.div_ceil(PANEL), width.div_ceil(2));
        Self {
            rows,
            pairs,
            categories,
            numbers: vec![0; panels * pairs * PANEL * 2],
            codes: vec![0; panels * categories * PANEL],
            values: vec![0.0; panels * 4 * PANEL],
        }
    }

    /// Bytes that so many rows take.
    pub(crate) fn bytes(rows: usize, width: usize, categories: usize) -> usize {
        let one = (width + 1)
            .saturating_mul(2)
            .saturating_add(categories.saturating_mul(4))
            .saturating_add(16);
        (rows + PANEL).saturating_mul(one)
    }

    /// Puts in one row.
    pub(crate) fn set(&mut self, row: usize, numbers: &[i16], codes: &[u32], values: RowValues) {
        let (panel, lane) = (row / PANEL, row % PANEL);
        let first = panel * self.pairs * PANEL * 2;
        for (index, &number) in numbers.iter().enumerate() {
            self.numbers[first + (index / 2) * PANEL * 2 + lane * 2 + index % 2] = number;
        }
        let first = panel * self.categories * PANEL;
        for (index, &code) in codes.iter().enumerate() {
            self.codes[first + index * PANEL + lane] = code;
        }
        let own = [values.base, values.scale, values.share, values.error];
        for (index, value) in own.into_iter().enumerate() {
            self.values[(panel * 4 + index) * PANEL + lane] = value;
        }
    }

    fn panels(&self) -> usize {
        self.rows.div_ceil(PANEL)
    }
}

/// What a metric says about a query; limit and slope move while rows are found.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct QueryValues {
    pub(crate) factor: f32,
    pub(crate) match_factor: f32,
    pub(crate) limit: f32,
    pub(crate) slope: f32,
}

/// Queries, ready to be compared.
#[derive(Debug)]
pub(crate) struct Queries {
    pairs: usize,
    categories: usize,
    /// query × pair: two 16-bit numbers in one.
    numbers: Vec<i32>,
    /// query × category.
    codes: Vec<u32>,
    values: Vec<QueryValues>,
}

impl Queries {
    /// No query yet, of rows as `panels` holds them.
    pub(crate) fn new(panels: &Panels) -> Self {
        Self {
            pairs: panels.pairs,
            categories: panels.categories,
            numbers: Vec::new(),
            codes: Vec::new(),
            values: Vec::new(),
        }
    }

    /// One more query: as many numbers and codes as a row has.
    pub(crate) fn push(&mut self, numbers: &[i16], codes: &[u32], values: QueryValues) {
        debug_assert!(numbers.len().div_ceil(2) == self.pairs && codes.len() == self.categories);
        self.numbers.extend(numbers.chunks(2).map(|pair| {
            let second = pair.get(1).copied().unwrap_or(0);
            i32::from(pair[0]) & 0xFFFF | i32::from(second) << 16
        }));
        self.codes.extend_from_slice(codes);
        self.values.push(values);
    }
}

/// Rows of a panel that a query should look at: bit `i` of `mask` and `scores[i]` belong to row `first + i`.
pub(crate) struct Hits<'a> {
    pub(crate) query: usize,
    pub(crate) first: usize,
    pub(crate) mask: u32,
    pub(crate) scores: &'a [f32; PANEL],
    /// The slope that the scores were made with.
    pub(crate) slope: f32,
}

/// Compares every query with every row, in order of rows. `hit` sees the rows at or below the limit and returns the next
/// limit and slope.
pub(crate) fn screen(
    panels: &Panels,
    queries: &mut Queries,
    hit: &mut impl FnMut(Hits<'_>) -> (f32, f32),
) {
    let count = queries.values.len();
    assert!(
        queries.pairs == panels.pairs
            && queries.categories == panels.categories
            && queries.numbers.len() == count * panels.pairs
            && queries.codes.len() == count * panels.categories
            && panels.numbers.len() == panels.panels() * panels.pairs * PANEL * 2
            && panels.codes.len() == panels.panels() * panels.categories * PANEL
            && panels.values.len() == panels.panels() * 4 * PANEL,
        "queries and rows have different columns"
    );
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
        // SAFETY: the processor has these instructions, and the assertion holds every length the loops rely on.
        unsafe { avx2::screen(panels, queries, hit) };
        return;
    }
    portable::screen(panels, queries, hit);
}

type Scores = [[f32; PANEL]; TILE];

/// Hands over what a tile found.
#[cold]
#[inline(never)]
fn hand_over(
    queries: &mut Queries,
    panels: &Panels,
    (panel, first): (usize, usize),
    (masks, scores): (&[u32], &Scores),
    hit: &mut impl FnMut(Hits<'_>) -> (f32, f32),
) {
    let row = panel * PANEL;
    let there = panels.rows - row;
    let real = if there < PANEL {
        (1_u32 << there) - 1
    } else {
        u32::MAX
    };
    for (index, (&mask, scores)) in masks.iter().zip(scores).enumerate() {
        let mask = mask & real;
        if mask != 0 {
            let values = &mut queries.values[first + index];
            (values.limit, values.slope) = hit(Hits {
                query: first + index,
                first: row,
                mask,
                scores,
                slope: values.slope,
            });
        }
    }
}

/// Runs `tile` (for 6 queries) and `single` over all panels.
macro_rules! over_tiles {
    ($panels:ident, $queries:ident, $hit:ident, $tile:path) => {
        let count = $queries.values.len();
        let mut scores: Scores = [[0.0; PANEL]; TILE];
        for panel in 0..$panels.panels() {
            let mut first = 0;
            while first + TILE <= count {
                let masks = $tile($panels, panel, $queries, first, &mut scores);
                let masks: [u32; TILE] = masks;
                if masks.iter().fold(0, |all, mask| all | mask) != 0 {
                    hand_over($queries, $panels, (panel, first), (&masks, &scores), $hit);
                }
                first += TILE;
            }
            while first < count {
                let masks: [u32; 1] = $tile($panels, panel, $queries, first, &mut scores);
                if masks[0] != 0 {
                    hand_over($queries, $panels, (panel, first), (&masks, &scores), $hit);
                }
                first += 1;
            }
        }
    };
}

mod portable {
    use super::{Hits, PANEL, Panels, Queries, Scores, TILE, hand_over};

    pub(super) fn screen(
        panels: &Panels,
        queries: &mut Queries,
        hit: &mut impl FnMut(Hits<'_>) -> (f32, f32),
    ) {
        over_tiles!(panels, queries, hit, tile);
    }

    fn tile<const Q: usize>(
        panels: &Panels,
        panel: usize,
        queries: &Queries,
        first: usize,
        scores: &mut Scores,
    ) -> [u32; Q] {
        let size = panels.pairs * PANEL * 2;
        let rows = &panels.numbers[panel * size..(panel + 1) * size];
        let size = panels.categories * PANEL;
        let row_codes = &panels.codes[panel * size..(panel + 1) * size];
        let values = &panels.values[panel * 4 * PANEL..(panel + 1) * 4 * PANEL];
        std::array::from_fn(|index| {
            let query = first + index;
            let numbers = &queries.numbers[query * panels.pairs..(query + 1) * panels.pairs];
            let mut sums = [0_i32; PANEL];
            for (pairs, &number) in rows.chunks_exact(2 * PANEL).zip(numbers) {
                let (low, high) = (i32::from(number as i16), number >> 16);
                for (sum, pair) in sums.iter_mut().zip(pairs.chunks_exact(2)) {
                    *sum = sum
                        .wrapping_add(i32::from(pair[0]) * low)
                        .wrapping_add(i32::from(pair[1]) * high);
                }
            }
            let codes = &queries.codes[query * panels.categories..(query + 1) * panels.categories];
            let mut matches = [0_i32; PANEL];
            for (own, &code) in row_codes.chunks_exact(PANEL).zip(codes) {
                for (matches, &own) in matches.iter_mut().zip(own) {
                    *matches += i32::from(own == code);
                }
            }
            let own = queries.values[query];
            let mut mask = 0;
            for (lane, score) in scores[index].iter_mut().enumerate() {
                let value = |which: usize| values[which * PANEL + lane];
                *score = value(0)
                    + own.factor * (value(1) * sums[lane] as f32)
                    + own.match_factor * (value(2) * matches[lane] as f32)
                    - own.slope * value(3);
                let above = *score > own.limit;
                mask |= u32::from(!above) << lane;
            }
            mask
        })
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::{Hits, PANEL, Panels, Queries, Scores, TILE, hand_over};
    use std::arch::x86_64::{
        __m256i, _CMP_NGT_UQ, _mm256_add_epi32, _mm256_cmp_ps, _mm256_cmpeq_epi32,
        _mm256_cvtepi32_ps, _mm256_fmadd_ps, _mm256_fnmadd_ps, _mm256_loadu_ps, _mm256_loadu_si256,
        _mm256_madd_epi16, _mm256_movemask_ps, _mm256_mul_ps, _mm256_or_ps, _mm256_set1_epi32,
        _mm256_set1_ps, _mm256_setzero_ps, _mm256_setzero_si256, _mm256_storeu_ps,
        _mm256_sub_epi32,
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
}
