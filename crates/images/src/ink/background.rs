//! What a drawing stands on: one brightness, or a shade from side to side. It is taken off, whether it is brighter or
//! darker than the ink, and so is its noise.

use crate::Grey;

/// Share of the sides whose rim counts as background.
const RIM: f64 = 0.08;
/// Rounds in which the shade of the rim is found without what stands out on it.
const ROUNDS: usize = 3;
/// What stands out by less than this is nothing.
const LEAST: f32 = 0.05;
/// Ink stands out from noise by so many of its deviations.
const BEYOND_NOISE: f32 = 5.0;
/// Noise reaches so many deviations.
const NOISE: f32 = 3.0;
/// The share of the brightest ink that counts as white already.
const WHITE: f64 = 0.2;

/// Noise up to this is that of a drawing program.
const QUIET: f32 = 0.004;

/// Ink from 0 to 1 on black, whichever was brighter.
pub(super) struct Ink {
    /// Without noise, and with all that is fully inked at 1.
    pub(super) stretched: Grey,
    /// As it is, but that the brightest is 1; only where there is no noise.
    pub(super) plain: Option<Grey>,
}

/// What stands out from its background; nothing when nothing does.
pub(super) fn taken_off(grey: &Grey) -> Option<Ink> {
    let (shade, noise) = shade(grey);
    let width = grey.width();
    let values = grey.values().iter().enumerate();
    let apart = values.map(|(pixel, value)| value - shade.at(pixel / width, pixel % width));
    let apart: Vec<f32> = apart.collect();
    let floor = (NOISE * noise).max(LEAST / 2.0);
    let (mut bright, mut dark) = (0.0_f64, 0.0_f64);
    for value in apart.iter().filter(|value| value.abs() > floor) {
        let mass = if *value > 0.0 { &mut bright } else { &mut dark };
        *mass += f64::from(value.abs());
    }
    let sign = if bright >= dark { 1.0 } else { -1.0 };
    let ink: Vec<f32> = apart.iter().map(|value| (sign * value).max(0.0)).collect();
    let border = between(&ink)?;
    let mut lit: Vec<f32> = ink
        .iter()
        .copied()
        .filter(|value| *value > border)
        .collect();
    lit.sort_unstable_by(f32::total_cmp);
    let white = *lit.get(((lit.len() as f64) * (1.0 - WHITE)) as usize)?;
    if white < LEAST.max(BEYOND_NOISE * noise) {
        return None;
    }
    let low = (NOISE * noise).min(0.4 * white);
    let values = ink
        .iter()
        .map(|value| ((value - low) / (white - low)).clamp(0.0, 1.0));
    let stretched = Grey::new(width, grey.height(), values.collect());
    let brightest = lit.last().copied().unwrap_or(white);
    let plain = (noise <= QUIET).then(|| {
        let values = ink.iter().map(|value| value / brightest);
        Grey::new(width, grey.height(), values.collect())
    });
    Some(Ink { stretched, plain })
}

/// A plane of brightness.
struct Shade {
    level: f64,
    down: f64,
    across: f64,
}

impl Shade {
    fn at(&self, row: usize, column: usize) -> f32 {
        (self.level + self.down * row as f64 + self.across * column as f64) as f32
    }
}

/// The plane that the rim lies in, and how far its pixels stray from it. What strays most is no rim: a stroke may reach it.
fn shade(grey: &Grey) -> (Shade, f32) {
    let (height, width) = (grey.height(), grey.width());
    let deep = |side: usize| ((side as f64 * RIM).ceil() as usize).max(1);
    let (tall, wide) = (deep(height), deep(width));
    let of_rim = |pixel: &usize| {
        let (row, column) = (pixel / width, pixel % width);
        row < tall || row + tall >= height || column < wide || column + wide >= width
    };
    let mut rim: Vec<usize> = (0..height * width).filter(of_rim).collect();
    let values = grey.values();
    let mut middle: Vec<f32> = rim.iter().map(|pixel| values[*pixel]).collect();
    middle.sort_unstable_by(f32::total_cmp);
    let mut found = Shade {
        level: f64::from(middle.get(middle.len() / 2).copied().unwrap_or(0.0)),
        down: 0.0,
        across: 0.0,
    };
    let mut noise = 0.0;
    for round in 0..=ROUNDS {
        let off = |pixel: &usize| (values[*pixel] - found.at(pixel / width, pixel % width)).abs();
        let mut stray: Vec<f32> = rim.iter().map(off).collect();
        stray.sort_unstable_by(f32::total_cmp);
        // The middle one of normal deviations is 0.6745 of the standard deviation.
        noise = stray.get(stray.len() / 2).copied().unwrap_or(0.0) / 0.6745;
        if round == ROUNDS {
            break;
        }
        let most = (NOISE * noise).max(LEAST);
        let kept: Vec<usize> = rim
            .iter()
            .copied()
            .filter(|pixel| off(pixel) <= most)
            .collect();
        match fitted(grey, &kept) {
            Some(next) if kept.len() * 2 >= rim.len() => (found, rim) = (next, kept),
            _ => break,
        }
    }
    (found, noise)
}

/// The plane of least squares through some pixels.
fn fitted(grey: &Grey, pixels: &[usize]) -> Option<Shade> {
    let count = pixels.len() as f64;
    let place = |pixel: &usize| ((pixel / grey.width()) as f64, (pixel % grey.width()) as f64);
    let mean = |of: &dyn Fn(&usize) -> f64| pixels.iter().map(of).sum::<f64>() / count;
    let value = |pixel: &usize| f64::from(grey.values()[*pixel]);
    let (row, column, level) = (
        mean(&|own| place(own).0),
        mean(&|own| place(own).1),
        mean(&value),
    );
    let (mut rows, mut columns, mut both, mut down, mut across) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for pixel in pixels {
        let (own_row, own_column) = place(pixel);
        let (r, c, v) = (own_row - row, own_column - column, value(pixel) - level);
        rows += r * r;
        columns += c * c;
        both += r * c;
        down += r * v;
        across += c * v;
    }
    let determinant = rows * columns - both * both;
    if determinant.is_nan() || determinant <= 1e-9 {
        return None;
    }
    let slopes = (
        (down * columns - across * both) / determinant,
        (across * rows - down * both) / determinant,
    );
    Some(Shade {
        level: level - slopes.0 * row - slopes.1 * column,
        down: slopes.0,
        across: slopes.1,
    })
}

/// The border between two heaps of values (Otsu, 1979); nothing when all are one.
fn between(values: &[f32]) -> Option<f32> {
    const BINS: usize = 256;
    let most = values.iter().copied().fold(0.0, f32::max);
    if most <= 0.0 {
        return None;
    }
    let mut counts = [0.0_f64; BINS];
    for value in values {
        counts[((value / most * BINS as f32) as usize).min(BINS - 1)] += 1.0;
    }
    let all: f64 = counts.iter().sum();
    let moment: f64 = counts
        .iter()
        .enumerate()
        .map(|(bin, count)| bin as f64 * count)
        .sum();
    let (mut below, mut below_moment) = (0.0, 0.0);
    let mut best = (0.0, None);
    for (bin, count) in counts.iter().enumerate() {
        below += count;
        below_moment += bin as f64 * count;
        let above = all - below;
        if below == 0.0 || above == 0.0 {
            continue;
        }
        let apart = below_moment / below - (moment - below_moment) / above;
        let spread = below * above * apart * apart;
        if spread > best.0 {
            best = (spread, Some((bin + 1) as f32 / BINS as f32 * most));
        }
    }
    best.1
}
