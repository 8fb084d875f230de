//! The metrics against numbers recorded from scikit-learn 1.9, curves against their definitions, and properties that hold
//! for any data.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use proptest::prelude::*;
use trainyard_estimators::metrics::curves::{Classified, residuals};
use trainyard_estimators::metrics::{METRICS, assess, evaluate, headline, metric, score};
use trainyard_estimators::split::{Split, holdout, k_fold};
use trainyard_estimators::{Prediction, Target};

const TWO_ACTUAL: &[u32] = &[
    0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1,
];
const TWO_PROBABILITIES: &[f64] = &[
    0.0, 1.0, 0.4, 0.6, 0.8, 0.2, 0.1, 0.9, 0.1, 0.9, 1.0, 0.0, 0.5, 0.5, 0.7, 0.3, 0.4, 0.6, 0.7,
    0.3, 0.9, 0.1, 0.5, 0.5, 0.4, 0.6, 0.8, 0.2, 0.9, 0.1, 0.5, 0.5, 0.7, 0.3, 0.4, 0.6, 0.8, 0.2,
    0.5, 0.5, 0.4, 0.6, 0.4, 0.6, 0.6, 0.4, 0.6, 0.4,
];
const TWO_EXPECTED: &[(&str, f64)] = &[
    ("accuracy", 0.625),
    ("balanced_accuracy", 0.59375),
    ("precision_macro", 0.5888888888888888),
    ("recall_macro", 0.59375),
    ("f1_macro", 0.5901328273244781),
    ("precision_weighted", 0.637037037037037),
    ("recall_weighted", 0.625),
    ("f1_weighted", 0.6299810246679317),
    ("mcc", 0.18257418583505539),
    ("log_loss", 1.9974320021167922),
    ("brier", 0.21291666666666673),
    ("roc_auc", 0.71484375),
    ("pr_auc", 0.507051282051282),
];
const THREE_ACTUAL: &[u32] = &[0, 0, 0, 0, 0, 0, 2, 2, 1, 1, 0, 2, 0, 1, 0, 0, 0, 1, 2, 0];
const THREE_PROBABILITIES: &[f64] = &[
    0.8, 0.0, 0.2, 0.6, 0.05, 0.35, 0.4, 0.15, 0.45, 0.75, 0.2, 0.05, 0.5, 0.4, 0.1, 0.5, 0.15,
    0.35, 0.45, 0.25, 0.3, 0.15, 0.05, 0.8, 0.2, 0.55, 0.25, 0.5, 0.35, 0.15, 0.3, 0.2, 0.5, 0.1,
    0.3, 0.6, 0.35, 0.45, 0.2, 0.2, 0.45, 0.35, 0.35, 0.0, 0.65, 0.35, 0.5, 0.15, 0.5, 0.35, 0.15,
    0.35, 0.35, 0.3, 0.1, 0.2, 0.7, 0.6, 0.3, 0.1,
];
const THREE_EXPECTED: &[(&str, f64)] = &[
    ("accuracy", 0.6),
    ("balanced_accuracy", 0.6111111111111112),
    ("precision_macro", 0.5666666666666667),
    ("recall_macro", 0.6111111111111112),
    ("f1_macro", 0.5787878787878787),
    ("precision_weighted", 0.6199999999999999),
    ("recall_weighted", 0.6),
    ("f1_weighted", 0.6018181818181818),
    ("mcc", 0.33942211665106536),
    ("log_loss", 0.7336127095994773),
    ("brier", 0.4415),
    ("roc_auc", 0.8680555555555557),
    ("roc_auc_micro", 0.8675),
    ("pr_auc", 0.761751443001443),
];
const NUMBERS_ACTUAL: &[f64] = &[
    51.1, 64.4, 55.9, 67.4, 59.2, 59.8, 86.5, 62.5, 52.6, 64.2, 31.6, 43.2, 65.9, 62.6, 81.0,
];
const NUMBERS_PREDICTED: &[f64] = &[
    51.2, 52.7, 71.5, 76.1, 50.7, 70.8, 86.8, 48.0, 49.2, 60.1, 44.3, 36.9, 63.9, 60.4, 78.0,
];
const NUMBERS_EXPECTED: &[(&str, f64)] = &[
    ("r2", 0.5606347564600198),
    ("rmse", 8.589644928633545),
    ("mae", 6.939999999999999),
    ("median_absolute_error", 6.300000000000004),
    ("mape", 0.12890288194610902),
    ("mse", 73.78199999999998),
];

