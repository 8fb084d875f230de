//! The body of the job that answers a batch: the uploaded file goes in part by part, its answers come out part by part and
//! are stored as they come, so that memory holds neither. One commit makes the result the batch's and ends the job; killed
//! before, the next attempt begins anew.

use std::io::{Error, Write};

use bytes::{Bytes, BytesMut};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};
use trainyard_estimators::Interruption;
use trainyard_store::{AnsweredBatch, ArtifactWriter, Failure, Job, Scope, StoreError};
use trainyard_table::{ReadOptions, RowReader, RowSource};
use trainyard_training::{
    BatchAnswered, BatchContext, BatchRequest, Contract, ResultFormat, TrainError,
};

use super::picture_batch;
use super::profile::{stopped, subject};
use super::progress::{StopSign, attended};
use super::{Outcome, Threads};
use crate::Platform;
use crate::error::{PlatformError, Result, sentence};

/// Answers are handed on when so many bytes have come together, and so many of those may wait.
const PIECE: usize = 256 << 10;
const WAITING: usize = 4;

/// What the job was given.
#[derive(Deserialize)]
struct Payload {
    upload_hash: String,
    probabilities: bool,
    format: ResultFormat,
    contract: Contract,
    sheet: Option<String>,
    rows: u64,
}

pub(crate) async fn run(platform: &Platform, threads: &Threads, job: &Job) -> Result<Outcome> {
    let store = platform.store();
    let (batch, _) = store.batches().get(Scope::Everyone, subject(job)?).await?;
    let payload: Payload = serde_json::from_value(job.payload.clone().into_json())
        .map_err(|error| PlatformError::internal("read what a batch asks", error))?;
    let model = store.models().get(Scope::Everyone, batch.model_id).await?;
    let model = platform.loaded_row(model).await?;
    let file = store.artifacts().open(&payload.upload_hash).await?;
    let options = ReadOptions {
        max_bytes: u64::MAX,
        sheet: payload.sheet,
        ..ReadOptions::default()
    };
    let request = BatchRequest {
        probabilities: payload.probabilities,
        format: payload.format,
        contract: payload.contract,
    };
    let (sender, receiver) = mpsc::channel(WAITING);
    let (tell, told) = watch::channel(Value::Null);
    let stop = StopSign::default();
    let asked = stop.clone();
    let (name, rows) = (batch.file_name.clone(), payload.rows);
    let answering = threads.run(
        "answer a batch",
        move || -> std::result::Result<_, TrainError> {
            let context = BatchContext {
                progress: &|done| {
                    tell.send_replace(json!({ "stage": "predicting", "done": done, "of": rows }));
                },
                interruption: &|| asked.reason().map(|_| Interruption::Cancelled),
            };
            let (model, pieces) = (model.fitted.as_ref(), Pieces::to(sender));
            if model.spec().pictures.is_some() {
                return picture_batch::answer(model, file, pieces, &request, &context);
            }
            let source = RowSource::File(file);
            let file = RowReader::open(source, &name, model.schema(), &options)?;
            model.answer_file(file, pieces, &request, &context)
        },
    );
    let work = async { tokio::join!(answering, keep(platform, receiver)) };
    let (answered, kept) = attended(platform, job, &stop, told, work).await;
    // Where answers could not be kept, that is the reason why no more came.
    let writer = kept?;
    let answered = match answered? {
        Ok(answered) if stop.reason().is_none() => answered,
        Ok(_) | Err(TrainError::Interrupted(Interruption::Cancelled)) => {
            return Ok(stopped(stop.reason()));
        }
        Err(TrainError::Internal(cause)) => return Err(PlatformError::Internal(cause)),
        Err(error) => {
            let detail = format!("{} Nothing was charged.", sentence(&error.detail()));
            return Ok(Outcome::Failed(Failure::new("validation", detail)));
        }
    };
    save(platform, job, writer, answered).await
}

/// Stores pieces as they come.
async fn keep(platform: &Platform, mut pieces: mpsc::Receiver<Bytes>) -> Result<ArtifactWriter> {
    let mut writer = platform.store().artifacts().begin_upload().await?;
    while let Some(piece) = pieces.recv().await {
        writer.write(piece).await?;
    }
    Ok(writer)
}

async fn save(
    platform: &Platform,
    job: &Job,
    writer: ArtifactWriter,
    answered: BatchAnswered,
) -> Result<Outcome> {
    let store = platform.store();
    let written = |error| PlatformError::internal("write what was odd", error);
    let warnings = serde_json::to_value(&answered.warnings).map_err(written)?;
    let tally = answered.tally.as_ref().map(serde_json::to_value);
    let tally = tally.transpose().map_err(written)?;
    let result = writer.finish().await?;
    let done = AnsweredBatch {
        result: result.clone(),
        warnings,
        tally,
    };
    match store.batches().finish(job.fence(), done).await {
        Ok(()) => {
            platform.0.counters.batch_answered(answered.rows);
            Ok(Outcome::Done)
        }
        Err(error) => {
            store.artifacts().discard(&result).await?;
            match error {
                StoreError::LostLease => Ok(Outcome::Lost),
                error => Err(error.into()),
            }
        }
    }
}

/// Hands what a computation writes to whoever stores it, in pieces; waits while too many of them wait.
struct Pieces {
    sender: mpsc::Sender<Bytes>,
    buffer: BytesMut,
}

impl Pieces {
    fn to(sender: mpsc::Sender<Bytes>) -> Self {
        Self {
            sender,
            buffer: BytesMut::with_capacity(PIECE),
        }
    }

    fn hand_over(&mut self) -> std::io::Result<()> {
        let piece = self.buffer.split().freeze();
        let sent = self.sender.blocking_send(piece);
        sent.map_err(|_| Error::other("nobody stores it any more"))
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= PIECE {
            self.hand_over()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        self.hand_over()
    }
}

impl Drop for Pieces {
    /// A writer of Parquet flushes before its last bytes.
    fn drop(&mut self) {
        let _ = self.flush();
    }
}
