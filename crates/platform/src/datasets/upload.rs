//! A file comes in: its bytes are stored and checked while they arrive, and dropped when the check finds that they
//! are no table. What passes is kept as it came; a job reads it.

use bytes::Bytes;
use serde_json::json;
use trainyard_images::{ArchiveCheck, SetLimits, is_archive};
use trainyard_store::{ArtifactWriter, AuditEntry, Dataset, NewDataset, NewJob};
use trainyard_table::{ContentCheck, Format, ReadOptions, is_workbook};

use uuid::Uuid;

use super::schema::{ReadingChange, stored};
use super::{Datasets, PROFILE_JOB};
use crate::Platform;
use crate::accounts::none_or;
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result};
use crate::samples::{Sample, sample};

/// Reading goes before training: people wait for it.
const PROFILE_PRIORITY: i32 = 10;
const LONGEST_NAME: usize = 200;
/// What the format of an archive of pictures is called.
pub(crate) const PICTURES: &str = "pictures";
/// Bytes that tell an archive of pictures from a workbook, which is one too.
const HEAD: usize = 64;

/// What is said about a file before its bytes.
#[derive(Clone, Debug, Default)]
pub struct UploadRequest {
    /// What its owner calls it; the file's name without its ending when nothing is given.
    pub name: Option<String>,
    /// What the file is called.
    pub file_name: Option<String>,
    /// How it is to be read, where a person says so.
    pub reading: ReadingChange,
    /// How many bytes are announced.
    pub announced_bytes: Option<u64>,
}

/// A file on its way in. Dropped unfinished, nothing stays.
pub struct Upload {
    platform: Platform,
    caller: Caller,
    name: String,
    file_name: String,
    reading: ReadingChange,
    limit: u64,
    /// Bytes that the account may still bring.
    room: u64,
    check: Checking,
    writer: ArtifactWriter,
}

/// What is known about the content so far.
enum Checking {
    /// Its first bytes.
    Head(Vec<u8>, Box<ContentCheck>),
    /// A table, checked while it arrives.
    Table(Box<ContentCheck>),
    /// An archive; what is in it the job sees.
    Pictures(ArchiveCheck),
}

impl Checking {
    fn push(&mut self, bytes: &[u8]) -> Result<()> {
        match self {
            Self::Head(head, _) => {
                head.extend_from_slice(bytes);
                if head.len() >= HEAD {
                    self.decide()?;
                }
            }
            Self::Table(check) => check.push(bytes)?,
            Self::Pictures(check) => check.push(bytes),
        }
        Ok(())
    }

    fn decide(&mut self) -> Result<()> {
        let pictures = Self::Pictures(ArchiveCheck::new(SetLimits::default()));
        let Self::Head(head, check) = std::mem::replace(self, pictures) else {
            return Ok(());
        };
        if !is_archive(&head) || is_workbook(&head) {
            *self = Self::Table(check);
        }
        self.push(&head)
    }

    /// The format.
    fn finish(mut self) -> Result<&'static str> {
        if matches!(self, Self::Head(..)) {
            self.decide()?;
        }
        match self {
            Self::Table(check) => Ok(format_name(check.finish()?.format)),
            Self::Head(_, check) => Ok(format_name(check.finish()?.format)),
            Self::Pictures(check) => {
                check.finish()?;
                Ok(PICTURES)
            }
        }
    }
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Upload")
            .field("file_name", &self.file_name)
            .finish_non_exhaustive()
    }
}

impl Datasets<'_> {
    /// Begins to take a file in.
    ///
    /// # Errors
    /// `Forbidden`; `TooLarge` when more bytes are announced than allowed; `Validation` for the name.
    pub async fn begin_upload(&self, caller: &Caller, request: UploadRequest) -> Result<Upload> {
        caller.may(Action::Upload)?;
        let limit = self.0.upload_limit();
        if request.announced_bytes.is_some_and(|bytes| bytes > limit) {
            return Err(PlatformError::TooLarge { limit });
        }
        let announced = request.announced_bytes.unwrap_or(0);
        let room = self.0.room_for(caller.id, announced).await?;
        let file_name = plain_file_name(request.file_name.as_deref());
        let name = match request
            .name
            .as_deref()
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
            Some(name) => checked_name(name)?,
            None => stem(&file_name),
        };
        let options = request.reading.clone().applied(ReadOptions {
            max_bytes: limit,
            ..ReadOptions::default()
        });
        Ok(Upload {
            platform: self.0.clone(),
            caller: caller.clone(),
            check: Checking::Head(
                Vec::new(),
                Box::new(ContentCheck::new(&file_name, &options)),
            ),
            writer: self.0.store().artifacts().begin_upload().await?,
            name,
            file_name,
            reading: request.reading,
            limit,
            room,
        })
    }

    /// Makes a data set of a sample that comes with the program.
    ///
    /// # Errors
    /// `NotFound` for an unknown name.
    pub async fn from_sample(&self, caller: &Caller, name: &str) -> Result<Dataset> {
        caller.may(Action::Upload)?;
        let sample = sample(name).ok_or(PlatformError::NotFound("sample"))?;
        self.0
            .room_for(caller.id, sample.bytes.len() as u64)
            .await?;
        let entry = caller.entry("dataset.create");
        self.sample_for(caller.id, sample, entry).await
    }

    /// The same for an account, without asking whether it may.
    pub(crate) async fn sample_for(
        &self,
        owner_id: Uuid,
        sample: &Sample,
        entry: AuditEntry,
    ) -> Result<Dataset> {
        let upload = self
            .0
            .store()
            .artifacts()
            .put(Bytes::from_static(sample.bytes))
            .await?;
        let new = NewDataset {
            owner_id,
            name: sample.name.to_owned(),
            file_name: sample.file.to_owned(),
            sample: Some(sample.name.to_owned()),
            format: Some(sample.format.to_owned()),
            upload,
            options: json!({}),
            job: profile_job(),
            idempotency: None,
        };
        let entry = entry.details(json!({ "sample": sample.name }));
        Ok(self
            .0
            .store()
            .datasets()
            .create_with_job(new, entry)
            .await?)
    }
}

