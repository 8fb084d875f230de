//! Models side by side.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{MetricBody, ModelSummary, typed};
use crate::App;
use crate::extract::{Json, Query, SignedIn};
use crate::problem::Problem;

/// Which models.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CompareQuery {
    /// 2 to 4 identifiers, or names as elsewhere, apart by commas.
    #[serde(default)]
    ids: String,
}

/// Models side by side. Every list has one entry a model, in the order asked for.
#[derive(Serialize, ToSchema)]
pub(crate) struct SideBySide {
    models: Vec<ModelSummary>,
    metrics: Vec<MetricRow>,
    /// The settings that are not the same for all.
    differences: Vec<SettingRow>,
    /// ROC curves of each, to be drawn over each other; null for those without.
    #[schema(value_type = Vec<Object>)]
    roc: Vec<Value>,
    /// What to know before believing a difference.
    notes: Vec<String>,
}

/// One metric of all.
#[derive(Serialize, ToSchema)]
pub(crate) struct MetricRow {
    #[schema(example = "accuracy")]
    metric: String,
    higher_is_better: bool,
    values: Vec<Option<MetricBody>>,
    /// The model that is best; null where fewer than two have a value, or the best are equal.
    winner: Option<Uuid>,
    /// Whether the winner's interval lies apart from all others'.
    clear: bool,
}

/// One setting of all.
#[derive(Serialize, ToSchema)]
pub(crate) struct SettingRow {
    /// Its name; parameters begin with `params.`.
    setting: String,
    #[schema(value_type = Vec<Object>)]
    values: Vec<Value>,
}

/// Compare models
///
/// Two to four trained models: every metric with its winner, the settings in which they differ, and their ROC curves.
#[utoipa::path(
    get, path = "/models/compare", operation_id = "compare", tag = "models", params(CompareQuery),
    responses((status = 200, body = SideBySide))
)]
pub(crate) async fn compare(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(query): Query<CompareQuery>,
) -> Result<Json<SideBySide>, Problem> {
    let ids: Vec<String> = query
        .ids
        .split(',')
        .map(|id| id.trim().to_owned())
        .filter(|id| !id.is_empty())
        .collect();
    let found = app.platform.models().side_by_side(&caller, &ids).await?;
    let metrics = found.metrics.into_iter().map(|row| MetricRow {
        metric: row.metric,
        higher_is_better: row.higher_is_better,
        values: row
            .values
            .into_iter()
            .map(|value| if value.is_null() { None } else { typed(value) })
            .collect(),
        winner: row.winner,
        clear: row.clear,
    });
    let differences = found.differences.into_iter().map(|row| SettingRow {
        setting: row.setting,
        values: row.values,
    });
    Ok(Json(SideBySide {
        metrics: metrics.collect(),
        differences: differences.collect(),
        models: found
            .models
            .into_iter()
            .map(|detail| detail.card.into())
            .collect(),
        roc: found.roc,
        notes: found.notes,
    }))
}
