//! Sums of absolute differences between rows and queries in `f32`: a screen like [`screen`](super::screen), for the
//! Manhattan distance.

use super::screen::{Hits, PANEL};
use super::simd::wide;

/// Queries that are compared with a panel at a time.
const TILE: usize = 4;

/// Training rows, [`PANEL`] of them side by side.
#[derive(Debug)]
pub(crate) struct Panels {
    rows: usize,
    width: usize,
    categories: usize,
    /// panel × column × row of the panel.
    numbers: Vec<f32>,
    /// panel × category × row of the panel.
    codes: Vec<u32>,
    /// Added to the sum of each row.
    bases: Vec<f32>,
}

impl Panels {
    /// Room for `rows` rows of `width` numbers and `categories` codes.
    pub(crate) fn new(rows: usize, width: usize, categories: usize) -> Self {
        let padded = rows.next_multiple_of(PANEL);
        Self {
            rows,
            width,
            categories,
            numbers: vec![0.0; padded * width],
            codes: vec![0; padded * categories],
            bases: vec![0.0; padded],
        }
    }

    /// Bytes that so many rows take.
    pub(crate) fn bytes(rows: usize, width: usize, categories: usize) -> usize {
        (rows + PANEL).saturating_mul((width + categories + 1).saturating_mul(4))
    }

    /// Puts in one row.
    pub(crate) fn set(&mut self, row: usize, numbers: &[f32], codes: &[u32], base: f32) {
        let (panel, lane) = (row / PANEL, row % PANEL);
        for (index, &number) in numbers.iter().enumerate() {
            self.numbers[(panel * self.width + index) * PANEL + lane] = number;
        }
        for (index, &code) in codes.iter().enumerate() {
            self.codes[(panel * self.categories + index) * PANEL + lane] = code;
        }
        self.bases[row] = base;
    }

    /// Share of a score that rounding may take or add, generously.
    pub(crate) fn blur(&self) -> f64 {
        (self.width + self.categories + 8) as f64 / f64::from(1 << 22)
    }

