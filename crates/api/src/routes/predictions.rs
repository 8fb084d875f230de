//! Models are asked, and what they answered: receipts, what turned out to be true, and how a model does over time.

pub(crate) mod accuracy;
pub(crate) mod contract;
pub(crate) mod drift;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod predict;
pub(crate) mod truth;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use trainyard_platform::{Interval, Prediction, Window};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::times::{moment, read_moment};
use crate::problem::Problem;

/// What was asked once, and at what price.
#[derive(Serialize, ToSchema)]
#[schema(as = Receipt)]
pub(crate) struct ReceiptBody {
    id: Uuid,
    /// By which model; it may be gone.
    model_id: Uuid,
    /// `api`, `guest` or `v2`.
    #[schema(example = "api")]
    door: String,
    /// How many rows.
    rows: i32,
    /// Tokens it cost.
    charged: i64,
    /// A digest of what was asked; the rows themselves are not kept.
    input: String,
    /// The answer to the first row, where it was kept.
    first_value: Option<Value>,
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was said what turned out to be true.
    #[schema(format = DateTime)]
    truth_at: Option<String>,
}

impl From<&Prediction> for ReceiptBody {
    fn from(row: &Prediction) -> Self {
        let first = row.answer.as_ref().and_then(|answer| {
            let first = answer.as_array()?.first()?;
            first.get("value").cloned()
        });
        Self {
            id: row.id,
            model_id: row.model_id,
            door: row.door.clone(),
            rows: row.rows,
            charged: row.price,
            input: row.input_digest.clone(),
            first_value: first,
            created_at: moment(row.created_at),
            truth_at: row.truth_at.map(moment),
        }
    }
}

/// Which time is looked at.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WindowQuery {
    /// From this moment on, as 2026-11-22T10:00:00Z; thirty periods before the end unless said.
    #[param(format = DateTime)]
    from: Option<String>,
    /// Before this moment; now unless said.
    #[param(format = DateTime)]
    until: Option<String>,
    /// How long a period is: `hour`, `day` or `week`; `day` unless said.
    #[param(value_type = Option<String>)]
    interval: Option<IntervalName>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum IntervalName {
    Hour,
    Day,
    Week,
}

impl WindowQuery {
    fn window(self) -> Result<Window, Problem> {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        Ok(Window {
            from: read_moment("/from", given(self.from))?,
            until: read_moment("/until", given(self.until))?,
            interval: match self.interval {
                Some(IntervalName::Hour) => Interval::Hour,
                Some(IntervalName::Week) => Interval::Week,
                Some(IntervalName::Day) | None => Interval::Day,
            },
        })
    }
}
