//! A linear machine's decisions as planes: the sum over support vectors is made once, in double precision, so that an
//! answer costs one product a column and terms that cancel each other do so before a row is looked at.

use super::fitted::{FittedMachine, pair};
use super::kernel::Shape;

/// Planes beyond so many numbers are not made; sums over support vectors take less room then.
const MOST_NUMBERS: usize = 1 << 22;

/// Row-major `pairs × width`: what each column of a sample counts in each decision.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Planes(Vec<f64>);

impl Planes {
    /// The planes of a linear machine; nothing for other kernels, and where they would be larger than what they replace.
    pub(super) fn of(machine: &FittedMachine) -> Option<Self> {
        let (pairs, width) = (machine.biases.len(), machine.encoder.width());
        let numbers = pairs.checked_mul(width)?;
        let linear = matches!(machine.kernel.shape, Shape::Linear);
        if !linear || width == 0 || numbers > MOST_NUMBERS {
            return None;
        }
        let mut planes = vec![0.0; numbers];
        let (groups, lines) = (machine.counts.len(), machine.lines());
        let (mut vectors, mut coefficients) = (
            machine.support.values.chunks_exact(width),
            machine.coefficients.as_slice(),
        );
        for (group, &count) in machine.counts.iter().enumerate() {
            let (own, rest) = coefficients.split_at_checked(count * lines)?;
            coefficients = rest;
            for (at, vector) in vectors.by_ref().take(count).enumerate() {
                for line in 0..lines {
                    let plane = if groups == 1 {
                        0
                    } else {
                        let other = line + usize::from(line >= group);
                        pair(group.min(other), group.max(other), groups)
                    };
                    let coefficient = own.get(line * count + at)?;
                    let plane = planes.get_mut(plane * width..(plane + 1) * width)?;
                    for (sum, value) in plane.iter_mut().zip(vector) {
                        *sum += coefficient * f64::from(*value);
                    }
                }
            }
        }
        Some(Self(planes))
    }

    /// Adds what a sample counts to its decisions, one a pair.
    pub(super) fn add(&self, sample: &[f32], decisions: &mut [f64]) {
        for (decision, plane) in decisions
            .iter_mut()
            .zip(self.0.chunks_exact(sample.len().max(1)))
        {
            let products = plane.iter().zip(sample);
            *decision += products
                .map(|(own, value)| own * f64::from(*value))
                .sum::<f64>();
        }
    }
}
