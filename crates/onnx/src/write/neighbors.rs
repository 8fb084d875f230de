//! Nearest neighbours: distances to all training rows, the nearest of them, and their votes.
//!
//! Equally near rows are told apart by their number, so distances are added up column by column in the order in which the
//! model adds them: they agree to the last bit. A product of matrices would be faster and would not.

use super::columns::Feature;
use super::graph::{Builder, Setting, Value};
use crate::ExportError;
use trainyard_estimators::{State, StateError};

/// The level count that marks a numeric column, as the model writes it.
const NUMERIC: u32 = u32::MAX;
/// Numbers beyond are cut off, so that squares of differences stay finite.
const FARTHEST: f64 = 1e30;
/// Partial sums that a distance is added up in.
const LANES: usize = 8;
/// Cosine distances below are rounding errors of 0.
const NOTHING: f64 = 1e-15;

/// What queries and training rows are made of.
struct Rows<'a> {
    count: usize,
    width: usize,
    categories: usize,
    /// Columns of the training rows, `1 × count` each.
    own_numbers: Vec<Value>,
    codes: &'a [u32],
    /// `rows × 1` each: floats as doubles, and codes.
    asked_numbers: Vec<Value>,
    asked_codes: Vec<Value>,
    /// How many codes of a query are known, `rows × 1`.
    asked_known: Value,
}

pub(super) fn neighbors(
    graph: &mut Builder,
    features: &[Feature],
    state: &State,
) -> Result<Value, ExportError> {
    let rows = Rows::read(graph, features, state)?;
    let metric: String = state.meta("metric")?;
    let keys = match metric.as_str() {
        "euclidean" | "manhattan" => {
            let numbers = rows.sum_of(graph, |graph, asked, own| {
                let difference = graph.op("Sub", &[asked, own]);
                match metric.as_str() {
                    "euclidean" => graph.op("Mul", &[difference, difference]),
                    _ => graph.op("Abs", &[difference]),
                }
            });
            let different = rows.different(graph);
            graph.op("Add", &[numbers, different])
        }
        "cosine" => rows.cosine(graph),
        other => return Err(StateError(format!("there is no metric '{other}'")).into()),
    };
    let count: usize = state.meta("n_neighbors")?;
    let count = graph.ints(&[1], &[count.min(rows.count) as i64]);
    let settings = vec![
        ("axis", Setting::Int(1)),
        ("largest", Setting::Int(0)),
        ("sorted", Setting::Int(1)),
    ];
    let [keys, found] = graph.two("TopK", &[keys, count], settings);
    let weighting: String = state.meta("weights")?;
    let by_distance = (weighting == "distance").then(|| {
        let distances = match metric.as_str() {
            "euclidean" => graph.op("Sqrt", &[keys]),
            _ => keys,
        };
        shares_by_distance(graph, distances)
    });
    let by_row = match state.arrays.contains_key("weights") {
        true => {
            let weights = state.f64s("weights")?;
            let weights = graph.doubles(&[weights.len()], weights);
            Some(graph.gather(weights, found, 0))
        }
        false => None,
    };
    let shares = match (by_distance, by_row) {
        (Some(one), Some(other)) => graph.op("Mul", &[one, other]),
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => {
            let same = graph.op("Equal", &[found, found]);
            let one = graph.number(1.0);
            graph.op("Where", &[same, one, one])
        }
    };
    // Weights of very different size must not sum to infinity or vanish.
    let largest = graph.extreme("ReduceMax", shares);
    let shares = graph.op("Div", &[shares, largest]);
    let total = graph.sum(shares, 1);
    let votes = graph.op("Div", &[shares, total]);
    let classes: usize = state.meta("classes")?;
    if classes == 0 {
        let values = state.f64s("targets")?;
        let values = graph.doubles(&[values.len()], values);
        let values = graph.gather(values, found, 0);
        let parts = graph.op("Mul", &[votes, values]);
        let mean = graph.sum(parts, 1);
        let (least, most) = (
            graph.extreme("ReduceMin", values),
            graph.extreme("ReduceMax", values),
        );
        let raised = graph.op("Max", &[mean, least]);
        return Ok(graph.op("Min", &[raised, most]));
    }
    let indices: Vec<i64> = state
        .u32s("targets")?
        .iter()
        .map(|&class| i64::from(class))
        .collect();
    let indices = graph.ints(&[indices.len()], &indices);
    let answers = graph.gather(indices, found, 0);
    let zero = graph.number(0.0);
    let columns: Vec<Value> = (0..classes as i64)
        .map(|class| {
            let class = graph.ints(&[1, 1], &[class]);
            let own = graph.op("Equal", &[answers, class]);
            let votes = graph.op("Where", &[own, votes, zero]);
            let sum = graph.sum(votes, 1);
            let one = graph.number(1.0);
            graph.op("Min", &[sum, one])
        })
        .collect();
    Ok(graph.side_by_side(&columns))
}

