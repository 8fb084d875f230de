//! Random numbers as a function of (seed, trial) only, so that a trial can be drawn again whatever ran beside it.

use trainyard_estimators::kernels::random::Random;

/// What one trial draws.
#[derive(Clone, Debug)]
pub(crate) struct Draws(Random);

impl Draws {
    /// The draws of one trial.
    pub(crate) fn new(seed: u64, trial: u64) -> Self {
        // Apart from those of trees and folds with the same seed.
        let first = Random::from_state(seed ^ 0x6a09_e667_f3bc_c908).bits();
        let state = first ^ trial.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(1);
        Self(Random::from_state(state))
    }

    /// A number in `0.0..1.0`, evenly.
    pub(crate) fn unit(&mut self) -> f64 {
        self.0.share()
    }

    /// A number in `0..bound`; 0 for an empty range.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0.below(bound)
    }

    /// A standard normal draw (Box and Muller, 1958).
    pub(super) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }
}
