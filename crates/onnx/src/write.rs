//! From a fitted model to the bytes of an ONNX file.
//!
//! Read in the order data flows: `columns` (with `dates`) and `pictures` are the inputs and the preparation; `linear`, `trees`,
//! `machine` (with `coupling`), `network`, `neighbors` and `baseline` one algorithm each; here they are put together and
//! the answer is given its form. All of them add nodes to a `graph`.

mod baseline;
mod columns;
mod coupling;
mod dates;
mod graph;
mod linear;
mod machine;
mod neighbors;
mod network;
mod pictures;
mod trees;

use crate::ExportError;
use crate::message::{
    Dimension, Entry, Graph, Model, OperatorSet, Shape, TensorType, Type, ValueInfo, data_type,
};
use columns::{Feature, Inputs};
use graph::{Builder, ML, Setting, Value};
use prost::Message;
use std::collections::BTreeMap;
use trainyard_estimators::{Predictor, State, blend};

/// The version of the format, that of the operators and that of the operators of machine learning: old enough for every
/// reader of the last years, new enough for thresholds in doubles.
const IR_VERSION: i64 = 8;
const OPSET: i64 = 17;
const ML_OPSET: i64 = 3;
/// A protocol buffer ends here.
const MOST_BYTES: usize = i32::MAX as usize;

/// The bytes of an ONNX model that answers as the given one; equal models give equal bytes. The crate's page says what
/// goes in and comes out.
///
/// # Errors
/// [`ExportError::Text`] when the model counts words of free text, [`ExportError::TooLarge`] when the file would be larger
/// than the format allows; the others do not happen to models that were trained here.
pub fn write(predictor: &dyn Predictor) -> Result<Vec<u8>, ExportError> {
    let state = predictor.save();
    let mut graph = Builder::new();
    let mut inputs = Inputs::default();
    let (declared, numbers) = if predictor.algorithm() == blend::NAME {
        let columns = read_by_all(&preparations(&state)?)?;
        let declared = declare(&mut graph, &mut inputs, &columns);
        (declared, together(&mut graph, &mut inputs, &state)?)
    } else {
        let preparation = state.part("preparation");
        let columns = read_by_all(std::slice::from_ref(&preparation))?;
        let declared = declare(&mut graph, &mut inputs, &columns);
        let features = columns::features(&mut graph, &mut inputs, &preparation)?;
        (declared, learned(&mut graph, &features, &state)?)
    };
    let (outputs, described) = answer(&mut graph, numbers, predictor.class_labels());
    let (node, initializer) = graph.finish(&outputs);
    let model = Model {
        ir_version: IR_VERSION,
        producer_name: "Trainyard".to_owned(),
        producer_version: env!("CARGO_PKG_VERSION").to_owned(),
        graph: Some(Graph {
            node,
            name: "model".to_owned(),
            initializer,
            input: declared,
            output: described,
        }),
        opset_import: [("", OPSET), (ML, ML_OPSET)]
            .map(|(domain, version)| OperatorSet {
                domain: domain.to_owned(),
                version,
            })
            .into(),
        metadata_props: remarks(predictor),
    };
    match model.encoded_len() {
        bytes if bytes > MOST_BYTES => Err(ExportError::TooLarge { bytes }),
        _ => Ok(model.encode_to_vec()),
    }
}

/// What the file says about itself.
fn remarks(predictor: &dyn Predictor) -> Vec<Entry> {
    let task = match predictor.class_labels() {
        Some(_) => "classification",
        None => "regression",
    };
    let target = predictor.target().column();
    [
        ("task", task),
        ("target", target),
        ("algorithm", predictor.algorithm()),
    ]
    .map(|(key, value)| Entry {
        key: key.to_owned(),
        value: value.to_owned(),
    })
    .into()
}

fn preparations(state: &State) -> Result<Vec<State>, ExportError> {
    let count: usize = state.meta("preparations")?;
    let part = |place| state.part(&format!("preparation {place}"));
    Ok((0..count).map(part).collect())
}

/// Each column that is read, and whether as text, in the order in which they come first.
fn read_by_all(preparations: &[State]) -> Result<Vec<(String, bool)>, ExportError> {
    let mut all: Vec<(String, bool)> = Vec::new();
    for preparation in preparations {
        for (column, is_text) in columns::read_by(preparation)? {
            if all.iter().all(|(known, _)| *known != column) {
                all.push((column, is_text));
            }
        }
    }
    Ok(all)
}