/// The nearest counts 1 and others less; where some are at distance 0, they take it all.
fn shares_by_distance(graph: &mut Builder, distances: Value) -> Value {
    let nearest = graph.extreme("ReduceMin", distances);
    let (zero, one) = (graph.number(0.0), graph.number(1.0));
    let is_apart = graph.op("Greater", &[distances, zero]);
    let divisors = graph.op("Where", &[is_apart, distances, one]);
    let ratios = graph.op("Div", &[nearest, divisors]);
    let equal = graph.op("Where", &[is_apart, zero, one]);
    let all_apart = graph.op("Greater", &[nearest, zero]);
    graph.op("Where", &[all_apart, ratios, equal])
}

impl<'a> Rows<'a> {
    fn read(
        graph: &mut Builder,
        features: &[Feature],
        state: &'a State,
    ) -> Result<Self, ExportError> {
        let levels = state.u32s("levels")?;
        let offsets = state.f64s("offsets")?;
        let (mut asked_numbers, mut asked_codes) = (Vec::new(), Vec::new());
        let mut asked_known = None;
        for ((feature, &known), &offset) in features.iter().zip(levels).zip(offsets) {
            match feature {
                Feature::Number(value) if known == NUMERIC => {
                    asked_numbers.push(moved(graph, *value, offset));
                }
                Feature::Code { value, .. } => {
                    asked_codes.push(*value);
                    let levels = graph.ints(&[1, 1], &[i64::from(known)]);
                    let is_known = graph.op("Less", &[*value, levels]);
                    let (zero, one) = (graph.number(0.0), graph.number(1.0));
                    let own = graph.op("Where", &[is_known, one, zero]);
                    asked_known = Some(match asked_known {
                        Some(sum) => graph.op("Add", &[sum, own]),
                        None => own,
                    });
                }
                Feature::Number(_) => {}
            }
        }
        let numbers = state.f32s("numbers")?;
        let codes = state.u32s("codes")?;
        let (width, categories) = (asked_numbers.len(), asked_codes.len());
        let of_codes = || codes.len() / categories.max(1);
        let count = numbers.len().checked_div(width).unwrap_or_else(of_codes);
        let asked_known = asked_known.unwrap_or_else(|| graph.number(0.0));
        let own_numbers = (0..width)
            .map(|column| {
                let own = numbers.iter().skip(column).step_by(width);
                let own: Vec<f32> = own.copied().collect();
                graph.floats(&[1, count], &own)
            })
            .collect();
        Ok(Self {
            count,
            width,
            categories,
            own_numbers,
            codes,
            asked_numbers,
            asked_codes,
            asked_known,
        })
    }

    /// `rows × count` sums over the columns, in the model's order: columns take turns in the lanes, those that are left
    /// come first when the lanes are added up.
    fn sum_of(
        &self,
        graph: &mut Builder,
        term: impl Fn(&mut Builder, Value, Value) -> Value,
    ) -> Value {
        let whole = self.width - self.width % LANES;
        let mut lanes: [Option<Value>; LANES] = [None; LANES];
        let mut last = None;
        let add = |graph: &mut Builder, sum: &mut Option<Value>, term: Value| {
            *sum = Some(match *sum {
                Some(sum) => graph.op("Add", &[sum, term]),
                None => term,
            });
        };
        let both = self.asked_numbers.iter().zip(&self.own_numbers);
        for (column, (&asked, &own)) in both.enumerate() {
            let term = term(graph, asked, own);
            let sum = if column < whole {
                &mut lanes[column % LANES]
            } else {
                &mut last
            };
            add(graph, sum, term);
        }
        for lane in lanes.into_iter().flatten() {
            add(graph, &mut last, lane);
        }
        last.unwrap_or_else(|| graph.number(0.0))
    }

