//! The median rule: a setting that, after some folds, does worse than half of the earlier ones did after as many is given
//! up (Golovin et al., 2017, "Google Vizier", section 3.2.2).

/// Settings that must have been judged on as many folds before the rule speaks.
pub const ENOUGH: usize = 5;

/// Whether to give up a setting with these losses (smaller is better) on its first folds, given the losses by fold of
/// earlier settings, finished or not. Means are compared, so that one unlucky fold is not the end.
pub fn falls_behind(losses: &[f64], earlier: &[Vec<f64>]) -> bool {
    let folds = losses.len();
    if folds == 0 {
        return false;
    }
    let mean = |losses: &[f64]| losses.iter().sum::<f64>() / losses.len() as f64;
    let mut others: Vec<f64> = earlier
        .iter()
        .filter_map(|losses| losses.get(..folds))
        .map(mean)
        .collect();
    if others.len() < ENOUGH {
        return false;
    }
    others.sort_unstable_by(f64::total_cmp);
    let upper = others.len() / 2;
    let lower = (others.len() - 1) / 2;
    let median = match (others.get(lower), others.get(upper)) {
        (Some(lower), Some(upper)) => (lower + upper) / 2.0,
        _ => return false,
    };
    mean(losses) > median
}
