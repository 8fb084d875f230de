//! What a training may take, and whether a request stays within it: told from the profile of its table, before anything is
//! charged or read.
//!
//! The estimates are the algorithms' own ([`Algorithm::cost`]); here they become hours and gigabytes, and a way out. A race
//! is not held against them: it leaves out what does not fit.

use crate::error::FieldProblem;
use crate::spec::{AUTO, TaskChoice, TrainSpec};
use crate::verdict::thousands;
use trainyard_estimators::algorithm::algorithm;
use trainyard_estimators::importance::{MAX_ROWS, REPEATS};
use trainyard_estimators::target::FEW_WHOLE_NUMBERS;
use trainyard_estimators::{Algorithm, Cost, Params, Shape, Task};
use trainyard_table::{ColumnProfile, Kind, Profile};

/// Most classes that anything may learn to tell apart.
pub const MOST_CLASSES: usize = 10_000;
/// Seconds that a training may take unless somebody says otherwise: generous, for what nobody would wait for.
pub const MOST_SECONDS: f64 = 6.0 * 3600.0;
/// Columns that a category becomes at most, about.
const MOST_LEVELS: usize = 100;
/// Numbers that a date becomes.
const DATE_PARTS: usize = 7;
/// What is offered instead of something too dear, the strongest first.
const INSTEAD: &[&str] = &[
    "gradient_boosting",
    "logistic_regression",
    "linear_regression",
];

/// What a training takes, the trials of a search apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts {
    pub(crate) rest: Cost,
    /// Seconds of one core.
    pub(crate) trials: f64,
}

/// What a training may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Bytes beyond the table.
    pub memory: usize,
    /// Seconds of one core.
    pub seconds: f64,
}

impl Default for Limits {
    /// Any memory, and [`MOST_SECONDS`].
    fn default() -> Self {
        Self {
            memory: usize::MAX,
            seconds: MOST_SECONDS,
        }
    }
}

impl TrainSpec {
    /// The task that this request means for a target like this.
    pub fn task_of(&self, target: &ColumnProfile) -> Task {
        match (self.task, target.kind) {
            (TaskChoice::Classification, _)
            | (TaskChoice::Auto, Kind::Boolean | Kind::Category | Kind::Text | Kind::Identifier) => {
                Task::Classification
            }
            (TaskChoice::Auto, Kind::Integer) if target.distinct <= FEW_WHOLE_NUMBERS => {
                Task::Classification
            }
            _ => Task::Regression,
        }
    }

    /// The sizes of what this request learns from, about: how categories are grouped is only known when they are prepared.
    pub fn shape(&self, profile: &Profile) -> Option<Shape> {
        let target = profile.columns.iter().find(|own| own.name == self.target)?;
        let group = self.split.group();
        let used = profile.columns.iter().filter(|own| match &self.features {
            Some(named) => named.contains(&own.name),
            None => own.name != self.target && group != Some(own.name.as_str()),
        });
        let (mut columns, mut width) = (0, 0);
        for own in used {
            let (parts, levels) = extent(own, self.features.is_some());
            columns += parts;
            width += levels;
        }
        let present = profile.rows.saturating_sub(target.missing);
        Some(Shape {
            rows: (present as f64 * (1.0 - self.test_size)).ceil() as usize,
            columns,
            width,
            task: self.task_of(target),
            classes: target.distinct,
        })
    }

    /// What this request takes: the fit, its folds and trials, and the answers it is judged by. Nothing for a race, for an
    /// algorithm that does not exist, or where the parameters are wrong.
    pub fn cost(&self, profile: &Profile) -> Option<Cost> {
        let parts = self.cost_in_parts(profile)?;
        let longest = self.search.as_ref().and_then(|search| search.seconds);
        let trials = longest.map_or(parts.trials, |most| parts.trials.min(most));
        Some(Cost {
            seconds: parts.rest.seconds + trials,
            ..parts.rest
        })
    }

    /// The same with the trials apart, however long they may take.
    pub(crate) fn cost_in_parts(&self, profile: &Profile) -> Option<Parts> {
        let shape = self.shape(profile)?;
        let (found, params) = self.chosen(shape.task)?;
        let fit = found.cost(shape, &params);
        let judged = shape.rows as f64 / (1.0 - self.test_size).max(0.5) * self.test_size;
        // What single pixels are worth is not asked.
        let asked = if self.pictures.is_some() {
            0
        } else {
            shape.columns
        };
        let shuffled = judged.min(MAX_ROWS as f64) * (REPEATS * asked) as f64;
        let answers = (judged + shuffled) * fit.answer_seconds;
        let one = fit.seconds + shape.rows as f64 / self.folds.max(1) as f64 * fit.answer_seconds;
        let trials = self.search.as_ref().map_or(0.0, |search| {
            let settings = search.most_trials(found.spec(), shape.task, &self.params);
            (settings * search.folds) as f64 * one
        });
        let rest = Cost {
            seconds: fit.seconds + answers + self.folds as f64 * one,
            ..fit
        };
        Some(Parts { rest, trials })
    }

