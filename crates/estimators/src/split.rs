//! Which rows are learned from and which are held out: holdout and folds, random or stratified here, by groups or
//! times beside it; chance is always seeded. [`Division`] holds the rule a table column asks for.
//!
//! What it may touch: the target, one column and a seed. Row numbers come back in rising order (but for [`nested_order`]), so that what is taken by
//! them keeps the order of the table. Next: [`pipeline`](crate::pipeline) fits on the training part, [`metrics`](crate::metrics) judge
//! on the rest.

mod division;
mod groups;
mod legacy;
mod nested;
pub(crate) mod shuffle;
mod times;

pub use division::Division;
pub use groups::{group_holdout, group_k_fold};
pub use legacy::legacy_holdout;
pub use nested::nested_order;
pub use times::{expanding_window, time_holdout};

use crate::{FitError, Target};
use serde::{Deserialize, Serialize};
use shuffle::shuffle;

/// How rows are dealt to training and test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// Every row with the same chance.
    Random,
    /// Every class with its share in both parts. A target of numbers has no classes and is split at random.
    Stratified,
}

/// Rows to learn from, and rows to judge by; disjoint, each in rising order.
pub type TrainAndTest = (Vec<usize>, Vec<usize>);

/// Holds out `test_size` (a share between 0 and 1) of the rows; the number of test rows is rounded up.
///
/// Stratified: test rows are dealt to classes by largest remainder; a class with one row stays in training; a class with
/// two or more keeps a row in both parts as far as the number of test rows goes (larger classes first).
///
/// # Errors
/// [`FitError::Parameter`] for a share outside (0, 1); [`FitError::Data`] when one part would be empty.
pub fn holdout(
    split: Split,
    target: &Target,
    test_size: f64,
    seed: u64,
) -> Result<TrainAndTest, FitError> {
    check_test_size(test_size)?;
    let rows = target.len();
    if rows < 2 {
        return Err(FitError::Data(format!(
            "there are not enough rows to hold some out for testing ({rows}); at least 2 rows with a target are needed"
        )));
    }
    let wanted = ((rows as f64 * test_size).ceil() as usize).clamp(1, rows - 1);
    let mut held_out = vec![false; rows];
    match (split, target) {
        (Split::Stratified, Target::Classes { indices, classes }) => {
            let groups = shuffled_classes(indices, *classes, seed);
            let sizes = groups.iter().map(Vec::len).collect::<Vec<_>>();
            for (group, take) in groups.iter().zip(deal(&sizes, wanted)) {
                for &row in group.iter().take(take) {
                    held_out[row] = true;
                }
            }
            if !held_out.contains(&true) {
                return Err(FitError::Data(
                    "every class has a single row, so none can be held out for testing; \
                     choose another target or add rows"
                        .to_owned(),
                ));
            }
        }
        _ => {
            for &row in shuffled(rows, seed).iter().take(wanted) {
                held_out[row] = true;
            }
        }
    }
    Ok(parts(rows, |row| held_out[row]))
}

/// Deals the rows to `folds` folds of nearly equal size; each fold is the test part once.
///
/// Stratified: class counts of any two folds differ by at most one.
///
/// # Errors
/// [`FitError::Parameter`] for fewer than 2 folds; [`FitError::Data`] for fewer rows than folds.
pub fn k_fold(
    split: Split,
    target: &Target,
    folds: usize,
    seed: u64,
) -> Result<Vec<TrainAndTest>, FitError> {
    check_folds(folds)?;
    let rows = target.len();
    if rows < folds {
        return Err(FitError::Data(format!(
            "there are not enough rows ({rows}) for {folds} folds; use fewer folds or add rows"
        )));
    }
    // Dealing the classes one after another, round and round, balances fold sizes and class counts at once.
    let order = match (split, target) {
        (Split::Stratified, Target::Classes { indices, classes }) => {
            shuffled_classes(indices, *classes, seed).concat()
        }
        _ => shuffled(rows, seed),
    };
    let mut fold_of = vec![0; rows];
    for (position, row) in order.into_iter().enumerate() {
        fold_of[row] = position % folds;
    }
    Ok((0..folds)
        .map(|fold| parts(rows, |row| fold_of[row] == fold))
        .collect())
}

fn check_test_size(test_size: f64) -> Result<(), FitError> {
    if test_size > 0.0 && test_size < 1.0 {
        return Ok(());
    }
    Err(FitError::Parameter {
        name: "test_size".to_owned(),
        detail: format!("{test_size} is not allowed; it must be a number above 0 and below 1"),
    })
}

fn check_folds(folds: usize) -> Result<(), FitError> {
    if folds >= 2 {
        return Ok(());
    }
    Err(FitError::Parameter {
        name: "folds".to_owned(),
        detail: format!("{folds} is not allowed; it must be at least 2"),
    })
}

fn parts(rows: usize, is_test: impl Fn(usize) -> bool) -> TrainAndTest {
    let (test, train) = (0..rows).partition(|&row| is_test(row));
    (train, test)
}