impl Upload {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// `TooLarge` or `UnreadableFile` as soon as it is known; the upload is then over.
    pub async fn push(&mut self, bytes: Bytes) -> Result<()> {
        if self.writer.size().saturating_add(bytes.len() as u64) > self.limit {
            return Err(PlatformError::TooLarge { limit: self.limit });
        }
        if self.writer.size().saturating_add(bytes.len() as u64) > self.room {
            let owner = self.caller.id;
            // What is left is asked again: it may have become more meanwhile.
            self.room = self
                .platform
                .room_for(owner, self.writer.size() + bytes.len() as u64)
                .await?;
        }
        self.check.push(&bytes)?;
        Ok(self.writer.write(bytes).await?)
    }

    /// No more bytes: the file is stored durably and its reading queued.
    ///
    /// # Errors
    /// `UnreadableFile`; `Validation` for a reading that such a file does not have; nothing is stored then.
    pub async fn finish(self) -> Result<Dataset> {
        let format = self.check.finish()?;
        if self.reading != ReadingChange::default() {
            none_or(self.reading.problems(format, &[]))?;
        }
        let store = self.platform.store();
        let upload = self.writer.finish().await?;
        let new = NewDataset {
            owner_id: self.caller.id,
            name: self.name,
            file_name: self.file_name,
            sample: None,
            format: Some(format.to_owned()),
            upload: upload.clone(),
            options: stored(&self.reading.applied(ReadOptions::default())),
            job: profile_job(),
            idempotency: None,
        };
        let entry = self
            .caller
            .entry("dataset.create")
            .details(json!({ "format": format, "bytes": upload.size }));
        match store.datasets().create_with_job(new, entry).await {
            Ok(dataset) => Ok(dataset),
            Err(error) => {
                store.artifacts().discard(&upload).await?;
                Err(error.into())
            }
        }
    }
}

pub(super) fn profile_job() -> NewJob {
    NewJob {
        priority: PROFILE_PRIORITY,
        ..NewJob::new(PROFILE_JOB, json!({}))
    }
}

pub(crate) fn format_name(format: Format) -> &'static str {
    match format {
        Format::Csv => "csv",
        Format::Tsv => "tsv",
        Format::Parquet => "parquet",
        Format::JsonLines => "json_lines",
        Format::Xlsx => "xlsx",
    }
}

/// The last part of a path in either notation, without control characters: for display and for recognising the
/// format, never for opening anything.
pub(crate) fn plain_file_name(given: Option<&str>) -> String {
    let last = given
        .unwrap_or_default()
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default();
    let plain: String = last
        .chars()
        .filter(|letter| !letter.is_control())
        .take(LONGEST_NAME)
        .collect();
    match plain.trim() {
        "" | "." | ".." => "upload".to_owned(),
        name => name.to_owned(),
    }
}

pub(crate) fn stem(file_name: &str) -> String {
    match file_name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.to_owned(),
        _ => file_name.to_owned(),
    }
}

fn checked_name(name: &str) -> Result<String> {
    if name.chars().count() > LONGEST_NAME {
        return Err(PlatformError::field(
            "/name",
            format!("Use at most {LONGEST_NAME} characters."),
        ));
    }
    if name.chars().any(char::is_control) {
        return Err(PlatformError::field(
            "/name",
            "Leave line breaks and control characters out.",
        ));
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_lose_their_paths() {
        for (given, shown) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\data\\a.csv", "a.csv"),
            ("..", "upload"),
            ("a\0b\n.csv", "ab.csv"),
            ("", "upload"),
            ("déjà vu.csv", "déjà vu.csv"),
        ] {
            assert_eq!(plain_file_name(Some(given)), shown);
        }
        assert_eq!(stem("a.b.csv"), "a.b");
        assert_eq!(stem(".csv"), ".csv");
    }
}
