//! Strokes drawn on a screen become brightness: white lines with round ends on black.

use crate::{Grey, PictureError};
use serde::{Deserialize, Serialize};

/// The plane strokes are drawn on, along its longer side.
const SIDE: f64 = 256.0;
/// Points of all strokes.
const MOST_POINTS: usize = 20_000;
/// The largest width and height of a canvas, and the smallest.
const SIZES: std::ops::RangeInclusive<f64> = 8.0..=16_384.0;
/// The longest way a pen may go, in sides of the canvas: what goes further is scribbled over many times.
const LONGEST_WAY: f64 = 400.0;

/// Strokes of a pen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawing {
    /// Width of the canvas, in the unit of the points.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// Width of the pen; a fourteenth of the longer side when absent.
    #[serde(default)]
    pub pen: Option<f64>,
    /// Points `[x, y]` from the top left, stroke by stroke.
    pub strokes: Vec<Vec<[f64; 2]>>,
}

impl Drawing {
    /// Draws the strokes.
    ///
    /// # Errors
    /// [`PictureError::Drawing`] for sizes or points that are none, and too many of them; [`PictureError::Blank`] without
    /// any.
    pub fn draw(&self) -> Result<Grey, PictureError> {
        let wrong = |detail: String| Err(PictureError::Drawing { detail });
        if !SIZES.contains(&self.width) || !SIZES.contains(&self.height) {
            return wrong(format!(
                "a canvas of {} × {} cannot be drawn on; width and height are {} to {}",
                self.width,
                self.height,
                SIZES.start(),
                SIZES.end()
            ));
        }
        let longer = self.width.max(self.height);
        let pen = self.pen.unwrap_or(longer / 14.0);
        if !(pen > 0.0 && pen <= longer / 2.0) {
            return wrong(format!(
                "a pen {pen} wide cannot draw; use more than 0 and at most half the canvas"
            ));
        }
        let points: usize = self.strokes.iter().map(Vec::len).sum();
        if points > MOST_POINTS {
            return wrong(format!(
                "{points} points are too many; send at most {MOST_POINTS}"
            ));
        }
        if self
            .strokes
            .iter()
            .flatten()
            .flatten()
            .any(|value| !value.is_finite())
        {
            return wrong("a point is not a number; send [x, y] in units of the canvas".to_owned());
        }
        let scale = SIDE / longer;
        let plane = |length: f64| (length * scale).round().max(1.0) as usize;
        let mut grey = Grey::black(plane(self.width), plane(self.height));
        let radius = (pen * scale / 2.0).max(0.5);
        let within = |value: f64, length: f64| value.clamp(-length, 2.0 * length) * scale;
        let mut left = LONGEST_WAY * SIDE;
        for stroke in &self.strokes {
            let points = stroke
                .iter()
                .map(|point| [within(point[0], self.width), within(point[1], self.height)]);
            let points: Vec<[f64; 2]> = points.collect();
            if let [only] = points[..] {
                line(&mut grey, only, only, radius);
            }
            for pair in points.windows(2) {
                let (from, to) = (pair[0], pair[1]);
                left -= (from[0] - to[0]).hypot(from[1] - to[1]);
                if left < 0.0 {
                    return wrong(
                        "the strokes are too long; draw what is to be read once".to_owned(),
                    );
                }
                line(&mut grey, from, to, radius);
            }
        }
        if grey.values().iter().all(|value| *value == 0.0) {
            return Err(PictureError::Blank);
        }
        Ok(grey)
    }
}

/// A line with round ends; its edge is soft over one pixel.
fn line(grey: &mut Grey, from: [f64; 2], to: [f64; 2], radius: f64) {
    let (width, height) = (grey.width(), grey.height());
    let reach = |a: f64, b: f64, side: usize| {
        let low = (a.min(b) - radius - 1.0).clamp(0.0, side as f64) as usize;
        let high = (a.max(b) + radius + 2.0).clamp(0.0, side as f64) as usize;
        low..high
    };
    let along = [to[0] - from[0], to[1] - from[1]];
    let length = along[0].powi(2) + along[1].powi(2);
    let (columns, rows) = (reach(from[0], to[0], width), reach(from[1], to[1], height));
    for row in rows {
        for column in columns.clone() {
            let pixel = [column as f64 + 0.5 - from[0], row as f64 + 0.5 - from[1]];
            let share = if length > 0.0 {
                ((pixel[0] * along[0] + pixel[1] * along[1]) / length).clamp(0.0, 1.0)
            } else {
                0.0
            };
            let far = (pixel[0] - share * along[0]).hypot(pixel[1] - share * along[1]);
            let value = (radius + 0.5 - far).clamp(0.0, 1.0) as f32;
            let target = &mut grey.values_mut()[row * width + column];
            *target = target.max(value);
        }
    }
}
