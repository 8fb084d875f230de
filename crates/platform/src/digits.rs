//! Handwritten digits, out of the box: a set of 20,000 pictures comes with the program, and a model of them is trained at
//! the first start while everything else is answered already. Both belong to the house's own account. Models of other
//! algorithms may be trained beside it, and an administrator says which one answers.
//!
//! `first_start` sees to data and model, here is who asks and what they are told.

mod catalogue;
mod first_start;

use serde_json::{Map, Value, json};
use trainyard_estimators::Task;
use trainyard_estimators::algorithm::algorithm;
use trainyard_store::{
    Access, Job, Model, ModelFilter, ModelStatus, PageRequest, Role, SYSTEM_USER, Scope,
    StoreError, Which, settings,
};
use uuid::Uuid;

use crate::Platform;
use crate::batches::{BatchRequest, BatchUpload};
use crate::caller::{Action, Caller, Door, Origin};
use crate::dialects::Dialect;
use crate::error::{PlatformError, Result};
use crate::pictures::PictureRequest;
use crate::predictions::Predicted;
use crate::predictions::charging::Bill;

pub use catalogue::DigitModel;
pub(crate) use first_start::see_to;

/// What data set and models are called.
const NAME: &str = "digits";
/// The alias of the model that answers.
const ACTIVE: &str = "champion";
/// Algorithms a model of digits may be trained with: those that answer a picture in milliseconds and learn 20,000 of them in
/// minutes.
pub const DIGIT_ALGORITHMS: &[&str] = &[
    "svm",
    "random_forest",
    "extra_trees",
    "neural_net",
    "logistic_regression",
    "knn",
];
/// When to ask again while the first model is trained.
const RETRY_SECONDS: u64 = 5;

/// Use cases of handwritten digits; from [`Platform::digits`].
#[derive(Clone, Copy, Debug)]
pub struct Digits<'a>(pub(crate) &'a Platform);

/// How the reading of digits stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigitsState {
    /// A model answers.
    Ready,
    /// The first model is being trained, or its pictures read.
    Preparing,
    /// It could not be trained.
    Failed,
    /// Nobody asked for one: the server was started without.
    Off,
}

impl DigitsState {
    /// Its name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Preparing => "preparing",
            Self::Failed => "failed",
            Self::Off => "off",
        }
    }
}

/// What anybody may know about it.
#[derive(Clone, Debug)]
pub struct DigitsStatus {
    /// How it stands.
    pub state: DigitsState,
    /// The progress of what is running, as jobs tell it.
    pub progress: Option<Value>,
    /// The model that answers.
    pub active: Option<Model>,
    /// Whether people who are not signed in may ask.
    pub guests: bool,
}

impl Platform {
    /// Reading handwritten digits.
    #[must_use]
    pub fn digits(&self) -> Digits<'_> {
        Digits(self)
    }
}

