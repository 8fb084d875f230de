//! What the members' contributions add up to.

use crate::explain::{Contributions, Scale};

/// The weighted sum of the members' contributions, each with the place of its first feature. Only where all are told in
/// what is averaged (probabilities or numbers) and found in one way; odds do not add up to the odds of a mean.
pub(super) fn sum(
    parts: impl Iterator<Item = Option<(f64, usize, Contributions)>>,
    rows: usize,
    features: usize,
) -> Option<Contributions> {
    let mut sum: Option<Contributions> = None;
    for part in parts {
        let (weight, first, found) = part?;
        if !matches!(found.scale, Scale::Probability | Scale::Number) {
            return None;
        }
        let sum = sum.get_or_insert_with(|| Contributions {
            outputs: found.outputs,
            features,
            base: vec![0.0; found.outputs],
            values: vec![0.0; rows * found.outputs * features],
            scale: found.scale,
            method: found.method,
        });
        if (found.outputs, found.scale, found.method) != (sum.outputs, sum.scale, sum.method) {
            return None;
        }
        let bases = sum.base.iter_mut().zip(&found.base);
        bases.for_each(|(sum, base)| *sum += weight * base);
        let own = found.values.chunks_exact(found.features.max(1));
        for (sums, values) in sum.values.chunks_exact_mut(features.max(1)).zip(own) {
            let pairs = sums.iter_mut().skip(first).zip(values);
            pairs.for_each(|(sum, value)| *sum += weight * value);
        }
    }
    sum
}
