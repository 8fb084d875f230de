//! Takes the slant off something written: rows of pixels are moved sideways until its axis stands upright.

/// The steepest slant that is taken off, in pixels sideways a row; what leans further is no handwriting.
pub(super) const STEEPEST: f32 = 1.0;

/// A picture (row by row, `width` pixels each, black is 0) sheared about its centre of mass so that the covariance of rows
/// and columns vanishes; pixels between two others are mixed from both.
pub(super) fn upright(picture: &[f32], width: usize) -> Vec<f32> {
    let lit = || {
        let pixels = picture.iter().enumerate();
        pixels.map(|(place, &value)| ((place / width) as f32, (place % width) as f32, value))
    };
    let mass: f32 = picture.iter().sum();
    if mass <= 0.0 {
        return picture.to_vec();
    }
    let middle_row = lit().map(|(row, _, value)| row * value).sum::<f32>() / mass;
    let middle_column = lit().map(|(_, column, value)| column * value).sum::<f32>() / mass;
    let (mut both, mut tall) = (0.0, 0.0);
    for (row, column, value) in lit() {
        both += value * (row - middle_row) * (column - middle_column);
        tall += value * (row - middle_row).powi(2);
    }
    let lean = if tall > 0.0 {
        (both / tall).clamp(-STEEPEST, STEEPEST)
    } else {
        0.0
    };
    let mut straight = vec![0.0; picture.len()];
    let lines = straight
        .chunks_exact_mut(width)
        .zip(picture.chunks_exact(width));
    for (row, (line, from)) in lines.enumerate() {
        let moved = lean * (row as f32 - middle_row);
        let whole = moved.floor();
        let share = moved - whole;
        let pixel = |column: isize| {
            let place = usize::try_from(column + whole as isize).ok();
            place
                .and_then(|place| from.get(place))
                .copied()
                .unwrap_or(0.0)
        };
        for (column, target) in line.iter_mut().enumerate() {
            let column = column as isize;
            *target = pixel(column) * (1.0 - share) + pixel(column + 1) * share;
        }
    }
    straight
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: usize = 15;

    /// A line three pixels wide that leans by so many pixels a row.
    fn line(lean: f32) -> Vec<f32> {
        let mut picture = vec![0.0; SIDE * SIDE];
        for row in 2..13 {
            let middle = (7.0 + lean * (row as f32 - 7.0)).round() as usize;
            for column in middle - 1..=middle + 1 {
                picture[row * SIDE + column] = 1.0;
            }
        }
        picture
    }

    fn apart(one: &[f32], other: &[f32]) -> f32 {
        let pairs = one.iter().zip(other);
        pairs.map(|(one, other)| (one - other).abs()).sum::<f32>() / one.iter().sum::<f32>()
    }

    #[test]
    fn what_leans_stands_up() {
        for lean in [-0.5, 0.3, 0.5] {
            assert!(apart(&line(0.0), &line(lean)) > 0.5);
            assert!(
                apart(&line(0.0), &upright(&line(lean), SIDE)) < 0.3,
                "{lean}"
            );
        }
    }

    #[test]
    fn what_stands_and_what_is_empty_stay() {
        assert!(apart(&line(0.0), &upright(&line(0.0), SIDE)) < 1e-4);
        assert_eq!(upright(&[0.0; 6], 3), [0.0; 6]);
    }
}