fn shuffled(rows: usize, seed: u64) -> Vec<usize> {
    let mut order = (0..rows).collect::<Vec<_>>();
    shuffle(&mut order, seed, 0);
    order
}

fn shuffled_classes(indices: &[u32], classes: usize, seed: u64) -> Vec<Vec<usize>> {
    let mut groups = vec![Vec::new(); classes];
    for (row, &class) in indices.iter().enumerate() {
        groups[class as usize].push(row);
    }
    for (class, group) in groups.iter_mut().enumerate() {
        shuffle(group, seed, class as u64);
    }
    groups
}

/// How many of each class's rows are test rows.
fn deal(sizes: &[usize], wanted: usize) -> Vec<usize> {
    let rows = sizes.iter().sum::<usize>().max(1);
    let most = sizes
        .iter()
        .map(|size| size.saturating_sub(1))
        .collect::<Vec<_>>();
    let quota = sizes
        .iter()
        .map(|&size| size as f64 * wanted as f64 / rows as f64)
        .collect::<Vec<_>>();
    let wanted = wanted.min(most.iter().sum());
    let mut dealt = vec![0; sizes.len()];
    let mut left = wanted;
    // First one each, the largest classes first, so that as many classes as possible are judged at all.
    let mut by_size = (0..sizes.len()).collect::<Vec<_>>();
    by_size.sort_by_key(|&class| std::cmp::Reverse(sizes[class]));
    for &class in &by_size {
        if left > 0 && most[class] > 0 {
            dealt[class] = 1;
            left -= 1;
        }
    }
    // Then always to the class that is furthest below its quota.
    for class in 0..sizes.len() {
        let whole = (quota[class].floor() as usize).min(most[class]);
        let more = whole.saturating_sub(dealt[class]).min(left);
        dealt[class] += more;
        left -= more;
    }
    while left > 0 {
        let next = (0..sizes.len())
            .filter(|&class| dealt[class] < most[class])
            .max_by(|&a, &b| {
                let missing_a = quota[a] - dealt[a] as f64;
                let missing_b = quota[b] - dealt[b] as f64;
                missing_a
                    .total_cmp(&missing_b)
                    .then(sizes[a].cmp(&sizes[b]))
                    .then(b.cmp(&a))
            });
        let Some(class) = next else { break };
        dealt[class] += 1;
        left -= 1;
    }
    dealt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_rows_are_dealt_by_largest_remainder() {
        // Quotas 14, 4 and 2: exact shares stay exact.
        assert_eq!(deal(&[70, 20, 10], 20), [14, 4, 2]);
        // Quotas 2.31, 0.46, 0.23: the small classes get their one row first.
        assert_eq!(deal(&[10, 2, 1], 3), [2, 1, 0]);
        // More classes than test rows: the larger classes are judged.
        assert_eq!(deal(&[2, 5, 3], 2), [0, 1, 1]);
        // Quotas 9, 0.6, 0.4: a small class is judged at the cost of the largest.
        assert_eq!(deal(&[90, 6, 4], 10), [8, 1, 1]);
        // Training keeps a row of every class.
        assert_eq!(deal(&[3, 3], 5), [2, 2]);
    }

    #[test]
    fn a_class_of_one_row_is_learned_from() -> Result<(), FitError> {
        let mut indices = vec![0; 30];
        indices.push(1);
        let target = Target::Classes {
            indices,
            classes: 2,
        };
        let (train, test) = holdout(Split::Stratified, &target, 0.5, 7)?;
        assert!(train.contains(&30));
        assert_eq!(test.len(), 16);
        Ok(())
    }

    #[test]
    fn seeds_decide() -> Result<(), FitError> {
        let target = Target::Values((0..100).map(f64::from).collect());
        let first = holdout(Split::Random, &target, 0.2, 1)?;
        assert_eq!(first, holdout(Split::Random, &target, 0.2, 1)?);
        assert_ne!(first, holdout(Split::Random, &target, 0.2, 2)?);
        assert_eq!(first.1.len(), 20);
        Ok(())
    }

    #[test]
    fn impossible_splits_say_why() {
        let one = Target::Values(vec![1.0]);
        assert!(matches!(
            holdout(Split::Random, &one, 0.2, 0),
            Err(FitError::Data(_))
        ));
        assert!(matches!(
            holdout(Split::Random, &one, 1.0, 0),
            Err(FitError::Parameter { .. })
        ));
        assert!(matches!(
            k_fold(Split::Random, &one, 2, 0),
            Err(FitError::Data(_))
        ));
        assert!(matches!(
            k_fold(Split::Random, &one, 1, 0),
            Err(FitError::Parameter { .. })
        ));
        let singles = Target::Classes {
            indices: vec![0, 1, 2],
            classes: 3,
        };
        assert!(matches!(
            holdout(Split::Stratified, &singles, 0.3, 0),
            Err(FitError::Data(_))
        ));
    }
}
