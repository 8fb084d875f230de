//! Pictures and archives from friends and strangers: bytes in, pixels or a reason out.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a failed step is a failed test; fixtures are files"
)]

mod archives;
mod files;
mod hostile;
mod ink;
mod sheets;

use sheets::Sheet;
use std::io::{Cursor, Write};
use trainyard_images::{DecodeLimits, Drawing, Grey, Picture, PictureError, decode, frame};
use trainyard_table::{PictureContent, PictureShape};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const DIGIT: PictureShape = PictureShape {
    height: 28,
    width: 28,
    content: PictureContent::Ink,
};

fn read(bytes: &[u8]) -> Result<Grey, PictureError> {
    decode(bytes, &DecodeLimits::default())
}

fn framed(bytes: &[u8]) -> Result<Picture, PictureError> {
    frame(&read(bytes)?, DIGIT)
}

/// A letter L: a tall stem, and a foot to the right.
fn letter() -> Drawing {
    Drawing {
        width: 60.0,
        height: 40.0,
        pen: Some(4.0),
        strokes: vec![vec![[22.0, 8.0], [22.0, 31.0], [36.0, 31.0]]],
    }
}

/// The letter, dark on white.
fn sheet() -> Sheet {
    let grey = letter().draw().unwrap();
    let values = grey
        .values()
        .iter()
        .map(|value| 255 - (value * 255.0) as u8);
    Sheet {
        width: grey.width(),
        height: grey.height(),
        values: values.collect(),
    }
}

/// A file beside the tests.
fn fixture(name: &str) -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    std::fs::read(folder.join(name)).unwrap()
}

/// How much two pictures differ: the share of the ink of both that is not where the other has some.
fn apart(one: &Picture, other: &Picture) -> f64 {
    let pairs = || one.pixels.iter().zip(&other.pixels);
    let differ: f64 = pairs()
        .map(|(one, other)| f64::from(one.abs_diff(*other)))
        .sum();
    let all: f64 = pairs()
        .map(|(one, other)| f64::from(*one) + f64::from(*other))
        .sum();
    differ / all
}

/// A zip archive of these files.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
