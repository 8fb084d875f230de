//! `trainyard predict`: one answer a row, in order; no server needed. Files of any size go through in constant memory.

use crate::arguments::PredictOptions;
use crate::failure::Failure;
use crate::{files, terminal, train};
use std::io::Write;
use std::path::Path;
use trainyard_table::{Format, ReadOptions, RowReader};
use trainyard_training::{
    BatchAnswered, BatchContext, BatchRequest, Contract, FittedModel, ResultFormat, TrainError,
};

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
    let request = BatchRequest {
        probabilities: options.proba,
        format: options.output.as_deref().map_or(ResultFormat::Csv, format),
        contract: Contract::default(),
    };
    let (source, name) = files::rows(&options.file)?;
    let limits = ReadOptions {
        max_bytes: u64::MAX,
        max_rows: usize::MAX,
        max_cells: usize::MAX,
        sheet: options.sheet.clone(),
        ..ReadOptions::default()
    };
    let unreadable = |error| Failure::mistake(format!("{}: {error}", options.file.display()));
    let file = RowReader::open(source, &name, model.schema(), &limits).map_err(unreadable)?;
    if options.sheet.is_some() && file.format() != Format::Xlsx {
        return Err(Failure::mistake(format!(
            "{}: this is no workbook and has no sheets; leave --sheet out",
            options.file.display()
        )));
    }
    terminal::notes(file.notes());
    let pool = train::pool(options.threads)?;
    let answer = |output: &mut (dyn Write + Send)| -> Result<BatchAnswered, Failure> {
        let context = BatchContext {
            progress: &|_| {},
            interruption: &|| None,
        };
        let answered = pool.install(|| model.answer_file(file, output, &request, &context));
        answered.map_err(|error| match error {
            TrainError::Data(detail) => {
                Failure::mistake(format!("{}: {detail}", options.file.display()))
            }
            TrainError::Internal(detail) => Failure::fault(detail),
            other => other.into(),
        })
    };
    let answered = match &options.output {
        Some(output) => files::stream_atomically(output, answer)?,
        None => terminal::stream_stdout(answer)?,
    };
    for warning in &answered.warnings {
        terminal::note(&warning.detail);
    }
    Ok(())
}

/// What a file of this name should hold.
fn format(output: &Path) -> ResultFormat {
    match output.extension() {
        Some(ending) if ending.eq_ignore_ascii_case("parquet") => ResultFormat::Parquet,
        _ => ResultFormat::Csv,
    }
}
