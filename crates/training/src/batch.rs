//! A file of any size answered in constant memory: parts are read in order, answered by all threads, and written in order.
//! Results do not depend on the number of threads. How answers are written is in `writing`.

mod table_file;
mod writing;

pub use table_file::TableFile;

use crate::contract::{Contract, Policy};
use crate::error::TrainError;
use crate::model::FittedModel;
use crate::oddities::{Oddity, taken_out, without};
use crate::reference::Tally;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write;
use trainyard_estimators::{Interruption, Prediction};
use trainyard_table::{RawRows, RowDecoder, RowPart, RowReader, TableError};
use writing::{Form, PartText};

/// Rows answered at once by one thread; what preparation makes of them has to fit in a cache or so.
const STEP: usize = 4 << 10;

/// How answers are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultFormat {
    /// Comma-separated values in UTF-8. No cell is one that a spreadsheet would run.
    #[default]
    Csv,
    /// Apache Parquet.
    Parquet,
}

/// What is asked of a file.
#[derive(Clone, Debug, Default)]
pub struct BatchRequest {
    /// Whether the probability of every class is wanted.
    pub probabilities: bool,
    /// How answers are written.
    pub format: ResultFormat,
    /// What happens to odd cells.
    pub contract: Contract,
}

/// What a caller lends to a batch.
pub struct BatchContext<'a> {
    /// Told how many rows are answered.
    pub progress: &'a (dyn Fn(u64) + Sync),
    /// Asked after every few parts; `Some` ends the batch.
    pub interruption: &'a (dyn Fn() -> Option<Interruption> + Sync),
}

impl std::fmt::Debug for BatchContext<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("BatchContext")
    }
}

/// What became of a file.
#[derive(Clone, Debug, Default)]
pub struct BatchAnswered {
    /// Rows answered.
    pub rows: u64,
    /// What was odd about the file, counted by column.
    pub warnings: Vec<BatchWarning>,
    /// Where rows and answers fall among what the model learned from; nothing for models that do not know.
    pub tally: Option<Tally>,
}

/// How many cells of a column are odd in one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchWarning {
    /// The column.
    pub column: String,
    /// `wrong_type`, `out_of_range`, `unknown_category` or `missing_column`.
    pub code: String,
    /// How many rows.
    pub rows: u64,
    /// A plain sentence.
    pub detail: String,
}

impl FittedModel {
    /// Refuses a file that lacks columns of the model, unless its owner has gaps in them filled in.
    ///
    /// # Errors
    /// [`TrainError::Data`], naming them.
    pub fn check_columns(&self, file: &RowReader, contract: &Contract) -> Result<(), TrainError> {
        let absent: Vec<&str> = file
            .absent()
            .iter()
            .map(String::as_str)
            .filter(|name| contract.policy(name) != Policy::Impute)
            .collect();
        if absent.is_empty() && file.absent().len() < self.schema().fields.len().max(1) {
            return Ok(());
        }
        let absent = match absent.is_empty() {
            true => file.absent().iter().map(String::as_str).collect(),
            false => absent,
        };
        let shown = absent
            .iter()
            .take(20)
            .copied()
            .collect::<Vec<_>>()
            .join(", ");
        let more = match absent.len().saturating_sub(20) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Err(TrainError::Data(format!(
            "the file lacks {} that the model was trained on: {shown}{more}; add them (cells may be empty)",
            if absent.len() == 1 {
                "a column"
            } else {
                "columns"
            }
        )))
    }

    /// Answers a file and writes one answer a row: `prediction`, and with probabilities one `probability:<class>` a class.
    ///
    /// # Errors
    /// [`TrainError::Data`] for rows that cannot be read or that the contract refuses, [`TrainError::Interrupted`] when
    /// stopped, [`TrainError::Internal`] when the output takes no more.
    pub fn answer_file<W: Write + Send>(
        &self,
        mut file: RowReader,
        output: W,
        request: &BatchRequest,
        context: &BatchContext<'_>,
    ) -> Result<BatchAnswered, TrainError> {
        self.check_columns(&file, &request.contract)?;
        let form = Form::new(self, request);
        let mut written = writing::begun(output, &form)?;
        let work = Work {
            model: self,
            decoder: &file.decoder(),
            form: &form,
            contract: &request.contract,
        };
        let mut sums = Sums::default();
        let threads = rayon::current_num_threads();
        let mut wave = gather(&mut file, threads)?;
        while !wave.is_empty() {
            if let Some(reason) = (context.interruption)() {
                return Err(TrainError::Interrupted(reason));
            }
            // The next parts are read while these are answered.
            let (answered, next) = rayon::join(
                || -> Vec<_> { wave.par_iter().map(|rows| work.answer(rows)).collect() },
                || gather(&mut file, threads),
            );
            for part in answered {
                let part = part.map_err(|stopped| stopped.after(sums.rows))?;
                writing::add(&mut written, &part.text)?;
                sums.add(part);
            }
            (context.progress)(sums.rows);
            wave = next?;
        }
        if sums.rows == 0 {
            return Err(TableError::Empty.into());
        }
        writing::finish(written)?;
        Ok(BatchAnswered {
            rows: sums.rows,
            warnings: sums.warnings(&file),
            tally: sums.tally,
        })
    }
}

