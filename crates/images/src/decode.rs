//! From the bytes of a picture file to brightness. What a file claims is looked at before anything is allocated for it:
//! its kind by its first bytes, its size by its header, the layers of a JPEG by counting them. The first picture of an
//! animation counts; turned photographs are turned back; what is transparent gets the background its content stands out
//! from.
//!
//! `kinds` tells formats apart, `formats` has a reader for each, `bmp` is one of our own, `turned` knows how a camera was held.

mod bmp;
mod formats;
mod kinds;
mod turned;

use crate::{Grey, PictureError};
use kinds::Kind;

/// The longest side kept of a picture; larger ones are shrunk by a whole factor while they are read.
const LONGEST: usize = 1024;
/// Pixels times layers of a progressive JPEG: each layer passes over the whole picture, however few bytes it has.
const MOST_LAYERED_PIXELS: u64 = 600_000_000;

/// How much of a picture is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeLimits {
    /// Bytes of a file.
    pub bytes: usize,
    /// Pixels of a picture.
    pub pixels: u64,
}

impl Default for DecodeLimits {
    /// 10 MiB and 24 million pixels: photographs of most telephones.
    fn default() -> Self {
        Self {
            bytes: 10 << 20,
            pixels: 24_000_000,
        }
    }
}

impl DecodeLimits {
    /// The number of pixels, when so many are read.
    fn allow(&self, width: usize, height: usize) -> Result<u64, PictureError> {
        let pixels = (width as u64).saturating_mul(height as u64);
        if pixels > self.pixels {
            return Err(PictureError::TooManyPixels {
                width: width as u64,
                height: height as u64,
                limit: self.pixels,
            });
        }
        if pixels == 0 {
            return Err(PictureError::damaged("it has no pixels"));
        }
        Ok(pixels)
    }
}

/// A picture as its reader gives it: so many numbers a pixel.
struct Raw {
    width: usize,
    pixels: Pixels,
    /// EXIF's number for how the camera was held.
    orientation: u8,
}

/// What pixels are made of.
enum Pixels {
    Grey(Vec<u8>),
    GreyOpaque(Vec<u8>),
    Colour(Vec<u8>),
    ColourOpaque(Vec<u8>),
    /// The same in two bytes, the higher first, of so many channels.
    Wide(Vec<u8>, usize),
}

/// Reads a PNG (also of 16 bits), JPEG (also CMYK), GIF, WebP or BMP file.
///
/// # Errors
/// [`PictureError`]; what goes beyond the limits is refused by its header.
pub fn decode(bytes: &[u8], limits: &DecodeLimits) -> Result<Grey, PictureError> {
    if bytes.is_empty() {
        return Err(PictureError::Empty);
    }
    if bytes.len() > limits.bytes {
        return Err(PictureError::TooManyBytes {
            limit: limits.bytes,
        });
    }
    let kind = kinds::kind(bytes)?;
    if let Some((width, height)) = kinds::claimed(bytes, kind) {
        limits.allow(width as usize, height as usize)?;
    }
    let read = || {
        let raw = match kind {
            Kind::Png => formats::png(bytes, limits),
            Kind::Jpeg => formats::jpeg(bytes, limits),
            Kind::Gif => formats::gif(bytes, limits),
            Kind::WebP => formats::webp(bytes, limits),
            Kind::Bmp => bmp::read(bytes, limits),
        }?;
        let (mirrored, quarters) = turned::back(raw.orientation);
        Ok(grey(&raw).turned(mirrored, quarters))
    };
    // Foreign bytes through a foreign parser: what it panics on is a damaged file.
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(PictureError::damaged("its content")))
}

/// Looks only at whether bytes are of a format that is read, not whether they can be.
///
/// # Errors
/// [`PictureError::Empty`], [`PictureError::Unknown`], [`PictureError::TwoFiles`].
pub fn recognise(bytes: &[u8]) -> Result<(), PictureError> {
    if bytes.is_empty() {
        return Err(PictureError::Empty);
    }
    kinds::kind(bytes).map(|_| ())
}

/// Brightness and opacity of pixels, whatever they are made of.
fn grey(raw: &Raw) -> Grey {
    let byte = |value: u8| f32::from(value) / 255.0;
    let word = |high: u8, low: u8| f32::from(u16::from_be_bytes([high, low])) / 65535.0;
    let width = raw.width;
    match &raw.pixels {
        Pixels::Grey(own) => shrunk(width, own, |[value]| (byte(value), 1.0)),
        Pixels::GreyOpaque(own) => {
            shrunk(width, own, |[value, opaque]| (byte(value), byte(opaque)))
        }
        Pixels::Colour(own) => shrunk(width, own, |colours: [u8; 3]| {
            (brightness(colours.map(byte)), 1.0)
        }),
        Pixels::ColourOpaque(own) => shrunk(width, own, |[red, green, blue, opaque]| {
            (brightness([red, green, blue].map(byte)), byte(opaque))
        }),
        Pixels::Wide(own, 1) => shrunk(width, own, |[a, b]| (word(a, b), 1.0)),
        Pixels::Wide(own, 2) => shrunk(width, own, |[a, b, c, d]| (word(a, b), word(c, d))),
        Pixels::Wide(own, 3) => shrunk(width, own, |[a, b, c, d, e, f]| {
            (brightness([word(a, b), word(c, d), word(e, f)]), 1.0)
        }),
        Pixels::Wide(own, _) => shrunk(width, own, |[a, b, c, d, e, f, g, h]| {
            (brightness([word(a, b), word(c, d), word(e, f)]), word(g, h))
        }),
    }
}

/// How bright a colour looks (ITU-R BT.709).
fn brightness([red, green, blue]: [f32; 3]) -> f32 {
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// Means over squares of pixels, laid on black where what is opaque is bright, on white where it is dark.
fn shrunk<const BYTES: usize>(
    width: usize,
    raw: &[u8],
    read: impl Fn([u8; BYTES]) -> (f32, f32),
) -> Grey {
    let (pixels, _) = raw.as_chunks::<BYTES>();
    let height = pixels.len() / width.max(1);
    let factor = width.max(height).div_ceil(LONGEST).max(1);
    let (across, down) = (width.div_ceil(factor), height.div_ceil(factor));
    let mut sums = vec![(0.0_f32, 0.0_f32, 0.0_f32); across * down];
    for (row, line) in pixels.chunks_exact(width.max(1)).enumerate() {
        let targets = &mut sums[row / factor * across..][..across];
        for (column, pixel) in line.iter().enumerate() {
            let (value, opaque) = read(*pixel);
            let sum = &mut targets[column / factor];
            sum.0 += value * opaque;
            sum.1 += opaque;
            sum.2 += 1.0;
        }
    }
    let (bright, opaque) = sums.iter().fold((0.0_f64, 0.0_f64), |all, sum| {
        (all.0 + f64::from(sum.0), all.1 + f64::from(sum.1))
    });
    let behind = if bright > 0.5 * opaque { 0.0 } else { 1.0 };
    let values = sums
        .iter()
        .map(|(value, opaque, count)| (value + behind * (count - opaque)) / count.max(1.0));
    Grey::new(across, down, values.collect())
}
