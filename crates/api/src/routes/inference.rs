//! The Open Inference Protocol, version 2, for programs that speak it to any server: the same models, asked column by
//! column, at the same price. Problems carry their text under `error` as the protocol wants it.

pub(crate) mod infer;
pub(crate) mod model;
pub(crate) mod server;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Types of values that tensors may have.
const DATATYPES: &[&str] = &[
    "BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16",
    "FP32", "FP64", "BYTES",
];

/// What a tensor is.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct TensorMetadata {
    #[schema(example = "age")]
    name: String,
    #[schema(example = "FP64")]
    datatype: String,
    /// One entry a dimension; -1 is any number of rows.
    #[schema(example = json!([-1]))]
    shape: Vec<i64>,
}
