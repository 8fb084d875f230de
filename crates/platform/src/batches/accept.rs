//! A file comes in for a model: its bytes are stored and checked while they arrive, its rows counted and its columns
//! compared with the model's, and only then price, batch and job are one commit. What is refused is dropped and costs
//! nothing.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::json;
use trainyard_images::{PictureFiles, SetLimits};
use trainyard_store::{
    ArtifactRef, ArtifactWriter, Batch, Idempotency, NewBatch, NewJob, StoreError,
};
use trainyard_table::{ContentCheck, ReadOptions, RowReader, RowSource, TableError};
use trainyard_training::{BatchRequest as FileRequest, ResultFormat};
use uuid::Uuid;

use super::packing::Packing;
use super::{BATCH_JOB, Batches};
use crate::Platform;
use crate::caller::{Action, Caller};
use crate::datasets::upload::{PICTURES, format_name, plain_file_name};
use crate::error::{PlatformError, Result};
use crate::predictions::{LoadedModel, ask::refused};

/// Rows that are paid for together.
const STEP: u64 = 1_000;
/// The most entries of an archive of pictures.
const MOST_PICTURES: u64 = 50_000;

/// What is said about a file before its bytes.
#[derive(Clone, Debug, Default)]
pub struct BatchRequest {
    /// What the file is called.
    pub file_name: Option<String>,
    /// Which sheet of a workbook; the first with data when nothing is given.
    pub sheet: Option<String>,
    /// How answers are written.
    pub format: ResultFormat,
    /// Whether the probability of every class is wanted.
    pub probabilities: bool,
    /// How many bytes are announced.
    pub announced_bytes: Option<u64>,
    /// The caller's key for a request that may come twice.
    pub idempotency_key: Option<String>,
}

/// An accepted batch.
#[derive(Clone, Debug)]
pub struct TakenBatch {
    /// The batch.
    pub batch: Batch,
    /// What was charged, whenever it first came.
    pub charged: i64,
    /// The balance now.
    pub balance: i64,
    /// Whether this request had come before.
    pub replayed: bool,
}

/// What is looked at while bytes arrive.
enum Checking {
    Table(Box<ContentCheck>),
    Pictures(Box<Packing>),
}

/// How much of an archive is asked about: 50,000 pictures, of which each is answered and forgotten.
pub(crate) fn picture_limits() -> SetLimits {
    SetLimits {
        entries: MOST_PICTURES,
        ..SetLimits::default()
    }
}

/// A file on its way in. Dropped unfinished, nothing stays.
pub struct BatchUpload {
    platform: Platform,
    caller: Caller,
    model: Arc<LoadedModel>,
    request: BatchRequest,
    file_name: String,
    options: ReadOptions,
    check: Checking,
    writer: ArtifactWriter,
}

impl std::fmt::Debug for BatchUpload {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("BatchUpload")
            .field("file_name", &self.file_name)
            .finish_non_exhaustive()
    }
}

