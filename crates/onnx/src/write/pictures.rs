//! Pictures as nodes: one input a pixel, set upright and described by the directions in which brightness rises, as
//! `estimators::preparation` does it. In doubles; what rounds there to floats is rounded here once, where it begins.

use super::columns::{Feature, Inputs};
use super::graph::{Builder, Value};
use crate::ExportError;
use serde::Deserialize;
use std::f32::consts::{FRAC_PI_2, PI, TAU};
use trainyard_estimators::preparation::PictureRules;
use trainyard_estimators::{State, StateError};
use trainyard_table::{PictureContent, PictureShape};

#[derive(Deserialize)]
struct Saved {
    columns: Vec<String>,
    shape: PictureShape,
}

/// The pixel columns.
pub(super) fn read_by(preparation: &State) -> Result<Vec<(String, bool)>, ExportError> {
    let saved: Saved = preparation.meta("pictures")?;
    let columns = saved.columns.into_iter();
    Ok(columns.map(|column| (column, false)).collect())
}

/// The features of a picture: each direction in each part.
pub(super) fn features(
    graph: &mut Builder,
    inputs: &mut Inputs,
    preparation: &State,
) -> Result<Vec<Feature>, ExportError> {
    let saved: Saved = preparation.meta("pictures")?;
    let (&[white], &[scale]) = (preparation.f64s("white")?, preparation.f64s("scale")?) else {
        return Err(StateError("pictures have one white and one scale".to_owned()).into());
    };
    let centre = preparation.f64s("centre")?;
    let rules = PictureRules::of(saved.shape);
    let sketch = Sketch {
        height: saved.shape.height,
        width: saved.shape.width,
        rules: &rules,
    };
    let pixels: Vec<Value> = saved
        .columns
        .iter()
        .map(|column| inputs.of(graph, column))
        .collect();
    let mut picture = sketch.picture(graph, &pixels, white);
    if saved.shape.content == PictureContent::Ink {
        picture = sketch.upright(graph, picture);
    }
    let described = sketch.described(graph, picture);
    // Here all parts of one direction follow each other, in the model all directions of one part.
    let parts = centre.len() / rules.directions;
    let place = |feature: usize| feature % rules.directions * parts + feature / rules.directions;
    let mut moved = vec![0.0; centre.len()];
    for (feature, centre) in centre.iter().enumerate() {
        moved[place(feature)] = *centre;
    }
    let moved = graph.row(&moved);
    let centred = graph.op("Sub", &[described, moved]);
    let scaled = graph.with("Div", centred, scale);
    let feature = |feature| {
        let which = graph.ints(&[1], &[place(feature) as i64]);
        Feature::Number(graph.gather(scaled, which, 1))
    };
    Ok((0..centre.len()).map(feature).collect())
}

/// Pictures of one size, `rows × height × width`.
struct Sketch<'a> {
    height: usize,
    width: usize,
    rules: &'a PictureRules,
}

