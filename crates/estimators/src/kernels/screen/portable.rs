//! The screen in plain loops, for any machine.

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