impl Batches<'_> {
    /// Begins to take a file in for a model of the caller's, or for one that is shared with them: for a model of pictures
    /// a zip archive of them, or one picture after another.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound`; `NotReady`; `TooLarge` when more bytes are announced than allowed; `InsufficientTokens`
    /// when not even one row could be paid for; `Validation` for probabilities of a regression.
    pub async fn begin(
        &self,
        caller: &Caller,
        id_or_name: &str,
        request: BatchRequest,
    ) -> Result<BatchUpload> {
        caller.may(Action::Predict)?;
        let limit = self.0.upload_limit();
        if request.announced_bytes.is_some_and(|bytes| bytes > limit) {
            return Err(PlatformError::TooLarge { limit });
        }
        let model = self.0.loaded_model(caller, id_or_name).await?;
        if request.probabilities && model.fitted.classes().is_none() {
            return Err(PlatformError::field(
                "/proba",
                "This model predicts numbers, which have no probabilities. Leave it out.",
            ));
        }
        let needed = self.0.prices_at(caller.origin.door).batch;
        let balance = self.0.store().ledger().balance(caller.id).await?;
        // Bytes that cannot be paid for need not travel; the commit looks again.
        if request.idempotency_key.is_none() && balance < needed {
            return Err(PlatformError::InsufficientTokens { needed, balance });
        }
        let file_name = plain_file_name(request.file_name.as_deref());
        let options = ReadOptions {
            max_bytes: limit,
            sheet: request.sheet.clone(),
            ..ReadOptions::default()
        };
        let check = match model.fitted.spec().pictures {
            Some(_) => Checking::Pictures(Box::new(Packing::new(&file_name))),
            None => Checking::Table(Box::new(ContentCheck::new(&file_name, &options))),
        };
        Ok(BatchUpload {
            platform: self.0.clone(),
            caller: caller.clone(),
            model,
            check,
            writer: self.0.store().artifacts().begin_upload().await?,
            request,
            file_name,
            options,
        })
    }
}

impl BatchUpload {
    /// Another file begins, after the first: for a model of pictures one more picture.
    ///
    /// # Errors
    /// `Validation` for a model of tables, which is sent one file; `UnreadablePicture` for the file before; `TooLarge`.
    pub async fn next_file(&mut self, name: Option<&str>) -> Result<()> {
        let stored = match &mut self.check {
            Checking::Table(_) => {
                let detail = "Send one file at a time to a model of tables.";
                return Err(PlatformError::field("/file", detail));
            }
            Checking::Pictures(packing) => packing.next(&plain_file_name(name))?,
        };
        self.store(stored).await
    }

    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// `TooLarge`, `UnreadableFile` or `UnreadablePicture` as soon as it is known; the upload is then over.
    pub async fn push(&mut self, bytes: Bytes) -> Result<()> {
        let stored = match &mut self.check {
            Checking::Table(check) => {
                check.push(&bytes)?;
                bytes
            }
            Checking::Pictures(packing) => packing.push(bytes)?,
        };
        self.store(stored).await
    }

    async fn store(&mut self, bytes: Bytes) -> Result<()> {
        let limit = self.options.max_bytes;
        if self.writer.size().saturating_add(bytes.len() as u64) > limit {
            return Err(PlatformError::TooLarge { limit });
        }
        Ok(self.writer.write(bytes).await?)
    }

    /// No more bytes: the file is stored durably, its rows are counted and paid for, and its answering is queued.
    ///
    /// # Errors
    /// `UnreadableFile`; `Validation` when columns are missing; `InsufficientTokens`; `NotFound` for a model that went;
    /// `Conflict` for a key of another request. Nothing is stored or charged then.
    pub async fn finish(self) -> Result<TakenBatch> {
        let Self {
            platform,
            caller,
            model,
            request,
            mut file_name,
            options,
            check,
            mut writer,
        } = self;
        let counted = match check {
            Checking::Table(check) => check.finish()?.rows_hint,
            Checking::Pictures(packing) => {
                let (rest, called) = packing.finish()?;
                writer.write(rest).await?;
                file_name = called;
                None
            }
        };
        let store = platform.store();
        let upload = writer.finish().await?;
        let taking = Taking {
            platform: &platform,
            caller: &caller,
            model: &model,
            request: &request,
            file_name: &file_name,
            options: &options,
        };
        match taking.take(&upload, counted).await {
            Ok(taken) => Ok(taken),
            Err(error) => {
                store.artifacts().discard(&upload).await?;
                Err(error)
            }
        }
    }
}

/// A stored file, and for what.
struct Taking<'a> {
    platform: &'a Platform,
    caller: &'a Caller,
    model: &'a Arc<LoadedModel>,
    request: &'a BatchRequest,
    file_name: &'a str,
    options: &'a ReadOptions,
}

