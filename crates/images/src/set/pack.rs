//! Single pictures become an archive on their way in, so that many files are kept, counted and answered as one.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use super::archive::shown;
use crate::PictureError;

/// An archive under way. Its bytes are handed out as files are added; only names stay in memory.
pub struct PicturePacker {
    zip: ZipWriter<StreamWriter<Written>>,
    written: Written,
    names: BTreeSet<String>,
}

impl std::fmt::Debug for PicturePacker {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("PicturePacker")
            .field("files", &self.names.len())
            .finish_non_exhaustive()
    }
}

impl Default for PicturePacker {
    fn default() -> Self {
        let written = Written::default();
        Self {
            zip: ZipWriter::new_stream(written.clone()),
            written,
            names: BTreeSet::new(),
        }
    }
}

impl PicturePacker {
    /// Number of files so far.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Adds a file under its name, or one like it when that is taken; gives the archive's next bytes.
    ///
    /// # Errors
    /// [`PictureError::Set`] for what does not fit into an archive.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<Vec<u8>, PictureError> {
        let name = self.free(name);
        // Pictures are compressed already.
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        let started = self.zip.start_file(name.as_str(), options);
        let added = started.is_ok_and(|()| self.zip.write_all(bytes).is_ok());
        if !added {
            let name = shown(&name);
            return Err(PictureError::set(format!(
                "'{name}' does not fit among the others; leave it out"
            )));
        }
        self.names.insert(name);
        Ok(self.written.take())
    }

    /// The archive's last bytes.
    ///
    /// # Errors
    /// [`PictureError::Set`] without files.
    pub fn finish(self) -> Result<Vec<u8>, PictureError> {
        let none = || PictureError::set("there is no picture; send at least one");
        if self.names.is_empty() {
            return Err(none());
        }
        self.zip.finish().map_err(|_| none())?;
        Ok(self.written.take())
    }

    /// The last part of a name, made usable and told apart from those before.
    fn free(&self, name: &str) -> String {
        let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let plain: String = last
            .chars()
            .filter(|letter| !letter.is_control() && *letter != ':')
            .take(LONGEST)
            .collect();
        let plain = match plain.trim_start_matches('.').trim() {
            "" => "picture",
            plain => plain,
        };
        let (stem, ending) = match plain.rsplit_once('.') {
            Some((stem, ending)) if !stem.is_empty() => (stem, format!(".{ending}")),
            _ => (plain, String::new()),
        };
        let mut free = plain.to_owned();
        let mut turn = self.names.len();
        while self.names.contains(&free) {
            turn += 1;
            free = format!("{stem} ({turn}){ending}");
        }
        free
    }
}

/// Letters of a name that are kept.
const LONGEST: usize = 200;

/// Bytes that wait to be taken. The archive's writer holds the one end, the packer the other.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
