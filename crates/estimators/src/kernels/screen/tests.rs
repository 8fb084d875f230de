//! Both paths against a naive screen.

use super::*;
use crate::kernels::rounded::Rounded;
use proptest::prelude::*;

/// One way to screen.
type Path = fn(&Panels, &mut Queries, &mut dyn FnMut(Hits<'_>) -> (f32, f32));
type Found = Vec<(usize, usize, u32, Vec<u32>)>;

const PLAIN: Path = |panels, queries, mut hit| portable::screen(panels, queries, &mut hit);
/// The widest that this machine has.
const CHOSEN: Path = |panels, queries, mut hit| screen(panels, queries, &mut hit);

/// Rows and queries in whole numbers small enough for every path to be exact.
#[derive(Clone, Debug)]
struct Given {
    rows: Vec<(Vec<i16>, Vec<u32>, [i8; 4])>,
    queries: Vec<(Vec<i16>, Vec<u32>, [i8; 4])>,
    /// Limits go down by this after every hit.
    step: f32,
}

fn given() -> impl Strategy<Value = Given> {
    (0..12_usize, 0..3_usize, 1..70_usize, 0..15_usize).prop_flat_map(
        |(width, categories, rows, queries)| {
            let one = (
                prop::collection::vec(-40_i16..40, width),
                prop::collection::vec(0..3_u32, categories),
                prop::array::uniform4(-8_i8..8),
            );
            (
                prop::collection::vec(one.clone(), rows),
                prop::collection::vec(one, queries),
                0_u8..60,
            )
                .prop_map(|(rows, queries, step)| Given {
                    rows,
                    queries,
                    step: f32::from(step),
                })
        },
    )
}

impl Given {
    fn ready(&self) -> (Panels, Queries) {
        let (width, categories) = (self.rows[0].0.len(), self.rows[0].1.len());
        let mut panels = Panels::new(self.rows.len(), width, categories);
        for (row, (numbers, codes, own)) in self.rows.iter().enumerate() {
            let [base, scale, share, error] = own.map(f32::from);
            let values = RowValues {
                base: base * 100.0,
                scale: scale / 4.0,
                share,
                error,
            };
            panels.set(row, numbers, codes, values);
        }
        let mut queries = Queries::new(&panels);
        for (numbers, codes, own) in &self.queries {
            let [factor, match_factor, limit, slope] = own.map(f32::from);
            let values = QueryValues {
                factor: factor / 2.0,
                match_factor,
                limit: limit * 200.0,
                slope,
            };
            queries.push(numbers, codes, values);
        }
        (panels, queries)
    }

    fn next(&self, hits: &Hits<'_>, limit: f32) -> (f32, f32) {
        (limit - self.step, hits.slope + 1.0)
    }

    /// What a path finds.
    fn found(&self, path: Path) -> Found {
        let (panels, mut queries) = self.ready();
        let mut limits: Vec<f32> = queries.values.iter().map(|own| own.limit).collect();
        let mut found = Vec::new();
        path(&panels, &mut queries, &mut |hits| {
            let scores = (0..PANEL).filter(|lane| hits.mask >> lane & 1 == 1);
            let scores = scores.map(|lane| (hits.scores[lane] + 0.0).to_bits());
            found.push((hits.query, hits.first, hits.mask, scores.collect()));
            let next = self.next(&hits, limits[hits.query]);
            limits[hits.query] = next.0;
            next
        });
        found
    }

    fn naive(&self) -> Found {
        let (_, queries) = self.ready();
        let mut values = queries.values;
        let mut found = Vec::new();
        for (panel, rows) in self.rows.chunks(PANEL).enumerate() {
            for (query, (numbers, codes, _)) in self.queries.iter().enumerate() {
                let own = values[query];
                let scores = rows.iter().map(|(row, row_codes, of_row)| {
                    let [base, scale, share, error] = of_row.map(f32::from);
                    let pairs = row.iter().zip(numbers);
                    let product: i64 = pairs
                        .map(|(&row, &asked)| i64::from(row) * i64::from(asked))
                        .sum();
                    let same = row_codes
                        .iter()
                        .zip(codes)
                        .filter(|(row, asked)| row == asked);
                    base * 100.0
                        + own.factor * scale / 4.0 * product as f32
                        + own.match_factor * share * same.count() as f32
                        - own.slope * error
                });
                let scores: Vec<f32> = scores.collect();
                let hits = || {
                    scores
                        .iter()
                        .enumerate()
                        .filter(|(_, score)| **score <= own.limit)
                };
                let mask = hits().fold(0, |mask, (lane, _)| mask | 1 << lane);
                if mask != 0 {
                    let kept = hits().map(|(_, score)| (score + 0.0).to_bits()).collect();
                    found.push((query, panel * PANEL, mask, kept));
                    values[query].limit -= self.step;
                    values[query].slope += 1.0;
                }
            }
        }
        found
    }
}

proptest! {
    #[test]
    fn every_path_finds_what_the_naive_screen_finds(given in given()) {
        let naive = given.naive();
        prop_assert_eq!(&given.found(PLAIN), &naive);
        prop_assert_eq!(&given.found(CHOSEN), &naive);
    }

    #[test]
    fn the_largest_products_fit(
        row in prop::collection::vec(-1.0_f32..1.0, 1..40),
        power in -25..25_i32,
    ) {
        let row: Vec<f32> = row.iter().map(|value| value * 10_f32.powi(power)).collect();
        let rounded = Rounded::new(&row);
        let mut panels = Panels::new(1, row.len(), 0);
        panels.set(0, &rounded.numbers, &[], RowValues { scale: 1.0, ..RowValues::default() });
        let product: i64 = rounded.numbers.iter().map(|&own| i64::from(own).pow(2)).sum();
        let run = |path: Path| {
            let mut queries = Queries::new(&panels);
            let values = QueryValues { factor: 1.0, limit: f32::INFINITY, ..QueryValues::default() };
            queries.push(&rounded.numbers, &[], values);
            let mut score = f32::NAN;
            path(&panels, &mut queries, &mut |hits| { score = hits.scores[0]; (hits.scores[0], 0.0) });
            score
        };
        prop_assert_eq!(run(PLAIN), product as f32);
        prop_assert_eq!(run(CHOSEN), product as f32);
    }

    #[test]
    fn the_error_of_rounding_is_known(row in prop::collection::vec(-3.0_f32..3.0, 0..40), power in -28..28_i32) {
        let row: Vec<f32> = row.iter().map(|value| value * 10_f32.powi(power)).collect();
        let rounded = Rounded::new(&row);
        let away: f64 = row.iter().zip(&rounded.numbers)
            .map(|(&value, &number)| (f64::from(value) - f64::from(number) * rounded.scale).powi(2)).sum();
        prop_assert!(away.sqrt() <= rounded.error);
        let length: f64 = row.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt();
        // Sixteen bits keep about four digits.
        prop_assert!(rounded.error <= length * 1e-3);
    }
}

#[test]
fn what_is_no_number_is_handed_over() {
    for path in [CHOSEN, PLAIN] {
        let mut panels = Panels::new(2, 1, 0);
        let values = |base| RowValues {
            base,
            scale: 1.0,
            ..RowValues::default()
        };
        panels.set(0, &[1], &[], values(f32::NAN));
        panels.set(1, &[1], &[], values(5.0));
        let mut queries = Queries::new(&panels);
        queries.push(
            &[1],
            &[],
            QueryValues {
                factor: 1.0,
                limit: 2.0,
                ..QueryValues::default()
            },
        );
        let mut masks = Vec::new();
        path(&panels, &mut queries, &mut |hits: Hits<'_>| {
            masks.push(hits.mask);
            (2.0, 0.0)
        });
        assert_eq!(masks, [1]);
    }
}
