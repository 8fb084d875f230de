//! The declaration of the multi-layer perceptron.

use super::network::Activation;
use super::training::{Settings, train};
use crate::algorithm::{
    Algorithm, AlgorithmSpec, Fitted, Needs, ParamKind, ParamSpec, Params, Task,
};
use crate::{FitContext, FitError, State, StateError, TrainingData};

const BOTH: &[Task] = &[Task::Classification, Task::Regression];
const CLASSES: &[Task] = &[Task::Classification];
const SOURCE: &str = "scikit-learn MLPClassifier and MLPRegressor";

const fn spec(
    name: &'static str,
    kinds: &'static [ParamKind],
    default: &'static str,
    log_scale: bool,
    doc: &'static str,
) -> ParamSpec {
    ParamSpec {
        name,
        kinds,
        default,
        log_scale,
        doc,
        tasks: BOTH,
        source: SOURCE,
    }
}

static SPEC: AlgorithmSpec = AlgorithmSpec {
    name: "neural_net",
    title: "Neural network",
    doc: "Layers of simple units that learn together. Good with many rows and smooth patterns; slower to learn and hard to explain.",
    tasks: BOTH,
    needs: Needs {
        scaling: true,
        imputation: true,
    },
    params: &[
        spec(
            "hidden_layer_sizes",
            &[ParamKind::Integers {
                min: 1,
                max: 4096,
                longest: 8,
            }],
            "[64, 64]",
            false,
            "Units of each hidden layer, from the inputs on; more can learn finer patterns and take longer.",
        ),
        spec(
            "activation",
            &[ParamKind::Choice(&["relu", "tanh", "sigmoid"])],
            "\"relu\"",
            false,
            "What a hidden unit makes of the sum of its inputs.",
        ),
        spec(
            "epochs",
            &[ParamKind::Integer { min: 1, max: 1000 }],
            "20",
            true,
            "How often every row is learned from.",
        ),
        spec(
            "batch_size",
            &[ParamKind::Integer {
                min: 1,
                max: 65_536,
            }],
            "32",
            true,
            "Rows that one step learns from; fewer make more and rougher steps.",
        ),
        spec(
            "learning_rate",
            &[ParamKind::Number {
                min: 0.0,
                max: 10.0,
                above: true,
            }],
            "0.001",
            true,
            "How large the steps are (Adam).",
        ),
        spec(
            "alpha",
            &[ParamKind::Number {
                min: 0.0,
                max: 1e6,
                above: false,
            }],
            "0.0001",
            true,
            "How strongly large weights are held back.",
        ),
        ParamSpec {
            source: "Srivastava et al., Dropout, 2014",
            ..spec(
                "dropout",
                &[ParamKind::Number {
                    min: 0.0,
                    max: 0.95,
                    above: false,
                }],
                "0.0",
                false,
                "Share of hidden units left out at random while learning, so that none is relied on alone.",
            )
        },
        spec(
            "early_stopping",
            &[ParamKind::Boolean],
            "false",
            false,
            "Keeps a tenth of the rows aside and ends when five epochs in a row did not improve on them; the best state counts.",
        ),
        ParamSpec {
            tasks: CLASSES,
            ..spec(
                "class_weight",
                &[
                    ParamKind::Choice(&["balanced"]),
                    ParamKind::Null("every row counts the same"),
                ],
                "null",
                false,
                "balanced makes rare classes count as much as common ones.",
            )
        },
    ],
};

/// The algorithm.
pub(crate) struct NeuralNet;

impl Algorithm for NeuralNet {
    fn spec(&self) -> &'static AlgorithmSpec {
        &SPEC
    }

    fn fit(
        &self,
        params: &Params,
        data: TrainingData<'_>,
        context: &FitContext<'_>,
    ) -> Result<Box<dyn Fitted>, FitError> {
        let settings = Settings {
            hidden: params
                .integers("hidden_layer_sizes")
                .unwrap_or_else(|| vec![64, 64]),
            activation: match params.choice("activation") {
                Some("tanh") => Activation::Tanh,
                Some("sigmoid") => Activation::Sigmoid,
                _ => Activation::Relu,
            },
            epochs: params.integer("epochs").unwrap_or(20),
            batch_size: params.integer("batch_size").unwrap_or(32),
            learning_rate: params.number("learning_rate").unwrap_or(1e-3),
            alpha: params.number("alpha").unwrap_or(1e-4),
            dropout: params.number("dropout").unwrap_or(0.0) as f32,
            early_stopping: params.flag("early_stopping"),
        };
        let weights = crate::linear::weights::row_weights(params, data.target, data.weights);
        let data = TrainingData {
            weights: weights.as_deref(),
            ..data
        };
        Ok(Box::new(train(&settings, data, context)?))
    }

    fn load(&self, state: &State) -> Result<Box<dyn Fitted>, StateError> {
        Ok(Box::new(super::fitted::FittedNet::load(state)?))
    }
}
