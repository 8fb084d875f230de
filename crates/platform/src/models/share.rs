//! With whom a model is shared: nobody, everybody who has an account, or everybody who has its link.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use trainyard_store::{Visibility, settings};
use uuid::Uuid;

use super::{ModelDetail, Models};
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result};

impl Models<'_> {
    /// Shares one version of the caller's, or takes it back. The link of a model shared with guests is made here; it ends
    /// when the model is no longer shared with them, and never comes back.
    ///
    /// # Errors
    /// `NotFound`; `Forbidden` for guests while an administrator has switched them off.
    pub async fn share(
        &self,
        caller: &Caller,
        id: Uuid,
        visibility: Visibility,
    ) -> Result<ModelDetail> {
        caller.may(Action::Train)?;
        let store = self.0.store();
        let before = store.models().get(caller.id, id).await?;
        if before.visibility == visibility {
            return self.detail(caller, before).await;
        }
        let slug = (visibility == Visibility::Guest).then(slug);
        let guests = store.settings().current().boolean(&settings::GUEST_ACCESS);
        if slug.is_some() && !guests {
            return Err(PlatformError::Forbidden(
                "Sharing with people who are not signed in is switched off. Ask an administrator."
                    .to_owned(),
            ));
        }
        let entry = caller
            .entry("model.share")
            .details(json!({ "visibility": visibility }));
        let model = store
            .models()
            .set_visibility(caller.id, id, visibility, slug.as_deref(), entry)
            .await?;
        self.0.0.models.forget(id).await;
        self.detail(caller, model).await
    }
}

/// The part of a link that nobody guesses.
fn slug() -> String {
    let drawn: [u8; 16] = rand::random();
    URL_SAFE_NO_PAD.encode(drawn)
}
