//! The preparation as nodes: table columns go in, the features that algorithms learn from come out.
//!
//! Plans are read from [`Preparation::save`](trainyard_estimators::preparation::Preparation::save). A column that several
//! preparations read is one input.

use super::dates::{self, DatePart};
use super::graph::{Builder, Setting, Value};
use super::pictures;
use crate::ExportError;
use serde::Deserialize;
use std::collections::BTreeMap;
use trainyard_estimators::State;

/// One feature.
#[derive(Clone, Copy, Debug)]
pub(super) enum Feature {
    /// `rows × 1` doubles; NaN where missing.
    Number(Value),
    /// `rows × 1` codes in `0..=levels`; the last stands for no level.
    Code { value: Value, levels: usize },
}

/// The inputs of the model.
#[derive(Default)]
pub(super) struct Inputs {
    by_column: BTreeMap<String, Input>,
}

#[derive(Clone, Copy)]
struct Input {
    value: Value,
    /// Of numbers, whether each is there.
    there: Option<Value>,
}

#[derive(Deserialize)]
struct Plan {
    column: String,
    reading: Reading,
    parts: Vec<Part>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reading {
    LeftOut,
    Numbers,
    Categories {
        levels: Vec<String>,
        #[serde(default)]
        rare: Vec<String>,
        missing_level: bool,
    },
    Statistics {
        levels: Vec<String>,
        missing_level: bool,
    },
    Pieces {},
}

#[derive(Deserialize)]
struct Part {
    view: View,
    filled: bool,
    #[serde(skip)]
    numbers: Numbers,
}

#[derive(Clone, Copy, Default)]
struct Numbers {
    fill: f64,
    centre: f64,
    scale: f64,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum View {
    Value,
    Missing,
    Date(DatePart),
    Code,
    Target(#[expect(dead_code, reason = "outputs follow each other")] usize),
    Bucket(#[expect(dead_code, reason = "text is refused")] usize),
}

/// The columns that a preparation reads and whether they hold text, in the order of its plans.
pub(super) fn read_by(preparation: &State) -> Result<Vec<(String, bool)>, ExportError> {
    if preparation.meta.contains_key("pictures") {
        return pictures::read_by(preparation);
    }
    let plans: Vec<Plan> = preparation.meta("columns")?;
    let read = plans.into_iter().filter_map(|plan| match plan.reading {
        Reading::LeftOut => None,
        Reading::Numbers => Some(Ok((plan.column, false))),
        Reading::Categories { .. } | Reading::Statistics { .. } => Some(Ok((plan.column, true))),
        Reading::Pieces {} => Some(Err(ExportError::Text {
            column: plan.column,
        })),
    });
    read.collect()
}

/// The features that a preparation makes.
pub(super) fn features(
    graph: &mut Builder,
    inputs: &mut Inputs,
    preparation: &State,
) -> Result<Vec<Feature>, ExportError> {
    if preparation.meta.contains_key("pictures") {
        return pictures::features(graph, inputs, preparation);
    }
    let mut plans: Vec<Plan> = preparation.meta("columns")?;
    let numbers = ["fill", "centre", "scale"].map(|name| preparation.f64s(name));
    let [fill, centre, scale] = numbers;
    let mut numbers = fill?.iter().zip(centre?).zip(scale?);
    for part in plans.iter_mut().flat_map(|plan| &mut plan.parts) {
        if let Some(((&fill, &centre), &scale)) = numbers.next() {
            part.numbers = Numbers {
                fill,
                centre,
                scale,
            };
        }
    }
    let mut means = match preparation.arrays.contains_key("target statistics") {
        true => preparation.f64s("target statistics")?,
        false => &[],
    };
    let mut made = Vec::new();
    for plan in &plans {
        match &plan.reading {
            Reading::LeftOut => {}
            Reading::Numbers => made.extend(of_numbers(graph, inputs, plan)),
            Reading::Categories {
                levels,
                rare,
                missing_level,
            } => {
                let shared = usize::from(!rare.is_empty());
                let all = levels.len() + shared + usize::from(*missing_level);
                let other = if rare.is_empty() { all } else { levels.len() };
                let missing = if *missing_level {
                    levels.len() + shared
                } else {
                    all
                };
                let text = inputs.of(graph, &plan.column);
                made.push(Feature::Code {
                    value: codes(graph, text, levels, other, missing),
                    levels: all,
                });
            }
            Reading::Statistics {
                levels,
                missing_level,
            } => {
                let groups = levels.len() + usize::from(*missing_level);
                let (own, others) = means
                    .split_at_checked(groups * plan.parts.len())
                    .unwrap_or((means, &[]));
                means = others;
                let text = inputs.of(graph, &plan.column);
                made.extend(of_statistics(
                    graph,
                    text,
                    (levels, *missing_level),
                    own,
                    plan,
                ));
            }
            Reading::Pieces {} => {
                return Err(ExportError::Text {
                    column: plan.column.clone(),
                });
            }
        }
    }
    Ok(made)
}

impl Inputs {
    /// Adds an input.
    pub(super) fn add(&mut self, graph: &mut Builder, column: &str) -> Value {
        let value = graph.named(column);
        let input = Input { value, there: None };
        self.by_column.insert(column.to_owned(), input);
        value
    }

    /// The input of a column, as it comes.
    pub(super) fn of(&mut self, graph: &mut Builder, column: &str) -> Value {
        match self.by_column.get(column) {
            Some(input) => input.value,
            None => self.add(graph, column),
        }
    }

    /// A column of numbers, and where it is neither missing nor infinite.
    fn numbers(&mut self, graph: &mut Builder, column: &str) -> (Value, Value) {
        let value = self.of(graph, column);
        if let Some(there) = self.by_column.get(column).and_then(|input| input.there) {
            return (value, there);
        }
        // Only what is finite takes nothing away from itself.
        let nothing = graph.op("Sub", &[value, value]);
        let there = graph.with("Equal", nothing, 0.0);
        if let Some(input) = self.by_column.get_mut(column) {
            input.there = Some(there);
        }
        (value, there)
    }
}

fn of_numbers(graph: &mut Builder, inputs: &mut Inputs, plan: &Plan) -> Vec<Feature> {
    let (cells, there) = inputs.numbers(graph, &plan.column);
    let zero = graph.number(0.0);
    let mut date = None;
    let mut made = Vec::with_capacity(plan.parts.len());
    for part in &plan.parts {
        let value = match part.view {
            View::Missing => {
                let one = graph.number(1.0);
                graph.op("Where", &[there, zero, one])
            }
            View::Date(which) => {
                let parts = *date.get_or_insert_with(|| {
                    let known = graph.op("Where", &[there, cells, zero]);
                    dates::moments(graph, known)
                });
                let shown = dates::part(graph, parts, which);
                part.apply(graph, shown, there)
            }
            View::Value | View::Code | View::Target(_) | View::Bucket(_) => {
                part.apply(graph, cells, there)
            }
        };
        made.push(Feature::Number(value));
    }
    made
}

impl Part {
    /// Filled or missing where it is not there, centred and scaled.
    fn apply(&self, graph: &mut Builder, shown: Value, there: Value) -> Value {
        let otherwise = if self.filled {
            self.numbers.fill
        } else {
            f64::NAN
        };
        let moves = self.numbers.centre != 0.0 || self.numbers.scale != 1.0;
        let otherwise = graph.number(if moves && !self.filled {
            0.0
        } else {
            otherwise
        });
        let filled = graph.op("Where", &[there, shown, otherwise]);
        if !moves {
            return filled;
        }
        let moved = graph.with("Sub", filled, self.numbers.centre);
        let scaled = graph.with("Div", moved, self.numbers.scale);
        let scaled = graph.finite(scaled);
        if self.filled {
            return scaled;
        }
        let missing = graph.number(f64::NAN);
        graph.op("Where", &[there, scaled, missing])
    }

    /// What [`apply`](Self::apply) makes of a number that is known already.
    fn applied(&self, cell: f64) -> f64 {
        let Numbers {
            fill,
            centre,
            scale,
        } = self.numbers;
        let filled = if self.filled && cell.is_nan() {
            fill
        } else {
            cell
        };
        let moved = (filled - centre) / scale;
        if moved.is_infinite() {
            f64::MAX.copysign(moved)
        } else {
            moved
        }
    }
}

fn of_statistics(
    graph: &mut Builder,
    text: Value,
    (levels, missing_level): (&[String], bool),
    means: &[f64],
    plan: &Plan,
) -> Vec<Feature> {
    let groups = levels.len() + usize::from(missing_level);
    let (other, missing) = (
        groups,
        if missing_level {
            levels.len()
        } else {
            groups + 1
        },
    );
    let codes = codes(graph, text, levels, other, missing);
    let outputs = plan.parts.len();
    let parts = plan.parts.iter().enumerate();
    let of_part = |(output, part): (usize, &Part)| {
        let own = (0..groups).map(|group| means.get(group * outputs + output).copied());
        let known = own.map(|mean| mean.unwrap_or(part.numbers.fill));
        // A value never seen stands for the overall mean, and one that is missing for nothing.
        let all = known.chain([part.numbers.fill, f64::NAN]);
        let table: Vec<f64> = all.map(|cell| part.applied(cell)).collect();
        let table = graph.doubles(&[table.len()], &table);
        Feature::Number(graph.gather(table, codes, 0))
    };
    parts.map(of_part).collect()
}

/// The place of each text among `levels`; `missing` for the empty one, `other` for any else.
fn codes(
    graph: &mut Builder,
    text: Value,
    levels: &[String],
    other: usize,
    missing: usize,
) -> Value {
    let known = levels
        .iter()
        .enumerate()
        .filter(|(_, level)| !level.is_empty());
    let (mut places, mut texts): (Vec<i64>, Vec<String>) = known
        .map(|(place, level)| (place as i64, level.clone()))
        .unzip();
    places.push(missing as i64);
    texts.push(String::new());
    graph.ml(
        "CategoryMapper",
        &[text],
        vec![
            ("cats_strings", Setting::Texts(texts)),
            ("cats_int64s", Setting::Ints(places)),
            ("default_int64", Setting::Int(other as i64)),
        ],
    )
}
