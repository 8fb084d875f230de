//! Moved copies of a picture: what is learned from them does not depend on where exactly something is.

/// The picture moved down and right by so many pixels, black where nothing was; nothing when it stays where it is.
pub(super) fn moved(picture: &[f32], width: usize, down: isize, right: isize) -> Option<Vec<f32>> {
    if (down, right) == (0, 0) {
        return None;
    }
    let height = picture.len() / width.max(1);
    let from = |row: usize, column: usize| {
        let row = row.checked_add_signed(-down).filter(|&row| row < height)?;
        let column = column
            .checked_add_signed(-right)
            .filter(|&column| column < width)?;
        picture.get(row * width + column).copied()
    };
    let pixels = 0..picture.len();
    Some(
        pixels
            .map(|pixel| from(pixel / width, pixel % width).unwrap_or(0.0))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_moves_and_loses_what_leaves_it() {
        let picture = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        assert_eq!(moved(&picture, 3, 0, 0), None);
        assert_eq!(
            moved(&picture, 3, 1, 0),
            Some(vec![0.0, 0.0, 0.0, 1.0, 2.0, 3.0])
        );
        assert_eq!(
            moved(&picture, 3, 0, -1),
            Some(vec![2.0, 3.0, 0.0, 5.0, 6.0, 0.0])
        );
        assert_eq!(
            moved(&picture, 3, -1, 1),
            Some(vec![0.0, 4.0, 5.0, 0.0, 0.0, 0.0])
        );
    }
}
