//! Brings brightness to the form of a model's pictures: something written is found, cut out and centred as the training
//! pictures were; anything else is shown whole.

use crate::{Grey, PictureError, ink};
use trainyard_table::{Column, Kind, PictureContent, PictureShape, Table, TableError};

/// A picture as a model sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Rows of pixels.
    pub height: usize,
    /// Pixels in each.
    pub width: usize,
    /// Brightness, row by row, 0 is black.
    pub pixels: Vec<u8>,
}

/// Brings brightness to this form.
///
/// # Errors
/// [`PictureError::Blank`] when nothing stands out.
pub fn frame(grey: &Grey, shape: PictureShape) -> Result<Picture, PictureError> {
    let framed = match shape.content {
        PictureContent::Ink => ink::framed(grey, shape.height, shape.width)?,
        PictureContent::Scene => whole(grey, shape.height, shape.width)?,
    };
    Ok(Picture {
        height: shape.height,
        width: shape.width,
        pixels: framed.values().iter().map(|value| byte(*value)).collect(),
    })
}

pub(crate) fn byte(value: f32) -> u8 {
    (value.clamp(0.0, 1.0) * 255.0).round() as u8
}

/// The largest part in the middle that has the right proportions.
fn whole(grey: &Grey, height: usize, width: usize) -> Result<Grey, PictureError> {
    let values = grey.values().iter().copied();
    let (low, high) = values.fold((f32::MAX, f32::MIN), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    // One step of 8 bits is no difference anybody made.
    if high - low < 1.5 / 255.0 {
        return Err(PictureError::Blank);
    }
    let scale = (grey.width() as f64 / width as f64).min(grey.height() as f64 / height as f64);
    let side =
        |length: usize, most: usize| ((length as f64 * scale).round() as usize).clamp(1, most);
    let (across, down) = (side(width, grey.width()), side(height, grey.height()));
    let (left, top) = ((grey.width() - across) / 2, (grey.height() - down) / 2);
    Ok(grey.cut(top, left, down, across).resized(width, height))
}

/// One row a picture, whose columns have these names, pixel by pixel, as they stand in the table a model learned from:
/// brightness is brought from 0 to 255 to its range.
///
/// # Errors
/// [`TableError`] when a name stands twice.
pub fn rows<'a>(
    pictures: &[Picture],
    names: impl IntoIterator<Item = &'a str>,
    white: f64,
) -> Result<Table, TableError> {
    let columns = names.into_iter().enumerate().map(|(place, name)| {
        let pixels = pictures.iter().map(|picture| {
            let pixel = picture.pixels.get(place)?;
            Some(f64::from(*pixel) / 255.0 * white)
        });
        Column::numbers(name, Kind::Number, pixels, None)
    });
    Table::new(columns.collect())
}
