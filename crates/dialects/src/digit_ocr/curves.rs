//! ROC curves at the same places for every class, so that clients can draw them over one axis.

use serde_json::{Value, json};

/// Places on the axis.
const PLACES: usize = 100;

/// A curve as reports keep it.
struct Curve {
    class: String,
    area: f64,
    /// False and true positive rate, both rising, and the threshold, falling.
    points: Vec<(f64, f64, f64)>,
    /// Rows of the class.
    support: f64,
}

/// Every class's curve, and the two means of them.
pub(super) fn of(report: &Value) -> Option<Value> {
    let curves = read(report)?;
    let axis: Vec<f64> = (0..PLACES)
        .map(|place| place as f64 / (PLACES - 1) as f64)
        .collect();
    let mut mean = vec![0.0; PLACES];
    let mut drawn = Vec::with_capacity(curves.len());
    for curve in &curves {
        let points: Vec<(f64, f64)> = curve
            .points
            .iter()
            .map(|point| (point.0, point.1))
            .collect();
        let heights = heights(&points, &axis);
        for (mean, height) in mean.iter_mut().zip(&heights) {
            *mean += height / curves.len() as f64;
        }
        let class = crate::fields::whole_number(&Value::from(curve.class.as_str()));
        drawn.push(json!({
            "class": class.map_or(Value::from(curve.class.as_str()), Value::from),
            "fpr": axis, "tpr": heights, "auc": curve.area,
        }));
    }
    let pooled = pooled(&curves);
    let heights = heights(&pooled, &axis);
    let mean_area = curves.iter().map(|curve| curve.area).sum::<f64>() / curves.len() as f64;
    Some(json!({
        "curves": drawn,
        "micro_avg": { "fpr": axis, "tpr": heights, "auc": area(&pooled) },
        "macro_avg": { "fpr": axis, "tpr": mean, "auc": mean_area },
    }))
}

fn read(report: &Value) -> Option<Vec<Curve>> {
    let numbers = |value: &Value| -> Option<Vec<f64>> {
        value.as_array()?.iter().map(Value::as_f64).collect()
    };
    let counts = report.pointer("/confusion_matrix/counts")?.as_array()?;
    let supports: Vec<f64> = counts
        .iter()
        .map(|row| row.as_array().into_iter().flatten())
        .map(|row| row.filter_map(Value::as_f64).sum())
        .collect();
    let curves = report.get("roc")?.as_array()?;
    let read = curves.iter().zip(supports).map(|(curve, support)| {
        let (x, y) = (numbers(curve.get("fpr")?)?, numbers(curve.get("tpr")?)?);
        let cuts = numbers(curve.get("thresholds")?)?;
        let points = x.into_iter().zip(y).zip(cuts);
        Some(Curve {
            class: curve.get("class")?.as_str()?.to_owned(),
            area: curve.get("auc")?.as_f64()?,
            points: points.map(|((x, y), cut)| (x, y, cut)).collect(),
            support,
        })
    });
    let read: Vec<Curve> = read.collect::<Option<_>>()?;
    (!read.is_empty()).then_some(read)
}

/// All classes' decisions together: at each threshold the rates of every class, weighted by its rows.
fn pooled(curves: &[Curve]) -> Vec<(f64, f64)> {
    let mut cuts: Vec<f64> = curves
        .iter()
        .flat_map(|curve| curve.points.iter().map(|point| point.2))
        .collect();
    cuts.sort_by(|one, other| other.total_cmp(one));
    cuts.dedup();
    let rows: f64 = curves.iter().map(|curve| curve.support).sum();
    let negatives = rows * (curves.len() as f64 - 1.0);
    let mut places = vec![0_usize; curves.len()];
    let mut points = vec![(0.0, 0.0)];
    for cut in cuts {
        let (mut wrong, mut right) = (0.0, 0.0);
        for (curve, place) in curves.iter().zip(&mut places) {
            while curve
                .points
                .get(*place + 1)
                .is_some_and(|next| next.2 >= cut)
            {
                *place += 1;
            }
            let reached = curve.points.get(*place).filter(|point| point.2 >= cut);
            if let Some((x, y, _)) = reached {
                wrong += x * (rows - curve.support);
                right += y * curve.support;
            }
        }
        points.push((wrong / negatives.max(1.0), right / rows.max(1.0)));
    }
    points.push((1.0, 1.0));
    points
}

/// How high a curve is at each place, between its points on a straight line.
fn heights(points: &[(f64, f64)], axis: &[f64]) -> Vec<f64> {
    let mut place = 0;
    let height = |x: f64| {
        while points.get(place + 1).is_some_and(|next| next.0 <= x) {
            place += 1;
        }
        let (before, height) = points.get(place).copied().unwrap_or((0.0, 0.0));
        match points.get(place + 1) {
            Some((after, higher)) if *after > before => {
                height + (higher - height) * (x - before) / (after - before)
            }
            _ => height,
        }
    };
    axis.iter().copied().map(height).collect()
}

fn area(points: &[(f64, f64)]) -> f64 {
    let pairs = points.windows(2);
    pairs
        .map(|pair| match pair {
            [(x, y), (next, higher)] => (next - x) * (y + higher) / 2.0,
            _ => 0.0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_share_their_axis_and_the_pooled_one_is_between_them() {
        let report = json!({
            "confusion_matrix": { "counts": [[8, 2], [1, 9]] },
            "roc": [
                { "class": "0", "auc": 0.9, "fpr": [0.0, 0.1, 1.0], "tpr": [0.0, 0.8, 1.0], "thresholds": [1.9, 0.5, 0.0] },
                { "class": "1", "auc": 0.95, "fpr": [0.0, 0.2, 1.0], "tpr": [0.0, 0.9, 1.0], "thresholds": [1.9, 0.5, 0.0] },
            ],
        });
        let curves = of(&report).unwrap_or_default();
        let lengths = [
            "/micro_avg/fpr",
            "/micro_avg/tpr",
            "/macro_avg/tpr",
            "/curves/0/fpr",
            "/curves/1/tpr",
        ];
        for place in lengths {
            let list = curves.pointer(place).and_then(Value::as_array);
            assert_eq!(list.map(Vec::len), Some(PLACES), "{place}");
        }
        assert_eq!(curves.pointer("/curves/1/class"), Some(&json!(1)));
        // Pooled, 17 of 20 are right where 3 of 20 are wrong.
        let area = curves.pointer("/micro_avg/auc").and_then(Value::as_f64);
        assert!(
            area.is_some_and(|area| (area - 0.85).abs() < 1e-9),
            "{area:?}"
        );
    }
}
