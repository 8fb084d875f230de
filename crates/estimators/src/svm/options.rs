//! What a support vector machine can be told.

use crate::algorithm::{AlgorithmSpec, Needs, ParamKind, ParamSpec, Task};

const BOTH: &[Task] = &[Task::Classification, Task::Regression];
const CLASSIFICATION: &[Task] = &[Task::Classification];
const REGRESSION: &[Task] = &[Task::Regression];
const SVC: &str = "scikit-learn SVC";
const SVR: &str = "scikit-learn SVR";

pub(crate) static SPEC: AlgorithmSpec = AlgorithmSpec {
    name: "svm",
    title: "Support vector machine",
    doc: "Compares each row with the telling rows of the training data. Strong on some thousands of rows with smooth patterns; slow beyond a hundred thousand.",
    tasks: BOTH,
    needs: Needs {
        scaling: true,
        imputation: true,
    },
    params: &[
        ParamSpec {
            name: "C",
            kinds: &[ParamKind::Number {
                min: 0.0,
                max: 1e9,
                above: true,
            }],
            default: "1.0",
            log_scale: true,
            doc: "How closely to follow the data; smaller makes smoother borders.",
            tasks: BOTH,
            source: SVC,
        },
        ParamSpec {
            name: "kernel",
            kinds: &[ParamKind::Choice(&["rbf", "linear", "poly", "sigmoid"])],
            default: "\"rbf\"",
            log_scale: false,
            doc: "How rows are compared: rbf by distance, linear by straight borders, poly by products of columns.",
            tasks: BOTH,
            source: SVC,
        },
        ParamSpec {
            name: "gamma",
            kinds: &[
                ParamKind::Choice(&["scale", "auto"]),
                ParamKind::Number {
                    min: 0.0,
                    max: 1e9,
                    above: true,
                },
            ],
            default: "\"scale\"",
            log_scale: true,
            doc: "How near a row must be to count; larger is nearer. scale is 1 / (columns × variance), auto is 1 / columns.",
            tasks: BOTH,
            source: SVC,
        },
        ParamSpec {
            name: "degree",
            kinds: &[ParamKind::Integer { min: 1, max: 20 }],
            default: "3",
            log_scale: false,
            doc: "The power of the poly kernel.",
            tasks: BOTH,
            source: SVC,
        },
        ParamSpec {
            name: "coef0",
            kinds: &[ParamKind::Number {
                min: -1e6,
                max: 1e6,
                above: false,
            }],
            default: "0.0",
            log_scale: false,
            doc: "What the poly and sigmoid kernels add.",
            tasks: BOTH,
            source: SVC,
        },
        ParamSpec {
            name: "epsilon",
            kinds: &[ParamKind::Number {
                min: 0.0,
                max: 1e12,
                above: false,
            }],
            default: "0.1",
            log_scale: true,
            doc: "Errors up to this size cost nothing; in standard deviations of the target, or in its own unit without scale_target.",
            tasks: REGRESSION,
            source: SVR,
        },
        ParamSpec {
            name: "scale_target",
            kinds: &[ParamKind::Boolean],
            default: "true",
            log_scale: false,
            doc: "Learns the target in standard deviations, so that C and epsilon mean the same whatever its unit; without it as in scikit-learn.",
            tasks: REGRESSION,
            source: "scikit-learn TransformedTargetRegressor",
        },
        ParamSpec {
            name: "tol",
            kinds: &[ParamKind::Number {
                min: 0.0,
                max: 1.0,
                above: true,
            }],
            default: "0.001",
            log_scale: true,
            doc: "When the solver has come to rest: the largest violation of the optimum's conditions.",
            tasks: BOTH,
            source: SVC,
        },
        ParamSpec {
            name: "class_weight",
            kinds: &[
                ParamKind::Choice(&["balanced"]),
                ParamKind::Null("every row counts the same"),
            ],
            default: "null",
            log_scale: false,
            doc: "balanced makes rare classes count as much as common ones.",
            tasks: CLASSIFICATION,
            source: SVC,
        },
        ParamSpec {
            name: "probability",
            kinds: &[ParamKind::Boolean],
            default: "true",
            log_scale: false,
            doc: "Whether to learn real probabilities from rows held out in turn (takes about five times as long); otherwise they are shares of votes.",
            tasks: CLASSIFICATION,
            source: SVC,
        },
        ParamSpec {
            name: "cache_size",
            kinds: &[ParamKind::Number {
                min: 0.0,
                max: 1e6,
                above: true,
            }],
            default: "200.0",
            log_scale: true,
            doc: "Megabytes for the kernel values of rows that are solved together; more is quicker where many rows depend on each other.",
            tasks: BOTH,
            source: SVC,
        },
        ParamSpec {
            name: "max_iter",
            kinds: &[
                ParamKind::Integer {
                    min: -1,
                    max: 1_000_000_000,
                },
                ParamKind::Null("until it has come to rest"),
            ],
            default: "-1",
            log_scale: false,
            doc: "Most steps of the solver for each pair of classes; -1 is no limit.",
            tasks: BOTH,
            source: SVC,
        },
    ],
};
