//! A graph while it is put together: values are handles, names are given here, and equal constants are kept once.

use crate::message::{Attribute, Graph, Node, Tensor, attribute_type, data_type};
use prost::bytes::Bytes;
use std::collections::{BTreeMap, BTreeSet};

/// The domain of operators for trees and categories.
pub(super) const ML: &str = "ai.onnx.ml";

/// Something that a node makes, an input or a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Value(usize);

/// A graph that grows.
#[derive(Default)]
pub(super) struct Builder {
    names: Vec<String>,
    taken: BTreeSet<String>,
    constants: Vec<Tensor>,
    /// Constants by shape, type and bytes.
    known: BTreeMap<(Vec<i64>, i32, Vec<u8>), Value>,
    /// Nodes of the graph, and of the bodies that are open in it.
    scopes: Vec<Vec<Node>>,
}

/// One attribute of a node.
pub(super) enum Setting {
    Int(i64),
    Ints(Vec<i64>),
    Text(&'static str),
    Texts(Vec<String>),
    /// Texts of few kinds, very many of them.
    Modes(Vec<Bytes>),
    Doubles(Vec<f64>),
    Body(Graph),
}

impl Builder {
    /// An empty graph.
    pub(super) fn new() -> Self {
        Self {
            scopes: vec![Vec::new()],
            ..Self::default()
        }
    }

    /// A value with a name that people see: the wished one, or when it is taken with a number behind it.
    pub(super) fn named(&mut self, wished: &str) -> Value {
        let mut name = wished.to_owned();
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{wished} ({number})");
            number += 1;
        }
        self.names.push(name);
        Value(self.names.len() - 1)
    }

    fn fresh(&mut self, of: &str) -> Value {
        let number = self.names.len();
        self.named(&format!("{of}_{number}"))
    }

    /// The name of a value.
    pub(super) fn name(&self, value: Value) -> String {
        self.names.get(value.0).cloned().unwrap_or_default()
    }

    /// Adds a node of ONNX's own domain with one output.
    pub(super) fn op(&mut self, op: &str, inputs: &[Value]) -> Value {
        self.op_with(op, inputs, Vec::new())
    }

    /// [`op`](Self::op) with attributes.
    pub(super) fn op_with(
        &mut self,
        op: &str,
        inputs: &[Value],
        settings: Vec<(&str, Setting)>,
    ) -> Value {
        let output = self.fresh(op);
        self.node("", op, inputs, &[output], settings);
        output
    }

    /// [`op_with`](Self::op_with) of the domain of machine learning.
    pub(super) fn ml(
        &mut self,
        op: &str,
        inputs: &[Value],
        settings: Vec<(&str, Setting)>,
    ) -> Value {
        let output = self.fresh(op);
        self.node(ML, op, inputs, &[output], settings);
        output
    }

    /// [`op_with`](Self::op_with) with two outputs.
    pub(super) fn two(
        &mut self,
        op: &str,
        inputs: &[Value],
        settings: Vec<(&str, Setting)>,
    ) -> [Value; 2] {
        let outputs = [self.fresh(op), self.fresh(op)];
        self.node("", op, inputs, &outputs, settings);
        outputs
    }

    /// Gives a value another name, by a node that hands it on.
    pub(super) fn hand_on(&mut self, value: Value, target: Value) {
        self.node("", "Identity", &[value], &[target], Vec::new());
    }

