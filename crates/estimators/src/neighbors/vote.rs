//! From neighbours to answers.

use super::metric::Metric;
use super::search::Neighbor;
use serde::{Deserialize, Serialize};

/// How much a neighbour counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Weighting {
    /// All the same.
    Uniform,
    /// 1 / distance; those at distance 0, if any, take it all.
    Distance,
}

/// What is known about each training row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answers {
    /// Class indices and the number of classes.
    Classes(Vec<u32>, usize),
    /// Numbers.
    Values(Vec<f64>),
}

impl Answers {
    /// Numbers in one answer.
    pub(crate) fn width(&self) -> usize {
        match self {
            Self::Classes(_, classes) => *classes,
            Self::Values(_) => 1,
        }
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Classes(indices, _) => indices.len(),
            Self::Values(values) => values.len(),
        }
    }
}

/// Writes the answer for one query: class shares, or the mean. `weights`: a positive weight a training row.
pub(crate) fn answer(
    neighbors: &[Neighbor],
    (weighting, metric): (Weighting, Metric),
    (answers, weights): (&Answers, Option<&[f64]>),
    target: &mut [f64],
) {
    let nearest = neighbors
        .first()
        .map_or(0.0, |first| metric.distance(first.key));
    // Only ratios matter: the nearest counts 1, so that nothing overflows.
    let share = |neighbor: &Neighbor| {
        let by_distance = match weighting {
            Weighting::Uniform => 1.0,
            Weighting::Distance if nearest > 0.0 => nearest / metric.distance(neighbor.key),
            Weighting::Distance => f64::from(u8::from(neighbor.key == 0.0)),
        };
        by_distance * weights.map_or(1.0, |weights| weights[neighbor.row as usize])
    };
    // Weights of very different size must not sum to infinity or vanish.
    let largest = neighbors.iter().map(share).fold(0.0, f64::max);
    let total: f64 = neighbors
        .iter()
        .map(|neighbor| share(neighbor) / largest)
        .sum();
    let votes = neighbors
        .iter()
        .map(|neighbor| (neighbor.row as usize, share(neighbor) / largest / total));
    target.fill(0.0);
    match answers {
        Answers::Classes(indices, _) => {
            for (row, vote) in votes {
                // Votes sum to 1 but for the last digit.
                let sum = &mut target[indices[row] as usize];
                *sum = (*sum + vote).min(1.0);
            }
        }
        Answers::Values(values) => {
            for (row, vote) in votes {
                target[0] += vote * values[row];
            }
            // Votes sum to 1 but for the last digit, which must not lead out of the neighbours' range.
            let own = neighbors
                .iter()
                .map(|neighbor| values[neighbor.row as usize]);
            let (least, most) = own
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), own| {
                    (least.min(own), most.max(own))
                });
            target[0] = target[0].clamp(least, most);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(keys: &[f64], how: Weighting, from: (&Answers, Option<&[f64]>)) -> Vec<f64> {
        let neighbors: Vec<Neighbor> = keys
            .iter()
            .enumerate()
            .map(|(row, &key)| Neighbor {
                key,
                row: row as u32,
            })
            .collect();
        let mut target = vec![f64::NAN; from.0.width()];
        answer(&neighbors, (how, Metric::Euclidean), from, &mut target);
        target
    }

    fn close(found: &[f64], expected: &[f64]) {
        let near = |(found, expected): (&f64, &f64)| (found - expected).abs() < 1e-12;
        assert!(
            found.len() == expected.len() && found.iter().zip(expected).all(near),
            "{found:?} instead of {expected:?}"
        );
    }

    #[test]
    fn near_ones_count_more() {
        let classes = Answers::Classes(vec![0, 1, 1], 3);
        // Distances 1, 2 and 4 from squared keys: votes 1, 1/2 and 1/4.
        let keys = [1.0, 4.0, 16.0];
        close(
            &found(&keys, Weighting::Uniform, (&classes, None)),
            &[1.0 / 3.0, 2.0 / 3.0, 0.0],
        );
        close(
            &found(&keys, Weighting::Distance, (&classes, None)),
            &[4.0 / 7.0, 3.0 / 7.0, 0.0],
        );
        let values = Answers::Values(vec![7.0, 14.0, 28.0]);
        close(
            &found(&keys, Weighting::Distance, (&values, None)),
            &[(7.0 + 14.0 / 2.0 + 28.0 / 4.0) / 1.75],
        );
    }

    #[test]
    fn equal_rows_take_it_all() {
        let values = Answers::Values(vec![1.0, 3.0, 100.0]);
        let keys = [0.0, 0.0, 1e-9];
        close(&found(&keys, Weighting::Distance, (&values, None)), &[2.0]);
        close(
            &found(
                &keys,
                Weighting::Distance,
                (&values, Some(&[3.0, 1.0, 5.0])),
            ),
            &[1.5],
        );
    }

    #[test]
    fn sizes_of_distances_and_weights_cancel() {
        let classes = Answers::Classes(vec![0, 1], 2);
        for size in [1e-300, 1.0, 1e300] {
            close(
                &found(&[size, size * 4.0], Weighting::Distance, (&classes, None)),
                &[2.0 / 3.0, 1.0 / 3.0],
            );
            close(
                &found(
                    &[1.0, 1.0],
                    Weighting::Uniform,
                    (&classes, Some(&[size, size * 3.0])),
                ),
                &[0.25, 0.75],
            );
        }
    }

    #[test]
    fn a_mean_stays_between_its_values() {
        let value = 0.1 + 0.2;
        let values = Answers::Values(vec![value; 7]);
        let keys = [1.0, 2.0, 3.0, 5.0, 7.0, 11.0, 13.0];
        assert_eq!(found(&keys, Weighting::Distance, (&values, None)), [value]);
    }
}
