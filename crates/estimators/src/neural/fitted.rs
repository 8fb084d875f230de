//! A fitted network: answers for rows in blocks, and saving without the gaps between its weights.

use super::inputs::Inputs;
use super::network::{Activation, BLOCK, Parameters, Shape, Work};
use crate::features::Features;
use crate::linear::fitted::softmax;
use crate::{Array, Fitted, Prediction, State, StateError};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Rows that one piece of parallel work answers.
const PIECE: usize = 32 * BLOCK;

/// The array of a target's mean and deviation; files of earlier versions have them as text only.
const ANSWER_NUMBERS: &str = "answer numbers";

/// What the network's answers mean.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    /// One sum a class.
    Classes(usize),
    /// A number, in deviations from the mean.
    Value { mean: f64, deviation: f64 },
}

/// A network that has learned.
#[derive(Clone, Debug)]
pub(crate) struct FittedNet {
    pub(crate) inputs: Inputs,
    pub(crate) shape: Shape,
    pub(crate) parameters: Parameters,
    pub(crate) answer: Answer,
    /// Epochs that the parameters took.
    pub(crate) epochs: usize,
    /// The learning rate that did not diverge.
    pub(crate) learning_rate: f64,
}

impl FittedNet {
    /// Answers to rows from `first` on, `outputs` numbers a row.
    fn answer_piece(&self, features: &Features, first: usize, answers: &mut [f32]) {
        let outputs = self.shape.outputs();
        let categories = self.inputs.categories();
        let mut work = Work::new(&self.shape);
        let mut codes = vec![super::inputs::NO_EMBEDDING; BLOCK * categories];
        for (block, answers) in answers.chunks_mut(BLOCK * outputs).enumerate() {
            let first = first + block * BLOCK;
            let count = answers.len() / outputs;
            if let Some(inputs) = work.values.first_mut() {
                for (index, values, scale) in self.inputs.numeric(features) {
                    let values = values.get(first..).unwrap_or_default();
                    let places = &mut inputs[index * BLOCK..(index + 1) * BLOCK];
                    for (place, &value) in places.iter_mut().zip(values) {
                        *place = scale.of(value);
                    }
                }
            }
            for (index, values, levels, offset) in self.inputs.categorical(features) {
                let values = values.get(first..).unwrap_or_default();
                for (row, &code) in codes.chunks_exact_mut(categories).zip(values) {
                    row[index] = if code < levels {
                        offset + code
                    } else {
                        super::inputs::NO_EMBEDDING
                    };
                }
            }
            work.forward(
                &self.shape,
                &self.parameters,
                codes.chunks_exact(categories.max(1)),
                None,
            );
            let said = work.answers();
            for (place, row) in answers.chunks_exact_mut(outputs).enumerate().take(count) {
                for (output, answer) in row.iter_mut().enumerate() {
                    *answer = said[output * BLOCK + place];
                }
            }
        }
    }