    /// Every limit that the table's profile shows to be broken: more than [`MOST_CLASSES`] classes, or an estimate beyond
    /// the limits, with the estimate and what to do instead.
    pub fn check_limits(&self, profile: &Profile, limits: Limits) -> Vec<FieldProblem> {
        let Some(shape) = self.shape(profile) else {
            return Vec::new();
        };
        if shape.task == Task::Classification && shape.classes > MOST_CLASSES {
            let numbers = profile.columns.iter().any(|own| {
                own.name == self.target && matches!(own.kind, Kind::Integer | Kind::Number)
            });
            let way_out = if numbers {
                "predict it as a number (regression), or choose another target"
            } else {
                "choose another target, or group its rare values"
            };
            return vec![FieldProblem::new(
                "/target",
                format!(
                    "'{}' has {} different values, and at most {} classes can be told apart; {way_out}",
                    self.target,
                    thousands(shape.classes as f64),
                    thousands(MOST_CLASSES as f64)
                ),
            )];
        }
        let (Some(cost), Some((found, _))) = (self.cost(profile), self.chosen(shape.task)) else {
            return Vec::new();
        };
        if limits.allow(cost) {
            return Vec::new();
        }
        let mut ways: Vec<String> = INSTEAD
            .iter()
            .filter(|&&name| name != self.algorithm)
            .filter_map(|&name| self.affordable(name, profile, limits))
            .collect();
        if self.folds > 0 || self.search.is_some() {
            ways.push("fewer folds and trials".to_owned());
        }
        ways.push("fewer rows".to_owned());
        let detail = format!(
            "{} on {} rows would take about {} and {} ({}); use {}",
            found.spec().title.to_lowercase(),
            thousands(shape.rows as f64),
            duration(cost.seconds),
            bytes(cost.bytes),
            limits.words(cost),
            any_of(&ways)
        );
        vec![FieldProblem::new("/algorithm", detail)]
    }

    fn chosen(&self, task: Task) -> Option<(&'static dyn Algorithm, Params)> {
        let found = algorithm(&self.algorithm).filter(|_| self.algorithm != AUTO)?;
        if !found.spec().tasks.contains(&task) {
            return None;
        }
        let params = Params::check(found.spec().params, task, &self.params).ok()?;
        Some((found, params))
    }

    /// The name for people of an algorithm that would stay within the limits in this one's place.
    fn affordable(&self, name: &str, profile: &Profile, limits: Limits) -> Option<String> {
        let other = Self {
            algorithm: name.to_owned(),
            params: serde_json::Map::new(),
            ..self.clone()
        };
        let title = algorithm(name)?.spec().title.to_lowercase();
        limits.allow(other.cost(profile)?).then_some(title)
    }
}

impl Limits {
    fn allow(&self, cost: Cost) -> bool {
        cost.bytes <= self.memory && cost.seconds <= self.seconds
    }

    /// What is allowed of that which is too much.
    fn words(&self, cost: Cost) -> String {
        let mut allowed = Vec::new();
        if cost.seconds > self.seconds {
            allowed.push(duration(self.seconds));
        }
        if cost.bytes > self.memory {
            allowed.push(bytes(self.memory));
        }
        format!("the limit is {}", allowed.join(" and "))
    }
}

/// Features that a column becomes, and their number when each level of a category has its own.
fn extent(column: &ColumnProfile, named: bool) -> (usize, usize) {
    match column.kind {
        Kind::Number | Kind::Integer | Kind::Boolean => (1, 1),
        Kind::Date => (DATE_PARTS, DATE_PARTS),
        Kind::Category => (1, column.distinct.clamp(1, MOST_LEVELS)),
        // Left out unless somebody names them.
        Kind::Text | Kind::Identifier if named => (1, column.distinct.clamp(1, MOST_LEVELS)),
        Kind::Text | Kind::Identifier => (0, 0),
    }
}

/// One figure and a unit: "3 days", "40 minutes".
fn duration(seconds: f64) -> String {
    let units = [
        (365.25 * 86_400.0, "year"),
        (86_400.0, "day"),
        (3600.0, "hour"),
        (60.0, "minute"),
        (1.0, "second"),
    ];
    for (size, name) in units {
        // Below two of a unit the next smaller one says more.
        if seconds >= 2.0 * size || size == 1.0 {
            let count = (seconds / size).round().max(1.0);
            let plural = if count == 1.0 { "" } else { "s" };
            return format!("{} {name}{plural}", thousands(count));
        }
    }
    String::new()
}

/// "30 GB", "4.3 GB", "12 MB".
pub(crate) fn bytes(count: usize) -> String {
    let megabytes = count as f64 / 1e6;
    let (value, unit) = if megabytes >= 1e6 {
        (megabytes / 1e6, "TB")
    } else if megabytes >= 1e3 {
        (megabytes / 1e3, "GB")
    } else if megabytes >= 1.0 {
        (megabytes, "MB")
    } else {
        return format!("{} bytes", thousands(count as f64));
    };
    if value < 9.95 {
        format!("{value:.1} {unit}").replace(".0 ", " ")
    } else {
        format!("{} {unit}", thousands(value))
    }
}

/// "a", "a or b", "a, b, or c".
fn any_of(ways: &[String]) -> String {
    match ways {
        [] => String::new(),
        [only] => only.clone(),
        [first, second] => format!("{first} or {second}"),
        [firsts @ .., last] => format!("{}, or {last}", firsts.join(", ")),
    }
}
