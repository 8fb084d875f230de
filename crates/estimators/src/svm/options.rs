//! What a support vector machine can be told.

use crate::algorithm::{AlgorithmSpec, CLASS_WEIGHT, Needs, ParamKind, ParamSpec, Task};

const PARAM: ParamSpec = ParamSpec {
    source: "scikit-learn SVC",
    ..ParamSpec::PLAIN
};
const SVR: &str = "scikit-learn SVR";

pub(crate) static SPEC: AlgorithmSpec = AlgorithmSpec {
    name: "svm",
    title: "Support vector machine",
    doc: "Compares each row with the telling rows of the training data. Strong on some thousands of rows with smooth patterns; slow beyond a hundred thousand.",
    tasks: Task::BOTH,
    needs: Needs {
        scaling: true,
        imputation: true,
    },
    params: &[
        ParamSpec {
            name: "C",
            kinds: &[ParamKind::above(0.0, 1e9)],
            default: "1.0",
            log_scale: true,
            doc: "How closely to follow the data; smaller makes smoother borders.",
            ..PARAM
        },
        ParamSpec {
            name: "kernel",
            kinds: &[ParamKind::Choice(&["rbf", "linear", "poly", "sigmoid"])],
            default: "\"rbf\"",
            doc: "How rows are compared: rbf by distance, linear by straight borders, poly by products of columns.",
            ..PARAM
        },
        ParamSpec {
            name: "gamma",
            kinds: &[
                ParamKind::Choice(&["scale", "auto"]),
                ParamKind::above(0.0, 1e9),
            ],
            default: "\"scale\"",
            log_scale: true,
            doc: "How near a row must be to count; larger is nearer. scale is 1 / (columns × variance), auto is 1 / columns.",
            ..PARAM
        },
        ParamSpec {
            name: "degree",
            kinds: &[ParamKind::integer(1, 20)],
            default: "3",
            doc: "The power of the poly kernel.",
            ..PARAM
        },
        ParamSpec {
            name: "coef0",
            kinds: &[ParamKind::number(-1e6, 1e6)],
            default: "0.0",
            doc: "What the poly and sigmoid kernels add.",
            ..PARAM
        },
        ParamSpec {
            name: "epsilon",
            kinds: &[ParamKind::number(0.0, 1e12)],
            default: "0.1",
            log_scale: true,
            doc: "Errors up to this size cost nothing; in standard deviations of the target, or in its own unit without scale_target.",
            tasks: Task::REGRESSION,
            source: SVR,
        },
        ParamSpec {
            name: "scale_target",
            kinds: &[ParamKind::Boolean],
            default: "true",
            doc: "Learns the target in standard deviations, so that C and epsilon mean the same whatever its unit; without it as in scikit-learn.",
            tasks: Task::REGRESSION,
            source: "scikit-learn TransformedTargetRegressor",
            ..PARAM
        },
        ParamSpec {
            name: "tol",
            kinds: &[ParamKind::above(0.0, 1.0)],
            default: "0.001",
            log_scale: true,
            doc: "When the solver has come to rest: the largest violation of the optimum's conditions.",
            ..PARAM
        },
        CLASS_WEIGHT,
        ParamSpec {
            name: "probability",
            kinds: &[ParamKind::Boolean],
            default: "true",
            doc: "Whether to learn real probabilities from rows held out in turn (takes about five times as long); otherwise they are shares of votes.",
            tasks: Task::CLASSIFICATION,
            ..PARAM
        },
        ParamSpec {
            name: "cache_size",
            kinds: &[ParamKind::above(0.0, 1e6)],
            default: "200.0",
            log_scale: true,
            doc: "Megabytes for the kernel values of rows that are solved together; more is quicker where many rows depend on each other.",
            ..PARAM
        },
        ParamSpec {
            name: "max_iter",
            kinds: &[
                ParamKind::integer(-1, 1_000_000_000),
                ParamKind::Null("until it has come to rest"),
            ],
            default: "-1",
            doc: "Most steps of the solver for each pair of classes; -1 is no limit.",
            ..PARAM
        },
    ],
};