fn gather(file: &mut RowReader, most: usize) -> Result<Vec<RawRows>, TableError> {
    let mut parts = Vec::with_capacity(most);
    while parts.len() < most
        && let Some(part) = file.next_part()?
    {
        parts.push(part);
    }
    Ok(parts)
}

/// What is the same for all parts.
struct Work<'a> {
    model: &'a FittedModel,
    decoder: &'a RowDecoder,
    form: &'a Form,
    contract: &'a Contract,
}

/// Some rows answered.
struct Part {
    rows: u64,
    text: PartText,
    odd: BTreeMap<(String, Oddity), u64>,
    tally: Option<Tally>,
}

/// Why a part was not answered.
enum Stopped {
    Unreadable(TableError),
    /// A cell that the contract refuses: its row in the part, and what is wrong with it.
    Refused(usize, String),
}

impl Stopped {
    fn after(self, rows: u64) -> TrainError {
        match self {
            Self::Unreadable(error) => error.into(),
            Self::Refused(row, detail) => {
                TrainError::Data(format!("row {}: {detail}", rows + row as u64 + 1))
            }
        }
    }
}

impl Work<'_> {
    fn answer(&self, raw: &RawRows) -> Result<Part, Stopped> {
        let RowPart { table, wrong } = self.decoder.decode(raw).map_err(Stopped::Unreadable)?;
        let mut odd = BTreeMap::new();
        let mut blank = Vec::new();
        let mut refused: Option<(usize, String)> = None;
        for asked in self.model.asked(&table) {
            let name = &asked.field.name;
            let policy = self.contract.policy(name);
            let mut counts = [0_u64; 4];
            let mut taken = Vec::new();
            asked.visit(self.model, &wrong, |row, oddity| match policy {
                Policy::Reject => {
                    if refused.as_ref().is_none_or(|(first, _)| row < *first) {
                        refused = Some((row, asked.refusal(row, oddity, &wrong)));
                    }
                }
                Policy::Impute if taken_out(self.contract, name, oddity) => taken.push(row),
                Policy::Impute => {}
                Policy::Warn => counts[oddity as usize] += 1,
            });
            blank.push((asked.place, taken));
            let counted = [
                Oddity::WrongType,
                Oddity::OutOfRange,
                Oddity::UnknownCategory,
            ];
            for oddity in counted {
                if counts[oddity as usize] > 0 {
                    odd.insert((name.clone(), oddity), counts[oddity as usize]);
                }
            }
        }
        if let Some((row, detail)) = refused {
            return Err(Stopped::Refused(row, detail));
        }
        let table = without(table, &blank);
        let mut tally: Option<Tally> = None;
        let mut answers = Vec::new();
        for begin in (0..table.rows()).step_by(STEP) {
            let some = table.slice(begin, STEP);
            let prediction = self.model.predict(&some);
            if let Some(reference) = self.model.reference() {
                let counted = reference.tally(&some, &prediction);
                tally.get_or_insert_default().add(&counted);
            }
            answers.push(prediction);
        }
        let rows = table.rows() as u64;
        let text = self.form.text(&Prediction::concat(answers));
        Ok(Part {
            rows,
            text,
            odd,
            tally,
        })
    }
}

/// What parts come to together.
#[derive(Default)]
struct Sums {
    rows: u64,
    odd: BTreeMap<(String, Oddity), u64>,
    tally: Option<Tally>,
}

impl Sums {
    fn add(&mut self, part: Part) {
        self.rows += part.rows;
        for (what, rows) in part.odd {
            *self.odd.entry(what).or_default() += rows;
        }
        if let Some(tally) = part.tally {
            self.tally.get_or_insert_default().add(&tally);
        }
    }

    fn warnings(&self, file: &RowReader) -> Vec<BatchWarning> {
        let absent = file.absent().iter().map(|column| BatchWarning {
            column: column.clone(),
            code: "missing_column".to_owned(),
            rows: self.rows,
            detail: format!(
                "the file has no column '{column}'; it is filled in as during training"
            ),
        });
        let odd = self.odd.iter().map(|((column, oddity), rows)| {
            let how_many = match rows {
                1 => "1 row has".to_owned(),
                rows => format!("{rows} rows have"),
            };
            let rest = match oddity {
                Oddity::UnknownCategory => {
                    "that the model never saw; it is treated as no known value"
                }
                Oddity::OutOfRange => {
                    "outside of what the model has seen; an answer there is a guess beyond its data"
                }
                _ => "that cannot be read as its kind; it is treated as missing",
            };
            BatchWarning {
                column: column.clone(),
                code: oddity.code().to_owned(),
                rows: *rows,
                detail: format!("{how_many} a value in '{column}' {rest}"),
            }
        });
        absent.chain(odd).collect()
    }
}
