//! Whether scores can be believed: a model that learns from shuffled answers must be no better than guessing, test rows must
//! not stand among the training rows, and no single column may know the answer by itself. May touch what a training touches.

use crate::choice::Choice;
use crate::contender::BASELINE;
use crate::duplicates;
use crate::error::TrainError;
use crate::progress::{Account, Stage, TrainContext};
use crate::report::Report;
use crate::search::draws::Draws;
use crate::spec::TrainSpec;
use crate::train::Prepared;
use crate::verdict::amount;
use serde::{Deserialize, Serialize};
use serde_json::Map;
use trainyard_estimators::{Target, Task};
use trainyard_table::Table;

/// How often the answers are shuffled.
const SHUFFLES: u32 = 3;
/// Share of test rows that may also be training rows.
const SHARED: f64 = 0.01;
/// A column that scores more than this by itself knows the answer.
const ALONE: f64 = 0.99;
/// What looks at the most important column alone.
const JUDGE: &str = "decision_tree";

/// What the tests found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SelfTests {
    /// Whether all of them passed.
    pub passed: bool,
    /// Learned from shuffled answers.
    pub shuffled_target: ShuffledTarget,
    /// Test rows among the training rows.
    pub duplicates: Duplicates,
    /// A column that knows the answer.
    pub leak: Leak,
}

/// What the same recipe makes of shuffled answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShuffledTarget {
    /// The metric of every value.
    pub metric: String,
    /// The scores on the test rows, one a shuffle.
    pub values: Vec<f64>,
    /// What the baseline gets.
    pub baseline: Option<f64>,
    /// What the model itself gets.
    pub model: Option<f64>,
    /// Whether at least one of them is no better than the baseline beyond luck.
    pub passed: bool,
    /// A plain sentence.
    pub detail: String,
}

/// Test rows that are equal to training rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Duplicates {
    /// How many.
    pub rows: usize,
    /// Of so many test rows.
    pub of: usize,
    /// Whether they are few enough not to flatter.
    pub passed: bool,
    /// A plain sentence.
    pub detail: String,
}

/// How much the most important column knows by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Leak {
    /// The column; nothing where the model has only one.
    pub column: Option<String>,
    /// The metric of `value`: balanced accuracy or R².
    pub metric: String,
    /// What a decision tree gets that looks at nothing else.
    pub value: Option<f64>,
    /// Whether it leaves something to be learned from the others.
    pub passed: bool,
    /// A plain sentence.
    pub detail: String,
}

/// Runs all tests of a trained model's recipe on the table it was trained on.
///
/// # Errors
/// [`TrainError::Data`] for a table that is not the one it was trained on; [`TrainError::Interrupted`] when stopped.
pub fn self_tests(
    spec: &TrainSpec,
    report: &Report,
    table: &Table,
    context: &TrainContext<'_>,
) -> Result<SelfTests, TrainError> {
    let account = Account::new(context);
    account.stage(Stage::Preparing, "splitting rows into training and test");
    let mut prepared = Prepared::with_test_share(spec, table, spec.test_size)?;
    account.change(|progress| {
        progress.stage = Stage::Training;
        progress.of = SHUFFLES + 1;
    });
    let duplicates = duplicates(&prepared);
    let shuffled_target = shuffled(&mut prepared, report, &account, context)?;
    account.change(|progress| progress.message = Some("looking at one column alone".to_owned()));
    let leak = leak(spec, report, table, context)?;
    account.change(|progress| {
        progress.stage = Stage::Done;
        progress.done = progress.of;
        progress.message = None;
    });
    Ok(SelfTests {
        passed: shuffled_target.passed && duplicates.passed && leak.passed,
        shuffled_target,
        duplicates,
        leak,
    })
}

fn duplicates(prepared: &Prepared<'_>) -> Duplicates {
    let rows = duplicates::shared_rows(&prepared.train, &prepared.test);
    let of = prepared.test.rows();
    let passed = rows as f64 <= SHARED * of as f64;
    let detail = match (rows, passed) {
        (0, _) => "No test row stands among the training rows.".to_owned(),
        (_, true) => {
            format!(
                "{rows} of {of} test rows also stand among the training rows: too few to flatter the scores."
            )
        }
        _ => format!(
            "{rows} of {of} test rows also stand among the training rows, so the scores flatter; remove duplicate rows and train again."
        ),
    };
    Duplicates {
        rows,
        of,
        passed,
        detail,
    }
}

