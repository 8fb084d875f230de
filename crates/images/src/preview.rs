//! "What the model sees", as a file that a browser shows.

use crate::{Picture, PictureError};

/// The picture as a grey PNG.
///
/// # Errors
/// [`PictureError::Damaged`] when the picture has no pixels.
pub fn png(picture: &Picture) -> Result<Vec<u8>, PictureError> {
    let size = |side: usize| u32::try_from(side).unwrap_or(0);
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, size(picture.width), size(picture.height));
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(PictureError::damaged)?;
    writer
        .write_image_data(&picture.pixels)
        .map_err(PictureError::damaged)?;
    writer.finish().map_err(PictureError::damaged)?;
    Ok(bytes)
}
