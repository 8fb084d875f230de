//! Files that are not what they seem: each is refused with a reason, and none takes more than its size deserves.

use crate::sheets::Sheet;
use crate::{archive, fixture, read, sheet};
use proptest::prelude::*;
use std::io::Cursor;
use trainyard_images::{PictureError, PictureSet, SetLimits};

fn code(bytes: &[u8]) -> &'static str {
    match read(bytes) {
        Ok(_) => "read",
        Err(error) => error.code(),
    }
}

/// A PNG of these claims and hardly any bytes.
fn claims(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 0, 0, 0, 0]);
    let mut sum = flate2::Crc::new();
    sum.update(&bytes[12..]);
    bytes.extend(sum.sum().to_be_bytes());
    bytes.extend(b"\x00\x00\x00\x00IDAT\x35\xaf\x06\x1e\x00\x00\x00\x00IEND\xae\x42\x60\x82");
    bytes
}

#[test]
fn what_is_no_picture_is_named() {
    let cases: [(&[u8], &str); 8] = [
        (b"", "empty"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            "an SVG drawing",
        ),
        (b"<?xml version='1.0'?><svg/>", "an SVG drawing"),
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"PK\x03\x04....", "a zip archive"),
        (b"II*\0....", "a TIFF picture"),
        (b"\0\0\0\x18ftypheic", "a HEIC or AVIF picture"),
        (b"just words", "a text"),
    ];
    for (bytes, words) in cases {
        let said = read(bytes).unwrap_err().to_string();
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn a_large_claim_is_refused_by_its_header() {
    assert_eq!(code(&claims(60_000, 60_000)), "too_many_pixels");
    assert_eq!(
        code(&claims(u32::MAX >> 1, u32::MAX >> 1)),
        "too_many_pixels"
    );
    assert_eq!(code(&claims(0, 5)), "damaged");
    assert_eq!(code(&claims(50, 50)), "damaged");
    let mut gif = b"GIF89a\xff\xff\xff\xff\x00\x00\x00".to_vec();
    gif.extend(b",\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;");
    assert_eq!(code(&gif), "too_many_pixels");
    let mut bmp = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    bmp.extend(60_000_u32.to_le_bytes());
    bmp.extend(60_000_u32.to_le_bytes());
    bmp.extend(b"\x01\0\x18\0\0\0\0\0");
    bmp.extend([0; 20]);
    assert_eq!(code(&bmp), "too_many_pixels");
}

#[test]
fn what_is_cut_short_is_damaged() {
    let (sheet, jpeg) = (sheet(), fixture("plain.jpg"));
    let whole = [
        sheet.png(),
        jpeg,
        sheet.bmp(24, true),
        sheet.webp(),
        Sheet::gif(std::slice::from_ref(&sheet)),
    ];
    for (number, whole) in whole.iter().enumerate() {
        for share in [2, 3, 10] {
            let cut = &whole[..whole.len() - whole.len() / share];
            assert_eq!(code(cut), "damaged", "{number} cut by 1/{share}");
        }
    }
}

#[test]
fn a_picture_is_nothing_else() {
    let picture = sheet().png();
    let zip = archive(&[("a", b"b")]);
    assert_eq!(code(&[picture.clone(), zip].concat()), "two_files");
    assert_eq!(
        code(&[picture.as_slice(), b"<SCRIPT>alert(1)</script>"].concat()),
        "two_files"
    );
    let gif = Sheet::gif(&[sheet()]);
    assert_eq!(
        code(&[gif.as_slice(), b"<html><body>"].concat()),
        "two_files"
    );
    assert_eq!(code(b"GIF89a/*<script>*/=1;"), "two_files");
}

#[test]
fn layers_are_counted() {
    let mut jpeg = fixture("plain.jpg");
    let frame = jpeg
        .windows(2)
        .position(|pair| pair == [0xff, 0xc0])
        .unwrap();
    // It claims to be 4,000 × 4,000 pixels. Each of these empty layers would pass over all of them.
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0x0f, 0xa0, 0x0f, 0xa0]);
    let layer = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0];
    let end = jpeg.len() - 2;
    let many = [&jpeg[..end], &layer.repeat(40), &jpeg[end..]].concat();
    assert_eq!(code(&many), "too_many_layers");
}