fn declare(graph: &mut Builder, inputs: &mut Inputs, columns: &[(String, bool)]) -> Vec<ValueInfo> {
    let columns = columns.iter().map(|(column, is_text)| {
        let value = inputs.add(graph, column);
        let data_type = if *is_text {
            data_type::STRING
        } else {
            data_type::DOUBLE
        };
        described(graph.name(value), data_type, &[None, Some(1)])
    });
    columns.collect()
}

/// The weighted sum of what several learned: `rows × classes` shares, or `rows × 1` numbers.
fn together(graph: &mut Builder, inputs: &mut Inputs, state: &State) -> Result<Value, ExportError> {
    let weights = state.f64s("weights")?;
    let places = state.u32s("member preparations")?;
    let preparations = preparations(state)?;
    let mut prepared: BTreeMap<u32, Vec<Feature>> = BTreeMap::new();
    let mut sum = None;
    for (member, (&weight, &place)) in weights.iter().zip(places).enumerate() {
        if let (false, Some(own)) = (
            prepared.contains_key(&place),
            preparations.get(place as usize),
        ) {
            prepared.insert(place, columns::features(graph, inputs, own)?);
        }
        let features = prepared.get(&place).map_or(&[][..], Vec::as_slice);
        let own = state.part(&format!("member {member}"));
        let numbers = learned(graph, features, &own)?;
        let part = graph.with("Mul", numbers, weight);
        sum = Some(match sum {
            Some(sum) => graph.op("Add", &[sum, part]),
            None => part,
        });
    }
    sum.ok_or_else(|| {
        trainyard_estimators::StateError("an ensemble needs members".to_owned()).into()
    })
}

/// What an algorithm learned: `rows × classes` shares, or `rows × 1` numbers.
fn learned(graph: &mut Builder, features: &[Feature], state: &State) -> Result<Value, ExportError> {
    let algorithm: String = state.meta("algorithm")?;
    let model = state.part("model");
    match algorithm.as_str() {
        "dummy" => baseline::dummy(graph, features, &model),
        "linear_regression" => linear::linear(graph, features, &model, linear::Link::Identity),
        "logistic_regression" => linear::linear(graph, features, &model, linear::Link::Shares),
        "knn" => neighbors::neighbors(graph, features, &model),
        "decision_tree" | "random_forest" | "extra_trees" => trees::trees(graph, features, &model),
        "gradient_boosting" => trees::boosted(graph, features, &model),
        "svm" => machine::machine(graph, features, &model),
        "neural_net" => network::network(graph, features, &model),
        _ => Err(ExportError::Algorithm { algorithm }),
    }
}

/// The outputs, and how they are described.
fn answer(
    graph: &mut Builder,
    numbers: Value,
    labels: Option<&[String]>,
) -> (Vec<Value>, Vec<ValueInfo>) {
    let Some(labels) = labels else {
        let value = graph.named("value");
        graph.hand_on(numbers, value);
        let shown = described(graph.name(value), data_type::DOUBLE, &[None, Some(1)]);
        return (vec![value], vec![shown]);
    };
    let (label, probabilities) = (graph.named("label"), graph.named("probabilities"));
    graph.hand_on(numbers, probabilities);
    let settings = vec![("axis", Setting::Int(1)), ("keepdims", Setting::Int(0))];
    let largest = graph.op_with("ArgMax", &[numbers], settings);
    let text = graph.ml(
        "CategoryMapper",
        &[largest],
        vec![
            ("cats_strings", Setting::Texts(labels.to_vec())),
            (
                "cats_int64s",
                Setting::Ints((0..labels.len() as i64).collect()),
            ),
            ("default_string", Setting::Text("")),
        ],
    );
    graph.hand_on(text, label);
    let shown = vec![
        described(graph.name(label), data_type::STRING, &[None]),
        described(
            graph.name(probabilities),
            data_type::DOUBLE,
            &[None, Some(labels.len())],
        ),
    ];
    (vec![label, probabilities], shown)
}

/// `None` is the number of rows, which differs from call to call.
fn described(name: String, elem_type: i32, shape: &[Option<usize>]) -> ValueInfo {
    let dim = shape.iter().map(|length| Dimension {
        dim_value: length.map(|length| length as i64),
        dim_param: length.is_none().then(|| "rows".to_owned()),
    });
    ValueInfo {
        name,
        r#type: Some(Type {
            tensor_type: Some(TensorType {
                elem_type,
                shape: Some(Shape { dim: dim.collect() }),
            }),
        }),
    }
}
