//! Gauss–Legendre quadrature over 0..1: `Q` places at which a polynomial of degree at most 2Q − 1 has to be known to be
//! integrated exactly. Touches nothing.

use std::f64::consts::PI;

/// Places and what each weighs.
#[derive(Clone, Debug)]
pub(super) struct Quadrature<const Q: usize> {
    pub(super) places: [f64; Q],
    /// 1 less the place.
    pub(super) rests: [f64; Q],
    pub(super) weights: [f64; Q],
}

impl<const Q: usize> Quadrature<Q> {
    /// The roots of the Legendre polynomial of degree `Q`, moved from −1..1, by Newton's method.
    pub(super) fn new() -> Self {
        let mut own = Self {
            places: [0.0; Q],
            rests: [0.0; Q],
            weights: [0.0; Q],
        };
        for index in 0..Q {
            let mut root = (PI * (index as f64 + 0.75) / (Q as f64 + 0.5)).cos();
            let mut slope = 1.0;
            for _ in 0..8 {
                let value;
                (value, slope) = legendre(Q, root);
                root -= value / slope;
            }
            own.places[index] = (1.0 - root) / 2.0;
            own.rests[index] = (1.0 + root) / 2.0;
            own.weights[index] = 1.0 / ((1.0 - root * root) * slope * slope);
        }
        own
    }
}

/// The Legendre polynomial of a degree of at least 1, and its derivative.
fn legendre(degree: usize, at: f64) -> (f64, f64) {
    let (mut before, mut value) = (1.0, at);
    for order in 2..=degree {
        let order = order as f64;
        let next = ((2.0 * order - 1.0) * at * value - (order - 1.0) * before) / order;
        (before, value) = (value, next);
    }
    let slope = degree as f64 * (at * value - before) / (at * at - 1.0);
    (value, slope)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn powers_are_exact<const Q: usize>() {
        let own = Quadrature::<Q>::new();
        for power in 0..2 * Q as i32 {
            let terms = own.places.iter().zip(&own.weights);
            let found: f64 = terms
                .map(|(place, weight)| weight * place.powi(power))
                .sum();
            let expected = 1.0 / f64::from(power + 1);
            assert!((found - expected).abs() < 1e-14, "{Q} {power}: {found}");
        }
    }

    #[test]
    fn polynomials_are_integrated_exactly() {
        powers_are_exact::<2>();
        powers_are_exact::<4>();
        powers_are_exact::<8>();
        powers_are_exact::<32>();
        powers_are_exact::<256>();
    }
}
