//! What kind of file this is, by its bytes alone: names and announced types are not believed.

use crate::PictureError;

/// A format that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Png,
    Jpeg,
    Gif,
    WebP,
    Bmp,
}

/// Where a text has to show what it is.
const HEAD: usize = 1024;
/// Where an archive's list of contents ends.
const TAIL: usize = 66_000;

/// The format of a picture that is nothing else at the same time.
pub(super) fn kind(bytes: &[u8]) -> Result<Kind, PictureError> {
    let kind = match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Kind::Png,
        [0xff, 0xd8, 0xff, ..] => Kind::Jpeg,
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Kind::Gif,
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Kind::WebP,
        [b'B', b'M', ..] => Kind::Bmp,
        _ => return Err(PictureError::Unknown { what: other(bytes) }),
    };
    if let Some(what) = hidden(bytes) {
        return Err(PictureError::TwoFiles { what });
    }
    if kind == Kind::Jpeg && !ends(bytes) {
        return Err(PictureError::damaged("its end is missing"));
    }
    Ok(kind)
}

/// Width and height as the header says, where they stand at one place.
pub(super) fn claimed(bytes: &[u8], kind: Kind) -> Option<(u32, u32)> {
    let part = |at: usize| bytes.get(at..at + 4)?.try_into().ok();
    let short = |at: usize| {
        Some(u32::from(u16::from_le_bytes(
            bytes.get(at..at + 2)?.try_into().ok()?,
        )))
    };
    match kind {
        Kind::Png => Some((u32::from_be_bytes(part(16)?), u32::from_be_bytes(part(20)?))),
        Kind::Gif => Some((short(6)?, short(8)?)),
        // Rows that go from the top down have a height below 0; the oldest headers are shorter and small.
        Kind::Bmp if part(14).map(u32::from_le_bytes)? >= 40 => {
            let side = |at| Some(i32::from_le_bytes(part(at)?).unsigned_abs());
            Some((side(18)?, side(22)?))
        }
        _ => None,
    }
}

/// Layers of a JPEG. Within picture data 0xff is always followed by 0, so that the mark stands for a layer only.
pub(super) fn jpeg_layers(bytes: &[u8]) -> u64 {
    bytes
        .windows(2)
        .filter(|pair| *pair == [0xff, 0xda])
        .count() as u64
}

/// Whether an end is marked behind the last layer of a JPEG; its reader fills up with grey what is missing.
fn ends(bytes: &[u8]) -> bool {
    let last = bytes.windows(2).rposition(|pair| pair == [0xff, 0xda]);
    let behind = last.and_then(|last| bytes.get(last..)).unwrap_or_default();
    behind.windows(2).any(|pair| pair == [0xff, 0xd9])
}

/// What else a picture is: something that other programs would run or unpack.
fn hidden(bytes: &[u8]) -> Option<&'static str> {
    let within = |part: &[u8], mark: &[u8]| {
        part.windows(mark.len())
            .any(|window| window.eq_ignore_ascii_case(mark))
    };
    let tail = &bytes[bytes.len().saturating_sub(TAIL)..];
    let head = &bytes[..bytes.len().min(HEAD)];
    if within(tail, b"PK\x05\x06") {
        return Some("a zip archive");
    }
    if within(head, b"%PDF-") {
        return Some("a PDF document");
    }
    const PAGES: [&[u8]; 4] = [b"<script", b"<html", b"<svg ", b"<?php"];
    PAGES
        .iter()
        .any(|mark| within(bytes, mark))
        .then_some("a page or a script")
}

/// What a file that is no picture looks like.
fn other(bytes: &[u8]) -> &'static str {
    let head = &bytes[..bytes.len().min(HEAD)];
    let has = |mark: &[u8]| {
        head.windows(mark.len())
            .any(|window| window.eq_ignore_ascii_case(mark))
    };
    match bytes {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => "a zip archive",
        [b'%', b'P', b'D', b'F', ..] => "a PDF document",
        [b'I', b'I', 0x2a, 0, ..] | [b'M', b'M', 0, 0x2a, ..] => "a TIFF picture",
        [0x1f, 0x8b, ..] => "a compressed file",
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => "a HEIC or AVIF picture or a film",
        _ if has(b"<svg") => "an SVG drawing",
        _ if has(b"<html") || has(b"<!doctype") => "a web page",
        _ if head
            .iter()
            .all(|byte| matches!(byte, 9 | 10 | 13 | 32..=126 | 128..)) =>
        {
            "a text"
        }
        _ => "no picture",
    }
}
