//! BMP as programs of today write it: 1, 4, 8, 16, 24 or 32 bits a pixel, not compressed.

use super::{DecodeLimits, Pixels, Raw};
use crate::PictureError;

/// Where the second header begins, and how long it is at least.
const HEADER: usize = 14;
const SHORTEST: usize = 40;
/// Numbers that compression may be: none, or none with masks for the colours.
const PLAIN: u32 = 0;
const MASKED: u32 = 3;

/// Reads such a file.
pub(super) fn read(bytes: &[u8], limits: &DecodeLimits) -> Result<Raw, PictureError> {
    parts(bytes, limits)?.ok_or_else(|| PictureError::damaged("it is cut short"))
}

fn parts(bytes: &[u8], limits: &DecodeLimits) -> Result<Option<Raw>, PictureError> {
    let short = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let long = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let head = (
        long(10),
        long(HEADER),
        long(18),
        long(22),
        short(28),
        long(30),
        long(46),
    );
    let (
        Some(begin),
        Some(header),
        Some(width),
        Some(height),
        Some(bits),
        Some(compression),
        Some(colours),
    ) = head
    else {
        return Ok(None);
    };
    if (header as usize) < SHORTEST || !matches!(compression, PLAIN | MASKED) {
        return Err(PictureError::damaged(
            "it is a BMP of a kind that is not read; save it as PNG",
        ));
    }
    // Rows stand from the bottom up unless the height is below 0.
    let upwards = (height as i32) >= 0;
    let (width, height) = (
        (width as i32).unsigned_abs() as usize,
        (height as i32).unsigned_abs() as usize,
    );
    limits.allow(width, height)?;
    let stride = (width * usize::from(bits)).div_ceil(32) * 4;
    let Some(rows) = bytes
        .get(begin as usize..)
        .and_then(|rest| rest.get(..stride * height))
    else {
        return Ok(None);
    };
    let behind = HEADER + header as usize;
    let entries = match (bits, colours as usize) {
        (1 | 4 | 8, 0) => 1 << bits,
        (1 | 4 | 8, given) => given.min(1 << bits),
        _ => 0,
    };
    let Some(palette) = bytes.get(behind..behind + 4 * entries) else {
        return Ok(None);
    };
    let masks = match (compression, bits) {
        (MASKED, _) => [long(54), long(58), long(62)].map(Option::unwrap_or_default),
        (_, 16) => [0x7c00, 0x03e0, 0x001f],
        _ => [0x00ff_0000, 0x0000_ff00, 0x0000_00ff],
    };
    let mut pixels = Vec::with_capacity(width * height * 3);
    for row in 0..height {
        let row = if upwards { height - 1 - row } else { row };
        let line = &rows[row * stride..][..stride];
        for column in 0..width {
            let colour = match bits {
                1 | 4 | 8 => {
                    let place = column * usize::from(bits);
                    let shift = 8 - usize::from(bits) - place % 8;
                    let index = usize::from(line[place / 8] >> shift) & ((1 << bits) - 1);
                    let entry = palette.get(4 * index..4 * index + 3).unwrap_or(&[0, 0, 0]);
                    [entry[2], entry[1], entry[0]]
                }
                16 => masked(
                    u32::from(u16::from_le_bytes([line[2 * column], line[2 * column + 1]])),
                    masks,
                ),
                24 => [line[3 * column + 2], line[3 * column + 1], line[3 * column]],
                32 => {
                    let own = &line[4 * column..4 * column + 4];
                    masked(u32::from_le_bytes([own[0], own[1], own[2], own[3]]), masks)
                }
                _ => {
                    return Err(PictureError::damaged(
                        "it has a number of bits a pixel that no BMP has",
                    ));
                }
            };
            pixels.extend(colour);
        }
    }
    Ok(Some(Raw {
        width,
        pixels: Pixels::Colour(pixels),
        orientation: 1,
    }))
}

/// The parts of a number that the masks cut out, as bytes.
fn masked(value: u32, masks: [u32; 3]) -> [u8; 3] {
    masks.map(|mask| {
        let shift = mask.trailing_zeros() % 32;
        let most = u64::from(mask >> shift).max(1);
        (u64::from((value & mask) >> shift) * 255 / most) as u8
    })
}
