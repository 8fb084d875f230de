//! The registry: names with versions, aliases that point to one of them, words and notes to find them by, where a model
//! comes from, and the end of many at once.

use serde_json::{Value, json};
use trainyard_store::{
    Doomed, Model, ModelAlias, ModelFilter, ModelStatus, PageRequest, Scope, Which,
};
use uuid::Uuid;

use super::{ModelDetail, Models, ready};
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result};

/// How many words one model is filed under.
const MOST_TAGS: usize = 20;
const LONGEST_TAG: usize = 50;
/// The longest note, in characters.
const LONGEST_NOTES: usize = 10_000;
/// How many models one request names.
const MOST_NAMED: usize = 200;

/// What to change about a model besides its name; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct Annotations {
    /// Words it is filed under.
    pub tags: Option<Vec<String>>,
    /// What its owner remembers about it; `Some(None)` forgets it.
    pub notes: Option<Option<String>>,
}

/// Which models are to go.
#[derive(Clone, Debug)]
pub enum Unwanted {
    /// These.
    These(Vec<Uuid>),
    /// All versions of a name.
    Named(String),
    /// All the caller has.
    All,
}

/// An alias and the version it points to.
#[derive(Clone, Debug)]
pub struct AliasCard {
    /// The alias.
    pub alias: String,
    /// The version.
    pub model: Model,
    /// When it was last pointed.
    pub since: trainyard_store::Timestamp,
}

/// Where a model comes from: with this the same bytes can be made again.
#[derive(Clone, Debug)]
pub struct Lineage {
    /// The model.
    pub model: Model,
    /// What the trainer wrote down; nothing for a model that was brought as a file.
    pub record: Option<Value>,
    /// Whether the table it was trained on is still there.
    pub table_kept: bool,
}

