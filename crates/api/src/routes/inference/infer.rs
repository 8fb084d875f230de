//! A model is asked in tensors: each column is one, of as many values as there are rows.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use trainyard_platform::{Door, MAX_ROWS, PredictRequest, PredictRows};
use utoipa::ToSchema;

use super::model::outputs;
use super::{DATATYPES, TensorMetadata};
use crate::App;
use crate::extract::{IdempotencyKey, Json, Name, SignedIn};
use crate::problem::Problem;

/// What a model is asked.
#[derive(Deserialize, ToSchema)]
pub(crate) struct InferRequest {
    /// Comes back with the answer.
    id: Option<String>,
    /// One tensor a column.
    #[schema(min_items = 1)]
    inputs: Vec<InputTensor>,
    /// Which outputs are wanted; all unless named.
    outputs: Option<Vec<WantedOutput>>,
}

/// The values of one column.
#[derive(Deserialize, ToSchema)]
pub(crate) struct InputTensor {
    #[schema(example = "age")]
    name: String,
    /// `[rows]` or `[rows, 1]`.
    #[schema(example = json!([2]))]
    shape: Vec<u64>,
    #[schema(example = "FP64")]
    datatype: String,
    /// As many values as the shape says, in one list or in one for each row; null is missing.
    #[schema(value_type = Vec<Object>, example = json!([30, 41.5]))]
    data: Vec<Value>,
}

/// An output that is wanted.
#[derive(Deserialize, ToSchema)]
pub(crate) struct WantedOutput {
    #[schema(example = "prediction")]
    name: String,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct InferResponse {
    /// As it was asked for.
    model_name: String,
    /// The identifier of the version.
    model_version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// `prediction_id`, `charged`, `balance`, and how many cells were odd as `warnings`.
    #[schema(value_type = Object)]
    parameters: Value,
    outputs: Vec<OutputTensor>,
}

/// The values of one output.
#[derive(Serialize, ToSchema)]
pub(crate) struct OutputTensor {
    #[serde(flatten)]
    tensor: TensorMetadata,
    #[schema(value_type = Vec<Object>)]
    data: Vec<Value>,
}

/// Ask a model in tensors
///
/// Charged as any prediction, once the answer is there. Up to 1,000 rows.
#[utoipa::path(
    post, path = "/v2/models/{id}/infer", operation_id = "v2_infer", tag = "inference", request_body = InferRequest,
    params(
        ("id" = String, Path, description = "The model's identifier, or its name for the latest version that is ready"),
        ("Idempotency-Key" = Option<String>, Header, description = "Charges the same request once")
    ),
    responses((status = 200, body = InferResponse))
)]
pub(crate) async fn infer(
    State(app): State<App>,
    SignedIn(mut caller): SignedIn,
    IdempotencyKey(idempotency_key): IdempotencyKey,
    Name(name): Name,
    Json(request): Json<InferRequest>,
) -> Result<Response, Problem> {
    caller.origin.door = Door::Inference;
    let predictions = app.platform.predictions();
    let face = predictions.face(&caller, &name).await?;
    let known = |column: &str| face.signature.iter().any(|field| field.name == column);
    let rows = rows(&request.inputs, known)?;
    let wanted = wanted(&request, outputs(&face))?;
    let asked = PredictRequest {
        rows: PredictRows::Json(rows),
        probabilities: face.classes.is_some(),
        explain: false,
        what_if: None,
        idempotency_key,
    };
    let id = face.id.to_string();
    let predicted = predictions.predict(&caller, &id, asked).await?;
    let answers = predicted.answer.as_array();
    let answers = answers.map(Vec::as_slice).unwrap_or_default();
    let odd: usize = answers
        .iter()
        .filter_map(|answer| answer.get("warnings")?.as_array())
        .map(Vec::len)
        .sum();
    let replayed = predicted
        .replayed
        .then_some([("idempotency-replayed", "true")]);
    let body = InferResponse {
        model_name: name,
        model_version: id,
        id: request.id,
        parameters: json!({
            "prediction_id": predicted.id,
            "charged": predicted.charged,
            "balance": predicted.balance,
            "warnings": odd,
        }),
        outputs: wanted
            .into_iter()
            .map(|tensor| output(tensor, answers))
            .collect(),
    };
    Ok((replayed, Json(body)).into_response())
}

