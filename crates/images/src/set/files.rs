//! The pictures of an archive one after the other, whatever folders they are in: what a model is asked about.

use super::SetLimits;
use super::archive::Archive;
use crate::PictureError;
use std::io::{Read, Seek};

/// The files of an archive, in its order. Memory holds what was asked for last.
pub struct PictureFiles<R> {
    archive: Archive<R>,
    files: std::vec::IntoIter<(usize, String)>,
    most: u64,
}

/// One file, and why it cannot be read where it cannot.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureFile {
    /// Its name within the archive.
    pub name: String,
    /// Its bytes.
    pub bytes: Result<Vec<u8>, PictureError>,
}

impl<R> std::fmt::Debug for PictureFiles<R> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("PictureFiles")
            .field("left", &self.files.len())
            .finish_non_exhaustive()
    }
}

impl<R: Read + Seek> PictureFiles<R> {
    /// Opens an archive.
    ///
    /// # Errors
    /// [`PictureError::Set`] for an archive that is none, that has no files, more than the limits allow, or one that reaches
    /// outside of itself.
    pub fn open(source: R, limits: &SetLimits) -> Result<Self, PictureError> {
        let mut archive = Archive::open(source, limits)?;
        let files = std::mem::take(&mut archive.files);
        if files.is_empty() {
            return Err(PictureError::set(
                "the archive holds no files; pack pictures into it and send it again",
            ));
        }
        Ok(Self {
            archive,
            files: files.into_iter(),
            most: limits.picture.bytes as u64,
        })
    }

    /// How many files are left.
    pub fn left(&self) -> usize {
        self.files.len()
    }

    /// The next files: so many, or fewer when their bytes are more than that. None are left when there are none.
    ///
    /// # Errors
    /// [`PictureError::Set`] when all files together unpack to more than the limits allow.
    pub fn next_some(
        &mut self,
        count: usize,
        bytes: usize,
    ) -> Result<Vec<PictureFile>, PictureError> {
        let mut some = Vec::new();
        let mut held = 0;
        while some.len() < count && held < bytes {
            let Some((place, name)) = self.files.next() else {
                break;
            };
            let bytes = self.archive.bytes(place, self.most);
            if let Err(error) = &bytes
                && self.archive.is_used_up()
            {
                return Err(error.clone());
            }
            held += bytes.as_ref().map_or(0, Vec::len);
            some.push(PictureFile { name, bytes });
        }
        Ok(some)
    }
}
