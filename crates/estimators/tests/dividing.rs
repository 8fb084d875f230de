//! Splits by group and by time, through the public functions: what must never stand on both sides does not.
#![expect(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

#[path = "support/tables.rs"]
#[expect(dead_code, reason = "shared with other tests, which need more of it")]
mod tables;

use proptest::prelude::*;
use tables::{booleans, numbers, strings};
use trainyard_estimators::split::{
    Division, TrainAndTest, expanding_window, group_holdout, group_k_fold, time_holdout,
};
use trainyard_estimators::{FitError, Target};
use trainyard_table::Kind;

fn classes(indices: Vec<u32>) -> Target {
    let classes = indices.iter().max().map_or(1, |&most| most as usize + 1);
    Target::Classes { indices, classes }
}

fn straddles(groups: &[u32], (train, test): &TrainAndTest) -> bool {
    test.iter()
        .any(|&row| train.iter().any(|&other| groups[row] == groups[other]))
}

fn detail<T: std::fmt::Debug>(result: Result<T, FitError>) -> String {
    match result.unwrap_err() {
        FitError::Data(detail) => detail,
        other => panic!("{other:?}"),
    }
}

proptest! {
    #[test]
    fn groups_never_straddle_and_every_row_is_tested_once(
        rows in prop::collection::vec((0_u32..12, 0_u32..3), 12..120),
        folds in 2_usize..5,
        seed in 0_u64..50,
    ) {
        let groups: Vec<u32> = rows.iter().map(|row| row.0).collect();
        let target = classes(rows.iter().map(|row| row.1).collect());
        let mut distinct = groups.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let dealt = group_k_fold(&groups, &target, folds, seed);
        if distinct.len() < folds {
            prop_assert!(dealt.is_err());
            return Ok(());
        }
        let mut tested = vec![0; groups.len()];
        for fold in dealt.unwrap() {
            prop_assert!(!straddles(&groups, &fold));
            prop_assert!(!fold.0.is_empty() && !fold.1.is_empty());
            prop_assert_eq!(fold.0.len() + fold.1.len(), groups.len());
            fold.1.iter().for_each(|&row| tested[row] += 1);
        }
        prop_assert!(tested.iter().all(|&times| times == 1));
        let held = group_holdout(&groups, &target, 0.2, seed).unwrap();
        prop_assert!(!straddles(&groups, &held));
        prop_assert!(!held.0.is_empty() && !held.1.is_empty());
    }

    #[test]
    fn tests_are_later_than_what_was_learned(
        times in prop::collection::vec(0_u32..40, 5..150),
        folds in 2_usize..6,
        share in 0.05_f64..0.5,
    ) {
        let times: Vec<f64> = times.into_iter().map(f64::from).collect();
        let mut distinct = times.clone();
        distinct.sort_unstable_by(f64::total_cmp);
        distinct.dedup();
        let later = |(train, test): &TrainAndTest| {
            let last = train.iter().map(|&row| times[row]).fold(f64::MIN, f64::max);
            test.iter().all(|&row| times[row] > last)
        };
        match time_holdout(&times, share) {
            Ok(parts) => {
                prop_assert!(later(&parts));
                prop_assert!(!parts.0.is_empty() && !parts.1.is_empty());
                prop_assert_eq!(parts.0.len() + parts.1.len(), times.len());
            }
            Err(_) => prop_assert_eq!(distinct.len(), 1),
        }
        match expanding_window(&times, folds) {
            Ok(dealt) => {
                prop_assert_eq!(dealt.len(), folds);
                for (number, fold) in dealt.iter().enumerate() {
                    prop_assert!(later(fold));
                    prop_assert!(!fold.0.is_empty() && !fold.1.is_empty());
                    if let Some(next) = dealt.get(number + 1) {
                        let mut grown = [fold.0.clone(), fold.1.clone()].concat();
                        grown.sort_unstable();
                        prop_assert_eq!(&grown, &next.0);
                    } else {
                        prop_assert_eq!(fold.0.len() + fold.1.len(), times.len());
                    }
                }
            }
            Err(_) => prop_assert!(distinct.len() <= folds),
        }
    }
}

#[test]
fn groups_are_dealt_evenly_in_size_and_classes() {
    // 60 groups of 5 rows; each group is of one class, a third of them positive.
    let groups: Vec<u32> = (0..300).map(|row| row / 5).collect();
    let target = classes(
        groups
            .iter()
            .map(|group| u32::from(group % 3 == 0))
            .collect(),
    );
    let Target::Classes { indices, .. } = &target else {
        panic!("classes");
    };
    for seed in 0..10 {
        for (_, test) in group_k_fold(&groups, &target, 5, seed).unwrap() {
            let positive = test.iter().filter(|&&row| indices[row] == 1).count();
            assert_eq!((test.len(), positive), (60, 20));
        }
        let (_, test) = group_holdout(&groups, &target, 0.2, seed).unwrap();
        let positive = test.iter().filter(|&&row| indices[row] == 1).count();
        assert!((55..=65).contains(&test.len()), "{}", test.len());
        assert!((15..=25).contains(&positive), "{positive}");
    }
    let one = group_holdout(&groups, &target, 0.2, 1).unwrap();
    assert_eq!(one, group_holdout(&groups, &target, 0.2, 1).unwrap());
    assert_ne!(one, group_holdout(&groups, &target, 0.2, 2).unwrap());
}

