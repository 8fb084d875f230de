//! The tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and Kégl, 2011, "Algorithms for Hyper-Parameter
//! Optimization"): one density over the settings that did well, one over the rest, and the proposal for which the first is
//! largest beside the second.
//!
//! Densities are sums of kernels over whole settings, one around each observed setting (as in Falkner, Klein and Hutter,
//! 2018, "BOHB"), so that parameters that only work together are proposed together. In each dimension a kernel first
//! stays in its branch or leaves it, then, in a range, is a normal density cut off at the ends. One even kernel keeps
//! every setting possible.

use super::draws::Draws;
use super::sampler::{Observation, evenly};
use super::space::{Branch, Dimension, Place, Space};

/// Settings drawn evenly before there is anything to learn from.
pub(super) const STARTUP: usize = 10;
/// Share of the observed settings that count as good.
const GOOD_SHARE: f64 = 0.15;
/// Most good settings, so that old ones do not blur the picture.
const MOST_GOOD: usize = 25;
/// Proposals that are weighed against each other.
const CANDIDATES: usize = 48;
/// Width of a kernel around a single setting, as a share of the range.
const WIDTH: f64 = 0.2;

/// The most promising of a number of candidates.
pub(super) fn propose(space: &Space, observed: &[Observation], draws: &mut Draws) -> Vec<Place> {
    let mut order: Vec<&Observation> = observed.iter().collect();
    // Stable: of equal losses the earlier comes first.
    order.sort_by(|a, b| a.loss.total_cmp(&b.loss));
    let wanted = (observed.len() as f64 * GOOD_SHARE).ceil() as usize;
    let usable = order.iter().filter(|seen| seen.loss.is_finite()).count();
    let (good, rest) = order.split_at(wanted.min(MOST_GOOD).min(usable));
    let (good, rest) = (Density::new(space, good), Density::new(space, rest));
    let mut best: Option<(f64, Vec<Place>)> = None;
    for _ in 0..CANDIDATES {
        let candidate = good.draw(draws);
        let promise = good.log_at(&candidate) - rest.log_at(&candidate);
        if best.as_ref().is_none_or(|(most, _)| promise > *most) {
            best = Some((promise, candidate));
        }
    }
    best.map_or_else(|| evenly(space, draws), |(_, places)| places)
}

/// Equally weighted kernels, one a setting, and one even kernel.
struct Density<'a> {
    space: &'a Space,
    centres: Vec<&'a [Place]>,
    width: f64,
}

impl<'a> Density<'a> {
    fn new(space: &'a Space, observed: &[&'a Observation]) -> Self {
        let dimensions = space.dimensions.len() as f64;
        // Scott's rule: the more settings, the narrower.
        let count = observed.len().max(1) as f64;
        Self {
            space,
            centres: observed.iter().map(|seen| seen.places.as_slice()).collect(),
            width: WIDTH * count.powf(-1.0 / (dimensions + 4.0)),
        }
    }

    fn draw(&self, draws: &mut Draws) -> Vec<Place> {
        let Some(centre) = self.centres.get(draws.below(self.centres.len() + 1)) else {
            return evenly(self.space, draws);
        };
        let dimensions = self.space.dimensions.iter().zip(*centre);
        dimensions
            .map(|(dimension, &centre)| self.draw_near(dimension, centre, draws))
            .collect()
    }

    fn draw_near(&self, dimension: &Dimension, centre: Place, draws: &mut Draws) -> Place {
        let branches = dimension.branches.len();
        let stays = draws.unit() < self.staying(branches);
        let branch = if stays || branches < 2 {
            centre.branch
        } else {
            // One of the others.
            let other = draws.below(branches - 1);
            other + usize::from(other >= centre.branch)
        };
        let at = match dimension.branches.get(branch) {
            Some(Branch::Range(_)) if branch == centre.branch => {
                self.cut_off_normal(dimension, centre, draws)
            }
            Some(Branch::Range(_)) => draws.unit(),
            _ => 0.5,
        };
        Place { branch, at }
    }

    fn cut_off_normal(&self, dimension: &Dimension, centre: Place, draws: &mut Draws) -> f64 {
        let width = self.width_of(dimension, centre.branch);
        // A centre inside the range and a width below it: at least a third of the draws stay inside.
        for _ in 0..64 {
            let at = centre.at + width * draws.normal();
            if (0.0..=1.0).contains(&at) {
                return at;
            }
        }
        centre.at
    }

    /// Chance that a kernel stays in its branch: nearly even for one observation, nearly sure for many.
    fn staying(&self, branches: usize) -> f64 {
        let kernels = self.centres.len() as f64 + 1.0;
        (kernels + 1.0) / (kernels + branches as f64)
    }

    /// No kernel is narrower than half a whole number's share of the range.
    fn width_of(&self, dimension: &Dimension, branch: usize) -> f64 {
        match dimension.branches.get(branch) {
            Some(Branch::Range(range)) if range.integer && !range.log => {
                self.width.max(0.5 / (range.high - range.low + 1.0))
            }
            _ => self.width,
        }
    }

    /// Logarithm of the density.
    fn log_at(&self, places: &[Place]) -> f64 {
        let dimensions = || self.space.dimensions.iter().zip(places);
        let even: f64 = dimensions()
            .map(|(dimension, _)| -(dimension.branches.len() as f64).ln())
            .sum();
        let near = self.centres.iter().map(|centre| {
            dimensions()
                .zip(*centre)
                .map(|((dimension, &place), &centre)| self.log_near(dimension, place, centre))
                .sum::<f64>()
        });
        let logs: Vec<f64> = near.chain([even]).collect();
        let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = logs.iter().map(|log| (log - largest).exp()).sum();
        largest + (sum / logs.len() as f64).ln()
    }

    fn log_near(&self, dimension: &Dimension, place: Place, centre: Place) -> f64 {
        let branches = dimension.branches.len();
        let staying = self.staying(branches);
        if place.branch != centre.branch {
            // In another branch a kernel is even.
            return ((1.0 - staying) / (branches as f64 - 1.0)).ln();
        }
        let place_in_branch = match dimension.branches.get(place.branch) {
            Some(Branch::Range(_)) => {
                let width = self.width_of(dimension, place.branch);
                let distance = (place.at - centre.at) / width;
                let inside = below((1.0 - centre.at) / width) - below(-centre.at / width);
                -0.5 * distance * distance
                    - (width * (std::f64::consts::TAU).sqrt()).ln()
                    - inside.max(1e-12).ln()
            }
            _ => 0.0,
        };
        staying.ln() + place_in_branch
    }
}

/// Chance that a standard normal draw is below `value`, within 10⁻⁷ (Abramowitz and Stegun, 1964, 26.2.17).
fn below(value: f64) -> f64 {
    const FACTORS: [f64; 5] = [
        0.319_381_530,
        -0.356_563_782,
        1.781_477_937,
        -1.821_255_978,
        1.330_274_429,
    ];
    let near = 1.0 / (1.0 + 0.231_641_9 * value.abs());
    let series = FACTORS
        .iter()
        .rev()
        .fold(0.0, |sum, factor| near * (factor + sum));
    let tail = (-0.5 * value * value).exp() / (std::f64::consts::TAU).sqrt() * series;
    if value < 0.0 { tail } else { 1.0 - tail }
}
