//! What can be trained: everything a form needs to know.

use serde::Serialize;
use serde_json::Value;
use trainyard_platform::{AlgorithmCard, ParamCard};
use utoipa::ToSchema;

use crate::extract::{Json, SignedIn};

/// Every algorithm.
#[derive(Serialize, ToSchema)]
pub(crate) struct AlgorithmList {
    items: Vec<AlgorithmBody>,
}

/// An algorithm.
#[derive(Serialize, ToSchema)]
#[schema(as = Algorithm)]
pub(crate) struct AlgorithmBody {
    #[schema(example = "random_forest")]
    name: String,
    #[schema(example = "Random forest")]
    title: String,
    /// What it is, when to pick it.
    doc: String,
    /// `classification`, `regression`.
    tasks: Vec<String>,
    params: Vec<ParamBody>,
}

/// A parameter of an algorithm.
#[derive(Serialize, ToSchema)]
#[schema(as = Param)]
pub(crate) struct ParamBody {
    #[schema(example = "n_estimators")]
    name: String,
    /// `integer`, `number`, `boolean` or `choice`; several with `|` between them.
    #[serde(rename = "type")]
    #[schema(example = "integer")]
    kind: String,
    /// Smallest number.
    min: Option<Value>,
    /// Largest number.
    max: Option<Value>,
    /// What it is unless set.
    default: Value,
    /// Whether a slider should move on a logarithmic scale.
    log: bool,
    /// Whether null is allowed.
    nullable: bool,
    /// The allowed words.
    choices: Option<Vec<String>>,
    /// The allowed values in words.
    allowed: String,
    /// What it does.
    doc: String,
    /// The tasks it applies to.
    tasks: Vec<String>,
}

/// A bound without a fraction where it has none.
fn bound(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 9e15 {
        Value::from(value as i64)
    } else {
        Value::from(value)
    }
}

fn words<T: Serialize>(tasks: &[T]) -> Vec<String> {
    let words = tasks
        .iter()
        .filter_map(|task| serde_json::to_value(task).ok());
    words
        .filter_map(|word| word.as_str().map(str::to_owned))
        .collect()
}

impl From<ParamCard> for ParamBody {
    fn from(card: ParamCard) -> Self {
        Self {
            tasks: words(&card.tasks),
            name: card.name,
            kind: card.kind,
            min: card.min.map(bound),
            max: card.max.map(bound),
            default: card.default,
            log: card.log,
            nullable: card.nullable,
            choices: card.choices,
            allowed: card.allowed,
            doc: card.doc,
        }
    }
}

impl From<AlgorithmCard> for AlgorithmBody {
    fn from(card: AlgorithmCard) -> Self {
        Self {
            tasks: words(&card.tasks),
            name: card.name,
            title: card.title,
            doc: card.doc,
            params: card.params.into_iter().map(ParamBody::from).collect(),
        }
    }
}

/// What can be trained, with every parameter
#[utoipa::path(get, path = "/algorithms", operation_id = "algorithms", tag = "models", responses((status = 200, body = AlgorithmList)))]
pub(crate) async fn list(_caller: SignedIn) -> Json<AlgorithmList> {
    let items = trainyard_platform::algorithms()
        .into_iter()
        .map(AlgorithmBody::from);
    Json(AlgorithmList {
        items: items.collect(),
    })
}
