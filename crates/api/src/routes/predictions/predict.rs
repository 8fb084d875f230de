//! A model is asked.

use axum::extract::{FromRequest, Request, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use trainyard_platform::{Curves, PredictRequest, PredictRows};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::App;
use crate::extract::{Claimed, IdempotencyKey, Json, Name, Query, RowsBody};
use crate::problem::Problem;

/// What a model is asked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PredictBody {
    /// 1 to 1,000 rows: objects by column name, or arrays in the signature's order. Values are numbers, texts, true,
    /// false or null.
    #[schema(value_type = Vec<Object>, min_items = 1, max_items = 1000, example = json!([{"age": 30, "sex": "female"}]))]
    rows: Vec<Value>,
    /// Whether the probability of every class is wanted.
    #[serde(default)]
    proba: bool,
    /// Whether the reasons for each answer are wanted; of up to 100 rows.
    #[serde(default)]
    explain: bool,
    /// What the one row would be answered if a column were different.
    #[serde(default)]
    what_if: Option<WhatIfBody>,
}

/// Which columns are varied, and at how many values.
#[derive(Deserialize, ToSchema)]
#[schema(as = WhatIf)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhatIfBody {
    /// The columns; all that the model looks at (at most 50) unless named.
    #[serde(default)]
    columns: Option<Vec<String>>,
    /// Values tried of each.
    #[serde(default = "usual_points")]
    #[schema(minimum = 2, maximum = 100, default = 21)]
    points: usize,
}

fn usual_points() -> usize {
    Curves::default().points
}

/// What is wanted of rows that come as a file.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FileQuery {
    /// Whether the probability of every class is wanted (of rows that come as a file).
    #[serde(default)]
    #[param(required = false)]
    proba: bool,
    /// Whether the reasons for each answer are wanted (of rows that come as a file).
    #[serde(default)]
    #[param(required = false)]
    explain: bool,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct PredictionsBody {
    id: Uuid,
    /// One answer a row, in order.
    #[schema(value_type = Vec<AnswerBody>)]
    predictions: Value,
    /// Tokens this request was charged.
    #[schema(example = 5)]
    charged: i64,
    #[schema(example = 9)]
    balance: i64,
}

/// The answer for one row.
#[derive(Serialize, ToSchema)]
#[schema(as = Prediction)]
pub(crate) struct AnswerBody {
    /// The class or the number.
    #[schema(example = "yes")]
    value: Value,
    /// By class, where asked for.
    #[schema(value_type = Option<std::collections::BTreeMap<String, f64>>)]
    probabilities: Option<Value>,
    /// Why, where asked for.
    explanation: Option<ExplanationBody>,
    /// What it would be, where asked for.
    what_if: Option<Vec<CurveBody>>,
    /// What was odd about the row.
    warnings: Vec<AnswerWarning>,
}

/// Why a row is answered as it is.
#[derive(Serialize, ToSchema)]
#[schema(as = Explanation)]
pub(crate) struct ExplanationBody {
    /// How it was found: `trees` and `linear` exactly, `sampled` by asking about mixtures of rows.
    #[schema(example = "trees")]
    method: String,
    /// What base, reasons and rest add up to: `probability`, `log_odds`, `class_scores`, `number` or `log_number`.
    #[schema(example = "log_odds")]
    scale: String,
    /// What is answered when nothing is known.
    base: f64,
    /// The strongest reasons, strongest first.
    reasons: Vec<ReasonBody>,
    /// What all other columns come to together.
    rest: f64,
}

/// How much one column moved an answer.
#[derive(Serialize, ToSchema)]
#[schema(as = Reason)]
pub(crate) struct ReasonBody {
    #[schema(example = "sex")]
    column: String,
    /// Its value in the row.
    value: Value,
    /// Above 0: it speaks for the answer given, or for a larger number.
    contribution: f64,
}

/// What a row would be answered if one column were different.
#[derive(Serialize, ToSchema)]
#[schema(as = Curve)]
pub(crate) struct CurveBody {
    #[schema(example = "age")]
    column: String,
    /// The values it is set to, the row's own among them.
    grid: Vec<Value>,
    /// The number at each (regressions).
    values: Option<Vec<f64>>,
    /// The probability at each, by class (classifications).
    probabilities: Option<std::collections::BTreeMap<String, Vec<f64>>>,
}

/// Something odd about a cell; the row is answered all the same.
#[derive(Serialize, ToSchema)]
#[schema(as = PredictionWarning)]
pub(crate) struct AnswerWarning {
    column: String,
    /// `missing`, `unknown_category`, `out_of_range`, `wrong_type` or `unknown_column`.
    code: String,
    detail: String,
}

/// Predict
///
/// Charged once the answer is there; an answer that fails costs nothing. With `Idempotency-Key`, the same request
/// under the same key is charged once. Rows come as JSON, or as a small file (CSV, TSV, JSON lines, Parquet or XLSX of up
/// to 8 MB) with what else is wanted in the address. What happens to odd cells is the model's contract.
#[utoipa::path(
    post, path = "/models/{id}/predictions", operation_id = "predict", tag = "predictions",
    request_body(content(
        (PredictBody = "application/json"),
        (String = "text/csv"),
        (String = "text/tab-separated-values"),
        (String = "application/x-ndjson"),
        (Vec<u8> = "application/vnd.apache.parquet"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )),
    params(
        ("id" = String, Path, description = "The model's identifier, or its name for the latest version that is ready"),
        ("Idempotency-Key" = Option<String>, Header, description = "Charges the same request once"),
        FileQuery
    ),
    responses((status = 200, body = PredictionsBody))
)]
pub(crate) async fn predict(
    State(app): State<App>,
    Claimed(caller): Claimed,
    IdempotencyKey(idempotency_key): IdempotencyKey,
    Name(id): Name,
    Query(query): Query<FileQuery>,
    request: Request,
) -> Result<Response, Problem> {
    let request = match RowsBody::<PredictBody>::from_request(request, &app).await? {
        RowsBody::Json(PredictBody {
            rows,
            proba,
            explain,
            what_if,
        }) => PredictRequest {
            rows: PredictRows::Json(rows),
            probabilities: proba || query.proba,
            explain: explain || query.explain,
            what_if: what_if.map(|wanted| Curves {
                columns: wanted.columns,
                points: wanted.points,
            }),
            idempotency_key,
        },
        RowsBody::File(bytes, name) => PredictRequest {
            rows: PredictRows::File {
                bytes,
                name: name.to_owned(),
            },
            probabilities: query.proba,
            explain: query.explain,
            what_if: None,
            idempotency_key,
        },
    };
    let predicted = app
        .platform
        .predictions()
        .predict(&caller, &id, request)
        .await?;
    let replayed = predicted
        .replayed
        .then_some([("idempotency-replayed", "true")]);
    let body = PredictionsBody {
        id: predicted.id,
        predictions: predicted.answer,
        charged: predicted.charged,
        balance: predicted.balance,
    };
    Ok((replayed, Json(body)).into_response())
}
