//! What can be trained, for forms and the API reference: derived from the one declaration table.

use serde::Serialize;
use serde_json::Value;
use trainyard_estimators::Task;
use trainyard_estimators::algorithm::{ALGORITHMS, ParamKind, ParamSpec};

/// One algorithm as a form shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AlgorithmCard {
    /// Stable name.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// What it is, when to pick it.
    pub doc: String,
    /// What it learns: `classification`, `regression`.
    pub tasks: Vec<Task>,
    /// What can be set.
    pub params: Vec<ParamCard>,
}

/// One parameter as a form shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ParamCard {
    /// Stable name.
    pub name: String,
    /// `integer`, `number`, `boolean`, `choice`, `integers` or `directions`; several with `|` between them.
    #[serde(rename = "type")]
    pub kind: String,
    /// Smallest number.
    pub min: Option<f64>,
    /// Largest number.
    pub max: Option<f64>,
    /// What it is unless set.
    pub default: Value,
    /// Whether a slider should move on a logarithmic scale.
    pub log: bool,
    /// Whether `null` is allowed.
    pub nullable: bool,
    /// The allowed words.
    pub choices: Option<Vec<String>>,
    /// The allowed values in a sentence.
    pub allowed: String,
    /// One sentence.
    pub doc: String,
    /// The tasks it applies to.
    pub tasks: Vec<Task>,
}

/// Every algorithm, the choice among all of them first.
#[must_use]
pub fn algorithms() -> Vec<AlgorithmCard> {
    let automatic = AlgorithmCard {
        name: trainyard_training::spec::AUTO.to_owned(),
        title: "Automatic".to_owned(),
        doc: "Tries settings of every family that fits the task on parts of the training rows, tunes the best, and keeps the best one, or several together where that is better.".to_owned(),
        tasks: vec![Task::Classification, Task::Regression],
        params: Vec::new(),
    };
    let declared = ALGORITHMS.iter().map(|algorithm| {
        let spec = algorithm.spec();
        AlgorithmCard {
            name: spec.name.to_owned(),
            title: spec.title.to_owned(),
            doc: spec.doc.to_owned(),
            tasks: spec.tasks.to_vec(),
            params: spec.params.iter().map(ParamCard::of).collect(),
        }
    });
    std::iter::once(automatic).chain(declared).collect()
}

impl ParamCard {
    fn of(spec: &ParamSpec) -> Self {
        let mut card = Self {
            name: spec.name.to_owned(),
            kind: String::new(),
            min: None,
            max: None,
            default: spec.default_value(),
            log: spec.log_scale,
            nullable: false,
            choices: None,
            allowed: spec.allowed(),
            doc: spec.doc.to_owned(),
            tasks: spec.tasks.to_vec(),
        };
        let mut kinds = Vec::new();
        for kind in spec.kinds {
            match *kind {
                ParamKind::Integer { min, max } => {
                    kinds.push("integer");
                    card.between(min as f64, max as f64);
                }
                ParamKind::Number { min, max, .. } => {
                    kinds.push("number");
                    card.between(min, max);
                }
                ParamKind::Choice(words) => {
                    kinds.push("choice");
                    card.choices = Some(words.iter().map(|&word| word.to_owned()).collect());
                }
                ParamKind::Boolean => kinds.push("boolean"),
                ParamKind::Directions => kinds.push("directions"),
                ParamKind::Null(_) => card.nullable = true,
                ParamKind::Integers { min, max, .. } => {
                    kinds.push("integers");
                    card.between(min as f64, max as f64);
                }
            }
        }
        card.kind = kinds.join("|");
        card
    }

    fn between(&mut self, min: f64, max: f64) {
        self.min = Some(self.min.map_or(min, |known| known.min(min)));
        self.max = Some(self.max.map_or(max, |known| known.max(max)));
    }
}
