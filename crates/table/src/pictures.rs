//! What a table of pictures says about itself: how its pixel columns lie. A row is a picture; its columns are pixels, row by
//! row from the top left, and one more that says what the picture shows.

use serde::{Deserialize, Serialize};

/// How the pixel columns of a table make pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureShape {
    /// Rows of pixels.
    pub height: usize,
    /// Pixels in each.
    pub width: usize,
    /// What is on the pictures.
    #[serde(default)]
    pub content: PictureContent,
}

/// What is on pictures, which decides how a new one is brought to their form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureContent {
    /// Something written or drawn, bright on black: cut out, brought to one size, put in the middle and upright.
    #[default]
    Ink,
    /// Anything else: the whole picture, as it is.
    Scene,
}

impl PictureShape {
    /// Number of pixels.
    pub fn pixels(self) -> usize {
        self.height.saturating_mul(self.width)
    }

    /// The name of a pixel's column, counted from 0.
    pub fn column(row: usize, column: usize) -> String {
        format!("pixel_{row}_{column}")
    }

    /// The names of all pixel columns, row by row.
    pub fn columns(self) -> impl Iterator<Item = String> {
        (0..self.height)
            .flat_map(move |row| (0..self.width).map(move |column| Self::column(row, column)))
    }
}
