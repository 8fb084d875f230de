//! Model files going out and coming in. What comes in is read whole and checked by its content: another kind of file, a
//! newer form or a single changed byte is refused, and nothing in it can run.

use bytes::Bytes;
use serde_json::json;
use trainyard_store::{ArtifactRef, NewImport, TrainedModel};
use trainyard_training::model_file::ModelFileError;
use trainyard_training::{Certificate, FittedModel, TrainSpec};

use super::{ModelDetail, Models, ReportPart, train};
use crate::Platform;
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result, sentence};
use crate::worker::fitting::task_name;

/// The largest model file that is taken, whatever uploads may be: it is read into memory.
const LARGEST: u64 = 1 << 30;
/// How every model file begins.
const MAGIC: &[u8] = b"TRNYARD\n";

/// In which form a model leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ModelFormat {
    /// Our own, to be brought to another server or asked on the command line.
    #[default]
    Trainyard,
    /// ONNX, for other programs, with the whole preparation.
    Onnx,
}

/// A model file on its way out.
#[derive(Clone, Debug)]
pub struct ModelFile {
    /// The model's name and version, for the file's.
    pub name: String,
    /// Which version of it.
    pub version: i32,
    /// The file.
    pub bytes: Bytes,
}

/// A model file on its way in. Dropped unfinished, nothing stays.
#[derive(Debug)]
pub struct ModelUpload {
    platform: Platform,
    caller: Caller,
    name: Option<String>,
    limit: u64,
    bytes: Vec<u8>,
}

impl Models<'_> {
    /// The file of one of the caller's trained models.
    ///
    /// # Errors
    /// `NotFound`; `NotReady`; `Validation` for a model that ONNX has no operators for.
    pub async fn export(
        &self,
        caller: &Caller,
        id_or_name: &str,
        format: ModelFormat,
    ) -> Result<ModelFile> {
        caller.may(Action::Read)?;
        let model = self.own(caller, id_or_name).await?;
        let hash = model
            .artifact_hash
            .as_deref()
            .ok_or_else(|| PlatformError::internal("find a model file", model.id))?;
        let store = self.0.store();
        let bytes = match format {
            ModelFormat::Trainyard => store.artifacts().read(hash).await?,
            ModelFormat::Onnx => {
                self.may_leave(caller, id_or_name).await?;
                let loaded = self.0.loaded_row(model.clone()).await?;
                let write = move || loaded.fitted.to_onnx();
                let written = self.0.compute("write a model as ONNX", write).await?;
                written
                    .map_err(|error| PlatformError::field("/format", sentence(&error.to_string())))?
                    .into()
            }
        };
        let format = match format {
            ModelFormat::Trainyard => "trainyard",
            ModelFormat::Onnx => "onnx",
        };
        let entry = caller.entry("model.export").about("model", model.id);
        let entry = entry.details(json!({ "format": format }));
        store.audit().append(entry).await?;
        Ok(ModelFile {
            name: model.name,
            version: model.version,
            bytes,
        })
    }

    /// Refuses a model that another program would answer differently, as its certificate says. A model without one may
    /// leave: it was brought as a file, or made by an earlier version.
    async fn may_leave(&self, caller: &Caller, id_or_name: &str) -> Result<()> {
        let part = self
            .report_part(caller, id_or_name, ReportPart::Certificate)
            .await;
        let certificate = match part {
            Ok(mut part) => part["certificate"].take(),
            Err(PlatformError::NotReady(_)) => return Ok(()),
            Err(error) => return Err(error),
        };
        let certificate: Certificate = serde_json::from_value(certificate)
            .map_err(|error| PlatformError::internal("read a certificate", error))?;
        if certificate.may_leave() {
            return Ok(());
        }
        let detail = "Other programs would answer differently from this model by more than is allowed; its certificate says by how much. \
                      Scale its columns, or choose another algorithm, or keep the model in Trainyard's own format.";
        Err(PlatformError::field("/format", detail))
    }

    /// Begins to take a model file in.
    ///
    /// # Errors
    /// `Forbidden`; `TooLarge` when more bytes are announced than allowed; `QuotaExceeded`.
    pub async fn begin_import(
        &self,
        caller: &Caller,
        name: Option<String>,
        announced_bytes: Option<u64>,
    ) -> Result<ModelUpload> {
        caller.may(Action::Train)?;
        let limit = self.0.upload_limit().min(LARGEST);
        if announced_bytes.is_some_and(|bytes| bytes > limit) {
            return Err(PlatformError::TooLarge { limit });
        }
        let room = self
            .0
            .room_for(caller.id, announced_bytes.unwrap_or(0))
            .await?;
        Ok(ModelUpload {
            platform: self.0.clone(),
            caller: caller.clone(),
            name: name.filter(|name| !name.trim().is_empty()),
            limit: limit.min(room),
            bytes: Vec::new(),
        })
    }
}

