//! Pictures are asked about: a file or strokes on a screen become the form a model learned from, and its answer comes with
//! the likeliest alternatives, what the model saw and, where that is wanted, the parts that mattered (`occlusion`). Charged,
//! recorded and audited like any prediction.

mod occlusion;

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};
use trainyard_estimators::Prediction;
use trainyard_images::{DecodeLimits, Drawing, Picture, PictureError, decode, frame, png, rows};
use trainyard_table::Table;
use trainyard_training::FittedModel;
use uuid::Uuid;

use crate::Platform;
use crate::caller::{Action, Caller, Origin};
use crate::error::{PlatformError, Result, sentence};
use crate::predictions::charging::Answered;
use crate::predictions::{LoadedModel, Predicted};
use occlusion::occlusion;

pub use occlusion::Occlusion;

/// Pictures that are decoded at once: a large one takes much memory for a moment.
const AT_ONCE: usize = 3;
/// Letters of a file's name that the audit keeps.
const LONGEST_NAME: usize = 200;
/// Alternatives of an answer, the winner among them.
const ALTERNATIVES: usize = 3;

/// Use cases of pictures; from [`Platform::pictures`].
#[derive(Clone, Copy, Debug)]
pub struct Pictures<'a>(pub(crate) &'a Platform);

/// A picture on its way to a model.
#[derive(Clone, Debug)]
pub enum PictureInput {
    /// The bytes of a file.
    File(Bytes),
    /// Strokes drawn on a screen.
    Drawing(Drawing),
}

/// What a model is asked about a picture.
#[derive(Clone, Debug)]
pub struct PictureRequest {
    /// The picture.
    pub picture: PictureInput,
    /// Whether the parts that mattered are wanted.
    pub explain: bool,
    /// What the file is called, where the audit is to tell it together with the answer, as the old digit reader's does.
    pub noted_as: Option<String>,
    /// The caller's key for a request that may come twice.
    pub idempotency_key: Option<String>,
}

impl From<PictureInput> for PictureRequest {
    fn from(picture: PictureInput) -> Self {
        Self {
            picture,
            explain: false,
            noted_as: None,
            idempotency_key: None,
        }
    }
}

/// What a picture shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PictureAnswer {
    /// The likeliest class, or the number.
    pub value: Value,
    /// How likely it is; nothing for a number.
    pub confidence: Option<f64>,
    /// The likeliest classes, that one first.
    pub alternatives: Vec<Alternative>,
    /// What the model saw: a PNG in base64.
    pub seen: String,
    /// What its parts were worth, where that was wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Occlusion>,
}

/// A class a picture may show.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alternative {
    /// The class.
    pub value: Value,
    /// How likely it is.
    pub confidence: f64,
}

/// The gate in front of the decoder.
#[derive(Debug)]
pub(crate) struct Decoding(tokio::sync::Semaphore);

impl Default for Decoding {
    fn default() -> Self {
        Self(tokio::sync::Semaphore::new(AT_ONCE))
    }
}

impl Platform {
    /// Asking models about pictures.
    #[must_use]
    pub fn pictures(&self) -> Pictures<'_> {
        Pictures(self)
    }

    /// The most bytes a picture may have.
    #[must_use]
    pub fn picture_bytes(&self) -> usize {
        DecodeLimits::default().bytes
    }
}

impl Pictures<'_> {
    /// Answers one picture with one of the caller's models, or with one that is shared with them. Whoever asks pays.
    ///
    /// # Errors
    /// `NotFound`; `NotReady`; `Validation` for a model that was not trained on pictures; `UnreadablePicture`, `TooLarge`;
    /// and from the charging commit `Unauthenticated`, `Forbidden`, `InsufficientTokens`, `Conflict`. Nothing is charged on
    /// any of them.
    pub async fn predict(
        &self,
        caller: &Caller,
        id_or_name: &str,
        request: PictureRequest,
    ) -> Result<Predicted> {
        caller.may(Action::Predict)?;
        let model = self.0.loaded_model(caller, id_or_name).await?;
        self.predict_with(caller, &model, request).await
    }

    pub(crate) async fn predict_with(
        &self,
        caller: &Caller,
        model: &Arc<LoadedModel>,
        request: PictureRequest,
    ) -> Result<Predicted> {
        let answered = self.look(model, &request).await?;
        let predictions = self.0.predictions();
        let bill = predictions.bill(caller, request.idempotency_key);
        predictions.charge(model.id, bill, answered).await
    }

    /// Decodes and answers; charges nothing.
    pub(crate) async fn look(
        &self,
        model: &Arc<LoadedModel>,
        request: &PictureRequest,
    ) -> Result<Answered> {
        let input_digest = request.digest(model.id)?;
        let turn = self.0.0.decoding.0.acquire().await;
        let _turn = turn.map_err(|error| PlatformError::internal("wait for the decoder", error))?;
        let fitted = Arc::clone(&model.fitted);
        let (picture, explain) = (request.picture.clone(), request.explain);
        let began = tokio::time::Instant::now();
        let answer = self
            .0
            .compute("read a picture", move || answer(&fitted, &picture, explain))
            .await??;
        let mut details = json!({ "rows": 1, "input": input_digest, "picture": true });
        if let (Some(name), Some(details)) = (&request.noted_as, details.as_object_mut()) {
            let milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
            details.insert("file_name".to_owned(), short_name(name).into());
            details.insert("value".to_owned(), answer.value.clone());
            details.insert("confidence".to_owned(), answer.confidence.into());
            details.insert("milliseconds".to_owned(), milliseconds.into());
        }
        let answer = serde_json::to_value(answer)
            .map_err(|error| PlatformError::internal("write an answer", error))?;
        Ok(Answered {
            input_digest,
            rows: 1,
            answer,
            tally: None,
            details,
        })
    }

    /// Has the audit remember that a file was refused, by its name; what it holds is not kept.
    ///
    /// # Errors
    /// Only our own.
    pub async fn note_refusal(
        &self,
        caller: Option<&Caller>,
        origin: &Origin,
        name: &str,
        why: &str,
    ) -> Result<()> {
        let entry = match caller {
            Some(caller) => caller.entry("predict"),
            None => origin.entry("predict"),
        };
        let details = json!({ "file_name": short_name(name), "error": why });
        let entry = entry.outcome("refused").details(details);
        Ok(self.0.store().audit().append(entry).await?)
    }
}

