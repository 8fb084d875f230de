//! Neural networks: a multi-layer perceptron for classes and numbers.
//!
//! What lives here: `neural_net` (the declaration), `inputs` (columns to blocks of 32-bit floats), `network` (layers,
//! answers and gradients of a block of rows), `adam` (steps), `training` (epochs, early stopping, restarts) and `fitted`
//! (answers and saving). Next: [`kernels::tiles`](crate::kernels), which does the arithmetic.

pub(crate) mod adam;
mod costs;
pub(crate) mod fitted;
pub(crate) mod inputs;
pub(crate) mod network;
pub(crate) mod neural_net;
#[cfg(test)]
mod tests;
pub(crate) mod training;