fn shuffled(
    prepared: &mut Prepared<'_>,
    report: &Report,
    account: &Account<'_>,
    context: &TrainContext<'_>,
) -> Result<ShuffledTarget, TrainError> {
    let goal = prepared.goal()?;
    let choice = Choice::of(report);
    let seed = prepared.spec.seed;
    let fitting = context.fitting(seed, &|_| {});
    let guess = Choice::single(BASELINE, &Map::new()).fit(prepared, None, &fitting)?;
    let guess = goal.value(&prepared.test_target, &guess.predict(&prepared.test));
    let target = prepared.train_target.clone();
    let (mut values, mut better) = (Vec::new(), 0);
    for number in 0..SHUFFLES {
        account.change(|progress| {
            progress.done = number;
            progress.message = Some(format!(
                "learning from shuffled answers, {} of {SHUFFLES}",
                number + 1
            ));
        });
        prepared.train_target = disordered(&target, seed, u64::from(number));
        let model = choice.fit(prepared, None, &fitting)?;
        let answers = model.predict(&prepared.test);
        let Some((value, low, high)) = goal.judge(&prepared.test_target, &answers, seed) else {
            continue;
        };
        values.push(value);
        let surely = if goal.higher_is_better() {
            low.unwrap_or(value)
        } else {
            high.unwrap_or(value)
        };
        better += usize::from(guess.is_some_and(|guess| goal.better(surely, guess)));
    }
    let passed = values.is_empty() || better < values.len();
    let name = goal.name();
    let words = |value: Option<f64>| value.map_or_else(|| "nothing".to_owned(), amount);
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    let detail = if passed {
        format!(
            "Learned from shuffled answers it gets {} ({name}), and guessing gets {}: nothing leaks past the split.",
            amount(mean),
            words(guess)
        )
    } else {
        format!(
            "Even learned from shuffled answers it gets {} ({name}) where guessing gets {}: something of the answer reaches the model past the split. Do not believe its scores.",
            amount(mean),
            words(guess)
        )
    };
    let known = report.metrics.get(goal.metric().name);
    Ok(ShuffledTarget {
        metric: name.to_owned(),
        values,
        baseline: guess,
        model: known.map(|metric| metric.value),
        passed,
        detail,
    })
}

/// The answers in another order (Fisher and Yates).
fn disordered(target: &Target, seed: u64, number: u64) -> Target {
    let mut order: Vec<usize> = (0..target.len()).collect();
    let mut draws = Draws::new(!seed, number);
    for last in (1..order.len()).rev() {
        order.swap(last, draws.below(last + 1));
    }
    target.take(&order)
}

fn leak(
    spec: &TrainSpec,
    report: &Report,
    table: &Table,
    context: &TrainContext<'_>,
) -> Result<Leak, TrainError> {
    let metric = match report.task {
        Task::Classification => "balanced_accuracy",
        Task::Regression => "r2",
    };
    let nothing = |detail: &str| Leak {
        column: None,
        metric: metric.to_owned(),
        value: None,
        passed: true,
        detail: detail.to_owned(),
    };
    let [first, _, ..] = report.importance.as_slice() else {
        return Ok(nothing(
            "The model looks at a single column, so none stands out.",
        ));
    };
    let alone = TrainSpec {
        algorithm: JUDGE.to_owned(),
        params: Map::new(),
        search: None,
        features: Some(vec![first.column.clone()]),
        ..spec.clone()
    };
    let prepared = Prepared::with_test_share(&alone, table, spec.test_size)?;
    let fitting = context.fitting(spec.seed, &|_| {});
    let judge = match Choice::single(JUDGE, &Map::new()).fit(&prepared, None, &fitting) {
        Ok(judge) => judge,
        Err(TrainError::Interrupted(reason)) => return Err(TrainError::Interrupted(reason)),
        Err(_) => {
            return Ok(nothing(
                "The most important column cannot be learned from alone.",
            ));
        }
    };
    let answers = judge.predict(&prepared.test);
    let value = trainyard_estimators::metrics::score(metric, &prepared.test_target, &answers);
    let passed = value.is_none_or(|value| value <= ALONE);
    let column = &first.column;
    let share = value.map_or_else(|| "nothing".to_owned(), amount);
    let detail = if passed {
        format!(
            "'{column}', the most important column, gets {share} alone ({metric}): it does not know the answer by itself."
        )
    } else {
        format!(
            "'{column}' alone gets {share} ({metric}). If that column is only known after the fact, leave it out and train again."
        )
    };
    Ok(Leak {
        column: Some(column.clone()),
        metric: metric.to_owned(),
        value,
        passed,
        detail,
    })
}
