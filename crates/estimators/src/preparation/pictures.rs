//! Pictures: all pixel columns of a table together become numbers that say what is drawn where, instead of one number a
//! pixel. Any algorithm can learn from those, and a support vector machine or a network learns more from them.
//!
//! What it may touch: the pixel columns of a table. `slant` sets handwriting upright, `directions` describes a picture,
//! `shifts` makes moved copies of training pictures. Fitting remembers how bright the brightest pixel was, and where
//! distances count also the mean of each number and one scale for all of them: how much they vary among each other tells
//! something, so that they are not brought to one spread each.

mod directions;
mod shifts;
mod slant;

use super::PreparedColumn;
use crate::cells::numbers;
use crate::{Array, Feature, FeatureValues, Features, FitError, State, StateError};
use directions::{DIRECTIONS, Directions};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use trainyard_table::{Column, Kind, PictureContent, PictureShape, Table};

/// Pictures described at a time by one task.
const BLOCK: usize = 256;
/// Pixels of a picture that is learned from, at most.
const MOST_PIXELS: usize = 128 * 128;
/// Pixels brighter than any that was seen count up to so many times as much.
const BRIGHTEST: f64 = 2.0;

/// What pictures are made into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PictureOptions {
    /// Rows of pixels.
    pub height: usize,
    /// Pixels in each.
    pub width: usize,
    /// What is on the pictures; slant is taken off ink.
    #[serde(default)]
    pub content: PictureContent,
    /// Moved copies of each training picture to learn from beside it: 0, or one pixel in each of 4 or 8 directions.
    #[serde(default, skip_serializing_if = "Shifts::is_none")]
    pub shifts: Shifts,
}

/// How many moved copies of a training picture are learned from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shifts {
    /// None.
    #[default]
    None,
    /// Up, down, left and right.
    Four,
    /// Those and aslant.
    Eight,
}

impl Shifts {
    fn is_none(&self) -> bool {
        *self == Self::None
    }

    /// Rows and columns that copies are moved by; the picture itself is not among them.
    fn moves(self) -> &'static [(isize, isize)] {
        const MOVES: [(isize, isize); 8] = [
            (-1, 0),
            (1, 0),
            (0, -1),
            (0, 1),
            (-1, -1),
            (-1, 1),
            (1, -1),
            (1, 1),
        ];
        match self {
            Self::None => &[],
            Self::Four => &MOVES[..4],
            Self::Eight => &MOVES,
        }
    }
}

impl PictureOptions {
    /// Pictures of this form, without copies.
    pub fn of(shape: PictureShape) -> Self {
        Self {
            height: shape.height,
            width: shape.width,
            content: shape.content,
            shifts: Shifts::None,
        }
    }

    /// The form of the pictures.
    pub fn shape(&self) -> PictureShape {
        PictureShape {
            height: self.height,
            width: self.width,
            content: self.content,
        }
    }
}

/// The rules by which a picture becomes numbers, for whoever writes them down in another language.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureRules {
    /// Pixels, divided by what counts as white, are cut off here.
    pub brightest: f64,
    /// The steepest slant that is taken off ink, in pixels sideways a row.
    pub steepest: f64,
    /// Changes of brightness up to this are none.
    pub faintest: f64,
    /// Directions that are told apart, all the way round.
    pub directions: usize,
    /// `parts × height`: the share of each row of pixels in each row of parts.
    pub down: Vec<f32>,
    /// `parts × width`: the same for columns.
    pub across: Vec<f32>,
}

impl PictureRules {
    /// Those for pictures of one form.
    pub fn of(shape: PictureShape) -> Self {
        let (down, across) = Directions::new(shape.height, shape.width).shares();
        Self {
            brightest: BRIGHTEST,
            steepest: f64::from(slant::STEEPEST),
            faintest: f64::from(directions::FAINTEST),
            directions: DIRECTIONS,
            down,
            across,
        }
    }
}

/// What was decided about the pixel columns.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PicturePlan {
    /// The table columns, pixel by pixel.
    columns: Vec<String>,
    /// What the values of all of them are.
    kind: Kind,
    shape: PictureShape,
    directions: Directions,
    /// What counts as fully bright.
    white: f64,
    /// Taken off each number, before all are divided by the scale.
    centre: Vec<f64>,
    scale: f64,
}

#[derive(Serialize, Deserialize)]
struct Saved {
    columns: Vec<String>,
    kind: Kind,
    shape: PictureShape,
}

