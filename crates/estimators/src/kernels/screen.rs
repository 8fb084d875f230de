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

use super::pages;

/// Rows of a panel: they lie side by side, two numbers of each at a time.
pub(crate) const PANEL: usize = 16;
/// Queries that are compared with a panel at a time; the products of a tile stay in registers.
pub(crate) const TILE: usize = 6;
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
            numbers: pages::zeros(panels * pairs * PANEL * 2),
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

#[cfg(target_arch = "x86_64")]
mod avx2;
mod portable;
#[cfg(test)]
mod tests;
