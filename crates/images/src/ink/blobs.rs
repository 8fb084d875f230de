//! Drops what is too small to be a part of something written: dust, noise, the dot of a pen that was put down.

use crate::Grey;

/// Brightness from which pixels hang together.
const LIT: f32 = 0.3;
/// A part of something written has at least this share of the pixels of its largest part.
const LEAST: f64 = 0.02;
/// Soft edges reach so many pixels.
const EDGE: isize = 2;

/// The picture without specks.
pub(super) fn without_specks(mut grey: Grey) -> Grey {
    let (height, width) = (grey.height(), grey.width());
    let mut number = vec![0_u32; height * width];
    let mut sizes = vec![0_usize];
    let mut waiting = Vec::new();
    for start in 0..number.len() {
        if number[start] != 0 || grey.values()[start] <= LIT {
            continue;
        }
        let own = sizes.len() as u32;
        sizes.push(0);
        number[start] = own;
        waiting.push(start);
        while let Some(pixel) = waiting.pop() {
            sizes[own as usize] += 1;
            for near in around(pixel, height, width, 1) {
                if number[near] == 0 && grey.values()[near] > LIT {
                    number[near] = own;
                    waiting.push(near);
                }
            }
        }
    }
    let largest = sizes.iter().copied().max().unwrap_or(0);
    let least = largest as f64 * LEAST;
    let mut kept = vec![false; number.len()];
    for (pixel, own) in number.iter().enumerate() {
        if *own != 0 && sizes[*own as usize] as f64 >= least {
            for near in around(pixel, height, width, EDGE) {
                kept[near] = true;
            }
        }
    }
    for (value, kept) in grey.values_mut().iter_mut().zip(kept) {
        if !kept {
            *value = 0.0;
        }
    }
    grey
}

/// A pixel and those around it.
fn around(pixel: usize, height: usize, width: usize, reach: isize) -> impl Iterator<Item = usize> {
    let (row, column) = (pixel / width, pixel % width);
    (-reach..=reach).flat_map(move |down| {
        (-reach..=reach).filter_map(move |right| {
            let row = row.checked_add_signed(down).filter(|row| *row < height)?;
            let column = column
                .checked_add_signed(right)
                .filter(|column| *column < width)?;
            Some(row * width + column)
        })
    })
}
