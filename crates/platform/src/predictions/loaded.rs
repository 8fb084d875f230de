//! Models kept ready. Two maps: which file a model has (its owner beside it, so that a warm prediction asks the
//! database nothing), and the model of a file. A file never changes, so neither goes stale; a deleted model is
//! refused by the commit that charges, wherever it was kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use moka::future::Cache;
use trainyard_store::{Model, Visibility};
use trainyard_training::{Contract, FittedModel};
use uuid::Uuid;

use crate::Platform;
use crate::caller::Caller;
use crate::error::{PlatformError, Result};
use crate::models::{Models, ready};

/// A fitted model takes about this many times its file.
const GROWTH: u64 = 2;
/// How many models' files are known by heart.
const KNOWN: u64 = 100_000;
/// How long it is taken for granted which model a name means, unless this process changes it: others may.
const NAMED: Duration = Duration::from_secs(1);
/// How long a model stays after its last use.
const IDLE: Duration = Duration::from_secs(60 * 60);

/// A model that answers.
#[derive(Debug)]
pub(crate) struct LoadedModel {
    pub(crate) id: Uuid,
    pub(crate) fitted: Arc<FittedModel>,
    /// What its owner wants done with odd cells.
    pub(crate) contract: Arc<Contract>,
}

#[derive(Clone, Debug)]
struct Known {
    owner: Uuid,
    /// Whether it was shared with everybody who has an account when it was looked up; the commit looks again.
    shared: bool,
    file: Arc<str>,
    contract: Arc<Contract>,
}

#[derive(Debug)]
struct Weighed {
    fitted: Arc<FittedModel>,
    bytes: u64,
}

/// The kept models.
#[derive(Debug)]
pub(crate) struct LoadedModels {
    known: Cache<Uuid, Known>,
    /// What a caller's names mean.
    named: Cache<(Uuid, String), Arc<Model>>,
    /// How often something known was forgotten: what was read before that may be old.
    forgotten: AtomicU64,
    fitted: Cache<Arc<str>, Arc<Weighed>>,
}

impl LoadedModels {
    pub(crate) fn new(bytes: u64) -> Self {
        let weigh =
            |_: &Arc<str>, model: &Arc<Weighed>| u32::try_from(model.bytes).unwrap_or(u32::MAX);
        Self {
            known: Cache::builder()
                .max_capacity(KNOWN)
                .time_to_idle(IDLE)
                .build(),
            named: Cache::builder()
                .max_capacity(KNOWN)
                .time_to_live(NAMED)
                .build(),
            forgotten: AtomicU64::new(0),
            fitted: Cache::builder()
                .max_capacity(bytes)
                .weigher(weigh)
                .time_to_idle(IDLE)
                .build(),
        }
    }

    pub(crate) async fn forget(&self, id: Uuid) {
        self.forget_names();
        self.known.invalidate(&id).await;
    }

    /// For whatever changes which model a name means, or what is written beside it.
    pub(crate) fn forget_names(&self) {
        self.forgotten.fetch_add(1, Ordering::AcqRel);
        self.named.invalidate_all();
    }
}

impl Models<'_> {
    /// The row of the model that a caller's text names, as it was at most a second ago. Only for what ends in the commit
    /// that charges, which looks again whether the model is there and whose it is.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn recent_row(&self, caller: &Caller, id_or_name: &str) -> Result<Arc<Model>> {
        let kept = &self.0.0.models;
        let key = (caller.id, id_or_name.to_owned());
        if let Some(model) = kept.named.get(&key).await {
            return Ok(model);
        }
        let before = kept.forgotten.load(Ordering::Acquire);
        let model = Arc::new(self.find(caller, id_or_name).await?);
        if kept.forgotten.load(Ordering::Acquire) == before {
            kept.named.insert(key, Arc::clone(&model)).await;
        }
        Ok(model)
    }
}

impl Platform {
    /// The model that this caller names; simultaneous callers load it once.
    pub(crate) async fn loaded_model(
        &self,
        caller: &Caller,
        id_or_name: &str,
    ) -> Result<Arc<LoadedModel>> {
        let kept = match Uuid::try_parse(id_or_name) {
            Ok(id) => self.0.models.known.get(&id).await.map(|known| (id, known)),
            Err(_) => None,
        };
        let may = |known: &Known| known.owner == caller.id || known.shared && caller.sees_shared();
        match kept.filter(|(_, known)| may(known)) {
            Some((id, known)) => self.loaded(id, known).await,
            None => {
                let before = self.0.models.forgotten.load(Ordering::Acquire);
                let model = self.models().find(caller, id_or_name).await?;
                self.loaded_after(before, model).await
            }
        }
    }

    /// A model that was looked up.
    pub(crate) async fn loaded_row(&self, model: Model) -> Result<Arc<LoadedModel>> {
        let before = self.0.models.forgotten.load(Ordering::Acquire);
        self.loaded_after(before, model).await
    }

    async fn loaded_after(&self, before: u64, model: Model) -> Result<Arc<LoadedModel>> {
        ready(&model)?;
        let contract = self.contract_of(model.id).await?;
        let file = model
            .artifact_hash
            .ok_or_else(|| PlatformError::internal("find a model file", model.id))?;
        let known = Known {
            owner: model.owner_id,
            shared: model.visibility == Visibility::SignedIn,
            file: file.into(),
            contract: Arc::new(contract),
        };
        let kept = &self.0.models;
        if kept.forgotten.load(Ordering::Acquire) == before {
            kept.known.insert(model.id, known.clone()).await;
        }
        self.loaded(model.id, known).await
    }

    async fn loaded(&self, id: Uuid, known: Known) -> Result<Arc<LoadedModel>> {
        let cache = &self.0.models;
        let load = self.load(Arc::clone(&known.file));
        let loaded = cache
            .fitted
            .try_get_with(Arc::clone(&known.file), load)
            .await;
        match loaded {
            Ok(weighed) => Ok(Arc::new(LoadedModel {
                id,
                fitted: Arc::clone(&weighed.fitted),
                contract: known.contract,
            })),
            Err(error) => {
                // Most likely it was deleted meanwhile; the next call asks the database again.
                cache.forget(id).await;
                Err(PlatformError::clone(&error))
            }
        }
    }

    async fn load(&self, file: Arc<str>) -> Result<Arc<Weighed>> {
        let bytes = match self
            .store()
            .artifacts()
            .read(&file)
            .await
            .map_err(PlatformError::from)
        {
            Err(PlatformError::NotFound(_)) => return Err(PlatformError::NotFound("model")),
            other => other?,
        };
        let length = bytes.len() as u64;
        let fitted = self
            .compute("load a model", move || FittedModel::from_bytes(&bytes))
            .await?;
        let fitted = fitted.map_err(|error| PlatformError::internal("load a model", error))?;
        Ok(Arc::new(Weighed {
            fitted: Arc::new(fitted),
            bytes: length.saturating_mul(GROWTH),
        }))
    }
}
