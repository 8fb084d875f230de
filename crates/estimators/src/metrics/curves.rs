//! What a single number hides: confusion, curves over thresholds, calibration, residuals. Each is a small value that
//! serialises as reports show it; no curve has more than [`MAX_POINTS`] points.