impl Models<'_> {
    /// The model that a text names: an identifier, a name (its latest version that is ready), `name@3` (that version) or
    /// `name@champion` (the version the alias points to).
    pub(crate) async fn find_by_text(&self, caller: &Caller, text: &str) -> Result<Model> {
        let models = self.0.store().models();
        let latest = models.by_name(caller.id, text, Which::Latest).await;
        let Some((name, which)) = text.rsplit_once('@') else {
            return Ok(latest?);
        };
        match latest {
            Err(trainyard_store::StoreError::NotFound { .. }) => {
                let which = which.parse().map_or(Which::Alias(which), Which::Version);
                Ok(models.by_name(caller.id, name, which).await?)
            }
            found => Ok(found?),
        }
    }

    /// Files one of the caller's models under other words, or notes something else about it.
    ///
    /// # Errors
    /// `NotFound`; `Validation`.
    pub async fn annotate(
        &self,
        caller: &Caller,
        id: Uuid,
        changes: Annotations,
    ) -> Result<ModelDetail> {
        caller.may(Action::Train)?;
        let tags = changes.tags.map(checked_tags).transpose()?;
        let notes = changes.notes.map(checked_notes).transpose()?;
        let entry = caller.entry("model.annotate");
        let models = self.0.store().models();
        let model = models
            .annotate(caller.id, id, tags.map(|tags| json!(tags)), notes, entry)
            .await?;
        self.0.0.models.forget_names();
        self.detail(caller, model).await
    }

    /// The aliases of a name.
    ///
    /// # Errors
    /// `NotFound` when the caller has no model of that name.
    pub async fn aliases(&self, caller: &Caller, id_or_name: &str) -> Result<Vec<AliasCard>> {
        caller.may(Action::Read)?;
        let model = self.find(caller, id_or_name).await?;
        if model.owner_id != caller.id {
            return Err(PlatformError::NotFound("model"));
        }
        let models = self.0.store().models();
        let mut cards = Vec::new();
        for ModelAlias {
            alias,
            model_id,
            updated_at,
            ..
        } in models.aliases(caller.id, &model.name).await?
        {
            cards.push(AliasCard {
                alias,
                model: models.get(caller.id, model_id).await?,
                since: updated_at,
            });
        }
        Ok(cards)
    }

    /// Points an alias of a model's name to it, away from wherever it pointed.
    ///
    /// # Errors
    /// `NotFound`; `NotReady`; `Validation` for an alias that would be read as a version.
    pub async fn point_alias(
        &self,
        caller: &Caller,
        id_or_name: &str,
        alias: &str,
    ) -> Result<ModelDetail> {
        caller.may(Action::Train)?;
        let alias = alias.trim();
        let odd = |letter: char| letter.is_whitespace() || matches!(letter, '@' | '/');
        if alias.parse::<i64>().is_ok() || alias.contains(odd) {
            return Err(PlatformError::field(
                "/alias",
                "Use one word such as champion: no number, no space, no @ and no /.",
            ));
        }
        let model = self.find(caller, id_or_name).await?;
        if model.owner_id != caller.id {
            return Err(PlatformError::NotFound("model"));
        }
        ready(&model)?;
        let entry = caller
            .entry("model.alias")
            .details(json!({ "alias": alias, "name": model.name, "version": model.version }));
        let models = self.0.store().models();
        models.set_alias(caller.id, model.id, alias, entry).await?;
        self.0.0.models.forget_names();
        self.detail(caller, model).await
    }

    /// Takes an alias of a model's name back.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn remove_alias(&self, caller: &Caller, id_or_name: &str, alias: &str) -> Result<()> {
        caller.may(Action::Train)?;
        let model = self.find(caller, id_or_name).await?;
        if model.owner_id != caller.id {
            return Err(PlatformError::NotFound("model"));
        }
        if alias.contains(char::is_control) {
            return Err(PlatformError::NotFound("alias"));
        }
        let entry = caller
            .entry("model.alias_removed")
            .details(json!({ "alias": alias }));
        let models = self.0.store().models();
        models
            .remove_alias(caller.id, &model.name, alias.trim(), entry)
            .await?;
        self.0.0.models.forget_names();
        Ok(())
    }

    /// Deletes several of the caller's models, or all; trainings that still run are cancelled and their price given back.
    /// Returns how many went.
    ///
    /// # Errors
    /// `NotFound` when one of those named is not there: then none is deleted; `Validation` for too many at once.
    pub async fn delete_several(&self, caller: &Caller, unwanted: Unwanted) -> Result<usize> {
        caller.may(Action::Train)?;
        let which = match unwanted {
            Unwanted::These(mut ids) => {
                ids.sort_unstable();
                ids.dedup();
                if ids.is_empty() || ids.len() > MOST_NAMED {
                    return Err(PlatformError::field(
                        "/ids",
                        format!("Name 1 to {MOST_NAMED} models, apart by commas."),
                    ));
                }
                Doomed::These(ids)
            }
            Unwanted::Named(name) => Doomed::Named(name),
            Unwanted::All => Doomed::All,
        };
        let entry = caller.entry("model.delete_several");
        let models = self.0.store().models();
        let gone = models.delete_several(caller.id, &which, entry).await?;
        for id in &gone {
            self.0.0.models.forget(*id).await;
        }
        Ok(gone.len())
    }

    /// Where one of the caller's models comes from.
    ///
    /// # Errors
    /// `NotFound`; `NotReady`.
    pub async fn lineage(&self, caller: &Caller, id_or_name: &str) -> Result<Lineage> {
        caller.may(Action::Read)?;
        let model = self.own(caller, id_or_name).await?;
        let store = self.0.store();
        let record = store.models().report(model.id).await?.lineage.into_json();
        let table_kept = match &model.dataset_hash {
            Some(hash) => store.artifacts().exists(hash).await?,
            None => false,
        };
        Ok(Lineage {
            record: record.is_object().then_some(record),
            table_kept,
            model,
        })
    }

    /// Whether somebody else has a trained model of this name that is filed under a word. Only for the old door whose clients
    /// are told so: names were everybody's there.
    ///
    /// # Errors
    /// Only our own.
    pub async fn name_is_anothers(&self, caller: &Caller, name: &str, tag: &str) -> Result<bool> {
        caller.may(Action::Read)?;
        let filter = ModelFilter {
            name: Some(name.to_owned()),
            tag: Some(tag.to_owned()),
            status: Some(ModelStatus::Ready),
            ..ModelFilter::default()
        };
        let models = self.0.store().models();
        let page = PageRequest::first(2);
        let page = models.list(Scope::Everyone, &filter, &page).await?;
        Ok(page.items.iter().any(|model| model.owner_id != caller.id))
    }

    /// A trained model of the caller's own.
    pub(crate) async fn own(&self, caller: &Caller, id_or_name: &str) -> Result<Model> {
        let model = self.find(caller, id_or_name).await?;
        if model.owner_id != caller.id {
            return Err(PlatformError::NotFound("model"));
        }
        if model.status != ModelStatus::Ready {
            ready(&model)?;
        }
        Ok(model)
    }
}

/// Words in lower case, each once.
fn checked_tags(tags: Vec<String>) -> Result<Vec<String>> {
    if tags.len() > MOST_TAGS {
        return Err(PlatformError::field(
            "/tags",
            format!("Use at most {MOST_TAGS} tags."),
        ));
    }
    let mut checked = Vec::with_capacity(tags.len());
    for (place, tag) in tags.into_iter().enumerate() {
        let tag = tag.trim().to_lowercase();
        let odd = |letter: char| letter.is_control() || matches!(letter, '"' | '\\' | ',');
        if tag.is_empty() || tag.chars().count() > LONGEST_TAG || tag.contains(odd) {
            return Err(PlatformError::field(
                format!("/tags/{place}"),
                format!(
                    "Use 1 to {LONGEST_TAG} characters, without commas, quotation marks or backslashes."
                ),
            ));
        }
        if !checked.contains(&tag) {
            checked.push(tag);
        }
    }
    Ok(checked)
}

fn checked_notes(notes: Option<String>) -> Result<Option<String>> {
    let Some(notes) = notes else { return Ok(None) };
    let odd = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t');
    if notes.chars().count() > LONGEST_NOTES || notes.contains(odd) {
        return Err(PlatformError::field(
            "/notes",
            format!("Use at most {LONGEST_NOTES} characters, without control characters."),
        ));
    }
    Ok(Some(notes).filter(|notes| !notes.trim().is_empty()))
}
