//! Zip archives from strangers: what they say about themselves is checked before they are opened, nothing is ever unpacked
//! to a place, and what unpacks to more than is allowed is refused on the way.

use super::SetLimits;
use crate::PictureError;
use std::io::{Read, Seek, SeekFrom};
use zip::ZipArchive;

/// Where the end of an archive has to be, its longest comment included.
const TAIL: u64 = 22 + 65_535 + 20 + 56;
/// The longest name that is read.
const LONGEST_NAME: usize = 1_000;

/// Whether a file begins like a zip archive.
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// An archive that kept what it had to.
pub(super) struct Archive<R> {
    zip: ZipArchive<R>,
    /// Positions and names of files, in the order of the archive.
    pub(super) files: Vec<(usize, String)>,
    unpacked: u64,
    limits: SetLimits,
}

impl<R: Read + Seek> Archive<R> {
    pub(super) fn open(mut source: R, limits: &SetLimits) -> Result<Self, PictureError> {
        few_enough(announced(&mut source)?, limits)?;
        let open = || ZipArchive::new(source);
        // Foreign bytes through a foreign parser: what it panics on is a damaged file.
        let opened = std::panic::catch_unwind(std::panic::AssertUnwindSafe(open));
        let Ok(Ok(zip)) = opened else {
            return Err(damaged());
        };
        few_enough(zip.len() as u64, limits)?;
        let mut files = Vec::new();
        for (place, name) in zip.file_names().enumerate() {
            let name = name.map_err(|_| damaged())?;
            let name = checked(&name)?;
            if !name.ends_with('/') && !is_clutter(name) {
                files.push((place, name.to_owned()));
            }
        }
        Ok(Self {
            zip,
            files,
            unpacked: 0,
            limits: *limits,
        })
    }

    /// Whether more was unpacked than all files together may come to.
    pub(super) fn is_used_up(&self) -> bool {
        self.unpacked > self.limits.unpacked
    }

    /// Whether the files are of LeCun's format, as it is or compressed.
    pub(super) fn holds_idx(&mut self) -> Result<bool, PictureError> {
        let Some(&(place, _)) = self.files.first() else {
            return Err(PictureError::set(
                "the archive is empty; put one folder of pictures for each class into it",
            ));
        };
        let mut head = Vec::new();
        let mut file = self.zip.by_index(place).map_err(|_| damaged())?;
        let _ = file.by_ref().take(4).read_to_end(&mut head);
        Ok(head.starts_with(&[0, 0, 8]) || head.starts_with(&[0x1f, 0x8b]))
    }

    /// All bytes of a file.
    pub(super) fn bytes(&mut self, place: usize, most: u64) -> Result<Vec<u8>, PictureError> {
        let name = self.zip.name_for_index(place).and_then(Result::ok);
        let name = name.unwrap_or_default().into_owned();
        let shown = shown(&name);
        let file = self.zip.by_index(place);
        let mut file = file.map_err(|_| {
            PictureError::set(format!(
                "'{shown}' in the archive cannot be unpacked; pack it without a password, by the usual method"
            ))
        })?;
        let mut bytes = Vec::new();
        let read = file
            .by_ref()
            .take(most.saturating_add(1))
            .read_to_end(&mut bytes);
        read.map_err(|_| {
            PictureError::set(format!(
                "'{shown}' in the archive is damaged; pack it again"
            ))
        })?;
        self.unpacked = self.unpacked.saturating_add(bytes.len() as u64);
        if bytes.len() as u64 > most {
            return Err(PictureError::set(format!(
                "'{shown}' in the archive unpacks to more than {most} bytes; leave it out or make it smaller"
            )));
        }
        if self.unpacked > self.limits.unpacked {
            return Err(PictureError::set(format!(
                "the archive unpacks to more than {} bytes; divide it into several",
                self.limits.unpacked
            )));
        }
        if is_archive(&bytes) {
            return Err(PictureError::set(format!(
                "'{shown}' in the archive is an archive itself; pack its pictures directly"
            )));
        }
        Ok(bytes)
    }
}