impl Taking<'_> {
    async fn take(&self, upload: &ArtifactRef, counted: Option<usize>) -> Result<TakenBatch> {
        let (rows, format) = self.looked_at(upload, counted).await?;
        let (caller, model) = (self.caller, self.model);
        let steps = i64::try_from(rows.div_ceil(STEP)).unwrap_or(i64::MAX);
        let price = steps.saturating_mul(self.platform.prices_at(caller.origin.door).batch);
        let result_format = match self.request.format {
            ResultFormat::Csv => "csv",
            ResultFormat::Parquet => "parquet",
        };
        let file = FileRequest {
            probabilities: self.request.probabilities,
            format: self.request.format,
            contract: model.contract.as_ref().clone(),
        };
        let payload = json!({
            "probabilities": file.probabilities,
            "format": file.format,
            "contract": file.contract,
            "sheet": self.request.sheet,
            "rows": rows,
        });
        let idempotency = self.request.idempotency_key.clone().map(|key| Idempotency {
            key,
            request_digest: self.digest(model.id, upload),
        });
        let new = NewBatch {
            owner_id: caller.id,
            token_version: caller.token_version(),
            role: caller.role,
            model_id: model.id,
            file_name: self.file_name.to_owned(),
            format: format.to_owned(),
            upload: upload.clone(),
            rows,
            result_format: result_format.to_owned(),
            probabilities: self.request.probabilities,
            price,
            job: NewJob {
                steps: u32::try_from(rows).unwrap_or(u32::MAX),
                ..NewJob::new(BATCH_JOB, payload)
            },
            idempotency,
        };
        let entry = caller.entry("batch.create").details(json!({
            "model_id": model.id, "rows": rows, "bytes": upload.size, "format": format,
        }));
        let accepted = match self
            .platform
            .store()
            .batches()
            .create_with_job(new, entry)
            .await
        {
            Err(StoreError::NotFound { what: "model" }) => {
                return Err(PlatformError::NotFound("model"));
            }
            other => other?,
        };
        if !accepted.replayed {
            self.platform.0.counters.batched(accepted.batch.price);
        }
        Ok(TakenBatch {
            charged: accepted.batch.price,
            balance: accepted.balance,
            replayed: accepted.replayed,
            batch: accepted.batch,
        })
    }

    /// The rows of a file that has the model's columns, and its format.
    async fn looked_at(
        &self,
        upload: &ArtifactRef,
        counted: Option<usize>,
    ) -> Result<(u64, &'static str)> {
        let artifacts = self.platform.store().artifacts();
        let file = artifacts.open(&upload.hash).await?;
        let model = Arc::clone(self.model);
        let (name, options) = (self.file_name.to_owned(), self.options.clone());
        let look = move || -> Result<(usize, &'static str)> {
            if model.fitted.spec().pictures.is_some() {
                let files = PictureFiles::open(file, &picture_limits())?;
                return Ok((files.left(), PICTURES));
            }
            let source = RowSource::File(file);
            let reader = RowReader::open(source, &name, model.fitted.schema(), &options)?;
            model
                .fitted
                .check_columns(&reader, &model.contract)
                .map_err(refused_file)?;
            let format = format_name(reader.format());
            Ok(match counted {
                Some(rows) => (rows, format),
                None => (reader.count()?, format),
            })
        };
        let (rows, format) = self.platform.compute("count rows", look).await??;
        Ok((rows as u64, format))
    }

    fn digest(&self, model: Uuid, upload: &ArtifactRef) -> String {
        let request = json!({
            "model": model,
            "file": upload.hash,
            "probabilities": self.request.probabilities,
            "format": self.request.format,
            "sheet": self.request.sheet,
        });
        blake3::hash(request.to_string().as_bytes())
            .to_hex()
            .to_string()
    }
}

/// A file without the model's columns is no table for this model.
fn refused_file(error: trainyard_training::TrainError) -> PlatformError {
    match error {
        trainyard_training::TrainError::Data(detail) => TableError::Unreadable { detail }.into(),
        other => refused(other),
    }
}
