//! Data sets of pictures: a zip archive of one folder a class, or of an IDX pair (LeCun's format: one file of pictures, one
//! of labels). Either becomes bytes of pixels, and those a table.

mod archive;
mod files;
mod folders;
mod idx;
mod pack;

use crate::decode::DecodeLimits;
use crate::{Picture, PictureError};
use std::io::{Read, Seek};
use trainyard_table::{Column, Kind, PictureContent, PictureShape, Table, TableError};

pub use archive::{ArchiveCheck, is_archive};
pub use files::{PictureFile, PictureFiles};
pub use pack::PicturePacker;

/// The column that says what a picture shows.
pub const LABEL: &str = "label";

/// How much of a set is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetLimits {
    /// Entries of an archive, folders included.
    pub entries: u64,
    /// Bytes that all entries together unpack to.
    pub unpacked: u64,
    /// Pixels of all pictures together, in the form they are learned from.
    pub pixels: u64,
    /// How much of each picture is read.
    pub picture: DecodeLimits,
}

impl Default for SetLimits {
    /// 120,000 entries, 4 GiB unpacked, and 70,000 pictures of 28 × 28.
    fn default() -> Self {
        Self {
            entries: 120_000,
            unpacked: 4 << 30,
            pixels: 70_000 * 28 * 28,
            picture: DecodeLimits::default(),
        }
    }
}

/// Pictures of one form, each with what it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureSet {
    /// The form of every picture.
    pub shape: PictureShape,
    /// What pictures may show, sorted.
    pub classes: Vec<String>,
    /// One position in `classes` a picture.
    pub labels: Vec<u32>,
    /// Brightness, picture by picture.
    pub pixels: Vec<u8>,
    /// Files that were left out, and why, the first few.
    pub left_out: Vec<String>,
    /// How many files were left out.
    pub left_out_count: usize,
}

impl PictureSet {
    /// Reads an archive. Memory holds the pixels and no more than a few files at a time.
    ///
    /// # Errors
    /// [`PictureError::Set`] for an archive that is none, that would swell beyond the limits or reach outside of itself, and
    /// for one without classes; [`PictureError`] of the first picture when none can be read.
    pub fn read<R: Read + Seek>(source: R, limits: &SetLimits) -> Result<Self, PictureError> {
        let mut archive = archive::Archive::open(source, limits)?;
        if archive.holds_idx()? {
            idx::read(&mut archive, limits)
        } else {
            folders::read(&mut archive, limits)
        }
    }

    /// Number of pictures.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// One picture.
    pub fn picture(&self, index: usize) -> Option<Picture> {
        let size = self.shape.pixels();
        let pixels = self
            .pixels
            .get(index.checked_mul(size)?..(index + 1).checked_mul(size)?)?;
        Some(Picture {
            height: self.shape.height,
            width: self.shape.width,
            pixels: pixels.to_vec(),
        })
    }

    /// A table of one column a pixel and the label behind them.
    ///
    /// # Errors
    /// [`TableError`] when the parts do not fit.
    pub fn table(&self) -> Result<Table, TableError> {
        let size = self.shape.pixels();
        let pixel = |(place, name): (usize, String)| {
            let values = self.pixels.iter().skip(place).step_by(size.max(1));
            Column::numbers(
                name,
                Kind::Integer,
                values.map(|value| Some(f64::from(*value))),
                None,
            )
        };
        let mut columns: Vec<Column> = self.shape.columns().enumerate().map(pixel).collect();
        let labels = self.labels.iter().map(|label| {
            let class = self.classes.get(*label as usize);
            class.map(String::as_str)
        });
        columns.push(Column::strings(LABEL, Kind::Category, labels));
        Table::new(columns)
    }
}

/// Whether pictures of this form hold something drawn on an even background: then later ones are cut out and centred.
fn content(pixels: &[u8], height: usize, width: usize) -> PictureContent {
    let size = height * width;
    let even = |picture: &&[u8]| {
        let rim = picture.iter().enumerate().filter(|(pixel, _)| {
            let (row, column) = (pixel / width, pixel % width);
            row == 0 || row + 1 == height || column == 0 || column + 1 == width
        });
        let (mut dark, mut all) = (0, 0);
        for (_, value) in rim {
            dark += usize::from(*value < 32);
            all += 1;
        }
        // Dark all around, and half of it dark within: bright lines on black.
        let inside = picture.iter().filter(|value| **value < 64).count();
        dark * 10 >= all * 9 && inside * 2 >= size
    };
    let pictures = pixels.chunks_exact(size.max(1));
    let (count, drawn) = (pictures.len(), pictures.filter(even).count());
    if drawn * 10 >= count * 9 {
        PictureContent::Ink
    } else {
        PictureContent::Scene
    }
}