impl PicturePlan {
    /// Looks at the training pictures; the features of those, followed by those of their copies.
    pub(super) fn fit(
        table: &Table,
        columns: &[String],
        options: &PictureOptions,
        scaling: bool,
    ) -> Result<(Self, Features), FitError> {
        let shape = options.shape();
        let pixels = shape.pixels();
        if pixels == 0 || pixels > MOST_PIXELS || pixels != columns.len() {
            return Err(FitError::Data(format!(
                "{} columns are no pictures of {} × {} pixels; name one column a pixel, row by row, {MOST_PIXELS} at most",
                columns.len(),
                shape.height,
                shape.width
            )));
        }
        let named = columns.iter().map(|name| {
            let column = table.column(name);
            column
                .filter(|column| column.kind().is_numeric())
                .ok_or_else(|| {
                    FitError::Data(format!(
                        "'{name}' is no column of numbers, so it cannot be a pixel"
                    ))
                })
        });
        let whole = named
            .map(|column| Ok(column?.kind() == Kind::Integer))
            .collect::<Result<Vec<_>, FitError>>()?;
        let mut plan = Self {
            columns: columns.to_vec(),
            kind: if whole.iter().all(|whole| *whole) {
                Kind::Integer
            } else {
                Kind::Number
            },
            shape,
            directions: Directions::new(shape.height, shape.width),
            white: 1.0,
            centre: Vec::new(),
            scale: 1.0,
        };
        plan.centre = vec![0.0; plan.directions.len()];
        let brightest = plan.find(table).into_par_iter().flatten().map(|column| {
            let values = numbers(column).into_iter();
            values.fold(0.0, f64::max)
        });
        plan.white = brightest.reduce(|| 0.0, f64::max);
        if plan.white <= 0.0 {
            return Err(FitError::Data(
                "every pixel of every picture is black; there is nothing to learn from".to_owned(),
            ));
        }
        let mut described = plan.described(table, &[(0, 0)]);
        if scaling {
            plan.fit_scale(&described);
        }
        let moves = options.shifts.moves();
        if !moves.is_empty() {
            described.extend(plan.described(table, moves));
        }
        let features = plan.features(&described);
        Ok((plan, features))
    }

    fn fit_scale(&mut self, described: &[f32]) {
        let width = self.directions.len();
        let rows = (described.len() / width.max(1)).max(1) as f64;
        let mut means = vec![0.0; width];
        for row in described.chunks_exact(width) {
            let pairs = means.iter_mut().zip(row);
            pairs.for_each(|(mean, value)| *mean += f64::from(*value) / rows);
        }
        let mut variance = 0.0;
        for row in described.chunks_exact(width) {
            let pairs = means.iter().zip(row);
            variance += pairs
                .map(|(mean, value)| (f64::from(*value) - mean).powi(2))
                .sum::<f64>()
                / (rows * width as f64);
        }
        self.centre = means;
        if variance > 1e-12 {
            self.scale = variance.sqrt();
        }
    }

    /// The features of a table's pictures; a pixel that is missing is black.
    pub(super) fn transform(&self, table: &Table) -> Features {
        self.features(&self.described(table, &[(0, 0)]))
    }

    /// The features of one picture that is black all over.
    pub(super) fn unknown(&self) -> Features {
        self.features(&vec![0.0; self.directions.len()])
    }

    /// What becomes of each pixel column. What is seen in a part of the picture belongs to the pixel in its middle.
    pub(super) fn prepared(&self) -> Vec<PreparedColumn> {
        let (rows, columns) = self.directions.parts();
        let mut owned: HashMap<usize, Vec<usize>> = HashMap::new();
        for part in 0..rows * columns {
            let middle =
                |place: usize, parts: usize, side: usize| (2 * place + 1) * side / (2 * parts);
            let row = middle(part / columns, rows, self.shape.height);
            let column = middle(part % columns, columns, self.shape.width);
            let features = part * DIRECTIONS..(part + 1) * DIRECTIONS;
            owned
                .entry(row * self.shape.width + column)
                .or_default()
                .extend(features);
        }
        let steps = self.steps();
        let columns = self.columns.iter().enumerate();
        columns
            .map(|(place, name)| PreparedColumn {
                column: name.clone(),
                kind: self.kind,
                steps: steps.clone(),
                used: true,
                note: None,
                features: owned.remove(&place).unwrap_or_default(),
            })
            .collect()
    }

    fn steps(&self) -> Vec<String> {
        let (rows, columns) = self.directions.parts();
        let described = format!(
            "described by the strength of {DIRECTIONS} directions of brightness in {rows} × {columns} parts of the picture"
        );
        let slant =
            (self.shape.content == PictureContent::Ink).then(|| "slant taken off".to_owned());
        slant.into_iter().chain([described]).collect()
    }