    /// Reads back what [`Fitted::save`] wrote.
    pub(crate) fn load(state: &State) -> Result<Self, StateError> {
        let wrong = |what: &str| StateError(what.to_owned());
        let inputs = Inputs::load(state)?;
        let mut answer: Answer = state.meta("answer")?;
        if let Answer::Value { mean, deviation } = &mut answer
            && state.has_added(ANSWER_NUMBERS)?
        {
            match *state.f64s(ANSWER_NUMBERS)? {
                [exact, spread] => (*mean, *deviation) = (exact, spread),
                _ => return Err(wrong("the target's mean and deviation are not two")),
            }
        }
        let outputs = match answer {
            Answer::Classes(classes) => classes,
            Answer::Value { mean, deviation } => {
                if !mean.is_finite() || !deviation.is_finite() || deviation < 0.0 {
                    return Err(wrong("the target's mean or deviation is not a number"));
                }
                1
            }
        };
        let hidden: Vec<usize> = state.meta("hidden_layer_sizes")?;
        if outputs == 0
            || hidden.is_empty()
            || hidden.len() > 8
            || hidden.iter().any(|&width| !(1..=4096).contains(&width))
        {
            return Err(wrong("the layers are not those of a network"));
        }
        let (dense, embeddings) = (state.f32s("weights")?, state.f32s("embeddings")?);
        let mut widths = vec![inputs.numbers()];
        widths.extend(&hidden);
        widths.push(outputs);
        // Counted before anything is allocated: a hostile file must not ask for more than it brings.
        let count = widths.windows(2).try_fold(0_usize, |sum, pair| match pair {
            &[inputs, outputs] => sum.checked_add(outputs.checked_mul(inputs.checked_add(1)?)?),
            _ => Some(sum),
        });
        let first = hidden.first().copied().unwrap_or(1);
        if count != Some(dense.len())
            || inputs.embeddings().checked_mul(first) != Some(embeddings.len())
        {
            return Err(wrong("the weights do not fit the layers"));
        }
        if dense
            .iter()
            .chain(embeddings)
            .any(|value| !value.is_finite())
        {
            return Err(wrong("a weight is not a number"));
        }
        let activation: Activation = state.meta("activation")?;
        let shape = Shape::new(&widths, inputs.embeddings(), activation)
            .ok_or_else(|| wrong("the layers are too large"))?;
        let mut parameters = Parameters::zeros(&shape);
        let mut rest = dense;
        for layer in &shape.layers {
            let (weights, after) = rest.split_at(layer.outputs * layer.inputs);
            let (constants, after) = after.split_at(layer.outputs);
            rest = after;
            let places = &mut parameters.dense[layer.weights..layer.constants];
            for (index, place) in places.chunks_exact_mut(layer.stride).enumerate() {
                place[..layer.inputs]
                    .copy_from_slice(&weights[index * layer.inputs..][..layer.inputs]);
            }
            parameters.dense[layer.constants..][..layer.outputs].copy_from_slice(constants);
        }
        let places = parameters
            .embeddings
            .chunks_exact_mut(shape.embedding_stride);
        for (place, own) in places.zip(embeddings.chunks_exact(first)) {
            place[..first].copy_from_slice(own);
        }
        Ok(Self {
            inputs,
            shape,
            parameters,
            answer,
            epochs: state.meta("epochs")?,
            learning_rate: state.meta("learning_rate")?,
        })
    }
}

impl Fitted for FittedNet {
    fn predict(&self, features: &Features) -> Prediction {
        let outputs = self.shape.outputs();
        let mut answers = vec![0.0_f32; features.rows() * outputs];
        answers
            .par_chunks_mut(PIECE * outputs)
            .enumerate()
            .for_each(|(piece, answers)| self.answer_piece(features, piece * PIECE, answers));
        match self.answer {
            Answer::Classes(classes) => {
                let mut probabilities: Vec<f64> = answers.into_iter().map(f64::from).collect();
                probabilities
                    .par_chunks_mut(PIECE * classes)
                    .for_each(|piece| {
                        for row in piece.chunks_exact_mut(classes) {
                            softmax(row);
                        }
                    });
                Prediction::Classes {
                    probabilities,
                    classes,
                }
            }
            Answer::Value { mean, deviation } => Prediction::Values(
                answers
                    .into_iter()
                    .map(|answer| (mean + deviation * f64::from(answer)).clamp(f64::MIN, f64::MAX))
                    .collect(),
            ),
        }
    }

    fn save(&self) -> State {
        let mut dense = Vec::new();
        for layer in &self.shape.layers {
            let weights = &self.parameters.dense[layer.weights..layer.constants];
            for row in weights.chunks_exact(layer.stride) {
                dense.extend_from_slice(&row[..layer.inputs]);
            }
            dense.extend_from_slice(&self.parameters.dense[layer.constants..][..layer.outputs]);
        }
        let hidden: Vec<usize> = self
            .shape
            .layers
            .iter()
            .skip(1)
            .map(|layer| layer.inputs)
            .collect();
        let first = hidden.first().copied().unwrap_or(1);
        // Numbers in text lose their last digit on the way through a file.
        let exact = match self.answer {
            Answer::Classes(_) => None,
            Answer::Value { mean, deviation } => Some(Array::F64(vec![mean, deviation])),
        };
        let rows = self
            .parameters
            .embeddings
            .chunks_exact(self.shape.embedding_stride);
        let embeddings = rows.flat_map(|row| row[..first].iter().copied()).collect();
        self.inputs
            .save(State::default())
            .with("weights", Array::F32(dense))
            .with("embeddings", Array::F32(embeddings))
            .with_meta("answer", self.answer)
            .with_added(ANSWER_NUMBERS, exact)
            .with_meta("hidden_layer_sizes", hidden)
            .with_meta("activation", self.shape.activation)
            .with_meta("epochs", self.epochs)
            .with_meta("learning_rate", self.learning_rate)
    }
}
