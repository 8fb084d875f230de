//! Brings lines to a usual width: a hair of a pencil becomes a pen's line, a brush's one loses its fat. Lines of any pen
//! stay as they are.

use crate::Grey;

/// Brightness from which a pixel belongs to a line.
const LIT: f32 = 0.5;
/// Lines thinner or thicker than these shares of the longer side are mended, up to the next ones.
const THIN: f64 = 0.07;
const THINNEST: f64 = 0.1;
const THICK: f64 = 0.25;
const THICKEST: f64 = 0.19;

/// The picture with lines that are neither very thin nor very thick for its longest side.
pub(super) fn of_usual_width(grey: &Grey, longest: usize) -> Grey {
    let side = longest as f64;
    let Some(width) = line_width(grey) else {
        return grey.clone();
    };
    if width < THIN * side {
        let reach = ((THINNEST * side - width) / 2.0).round() as usize;
        return spread(&padded(grey, reach), reach, f32::max);
    }
    if width > THICK * side {
        let reach = ((width - THICKEST * side) / 2.0).round() as usize;
        let thinner = spread(&padded(grey, 1), reach, f32::min);
        // What has no line to spare, a blob, stays.
        if thinner.values().iter().any(|value| *value > LIT) {
            return thinner;
        }
    }
    grey.clone()
}

/// How wide lines are on average, in pixels: their area by half the length of their edge.
fn line_width(grey: &Grey) -> Option<f64> {
    let (mut area, mut edge) = (0_usize, 0_usize);
    for (pixel, _) in grey
        .values()
        .iter()
        .enumerate()
        .filter(|(_, value)| **value > LIT)
    {
        let (row, column) = (
            (pixel / grey.width()) as isize,
            (pixel % grey.width()) as isize,
        );
        area += 1;
        let sides = [(-1, 0), (1, 0), (0, -1), (0, 1)];
        let open = sides
            .iter()
            .any(|(down, right)| grey.at(row + down, column + right) <= LIT);
        edge += usize::from(open);
    }
    (edge > 0).then(|| 2.0 * area as f64 / edge as f64)
}

/// With a rim of black.
fn padded(grey: &Grey, rim: usize) -> Grey {
    let (height, width) = (grey.height() + 2 * rim, grey.width() + 2 * rim);
    let values = (0..height * width).map(|pixel| {
        let (row, column) = ((pixel / width) as isize, (pixel % width) as isize);
        grey.at(row - rim as isize, column - rim as isize)
    });
    Grey::new(width, height, values.collect())
}

/// The brightest or darkest pixel within reach, first along lines, then along columns, corners left out by taking turns.
fn spread(grey: &Grey, reach: usize, pick: fn(f32, f32) -> f32) -> Grey {
    let mut now = grey.clone();
    for turn in 0..reach {
        let aslant = turn % 2 == 1;
        let next = (0..now.values().len()).map(|pixel| {
            let (row, column) = (
                (pixel / now.width()) as isize,
                (pixel % now.width()) as isize,
            );
            let mut own = now.at(row, column);
            for (down, right) in [(-1, 0), (1, 0), (0, -1), (0, 1)] {
                own = pick(own, now.at(row + down, column + right));
            }
            if aslant {
                for (down, right) in [(-1, -1), (-1, 1), (1, -1), (1, 1)] {
                    own = pick(own, now.at(row + down, column + right));
                }
            }
            own
        });
        now = Grey::new(now.width(), now.height(), next.collect());
    }
    now
}
