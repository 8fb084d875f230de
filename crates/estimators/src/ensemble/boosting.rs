//! The parts of gradient boosting (Friedman, 2001) on histograms: `loss` gives slopes and curvatures, `rows` holds bins in the
//! order that counting wants, `histogram` sums packed slopes by bin, `search` finds the best division of a leaf, `growing`
//! divides the leaf that gains most (as LightGBM does: Ke et al., 2017), `fitted` answers; `directions` are monotone
//! constraints.

pub(crate) mod directions;
pub(crate) mod fitted;
pub(crate) mod growing;
pub(crate) mod histogram;
pub(crate) mod loss;
pub(crate) mod search;
