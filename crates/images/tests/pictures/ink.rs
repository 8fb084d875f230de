//! What is written is found whatever it is written on, and a sheet without anything is said to be one.

use crate::{DIGIT, apart, letter};
use proptest::prelude::*;
use trainyard_images::{Drawing, Grey, Picture, PictureError, frame};

/// The letter somewhere on a larger sheet, this bright on that bright ground.
fn on_sheet(side: usize, top: usize, left: usize, ground: f32, ink: f32) -> Grey {
    let letter = letter().draw().unwrap();
    let values = (0..side * side).map(|pixel| {
        let (row, column) = (pixel / side, pixel % side);
        let inside = row.checked_sub(top).zip(column.checked_sub(left));
        let value = inside
            .filter(|(row, column)| *row < letter.height() && *column < letter.width())
            .map_or(0.0, |(row, column)| {
                letter.values()[row * letter.width() + column]
            });
        ground + value * (ink - ground)
    });
    Grey::new(side, side, values.collect())
}

fn usual() -> Picture {
    frame(&letter().draw().unwrap(), DIGIT).unwrap()
}

#[test]
fn a_letter_has_the_form_of_the_training_pictures() {
    let picture = usual();
    let lit = |of: &dyn Fn(usize) -> usize| {
        let places = (0..784).filter(|pixel| picture.pixels[*pixel] > 50).map(of);
        let places: Vec<usize> = places.collect();
        (*places.iter().min().unwrap(), *places.iter().max().unwrap())
    };
    let (top, bottom) = lit(&|pixel| pixel / 28);
    let (left, right) = lit(&|pixel| pixel % 28);
    assert_eq!(bottom - top + 1, 20, "{top} to {bottom}");
    assert!(right - left < 20);
    let mass: f64 = picture.pixels.iter().map(|value| f64::from(*value)).sum();
    let mean = |of: &dyn Fn(usize) -> usize| {
        let parts = picture.pixels.iter().enumerate();
        parts
            .map(|(pixel, value)| of(pixel) as f64 * f64::from(*value))
            .sum::<f64>()
            / mass
    };
    assert!((mean(&|pixel| pixel / 28) - 14.0).abs() < 2.1);
    assert!((mean(&|pixel| pixel % 28) - 14.0).abs() < 0.6);
    assert_eq!(picture.pixels[0], 0);
    assert_eq!(picture.pixels.iter().max(), Some(&255));
}

#[test]
fn a_picture_of_the_training_set_stays_as_it_is() {
    let picture = usual();
    let values = picture.pixels.iter().map(|value| f32::from(*value) / 255.0);
    let again = frame(&Grey::new(28, 28, values.collect()), DIGIT).unwrap();
    assert!(
        apart(&picture, &again) < 0.02,
        "{}",
        apart(&picture, &again)
    );
}

#[test]
fn shade_and_dust_are_taken_off() {
    let mut sheet = on_sheet(380, 60, 80, 0.8, 0.2);
    let values: Vec<f32> = sheet
        .values()
        .iter()
        .enumerate()
        .map(|(pixel, value)| value * (0.6 + 0.4 * (pixel % 380) as f32 / 380.0))
        .collect();
    sheet = Grey::new(380, 380, values);
    let mut dusty = sheet.values().to_vec();
    for (row, column) in [(20, 20), (350, 40), (30, 340), (360, 360)] {
        for pixel in [
            row * 380 + column,
            row * 380 + column + 1,
            (row + 1) * 380 + column,
        ] {
            dusty[pixel] = 0.1;
        }
    }
    let seen = frame(&Grey::new(380, 380, dusty), DIGIT).unwrap();
    assert!(apart(&usual(), &seen) < 0.2, "{}", apart(&usual(), &seen));
}

#[test]
fn nothing_is_nothing() {
    for value in [0.0, 0.5, 1.0] {
        assert_eq!(
            frame(&Grey::new(90, 90, vec![value; 8100]), DIGIT),
            Err(PictureError::Blank)
        );
    }
    // Noise is no ink, nor is a shade from side to side.
    let noise = (0..8100_u32)
        .map(|pixel| 0.5 + 0.02 * ((pixel.wrapping_mul(2_654_435_761) >> 8) % 100) as f32 / 100.0);
    assert_eq!(
        frame(&Grey::new(90, 90, noise.collect()), DIGIT),
        Err(PictureError::Blank)
    );
    let shade = (0..8100).map(|pixel| (pixel % 90) as f32 / 120.0);
    assert_eq!(
        frame(&Grey::new(90, 90, shade.collect()), DIGIT),
        Err(PictureError::Blank)
    );
}

#[test]
fn drawings_are_checked() {
    let blank = Drawing {
        strokes: Vec::new(),
        ..letter()
    };
    assert_eq!(blank.draw(), Err(PictureError::Blank));
    let wrong = [
        Drawing {
            width: f64::NAN,
            ..letter()
        },
        Drawing {
            width: 0.0,
            ..letter()
        },
        Drawing {
            height: 1e9,
            ..letter()
        },
        Drawing {
            pen: Some(0.0),
            ..letter()
        },
        Drawing {
            pen: Some(31.0),
            ..letter()
        },
        Drawing {
            strokes: vec![vec![[f64::INFINITY, 1.0]]],
            ..letter()
        },
        Drawing {
            strokes: vec![vec![[1.0, 1.0]; 20_001]],
            ..letter()
        },
        Drawing {
            strokes: vec![[[0.0, 0.0], [60.0, 40.0]].repeat(9_000)],
            ..letter()
        },
    ];
    for drawing in wrong {
        assert!(
            matches!(drawing.draw(), Err(PictureError::Drawing { .. })),
            "{drawing:?}"
        );
    }
    // A dot, and strokes far off the canvas, are no trouble.
    let odd = Drawing {
        strokes: vec![vec![[30.0, 20.0]], vec![[1e300, -1e300], [5.0, 5.0]]],
        ..letter()
    };
    assert!(odd.draw().is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn place_size_and_brightness_do_not_matter(
        side in 320_usize..380, top in 0_usize..80, left in 0_usize..100, ground in 0.0_f32..1.0, apart_by in 0.25_f32..1.0,
    ) {
        let ink = if ground > 0.5 { ground - apart_by.min(ground) } else { ground + apart_by.min(1.0 - ground) };
        let seen = frame(&on_sheet(side, top, left, ground, ink), DIGIT).unwrap();
        prop_assert!(apart(&usual(), &seen) < 0.12, "{}", apart(&usual(), &seen));
    }
}
