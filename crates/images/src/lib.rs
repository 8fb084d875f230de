//! Pictures become numbers: files are decoded within bounds, brought to the form a model learned from, and gathered into
//! tables of pixel columns.
//!
//! What it may touch: bytes and readers that are passed in. No files, no clock, no model. Whatever comes in is hostile:
//! sizes are looked at before anything is allocated for them. Read in the order data flows:
//!
//! 1. [`decode`](mod@decode) turns a file into [`Grey`] brightness, [`drawing`] does so for strokes drawn on a screen;
//! 2. [`frame`](mod@frame) brings that to the form of a model's pictures, which [`preview`] shows as a PNG;
//! 3. [`set`] reads data sets: an archive of class folders, or of an IDX pair; and archives of pictures to be answered.

pub mod decode;
pub mod drawing;
mod error;
pub mod frame;
mod grey;
mod ink;
pub mod preview;
pub mod set;

pub use decode::{DecodeLimits, decode, recognise};
pub use drawing::Drawing;
pub use error::PictureError;
pub use frame::{Picture, frame, rows};
pub use grey::Grey;
pub use preview::png;
pub use set::{
    ArchiveCheck, PictureFile, PictureFiles, PicturePacker, PictureSet, SetLimits, is_archive,
};