    fn node(
        &mut self,
        domain: &str,
        op: &str,
        inputs: &[Value],
        outputs: &[Value],
        settings: Vec<(&str, Setting)>,
    ) {
        let names = |values: &[Value]| values.iter().map(|&value| self.name(value)).collect();
        let output: Vec<String> = names(outputs);
        let node = Node {
            input: names(inputs),
            name: output
                .first()
                .map(|name| format!("make {name}"))
                .unwrap_or_default(),
            output,
            op_type: op.to_owned(),
            attribute: settings.into_iter().map(attribute).collect(),
            domain: domain.to_owned(),
        };
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(node);
        }
    }

    /// From here on, nodes belong to the body of a loop. Constants do not: a body sees what surrounds it.
    pub(super) fn open_body(&mut self) {
        self.scopes.push(Vec::new());
    }

    /// The nodes since [`open_body`](Self::open_body).
    pub(super) fn close_body(&mut self) -> Vec<Node> {
        self.scopes.pop().unwrap_or_default()
    }

    /// The nodes and constants that these outputs need.
    pub(super) fn finish(mut self, outputs: &[Value]) -> (Vec<Node>, Vec<Tensor>) {
        let mut needed: BTreeSet<String> = outputs.iter().map(|&value| self.name(value)).collect();
        let mut nodes = self.close_body();
        nodes.reverse();
        nodes.retain(|node| {
            let asked_for = node.output.iter().any(|name| needed.contains(name));
            if asked_for {
                read_by(node, &mut needed);
            }
            asked_for
        });
        nodes.reverse();
        self.constants
            .retain(|constant| needed.contains(&constant.name));
        (nodes, self.constants)
    }

    /// A table of doubles, row-major.
    pub(super) fn doubles(&mut self, shape: &[usize], values: &[f64]) -> Value {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes());
        self.constant(shape, data_type::DOUBLE, bytes.collect())
    }

    /// One double that goes with every row and column.
    pub(super) fn number(&mut self, value: f64) -> Value {
        self.doubles(&[1, 1], &[value])
    }

    /// A row of doubles, `1 × values`.
    pub(super) fn row(&mut self, values: &[f64]) -> Value {
        self.doubles(&[1, values.len()], values)
    }

    /// A table of floats that is read as doubles: half the bytes, for values that are floats in the model.
    pub(super) fn floats(&mut self, shape: &[usize], values: &[f32]) -> Value {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes());
        let kept = self.constant(shape, data_type::FLOAT, bytes.collect());
        self.doubled(kept)
    }

    /// Whole numbers.
    pub(super) fn ints(&mut self, shape: &[usize], values: &[i64]) -> Value {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes());
        self.constant(shape, data_type::INT64, bytes.collect())
    }

    /// A truth.
    pub(super) fn truth(&mut self, value: bool) -> Value {
        self.constant(&[], data_type::BOOL, vec![u8::from(value)])
    }

    fn constant(&mut self, shape: &[usize], data_type: i32, bytes: Vec<u8>) -> Value {
        let dims: Vec<i64> = shape.iter().map(|&length| length as i64).collect();
        // Long ones are hardly ever equal, and would be kept twice while the graph grows.
        let key = (bytes.len() <= 64).then(|| (dims.clone(), data_type, bytes.clone()));
        if let Some(&known) = key.as_ref().and_then(|key| self.known.get(key)) {
            return known;
        }
        let value = self.fresh("constant");
        self.constants.push(Tensor {
            dims,
            data_type,
            name: self.name(value),
            raw_data: Some(bytes),
            ..Tensor::default()
        });
        if let Some(key) = key {
            self.known.insert(key, value);
        }
        value
    }

    /// The same numbers as doubles.
    pub(super) fn doubled(&mut self, value: Value) -> Value {
        self.cast(value, data_type::DOUBLE)
    }

    /// Rounded to floats.
    pub(super) fn float(&mut self, value: Value) -> Value {
        self.cast(value, data_type::FLOAT)
    }

    /// Rounded to floats, as doubles.
    pub(super) fn rounded(&mut self, value: Value) -> Value {
        let float = self.float(value);
        self.doubled(float)
    }

    /// Whole doubles as indices.
    pub(super) fn whole(&mut self, value: Value) -> Value {
        self.cast(value, data_type::INT64)
    }

    /// For each index the element at that place along an axis; elsewhere its own place.
    pub(super) fn pick(&mut self, from: Value, which: Value, axis: i64) -> Value {
        self.op_with(
            "GatherElements",
            &[from, which],
            vec![("axis", Setting::Int(axis))],
        )
    }

    fn cast(&mut self, value: Value, to: i32) -> Value {
        self.op_with("Cast", &[value], vec![("to", Setting::Int(i64::from(to)))])
    }

    /// Columns side by side.
    pub(super) fn side_by_side(&mut self, columns: &[Value]) -> Value {
        match columns {
            [only] => *only,
            _ => self.op_with("Concat", columns, vec![("axis", Setting::Int(1))]),
        }
    }

    /// Entries of a constant, or columns of a value, by number.
    pub(super) fn gather(&mut self, from: Value, which: Value, axis: i64) -> Value {
        self.op_with("Gather", &[from, which], vec![("axis", Setting::Int(axis))])
    }

    /// A row of a table for each code, `rows × width`.
    pub(super) fn look_up(&mut self, codes: Value, table: &[f64], width: usize) -> Value {
        let table = self.doubles(&[table.len() / width.max(1), width], table);
        let rows = self.gather(table, codes, 0);
        self.reshape(rows, &[-1, width as i64])
    }

    /// Sums along an axis, which stays with length 1.
    pub(super) fn sum(&mut self, value: Value, axis: i64) -> Value {
        let axes = self.ints(&[1], &[axis]);
        self.op("ReduceSum", &[value, axes])
    }

    /// The least or largest along the axis 1, which stays with length 1.
    pub(super) fn extreme(&mut self, op: &str, value: Value) -> Value {
        self.op_with(op, &[value], vec![("axes", Setting::Ints(vec![1]))])
    }

    /// Another shape; −1 is what is left.
    pub(super) fn reshape(&mut self, value: Value, shape: &[i64]) -> Value {
        let shape = self.ints(&[shape.len()], shape);
        self.op("Reshape", &[value, shape])
    }

    /// Kept between two bounds.
    pub(super) fn between(&mut self, value: Value, low: f64, high: f64) -> Value {
        let (low, high) = (self.number(low), self.number(high));
        let raised = self.op("Max", &[value, low]);
        self.op("Min", &[raised, high])
    }

    /// Kept finite.
    pub(super) fn finite(&mut self, value: Value) -> Value {
        self.between(value, f64::MIN, f64::MAX)
    }

    /// An operator with a constant on the right.
    pub(super) fn with(&mut self, op: &str, value: Value, number: f64) -> Value {
        let number = self.number(number);
        self.op(op, &[value, number])
    }

    /// 1 / (1 + e⁻ˣ)
    pub(super) fn logistic(&mut self, value: Value) -> Value {
        let negative = self.op("Neg", &[value]);
        let raised = self.op("Exp", &[negative]);
        let below = self.with("Add", raised, 1.0);
        let one = self.number(1.0);
        self.op("Div", &[one, below])
    }

    /// Shares from scores, class by class.
    pub(super) fn softmax(&mut self, scores: Value) -> Value {
        let scores = self.finite(scores);
        let largest = self.extreme("ReduceMax", scores);
        let moved = self.op("Sub", &[scores, largest]);
        let raised = self.op("Exp", &[moved]);
        let sum = self.sum(raised, 1);
        self.op("Div", &[raised, sum])
    }

    /// The shares of two classes from that of the second.
    pub(super) fn both(&mut self, second: Value) -> Value {
        let one = self.number(1.0);
        let first = self.op("Sub", &[one, second]);
        self.side_by_side(&[first, second])
    }
}

