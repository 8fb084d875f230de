//! What strokes and edges look like: how strongly the brightness rises in each of eight directions, in each part of the
//! picture (Liu, Nakashima, Sako & Fujisawa, Pattern Recognition 36, 2003: gradient features by Sobel masks, blurred and
//! sampled, under a square root).

/// Directions that are told apart, all the way round.
pub(super) const DIRECTIONS: usize = 8;
/// Pixels to a part of the picture, along one side.
const PART: f64 = 4.0;
/// Fewest and most parts along one side.
const PARTS: (usize, usize) = (4, 12);
/// How far a part reaches, in the distance between parts: standard deviation of its bell.
const REACH: f32 = 0.45;
/// Shares of a part below this are not worth adding up.
const FAINT: f32 = 1e-5;
/// Brightness that rises by no more does not rise: what is left of rounding.
pub(super) const FAINTEST: f32 = 1e-6;

/// Where parts lie and what they gather, for pictures of one size.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Directions {
    height: usize,
    width: usize,
    /// `rows × height` and `columns × width` shares.
    down: Vec<f32>,
    across: Vec<f32>,
}

impl Directions {
    pub(super) fn new(height: usize, width: usize) -> Self {
        Self {
            height,
            width,
            down: bells(height),
            across: bells(width),
        }
    }

    /// Parts along the height and along the width.
    pub(super) fn parts(&self) -> (usize, usize) {
        (
            self.down.len() / self.height.max(1),
            self.across.len() / self.width.max(1),
        )
    }

    /// The shares of rows and columns of pixels that parts gather, those that are not worth it as 0.
    pub(super) fn shares(&self) -> (Vec<f32>, Vec<f32>) {
        let worth = |share: &f32| if *share > FAINT { *share } else { 0.0 };
        let down = self.down.iter().map(worth);
        (down.collect(), self.across.clone())
    }

    /// Numbers a picture becomes: one for each direction in each part, part by part.
    pub(super) fn len(&self) -> usize {
        let (rows, columns) = self.parts();
        rows * columns * DIRECTIONS
    }

    /// Fills in what a picture becomes. Beyond its edges it goes on as it is there.
    pub(super) fn write(&self, picture: &[f32], target: &mut [f32]) {
        let (rows, columns) = self.parts();
        let maps = self.maps(picture);
        let mut lines = vec![0.0; rows * self.width];
        for (direction, map) in maps
            .chunks_exact((self.height * self.width).max(1))
            .enumerate()
        {
            lines.fill(0.0);
            for (shares, line) in self
                .down
                .chunks_exact(self.height)
                .zip(lines.chunks_exact_mut(self.width))
            {
                for (share, from) in shares.iter().zip(map.chunks_exact(self.width)) {
                    if *share > FAINT {
                        let pixels = line.iter_mut().zip(from);
                        pixels.for_each(|(sum, value)| *sum += share * value);
                    }
                }
            }
            for (row, line) in lines.chunks_exact(self.width).enumerate() {
                for (column, shares) in self.across.chunks_exact(self.width).enumerate() {
                    let sum: f32 = shares
                        .iter()
                        .zip(line)
                        .map(|(share, value)| share * value)
                        .sum();
                    target[(row * columns + column) * DIRECTIONS + direction] = sum.sqrt();
                }
            }
        }
    }

