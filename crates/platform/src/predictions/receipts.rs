//! What somebody asked and was answered, and what turned out to be true.

use serde_json::{Value, json};
use trainyard_store::{Page, PageRequest, Prediction, PredictionFilter, Timestamp};
use trainyard_training::FieldProblem;
use uuid::Uuid;

use super::Predictions;
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result};

/// The most predictions one request tells the truth of.
const MOST_TRUTHS: usize = 1_000;

/// Which predictions a list holds.
#[derive(Clone, Debug, Default)]
pub struct ReceiptsWanted {
    /// Only by this model.
    pub model_id: Option<Uuid>,
    /// Only through this door.
    pub door: Option<String>,
    /// Only those whose truth is known, or not.
    pub with_truth: Option<bool>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}

/// What turned out to be true of one prediction.
#[derive(Clone, Debug)]
pub struct Truth {
    /// Which.
    pub id: Uuid,
    /// One value a row (null where it is not known), or the value alone of a prediction of one row.
    pub truth: Value,
}

impl Predictions<'_> {
    /// One page of what the caller asked, newest first.
    ///
    /// # Errors
    /// `Validation` for a foreign cursor.
    pub async fn list(
        &self,
        caller: &Caller,
        wanted: ReceiptsWanted,
        page: &PageRequest,
    ) -> Result<Page<Prediction>> {
        caller.may(Action::Read)?;
        let filter = PredictionFilter {
            model_id: wanted.model_id,
            door: wanted.door.filter(|door| !door.contains('\0')),
            with_truth: wanted.with_truth,
            from: wanted.from,
            until: wanted.until,
        };
        let predictions = self.0.store().predictions();
        Ok(predictions.list(caller.id, &filter, page).await?)
    }

    /// What the caller asked once.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn get(&self, caller: &Caller, id: Uuid) -> Result<Prediction> {
        caller.may(Action::Read)?;
        Ok(self.0.store().predictions().get(caller.id, id).await?)
    }

    /// Notes what turned out to be true of some of the caller's predictions: of all, or when one does not fit of none.
    ///
    /// # Errors
    /// `NotFound` when one is not there; `Validation` with a pointer for each that does not fit.
    pub async fn tell_truths(&self, caller: &Caller, truths: Vec<Truth>) -> Result<()> {
        let inside = |place: usize| format!("/truths/{place}");
        self.tell(caller, truths, inside).await
    }

    /// Notes what turned out to be true of one prediction, and gives it.
    ///
    /// # Errors
    /// `NotFound`; `Validation`.
    pub async fn tell_truth(&self, caller: &Caller, id: Uuid, truth: Value) -> Result<Prediction> {
        let one = vec![Truth { id, truth }];
        self.tell(caller, one, |_| String::new()).await?;
        Ok(self.0.store().predictions().get(caller.id, id).await?)
    }

    async fn tell(
        &self,
        caller: &Caller,
        truths: Vec<Truth>,
        pointer: impl Fn(usize) -> String,
    ) -> Result<()> {
        caller.may(Action::Predict)?;
        if truths.is_empty() || truths.len() > MOST_TRUTHS {
            let detail = format!(
                "Send the truth of 1 to {MOST_TRUTHS} predictions; these are {}.",
                truths.len()
            );
            return Err(PlatformError::field("/truths", detail));
        }
        let store = self.0.store();
        let ids: Vec<Uuid> = truths.iter().map(|truth| truth.id).collect();
        let known = store.predictions().get_all(caller.id, &ids).await?;
        let mut problems = Vec::new();
        let mut checked = Vec::with_capacity(truths.len());
        for (place, truth) in truths.into_iter().enumerate() {
            let Some(prediction) = known.iter().find(|known| known.id == truth.id) else {
                return Err(PlatformError::NotFound("prediction"));
            };
            let rows = usize::try_from(prediction.rows).unwrap_or_default();
            match of_rows(truth.truth, rows) {
                Ok(values) => checked.push((truth.id, values)),
                Err(detail) => {
                    let pointer = format!("{}/truth", pointer(place));
                    problems.push(FieldProblem::new(pointer, detail));
                }
            }
        }
        if !problems.is_empty() {
            return Err(PlatformError::Validation(problems));
        }
        let entry = caller.entry("prediction.truth");
        Ok(store
            .predictions()
            .set_truths(caller.id, checked, &entry)
            .await?)
    }
}

/// One plain value a row.
fn of_rows(truth: Value, rows: usize) -> std::result::Result<Value, String> {
    let values = match truth {
        Value::Array(values) => values,
        one => vec![one],
    };
    if values.len() != rows {
        return Err(format!(
            "The prediction has {rows} {}, and these are {} values. Send one for each row, null where it is not known.",
            if rows == 1 { "row" } else { "rows" },
            values.len()
        ));
    }
    let plain = |value: &Value| !value.is_array() && !value.is_object();
    if !values.iter().all(plain) {
        return Err("A true value is a number, a text, true, false or null.".to_owned());
    }
    if values.iter().any(
        |value| matches!(value, Value::String(text) if text.contains('\0') || text.len() > 1_000),
    ) {
        return Err("A true value has at most 1,000 letters and no NUL among them.".to_owned());
    }
    Ok(json!(values))
}
