//! What contenders, settings and ensembles are compared by.

use crate::error::{FieldProblem, TrainError};
use crate::spec::{TrainSpec, task_words};
use trainyard_estimators::metrics::{self, MetricSpec, assess};
use trainyard_estimators::{Prediction, Target, Task};

/// What contenders are compared by: a declared metric, or "recall", "precision" and "f1" of the class of interest.
#[derive(Clone, Debug)]
pub(crate) struct Goal {
    metric: &'static MetricSpec,
    /// The class of interest, where the request names one.
    class: Option<(usize, ClassMeasure)>,
    name: String,
}

#[derive(Clone, Copy, Debug)]
enum ClassMeasure {
    Recall,
    Precision,
    F1,
}

impl Goal {
    /// The goal of a request: its metric, else accuracy or RMSE.
    pub(crate) fn of(
        spec: &TrainSpec,
        task: Task,
        positive: Option<usize>,
    ) -> Result<Self, TrainError> {
        let default = match task {
            Task::Classification => "accuracy",
            Task::Regression => "rmse",
        };
        let name = spec.metric.as_deref().unwrap_or(default);
        let (base, measure) = match name {
            "recall" => ("recall_macro", Some(ClassMeasure::Recall)),
            "precision" => ("precision_macro", Some(ClassMeasure::Precision)),
            "f1" => ("f1_macro", Some(ClassMeasure::F1)),
            other => (other, None),
        };
        let Some(metric) = metrics::metric(base).filter(|metric| metric.task == task) else {
            let detail = format!(
                "'{name}' does not measure {}; choose one for this task",
                task_words(task)
            );
            return Err(TrainError::Spec(vec![FieldProblem::new("/metric", detail)]));
        };
        let class = positive.zip(measure);
        let name = if class.is_some() { name } else { metric.name };
        Ok(Self {
            metric,
            class,
            name: name.to_owned(),
        })
    }

    /// The name shown beside values.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether it looks at the most probable class alone, so that many models are equally good.
    pub(crate) fn counts_labels(&self) -> bool {
        const BY_PROBABILITY: [&str; 5] =
            ["log_loss", "roc_auc", "roc_auc_micro", "pr_auc", "brier"];
        self.metric.task == Task::Classification && !BY_PROBABILITY.contains(&self.metric.name)
    }

    /// The declared metric nearest to the goal (importance is measured by it).
    pub(crate) fn metric(&self) -> &'static MetricSpec {
        self.metric
    }

    /// Whether one value beats another by more than rounding.
    pub(crate) fn better(&self, value: f64, best: f64) -> bool {
        if self.metric.higher_is_better {
            value > best + 1e-12
        } else {
            value < best - 1e-12
        }
    }

    /// The value, or its negative where more is better: smaller is better.
    pub(crate) fn loss(&self, value: f64) -> f64 {
        if self.metric.higher_is_better {
            -value
        } else {
            value
        }
    }

    /// Whether more is better.
    pub(crate) fn higher_is_better(&self) -> bool {
        self.metric.higher_is_better
    }

    /// The value alone; `None` where it is not defined.
    pub(crate) fn value(&self, target: &Target, prediction: &Prediction) -> Option<f64> {
        if let Some((class, measure)) = self.class {
            return class_measure(target, prediction, class, measure);
        }
        metrics::score(self.metric.name, target, prediction)
    }

    /// Value and interval.
    pub(crate) fn judge(
        &self,
        target: &Target,
        prediction: &Prediction,
        seed: u64,
    ) -> Option<(f64, Option<f64>, Option<f64>)> {
        if let Some((class, measure)) = self.class {
            return Some((
                class_measure(target, prediction, class, measure)?,
                None,
                None,
            ));
        }
        let scores = assess(target, prediction, seed);
        let score = scores.iter().find(|score| score.name == self.metric.name)?;
        Some((
            score.value,
            score.interval.map(|interval| interval.low),
            score.interval.map(|interval| interval.high),
        ))
    }
}

fn class_measure(
    target: &Target,
    prediction: &Prediction,
    class: usize,
    measure: ClassMeasure,
) -> Option<f64> {
    let Target::Classes { indices, .. } = target else {
        return None;
    };
    let labels = prediction.labels()?;
    let (mut both, mut said, mut was) = (0.0, 0.0, 0.0);
    for (&actual, &predicted) in indices.iter().zip(&labels) {
        said += f64::from(u8::from(predicted as usize == class));
        was += f64::from(u8::from(actual as usize == class));
        both += f64::from(u8::from(
            predicted as usize == class && actual as usize == class,
        ));
    }
    let share = |whole: f64| if whole > 0.0 { both / whole } else { 0.0 };
    Some(match measure {
        ClassMeasure::Recall => share(was),
        ClassMeasure::Precision => share(said),
        ClassMeasure::F1 => {
            if said + was > 0.0 {
                2.0 * both / (said + was)
            } else {
                0.0
            }
        }
    })
}