    /// Row-major numbers of pictures, each moved in turn.
    fn described(&self, table: &Table, moves: &[(isize, isize)]) -> Vec<f32> {
        let (pixels, width) = (self.shape.pixels(), self.directions.len());
        let of_move = |&(down, right): &(isize, isize)| {
            self.blocks(table, |block| {
                let mut found = vec![0.0; block.len() / pixels * width];
                for (picture, found) in block
                    .chunks_exact(pixels)
                    .zip(found.chunks_exact_mut(width))
                {
                    let moved = shifts::moved(picture, self.shape.width, down, right);
                    let picture = moved.as_deref().unwrap_or(picture);
                    match self.shape.content {
                        PictureContent::Ink => {
                            self.directions
                                .write(&slant::upright(picture, self.shape.width), found);
                        }
                        PictureContent::Scene => self.directions.write(picture, found),
                    }
                }
                found
            })
        };
        moves.iter().flat_map(of_move).collect()
    }

    /// What is worked out for blocks of pictures, in order; a block is pixels from 0 to 1, picture by picture.
    fn blocks(&self, table: &Table, work: impl Fn(&[f32]) -> Vec<f32> + Sync) -> Vec<f32> {
        let columns = self.find(table);
        let pixels = self.shape.pixels();
        let begins = (0..table.rows()).step_by(BLOCK).collect::<Vec<_>>();
        let of_block = |&begin: &usize| {
            let rows = BLOCK.min(table.rows() - begin);
            let mut block = vec![0.0; rows * pixels];
            for (place, column) in columns.iter().enumerate() {
                let Some(column) = column else { continue };
                for (row, value) in numbers(&column.slice(begin, rows)).into_iter().enumerate() {
                    // A missing pixel is black, and beyond what was seen there is little brighter than white.
                    let value = if value.is_nan() {
                        0.0
                    } else {
                        value / self.white
                    };
                    block[row * pixels + place] = value.clamp(0.0, BRIGHTEST) as f32;
                }
            }
            work(&block)
        };
        begins.par_iter().map(of_block).collect::<Vec<_>>().concat()
    }

    /// The pixel columns of a table. They mostly stand in order, so that the next is looked for first.
    fn find<'a>(&self, table: &'a Table) -> Vec<Option<&'a Column>> {
        let mut next = 0;
        let columns = self.columns.iter().map(|name| {
            let here = table
                .columns()
                .get(next)
                .filter(|column| column.name() == name);
            match here {
                Some(column) => {
                    next += 1;
                    Some(column)
                }
                None => {
                    let place = table
                        .columns()
                        .iter()
                        .position(|column| column.name() == name)?;
                    next = place + 1;
                    table.columns().get(place)
                }
            }
        });
        columns.collect()
    }

    /// Columns of what was described, centred and scaled.
    fn features(&self, described: &[f32]) -> Features {
        let width = self.directions.len();
        let rows = described.len() / width.max(1);
        let (_, columns) = self.directions.parts();
        let column = |place: usize| {
            let values = described.iter().skip(place).step_by(width);
            let values = values.map(|value| (f64::from(*value) - self.centre[place]) / self.scale);
            let (part, direction) = (place / DIRECTIONS, place % DIRECTIONS);
            Feature {
                name: format!(
                    "part {} {}, {}°",
                    part / columns + 1,
                    part % columns + 1,
                    direction * 360 / DIRECTIONS
                ),
                values: FeatureValues::Numeric(values.collect()),
            }
        };
        let columns = (0..width)
            .into_par_iter()
            .with_min_len(super::together(rows));
        super::tied(rows, columns.map(column).collect())
    }

    pub(super) fn save(&self) -> State {
        let saved = Saved {
            columns: self.columns.clone(),
            kind: self.kind,
            shape: self.shape,
        };
        State::default()
            .with_meta("pictures", saved)
            .with("white", Array::F64(vec![self.white]))
            .with("centre", Array::F64(self.centre.clone()))
            .with("scale", Array::F64(vec![self.scale]))
    }

    pub(super) fn load(state: &State) -> Result<Self, StateError> {
        let Saved {
            columns,
            kind,
            shape,
        } = state.meta("pictures")?;
        let wrong = |what: &str| StateError(format!("the preparation of pictures: {what}"));
        if shape.pixels() == 0 || shape.pixels() > MOST_PIXELS || columns.len() != shape.pixels() {
            return Err(wrong("its columns do not make pictures"));
        }
        let directions = Directions::new(shape.height, shape.width);
        let centre = state.f64s("centre")?.to_vec();
        let (&[white], &[scale]) = (state.f64s("white")?, state.f64s("scale")?) else {
            return Err(wrong("its numbers do not match"));
        };
        let positive = |value: f64| value.is_finite() && value > 0.0;
        let fits = centre.len() == directions.len() && centre.iter().all(|value| value.is_finite());
        if !fits || !positive(white) || !positive(scale) {
            return Err(wrong("its numbers are out of range"));
        }
        Ok(Self {
            columns,
            kind,
            shape,
            directions,
            white,
            centre,
            scale,
        })
    }
}
