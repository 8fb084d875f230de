//! Reads an ONNX file that was written here and works it off: rows of a table in, answers out.
//!
//! Only operators that `write` uses are known, each in the form in which it is used; anything else is refused by name.
//! `tensor` is what flows, `operator` reads a node, `steps` works nodes off one after the other, and the arithmetic is in
//! `elementwise`, `arrange`, `reduce` and `trees`. Rows are answered in blocks, so that memory does not grow with them.

mod arrange;
mod elementwise;
mod feed;
mod operator;
mod reduce;
mod steps;
mod tensor;
mod trees;

use crate::RunError;
use crate::message::{self, data_type};
use feed::Input;
use prost::Message;
use prost::bytes::Bytes;
use rayon::prelude::*;
use steps::{Slots, Steps};
use tensor::{Tensor, Values};
use trainyard_estimators::Prediction;
use trainyard_table::Table;

/// The domain of operators of machine learning.
const ML: &str = "ai.onnx.ml";
/// Rows that are answered together; fewer where a step makes long rows.
const MOST_ROWS: usize = 512;
/// Numbers of one value at most, as far as rows can be divided.
const MOST_NUMBERS: usize = 1 << 18;

/// A model that was read and can be run.
pub struct Program {
    inputs: Vec<Input>,
    /// Slots of the outputs: labels and probabilities, or values alone.
    outputs: Vec<usize>,
    steps: Steps,
    /// Rows of a block.
    rows: usize,
}

/// What a model answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    /// One label a row, of a classifier.
    pub labels: Option<Vec<String>>,
    /// Probabilities or values.
    pub prediction: Prediction,
}

impl Program {
    /// Reads a model.
    ///
    /// # Errors
    /// [`RunError::Unreadable`] when the bytes are no model, [`RunError::Unknown`] when one was not written here.
    pub fn read(bytes: &[u8]) -> Result<Self, RunError> {
        // Texts in it are slices of this one copy.
        let model = message::Model::decode(Bytes::copy_from_slice(bytes))
            .map_err(|error| RunError::Unreadable(error.to_string()))?;
        let graph = model
            .graph
            .ok_or_else(|| RunError::Unreadable("there is no graph".to_owned()))?;
        let mut slots = Slots::default();
        let inputs = graph.input.iter().map(|info| feed::input(&mut slots, info));
        let inputs = inputs.collect::<Result<Vec<_>, _>>()?;
        let mut constants = Vec::with_capacity(graph.initializer.len());
        let mut widest = 1;
        for constant in &graph.initializer {
            let tensor = Tensor::read(constant)?;
            // A row of constants goes beside each row of the table.
            if let [1, width] = tensor.shape[..] {
                widest = widest.max(width);
            }
            constants.push((slots.of(&constant.name), tensor));
        }
        let outputs: Vec<usize> = graph
            .output
            .iter()
            .map(|info| slots.of(&info.name))
            .collect();
        let steps = Steps::read(&graph.node, slots, constants, &outputs)?;
        Ok(Self {
            inputs,
            outputs,
            steps,
            rows: (MOST_NUMBERS / widest).clamp(1, MOST_ROWS),
        })
    }

    /// The names of the inputs.
    pub fn inputs(&self) -> impl ExactSizeIterator<Item = &str> {
        self.inputs.iter().map(|input| input.name.as_str())
    }

    /// Answers every row of a table. Columns are found by name; one that is not there is missing in every row.
    ///
    /// # Errors
    /// [`RunError::Values`] when an operator cannot work with what reaches it.
    pub fn answer(&self, table: &Table) -> Result<Answers, RunError> {
        let rows = table.rows();
        let blocks: Vec<usize> = (0..rows).step_by(self.rows).collect();
        let parts = blocks
            .into_par_iter()
            .map(|first| self.block(table, first, self.rows.min(rows - first)))
            .collect::<Result<Vec<_>, _>>()?;
        let has_labels = self.outputs.len() > 1;
        let labels = has_labels.then(|| {
            let labels = parts.iter().flat_map(|part| part.labels.iter().flatten());
            labels.cloned().collect()
        });
        Ok(Answers {
            labels,
            prediction: Prediction::concat(parts.into_iter().map(|part| part.prediction)),
        })
    }

    fn block(&self, table: &Table, first: usize, rows: usize) -> Result<Answers, RunError> {
        let fed = self
            .inputs
            .iter()
            .map(|input| (input.slot, input.feed(table, first, rows)));
        let made = self.steps.run(fed.collect(), &self.outputs)?;
        let odd = |detail: &str| RunError::Values {
            operator: "the outputs".to_owned(),
            detail: detail.to_owned(),
        };
        let numbers = |tensor: &Tensor| match &tensor.values {
            Values::Doubles(values) => Ok(values.clone()),
            _ => Err(odd("are no doubles")),
        };
        match made.as_slice() {
            [value] if value.shape == [rows, 1] => Ok(Answers {
                labels: None,
                prediction: Prediction::Values(numbers(value)?),
            }),
            [label, probabilities] => {
                let (Values::Texts(labels), &[shown, classes]) =
                    (&label.values, probabilities.shape.as_slice())
                else {
                    return Err(odd("are no labels and probabilities"));
                };
                if labels.len() != rows || shown != rows {
                    return Err(odd("have another number of rows"));
                }
                Ok(Answers {
                    labels: Some(labels.clone()),
                    prediction: Prediction::Classes {
                        probabilities: numbers(probabilities)?,
                        classes,
                    },
                })
            }
            _ => Err(odd("are neither values nor labels and probabilities")),
        }
    }
}

/// The name of an element type, for messages.
fn type_name(data_type: i32) -> String {
    match data_type {
        data_type::FLOAT => "float".to_owned(),
        data_type::DOUBLE => "double".to_owned(),
        data_type::INT64 => "int64".to_owned(),
        data_type::BOOL => "bool".to_owned(),
        data_type::STRING => "string".to_owned(),
        other => format!("element type {other}"),
    }
}