fn classes(actual: &[u32], probabilities: &[f64], classes: usize) -> (Target, Prediction) {
    (
        Target::Classes {
            indices: actual.to_vec(),
            classes,
        },
        Prediction::Classes {
            probabilities: probabilities.to_vec(),
            classes,
        },
    )
}

fn numbers(actual: &[f64], predicted: &[f64]) -> (Target, Prediction) {
    (
        Target::Values(actual.to_vec()),
        Prediction::Values(predicted.to_vec()),
    )
}

fn assert_equal(found: &[(&str, f64)], expected: &[(&str, f64)]) {
    let names = |list: &[(&str, f64)]| {
        list.iter()
            .map(|(name, _)| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(found), names(expected));
    for ((name, found), (_, expected)) in found.iter().zip(expected) {
        assert!(
            (found - expected).abs() <= 1e-12 * expected.abs().max(1.0),
            "{name}: {found} instead of {expected}"
        );
    }
}

#[test]
fn two_classes_score_as_in_scikit_learn() {
    let (target, prediction) = classes(TWO_ACTUAL, TWO_PROBABILITIES, 2);
    assert_equal(&evaluate(&target, &prediction), TWO_EXPECTED);
}

#[test]
fn three_classes_score_as_in_scikit_learn() {
    let (target, prediction) = classes(THREE_ACTUAL, THREE_PROBABILITIES, 3);
    assert_equal(&evaluate(&target, &prediction), THREE_EXPECTED);
}

#[test]
fn numbers_score_as_in_scikit_learn() {
    let (target, prediction) = numbers(NUMBERS_ACTUAL, NUMBERS_PREDICTED);
    assert_equal(&evaluate(&target, &prediction), NUMBERS_EXPECTED);
}

#[test]
fn one_metric_is_the_same_as_among_all() {
    let (target, prediction) = classes(THREE_ACTUAL, THREE_PROBABILITIES, 3);
    for (name, value) in evaluate(&target, &prediction) {
        assert_eq!(score(name, &target, &prediction), Some(value), "{name}");
    }
    assert_eq!(score("r2", &target, &prediction), None);
    assert_eq!(headline(&target).name, "accuracy");
    assert!(METRICS.iter().all(|spec| metric(spec.name) == Some(spec)));
}

#[test]
fn what_is_undefined_is_absent() {
    // One class among the actual ones: no ranking; everything else stays.
    let (target, prediction) = classes(&[0, 0], &[0.9, 0.1, 0.2, 0.8], 2);
    let found = evaluate(&target, &prediction);
    assert!(
        found
            .iter()
            .all(|(name, value)| !name.contains("auc") && value.is_finite())
    );
    assert_eq!(found[0], ("accuracy", 0.5));
    // A zero has no percentage; one row has no R²; no rows have nothing.
    let (target, prediction) = numbers(&[0.0], &[1.0]);
    let found = evaluate(&target, &prediction);
    assert_equal(
        &found,
        &[
            ("rmse", 1.0),
            ("mae", 1.0),
            ("median_absolute_error", 1.0),
            ("mse", 1.0),
        ],
    );
    assert!(evaluate(&Target::Values(vec![]), &Prediction::Values(vec![])).is_empty());
    // Squares beyond the largest float.
    let (target, prediction) = numbers(&[1e200, -1e200], &[0.0, 0.0]);
    assert!(
        assess(&target, &prediction, 1)
            .iter()
            .all(|score| score.value.is_finite())
    );
}

#[test]
fn a_constant_target_has_the_r2_of_scikit_learn() {
    let (target, prediction) = numbers(&[0.1, 0.1, 0.1], &[0.1, 0.1, 0.1]);
    assert_eq!(score("r2", &target, &prediction), Some(1.0));
    let (target, prediction) = numbers(&[0.1, 0.1, 0.1], &[0.1, 0.2, 0.1]);
    assert_eq!(score("r2", &target, &prediction), Some(0.0));
}

#[test]
fn intervals_do_not_depend_on_threads() {
    let (target, prediction) = classes(THREE_ACTUAL, THREE_PROBABILITIES, 3);
    let with = |threads| {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap()
            .install(|| assess(&target, &prediction, 42))
    };
    assert_eq!(with(1), with(7));
    assert_ne!(with(1), assess(&target, &prediction, 43));
    assert!(with(1).iter().all(|score| score.interval.is_some()));
}

#[test]
fn an_interval_is_as_wide_as_theory_says() {
    // 64 of 100 right: the standard error of a share is sqrt(0.64 · 0.36 / 100) = 0.048.
    let actual = (0..100).map(|row| u32::from(row < 64)).collect::<Vec<_>>();
    let probabilities = [0.3, 0.7].repeat(100);
    let (target, prediction) = classes(&actual, &probabilities, 2);
    let found = assess(&target, &prediction, 9)[0];
    let interval = found.interval.unwrap();
    assert_eq!(found.value, 0.64);
    assert!(
        (interval.low - (0.64 - 1.96 * 0.048)).abs() < 0.012,
        "{interval:?}"
    );
    assert!(
        (interval.high - (0.64 + 1.96 * 0.048)).abs() < 0.012,
        "{interval:?}"
    );
}

#[test]
fn curves_of_two_classes() {
    let labels = ["no".to_owned(), "yes".to_owned()];
    let probabilities = [0.1, 0.4, 0.35, 0.8]
        .iter()
        .flat_map(|p| [1.0 - p, *p])
        .collect::<Vec<_>>();
    let data = Classified::new(&[0, 0, 1, 1], &probabilities, &labels).unwrap();
    // scikit-learn's roc_curve and precision_recall_curve on their own example.
    let roc = &data.roc()[0];
    assert_eq!(roc.class, "yes");
    assert_eq!(roc.auc, 0.75);
    assert_eq!(roc.fpr, [0.0, 0.0, 0.5, 0.5, 1.0]);
    assert_eq!(roc.tpr, [0.0, 0.5, 0.5, 1.0, 1.0]);
    assert_eq!(roc.thresholds, [1.8, 0.8, 0.4, 0.35, 0.1]);
    let pr = &data.precision_recall()[0];
    assert_eq!(pr.recall, [0.0, 0.5, 0.5, 1.0, 1.0]);
    assert_eq!(pr.precision, [1.0, 1.0, 0.5, 2.0 / 3.0, 0.5]);
    let sweep = data.threshold_sweep().unwrap();
    assert_eq!(sweep.thresholds.len(), 101);
    assert_eq!(
        (sweep.precision[0], sweep.recall[0], sweep.accuracy[0]),
        (0.5, 1.0, 0.5)
    );
    // At 0.40 exactly, 0.4 and 0.8 are positive: one right, one wrong.
    assert_eq!(
        (
            sweep.precision[40],
            sweep.recall[40],
            sweep.f1[40],
            sweep.accuracy[40]
        ),
        (0.5, 0.5, 0.5, 0.5)
    );
    assert_eq!((sweep.precision[41], sweep.accuracy[41]), (1.0, 0.75));
    assert_eq!((sweep.precision[100], sweep.recall[100]), (0.0, 0.0));
    let bins = &data.calibration()[0].bins;
    assert_eq!(
        bins.iter().map(|bin| bin.count).collect::<Vec<_>>(),
        [1, 1, 1, 1]
    );
    assert_eq!((bins[1].predicted, bins[1].observed), (0.35, 1.0));
    assert_eq!(data.confusion_matrix().counts, [[2, 0], [1, 1]]);
    let yes = &data.per_class()[1];
    assert_eq!(
        (yes.precision, yes.recall, yes.f1, yes.support),
        (1.0, 0.5, 2.0 / 3.0, 2)
    );
}

#[test]
fn the_positive_class_can_be_the_first() {
    let labels = ["no".to_owned(), "yes".to_owned()];
    let probabilities = [0.9, 0.1, 0.6, 0.4, 0.65, 0.35, 0.2, 0.8];
    let data = Classified::new(&[0, 0, 1, 1], &probabilities, &labels)
        .unwrap()
        .with_positive(0);
    let roc = data.roc();
    assert_eq!(
        (roc.len(), roc[0].class.as_str(), roc[0].auc),
        (1, "no", 0.75)
    );
    let sweep = data.threshold_sweep().unwrap();
    // At 0.60, rows 1 to 3 are called "no": two rightly.
    assert_eq!((sweep.precision[60], sweep.recall[60]), (2.0 / 3.0, 1.0));
    assert_eq!(data.calibration()[0].class, "no");
}

#[test]
fn long_curves_keep_their_ends_and_their_shape() {
    let labels = ["no".to_owned(), "yes".to_owned()];
    let rows = 20_000_u32;
    let actual = (0..rows)
        .map(|row| u32::from(row.wrapping_mul(2_654_435_761) >> 16 < row * 3))
        .collect::<Vec<_>>();
    let probabilities = (0..rows)
        .flat_map(|row| {
            let p = f64::from(row) / f64::from(rows);
            [1.0 - p, p]
        })
        .collect::<Vec<_>>();
    let data = Classified::new(&actual, &probabilities, &labels).unwrap();
    let roc = &data.roc()[0];
    assert!(
        roc.fpr.len() <= 200 && roc.fpr.len() > 150,
        "{}",
        roc.fpr.len()
    );
    assert_eq!((roc.fpr[0], roc.tpr[0]), (0.0, 0.0));
    assert_eq!((roc.fpr.last(), roc.tpr.last()), (Some(&1.0), Some(&1.0)));
    let drawn = roc
        .fpr
        .windows(2)
        .zip(roc.tpr.windows(2))
        .map(|(x, y)| (x[1] - x[0]) * (y[0] + y[1]) / 2.0)
        .sum::<f64>();
    assert!((drawn - roc.auc).abs() < 0.005, "{drawn} {}", roc.auc);
}

#[test]
fn residuals_fill_a_histogram() {
    let found = residuals(&[1.0, 2.0, 3.0, 4.0], &[1.0, 1.0, 1.0, 1.0]).unwrap();
    assert_eq!(found.sample.len(), 4);
    assert_eq!(found.histogram.edges.len(), 31);
    assert_eq!(found.histogram.counts.iter().sum::<u64>(), 4);
    assert_eq!(
        (found.histogram.counts[0], found.histogram.counts[29]),
        (1, 1)
    );
    let same = residuals(&[1.0, 2.0], &[0.0, 1.0]).unwrap();
    assert_eq!(same.histogram.counts, [2]);
    assert_eq!(
        residuals(&[f64::MAX, -f64::MAX], &[-f64::MAX, f64::MAX]),
        None
    );
}

fn scored_rows() -> impl Strategy<Value = (Vec<u32>, Vec<f64>)> {
    prop::collection::vec((0_u32..2, 0_u32..12), 2..60).prop_map(|rows| {
        // Few distinct scores, so that there are ties.
        rows.into_iter()
            .map(|(class, score)| (class, f64::from(score) / 11.0))
            .unzip()
    })
}

proptest! {
    #[test]
    fn auc_counts_pairs((actual, scores) in scored_rows()) {
        let probabilities = scores.iter().flat_map(|p| [1.0 - p, *p]).collect::<Vec<_>>();
        let (target, prediction) = classes(&actual, &probabilities, 2);
        let (mut wins, mut pairs) = (0.0, 0.0);
        for (positive, _) in actual.iter().enumerate().filter(|(_, class)| **class == 1) {
            for (negative, _) in actual.iter().enumerate().filter(|(_, class)| **class == 0) {
                pairs += 1.0;
                wins += match scores[positive].total_cmp(&scores[negative]) {
                    std::cmp::Ordering::Greater => 1.0,
                    std::cmp::Ordering::Equal => 0.5,
                    std::cmp::Ordering::Less => 0.0,
                };
            }
        }
        let expected = (pairs > 0.0).then(|| wins / pairs);
        prop_assert_eq!(score("roc_auc", &target, &prediction), expected);
    }

    #[test]
    fn an_interval_holds_its_value((actual, scores) in scored_rows(), seed in 0_u64..1000) {
        let probabilities = scores.iter().flat_map(|p| [1.0 - p, *p]).collect::<Vec<_>>();
        let (target, prediction) = classes(&actual, &probabilities, 2);
        for found in assess(&target, &prediction, seed) {
            if let Some(interval) = found.interval {
                prop_assert!(interval.low <= found.value && found.value <= interval.high, "{:?}", found);
            }
        }
    }

    #[test]
    fn a_stratified_split_keeps_shares(
        sizes in prop::collection::vec(1_usize..60, 2..6),
        share in 0.05_f64..0.6,
        seed in 0_u64..100,
    ) {
        let indices = sizes.iter().enumerate().flat_map(|(class, &size)| vec![class as u32; size]).collect::<Vec<_>>();
        prop_assume!(sizes.iter().any(|&size| size > 1));
        let rows = indices.len();
        let target = Target::Classes { indices: indices.clone(), classes: sizes.len() };
        let (train, test) = holdout(Split::Stratified, &target, share, seed).unwrap();
        let mut all = [train.clone(), test.clone()].concat();
        all.sort_unstable();
        prop_assert_eq!(all, (0..rows).collect::<Vec<_>>());
        let wanted = ((rows as f64 * share).ceil() as usize).max(1);
        prop_assert!(test.len() <= wanted);
        let classes_to_judge = sizes.iter().filter(|&&size| size > 1).count();
        for (class, &size) in sizes.iter().enumerate() {
            let held_out = test.iter().filter(|&&row| indices[row] == class as u32).count();
            prop_assert!(held_out < size, "training keeps class {}", class);
            if size > 1 && wanted >= classes_to_judge {
                prop_assert!(held_out >= 1, "class {} is judged", class);
            }
            // Within one row for each class that had to be helped or held back.
            let quota = size as f64 * wanted as f64 / rows as f64;
            prop_assert!((held_out as f64 - quota).abs() <= sizes.len() as f64, "{} of {}", held_out, quota);
        }
    }

    #[test]
    fn folds_are_a_partition(
        indices in prop::collection::vec(0_u32..4, 6..80),
        folds in 2_usize..6,
        seed in 0_u64..100,
        stratified: bool,
    ) {
        let rows = indices.len();
        let target = Target::Classes { indices: indices.clone(), classes: 4 };
        let split = if stratified { Split::Stratified } else { Split::Random };
        let dealt = k_fold(split, &target, folds, seed).unwrap();
        prop_assert_eq!(dealt.len(), folds);
        let mut tested = Vec::new();
        for (train, test) in &dealt {
            prop_assert_eq!(train.len() + test.len(), rows);
            prop_assert!(train.iter().all(|row| test.binary_search(row).is_err()));
            prop_assert!(test.len() == rows / folds || test.len() == rows.div_ceil(folds));
            tested.extend_from_slice(test);
            if stratified {
                for class in 0..4 {
                    let size = indices.iter().filter(|&&index| index == class).count();
                    let count = test.iter().filter(|&&row| indices[row] == class).count();
                    prop_assert!(count == size / folds || count == size.div_ceil(folds));
                }
            }
        }
        tested.sort_unstable();
        prop_assert_eq!(tested, (0..rows).collect::<Vec<_>>());
    }
}
