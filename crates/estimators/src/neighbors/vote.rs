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
                target[indices[row] as usize] += vote;
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