#[test]
fn a_giant_group_is_learned_from_and_two_groups_are_parted() {
    let mut groups = vec![0; 90];
    groups.extend([1; 6]);
    groups.extend([2; 4]);
    let target = Target::Values(vec![0.0; 100]);
    let (train, _) = group_holdout(&groups, &target, 0.1, 3).unwrap();
    assert!(train.contains(&0));
    // Even shares would keep both on the training side.
    let (train, test) =
        group_holdout(&[0, 0, 0, 1], &Target::Values(vec![0.0; 4]), 0.05, 3).unwrap();
    assert_eq!((train, test), (vec![0, 1, 2], vec![3]));
}

#[test]
fn ties_in_time_stay_on_one_side() {
    let times = [1.0, 2.0, 2.0, 2.0, 2.0, 2.0, 3.0, 3.0, 3.0, 1.0];
    // Two rows are wanted; the border nearest to that gives three.
    let (train, test) = time_holdout(&times, 0.2).unwrap();
    assert_eq!(test, [6, 7, 8]);
    assert_eq!(train, [0, 1, 2, 3, 4, 5, 9]);
    let folds = expanding_window(&times, 2).unwrap();
    assert_eq!(folds[0], (vec![0, 9], vec![1, 2, 3, 4, 5]));
    assert_eq!(folds[1], (vec![0, 1, 2, 3, 4, 5, 9], vec![6, 7, 8]));
    // Blocks as scikit-learn's TimeSeriesSplit cuts twelve rows for three folds.
    let twelve: Vec<f64> = (0..12).map(f64::from).collect();
    let tests: Vec<_> = expanding_window(&twelve, 3)
        .unwrap()
        .into_iter()
        .map(|fold| fold.1)
        .collect();
    assert_eq!(tests, [[3, 4, 5], [6, 7, 8], [9, 10, 11]]);
}

#[test]
fn impossible_divisions_say_what_to_do() {
    let target = Target::Values(vec![0.0; 6]);
    let few = detail(group_k_fold(&[0, 0, 1, 1, 2, 2], &target, 5, 0));
    assert!(
        few.contains("only 3 groups for 5 folds") && few.contains("at most 3 folds"),
        "{few}"
    );
    let one = detail(group_holdout(&[4; 6], &target, 0.2, 0));
    assert!(
        one.contains("one group") && one.contains("split at random"),
        "{one}"
    );
    let same = detail(time_holdout(&[7.0; 6], 0.2));
    assert!(same.contains("same time"), "{same}");
    let times = detail(expanding_window(&[1.0, 2.0, 3.0, 3.0], 4));
    assert!(
        times.contains("3 different times") && times.contains("at most 2 folds"),
        "{times}"
    );
    assert!(matches!(
        expanding_window(&[1.0, 2.0], 1),
        Err(FitError::Parameter { .. })
    ));
    assert!(matches!(
        time_holdout(&[1.0, 2.0], 1.5),
        Err(FitError::Parameter { .. })
    ));

    let words = strings("when", Kind::Category, &[Some("a"), Some("b")]);
    assert!(detail(Division::by_time(&words)).contains("'when' holds words"));
    let yes = booleans("paid", ["no", "yes"], &[Some(true), Some(false)]);
    assert!(detail(Division::by_time(&yes)).contains("choose a column of dates or numbers"));
    let constant = strings("shop", Kind::Category, &[Some("a"), Some("a")]);
    assert!(detail(Division::by_group(&constant)).contains("the group column 'shop'"));
    let gaps = numbers("day", Kind::Date, &[Some(1.0), None, Some(2.0), None]);
    let text = detail(Division::by_time(&gaps));
    assert!(text.contains("'day' is empty in 2 of 4 rows"), "{text}");
}

#[test]
fn rows_without_a_group_are_one_group_and_rows_without_a_time_have_no_place() {
    let shops = [
        Some("a"),
        None,
        Some("b"),
        Some("a"),
        Some("c"),
        Some("b"),
        Some("c"),
        Some("d"),
        Some("d"),
        Some("e"),
        None,
    ];
    let column = strings("shop", Kind::Category, &shops);
    let Division::Groups(codes) = Division::by_group(&column).unwrap() else {
        panic!("groups");
    };
    assert_eq!(codes[1], codes[10]);
    for (row, shop) in shops.iter().enumerate() {
        for (other, same) in shops.iter().enumerate() {
            assert_eq!(codes[row] == codes[other], shop == same, "{row} {other}");
        }
    }
    let days = numbers(
        "day",
        Kind::Date,
        &[Some(1.0), Some(2.0), None, Some(3.0), Some(4.0), Some(5.0)],
    );
    let division = Division::by_time(&days).unwrap();
    assert_eq!(division.placed(&[0, 2, 4]), [0, 4]);
    assert_eq!(division.take(&[4, 0]), Division::Times(vec![4.0, 1.0]));
}