    /// How many codes of each training row are known, `1 × count`.
    fn own_known(&self) -> Vec<f64> {
        if self.categories == 0 {
            return vec![0.0; self.count];
        }
        let known =
            |codes: &[u32]| codes.iter().filter(|&&code| code < u32::MAX - 1).count() as f64;
        self.codes
            .chunks_exact(self.categories)
            .map(known)
            .collect()
    }

    /// In how many categories each query equals each training row, `rows × count`.
    fn matches(&self, graph: &mut Builder) -> Option<Value> {
        let mut sum = None;
        let (zero, one) = (graph.number(0.0), graph.number(1.0));
        for (category, &asked) in self.asked_codes.iter().enumerate() {
            let own = self.codes.iter().skip(category).step_by(self.categories);
            // No code of a query is −1: what is unknown equals nothing.
            let own: Vec<i64> = own
                .map(|&code| {
                    if code < u32::MAX - 1 {
                        i64::from(code)
                    } else {
                        -1
                    }
                })
                .collect();
            let own = graph.ints(&[1, self.count], &own);
            let same = graph.op("Equal", &[asked, own]);
            let same = graph.op("Where", &[same, one, zero]);
            sum = Some(match sum {
                Some(sum) => graph.op("Add", &[sum, same]),
                None => same,
            });
        }
        sum
    }

    /// How many one-hot columns of a query and a training row differ.
    fn different(&self, graph: &mut Builder) -> Value {
        let own = self.own_known();
        let own = graph.row(&own);
        let both = graph.op("Add", &[own, self.asked_known]);
        match self.matches(graph) {
            Some(matches) => {
                let twice = graph.with("Mul", matches, 2.0);
                graph.op("Sub", &[both, twice])
            }
            None => both,
        }
    }

    fn cosine(&self, graph: &mut Builder) -> Value {
        let products = self.sum_of(graph, |graph, asked, own| graph.op("Mul", &[asked, own]));
        let asked = self.sum_of(graph, |graph, asked, _| graph.op("Mul", &[asked, asked]));
        let own = self.sum_of(graph, |graph, _, own| graph.op("Mul", &[own, own]));
        let own_known = self.own_known();
        let own_known = graph.row(&own_known);
        let own = graph.op("Add", &[own, own_known]);
        let asked = graph.op("Add", &[asked, self.asked_known]);
        let lengths = graph.op("Mul", &[own, asked]);
        let alike = match self.matches(graph) {
            Some(matches) => graph.op("Add", &[products, matches]),
            None => products,
        };
        let (zero, one) = (graph.number(0.0), graph.number(1.0));
        let has_length = graph.op("Greater", &[lengths, zero]);
        let divisor = graph.op("Where", &[has_length, lengths, one]);
        let divisor = graph.op("Sqrt", &[divisor]);
        let cosine = graph.op("Div", &[alike, divisor]);
        let distance = graph.op("Sub", &[one, cosine]);
        let is_something = graph.with("Less", distance, NOTHING);
        let distance = graph.op("Where", &[is_something, zero, distance]);
        graph.op("Where", &[has_length, distance, one])
    }
}

/// A number as the model measures it: moved, cut off and rounded to a float; what is missing counts as the offset.
fn moved(graph: &mut Builder, value: Value, offset: f64) -> Value {
    let moved = graph.with("Sub", value, offset);
    let present = graph.op("Equal", &[moved, moved]);
    let zero = graph.number(0.0);
    let known = graph.op("Where", &[present, moved, zero]);
    let near = graph.between(known, -FARTHEST, FARTHEST);
    graph.rounded(near)
}
