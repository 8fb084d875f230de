//! A model is asked through its guest link, by somebody without an account. Its owner pays, so many calls a day; what its
//! owner has, is or is called, guests do not learn.

use serde_json::Value;
use trainyard_store::{Access, Model, Role, User, settings};
use uuid::Uuid;

use super::ask::{Asking, check_rows};
use super::charging::{Answered, Bill};
use super::{PredictRows, Predictions};
use crate::caller::Origin;
use crate::error::{PlatformError, Result};
use crate::pictures::PictureRequest;

/// A shared model, as a guest sees it.
#[derive(Clone, Debug)]
pub struct GuestModel {
    /// What it is called.
    pub name: String,
    /// The predicted column.
    pub target: String,
    /// `classification` or `regression`.
    pub task: Option<String>,
    /// How good it is, in a sentence.
    pub verdict: Option<String>,
    /// The classes; nothing for a regression.
    pub classes: Value,
    /// What it wants to be asked.
    pub signature: Value,
}

/// What a guest asks.
#[derive(Clone, Debug)]
pub struct GuestRequest {
    /// Objects by column name, or arrays in the signature's order.
    pub rows: Vec<Value>,
    /// Whether the probability of every class is wanted.
    pub probabilities: bool,
}

impl Predictions<'_> {
    /// The model of a guest link.
    ///
    /// # Errors
    /// `NotFound`, also while guests are switched off.
    pub async fn shared_with_guests(&self, slug: &str) -> Result<GuestModel> {
        let (model, _) = self.of_link(slug).await?;
        let report = self.0.store().models().report(model.id).await?;
        Ok(GuestModel {
            name: model.name,
            target: model.target,
            task: model.task,
            verdict: model.verdict,
            classes: report.classes.into_json(),
            signature: report.signature.into_json(),
        })
    }

    /// Answers a guest's rows; gives one answer a row, as JSON.
    ///
    /// # Errors
    /// `NotFound`; `Validation`; `NotReady` when its owner cannot pay; `TooManyRequests` when they have paid enough today.
    pub async fn predict_for_guest(
        &self,
        slug: &str,
        request: GuestRequest,
        origin: Origin,
    ) -> Result<Value> {
        check_rows(&request.rows)?;
        let (model, owner) = self.of_link(slug).await?;
        let model = self.0.loaded_row(model).await?;
        let answered = self
            .ask(
                &model,
                Asking {
                    rows: PredictRows::Json(request.rows),
                    probabilities: request.probabilities,
                    explain: false,
                    what_if: None,
                },
            )
            .await?;
        self.charge_owner(&owner, model.id, origin, answered).await
    }

    /// Answers a guest's picture; gives a [`PictureAnswer`](crate::PictureAnswer) as JSON.
    ///
    /// # Errors
    /// Those of [`Predictions::predict_for_guest`]; `UnreadablePicture`, `TooLarge`; `Validation` for a model that was not
    /// trained on pictures.
    pub async fn predict_picture_for_guest(
        &self,
        slug: &str,
        request: PictureRequest,
        origin: Origin,
    ) -> Result<Value> {
        let (model, owner) = self.of_link(slug).await?;
        let model = self.0.loaded_row(model).await?;
        let answered = self.0.pictures().look(&model, &request).await?;
        self.charge_owner(&owner, model.id, origin, answered).await
    }

    /// The owner pays for so many calls a day.
    async fn charge_owner(
        &self,
        owner: &User,
        model: Uuid,
        origin: Origin,
        answered: Answered,
    ) -> Result<Value> {
        let current = self.0.store().settings().current();
        let daily_calls = current.integer(&settings::GUEST_DAILY_CALLS);
        let access = Access::Guest { daily_calls };
        let bill = Bill::of_owner(owner, access, self.0.prices().predict, origin);
        let charged = self.charge(model, bill, answered).await;
        Ok(charged.map_err(for_guests)?.answer)
    }

    /// The model of a link and its owner, while the link is good.
    async fn of_link(&self, slug: &str) -> Result<(Model, User)> {
        let store = self.0.store();
        if !store.settings().current().boolean(&settings::GUEST_ACCESS) {
            return Err(PlatformError::NotFound("link"));
        }
        let model = store.models().by_guest_slug(slug).await;
        let model = model.map_err(PlatformError::from).map_err(no_such_link)?;
        let owner = store.users().by_id(model.owner_id).await;
        let owner = owner.map_err(PlatformError::from).map_err(no_such_link)?;
        // Whoever may no longer ask a model of their own does not pay for others who do.
        if !owner.active || owner.role == Role::Guest {
            return Err(PlatformError::NotFound("link"));
        }
        Ok((model, owner))
    }
}

fn no_such_link(error: PlatformError) -> PlatformError {
    match error {
        PlatformError::NotFound(_) => PlatformError::NotFound("link"),
        other => other,
    }
}

/// What a guest is told of what its owner would be told.
fn for_guests(error: PlatformError) -> PlatformError {
    match error {
        PlatformError::InsufficientTokens { .. } => PlatformError::NotReady(
            "This model answers no guests at the moment. Ask whoever gave you the link.".to_owned(),
        ),
        PlatformError::Unauthenticated(_)
        | PlatformError::Forbidden(_)
        | PlatformError::NotFound(_) => PlatformError::NotFound("link"),
        other => other,
    }
}
