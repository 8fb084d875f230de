//! Answers written down, part by part: as CSV that no spreadsheet runs, or as Parquet.

use super::{BatchRequest, ResultFormat, TableFile};
use crate::error::TrainError;
use crate::model::FittedModel;
use std::fmt::Write as _;
use std::io::Write;
use trainyard_estimators::Prediction;
use trainyard_table::{Column, Kind, Schema, Table};

/// Name of the column that holds the answers.
const ANSWER: &str = "prediction";

/// Some answers, ready to be written.
pub(super) enum PartText {
    Csv(String),
    Table(Table),
}

/// How answers of this model are written.
pub(super) struct Form {
    format: ResultFormat,
    probabilities: bool,
    classes: Vec<String>,
    /// The classes as CSV cells.
    cells: Vec<String>,
}

impl Form {
    pub(super) fn new(model: &FittedModel, request: &BatchRequest) -> Self {
        let classes = model.classes().unwrap_or_default().to_vec();
        Self {
            format: request.format,
            probabilities: request.probabilities && !classes.is_empty(),
            cells: classes.iter().map(|class| cell(class)).collect(),
            classes,
        }
    }

    /// The columns of a result.
    fn schema(&self) -> Schema {
        let nothing = match self.classes.is_empty() {
            true => Prediction::Values(Vec::new()),
            false => Prediction::Classes {
                probabilities: Vec::new(),
                classes: self.classes.len(),
            },
        };
        self.table(&nothing).schema().clone()
    }

    pub(super) fn text(&self, answers: &Prediction) -> PartText {
        match self.format {
            ResultFormat::Csv => PartText::Csv(self.csv(answers)),
            ResultFormat::Parquet => PartText::Table(self.table(answers)),
        }
    }

    fn csv(&self, answers: &Prediction) -> String {
        let mut csv = String::with_capacity(answers.rows() * 24);
        match answers {
            Prediction::Values(values) => values.iter().for_each(|value| {
                let _ = writeln!(csv, "{value}");
            }),
            Prediction::Classes {
                probabilities,
                classes,
            } => {
                let labels = answers.labels().unwrap_or_default();
                for (label, row) in labels
                    .iter()
                    .zip(probabilities.chunks_exact((*classes).max(1)))
                {
                    csv.push_str(self.cells.get(*label as usize).map_or("", String::as_str));
                    if self.probabilities {
                        for probability in row {
                            let _ = write!(csv, ",{probability}");
                        }
                    }
                    csv.push('\n');
                }
            }
        }
        csv
    }

    fn table(&self, answers: &Prediction) -> Table {
        let number = |name: String, values: Vec<f64>| {
            Column::numbers(name, Kind::Number, values.into_iter().map(Some), None)
        };
        let columns = match answers {
            Prediction::Values(values) => vec![number(ANSWER.to_owned(), values.clone())],
            Prediction::Classes {
                probabilities,
                classes,
            } => {
                let labels = answers.labels().unwrap_or_default();
                let texts = labels
                    .iter()
                    .map(|label| self.classes.get(*label as usize).map(String::as_str));
                let mut columns = vec![Column::strings(ANSWER, Kind::Category, texts)];
                let named = self.classes.iter().enumerate();
                columns.extend(named.filter(|_| self.probabilities).map(|(class, name)| {
                    let of_class = probabilities.iter().skip(class).step_by((*classes).max(1));
                    number(probability_of(name), of_class.copied().collect())
                }));
                columns
            }
        };
        // Classes differ, and all columns are as long as the answers.
        Table::new(columns).unwrap_or_else(|_| Table::default())
    }
}

fn probability_of(class: &str) -> String {
    format!("probability:{class}")
}

/// A CSV cell (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers.
pub(super) fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let text = match formula && text.parse::<f64>().is_err() {
        true => format!("'{text}"),
        false => text.to_owned(),
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

/// The file that answers go to.
pub(super) fn begun<W: Write + Send>(output: W, form: &Form) -> Result<TableFile<W>, TrainError> {
    TableFile::new(form.format, &form.schema(), output).map_err(full)
}

/// Adds a part to the file.
pub(super) fn add<W: Write + Send>(
    file: &mut TableFile<W>,
    part: &PartText,
) -> Result<(), TrainError> {
    match part {
        PartText::Csv(text) => file.write_lines(text),
        PartText::Table(table) => file.write(table),
    }
    .map_err(full)
}

/// There are no more parts.
pub(super) fn finish<W: Write + Send>(file: TableFile<W>) -> Result<(), TrainError> {
    file.finish().map_err(full)
}

fn full(error: impl std::fmt::Display) -> TrainError {
    TrainError::Internal(format!("write answers: {error}"))
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_is_a_formula_and_numbers_stay_numbers() {
        for formula in ["=1+1", "+a", "-a", "@SUM(A1)", "\t=1"] {
            assert_eq!(cell(formula), format!("'{formula}"));
        }
        assert_eq!(cell("\n=1"), "\"'\n=1\"");
        assert_eq!(cell("=\"x\",1"), "\"'=\"\"x\"\",1\"");
        for plain in ["-1", "+1.5", "-1e3", "a=1", "", "yes"] {
            assert_eq!(cell(plain), plain);
        }
    }
}
