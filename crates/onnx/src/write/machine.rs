//! Support vector machines: kernel values of all support vectors in doubles, decisions of pairs, and what they mean.
//!
//! The model itself takes kernel values in floats, so the two agree to about seven digits.

use super::columns::Feature;
use super::coupling;
use super::graph::{Builder, Value};
use crate::ExportError;
use serde::Deserialize;
use trainyard_estimators::{State, StateError};

/// Probabilities of a pair stay this far from 0 and 1.
const LEAST: f64 = 1e-7;

#[derive(Deserialize)]
struct Kernel {
    shape: Shape,
    degree: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Shape {
    Linear,
    Rbf,
    Poly,
    Sigmoid,
}

pub(super) fn machine(
    graph: &mut Builder,
    features: &[Feature],
    state: &State,
) -> Result<Value, ExportError> {
    let counts: Vec<usize> = state
        .u64s("counts")?
        .iter()
        .map(|&count| count as usize)
        .collect();
    let groups = counts.len();
    let likeness = likeness(graph, features, state, counts.iter().sum())?;
    let classes: Option<usize> = state.meta("classes")?;
    let decisions = decisions(graph, likeness, &counts, classes.is_some(), state)?;
    let Some(classes) = classes else {
        let &[centre, unit] = state.f64s("centre")? else {
            return Err(StateError("the centre and the numbers do not fit".to_owned()).into());
        };
        let scaled = graph.with("Mul", decisions, unit);
        let value = graph.with("Add", scaled, centre);
        return Ok(graph.finite(value));
    };
    let (slopes, offsets) = (state.f64s("slopes")?, state.f64s("offsets")?);
    let shares = if slopes.is_empty() {
        votes(graph, decisions, groups)
    } else {
        // P(first | decision) = 1 / (1 + e^(slope·decision + offset))
        let slopes: Vec<f64> = slopes.iter().map(|slope| -slope).collect();
        let slopes = graph.row(&slopes);
        let offsets = graph.row(offsets);
        let turned = graph.op("Mul", &[decisions, slopes]);
        let power = graph.op("Sub", &[turned, offsets]);
        let firsts = graph.logistic(power);
        let firsts = graph.between(firsts, LEAST, 1.0 - LEAST);
        if groups == 2 {
            let one = graph.number(1.0);
            let second = graph.op("Sub", &[one, firsts]);
            graph.side_by_side(&[firsts, second])
        } else {
            coupling::couple(graph, firsts, groups)
        }
    };
    Ok(spread(graph, shares, state.u32s("present")?, classes))
}

/// `rows × support vectors`: how alike they are.
fn likeness(
    graph: &mut Builder,
    features: &[Feature],
    state: &State,
    vectors: usize,
) -> Result<Value, ExportError> {
    let origin = state.f64s("columns.origin")?;
    let support = state.f32s("support")?;
    let width = origin.len();
    let samples = samples(graph, features, state.u32s("columns.levels")?, origin);
    let turned: Vec<f32> = (0..width * vectors)
        .map(|place| support[place % vectors * width + place / vectors])
        .collect();
    let own = graph.floats(&[width, vectors], &turned);
    let products = graph.op("MatMul", &[samples, own]);
    let kernel: Kernel = state.meta("kernel")?;
    let &[gamma, coef0] = state.f64s("kernel numbers")? else {
        return Err(StateError("the kernel's numbers are not two".to_owned()).into());
    };
    if kernel.shape == Shape::Linear {
        return Ok(products);
    }
    if kernel.shape == Shape::Rbf {
        let squares: Vec<f64> = support
            .chunks_exact(width.max(1))
            .map(|row| row.iter().map(|&value| f64::from(value).powi(2)).sum())
            .collect();
        let squares = graph.row(&squares);
        let squared = graph.op("Mul", &[samples, samples]);
        let asked = graph.sum(squared, 1);
        let twice = graph.with("Mul", products, 2.0);
        let both = graph.op("Add", &[squares, asked]);
        let nearness = graph.op("Sub", &[twice, both]);
        let zero = graph.number(0.0);
        let nearness = graph.op("Min", &[nearness, zero]);
        let power = graph.with("Mul", nearness, gamma);
        return Ok(graph.op("Exp", &[power]));
    }
    let scaled = graph.with("Mul", products, gamma);
    let base = graph.with("Add", scaled, coef0);
    Ok(match kernel.shape {
        Shape::Sigmoid => graph.op("Tanh", &[base]),
        _ => power(graph, base, kernel.degree),
    })
}

/// Whole powers by squaring.
fn power(graph: &mut Builder, base: Value, exponent: u32) -> Value {
    let mut result = None;
    let mut square = base;
    let mut left = exponent;
    while left > 0 {
        if left & 1 == 1 {
            result = Some(match result {
                Some(result) => graph.op("Mul", &[result, square]),
                None => square,
            });
        }
        left >>= 1;
        if left > 0 {
            square = graph.op("Mul", &[square, square]);
        }
    }
    result.unwrap_or_else(|| {
        let nothing = graph.with("Mul", base, 0.0);
        graph.with("Add", nothing, 1.0)
    })
}

/// Rows as kernels see them, `rows × width`: floats less the origin, one column for each level of a category.
fn samples(graph: &mut Builder, features: &[Feature], levels: &[u32], origin: &[f64]) -> Value {
    let mut parts = Vec::new();
    let mut offset = 0;
    for (feature, &known) in features.iter().zip(levels) {
        let width = known.max(1) as usize;
        let own = origin.get(offset..offset + width).unwrap_or_default();
        match feature {
            Feature::Number(value) if known == 0 => {
                let moved = graph.with("Sub", *value, own.first().copied().unwrap_or(0.0));
                let present = graph.op("Equal", &[moved, moved]);
                let zero = graph.number(0.0);
                let shown = graph.op("Where", &[present, moved, zero]);
                let near = graph.between(shown, -1e18, 1e18);
                parts.push(graph.rounded(near));
            }
            Feature::Code { value, levels } => {
                let table = (0..=*levels).flat_map(|level| {
                    own.iter().enumerate().map(move |(place, origin)| {
                        let here = level < known as usize && place == level;
                        let value = if here { 1.0 - origin } else { -origin };
                        f64::from(value as f32)
                    })
                });
                let table: Vec<f64> = table.collect();
                parts.push(graph.look_up(*value, &table, width));
            }
            Feature::Number(_) => {}
        }
        offset += width;
    }
    graph.side_by_side(&parts)
}

/// `rows × pairs` (or one column of numbers).
fn decisions(
    graph: &mut Builder,
    likeness: Value,
    counts: &[usize],
    has_classes: bool,
    state: &State,
) -> Result<Value, ExportError> {
    let coefficients = state.f64s("coefficients")?;
    let groups = counts.len();
    let lines = if has_classes { groups - 1 } else { 1 };
    let biases = graph.row(state.f64s("biases")?);
    let mut sums = Vec::with_capacity(groups);
    let mut first = 0;
    for &count in counts {
        // Group by group, row-major `lines × vectors of the group`.
        let own = &coefficients[first * lines..(first + count) * lines];
        let turned: Vec<f64> = (0..count * lines)
            .map(|place| own[place % lines * count + place / lines])
            .collect();
        let columns: Vec<i64> = (first..first + count).map(|vector| vector as i64).collect();
        if count > 0 {
            let columns = graph.ints(&[count], &columns);
            let own = match groups {
                1 => likeness,
                _ => graph.gather(likeness, columns, 1),
            };
            let coefficients = graph.doubles(&[count, lines], &turned);
            sums.push(graph.op("MatMul", &[own, coefficients]));
        } else {
            let nothing = graph.sum(likeness, 1);
            let nothing = graph.with("Mul", nothing, 0.0);
            let zeros = graph.row(&vec![0.0; lines]);
            sums.push(graph.op("Add", &[nothing, zeros]));
        }
        first += count;
    }
    let sums = graph.side_by_side(&sums);
    if !has_classes {
        return Ok(graph.op("Add", &[sums, biases]));
    }
    // Where the line of one class against another stands among those of all classes.
    let line = |own: usize, other: usize| (own * lines + other - usize::from(other > own)) as i64;
    let pairs = || (0..groups).flat_map(|one| (one + 1..groups).map(move |other| (one, other)));
    let of_firsts: Vec<i64> = pairs().map(|(one, other)| line(one, other)).collect();
    let of_seconds: Vec<i64> = pairs().map(|(one, other)| line(other, one)).collect();
    let of_firsts = graph.ints(&[of_firsts.len()], &of_firsts);
    let of_seconds = graph.ints(&[of_seconds.len()], &of_seconds);
    let firsts = graph.gather(sums, of_firsts, 1);
    let seconds = graph.gather(sums, of_seconds, 1);
    let both = graph.op("Add", &[firsts, seconds]);
    Ok(graph.op("Add", &[both, biases]))
}

/// Shares by vote: each pair is one vote, and how sure the pairs of a class are counts up to a third of a vote more.
fn votes(graph: &mut Builder, decisions: Value, groups: usize) -> Value {
    let (zero, one) = (graph.number(0.0), graph.number(1.0));
    let for_first = graph.op("Greater", &[decisions, zero]);
    let firsts = graph.op("Where", &[for_first, one, zero]);
    let seconds = graph.op("Sub", &[one, firsts]);
    let own = coupling::of_pairs(graph, [firsts, seconds], groups);
    let votes = graph.sum(own, 2);
    let against = graph.op("Neg", &[decisions]);
    let sure = coupling::of_pairs(graph, [decisions, against], groups);
    let sure = graph.sum(sure, 2);
    let size = graph.op("Abs", &[sure]);
    let size = graph.with("Add", size, 1.0);
    let part = graph.op("Div", &[sure, size]);
    let part = graph.with("Add", part, 1.0);
    let part = graph.with("Div", part, 3.0);
    let shares = graph.op("Add", &[votes, part]);
    let shares = graph.reshape(shares, &[-1, groups as i64]);
    let total = graph.sum(shares, 1);
    graph.op("Div", &[shares, total])
}

/// Puts the shares of the learned classes in the places of all classes.
fn spread(graph: &mut Builder, shares: Value, present: &[u32], classes: usize) -> Value {
    if present.len() == classes {
        return shares;
    }
    let first = graph.sum(shares, 1);
    let nothing = graph.with("Mul", first, 0.0);
    let all = graph.side_by_side(&[shares, nothing]);
    let place = |class: usize| {
        let place = present.binary_search(&(class as u32));
        place.unwrap_or(present.len()) as i64
    };
    let places: Vec<i64> = (0..classes).map(place).collect();
    let places = graph.ints(&[classes], &places);
    graph.gather(all, places, 1)
}
