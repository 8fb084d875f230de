//! The first sentence of a report: how good it is, beside guessing, in words.

use crate::report::MetricValue;
use std::collections::BTreeMap;
use trainyard_estimators::Task;

/// "Right 93 times out of 100 on rows it had never seen; always answering the most frequent class would be right 64
/// times." with an honest word where the difference may be luck.
pub fn verdict(task: Task, target: &str, metrics: &BTreeMap<String, MetricValue>) -> String {
    match task {
        Task::Classification => classification(metrics),
        Task::Regression => regression(target, metrics),
    }
}

fn classification(metrics: &BTreeMap<String, MetricValue>) -> String {
    let Some(accuracy) = metrics.get("accuracy") else {
        return untested();
    };
    let baseline = accuracy.baseline.unwrap_or(0.0);
    let scores = format!(
        "Right {} on rows it had never seen; always answering the most frequent class would be right {}.",
        times(accuracy.value),
        times(baseline)
    );
    let low = accuracy.low.unwrap_or(accuracy.value);
    let ranking = metrics
        .get("roc_auc")
        .is_some_and(|auc| auc.low.unwrap_or(auc.value) > 0.55);
    match () {
        () if low > baseline => scores,
        () if ranking => format!(
            "{scores} It counts few more hits than guessing, but it does tell likely rows from unlikely ones: look at the ROC curve and choose a cut."
        ),
        () if accuracy.value <= baseline => format!("{scores} That is no better than guessing."),
        () => format!("{scores} The difference may be luck: there were too few test rows to tell."),
    }
}

fn regression(target: &str, metrics: &BTreeMap<String, MetricValue>) -> String {
    let Some(error) = metrics.get("mae") else {
        return untested();
    };
    let baseline = error.baseline.unwrap_or(f64::INFINITY);
    let scores = format!(
        "Off by {} on average when predicting {target} on rows it had never seen; always answering the average would be off by {}.",
        amount(error.value),
        amount(baseline)
    );
    let high = error.high.unwrap_or(error.value);
    match () {
        () if high < baseline => scores,
        () if error.value >= baseline => format!("{scores} That is no better than guessing."),
        () => format!("{scores} The difference may be luck: there were too few test rows to tell."),
    }
}

fn untested() -> String {
    "It was fitted on every row, so nothing says how good it is on new ones.".to_owned()
}

/// "93 times out of 100", finer where rounding would hide the difference to always.
fn times(share: f64) -> String {
    let hundred = (share * 100.0).round();
    if share >= 1.0 || (hundred < 100.0 && hundred > 0.0) || share <= 0.0 {
        return format!("{hundred:.0} times out of 100");
    }
    // Rounding up would turn "nearly always" into "always".
    format!("{:.0} times out of 1,000", (share * 1000.0).floor())
}

/// Three significant figures, thousands set apart.
pub(crate) fn amount(value: f64) -> String {
    if !value.is_finite() {
        return "an unknown amount".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let digits = 2 - value.abs().log10().floor() as i32;
    if digits <= 0 {
        let step = 10_f64.powi(-digits);
        return thousands((value / step).round() * step);
    }
    let text = format!("{value:.*}", digits.min(12) as usize);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// 2,000,000
pub(crate) fn thousands(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0.0 {
        format!("-{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metric(value: f64, low: f64, high: f64, baseline: f64) -> MetricValue {
        MetricValue {
            value,
            low: Some(low),
            high: Some(high),
            baseline: Some(baseline),
        }
    }

    #[test]
    fn says_when_it_is_luck_or_no_better() {
        let better = BTreeMap::from([("accuracy".to_owned(), metric(0.93, 0.9, 0.96, 0.64))]);
        assert_eq!(
            verdict(Task::Classification, "y", &better),
            "Right 93 times out of 100 on rows it had never seen; always answering the most frequent class would be right 64 times out of 100."
        );
        let luck = BTreeMap::from([("accuracy".to_owned(), metric(0.66, 0.6, 0.7, 0.64))]);
        assert!(verdict(Task::Classification, "y", &luck).contains("may be luck"));
        let worse = BTreeMap::from([("mae".to_owned(), metric(10.0, 9.0, 11.0, 9.5))]);
        assert!(verdict(Task::Regression, "y", &worse).contains("no better than guessing"));
    }

    #[test]
    fn amounts_have_three_figures() {
        assert_eq!(amount(27_345.6), "27,300");
        assert_eq!(amount(0.012_345), "0.0123");
        assert_eq!(amount(3.0), "3");
        assert_eq!(times(0.9996), "999 times out of 1,000");
        assert_eq!(times(0.9981), "998 times out of 1,000");
    }
}
