//! The search against looking at every row, and the metrics against rows written out.

use super::*;
use crate::neighbors::rows::{UNKNOWN, UNKNOWN_ASKED};
use proptest::prelude::*;

const METRICS: [Metric; 3] = [Metric::Euclidean, Metric::Manhattan, Metric::Cosine];
const LEVELS: u32 = 3;

/// Measures every row.
fn naive(rows: &Rows, metric: Metric, asked: &Rows, count: usize) -> Vec<Vec<Neighbor>> {
    let one = |query: usize| {
        let (numbers, codes) = (asked.numbers(query), asked.codes(query));
        let mut all: Vec<Neighbor> = (0..rows.count)
            .map(|row| Neighbor {
                key: metric.key(rows, row, numbers, codes),
                row: row as u32,
            })
            .collect();
        all.sort_by(|left, right| {
            left.key
                .total_cmp(&right.key)
                .then(left.row.cmp(&right.row))
        });
        all.truncate(count);
        all
    };
    (0..asked.count).map(one).collect()
}

/// Numbers that are equal, alike, or of very different size; `kind` is one for a whole table.
fn number(kind: u8) -> BoxedStrategy<f32> {
    match kind {
        0 => (-2_i8..3).prop_map(f32::from).boxed(),
        1 => (-3.0_f32..3.0).boxed(),
        // Far from zero and close together.
        2 => (0.0_f32..1.0).prop_map(|value| 1e4 + value).boxed(),
        3 => (-1.0_f32..1.0).prop_map(|value| value * 1e30).boxed(),
        4 => (-1.0_f32..1.0).prop_map(|value| value * 1e-30).boxed(),
        5 => (-1.0_f32..1.0, -30..31_i32)
            .prop_map(|(value, power)| value * 10_f32.powi(power))
            .boxed(),
        _ => prop_oneof![
            Just(0.0_f32),
            Just(1e30),
            Just(-1e30),
            Just(1e-38),
            Just(1.0)
        ]
        .boxed(),
    }
}

fn table(
    kind: u8,
    shape: (usize, usize),
    count: std::ops::Range<usize>,
    unknown: u32,
) -> impl Strategy<Value = Rows> {
    let (width, categories) = shape;
    let code = prop_oneof![6 => 0..LEVELS, 1 => Just(unknown)];
    let one = (
        prop::collection::vec(number(kind), width),
        prop::collection::vec(code, categories),
    );
    prop::collection::vec(one, count).prop_map(move |rows| {
        let count = rows.len();
        let (numbers, codes): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        Rows {
            count,
            width,
            categories,
            numbers: numbers.concat(),
            codes: codes.concat(),
        }
    })
}

/// Rows, queries (some of them rows), how many are asked.
fn case() -> impl Strategy<Value = (Rows, Rows, usize)> {
    (0..7_u8, 0..7_u8, 0..9_usize, 0..4_usize, 0..3_u8).prop_flat_map(
        |(kind, other, width, categories, repeats)| {
            let shape = (width.max(usize::from(categories == 0)), categories);
            let kind_asked = if other < 5 { kind } else { other };
            (
                table(kind, shape, 1..90, UNKNOWN),
                table(kind_asked, shape, 1..14, UNKNOWN_ASKED),
                1..100_usize,
            )
                .prop_map(move |(mut rows, mut asked, count)| {
                    for _ in 0..repeats {
                        rows.numbers.extend_from_within(..);
                        rows.codes.extend_from_within(..);
                        rows.count *= 2;
                    }
                    let some = rows.count.min(5);
                    asked
                        .numbers
                        .extend_from_slice(&rows.numbers[..some * rows.width]);
                    let known = rows.codes[..some * rows.categories].iter();
                    asked
                        .codes
                        .extend(known.map(|&code| code.min(UNKNOWN_ASKED)));
                    asked.count += some;
                    (rows, asked, count)
                })
        },
    )
}

fn compare(rows: &Rows, asked: &Rows, count: usize) -> Result<(), TestCaseError> {
    for metric in METRICS {
        let index = Index::new(rows.clone(), metric, &mut |_| Ok(()))
            .map_err(|error| TestCaseError::fail(error.to_string()))?;
        let found = index.nearest(asked, count);
        prop_assert_eq!(found, naive(rows, metric, asked, count), "{:?}", metric);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn what_is_found_is_nearest((rows, asked, count) in case()) {
        compare(&rows, &asked, count)?;
    }

    #[test]
    fn a_metric_sees_categories_as_columns_of_0_and_1((rows, asked, _) in case()) {
        let written = |rows: &Rows, row: usize| {
            let marks = rows.codes(row).iter().flat_map(|&code| {
                (0..LEVELS).map(move |level| f64::from(u8::from(code == level)))
            });
            let numbers = rows.numbers(row).iter().map(|&number| f64::from(number));
            numbers.chain(marks).collect::<Vec<f64>>()
        };
        for row in 0..rows.count.min(20) {
            for query in 0..asked.count {
                let (own, other) = (written(&rows, row), written(&asked, query));
                let pairs = || own.iter().zip(&other);
                let length = |all: &[f64]| all.iter().map(|value| value * value).sum::<f64>().sqrt();
                let expected = [
                    pairs().map(|(own, other)| (own - other).powi(2)).sum::<f64>().sqrt(),
                    pairs().map(|(own, other)| (own - other).abs()).sum(),
                    match length(&own) * length(&other) {
                        0.0 => 1.0,
                        lengths => 1.0 - pairs().map(|(own, other)| own * other).sum::<f64>() / lengths,
                    },
                ];
                for (metric, expected) in METRICS.into_iter().zip(expected) {
                    let key = metric.key(&rows, row, asked.numbers(query), asked.codes(query));
                    let distance = metric.distance(key);
                    prop_assert!(
                        (distance - expected).abs() <= 1e-9 * expected.max(1.0),
                        "{metric:?}: {distance} instead of {expected}"
                    );
                }
            }
        }
    }
}

#[test]
fn many_rows_are_weeded_rightly() -> Result<(), TestCaseError> {
    let mut random = crate::kernels::random::Random::new(1, 1);
    let mut spread = |count: usize, digits: f32| -> Vec<f32> {
        let mut one = || (random.below(8_001) as f32 / 1000.0 - 4.0) * digits;
        (0..count).map(|_| one().round() / digits).collect()
    };
    // Coarse numbers make many ties, farthest first makes every row a candidate for a while.
    for (width, digits) in [(1, 100.0), (3, 2.0), (40, 1000.0)] {
        let mut rows = Rows {
            count: 4000,
            width,
            categories: 0,
            numbers: spread(4000 * width, digits),
            codes: Vec::new(),
        };
        let length = |row: &&[f32]| -row.iter().map(|value| value * value).sum::<f32>();
        let numbers = rows.numbers.clone();
        let mut sorted: Vec<&[f32]> = numbers.chunks(width).collect();
        sorted.sort_by(|left, right| length(left).total_cmp(&length(right)));
        rows.numbers = sorted.concat();
        let mut asked = Rows {
            count: 9,
            numbers: spread(9 * width, digits),
            ..rows.clone()
        };
        asked.numbers[..width].fill(0.0);
        for count in [1, 5, 300, 4000] {
            compare(&rows, &asked, count)?;
        }
    }
    Ok(())
}
