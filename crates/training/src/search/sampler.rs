//! Who proposes the next setting: a grid, chance, or a model of what did well (TPE).
//!
//! Samplers see places and losses, never data: the same space, seed and losses give the same proposals.

use super::draws::Draws;
use super::space::{Branch, Place, Setting, Space};
use super::tpe;

/// Most points of a grid.
pub const MOST_GRID_POINTS: u128 = 1000;

/// A setting that was tried and how badly it did; what could not be fitted has the loss infinity.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// One place a dimension.
    pub places: Vec<Place>,
    /// Smaller is better.
    pub loss: f64,
}

/// Draws a setting evenly: first a branch of each dimension, then a place in its range.
pub fn random(space: &Space, seed: u64, trial: u64) -> Vec<Place> {
    evenly(space, &mut Draws::new(seed, trial))
}

/// Proposes by the tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and Kégl, 2011); the first
/// ten settings are drawn evenly.
pub fn parzen(space: &Space, observed: &[Observation], seed: u64, trial: u64) -> Vec<Place> {
    let mut draws = Draws::new(seed, trial);
    if observed.len() < tpe::STARTUP {
        return evenly(space, &mut draws);
    }
    tpe::propose(space, observed, &mut draws)
}

/// Every combination of the dimensions' points, the last dimension running fastest.
///
/// # Errors
/// The number of points where there are more than [`MOST_GRID_POINTS`].
pub fn grid(space: &Space) -> Result<Vec<Setting>, u128> {
    let points: Vec<_> = space
        .dimensions
        .iter()
        .map(|dimension| dimension.points())
        .collect();
    let count = points.iter().fold(1_u128, |product, points| {
        product.saturating_mul(points.len() as u128)
    });
    if count > MOST_GRID_POINTS {
        return Err(count);
    }
    let mut settings = vec![Setting::new()];
    for (dimension, points) in space.dimensions.iter().zip(&points) {
        settings = settings
            .iter()
            .flat_map(|setting| {
                points.iter().map(|point| {
                    let mut longer = setting.clone();
                    longer.insert(dimension.name.clone(), point.clone());
                    longer
                })
            })
            .collect();
    }
    Ok(settings)
}

pub(super) fn evenly(space: &Space, draws: &mut Draws) -> Vec<Place> {
    space
        .dimensions
        .iter()
        .map(|dimension| {
            let branch = draws.below(dimension.branches.len());
            let at = draws.unit();
            match dimension.branches.get(branch) {
                Some(Branch::Range(_)) => Place { branch, at },
                _ => Place { branch, at: 0.5 },
            }
        })
        .collect()
}
