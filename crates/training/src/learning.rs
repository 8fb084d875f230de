//! The learning curve: how well a recipe does when it has learned from fewer rows, and so whether more rows would help.
//!
//! Every share of the rows contains the smaller ones, by class where there are classes, so that points differ by the rows
//! that were added and by nothing else. May touch the table, the spec and what the context lends; folds and fits are those
//! of [`validation`](crate::validation).

use crate::choice::Choice;
use crate::error::{FieldProblem, TrainError};
use crate::progress::{Account, Stage, TrainContext};
use crate::report::{FoldMetric, Report, fold_metrics};
use crate::spec::TrainSpec;
use crate::train::Prepared;
use crate::validation::{begin, check_folds, finish};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use trainyard_estimators::Target;
use trainyard_estimators::metrics::evaluate;
use trainyard_estimators::split::nested_order;
use trainyard_table::Table;

/// Shares of the rows that a curve usually shows.
pub const SHARES: [f64; 5] = [0.1, 0.2, 0.4, 0.7, 1.0];
/// Fewest rows that anything is learned from.
const FEWEST_ROWS: usize = 5;

/// One share of the rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Share of each fold's training rows that was learned from.
    pub share: f64,
    /// That many rows, one number a fold.
    pub rows: Vec<usize>,
    /// Scores on the rows that were learned from, by metric: values by fold, mean and spread.
    pub train: BTreeMap<String, FoldMetric>,
    /// Scores on the rows that were held out.
    pub test: BTreeMap<String, FoldMetric>,
}

/// A learning curve, from the smallest share to the largest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LearningCurve {
    /// The metric nearest to what the spec judges by.
    pub metric: String,
    /// One point a share.
    pub points: Vec<CurvePoint>,
}

/// Fits the spec's algorithm on growing shares of the rows of every fold, and scores it on the rows it learned from and on
/// those held out. Nothing is held out beside the folds, as in [`cross_validate`](crate::cross_validate()); the preparation
/// is learned anew from each share.
///
/// # Errors
/// [`TrainError::Spec`] for `auto`, for a number of folds outside 2 to 20, for shares that do not rise from above 0 to at
/// most 1, and for wrong parameters; [`TrainError::Data`] for what the rows do not allow; [`TrainError::Interrupted`] when
/// stopped.
pub fn learning_curve(
    spec: &TrainSpec,
    table: &Table,
    shares: &[f64],
    folds: usize,
    context: &TrainContext<'_>,
) -> Result<LearningCurve, TrainError> {
    check_shares(shares)
        .and_then(|()| check_folds(folds, "/folds"))
        .map_err(|problem| TrainError::Spec(vec![problem]))?;
    let account = Account::new(context);
    let prepared = begin(spec, table, &account)?;
    let choice = Choice::single(&spec.algorithm, &spec.params);
    curve(&prepared, &choice, shares, folds, &account, context)
}

/// The same for what a finished training settled on, whoever picked it: one algorithm, or several together.
///
/// # Errors
/// As [`learning_curve`].
pub fn learning_curve_of(
    report: &Report,
    spec: &TrainSpec,
    table: &Table,
    shares: &[f64],
    folds: usize,
    context: &TrainContext<'_>,
) -> Result<LearningCurve, TrainError> {
    check_shares(shares)
        .and_then(|()| check_folds(folds, "/folds"))
        .map_err(|problem| TrainError::Spec(vec![problem]))?;
    let account = Account::new(context);
    account.stage(Stage::Preparing, "dividing rows into folds");
    let prepared = Prepared::with_test_share(spec, table, 0.0)?;
    let choice = Choice::of(report);
    curve(&prepared, &choice, shares, folds, &account, context)
}

fn curve(
    prepared: &Prepared<'_>,
    choice: &Choice,
    shares: &[f64],
    folds: usize,
    account: &Account<'_>,
    context: &TrainContext<'_>,
) -> Result<LearningCurve, TrainError> {
    let spec = prepared.spec;
    let goal = prepared.goal()?;
    let folds: Vec<Fold> = prepared
        .folds(folds)?
        .into_iter()
        .enumerate()
        .map(|(number, (train, test))| Fold {
            order: nested_order(&prepared.train_target, &train, spec.seed, number as u64),
            test,
        })
        .collect();
    account.change(|progress| {
        progress.stage = Stage::Training;
        progress.of = (folds.len() * shares.len()) as u32;
    });
    let points = shares
        .iter()
        .map(|&share| point(prepared, choice, &folds, share, account, context))
        .collect::<Result<_, TrainError>>()?;
    finish(account);
    Ok(LearningCurve {
        metric: goal.metric().name.to_owned(),
        points,
    })
}

/// Rows of a fold, as positions in the training part.
struct Fold {
    /// The rows to learn from; every share of them is a beginning of this order.
    order: Vec<usize>,
    test: Vec<usize>,
}

fn check_shares(shares: &[f64]) -> Result<(), FieldProblem> {
    let rising = shares.windows(2).all(|pair| pair[0] < pair[1]);
    let allowed = |share: &f64| *share > 0.0 && *share <= 1.0;
    if !shares.is_empty() && rising && shares.iter().all(allowed) {
        return Ok(());
    }
    Err(FieldProblem::new(
        "/shares",
        "name rising shares of the rows, each above 0 and at most 1 (for instance 0.1, 0.5, 1)",
    ))
}

fn point(
    prepared: &Prepared<'_>,
    choice: &Choice,
    folds: &[Fold],
    share: f64,
    account: &Account<'_>,
    context: &TrainContext<'_>,
) -> Result<CurvePoint, TrainError> {
    let (mut rows, mut train, mut test) = (Vec::new(), Vec::new(), Vec::new());
    for (number, fold) in folds.iter().enumerate() {
        account.change(|progress| {
            progress.done += 1;
            progress.message = Some(format!(
                "{:.0} % of the rows, fold {} of {}",
                share * 100.0,
                number + 1,
                folds.len()
            ));
        });
        let learned = beginning(&prepared.train_target, &fold.order, share);
        let spec = prepared.spec;
        let fitting = context.fitting(spec.seed, &|_| {});
        let model = choice.fit(prepared, Some(&learned), &fitting)?;
        let scores = |rows: &[usize]| {
            evaluate(
                &prepared.train_target.take(rows),
                &model.predict(&prepared.train.take(rows)),
            )
        };
        rows.push(learned.len());
        train.push(scores(&learned));
        test.push(scores(&fold.test));
    }
    Ok(CurvePoint {
        share,
        rows,
        train: fold_metrics(&train).metrics,
        test: fold_metrics(&test).metrics,
    })
}

/// A share of the rows of a [nested order](nested_order), in table order, but never so few that a class is missing.
pub(crate) fn beginning(target: &Target, order: &[usize], share: f64) -> Vec<usize> {
    let least = match target {
        Target::Classes { classes, .. } => FEWEST_ROWS.max(2 * classes),
        Target::Values(_) => FEWEST_ROWS,
    };
    let count = ((order.len() as f64 * share).round() as usize).max(least);
    let mut rows = order[..count.min(order.len())].to_vec();
    rows.sort_unstable();
    rows
}