    /// One map a direction: how strongly each pixel rises that way. What rises between two directions is dealt to both.
    fn maps(&self, picture: &[f32]) -> Vec<f32> {
        let (height, width) = (self.height, self.width);
        let size = height * width;
        let mut maps = vec![0.0; DIRECTIONS * size];
        for row in 0..height {
            let above = &picture[row.saturating_sub(1) * width..][..width];
            let own = &picture[row * width..][..width];
            let below = &picture[(row + 1).min(height - 1) * width..][..width];
            for column in 0..width {
                let (left, right) = (column.saturating_sub(1), (column + 1).min(width - 1));
                let rightward = 2.0 * (own[right] - own[left]) + above[right] - above[left]
                    + below[right]
                    - below[left];
                let downward = 2.0 * (below[column] - above[column]) + below[left] - above[left]
                    + below[right]
                    - above[right];
                let strength = rightward.hypot(downward);
                if strength <= FAINTEST {
                    continue;
                }
                let turn = downward.atan2(rightward) / std::f32::consts::TAU;
                let place = (turn + 1.0).fract() * DIRECTIONS as f32;
                let (first, share) = (place as usize % DIRECTIONS, place.fract());
                let next = (first + 1) % DIRECTIONS;
                let pixel = row * width + column;
                maps[first * size + pixel] += strength * (1.0 - share);
                maps[next * size + pixel] += strength * share;
            }
        }
        maps
    }
}

/// For each part along a side, the share of every pixel in it: a bell about the part's middle, 1 in all.
fn bells(side: usize) -> Vec<f32> {
    let parts = ((side as f64 / PART).round() as usize)
        .clamp(PARTS.0, PARTS.1)
        .min(side);
    let distance = side as f32 / parts.max(1) as f32;
    let mut all = Vec::with_capacity(parts * side);
    for part in 0..parts {
        let middle = (part as f32 + 0.5) * distance - 0.5;
        let bell = (0..side).map(|pixel| {
            let far = (pixel as f32 - middle) / (distance * REACH);
            (-0.5 * far * far).exp()
        });
        let bell: Vec<f32> = bell.collect();
        let sum: f32 = bell.iter().sum();
        all.extend(bell.iter().map(|share| share / sum));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The upper half black, the lower half bright.
    fn horizon(side: usize) -> Vec<f32> {
        (0..side * side)
            .map(|pixel| if pixel / side >= side / 2 { 1.0 } else { 0.0 })
            .collect()
    }

    fn of(directions: &Directions, picture: &[f32]) -> Vec<f32> {
        let mut found = vec![0.0; directions.len()];
        directions.write(picture, &mut found);
        found
    }

    #[test]
    fn an_edge_is_found_where_it_is_and_the_way_it_rises() {
        let directions = Directions::new(28, 28);
        assert_eq!(directions.parts(), (7, 7));
        let found = of(&directions, &horizon(28));
        // Brighter below: a quarter turn, the third of eight directions.
        for part in 0..49 {
            let own = &found[part * DIRECTIONS..][..DIRECTIONS];
            let middle = (21..28).contains(&part);
            assert_eq!(own[2] > 0.5, middle, "part {part}: {own:?}");
            assert!(
                own.iter()
                    .enumerate()
                    .all(|(direction, value)| direction == 2 || *value == 0.0)
            );
        }
    }

    #[test]
    fn turning_the_picture_upside_down_turns_every_direction() {
        let directions = Directions::new(12, 12);
        let picture: Vec<f32> = (0..144)
            .map(|pixel| ((pixel * 37) % 19) as f32 / 19.0)
            .collect();
        let turned: Vec<f32> = picture.iter().rev().copied().collect();
        let (one, other) = (of(&directions, &picture), of(&directions, &turned));
        let parts = one.len() / DIRECTIONS;
        for part in 0..parts {
            for direction in 0..DIRECTIONS {
                let here = one[part * DIRECTIONS + direction];
                let there = other[(parts - 1 - part) * DIRECTIONS + (direction + 4) % DIRECTIONS];
                assert!(
                    (here - there).abs() < 1e-4,
                    "{part} {direction}: {here} {there}"
                );
            }
        }
    }

    #[test]
    fn a_flat_picture_has_no_direction_and_a_single_pixel_is_no_trouble() {
        assert!(
            of(&Directions::new(9, 5), &[0.7; 45])
                .iter()
                .all(|value| *value == 0.0)
        );
        assert_eq!(of(&Directions::new(1, 1), &[1.0]), [0.0; 8]);
    }
}
