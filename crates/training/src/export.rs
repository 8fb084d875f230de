//! Models for other programs.

use crate::FittedModel;

pub use trainyard_onnx::ExportError;

impl FittedModel {
    /// The bytes of an ONNX model with the whole preparation in it; equal models give equal bytes. One input a column of
    /// the [signature](Self::signature), named as the column, of shape `[rows, 1]`: text for categories (missing: `""`),
    /// doubles for everything else (missing: NaN; dates as seconds since 1970 UTC). The first output is the label or the
    /// value, the second the probabilities.
    ///
    /// # Errors
    /// [`ExportError::Text`] when the model counts words of free text; [`ExportError::TooLarge`] beyond 2 GB.
    pub fn to_onnx(&self) -> Result<Vec<u8>, ExportError> {
        trainyard_onnx::write(self.predictor())
    }
}