impl Sketch<'_> {
    /// Pixels side by side, from black (also where missing) to white and a little beyond.
    fn picture(&self, graph: &mut Builder, pixels: &[Value], white: f64) -> Value {
        let cells = graph.side_by_side(pixels);
        // Only what is finite takes nothing away from itself.
        let nothing = graph.op("Sub", &[cells, cells]);
        let there = graph.with("Equal", nothing, 0.0);
        let black = graph.number(0.0);
        let known = graph.op("Where", &[there, cells, black]);
        let shares = graph.with("Div", known, white);
        let cut = graph.between(shares, 0.0, self.rules.brightest);
        let rounded = graph.rounded(cut);
        graph.reshape(rounded, &[-1, self.height as i64, self.width as i64])
    }

    /// Rows moved sideways until rows and columns do not vary together.
    fn upright(&self, graph: &mut Builder, picture: Value) -> Value {
        let counted = |count: usize| (0..count).map(|place| place as f64).collect::<Vec<_>>();
        let rows = graph.doubles(&[1, self.height, 1], &counted(self.height));
        let columns = graph.doubles(&[1, 1, self.width], &counted(self.width));
        let mass = total(graph, picture);
        let mass = or_one(graph, mass);
        let apart = |graph: &mut Builder, places: Value| {
            let weighed = graph.op("Mul", &[picture, places]);
            let sum = total(graph, weighed);
            let middle = graph.op("Div", &[sum, mass]);
            graph.op("Sub", &[places, middle])
        };
        let from_row = apart(graph, rows);
        let from_column = apart(graph, columns);
        let weighed = graph.op("Mul", &[picture, from_row]);
        let both = graph.op("Mul", &[weighed, from_column]);
        let both = total(graph, both);
        let tall = graph.op("Mul", &[weighed, from_row]);
        let tall = total(graph, tall);
        // What has no height does not vary with anything either.
        let tall = or_one(graph, tall);
        let lean = graph.op("Div", &[both, tall]);
        let lean = graph.between(lean, -self.rules.steepest, self.rules.steepest);
        let moved = graph.op("Mul", &[lean, from_row]);
        let whole = graph.op("Floor", &[moved]);
        let share = graph.op("Sub", &[moved, whole]);
        let place = graph.op("Add", &[columns, whole]);
        // A black column on either side stands for all that lies beyond.
        let last = self.width - 1;
        let padded: Vec<i64> = [0]
            .into_iter()
            .chain(0..self.width)
            .chain([last])
            .map(|column| column as i64)
            .collect();
        let padded = graph.ints(&[self.width + 2], &padded);
        let padded = graph.gather(picture, padded, 2);
        let mut inside = vec![1.0; self.width + 2];
        inside[0] = 0.0;
        inside[self.width + 1] = 0.0;
        let inside = graph.doubles(&[1, 1, self.width + 2], &inside);
        let padded = graph.op("Mul", &[padded, inside]);
        let taken = |graph: &mut Builder, beside: f64| {
            let place = graph.with("Add", place, 1.0 + beside);
            let place = graph.between(place, 0.0, (self.width + 1) as f64);
            let place = graph.whole(place);
            graph.pick(padded, place, 2)
        };
        let (left, right) = (taken(graph, 0.0), taken(graph, 1.0));
        let one = graph.number(1.0);
        let rest = graph.op("Sub", &[one, share]);
        let left = graph.op("Mul", &[left, rest]);
        let right = graph.op("Mul", &[right, share]);
        graph.op("Add", &[left, right])
    }

    /// `rows × (directions × parts)`: how strongly brightness rises that way in each part, under a square root.
    fn described(&self, graph: &mut Builder, picture: Value) -> Value {
        let beside = |graph: &mut Builder, of: Value, by: isize, side: usize, axis: i64| {
            let places = (0..side).map(|place| place.saturating_add_signed(by).min(side - 1));
            let places: Vec<i64> = places.map(|place| place as i64).collect();
            let places = graph.ints(&[side], &places);
            graph.gather(of, places, axis)
        };
        let (height, width) = (self.height, self.width);
        let above = beside(graph, picture, -1, height, 1);
        let below = beside(graph, picture, 1, height, 1);
        let twice = graph.with("Mul", picture, 2.0);
        let around = graph.op("Add", &[above, below]);
        let smooth = graph.op("Add", &[around, twice]);
        let right = beside(graph, smooth, 1, width, 2);
        let left = beside(graph, smooth, -1, width, 2);
        let rightward = graph.op("Sub", &[right, left]);
        let rise = graph.op("Sub", &[below, above]);
        let right = beside(graph, rise, 1, width, 2);
        let left = beside(graph, rise, -1, width, 2);
        let twice = graph.with("Mul", rise, 2.0);
        let around = graph.op("Add", &[left, right]);
        let downward = graph.op("Add", &[around, twice]);

        let across = graph.op("Mul", &[rightward, rightward]);
        let along = graph.op("Mul", &[downward, downward]);
        let strength = graph.op("Add", &[across, along]);
        let strength = graph.op("Sqrt", &[strength]);
        let shows = graph.with("Greater", strength, self.rules.faintest);
        let nothing = graph.number(0.0);
        let strength = graph.op("Where", &[shows, strength, nothing]);
        let turn = turn(graph, rightward, downward);
        let maps = self.maps(graph, strength, turn);
        self.gathered(graph, maps)
    }

    /// `rows × directions × height × width`: what rises between two directions is dealt to both.
    fn maps(&self, graph: &mut Builder, strength: Value, turn: Value) -> Value {
        let directions = self.rules.directions as f64;
        let place = graph.with("Mul", turn, directions);
        let shape = [-1, 1, self.height as i64, self.width as i64];
        let (place, strength) = (
            graph.reshape(place, &shape),
            graph.reshape(strength, &shape),
        );
        let all: Vec<f64> = (0..self.rules.directions)
            .map(|direction| direction as f64)
            .collect();
        let all = graph.doubles(&[1, self.rules.directions, 1, 1], &all);
        let apart = graph.op("Sub", &[place, all]);
        let apart = graph.op("Abs", &[apart]);
        // The other way round may be nearer.
        let round = graph.number(directions);
        let other = graph.op("Sub", &[round, apart]);
        let apart = graph.op("Min", &[apart, other]);
        let one = graph.number(1.0);
        let share = graph.op("Sub", &[one, apart]);
        let share = graph.with("Max", share, 0.0);
        graph.op("Mul", &[share, strength])
    }

    /// Maps gathered in parts.
    fn gathered(&self, graph: &mut Builder, maps: Value) -> Value {
        let (height, width) = (self.height, self.width);
        let (rows, columns) = (
            self.rules.down.len() / height.max(1),
            self.rules.across.len() / width.max(1),
        );
        let across = (0..width * columns)
            .map(|cell| self.rules.across[cell % columns * width + cell / columns]);
        let across = graph.floats(&[width, columns], &across.collect::<Vec<_>>());
        let down = graph.floats(&[rows, height], &self.rules.down);
        let lines = graph.reshape(maps, &[-1, width as i64]);
        let lines = graph.op("MatMul", &[lines, across]);
        let lines = graph.reshape(lines, &[-1, height as i64, columns as i64]);
        let parts = graph.op("MatMul", &[down, lines]);
        let all = self.rules.directions * rows * columns;
        let parts = graph.reshape(parts, &[-1, all as i64]);
        graph.op("Sqrt", &[parts])
    }
}

