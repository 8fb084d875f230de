//! `trainyard predict`: one answer a row, in order; no server needed.

use crate::arguments::PredictOptions;
use crate::failure::Failure;
use crate::{files, terminal, train};
use trainyard_table::ReadOptions;
use trainyard_training::FittedModel;

/// Predicts as asked.
pub(crate) fn predict(options: &PredictOptions) -> Result<(), Failure> {
    if let Some(output) = &options.output {
        files::check_writable(output)?;
    }
    let model = FittedModel::from_bytes(&files::read_bytes(&options.model)?)
        .map_err(|error| Failure::mistake(format!("{}: {error}", options.model.display())))?;
    if options.proba && model.classes().is_none() {
        return Err(Failure::mistake(format!(
            "this model predicts numbers, which have no probabilities; leave --proba out ({})",
            options.model.display()
        )));
    }
    let reading = ReadOptions {
        sheet: options.sheet.clone(),
        ..ReadOptions::for_schema(model.schema())
    };
    let read = files::read_table(&options.file, &reading)?;
    terminal::notes(&read.notes);
    let pool = train::pool(options.threads)?;
    let answers = pool.install(|| model.predict_file(&read.table))?;
    for warning in &answers.warnings {
        terminal::note(&warning.detail);
    }
    let csv = answers.to_csv(options.proba);
    match &options.output {
        Some(output) => files::write_atomically(output, csv.as_bytes()),
        None => terminal::write_stdout(csv.as_bytes()),
    }
}
