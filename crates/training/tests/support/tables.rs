//! Little tables for the other tests, made by arithmetic alone.
#![expect(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "shared by tests, which may stop at the first surprise"
)]

use trainyard_table::{Column, Kind, Table};

/// A number in -0.5..0.5 that looks like chance.
pub fn noise(row: usize, stream: u64) -> f64 {
    let mut mixed = (row as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ stream.wrapping_mul(0xd134_2543_de82_ef95);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
}

fn number(name: &str, rows: usize, value: impl Fn(usize) -> f64) -> Column {
    Column::numbers(
        name,
        Kind::Number,
        (0..rows).map(|row| Some(value(row))),
        None,
    )
}

/// Two classes that lie in each other like moons, with some rows on the wrong side.
pub fn moons(rows: usize) -> Table {
    let side = |row: usize| row % 2;
    let angle = |row: usize| (noise(row, 1) + 0.5) * std::f64::consts::PI;
    let x = move |row: usize| match side(row) {
        0 => angle(row).cos() + noise(row, 2) * 0.5,
        _ => 1.0 - angle(row).cos() + noise(row, 2) * 0.5,
    };
    let y = move |row: usize| match side(row) {
        0 => angle(row).sin() + noise(row, 3) * 0.5,
        _ => 0.5 - angle(row).sin() + noise(row, 3) * 0.5,
    };
    let answers = (0..rows).map(|row| Some(if side(row) == 0 { "up" } else { "down" }));
    Table::new(vec![
        number("x", rows, x),
        number("y", rows, y),
        Column::strings("answer", Kind::Category, answers),
    ])
    .unwrap()
}

/// A number to predict from two others.
pub fn waves(rows: usize) -> Table {
    let x = |row: usize| noise(row, 1) * 6.0;
    let y = |row: usize| noise(row, 2) * 6.0;
    Table::new(vec![
        number("x", rows, x),
        number("y", rows, y),
        number("answer", rows, move |row| {
            x(row).sin() * 3.0 + y(row) + noise(row, 3)
        }),
    ])
    .unwrap()
}

/// A number that is partly straight and partly bumpy in three others, with much noise: no family has all of it.
pub fn hills(rows: usize) -> Table {
    let x = |row: usize| noise(row, 1) * 4.0;
    let y = |row: usize| noise(row, 2) * 4.0;
    let z = |row: usize| noise(row, 3) * 4.0;
    Table::new(vec![
        number("x", rows, x),
        number("y", rows, y),
        number("z", rows, z),
        number("answer", rows, move |row| {
            let bump = if x(row) > 0.3 && y(row) < 0.5 {
                1.5
            } else {
                0.0
            };
            x(row) + (2.0 * y(row)).sin() + 0.7 * z(row) + bump + 2.0 * noise(row, 4)
        }),
    ])
    .unwrap()
}
