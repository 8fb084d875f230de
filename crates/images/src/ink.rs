//! Something written or drawn is found on whatever it stands on, and brought to the form of the MNIST pictures (LeCun,
//! Cortes & Burges): bright on black, its longer side five sevenths of the picture, its centre of mass in the middle.
//!
//! In order: `background` takes off the paper and its shade and tells ink from noise, `blobs` drops specks, `stroke` makes
//! very thin lines wider and very thick ones thinner; here it is cut out, shrunk and placed.

mod background;
mod blobs;
mod stroke;

use crate::{Grey, PictureError};

/// Working on more pixels along a side shows nothing more.
const LONGEST: usize = 384;
/// The share of a picture's side that the longer side of what is written takes: 20 of MNIST's 28 pixels.
const BOX: f64 = 20.0 / 28.0;
/// How many times larger strokes are looked at than they will be.
const CLOSER: usize = 4;
/// Brightness from which a pixel belongs to what is written.
const LIT: f32 = 0.2;
/// More than this share of the picture is no writing on it.
const MOST_LIT: f64 = 0.7;

/// What is written, as a picture of this size.
///
/// # Errors
/// [`PictureError::Blank`].
pub(crate) fn framed(grey: &Grey, height: usize, width: usize) -> Result<Grey, PictureError> {
    let small = shrunk(grey);
    let side = ((height.min(width) as f64 * BOX).round() as usize).max(1);
    let found = background::taken_off(&small).ok_or(PictureError::Blank)?;
    // A picture of the training set is its own best form.
    if (small.height(), small.width()) == (height, width)
        && let Some(plain) = found.plain
        && Extent::of(&plain, LIT).is_some_and(|extent| extent.is_in_place(&plain, side))
    {
        return Ok(plain);
    }
    let lit = blobs::without_specks(found.stretched);
    let found = Extent::of(&lit, LIT).ok_or(PictureError::Blank)?;
    let pixels = lit.values().iter().filter(|value| **value > LIT).count();
    if pixels as f64 > MOST_LIT * lit.values().len() as f64 {
        return Err(PictureError::Blank);
    }
    let cut = lit.cut(found.top, found.left, found.height(), found.width());
    let close = to_side(&cut, side * CLOSER);
    let close = stroke::of_usual_width(&close, side * CLOSER);
    let tight = Extent::of(&close, LIT).ok_or(PictureError::Blank)?;
    let close = close.cut(tight.top, tight.left, tight.height(), tight.width());
    Ok(placed(&brightened(to_side(&close, side)), height, width))
}

fn shrunk(grey: &Grey) -> Grey {
    if grey.longest() <= LONGEST {
        grey.clone()
    } else {
        to_side(grey, LONGEST)
    }
}

/// At another size, with the same proportions.
fn to_side(grey: &Grey, longest: usize) -> Grey {
    let scale = longest as f64 / grey.longest().max(1) as f64;
    let side = |length: usize| ((length as f64 * scale).round() as usize).max(1);
    grey.resized(side(grey.width()), side(grey.height()))
}

/// Thin strokes pale when they shrink: the brightest becomes white again.
fn brightened(mut grey: Grey) -> Grey {
    let brightest = grey.values().iter().copied().fold(0.0, f32::max);
    if brightest > 0.0 {
        grey.values_mut()
            .iter_mut()
            .for_each(|value| *value /= brightest);
    }
    grey
}

/// On black, with the centre of mass in the middle, by whole pixels: in between, strokes would blur.
fn placed(grey: &Grey, height: usize, width: usize) -> Grey {
    let mass: f32 = grey.values().iter().sum();
    let (mut row_sum, mut column_sum) = (0.0, 0.0);
    for (pixel, value) in grey.values().iter().enumerate() {
        row_sum += value * (pixel / grey.width()) as f32;
        column_sum += value * (pixel % grey.width()) as f32;
    }
    let offset = |side: usize, sum: f32, length: usize| {
        let wished = (side as f32 / 2.0 - sum / mass.max(f32::MIN_POSITIVE)).round() as isize;
        // All of it stays on the picture, where it fits.
        wished.clamp(
            0.min(side as isize - length as isize),
            (side as isize - length as isize).max(0),
        )
    };
    let (top, left) = (
        offset(height, row_sum, grey.height()),
        offset(width, column_sum, grey.width()),
    );
    let values = (0..height * width).map(|pixel| {
        let (row, column) = ((pixel / width) as isize, (pixel % width) as isize);
        grey.at(row - top, column - left)
    });
    Grey::new(width, height, values.collect())
}

/// The smallest rectangle around all that is lit.
struct Extent {
    top: usize,
    bottom: usize,
    left: usize,
    right: usize,
}

impl Extent {
    fn of(grey: &Grey, least: f32) -> Option<Self> {
        let mut found: Option<Self> = None;
        for (pixel, _) in grey
            .values()
            .iter()
            .enumerate()
            .filter(|(_, value)| **value > least)
        {
            let (row, column) = (pixel / grey.width(), pixel % grey.width());
            let own = found.get_or_insert(Self {
                top: row,
                bottom: row,
                left: column,
                right: column,
            });
            own.bottom = own.bottom.max(row);
            own.left = own.left.min(column);
            own.right = own.right.max(column);
        }
        found
    }

    fn height(&self) -> usize {
        self.bottom - self.top + 1
    }

    fn width(&self) -> usize {
        self.right - self.left + 1
    }

    /// Whether what is lit has the size and the place it should have, give or take a pixel.
    fn is_in_place(&self, grey: &Grey, side: usize) -> bool {
        let longest = self.height().max(self.width());
        let mass: f32 = grey.values().iter().sum();
        let near = |side: usize, centre: f32| (centre - side as f32 / 2.0).abs() <= 1.5;
        let sums =
            grey.values()
                .iter()
                .enumerate()
                .fold((0.0, 0.0), |(rows, columns), (pixel, value)| {
                    let (row, column) =
                        ((pixel / grey.width()) as f32, (pixel % grey.width()) as f32);
                    (rows + value * row, columns + value * column)
                });
        longest.abs_diff(side) <= 1
            && near(grey.height(), sums.0 / mass)
            && near(grey.width(), sums.1 / mass)
    }
}
