//! The body of the job that reads an upload: bytes to table, table to profile, both stored.

use serde_json::{Value, json};
use tokio::sync::watch;
use trainyard_store::{Job, ReadDataset, Scope, StoreError};
use trainyard_table::{Note, Profile, ReadOptions, Table, Warning, profile, read, write_parquet};
use uuid::Uuid;

use super::progress::{StopReason, StopSign, attended};
use super::{Outcome, Threads, pictures};
use crate::Platform;
use crate::datasets::upload::{PICTURES, format_name};
use crate::error::{PlatformError, Result};

/// What reading gave.
struct Done {
    parquet: Vec<u8>,
    profile: Profile,
    format: &'static str,
    columns: usize,
}

pub(crate) async fn run(platform: &Platform, threads: &Threads, job: &Job) -> Result<Outcome> {
    let store = platform.store();
    let id = subject(job)?;
    let dataset = store.datasets().get(Scope::Everyone, id).await?;
    let revision = dataset.revision_of(job);
    let revision = store.datasets().revision(id, revision).await?;
    if revision.table_hash.is_some() {
        return Err(PlatformError::internal(
            "read an upload",
            "it was read already",
        ));
    }
    let options = read_options(&revision.options, platform.upload_limit())?;
    let file = store.artifacts().open(&dataset.upload_hash).await?;
    let file_name = dataset.file_name.clone();
    let (tell, told) = watch::channel(step("reading", 0));
    let stop = StopSign::default();
    let asked = stop.clone();
    let of_pictures = dataset.format.as_deref() == Some(PICTURES);
    let work = threads.run("read an upload", move || -> Result<Option<Done>> {
        if of_pictures {
            let (table, described) = pictures::read(file)?;
            if asked.reason().is_some() {
                return Ok(None);
            }
            tell.send_replace(step("saving", 2));
            let columns = table.columns().len();
            return Ok(Some(Done {
                parquet: written(&table)?,
                profile: described,
                format: PICTURES,
                columns,
            }));
        }
        let result = read(file, &file_name, &options)?;
        if asked.reason().is_some() {
            return Ok(None);
        }
        tell.send_replace(step("preparing", 1));
        // Writing takes one thread, and about as long as looking on the others.
        let (described, written) =
            rayon::join(|| profile(&result.table, None), || written(&result.table));
        let (mut described, parquet) = (described, written?);
        described.workbook = result.sheets;
        described
            .warnings
            .extend(result.notes.into_iter().map(warning));
        if asked.reason().is_some() {
            return Ok(None);
        }
        tell.send_replace(step("saving", 2));
        Ok(Some(Done {
            parquet,
            profile: described,
            format: format_name(result.format),
            columns: result.table.columns().len(),
        }))
    });
    let done = attended(platform, job, &stop, told, work).await??;
    let Some(done) = done.filter(|_| stop.reason().is_none()) else {
        return Ok(stopped(stop.reason()));
    };
    let table = store.artifacts().put(done.parquet).await?;
    let read = ReadDataset {
        table: table.clone(),
        format: done.format.to_owned(),
        rows: done.profile.rows as u64,
        columns: u32::try_from(done.columns).unwrap_or(u32::MAX),
        suggested_target: done.profile.suggested_target.clone(),
        profile: serde_json::to_value(&done.profile)
            .map_err(|error| PlatformError::internal("write a profile", error))?,
    };
    match store.datasets().mark_ready(job.fence(), read).await {
        Ok(_) => Ok(Outcome::Done),
        Err(error) => {
            store.artifacts().discard(&table).await?;
            match error {
                StoreError::LostLease => Ok(Outcome::Lost),
                error => Err(error.into()),
            }
        }
    }
}

/// Room that is kept for a stored table before it is written, at most.
const MOST_ROOM: usize = 64 << 20;

fn written(table: &Table) -> Result<Vec<u8>> {
    // Numbers that differ hardly shrink; growing step by step would copy them again and again.
    let cells = table.rows().saturating_mul(table.columns().len());
    let mut parquet = Vec::with_capacity(cells.saturating_mul(size_of::<f64>()).min(MOST_ROOM));
    write_parquet(table, &mut parquet)
        .map_err(|error| PlatformError::internal("store a table", error))?;
    Ok(parquet)
}

/// What the job works on.
pub(super) fn subject(job: &Job) -> Result<Uuid> {
    job.subject_id
        .ok_or_else(|| PlatformError::internal("find what a job works on", job.id))
}

/// How a job ends whose body was stopped.
pub(super) fn stopped(reason: Option<StopReason>) -> Outcome {
    match reason {
        Some(StopReason::Cancelled) | None => Outcome::Cancelled,
        Some(StopReason::Stopping) => Outcome::Released,
        Some(StopReason::Lost) => Outcome::Lost,
    }
}

fn read_options(stored: &Value, limit: u64) -> Result<ReadOptions> {
    let options: ReadOptions = serde_json::from_value(stored.clone())
        .map_err(|error| PlatformError::internal("read how a file is read", error))?;
    Ok(ReadOptions {
        max_bytes: limit.max(options.max_bytes),
        ..options
    })
}

fn step(stage: &str, done: u32) -> Value {
    json!({ "stage": stage, "done": done, "of": 3, "message": null, "contenders": [] })
}

fn warning(note: Note) -> Warning {
    Warning {
        code: note.code,
        column: note.column,
        detail: note.detail,
        action: String::new(),
    }
}
