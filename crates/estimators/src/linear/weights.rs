//! What each row counts.

use crate::{FitError, Params, Target};

/// The factor of each class under `class_weight: balanced` (rows / (classes × rows of the class)); `None` when every
/// class counts the same.
pub(crate) fn class_weights(
    params: &Params,
    target: &Target,
    given: Option<&[f64]>,
) -> Option<Vec<f64>> {
    let Target::Classes { indices, classes } = target else {
        return None;
    };
    if params.choice("class_weight") != Some("balanced") {
        return None;
    }
    let mut sums = vec![0.0; *classes];
    indices.iter().enumerate().for_each(|(row, &class)| {
        sums[class as usize] += given.map_or(1.0, |weights| weights[row])
    });
    let present = sums.iter().filter(|sum| **sum > 0.0).count() as f64;
    let total: f64 = sums.iter().sum();
    Some(
        sums.iter()
            .map(|sum| {
                if *sum > 0.0 {
                    total / (present * sum)
                } else {
                    0.0
                }
            })
            .collect(),
    )
}

/// Weights with a mean of 1, so that their scale decides nothing; `None` when all are equal, and an error when nothing
/// weighs anything.
pub(crate) fn normalised(weights: Option<&[f64]>) -> Result<Option<Vec<f64>>, FitError> {
    let Some(weights) = weights else {
        return Ok(None);
    };
    let count = weights.len() as f64;
    // Through parts, so that huge weights do not overflow.
    let mean: f64 = weights.iter().map(|weight| weight / count).sum();
    if mean <= 0.0 {
        return Err(FitError::weightless());
    }
    let first = weights.first();
    let equal = weights.iter().all(|weight| Some(weight) == first);
    Ok((!equal).then(|| weights.iter().map(|weight| weight / mean).collect()))
}

/// One weight a row, or `None` when all are 1.
pub(crate) fn row_weights(
    params: &Params,
    target: &Target,
    given: Option<&[f64]>,
) -> Option<Vec<f64>> {
    match (class_weights(params, target, given), target) {
        (Some(by_class), Target::Classes { indices, .. }) => Some(
            indices
                .iter()
                .enumerate()
                .map(|(row, &class)| {
                    by_class[class as usize] * given.map_or(1.0, |weights| weights[row])
                })
                .collect(),
        ),
        _ => given.map(<[f64]>::to_vec),
    }
}
