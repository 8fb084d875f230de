//! Models side by side: what each is worth by every metric, who wins by which, and in what their settings differ.

use serde_json::{Map, Value, json};
use trainyard_estimators::metrics::METRICS;
use trainyard_store::{Model, ModelStatus};
use uuid::Uuid;

use super::{ModelDetail, Models, ready};
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result};

/// How many models stand side by side.
const FEWEST: usize = 2;
const MOST: usize = 4;
/// Settings that are compared, as the stored request names them.
const SETTINGS: &[&str] = &[
    "target",
    "task",
    "effort",
    "budget",
    "metric",
    "positive_class",
    "features",
    "test_size",
    "split",
    "weights",
    "search",
    "folds",
    "seed",
];

/// Models side by side.
#[derive(Clone, Debug)]
pub struct SideBySide {
    /// In the order asked for.
    pub models: Vec<ModelDetail>,
    /// By metric, in the order of the models.
    pub metrics: Vec<MetricRow>,
    /// The settings that are not the same for all, in the order of the models.
    pub differences: Vec<SettingRow>,
    /// ROC curves of each model, as its report has them; null where there are none.
    pub roc: Vec<Value>,
    /// What to know before believing the difference.
    pub notes: Vec<String>,
}

/// One metric of all.
#[derive(Clone, Debug)]
pub struct MetricRow {
    /// Its name.
    pub metric: String,
    /// Whether more is better.
    pub higher_is_better: bool,
    /// Value, interval and baseline of each; null where a model has none.
    pub values: Vec<Value>,
    /// Who is best; nothing where fewer than two have a value or the best are equal.
    pub winner: Option<Uuid>,
    /// Whether the winner's interval lies apart from all others'.
    pub clear: bool,
}

/// One setting of all.
#[derive(Clone, Debug)]
pub struct SettingRow {
    /// Its name; parameters begin with `params.`.
    pub setting: String,
    /// Of each; null where a model has none.
    pub values: Vec<Value>,
}

impl Models<'_> {
    /// Puts trained models side by side.
    ///
    /// # Errors
    /// `Validation` for fewer than 2 or more than 4, or the same one twice; `NotFound`; `NotReady`.
    pub async fn side_by_side(&self, caller: &Caller, ids: &[String]) -> Result<SideBySide> {
        caller.may(Action::Read)?;
        if !(FEWEST..=MOST).contains(&ids.len()) {
            return Err(PlatformError::field(
                "/ids",
                format!("Name {FEWEST} to {MOST} models, apart by commas."),
            ));
        }
        let (mut models, mut reports) = (Vec::new(), Vec::new());
        for id in ids {
            let model = self.find(caller, id).await?;
            ready(&model)?;
            if models
                .iter()
                .any(|known: &ModelDetail| known.card.model.id == model.id)
            {
                return Err(PlatformError::field("/ids", "Name each model once."));
            }
            reports.push(self.0.store().models().report(model.id).await?.report);
            models.push(self.detail(caller, model).await?);
        }
        let rows: Vec<&Model> = models.iter().map(|detail| &detail.card.model).collect();
        let notes = notes(&rows);
        Ok(SideBySide {
            metrics: metric_rows(&rows),
            differences: differences(&rows),
            roc: reports
                .iter()
                .map(|report| report.get("roc").cloned().unwrap_or_default())
                .collect(),
            notes,
            models,
        })
    }
}

fn metric_rows(models: &[&Model]) -> Vec<MetricRow> {
    let of = |model: &Model, name: &str| model.metrics.as_ref()?.get(name).cloned();
    let known = METRICS.iter().filter_map(|metric| {
        let values: Vec<Option<Value>> =
            models.iter().map(|model| of(model, metric.name)).collect();
        if values.iter().all(Option::is_none) {
            return None;
        }
        let (winner, clear) = winner(&values, metric.higher_is_better);
        Some(MetricRow {
            metric: metric.name.to_owned(),
            higher_is_better: metric.higher_is_better,
            winner: winner
                .and_then(|place| models.get(place))
                .map(|model| model.id),
            clear,
            values: values.into_iter().map(Option::unwrap_or_default).collect(),
        })
    });
    known.collect()
}

