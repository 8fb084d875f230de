//! LeCun's format: big-endian sizes, then bytes. One file of pictures and one of labels, each perhaps compressed.

use super::archive::{Archive, shown};
use super::{PictureSet, SetLimits, content};
use crate::PictureError;
use flate2::read::MultiGzDecoder;
use std::io::{Read, Seek};
use trainyard_table::PictureShape;

/// What a file begins with: bytes, in so many dimensions.
const PICTURES: [u8; 4] = [0, 0, 8, 3];
const LABELS: [u8; 4] = [0, 0, 8, 1];
/// The longest side of a picture.
const LARGEST: usize = 128;

pub(super) fn read<R: Read + Seek>(
    archive: &mut Archive<R>,
    limits: &SetLimits,
) -> Result<PictureSet, PictureError> {
    let files = std::mem::take(&mut archive.files);
    let most = limits.pixels.saturating_add(16);
    let (mut pictures, mut labels) = (None, None);
    for (place, name) in &files {
        let bytes = unpacked(archive.bytes(*place, most)?, most, name)?;
        let target = match bytes.get(..4) {
            Some(head) if head == PICTURES => &mut pictures,
            Some(head) if head == LABELS => &mut labels,
            _ => {
                return Err(PictureError::set(format!(
                    "'{}' is no IDX file of bytes in one or three dimensions; bring one file of pictures and one of labels",
                    shown(name)
                )));
            }
        };
        if target.replace(bytes).is_some() {
            return Err(PictureError::set(
                "the archive has more than one pair of IDX files; bring one file of pictures and one of labels",
            ));
        }
    }
    let (Some(pictures), Some(labels)) = (pictures, labels) else {
        return Err(PictureError::set(
            "one of a pair of IDX files is missing; bring one file of pictures and one of labels",
        ));
    };
    set(&pictures, &labels)
}

fn set(pictures: &[u8], labels: &[u8]) -> Result<PictureSet, PictureError> {
    let cut =
        || PictureError::set("an IDX file is cut short or longer than it says; make it again");
    let size = |bytes: &[u8], place: usize| {
        let word = bytes.get(4 * place + 4..4 * place + 8)?;
        Some(u32::from_be_bytes(word.try_into().ok()?) as usize)
    };
    let sizes = (
        size(pictures, 0),
        size(pictures, 1),
        size(pictures, 2),
        size(labels, 0),
    );
    let (Some(count), Some(height), Some(width), Some(labelled)) = sizes else {
        return Err(cut());
    };
    if count != labelled {
        return Err(PictureError::set(format!(
            "{count} pictures and {labelled} labels do not belong together; bring the pair of one set"
        )));
    }
    if count == 0 || !(1..=LARGEST).contains(&height) || !(1..=LARGEST).contains(&width) {
        return Err(PictureError::set(format!(
            "{count} pictures of {height} × {width} pixels cannot be learned from; sides are 1 to {LARGEST}"
        )));
    }
    let (pixels, labels) = (&pictures[16..], &labels[8..]);
    if count.checked_mul(height * width) != Some(pixels.len()) || labels.len() != count {
        return Err(cut());
    }
    let mut known: Vec<u8> = labels.to_vec();
    known.sort_unstable();
    known.dedup();
    let place = |label: &u8| known.binary_search(label).unwrap_or_default() as u32;
    Ok(PictureSet {
        shape: PictureShape {
            height,
            width,
            content: content(pixels, height, width),
        },
        classes: known.iter().map(u8::to_string).collect(),
        labels: labels.iter().map(place).collect(),
        pixels: pixels.to_vec(),
        left_out: Vec::new(),
        left_out_count: 0,
    })
}

fn unpacked(bytes: Vec<u8>, most: u64, name: &str) -> Result<Vec<u8>, PictureError> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut plain = Vec::new();
    let read = MultiGzDecoder::new(bytes.as_slice())
        .take(most.saturating_add(1))
        .read_to_end(&mut plain);
    if read.is_err() {
        return Err(PictureError::set(format!(
            "'{}' is damaged; compress it again",
            shown(name)
        )));
    }
    if plain.len() as u64 > most {
        return Err(PictureError::set(format!(
            "'{}' unpacks to more than {most} bytes; leave some pictures out",
            shown(name)
        )));
    }
    Ok(plain)
}
