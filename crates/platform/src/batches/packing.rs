//! Pictures on their way in: an archive is kept as it is, and single files become one.

use bytes::Bytes;
use trainyard_images::{
    ArchiveCheck, DecodeLimits, PictureError, PicturePacker, is_archive, recognise,
};

use super::accept::picture_limits;
use crate::error::{PlatformError, Result, sentence};

/// What an archive of single files is called.
const PACKED: &str = "pictures.zip";

/// Looks at pictures while they arrive, and says what is to be stored.
pub(super) struct Packing {
    check: ArchiveCheck,
    /// Whether one archive arrives.
    is_archive: bool,
    packer: PicturePacker,
    /// The single file that arrives.
    name: String,
    bytes: Vec<u8>,
}

impl Packing {
    /// A first file of this name.
    pub(super) fn new(name: &str) -> Self {
        Self {
            check: ArchiveCheck::new(picture_limits()),
            is_archive: false,
            packer: PicturePacker::default(),
            name: name.to_owned(),
            bytes: Vec::new(),
        }
    }

    /// Another file begins; gives what of the one before is stored.
    pub(super) fn next(&mut self, name: &str) -> Result<Bytes> {
        if self.is_archive {
            let detail = "Send one archive, or pictures one by one, but not both at once.";
            return Err(PlatformError::field("/file", detail));
        }
        let packed = self.pack()?;
        self.name = name.to_owned();
        Ok(packed.into())
    }

    /// The next bytes of the file; gives what of them is stored already.
    pub(super) fn push(&mut self, bytes: Bytes) -> Result<Bytes> {
        if self.is_archive {
            self.check.push(&bytes);
            return Ok(bytes);
        }
        self.bytes.extend_from_slice(&bytes);
        if self.packer.is_empty() && is_archive(&self.bytes) {
            self.is_archive = true;
            self.check.push(&self.bytes);
            return Ok(std::mem::take(&mut self.bytes).into());
        }
        let limit = DecodeLimits::default().bytes;
        if self.bytes.len() > limit {
            return Err(PictureError::TooManyBytes { limit }.into());
        }
        Ok(Bytes::new())
    }

    /// There are no more files; gives what is still to be stored, and what all of it is called.
    pub(super) fn finish(mut self) -> Result<(Bytes, String)> {
        if self.is_archive {
            self.check.finish()?;
            return Ok((Bytes::new(), self.name));
        }
        let mut rest = self.pack()?;
        let called = match self.packer.len() {
            1 => self.name,
            _ => PACKED.to_owned(),
        };
        rest.extend(self.packer.finish()?);
        Ok((rest.into(), called))
    }

    fn pack(&mut self) -> Result<Vec<u8>> {
        let bytes = std::mem::take(&mut self.bytes);
        recognise(&bytes).map_err(|error| self.refused(&error))?;
        let most = picture_limits().entries;
        if self.packer.len() as u64 >= most {
            let detail = format!("At most {most} pictures are answered at once. Send fewer.");
            return Err(PlatformError::field("/file", detail));
        }
        Ok(self.packer.add(&self.name, &bytes)?)
    }

    /// Which file is no picture.
    fn refused(&self, error: &PictureError) -> PlatformError {
        PlatformError::UnreadablePicture {
            reason: error.code(),
            detail: format!(
                "{}: {} A zip archive of pictures will do, too.",
                self.name,
                sentence(&error.to_string())
            ),
        }
    }
}