/// A name from outside, as much of it as is kept.
fn short_name(name: &str) -> String {
    name.chars().take(LONGEST_NAME).collect()
}

impl PictureRequest {
    /// What tells this request from others; options that are not used leave no trace.
    fn digest(&self, model: Uuid) -> Result<String> {
        let mut hasher = blake3::Hasher::new();
        hasher.update(model.as_bytes());
        match &self.picture {
            PictureInput::File(bytes) => hasher.update(b"file").update(bytes),
            PictureInput::Drawing(drawing) => {
                let drawing = serde_json::to_vec(drawing)
                    .map_err(|error| PlatformError::internal("write a drawing", error))?;
                hasher.update(b"drawing").update(&drawing)
            }
        };
        if self.explain {
            hasher.update(b"explain");
        }
        Ok(hasher.finalize().to_hex().to_string())
    }
}

fn answer(model: &FittedModel, picture: &PictureInput, explain: bool) -> Result<PictureAnswer> {
    let options = model.spec().pictures.ok_or_else(no_pictures)?;
    let grey = match picture {
        PictureInput::File(bytes) => decode(bytes, &DecodeLimits::default())?,
        PictureInput::Drawing(drawing) => drawing.draw()?,
    };
    let picture = frame(&grey, options.shape())?;
    let table = table(model, std::slice::from_ref(&picture))?;
    let (value, alternatives) = alternatives(model, &model.predict(&table));
    let explanation = explain.then(|| occlusion(model, &picture, options.content));
    Ok(PictureAnswer {
        confidence: alternatives.first().map(|first| first.confidence),
        value,
        alternatives,
        seen: STANDARD.encode(png(&picture)?),
        explanation: explanation.transpose()?,
    })
}

fn no_pictures() -> PlatformError {
    PlatformError::field(
        "/model",
        "This model was trained on a table, not on pictures. Send rows instead, or choose a model of pictures.",
    )
}

/// Pictures as the rows of a table with the model's columns.
pub(crate) fn table(model: &FittedModel, pictures: &[Picture]) -> Result<Table> {
    let signature = model.signature();
    let white = signature
        .first()
        .and_then(|field| field.range)
        .map_or(255.0, |range| range[1]);
    let names = signature.iter().map(|field| field.name.as_str());
    rows(pictures, names, white)
        .map_err(|error| PlatformError::internal("lay out a picture", error))
}

/// The answer of the first row, and the likeliest classes.
fn alternatives(model: &FittedModel, prediction: &Prediction) -> (Value, Vec<Alternative>) {
    match (prediction, model.classes()) {
        (Prediction::Values(values), _) => (
            values.first().copied().map_or(Value::Null, Value::from),
            Vec::new(),
        ),
        (
            Prediction::Classes {
                probabilities,
                classes,
            },
            Some(names),
        ) => {
            let own = probabilities.get(..*classes).unwrap_or_default();
            let mut ranked: Vec<(&String, f64)> = names.iter().zip(own.iter().copied()).collect();
            // Equal ones stay in the order of the classes.
            ranked.sort_by(|one, other| other.1.total_cmp(&one.1));
            let ranked = ranked.into_iter().take(ALTERNATIVES);
            let ranked: Vec<Alternative> = ranked
                .map(|(name, confidence)| Alternative {
                    value: Value::from(name.clone()),
                    confidence,
                })
                .collect();
            let value = ranked
                .first()
                .map_or(Value::Null, |first| first.value.clone());
            (value, ranked)
        }
        _ => (Value::Null, Vec::new()),
    }
}

impl From<PictureError> for PlatformError {
    fn from(error: PictureError) -> Self {
        match error {
            PictureError::TooManyBytes { limit } => Self::TooLarge {
                limit: limit as u64,
            },
            other => Self::UnreadablePicture {
                reason: other.code(),
                detail: sentence(&other.to_string()),
            },
        }
    }
}
