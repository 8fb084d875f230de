//! Neural networks: layer after layer, in doubles. The table of embeddings adds to the sums of the first layer.

use super::columns::Feature;
use super::graph::{Builder, Value};
use crate::ExportError;
use serde::Deserialize;
use trainyard_estimators::{State, StateError};

/// Numbers farther from the mean than this many standard deviations count as this far.
const FARTHEST: f64 = 10.0;

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Classes(usize),
    Value { mean: f64, deviation: f64 },
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Activation {
    Relu,
    Tanh,
    Sigmoid,
}

pub(super) fn network(
    graph: &mut Builder,
    features: &[Feature],
    state: &State,
) -> Result<Value, ExportError> {
    let levels = state.u32s("levels")?;
    let (means, deviations) = (state.f64s("means")?, state.f64s("deviations")?);
    let embeddings = state.f32s("embeddings")?;
    let mut answer: Answer = state.meta("answer")?;
    // Numbers in text lose their last digit; newer files hold them as an array too.
    if let (Answer::Value { mean, deviation }, Ok(&[exact, spread])) =
        (&mut answer, state.f64s("answer numbers"))
    {
        (*mean, *deviation) = (exact, spread);
    }
    let activation: Activation = state.meta("activation")?;
    let mut widths: Vec<usize> = state.meta("hidden_layer_sizes")?;
    let first = widths.first().copied().unwrap_or(1);
    widths.push(match answer {
        Answer::Classes(classes) => classes,
        Answer::Value { .. } => 1,
    });

    let mut moments = means.iter().zip(deviations);
    let mut numbers = Vec::new();
    let mut embedded = Vec::new();
    let mut offset = 0;
    for (feature, &known) in features.iter().zip(levels) {
        match feature {
            Feature::Number(value) if known == 0 => {
                let (&mean, &deviation) = moments.next().unwrap_or((&0.0, &0.0));
                numbers.push(scaled(graph, *value, mean, deviation));
            }
            Feature::Code { value, levels } => {
                let own = (0..=*levels).flat_map(|level| {
                    let start = (offset + level) * first;
                    let row = (level < known as usize)
                        .then(|| embeddings.get(start..start + first))
                        .flatten();
                    row.map_or_else(
                        || vec![0.0; first],
                        |row| row.iter().map(|&value| f64::from(value)).collect(),
                    )
                });
                let table: Vec<f64> = own.collect();
                embedded.push(graph.look_up(*value, &table, first));
            }
            Feature::Number(_) => {}
        }
        offset += known as usize;
    }
    let mut rest = state.f32s("weights")?;
    let mut values = (!numbers.is_empty()).then(|| graph.side_by_side(&numbers));
    let mut inputs = numbers.len();
    let layers = widths.len();
    for (layer, width) in widths.into_iter().enumerate() {
        let short = || StateError("the weights do not fit the layers".to_owned());
        let (weights, after) = rest.split_at_checked(width * inputs).ok_or_else(short)?;
        let (constants, after) = after.split_at_checked(width).ok_or_else(short)?;
        rest = after;
        let mut sum = graph.floats(&[1, width], constants);
        if let Some(values) = values {
            // Rows of weights belong to outputs; the product wants columns.
            let turned: Vec<f32> = (0..inputs * width)
                .map(|place| weights[place % width * inputs + place / width])
                .collect();
            let weights = graph.floats(&[inputs, width], &turned);
            let product = graph.op("MatMul", &[values, weights]);
            sum = graph.op("Add", &[product, sum]);
        }
        if layer == 0 {
            for &part in &embedded {
                sum = graph.op("Add", &[sum, part]);
            }
        }
        let last = layer + 1 == layers;
        values = Some(if last {
            sum
        } else {
            activate(graph, sum, activation)
        });
        inputs = width;
    }
    let sums = values.ok_or_else(|| StateError("the network has no layers".to_owned()))?;
    Ok(match answer {
        Answer::Classes(_) => graph.softmax(sums),
        Answer::Value { mean, deviation } => {
            let spread = graph.with("Mul", sums, deviation);
            let value = graph.with("Add", spread, mean);
            graph.finite(value)
        }
    })
}

/// Centred, scaled and clipped; 0 where missing, and for a column without spread.
fn scaled(graph: &mut Builder, value: Value, mean: f64, deviation: f64) -> Value {
    let inverse = 1.0 / deviation;
    let inverse = if inverse.is_finite() && inverse > 0.0 {
        inverse
    } else {
        0.0
    };
    let own = graph.with("Mul", value, inverse);
    let moved = graph.with("Sub", own, mean * inverse);
    let present = graph.op("Equal", &[moved, moved]);
    let zero = graph.number(0.0);
    let known = graph.op("Where", &[present, moved, zero]);
    let clipped = graph.between(known, -FARTHEST, FARTHEST);
    graph.rounded(clipped)
}

fn activate(graph: &mut Builder, sums: Value, activation: Activation) -> Value {
    match activation {
        Activation::Relu => {
            let zero = graph.number(0.0);
            graph.op("Max", &[sums, zero])
        }
        Activation::Tanh => graph.op("Tanh", &[sums]),
        Activation::Sigmoid => graph.logistic(sums),
    }
}
