//! The declaration of the multi-layer perceptron.

use super::network::Activation;
use super::training::{Settings, train};
use crate::algorithm::cost::{Cost, Shape};
use crate::algorithm::{
    Algorithm, AlgorithmSpec, CLASS_WEIGHT, Fitted, Needs, ParamKind, ParamSpec, Params, Task,
};
use crate::{FitContext, FitError, State, StateError, TrainingData};

const PARAM: ParamSpec = ParamSpec {
    source: "scikit-learn MLPClassifier and MLPRegressor",
    ..ParamSpec::PLAIN
};

static SPEC: AlgorithmSpec = AlgorithmSpec {
    name: "neural_net",
    title: "Neural network",
    doc: "Layers of simple units that learn together. Good with many rows and smooth patterns; slower to learn and hard to explain.",
    tasks: Task::BOTH,
    needs: Needs {
        scaling: true,
        imputation: true,
    },
    params: &[
        ParamSpec {
            name: "hidden_layer_sizes",
            kinds: &[ParamKind::Integers {
                min: 1,
                max: 4096,
                longest: 8,
            }],
            default: "[64, 64]",
            doc: "Units of each hidden layer, from the inputs on; more can learn finer patterns and take longer.",
            ..PARAM
        },
        ParamSpec {
            name: "activation",
            kinds: &[ParamKind::Choice(&["relu", "tanh", "sigmoid"])],
            default: "\"relu\"",
            doc: "What a hidden unit makes of the sum of its inputs.",
            ..PARAM
        },
        ParamSpec {
            name: "epochs",
            kinds: &[ParamKind::integer(1, 1000)],
            default: "20",
            log_scale: true,
            doc: "How often every row is learned from.",
            ..PARAM
        },
        ParamSpec {
            name: "batch_size",
            kinds: &[ParamKind::integer(1, 65_536)],
            default: "32",
            log_scale: true,
            doc: "Rows that one step learns from; fewer make more and rougher steps.",
            ..PARAM
        },
        ParamSpec {
            name: "learning_rate",
            kinds: &[ParamKind::above(0.0, 10.0)],
            default: "0.001",
            log_scale: true,
            doc: "How large the steps are (Adam).",
            ..PARAM
        },
        ParamSpec {
            name: "alpha",
            kinds: &[ParamKind::number(0.0, 1e6)],
            default: "0.0001",
            log_scale: true,
            doc: "How strongly large weights are held back.",
            ..PARAM
        },
        ParamSpec {
            name: "dropout",
            kinds: &[ParamKind::number(0.0, 0.95)],
            default: "0.0",
            doc: "Share of hidden units left out at random while learning, so that none is relied on alone.",
            source: "Srivastava et al., Dropout, 2014",
            ..PARAM
        },
        ParamSpec {
            name: "early_stopping",
            kinds: &[ParamKind::Boolean],
            default: "false",
            doc: "Keeps a tenth of the rows aside and ends when five epochs in a row did not improve on them; the best state counts.",
            ..PARAM
        },
        CLASS_WEIGHT,
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

    fn cost(&self, shape: Shape, params: &Params) -> Cost {
        super::costs::network(shape, params)
    }

    fn load(&self, state: &State) -> Result<Box<dyn Fitted>, StateError> {
        Ok(Box::new(super::fitted::FittedNet::load(state)?))
    }
}
