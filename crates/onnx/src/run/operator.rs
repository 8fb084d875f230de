//! One node as an operator with its attributes.

use super::elementwise::{Comparison, Pairwise, Single};
use super::reduce::Reduction;
use super::steps::{Slots, Step};
use super::trees::Trees;
use crate::RunError;
use crate::message::{Attribute, Graph, Node, data_type};
use std::collections::HashMap;

/// What a step does.
pub(super) enum Operator {
    Identity,
    Single(Single),
    Pairwise(Pairwise),
    Comparison(Comparison),
    Arctangent,
    Where,
    CastToDouble,
    CastToFloat,
    CastToInt,
    Gather {
        axis: usize,
    },
    /// Along the last axis.
    GatherElements,
    Concat,
    Reshape,
    MatMul,
    ReduceSum,
    Reduce {
        reduction: Reduction,
        axes: Vec<usize>,
        keeps: bool,
    },
    ArgMax,
    TopK,
    Trees(Trees),
    TextToCode {
        codes: HashMap<String, i64>,
        other: i64,
    },
    CodeToText {
        texts: HashMap<i64, String>,
        other: String,
    },
    Loop(Body),
}

/// The body of a loop: one value is handed from round to round.
pub(super) struct Body {
    pub(super) steps: Vec<Step>,
    /// Slots of the round's number, of whether there are more, and of the value.
    pub(super) inputs: [usize; 3],
    /// Slots of whether to go on and of the next value.
    pub(super) outputs: [usize; 2],
}

impl Operator {
    pub(super) fn read(node: &Node, slots: &mut Slots) -> Result<Self, RunError> {
        let unknown = |what: &str| RunError::Unknown(format!("{} with {what}", node.op_type));
        let int = |name: &str| find(node, name).and_then(|attribute| attribute.i);
        let axes = || {
            let axes = find(node, "axes").map(|attribute| attribute.ints.clone());
            let axes = axes.ok_or_else(|| unknown("no axes"))?;
            let axes = axes.iter().map(|&axis| usize::try_from(axis));
            axes.collect::<Result<Vec<_>, _>>()
                .map_err(|_| unknown("a negative axis"))
        };
        let reduce = |reduction| {
            Ok(Self::Reduce {
                reduction,
                axes: axes()?,
                keeps: int("keepdims") != Some(0),
            })
        };
        Ok(match (node.domain.as_str(), node.op_type.as_str()) {
            ("", "Identity") => Self::Identity,
            ("", "Neg") => Self::Single(Single::Negative),
            ("", "Abs") => Self::Single(Single::Absolute),
            ("", "Floor") => Self::Single(Single::Floor),
            ("", "Exp") => Self::Single(Single::Exponential),
            ("", "Sqrt") => Self::Single(Single::Root),
            ("", "Tanh") => Self::Single(Single::Tangent),
            ("", "Atan") => Self::Arctangent,
            ("", "Add") => Self::Pairwise(Pairwise::Add),
            ("", "Sub") => Self::Pairwise(Pairwise::Subtract),
            ("", "Mul") => Self::Pairwise(Pairwise::Multiply),
            ("", "Div") => Self::Pairwise(Pairwise::Divide),
            ("", "Min") => Self::Pairwise(Pairwise::Least),
            ("", "Max") => Self::Pairwise(Pairwise::Most),
            ("", "Less") => Self::Comparison(Comparison::Less),
            ("", "Greater") => Self::Comparison(Comparison::Greater),
            ("", "Equal") => Self::Comparison(Comparison::Equal),
            ("", "Where") => Self::Where,
            ("", "Cast") => match int("to").and_then(|to| i32::try_from(to).ok()) {
                Some(data_type::DOUBLE) => Self::CastToDouble,
                Some(data_type::FLOAT) => Self::CastToFloat,
                Some(data_type::INT64) => Self::CastToInt,
                _ => return Err(unknown("another type")),
            },
            ("", "Gather") => match int("axis") {
                Some(axis @ 0..=2) => Self::Gather {
                    axis: axis as usize,
                },
                _ => return Err(unknown("another axis")),
            },
            ("", "GatherElements") if int("axis") == Some(2) => Self::GatherElements,
            ("", "Concat") if int("axis") == Some(1) => Self::Concat,
            ("", "Reshape") => Self::Reshape,
            ("", "MatMul") => Self::MatMul,
            ("", "ReduceSum") => Self::ReduceSum,
            ("", "ReduceMax") => return reduce(Reduction::Most),
            ("", "ReduceMin") => return reduce(Reduction::Least),
            ("", "ArgMax") if int("axis") == Some(1) && int("keepdims") == Some(0) => Self::ArgMax,
            ("", "TopK") if int("axis") == Some(1) && int("largest") == Some(0) => Self::TopK,
            ("", "Loop") => {
                let body = find(node, "body").and_then(|attribute| attribute.g.as_ref());
                Self::Loop(Body::read(body.ok_or_else(|| unknown("no body"))?, slots)?)
            }
            (super::ML, "TreeEnsembleRegressor") => Self::Trees(Trees::read(node)?),
            (super::ML, "CategoryMapper") => categories(node)?,
            (_, name) => return Err(RunError::Unknown(format!("the operator {name}"))),
        })
    }
}

impl Body {
    fn read(graph: &Graph, slots: &mut Slots) -> Result<Self, RunError> {
        let inputs: Vec<usize> = graph
            .input
            .iter()
            .map(|info| slots.of(&info.name))
            .collect();
        let outputs: Vec<usize> = graph
            .output
            .iter()
            .map(|info| slots.of(&info.name))
            .collect();
        let steps = graph.node.iter().map(|node| Step::read(node, slots));
        let steps = steps.collect::<Result<Vec<_>, _>>()?;
        match (
            <[usize; 3]>::try_from(inputs),
            <[usize; 2]>::try_from(outputs),
        ) {
            (Ok(inputs), Ok(outputs)) => Ok(Self {
                steps,
                inputs,
                outputs,
            }),
            _ => Err(RunError::Unknown("a loop over several values".to_owned())),
        }
    }
}

/// An attribute by name.
pub(super) fn find<'a>(node: &'a Node, name: &str) -> Option<&'a Attribute> {
    node.attribute
        .iter()
        .find(|attribute| attribute.name == name)
}

fn categories(node: &Node) -> Result<Operator, RunError> {
    let unknown = |what: &str| RunError::Unknown(format!("CategoryMapper with {what}"));
    let (Some(texts), Some(codes)) = (find(node, "cats_strings"), find(node, "cats_int64s")) else {
        return Err(unknown("no categories"));
    };
    let texts = texts
        .strings
        .iter()
        .map(|text| String::from_utf8(text.to_vec()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| unknown("categories that are not UTF-8"))?;
    if texts.len() != codes.ints.len() {
        return Err(unknown("another number of texts than of codes"));
    }
    let codes = codes.ints.iter().copied();
    if let Some(other) = find(node, "default_int64").and_then(|attribute| attribute.i) {
        return Ok(Operator::TextToCode {
            codes: texts.into_iter().zip(codes).collect(),
            other,
        });
    }
    let other = find(node, "default_string").and_then(|attribute| attribute.s.clone());
    Ok(Operator::CodeToText {
        texts: codes.zip(texts).collect(),
        other: String::from_utf8(other.unwrap_or_default())
            .map_err(|_| unknown("a default that is not UTF-8"))?,
    })
}