    /// Scores `base + Σ |row − query| − 2 · matches` of every row for every query (numbers and codes), in order of rows.
    /// `hit` sees those at or below the limit, which starts at infinity, and returns the next limit.
    pub(crate) fn screen(
        &self,
        queries: &[(&[f32], &[u32])],
        hit: &mut impl FnMut(Hits<'_>) -> f32,
    ) {
        let mut limits = vec![f32::INFINITY; queries.len()];
        let mut scores = [[0.0; PANEL]; TILE];
        for first in (0..self.rows).step_by(PANEL) {
            let real = match self.rows - first {
                there if there < PANEL => (1_u32 << there) - 1,
                _ => u32::MAX,
            };
            for (tile, queries) in queries.chunks(TILE).enumerate() {
                let limits = &mut limits[tile * TILE..];
                wide(
                    #[inline(always)]
                    || match queries {
                        &[one, two, three, four] => {
                            self.scores(first, [one, two, three, four], &mut scores);
                        }
                        _ => {
                            for (query, scores) in queries.iter().zip(scores.chunks_mut(1)) {
                                self.scores(first, [*query], scores);
                            }
                        }
                    },
                );
                for (index, (scores, limit)) in
                    scores.iter().zip(limits).take(queries.len()).enumerate()
                {
                    let mask = real & mask(scores, *limit);
                    if mask != 0 {
                        *limit = hit(Hits {
                            query: tile * TILE + index,
                            first,
                            mask,
                            scores,
                            slope: 0.0,
                        });
                    }
                }
            }
        }
    }

    #[inline(always)]
    fn scores<const Q: usize>(
        &self,
        first: usize,
        queries: [(&[f32], &[u32]); Q],
        scores: &mut [[f32; PANEL]],
    ) {
        let mut sums = [[0.0_f32; PANEL]; Q];
        let own = &self.numbers[first * self.width..(first + PANEL) * self.width];
        for (column, own) in own.as_chunks::<PANEL>().0.iter().enumerate() {
            for (sums, (numbers, _)) in sums.iter_mut().zip(&queries) {
                let number = numbers[column];
                for (sum, own) in sums.iter_mut().zip(own) {
                    *sum += (own - number).abs();
                }
            }
        }
        let bases = &self.bases[first..first + PANEL];
        for (sums, base) in sums.iter_mut().flat_map(|sums| sums.iter_mut().zip(bases)) {
            *sums += base;
        }
        let own = &self.codes[first * self.categories..(first + PANEL) * self.categories];
        for (category, own) in own.as_chunks::<PANEL>().0.iter().enumerate() {
            for (sums, (_, codes)) in sums.iter_mut().zip(&queries) {
                let code = codes[category];
                for (sum, &own) in sums.iter_mut().zip(own) {
                    *sum -= if own == code { 2.0 } else { 0.0 };
                }
            }
        }
        scores
            .iter_mut()
            .zip(sums)
            .for_each(|(slot, sums)| *slot = sums);
    }
}

/// One bit for each score that is not above the limit.
#[inline(always)]
fn mask(scores: &[f32; PANEL], limit: f32) -> u32 {
    let mut mask = 0;
    for (lane, &score) in scores.iter().enumerate() {
        let above = score > limit;
        mask |= u32::from(!above) << lane;
    }
    mask
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_naive_screen_finds_the_same(
            (rows, queries, step) in (0..9_usize, 0..3_usize, 1..80_usize, 0..11_usize).prop_flat_map(
                |(width, categories, rows, queries)| {
                    let one = (
                        prop::collection::vec(-50_i8..50, width),
                        prop::collection::vec(0..3_u32, categories),
                    );
                    (prop::collection::vec(one.clone(), rows), prop::collection::vec(one, queries), 1_u8..90)
                },
            )
        ) {
            // Whole numbers: sums are exact in any order.
            let floats = |numbers: &[i8]| numbers.iter().copied().map(f32::from).collect::<Vec<_>>();
            let mut panels = Panels::new(rows.len(), rows[0].0.len(), rows[0].1.len());
            for (row, (numbers, codes)) in rows.iter().enumerate() {
                panels.set(row, &floats(numbers), codes, row as f32);
            }
            let next = |limit: f32| limit.min(300.0) - f32::from(step);
            let asked: Vec<_> = queries.iter().map(|(numbers, codes)| (floats(numbers), codes.clone())).collect();
            let asked: Vec<(&[f32], &[u32])> = asked.iter().map(|(numbers, codes)| (&numbers[..], &codes[..])).collect();
            let mut limits = vec![f32::INFINITY; queries.len()];
            let mut found = Vec::new();
            panels.screen(&asked, &mut |hits| {
                for (lane, score) in hits.scores.iter().enumerate().filter(|(lane, _)| hits.mask >> lane & 1 == 1) {
                    found.push((hits.query, hits.first + lane, *score));
                }
                limits[hits.query] = next(limits[hits.query]);
                limits[hits.query]
            });
            let mut naive = Vec::new();
            let mut limits = vec![f32::INFINITY; queries.len()];
            for first in (0..rows.len()).step_by(PANEL) {
                for (query, (numbers, codes)) in queries.iter().enumerate() {
                    let before = naive.len();
                    for (row, (own, own_codes)) in rows.iter().enumerate().skip(first).take(PANEL) {
                        let apart: i32 = own.iter().zip(numbers)
                            .map(|(&own, &asked)| (i32::from(own) - i32::from(asked)).abs()).sum();
                        let same = own_codes.iter().zip(codes).filter(|(own, asked)| own == asked).count();
                        let score = row as f32 + apart as f32 - 2.0 * same as f32;
                        if score <= limits[query] {
                            naive.push((query, row, score));
                        }
                    }
                    if naive.len() > before {
                        limits[query] = next(limits[query]);
                    }
                }
            }
            prop_assert_eq!(found, naive);
        }
    }
}
