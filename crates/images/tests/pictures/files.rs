//! Every format and every way of writing one down gives the same picture.

use crate::sheets::Sheet;
use crate::{DIGIT, apart, fixture, framed, letter, read, sheet};
use png::{BitDepth, ColorType};
use trainyard_images::{DecodeLimits, PictureError, decode, frame, png};

#[test]
fn all_formats_show_the_same() {
    let drawn = frame(&letter().draw().unwrap(), DIGIT).unwrap();
    let sheet = sheet();
    let cases = [
        ("PNG", sheet.png()),
        (
            "PNG of 16 bits",
            sheet.png_of(ColorType::Grayscale, BitDepth::Sixteen, |value| {
                vec![value; 2]
            }),
        ),
        (
            "PNG in colour",
            sheet.png_of(ColorType::Rgb, BitDepth::Eight, |value| vec![value; 3]),
        ),
        (
            "PNG in much colour",
            sheet.png_of(ColorType::Rgb, BitDepth::Sixteen, |value| vec![value; 6]),
        ),
        (
            "PNG in opaque colour",
            sheet.png_of(ColorType::Rgba, BitDepth::Eight, |value| {
                vec![value, value, value, 255]
            }),
        ),
        (
            "PNG in much opaque colour",
            sheet.png_of(ColorType::Rgba, BitDepth::Sixteen, |value| {
                [vec![value; 6], vec![255; 2]].concat()
            }),
        ),
        ("GIF", Sheet::gif(std::slice::from_ref(&sheet))),
        ("BMP of 8 bits", sheet.bmp(8, true)),
        ("BMP of 24 bits", sheet.bmp(24, true)),
        ("BMP of 32 bits", sheet.bmp(32, false)),
        ("WebP", sheet.webp()),
        ("JPEG", fixture("plain.jpg")),
        ("JPEG of printing inks", fixture("cmyk.jpg")),
        ("JPEG in layers", fixture("layers.jpg")),
        ("JPEG lying on its side", fixture("turned.jpg")),
    ];
    for (name, bytes) in cases {
        let seen = framed(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(
            apart(&drawn, &seen) < 0.3,
            "{name}: {}",
            apart(&drawn, &seen)
        );
    }
}

#[test]
fn sixteen_bits_are_not_cut_to_eight() {
    // All of it within one step of 8 bits, which is nothing to see; and within sixty, which is.
    let faint = |part: u16| {
        let pixel = |value: u8| (20_000 + u16::from(value) * part).to_be_bytes().to_vec();
        framed(&sheet().png_of(ColorType::Grayscale, BitDepth::Sixteen, pixel))
    };
    assert_eq!(faint(1), Err(PictureError::Blank));
    assert!(faint(60).is_ok());
}

#[test]
fn what_is_transparent_is_background_whatever_the_ink() {
    let drawn = frame(&letter().draw().unwrap(), DIGIT).unwrap();
    for ink in [0, 255] {
        let clear = sheet().png_of(ColorType::GrayscaleAlpha, BitDepth::Eight, |value| {
            vec![ink, 255 - value]
        });
        let seen = framed(&clear).unwrap();
        assert!(
            apart(&drawn, &seen) < 0.1,
            "ink {ink}: {}",
            apart(&drawn, &seen)
        );
    }
}

#[test]
fn the_first_picture_of_an_animation_counts() {
    let first = sheet();
    let second = Sheet::of(first.width, first.height, |_, _| 255);
    assert!(framed(&Sheet::gif(&[first.clone(), second.clone()])).is_ok());
    assert_eq!(
        framed(&Sheet::gif(&[second, first])),
        Err(PictureError::Blank)
    );
}

#[test]
fn large_pictures_are_shrunk_while_they_are_read() {
    let large = Sheet::of(3000, 2000, |row, column| ((row + column) % 256) as u8);
    let grey = read(&large.png()).unwrap();
    assert_eq!((grey.width(), grey.height()), (1000, 667));
}

#[test]
fn the_preview_is_the_picture() {
    let picture = framed(&sheet().png()).unwrap();
    let shown = read(&png(&picture).unwrap()).unwrap();
    let values = shown
        .values()
        .iter()
        .map(|value| (value * 255.0).round() as u8);
    assert_eq!(values.collect::<Vec<_>>(), picture.pixels);
}

#[test]
fn limits_are_what_they_say() {
    let limits = DecodeLimits {
        bytes: 10_000,
        pixels: 100,
    };
    let small = Sheet::of(10, 10, |_, column| column as u8 * 20);
    assert!(decode(&small.png(), &limits).is_ok());
    let wide = Sheet::of(101, 1, |_, _| 0);
    for bytes in [
        wide.png(),
        Sheet::gif(std::slice::from_ref(&wide)),
        wide.bmp(24, true),
        wide.webp(),
    ] {
        let refused = PictureError::TooManyPixels {
            width: 101,
            height: 1,
            limit: 100,
        };
        assert_eq!(decode(&bytes, &limits), Err(refused));
    }
    assert_eq!(
        decode(&[0; 10_001], &limits),
        Err(PictureError::TooManyBytes { limit: 10_000 })
    );
}