/// The sum of each picture, `rows × 1 × 1`.
fn total(graph: &mut Builder, picture: Value) -> Value {
    let lines = graph.sum(picture, 2);
    graph.sum(lines, 1)
}

/// A sum to divide by: 1 where it is nothing.
fn or_one(graph: &mut Builder, sum: Value) -> Value {
    let is_some = graph.with("Greater", sum, 0.0);
    let one = graph.number(1.0);
    graph.op("Where", &[is_some, sum, one])
}

/// Where an arrow points, 0 to 1 round from the right by way of down. Rounded to floats at each step, as in the model: an
/// arrow that points along one direction has no share in the next, however small.
fn turn(graph: &mut Builder, rightward: Value, downward: Value) -> Value {
    let upright = graph.with("Equal", rightward, 0.0);
    let one = graph.number(1.0);
    let divisor = graph.op("Where", &[upright, one, rightward]);
    let slope = graph.op("Div", &[downward, divisor]);
    // Runtimes know this of floats only.
    let slope = graph.float(slope);
    let angle = graph.op("Atan", &[slope]);
    let angle = graph.doubled(angle);
    let opposite = graph.with("Add", angle, f64::from(PI));
    let opposite = graph.rounded(opposite);
    let leftward = graph.with("Less", rightward, 0.0);
    let angle = graph.op("Where", &[leftward, opposite, angle]);
    let down = graph.with("Greater", downward, 0.0);
    let (quarter, back) = (
        graph.number(f64::from(FRAC_PI_2)),
        graph.number(f64::from(-FRAC_PI_2)),
    );
    let straight = graph.op("Where", &[down, quarter, back]);
    let angle = graph.op("Where", &[upright, straight, angle]);
    let turns = graph.with("Div", angle, f64::from(TAU));
    let turns = graph.rounded(turns);
    let turns = graph.with("Add", turns, 1.0);
    let turns = graph.rounded(turns);
    let whole = graph.op("Floor", &[turns]);
    graph.op("Sub", &[turns, whole])
}
