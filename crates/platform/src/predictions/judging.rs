//! How a model does over time: how often it was right where the truth is known by now, and how far the rows it is asked
//! with and its answers have moved from those it was made with. Rows are read in order and added up as they come.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use trainyard_store::{Model, Receipt, Timestamp};
use trainyard_training::{Shift, Tally};
use uuid::Uuid;

use super::Predictions;
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result};
use crate::models::ready;

/// How many predictions are read at once.
const STEP: u64 = 1_000;
/// The most predictions that are read for one answer.
const MOST_READ: usize = 200_000;
/// Periods of an answer unless a beginning is named, and the most there may be.
const USUAL_PERIODS: u32 = 30;
const MOST_PERIODS: i64 = 1_000;

/// How long a period is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interval {
    /// An hour.
    Hour,
    /// A day in UTC.
    #[default]
    Day,
    /// Seven days.
    Week,
}

impl Interval {
    const fn span(self) -> Duration {
        Duration::from_secs(match self {
            Self::Hour => 60 * 60,
            Self::Day => 24 * 60 * 60,
            Self::Week => 7 * 24 * 60 * 60,
        })
    }
}

/// Which time is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Window {
    /// From this moment on; thirty periods before the end unless said.
    pub from: Option<Timestamp>,
    /// Before this moment; now unless said.
    pub until: Option<Timestamp>,
    /// How long a period is.
    pub interval: Interval,
}

/// How right a model was.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// Which version.
    pub model_id: Uuid,
    /// `accuracy` or `mean_absolute_error`.
    pub metric: &'static str,
    /// What it was on the rows it was tested with, when it was made.
    pub expected: Option<f64>,
    /// The periods in which something was asked whose truth is known.
    pub periods: Vec<AccuracyPeriod>,
    /// Whether there was more than is read for one answer; a shorter time shows the rest.
    pub cut_short: bool,
}

/// How right a model was in one period.
#[derive(Clone, Debug, PartialEq)]
pub struct AccuracyPeriod {
    /// When it begins.
    pub from: Timestamp,
    /// Rows whose truth is known.
    pub rows: u64,
    /// The share of right answers, or the mean distance from the truth.
    pub value: f64,
    /// The root of the mean squared distance (regressions).
    pub rmse: Option<f64>,
}

/// How far a model's rows and answers have moved.
#[derive(Clone, Debug, PartialEq)]
pub struct Drift {
    /// Which version.
    pub model_id: Uuid,
    /// The periods in which something was asked.
    pub periods: Vec<DriftPeriod>,
    /// Whether there was more than is read for one answer; a shorter time shows the rest.
    pub cut_short: bool,
}

/// How far they have moved in one period.
#[derive(Clone, Debug, PartialEq)]
pub struct DriftPeriod {
    /// When it begins.
    pub from: Timestamp,
    /// Rows that were asked about.
    pub rows: u64,
    /// Each watched column.
    pub columns: Vec<Shift>,
    /// The answers.
    pub answers: Option<Shift>,
}

/// A checked window.
#[derive(Clone, Copy)]
struct Times {
    from: Timestamp,
    until: Timestamp,
    span: Duration,
}

impl Window {
    fn times(self) -> Result<Times> {
        let span = self.interval.span();
        let until = self
            .until
            .unwrap_or_else(|| Timestamp::now().plus(Duration::from_secs(1)));
        let usual = until.minus(span * USUAL_PERIODS);
        let from = self.from.unwrap_or(usual);
        let microseconds = until.microseconds().saturating_sub(from.microseconds());
        if microseconds <= 0 {
            let detail = "The end must come after the beginning.";
            return Err(PlatformError::field("/until", detail));
        }
        let span_microseconds = i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
        if microseconds / span_microseconds >= MOST_PERIODS {
            let detail = format!("Look at no more than {MOST_PERIODS} periods, or at longer ones.");
            return Err(PlatformError::field("/from", detail));
        }
        Ok(Times { from, until, span })
    }
}

impl Times {
    /// When the period of a moment begins. Periods are counted from 1970, so that equal questions give equal periods.
    fn period(self, at: Timestamp) -> Timestamp {
        let span = i64::try_from(self.span.as_micros()).unwrap_or(i64::MAX);
        let begin = at.microseconds().div_euclid(span) * span;
        Timestamp::from_microseconds(begin).unwrap_or(at)
    }
}

/// What answers and truths of a period come to.
#[derive(Default)]
struct Score {
    rows: u64,
    right: u64,
    distance: f64,
    squares: f64,
}