/// The position of the best, and whether its interval lies apart from the others'.
fn winner(values: &[Option<Value>], higher: bool) -> (Option<usize>, bool) {
    let number = |value: &Option<Value>, field: &str| value.as_ref()?.get(field)?.as_f64();
    let sign = if higher { 1.0 } else { -1.0 };
    let mut order: Vec<(usize, f64)> = values
        .iter()
        .enumerate()
        .filter_map(|(place, value)| Some((place, sign * number(value, "value")?)))
        .collect();
    order.sort_by(|one, other| other.1.total_cmp(&one.1));
    let [(first, best), (_, second), ..] = order[..] else {
        return (None, false);
    };
    if best <= second {
        return (None, false);
    }
    let (near, far) = if higher {
        ("low", "high")
    } else {
        ("high", "low")
    };
    let own = number(&values[first], near).map(|end| sign * end);
    let apart = values
        .iter()
        .enumerate()
        .filter(|(place, value)| *place != first && value.is_some())
        .all(|(_, value)| {
            let other = number(value, far).map(|end| sign * end);
            own.zip(other).is_some_and(|(own, other)| own > other)
        });
    (Some(first), apart)
}

fn differences(models: &[&Model]) -> Vec<SettingRow> {
    let mut rows: Vec<SettingRow> = Vec::new();
    let mut add = |setting: String, values: Vec<Value>| {
        if values.iter().any(|value| *value != values[0]) {
            rows.push(SettingRow { setting, values });
        }
    };
    let each = |read: &dyn Fn(&Model) -> Value| models.iter().map(|model| read(model)).collect();
    add(
        "algorithm".to_owned(),
        each(&|model| json!(model.algorithm)),
    );
    add("data".to_owned(), each(&|model| json!(model.dataset_name)));
    for setting in SETTINGS {
        add(
            (*setting).to_owned(),
            each(&|model| model.spec.get(*setting).cloned().unwrap_or_default()),
        );
    }
    let none = Map::new();
    let params = |model: &Model| model.params.as_object().unwrap_or(&none).clone();
    let mut names: Vec<String> = models
        .iter()
        .flat_map(|model| params(model).keys().cloned().collect::<Vec<_>>())
        .collect();
    names.sort();
    names.dedup();
    for name in names {
        add(
            format!("params.{name}"),
            each(&|model| params(model).get(&name).cloned().unwrap_or_default()),
        );
    }
    rows
}

/// Models that were not judged on the same rows cannot be told apart by their scores alone.
fn notes(models: &[&Model]) -> Vec<String> {
    let differ =
        |read: &dyn Fn(&Model) -> Value| models.iter().any(|model| read(model) != read(models[0]));
    let setting =
        |name: &'static str| move |model: &Model| model.spec.get(name).cloned().unwrap_or_default();
    let mut notes = Vec::new();
    if differ(&setting("target")) {
        notes.push(
            "These models predict different columns: their scores say nothing about each other."
                .to_owned(),
        );
    } else if differ(&|model| json!(model.dataset_hash)) {
        notes.push("These models were tested on different data, so part of the difference may be the data's.".to_owned());
    } else if ["test_size", "split", "seed"]
        .map(setting)
        .iter()
        .any(|one| differ(one))
    {
        notes.push("These models were tested on different rows of the same data, so small differences may be luck.".to_owned());
    }
    notes
}

/// What decides among models, with one of them's value: the metric asked for, else accuracy or RMSE. Precision, recall and
/// F1 are those of all classes alike.
pub(crate) fn deciding(metrics: &Value, wanted: Option<&str>) -> (String, Option<Value>) {
    let name = match wanted.filter(|name| !name.is_empty()) {
        Some(name @ ("precision" | "recall" | "f1")) => format!("{name}_macro"),
        Some(name) => name.to_owned(),
        None if metrics.get("accuracy").is_some() => "accuracy".to_owned(),
        None => "rmse".to_owned(),
    };
    let own = metrics.get(&name).cloned();
    (name, own)
}

/// The best of some models by a metric; among equals the first.
pub(crate) fn best_of(models: &[Model], wanted: Option<&str>) -> Option<Uuid> {
    let mut best: Option<(f64, Uuid)> = None;
    for model in models {
        if model.status != ModelStatus::Ready {
            continue;
        }
        let Some((name, Some(own))) = model
            .metrics
            .as_ref()
            .map(|metrics| deciding(metrics, wanted))
        else {
            continue;
        };
        let higher = METRICS
            .iter()
            .find(|metric| metric.name == name)
            .is_none_or(|metric| metric.higher_is_better);
        let Some(value) = own.get("value").and_then(Value::as_f64) else {
            continue;
        };
        let worth = if higher { value } else { -value };
        if best.is_none_or(|(most, _)| worth > most) {
            best = Some((worth, model.id));
        }
    }
    best.map(|(_, id)| id)
}
