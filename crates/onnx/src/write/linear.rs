//! Linear models: a sum of coefficients times numbers, and of one coefficient a category.

use super::columns::Feature;
use super::graph::{Builder, Value};
use crate::ExportError;
use trainyard_estimators::State;

/// A column's part of a sum at most, so that opposite infinities do not meet.
const LARGEST: f64 = 1e300;

/// How the numbers of a row become an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// The number itself.
    Identity,
    /// Class shares, of two from one number.
    Shares,
}

pub(super) fn linear(
    graph: &mut Builder,
    features: &[Feature],
    state: &State,
    link: Link,
) -> Result<Value, ExportError> {
    let levels = state.u32s("levels")?;
    let coefficients = state.f64s("coefficients")?;
    let outputs: usize = state.meta("outputs")?;
    let stride = coefficients.len() / outputs.max(1);
    let of_column = |column: usize| -> Vec<f64> {
        let own = (0..outputs).map(|output| coefficients.get(output * stride + column).copied());
        own.map(Option::unwrap_or_default).collect()
    };
    let mut sum = graph.row(&of_column(stride.saturating_sub(1)));
    let (mut numbers, mut factors) = (Vec::new(), Vec::new());
    let mut offset = 0;
    for (feature, &known) in features.iter().zip(levels) {
        match feature {
            Feature::Number(value) if known == 0 => {
                numbers.push(*value);
                factors.push(of_column(offset));
            }
            Feature::Code { value, levels } => {
                let own = (0..=*levels).flat_map(|level| match level < known as usize {
                    true => of_column(offset + level),
                    false => vec![0.0; outputs],
                });
                let table: Vec<f64> = own.collect();
                let part = graph.look_up(*value, &table, outputs);
                sum = graph.op("Add", &[sum, part]);
            }
            Feature::Number(_) => {}
        }
        offset += known.max(1) as usize;
    }
    if !numbers.is_empty() {
        let part = products(graph, &numbers, &factors);
        sum = graph.op("Add", &[sum, part]);
    } else if features
        .iter()
        .all(|feature| matches!(feature, Feature::Number(_)))
    {
        let rows = super::baseline::zeros(graph, features);
        sum = graph.op("Add", &[sum, rows]);
    }
    Ok(match link {
        Link::Identity => graph.finite(sum),
        Link::Shares if outputs > 1 => graph.softmax(sum),
        Link::Shares => {
            let second = graph.logistic(sum);
            graph.both(second)
        }
    })
}

/// `rows × outputs`: numbers that are missing add nothing.
fn products(graph: &mut Builder, numbers: &[Value], factors: &[Vec<f64>]) -> Value {
    let numbers = graph.side_by_side(numbers);
    let present = graph.op("Equal", &[numbers, numbers]);
    let zero = graph.number(0.0);
    let numbers = graph.op("Where", &[present, numbers, zero]);
    let outputs = factors.first().map_or(0, Vec::len);
    if outputs == 1 {
        let factors = graph.row(&factors.concat());
        let parts = graph.op("Mul", &[numbers, factors]);
        let parts = graph.between(parts, -LARGEST, LARGEST);
        return graph.sum(parts, 1);
    }
    // No product of what is left with a coefficient is infinite: shares are 0 and 1 long before.
    let largest = factors.iter().flatten();
    let largest = largest.fold(1.0, |most: f64, factor| most.max(factor.abs()));
    let numbers = graph.between(numbers, -LARGEST / largest, LARGEST / largest);
    let factors = graph.doubles(&[factors.len(), outputs], &factors.concat());
    graph.op("MatMul", &[numbers, factors])
}