impl Predictions<'_> {
    /// How right one of the caller's models was, where the truth is known by now.
    ///
    /// # Errors
    /// `NotFound`; `NotReady`; `Validation` for a time that cannot be.
    pub async fn accuracy(
        &self,
        caller: &Caller,
        id_or_name: &str,
        window: Window,
    ) -> Result<Judged> {
        let model = self.own(caller, id_or_name).await?;
        let times = window.times()?;
        let regression = model.task.as_deref() == Some("regression");
        let mut scores: BTreeMap<Timestamp, Score> = BTreeMap::new();
        let cut_short = self
            .each(model.id, times, true, |receipt| {
                let score = scores.entry(times.period(receipt.at)).or_default();
                let answers = receipt.answer.as_ref().and_then(|answer| answer.as_array());
                let truths = receipt.truth.as_ref().and_then(|truth| truth.as_array());
                for (answer, truth) in answers
                    .into_iter()
                    .flatten()
                    .zip(truths.into_iter().flatten())
                {
                    let value = answer.get("value").unwrap_or(&Value::Null);
                    score.compare(regression, value, truth);
                }
            })
            .await?;
        let (metric, measured) = match regression {
            true => ("mean_absolute_error", "mae"),
            false => ("accuracy", "accuracy"),
        };
        let expected = model.metrics.as_ref().and_then(|metrics| {
            let metric = metrics.get(metric).or_else(|| metrics.get(measured))?;
            metric.get("value").unwrap_or(metric).as_f64()
        });
        let periods = scores.into_iter().filter(|(_, score)| score.rows > 0);
        Ok(Judged {
            model_id: model.id,
            metric,
            expected,
            periods: periods
                .map(|(from, score)| score.period(from, regression))
                .collect(),
            cut_short,
        })
    }

    /// How far the rows one of the caller's models is asked with, and its answers, have moved from those it was made with.
    ///
    /// # Errors
    /// `NotFound`; `NotReady`; `Validation` for a time that cannot be.
    pub async fn drift(&self, caller: &Caller, id_or_name: &str, window: Window) -> Result<Drift> {
        let model = self.own(caller, id_or_name).await?;
        let times = window.times()?;
        let id = model.id;
        let loaded = self.0.loaded_row(model).await?;
        let Some(reference) = loaded.fitted.reference() else {
            return Err(PlatformError::NotReady(
                "This model was made before its rows were described. Train it again to watch it."
                    .to_owned(),
            ));
        };
        let mut sums: BTreeMap<Timestamp, (u64, Tally)> = BTreeMap::new();
        let mut add = |at: Timestamp, rows: i64, tally: Value| {
            if let Ok(tally) = serde_json::from_value::<Tally>(tally) {
                let (sum, together) = sums.entry(times.period(at)).or_default();
                *sum += u64::try_from(rows).unwrap_or_default();
                together.add(&tally);
            }
        };
        let cut_short = self
            .each(id, times, false, |receipt| {
                if let Some(tally) = receipt.tally {
                    add(receipt.at, i64::from(receipt.rows), tally.into_json());
                }
            })
            .await?;
        let batches = self.0.store().batches();
        for (at, rows, tally) in batches.tallies(id, times.from, times.until).await? {
            add(at, rows, tally.into_json());
        }
        let periods = sums.into_iter().map(|(from, (rows, tally))| {
            let (columns, answers) = reference.shifts(&tally);
            DriftPeriod {
                from,
                rows,
                columns,
                answers,
            }
        });
        Ok(Drift {
            model_id: id,
            periods: periods.collect(),
            cut_short,
        })
    }

    /// A model of the caller's own: who else was answered what is no business of those it is shared with.
    async fn own(&self, caller: &Caller, id_or_name: &str) -> Result<Model> {
        caller.may(Action::Read)?;
        let model = self.0.models().find(caller, id_or_name).await?;
        if model.owner_id != caller.id {
            return Err(PlatformError::NotFound("model"));
        }
        ready(&model)?;
        Ok(model)
    }

    /// Shows `see` every prediction of a model in a time; says whether there were more than are read.
    async fn each(
        &self,
        model: Uuid,
        times: Times,
        truths: bool,
        mut see: impl FnMut(Receipt),
    ) -> Result<bool> {
        let predictions = self.0.store().predictions();
        let (mut after, mut read) = (None, 0);
        loop {
            let some = predictions
                .receipts(model, times.from, times.until, after, truths, STEP)
                .await?;
            let Some(last) = some.last() else {
                return Ok(false);
            };
            after = Some(last.id);
            read += some.len();
            some.into_iter().for_each(&mut see);
            if read >= MOST_READ {
                return Ok(true);
            }
        }
    }
}

impl Score {
    fn compare(&mut self, regression: bool, answer: &Value, truth: &Value) {
        if truth.is_null() {
            return;
        }
        if !regression {
            self.rows += 1;
            self.right += u64::from(spelled(answer) == spelled(truth));
            return;
        }
        let number = |value: &Value| match value {
            Value::String(text) => text.trim().parse().ok(),
            other => other.as_f64(),
        };
        if let (Some(answer), Some(truth)) = (number(answer), number(truth)) {
            let distance: f64 = answer - truth;
            self.rows += 1;
            self.distance += distance.abs();
            self.squares += distance * distance;
        }
    }

    fn period(&self, from: Timestamp, regression: bool) -> AccuracyPeriod {
        let rows = self.rows as f64;
        let sum = match regression {
            true => self.distance,
            false => self.right as f64,
        };
        AccuracyPeriod {
            from,
            rows: self.rows,
            value: sum / rows,
            rmse: regression.then(|| (self.squares / rows).sqrt()),
        }
    }
}

/// A class as a file would hold it: 3.0 and "3" are one class.
fn spelled(value: &Value) -> String {
    match value {
        Value::String(text) => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => format!("{number}"),
            _ => text.trim().to_owned(),
        },
        Value::Number(number) => number
            .as_f64()
            .map_or_else(|| number.to_string(), |number| format!("{number}")),
        other => other.to_string(),
    }
}
