//! One reader for each format: bytes in, numbers out. None allocates for more pixels than the limits allow.

use super::{DecodeLimits, MOST_LAYERED_PIXELS, Pixels, Raw, kinds, turned};
use crate::PictureError;
use std::io::Cursor;
use std::num::NonZeroU64;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;

/// Bytes a reader may allocate for each pixel: four channels of two bytes, and as much again to work in.
const BYTES_PER_PIXEL: u64 = 16;
/// Bytes a reader may allocate besides.
const SPARE: u64 = 4 << 20;

fn memory(limits: &DecodeLimits) -> u64 {
    limits
        .pixels
        .saturating_mul(BYTES_PER_PIXEL)
        .saturating_add(SPARE)
}

fn room(bytes: Option<usize>, limits: &DecodeLimits) -> Result<Vec<u8>, PictureError> {
    match bytes {
        Some(bytes) if bytes as u64 <= memory(limits) => Ok(vec![0; bytes]),
        _ => Err(PictureError::damaged(
            "it asks for more memory than a picture of its size needs",
        )),
    }
}

pub(super) fn png(bytes: &[u8], limits: &DecodeLimits) -> Result<Raw, PictureError> {
    let allowed = png::Limits {
        bytes: usize::try_from(memory(limits)).unwrap_or(usize::MAX),
    };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), allowed);
    decoder.set_transformations(png::Transformations::EXPAND);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let mut reader = decoder.read_info().map_err(PictureError::damaged)?;
    let (width, height) = reader.info().size();
    limits.allow(width as usize, height as usize)?;
    let orientation = reader
        .info()
        .exif_metadata
        .as_deref()
        .and_then(turned::told)
        .unwrap_or(1);
    let mut pixels = room(reader.output_buffer_size(), limits)?;
    let frame = reader
        .next_frame(&mut pixels)
        .map_err(PictureError::damaged)?;
    pixels.truncate(frame.buffer_size());
    let channels = frame.color_type.samples();
    Ok(Raw {
        width: width as usize,
        pixels: match (frame.bit_depth, channels) {
            (png::BitDepth::Sixteen, channels) => Pixels::Wide(pixels, channels),
            (_, 1) => Pixels::Grey(pixels),
            (_, 2) => Pixels::GreyOpaque(pixels),
            (_, 3) => Pixels::Colour(pixels),
            _ => Pixels::ColourOpaque(pixels),
        },
        orientation,
    })
}

pub(super) fn jpeg(bytes: &[u8], limits: &DecodeLimits) -> Result<Raw, PictureError> {
    // Photographs with small faults are read; that their end is there was looked at before.
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(usize::MAX)
        .set_max_height(usize::MAX);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(PictureError::damaged)?;
    let (width, height) = decoder.dimensions().unwrap_or_default();
    let pixels = limits.allow(width, height)?;
    if pixels.saturating_mul(kinds::jpeg_layers(bytes)) > MOST_LAYERED_PIXELS.max(limits.pixels) {
        return Err(PictureError::TooManyLayers);
    }
    let is_grey = decoder.input_colorspace() == Some(ColorSpace::Luma);
    let wanted = if is_grey {
        ColorSpace::Luma
    } else {
        ColorSpace::RGB
    };
    decoder.set_options(options.jpeg_set_out_colorspace(wanted));
    let orientation = decoder
        .exif()
        .and_then(|exif| turned::told(exif))
        .unwrap_or(1);
    let mut pixels = room(decoder.output_buffer_size(), limits)?;
    decoder
        .decode_into(&mut pixels)
        .map_err(PictureError::damaged)?;
    Ok(Raw {
        width,
        pixels: if is_grey {
            Pixels::Grey(pixels)
        } else {
            Pixels::Colour(pixels)
        },
        orientation,
    })
}

pub(super) fn gif(bytes: &[u8], limits: &DecodeLimits) -> Result<Raw, PictureError> {
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    if let Some(most) = NonZeroU64::new(memory(limits)) {
        options.set_memory_limit(gif::MemoryLimit::Bytes(most));
    }
    let mut decoder = options
        .read_info(Cursor::new(bytes))
        .map_err(PictureError::damaged)?;
    let (width, height) = (usize::from(decoder.width()), usize::from(decoder.height()));
    limits.allow(width, height)?;
    let frame = decoder.read_next_frame().map_err(PictureError::damaged)?;
    let frame = frame.ok_or_else(|| PictureError::damaged("it holds no picture"))?;
    // The first picture may cover a part of the screen; the rest of it is transparent.
    let mut pixels = vec![0; width * height * 4];
    let (left, top) = (usize::from(frame.left), usize::from(frame.top));
    let across = usize::from(frame.width);
    for (row, line) in frame.buffer.chunks_exact((across * 4).max(1)).enumerate() {
        let row = top + row;
        let seen = across.min(width.saturating_sub(left)) * 4;
        if row < height {
            let begin = (row * width + left) * 4;
            if let Some(target) = pixels.get_mut(begin..begin + seen) {
                target.copy_from_slice(&line[..seen]);
            }
        }
    }
    Ok(Raw {
        width,
        pixels: Pixels::ColourOpaque(pixels),
        orientation: 1,
    })
}

pub(super) fn webp(bytes: &[u8], limits: &DecodeLimits) -> Result<Raw, PictureError> {
    let mut decoder =
        image_webp::WebPDecoder::new(Cursor::new(bytes)).map_err(PictureError::damaged)?;
    decoder.set_memory_limit(usize::try_from(memory(limits)).unwrap_or(usize::MAX));
    let (width, height) = decoder.dimensions();
    limits.allow(width as usize, height as usize)?;
    let exif = decoder.exif_metadata().map_err(PictureError::damaged)?;
    let mut pixels = room(decoder.output_buffer_size(), limits)?;
    let opaque = decoder.has_alpha();
    if decoder.is_animated() {
        decoder
            .read_frame(&mut pixels)
            .map_err(PictureError::damaged)?;
    } else {
        decoder
            .read_image(&mut pixels)
            .map_err(PictureError::damaged)?;
    }
    Ok(Raw {
        width: width as usize,
        pixels: if opaque {
            Pixels::ColourOpaque(pixels)
        } else {
            Pixels::Colour(pixels)
        },
        orientation: exif.as_deref().and_then(turned::told).unwrap_or(1),
    })
}