/// Adds what a node reads, also in a body.
fn read_by(node: &Node, names: &mut BTreeSet<String>) {
    names.extend(node.input.iter().cloned());
    let bodies = node
        .attribute
        .iter()
        .filter_map(|attribute| attribute.g.as_ref());
    for body in bodies {
        body.node.iter().for_each(|node| read_by(node, names));
        names.extend(body.output.iter().map(|output| output.name.clone()));
    }
}

fn attribute((name, setting): (&str, Setting)) -> Attribute {
    let bytes = |text: &str| text.as_bytes().to_vec();
    let mut written = Attribute {
        name: name.to_owned(),
        ..Attribute::default()
    };
    written.r#type = match setting {
        Setting::Int(value) => {
            written.i = Some(value);
            attribute_type::INT
        }
        Setting::Ints(values) => {
            written.ints = values;
            attribute_type::INTS
        }
        Setting::Text(text) => {
            written.s = Some(bytes(text));
            attribute_type::STRING
        }
        Setting::Texts(texts) => {
            written.strings = texts.into_iter().map(Bytes::from).collect();
            attribute_type::STRINGS
        }
        Setting::Modes(texts) => {
            written.strings = texts;
            attribute_type::STRINGS
        }
        Setting::Doubles(values) => {
            let raw = values.iter().flat_map(|value| value.to_le_bytes());
            written.t = Some(Tensor {
                dims: vec![values.len() as i64],
                data_type: data_type::DOUBLE,
                name: name.to_owned(),
                raw_data: Some(raw.collect()),
                ..Tensor::default()
            });
            attribute_type::TENSOR
        }
        Setting::Body(graph) => {
            written.g = Some(graph);
            attribute_type::GRAPH
        }
    };
    written
}