/// How many entries the end of the archive announces.
fn announced<R: Read + Seek>(source: &mut R) -> Result<u64, PictureError> {
    let unreadable = |_| damaged();
    let length = source.seek(SeekFrom::End(0)).map_err(unreadable)?;
    let begin = length.saturating_sub(TAIL);
    source.seek(SeekFrom::Start(begin)).map_err(unreadable)?;
    let mut tail = Vec::new();
    source
        .by_ref()
        .take(TAIL)
        .read_to_end(&mut tail)
        .map_err(unreadable)?;
    source.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    announced_in(&tail).ok_or_else(damaged)
}

/// The most entries that any end of an archive among the last bytes of a file announces.
fn announced_in(tail: &[u8]) -> Option<u64> {
    let word = |at: usize| {
        Some(u64::from(u16::from_le_bytes(
            tail.get(at..at + 2)?.try_into().ok()?,
        )))
    };
    let long = |at: usize| Some(u64::from_le_bytes(tail.get(at..at + 8)?.try_into().ok()?));
    let mut most = None;
    for (at, mark) in tail.windows(4).enumerate() {
        let entries = match mark {
            b"PK\x05\x06" => word(at + 10),
            b"PK\x06\x06" => long(at + 32),
            _ => None,
        };
        most = most.max(entries);
    }
    most
}

/// The check of an archive while its bytes arrive, without keeping them: that it has an end, and announces no more than is
/// read.
#[derive(Clone, Debug)]
pub struct ArchiveCheck {
    tail: Vec<u8>,
    limits: SetLimits,
}

impl ArchiveCheck {
    /// A check by these limits.
    pub fn new(limits: SetLimits) -> Self {
        Self {
            tail: Vec::new(),
            limits,
        }
    }

    /// The next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        let most = TAIL as usize;
        let bytes = &bytes[bytes.len().saturating_sub(most)..];
        let surplus = (self.tail.len() + bytes.len()).saturating_sub(most);
        self.tail.drain(..surplus.min(self.tail.len()));
        self.tail.extend_from_slice(bytes);
    }

    /// There are no more bytes.
    ///
    /// # Errors
    /// [`PictureError::Set`] for an archive that would be refused unopened.
    pub fn finish(self) -> Result<(), PictureError> {
        let entries = announced_in(&self.tail).ok_or_else(damaged)?;
        few_enough(entries, &self.limits)
    }
}

fn few_enough(entries: u64, limits: &SetLimits) -> Result<(), PictureError> {
    if entries <= limits.entries {
        return Ok(());
    }
    Err(PictureError::set(format!(
        "the archive has {entries} entries, and at most {} are read; divide it into several",
        limits.entries
    )))
}

fn damaged() -> PictureError {
    PictureError::set("the zip archive is damaged or cut short; pack and send it again")
}

/// A name that stays within the archive.
fn checked(name: &str) -> Result<&str, PictureError> {
    let drive = name.as_bytes().get(1) == Some(&b':');
    let outside =
        name.starts_with(['/', '\\']) || drive || name.split(['/', '\\']).any(|part| part == "..");
    if outside {
        return Err(PictureError::set(format!(
            "'{}' in the archive points outside of it; pack it with plain folder names",
            shown(name)
        )));
    }
    if name.len() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(PictureError::set(format!(
            "'{}' in the archive is no usable name; leave control characters out and use at most {LONGEST_NAME} bytes",
            shown(name)
        )));
    }
    Ok(name)
}

/// The end of a name, fit to be shown.
pub(super) fn shown(name: &str) -> String {
    let letters: Vec<char> = name.chars().filter(|letter| !letter.is_control()).collect();
    letters[letters.len().saturating_sub(60)..].iter().collect()
}

/// What operating systems leave behind in archives.
fn is_clutter(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or_default();
    name.starts_with("__MACOSX/")
        || last.starts_with('.')
        || last.eq_ignore_ascii_case("thumbs.db")
        || last.eq_ignore_ascii_case("desktop.ini")
}
