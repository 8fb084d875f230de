//! Pictures are asked about: a file or strokes on a screen become the form a model learned from, and its answer comes with
//! the likeliest alternatives and what the model saw. Charged, recorded and audited like any prediction.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};
use trainyard_estimators::Prediction;
use trainyard_images::{DecodeLimits, Drawing, Picture, PictureError, decode, frame, png, rows};
use trainyard_store::{Access, Charge, Charged, Idempotency, JsonText};
use trainyard_table::Table;
use trainyard_training::FittedModel;
use uuid::Uuid;

use crate::Platform;
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result, sentence};
use crate::predictions::LoadedModel;

/// Pictures that are decoded at once: a large one takes much memory for a moment.
const AT_ONCE: usize = 3;
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
    /// The caller's key for a request that may come twice.
    pub idempotency_key: Option<String>,
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
}

/// A class a picture may show.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alternative {
    /// The class.
    pub value: Value,
    /// How likely it is.
    pub confidence: f64,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct PicturePredicted {
    /// The prediction's identifier.
    pub id: Uuid,
    /// A [`PictureAnswer`] as JSON.
    pub answer: Value,
    /// What this request was charged, whenever it first came.
    pub charged: i64,
    /// The balance now.
    pub balance: i64,
    /// Whether this request had come before.
    pub replayed: bool,
}

/// The gate in front of the decoder.
#[derive(Debug)]
pub(crate) struct Decoding(tokio::sync::Semaphore);

impl Default for Decoding {
    fn default() -> Self {
        Self(tokio::sync::Semaphore::new(AT_ONCE))
    }
}

/// An answer that is not charged yet.
pub(crate) struct Seen {
    pub(crate) input_digest: String,
    pub(crate) answer: Value,
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
    ) -> Result<PicturePredicted> {
        caller.may(Action::Predict)?;
        let model = self.0.loaded_model(caller, id_or_name).await?;
        self.predict_with(caller, &model, request).await
    }

    pub(crate) async fn predict_with(
        &self,
        caller: &Caller,
        model: &Arc<LoadedModel>,
        request: PictureRequest,
    ) -> Result<PicturePredicted> {
        let Seen {
            input_digest,
            answer,
        } = self.look(model, request.picture).await?;
        let idempotency = request.idempotency_key.map(|key| Idempotency {
            key,
            request_digest: input_digest.clone(),
        });
        let details = json!({ "rows": 1, "input": input_digest, "picture": true });
        let charge = Charge {
            caller_id: caller.id,
            payer_id: caller.id,
            token_version: caller.token_version(),
            role: caller.role,
            model_id: model.id,
            access: Access::Account,
            price: self.0.prices_at(caller.origin.door).predict,
            door: caller.origin.door.name().to_owned(),
            input_digest,
            rows: 1,
            answer: self.0.predictions().kept(&answer),
            tally: None,
            idempotency,
            audit: caller.entry("predict").details(details),
        };
        let predictions = self.0.store().predictions();
        Ok(match predictions.charge_and_record(charge).await? {
            Charged::Recorded {
                prediction_id,
                charged,
                balance,
            } => {
                self.0.0.counters.predicted(1, charged);
                PicturePredicted {
                    id: prediction_id,
                    answer,
                    charged,
                    balance,
                    replayed: false,
                }
            }
            // Equal bytes, equal model: what was computed now is what was answered then.
            Charged::Replayed {
                prediction,
                balance,
            } => PicturePredicted {
                id: prediction.id,
                answer: prediction.answer.map_or(answer, JsonText::into_json),
                charged: prediction.price,
                balance,
                replayed: true,
            },
        })
    }

    /// Decodes and answers; charges nothing.
    pub(crate) async fn look(
        &self,
        model: &Arc<LoadedModel>,
        picture: PictureInput,
    ) -> Result<Seen> {
        let mut hasher = blake3::Hasher::new();
        hasher.update(model.id.as_bytes());
        match &picture {
            PictureInput::File(bytes) => hasher.update(b"file").update(bytes),
            PictureInput::Drawing(drawing) => {
                let drawing = serde_json::to_vec(drawing)
                    .map_err(|error| PlatformError::internal("write a drawing", error))?;
                hasher.update(b"drawing").update(&drawing)
            }
        };
        let input_digest = hasher.finalize().to_hex().to_string();
        let turn = self.0.0.decoding.0.acquire().await;
        let _turn = turn.map_err(|error| PlatformError::internal("wait for the decoder", error))?;
        let fitted = Arc::clone(&model.fitted);
        let answer = self
            .0
            .compute("read a picture", move || answer(&fitted, &picture))
            .await??;
        let answer = serde_json::to_value(answer)
            .map_err(|error| PlatformError::internal("write an answer", error))?;
        Ok(Seen {
            input_digest,
            answer,
        })
    }
}

fn answer(model: &FittedModel, picture: &PictureInput) -> Result<PictureAnswer> {
    let options = model.spec().pictures.ok_or_else(no_pictures)?;
    let grey = match picture {
        PictureInput::File(bytes) => decode(bytes, &DecodeLimits::default())?,
        PictureInput::Drawing(drawing) => drawing.draw()?,
    };
    let picture = frame(&grey, options.shape())?;
    let table = table(model, std::slice::from_ref(&picture))?;
    let (value, alternatives) = alternatives(model, &model.predict(&table));
    Ok(PictureAnswer {
        confidence: alternatives.first().map(|first| first.confidence),
        value,
        alternatives,
        seen: STANDARD.encode(png(&picture)?),
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