impl Digits<'_> {
    /// How it stands.
    ///
    /// # Errors
    /// Only our own.
    pub async fn status(&self) -> Result<DigitsStatus> {
        let active = self.active().await?;
        let guests = self.guest_calls() > 0;
        if active.is_some() {
            return Ok(DigitsStatus {
                state: DigitsState::Ready,
                progress: None,
                active,
                guests,
            });
        }
        let (state, progress) = match self.latest().await? {
            Some(model) => match model.status {
                ModelStatus::Failed | ModelStatus::Cancelled => (DigitsState::Failed, None),
                _ => (DigitsState::Preparing, self.progress(model.job_id).await?),
            },
            None if self.0.0.options.digits => (DigitsState::Preparing, None),
            None => (DigitsState::Off, None),
        };
        Ok(DigitsStatus {
            state,
            progress,
            active,
            guests,
        })
    }

    /// Reads a digit for somebody who is signed in; they pay.
    ///
    /// # Errors
    /// As [`Pictures::predict`](crate::pictures::Pictures::predict), and `Preparing` until there is a model.
    pub async fn predict(&self, caller: &Caller, request: PictureRequest) -> Result<Predicted> {
        caller.may(Action::Predict)?;
        let model = self.model().await?;
        let model = self.0.loaded_row(model).await?;
        self.0
            .pictures()
            .predict_with(caller, &model, request)
            .await
    }

    /// Reads a digit for somebody who is not signed in; nobody pays, and an administrator says how many a day.
    ///
    /// # Errors
    /// As [`Digits::predict`]; `Unauthenticated` while guests may not ask; `TooManyRequests`.
    pub async fn predict_for_guest(
        &self,
        request: PictureRequest,
        origin: Origin,
    ) -> Result<Value> {
        let daily_calls = self.guest_calls();
        if daily_calls == 0 {
            return Err(PlatformError::signed_out());
        }
        let model = self.model().await?;
        let model = self.0.loaded_row(model).await?;
        let answered = self.0.pictures().look(&model, &request).await?;
        let house = self.0.store().users().by_id(SYSTEM_USER).await?;
        let access = Access::House { daily_calls };
        let bill = Bill::of_owner(&house, access, 0, origin);
        let predictions = self.0.predictions();
        Ok(predictions.charge(model.id, bill, answered).await?.answer)
    }

    /// Begins to take in many pictures for the model of digits, for somebody who is signed in; they pay.
    ///
    /// # Errors
    /// As [`Batches::begin`](crate::Batches::begin), and `Preparing` until there is a model.
    pub async fn begin_batch(&self, caller: &Caller, request: BatchRequest) -> Result<BatchUpload> {
        caller.may(Action::Predict)?;
        let model = self.model().await?;
        let batches = self.0.batches();
        batches.begin(caller, &model.id.to_string(), request).await
    }

    /// Every model of digits there is, newest first.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn models(&self, caller: &Caller) -> Result<Vec<Model>> {
        caller.may(Action::Settings)?;
        self.versions().await
    }

    /// Trains one more model of digits, with this algorithm and these parameters (the usual ones where none is named); it does not answer before it is chosen, unless it is the only
    /// one.
    ///
    /// # Errors
    /// `Forbidden`; `Validation` for an algorithm that is not among [`DIGIT_ALGORITHMS`] and for parameters it does not
    /// have; `NotReady` while one is trained.
    pub async fn train(
        &self,
        caller: &Caller,
        name: Option<&str>,
        params: Map<String, Value>,
    ) -> Result<Model> {
        may_train(caller)?;
        let name = name.unwrap_or(DIGIT_ALGORITHMS[0]);
        let known = algorithm(name).filter(|found| {
            found.spec().tasks.contains(&Task::Classification) && DIGIT_ALGORITHMS.contains(&name)
        });
        if known.is_none() {
            let detail = format!(
                "Digits are not learned with '{}'. Choose one of {}.",
                name.chars().take(60).collect::<String>(),
                DIGIT_ALGORITHMS.join(", ")
            );
            return Err(PlatformError::field("/algorithm", detail));
        }
        let running = self.versions().await?.into_iter().find(is_open);
        if running.is_some() {
            return Err(PlatformError::NotReady(
                "A model of digits is being trained already. Wait until it is ready.".to_owned(),
            ));
        }
        let entry = caller
            .entry("digits.train")
            .details(json!({ "algorithm": name }));
        first_start::queue(self.0, name, params, entry).await
    }

    /// Says which model answers from now on.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound` for what is no model of digits; `NotReady` for one that is not trained.
    pub async fn choose(&self, caller: &Caller, id: Uuid) -> Result<DigitsStatus> {
        caller.may(Action::Settings)?;
        let store = self.0.store();
        let model = store.models().get(SYSTEM_USER, id).await?;
        if model.name != NAME {
            return Err(PlatformError::NotFound("model"));
        }
        crate::models::ready(&model)?;
        let entry = caller.entry("digits.choose");
        store
            .models()
            .set_alias(SYSTEM_USER, id, ACTIVE, entry)
            .await?;
        self.status().await
    }

    /// How many digits are read for guests in a day.
    fn guest_calls(&self) -> i64 {
        let current = self.0.store().settings().current();
        if current.boolean(&settings::GUEST_ACCESS) {
            current.integer(&settings::DIGITS_GUEST_CALLS)
        } else {
            0
        }
    }

    /// The model that answers, or how far it is.
    async fn model(&self) -> Result<Model> {
        let status = self.status().await?;
        if let Some(model) = status.active {
            return Ok(model);
        }
        let detail = match status.state {
            DigitsState::Failed => {
                return Err(PlatformError::NotReady(
                    "The model of digits could not be trained. Ask an administrator to train it again.".to_owned(),
                ));
            }
            DigitsState::Off => {
                return Err(PlatformError::NotReady(
                    "This server was started without a model of digits. Ask an administrator to train one.".to_owned(),
                ));
            }
            _ => "The model of digits is still being trained. Try again in a moment.".to_owned(),
        };
        Err(PlatformError::Preparing {
            detail,
            progress: status.progress.unwrap_or_else(|| Value::Object(Map::new())),
            retry_after_seconds: RETRY_SECONDS,
        })
    }

    /// The one an administrator chose, else the first that became ready.
    async fn active(&self) -> Result<Option<Model>> {
        let models = self.0.store().models();
        let chosen = models
            .by_name(SYSTEM_USER, NAME, Which::Alias(ACTIVE))
            .await;
        match chosen {
            Ok(model) if model.status == ModelStatus::Ready => return Ok(Some(model)),
            Ok(_) | Err(StoreError::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let mut ready = self.versions().await?;
        ready.retain(|model| model.status == ModelStatus::Ready);
        Ok(ready.pop())
    }

    async fn latest(&self) -> Result<Option<Model>> {
        Ok(self.versions().await?.into_iter().next())
    }

    /// All versions, newest first.
    async fn versions(&self) -> Result<Vec<Model>> {
        let filter = ModelFilter {
            name: Some(NAME.to_owned()),
            ..ModelFilter::default()
        };
        let page = PageRequest::after(200, None);
        let scope = Scope::Owner(SYSTEM_USER);
        Ok(self
            .0
            .store()
            .models()
            .list(scope, &filter, &page)
            .await?
            .items)
    }

    async fn progress(&self, job: Option<Uuid>) -> Result<Option<Value>> {
        let Some(job) = job else { return Ok(None) };
        let job: Job = self.0.store().jobs().get(Scope::Everyone, job).await?;
        Ok(Some(job.progress.into_json()))
    }
}

/// Lets administrators on, and at the old door of the digit reader data scientists: it is theirs there.
fn may_train(caller: &Caller) -> Result<()> {
    let at_home = caller.origin.door == Door::Dialect(Dialect::DigitOcr);
    if at_home && caller.role == Role::DataScientist {
        return caller.may(Action::Train);
    }
    caller.may(Action::Settings)
}

fn is_open(model: &Model) -> bool {
    matches!(model.status, ModelStatus::Queued | ModelStatus::Training)
}
