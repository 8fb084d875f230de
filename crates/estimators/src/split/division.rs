//! What decides which rows may be apart: nothing, a column of groups, or a column of times.
//!
//! Read from a table column once, then carried along with the rows, so that a hold-out and every later fold obey the same
//! rule. May touch one column and the target.

use super::{
    Split, TrainAndTest, expanding_window, group_holdout, group_k_fold, holdout, k_fold,
    legacy_holdout, time_holdout,
};
use crate::cells::{NO_TEXT, all_numeric, numbers, spelled};
use crate::{FitError, Target};
use trainyard_table::{Column, Kind};

/// Largest share of rows that may lack a group or a time.
const MOST_MISSING: f64 = 0.2;

/// The rule by which rows are divided, with one entry a row where it needs one.
#[derive(Clone, Debug, PartialEq)]
pub enum Division {
    /// By chance, every class with its share in both parts.
    Stratified,
    /// The hold-out as scikit-learn's `train_test_split` makes it; folds as those of [`Stratified`](Self::Stratified).
    Legacy,
    /// Rows with equal codes stay together.
    Groups(Vec<u32>),
    /// What is tested on is later than what is learned from. `NaN` where a row has no time.
    Times(Vec<f64>),
}

impl Division {
    /// Groups by the values of a column. Rows without a value are one group together: whose they are is unknown, so none
    /// of them may be apart from the others.
    ///
    /// # Errors
    /// [`FitError::Data`] when every value is the same or more than 20 % are missing.
    pub fn by_group(column: &Column) -> Result<Self, FitError> {
        check_missing(column, "grouped")?;
        let read = spelled(column);
        // Two dictionary entries may spell the same text.
        let mut order = (0..read.texts.len()).collect::<Vec<_>>();
        order.sort_by(|&a, &b| read.texts[a].cmp(&read.texts[b]));
        let mut code_of = vec![0_u32; read.texts.len()];
        let mut code = 0;
        for pair in order.windows(2) {
            code += u32::from(read.texts[pair[0]] != read.texts[pair[1]]);
            code_of[pair[1]] = code;
        }
        let codes = read
            .codes
            .iter()
            .map(|&key| code_of.get(key as usize).copied().unwrap_or(NO_TEXT))
            .collect::<Vec<_>>();
        if codes.windows(2).all(|pair| pair[0] == pair[1]) {
            return Err(constant(column, "group"));
        }
        Ok(Self::Groups(codes))
    }

    /// Times by the numbers or dates of a column. Rows without a time cannot be placed: see [`placed`](Self::placed).
    ///
    /// # Errors
    /// [`FitError::Data`] for text, a column that never changes, or one where more than 20 % are missing.
    pub fn by_time(column: &Column) -> Result<Self, FitError> {
        let ordered = match column.kind() {
            Kind::Date | Kind::Integer | Kind::Number => true,
            Kind::Identifier => all_numeric(column),
            Kind::Boolean | Kind::Category | Kind::Text => false,
        };
        if !ordered {
            return Err(FitError::Data(format!(
                "the time column '{}' holds words, which have no earlier and later; choose a column of dates or numbers",
                column.name()
            )));
        }
        check_missing(column, "ordered in time")?;
        let times = numbers(column);
        let mut known = times.iter().filter(|time| !time.is_nan());
        let first = known.next();
        if known.all(|time| Some(time) == first) {
            return Err(constant(column, "time"));
        }
        Ok(Self::Times(times))
    }

    /// The rows, of `rows`, that the rule can place.
    pub fn placed(&self, rows: &[usize]) -> Vec<usize> {
        let has_place = |row: usize| match self {
            Self::Times(times) => times.get(row).is_some_and(|time| !time.is_nan()),
            Self::Stratified | Self::Legacy | Self::Groups(_) => true,
        };
        rows.iter().copied().filter(|&row| has_place(row)).collect()
    }

    /// The rule for the given rows, in the given order.
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> Self {
        match self {
            Self::Stratified => Self::Stratified,
            Self::Legacy => Self::Legacy,
            Self::Groups(codes) => Self::Groups(rows.iter().map(|&row| codes[row]).collect()),
            Self::Times(times) => Self::Times(rows.iter().map(|&row| times[row]).collect()),
        }
    }

    /// Holds out about `test_size` of the rows by this rule.
    ///
    /// # Errors
    /// As [`holdout`], [`group_holdout`] and [`time_holdout`].
    pub fn holdout(
        &self,
        target: &Target,
        test_size: f64,
        seed: u64,
    ) -> Result<TrainAndTest, FitError> {
        match self {
            Self::Stratified => holdout(Split::Stratified, target, test_size, seed),
            Self::Legacy => legacy_holdout(target.len(), test_size, seed),
            Self::Groups(codes) => group_holdout(codes, target, test_size, seed),
            Self::Times(times) => time_holdout(times, test_size),
        }
    }

    /// Folds by this rule.
    ///
    /// # Errors
    /// As [`k_fold`], [`group_k_fold`] and [`expanding_window`].
    pub fn folds(
        &self,
        target: &Target,
        folds: usize,
        seed: u64,
    ) -> Result<Vec<TrainAndTest>, FitError> {
        match self {
            Self::Stratified | Self::Legacy => k_fold(Split::Stratified, target, folds, seed),
            Self::Groups(codes) => group_k_fold(codes, target, folds, seed),
            Self::Times(times) => expanding_window(times, folds),
        }
    }
}

fn check_missing(column: &Column, what: &str) -> Result<(), FitError> {
    let missing = column.missing();
    if missing as f64 > column.len() as f64 * MOST_MISSING {
        return Err(FitError::Data(format!(
            "'{}' is empty in {missing} of {} rows, too many for rows to be {what} by it; fill it in, choose another \
             column, or split at random",
            column.name(),
            column.len()
        )));
    }
    Ok(())
}

fn constant(column: &Column, what: &str) -> FitError {
    FitError::Data(format!(
        "every row has the same value in the {what} column '{}', so it divides nothing; choose another column, or split \
         at random",
        column.name()
    ))
}