impl ModelUpload {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// `TooLarge`, or `UnreadableFile` as soon as it is known that this is another kind of file.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        if (self.bytes.len() as u64).saturating_add(bytes.len() as u64) > self.limit {
            return Err(PlatformError::TooLarge { limit: self.limit });
        }
        self.bytes.extend_from_slice(bytes);
        let begun = self.bytes.len().min(MAGIC.len());
        if self.bytes[..begun] != MAGIC[..begun] {
            return Err(refused(&ModelFileError::NotAModel));
        }
        Ok(())
    }

    /// No more bytes: the file is checked, stored, and becomes a version of its name.
    ///
    /// # Errors
    /// `UnreadableFile`; `Validation` for the name. Nothing is stored then.
    pub async fn finish(self) -> Result<ModelDetail> {
        let bytes = Bytes::from(self.bytes);
        let read = bytes.clone();
        let fitted = self
            .platform
            .compute("read a model file", move || FittedModel::from_bytes(&read))
            .await?;
        let fitted = fitted.map_err(|error| refused(&error))?;
        let models = self.platform.models();
        let spec = fitted.spec().clone();
        let name = self.name.unwrap_or_else(|| spec.target.clone());
        let store = self.platform.store();
        let artifact = store.artifacts().put(bytes).await?;
        let new = imported(&self.caller, name, &spec, &fitted, artifact.clone())?;
        let entry = self
            .caller
            .entry("model.import")
            .details(json!({ "hash": artifact.hash }));
        match store.models().import(new, entry).await {
            Ok(model) => {
                self.platform.0.models.forget_names();
                models.detail(&self.caller, model).await
            }
            Err(error) => {
                store.artifacts().discard(&artifact).await?;
                Err(error.into())
            }
        }
    }
}

fn imported(
    caller: &Caller,
    name: String,
    spec: &TrainSpec,
    fitted: &FittedModel,
    artifact: ArtifactRef,
) -> Result<NewImport> {
    let signature = serde_json::to_value(fitted.signature())
        .map_err(|error| PlatformError::internal("write a signature", error))?;
    Ok(NewImport {
        owner_id: caller.id,
        name,
        source: None,
        target: spec.target.clone(),
        metric: spec.metric.clone(),
        positive_class: spec.positive_class.clone(),
        features: spec.features.as_ref().map(|names| json!(names)),
        test_size: spec.test_size,
        folds: i32::try_from(spec.folds).unwrap_or_default(),
        seed: i64::try_from(spec.seed).unwrap_or_default(),
        spec: train::stored(spec)?,
        trained: TrainedModel {
            artifact,
            task: task_name(fitted.task()).to_owned(),
            algorithm: fitted.algorithm().to_owned(),
            params: serde_json::Value::Object(fitted.params().clone()),
            metrics: json!({}),
            classes: json!(fitted.classes().unwrap_or_default()),
            signature,
            report: json!(null),
            lineage: json!(null),
            verdict: "Brought as a file: nothing here says how good it is.".to_owned(),
            fit_seconds: 0.0,
        },
    })
}

fn refused(error: &ModelFileError) -> PlatformError {
    let reason = match error {
        ModelFileError::NotAModel => "not_a_model",
        ModelFileError::Version(_) => "newer_version",
        ModelFileError::Damaged(_) => "damaged",
    };
    PlatformError::UnreadableFile {
        reason,
        detail: sentence(&error.to_string()),
    }
}