/// The rows that tensors stand for.
fn rows(inputs: &[InputTensor], known: impl Fn(&str) -> bool) -> Result<Vec<Value>, Problem> {
    let Some(first) = inputs.first() else {
        return Err(Problem::field("/inputs", "Send one tensor a column."));
    };
    let count = usize::try_from(first.shape.first().copied().unwrap_or_default());
    let count = count.unwrap_or(usize::MAX);
    if count == 0 || count > MAX_ROWS {
        return Err(Problem::field(
            "/inputs/0/shape",
            format!(
                "Send 1 to {MAX_ROWS} rows; these are {count}. For more send the file as a batch."
            ),
        ));
    }
    let mut rows = vec![Map::new(); count];
    for (place, input) in inputs.iter().enumerate() {
        let pointer = |field: &str| format!("/inputs/{place}/{field}");
        let name = &input.name;
        if !known(name) {
            return Err(Problem::field(
                pointer("name"),
                format!("The model has no column '{name}'. Its metadata names those it has."),
            ));
        }
        if inputs.iter().take(place).any(|other| other.name == *name) {
            return Err(Problem::field(
                pointer("name"),
                format!("'{name}' stands twice. Send each column once."),
            ));
        }
        if !DATATYPES.contains(&input.datatype.as_str()) {
            return Err(Problem::field(
                pointer("datatype"),
                format!("'{}' is none of {}.", input.datatype, DATATYPES.join(", ")),
            ));
        }
        let fits = match input.shape.as_slice() {
            [rows] | [rows, 1] => usize::try_from(*rows) == Ok(count),
            _ => false,
        };
        if !fits {
            return Err(Problem::field(
                pointer("shape"),
                format!("Every column has the shape [{count}] or [{count}, 1], as the first one."),
            ));
        }
        if input.data.len() != count {
            return Err(Problem::field(
                pointer("data"),
                format!(
                    "These are {} values where the shape says {count}.",
                    input.data.len()
                ),
            ));
        }
        for (row, (value, cells)) in input.data.iter().zip(&mut rows).enumerate() {
            let value = match value {
                Value::Array(one) if one.len() == 1 => one.first().unwrap_or(&Value::Null),
                value => value,
            };
            if !is_of(value, &input.datatype) {
                return Err(Problem::field(
                    format!("{}/{row}", pointer("data")),
                    format!("This is not of the type {}.", input.datatype),
                ));
            }
            cells.insert(name.clone(), value.clone());
        }
    }
    Ok(rows.into_iter().map(Value::Object).collect())
}

fn is_of(value: &Value, datatype: &str) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(_) => datatype == "BOOL",
        Value::String(_) => datatype == "BYTES",
        Value::Number(_) if datatype.starts_with("FP") => true,
        Value::Number(number) if datatype.starts_with("UINT") => number.is_u64(),
        Value::Number(number) if datatype.starts_with("INT") => number.is_i64(),
        Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// The outputs that are asked for.
fn wanted(
    request: &InferRequest,
    all: Vec<TensorMetadata>,
) -> Result<Vec<TensorMetadata>, Problem> {
    let Some(names) = request.outputs.as_ref().filter(|names| !names.is_empty()) else {
        return Ok(all);
    };
    let found = names.iter().enumerate().map(|(place, wanted)| {
        let found = all.iter().find(|output| output.name == wanted.name);
        found.cloned().ok_or_else(|| {
            Problem::field(
                format!("/outputs/{place}/name"),
                format!(
                    "The model has no output '{}'. Its metadata names those it has.",
                    wanted.name
                ),
            )
        })
    });
    found.collect()
}

fn output(mut tensor: TensorMetadata, answers: &[Value]) -> OutputTensor {
    let class = tensor.name.strip_prefix("probability:");
    let value = |answer: &Value| match class {
        Some(class) => answer
            .get("probabilities")
            .and_then(|all| all.get(class))
            .cloned(),
        None => answer.get("value").cloned(),
    };
    let data: Vec<Value> = answers
        .iter()
        .map(|answer| value(answer).unwrap_or(Value::Null))
        .collect();
    tensor.shape = vec![i64::try_from(data.len()).unwrap_or(i64::MAX)];
    OutputTensor { tensor, data }
}