fn refused(bytes: &[u8]) -> String {
    let limits = SetLimits::default();
    match PictureSet::read(Cursor::new(bytes), &limits) {
        Err(error @ PictureError::Set { .. }) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn archives_stay_within_themselves() {
    let picture = sheet().png();
    for name in [
        "../a/1.png",
        "/a/1.png",
        "a/../../1.png",
        "C:\\a\\1.png",
        "a\\..\\1.png",
    ] {
        let said = refused(&archive(&[("a/0.png", &picture), (name, &picture)]));
        assert!(said.contains("points outside"), "{name}: {said}");
    }
}

#[test]
fn archives_do_not_swell() {
    let picture = sheet().png();
    let zeros = vec![0_u8; 11 << 20];
    let said = refused(&archive(&[("a/1.png", &picture), ("b/1.png", &zeros)]));
    assert!(said.contains("unpacks to more than"), "{said}");
    let nested = archive(&[("a/1.png", &picture)]);
    let said = refused(&archive(&[("a/1.png", &picture), ("b/1.png", &nested)]));
    assert!(said.contains("an archive itself"), "{said}");
    // Many that each stay within what one may have.
    let limits = SetLimits {
        unpacked: 3 << 20,
        ..SetLimits::default()
    };
    let megabyte = vec![0_u8; 1 << 20];
    let files: Vec<String> = (0..6)
        .map(|number| format!("{}/{number}.png", number % 2))
        .collect();
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|name| (name.as_str(), megabyte.as_slice()))
        .collect();
    let all = archive(&files);
    let said = PictureSet::read(Cursor::new(&all), &limits)
        .unwrap_err()
        .to_string();
    assert!(said.contains("unpacks to more than"), "{said}");
}

#[test]
fn a_million_entries_are_refused_before_they_are_listed() {
    // Nothing but the end of an archive of the newer kind, which announces them.
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.extend(b"PK\x06\x06");
    bytes.extend(44_u64.to_le_bytes());
    bytes.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    bytes.extend(1_000_000_u64.to_le_bytes());
    bytes.extend(1_000_000_u64.to_le_bytes());
    bytes.extend(46_000_000_u64.to_le_bytes());
    bytes.extend(4_u64.to_le_bytes());
    bytes.extend(b"PK\x06\x07\0\0\0\0");
    bytes.extend(4_u64.to_le_bytes());
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend(b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0");
    let said = refused(&bytes);
    assert!(said.contains("1000000 entries"), "{said}");
    let limits = SetLimits {
        entries: 3,
        ..SetLimits::default()
    };
    let few = archive(&[("a/1", b"x"), ("a/2", b"x"), ("b/1", b"x"), ("b/2", b"x")]);
    let said = PictureSet::read(Cursor::new(few), &limits)
        .unwrap_err()
        .to_string();
    assert!(said.contains("4 entries"), "{said}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn damaged_files_never_panic(which in 0_usize..6, at in 0.0_f64..1.0, value in any::<u8>(), length in 1_usize..9) {
        let mut bytes = match which {
            0 => sheet().png(),
            1 => fixture("layers.jpg"),
            2 => Sheet::gif(&[sheet()]),
            3 => sheet().webp(),
            4 => sheet().bmp(8, true),
            _ => archive(&[("a/1.png", &sheet().png()), ("b/1.png", &sheet().png())]),
        };
        let begin = (at * bytes.len() as f64) as usize;
        let end = (begin + length).min(bytes.len());
        bytes[begin..end].fill(value);
        let _ = read(&bytes).and_then(|grey| trainyard_images::frame(&grey, crate::DIGIT));
        let _ = PictureSet::read(Cursor::new(&bytes), &SetLimits::default());
    }

    #[test]
    fn any_bytes_never_panic(head in 0_usize..6, rest in prop::collection::vec(any::<u8>(), 0..400)) {
        const HEADS: [&[u8]; 6] = [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"PK\x03\x04"];
        let bytes = [HEADS[head], &rest].concat();
        let _ = read(&bytes);
        let _ = PictureSet::read(Cursor::new(&bytes), &SetLimits::default());
    }
}
