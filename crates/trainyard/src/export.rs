//! `trainyard export`: a model file in, a file for other programs out; no server needed.

use crate::arguments::{ExportFormat, ExportOptions};
use crate::failure::Failure;
use crate::{files, terminal};
use trainyard_training::FittedModel;

/// Exports as asked.
pub(crate) fn export(options: &ExportOptions) -> Result<(), Failure> {
    files::check_writable(&options.output)?;
    files::check_absent(&options.output)?;
    let named = |error: String| Failure::mistake(format!("{}: {error}", options.model.display()));
    let model = FittedModel::from_bytes(&files::read_bytes(&options.model)?)
        .map_err(|error| named(error.to_string()))?;
    let bytes = match options.format {
        ExportFormat::Onnx => model.to_onnx().map_err(|error| named(error.to_string()))?,
    };
    files::write_atomically(&options.output, &bytes)?;
    terminal::line(&format!("Wrote {}", options.output.display()));
    Ok(())
}
