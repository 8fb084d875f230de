//! An archive of pictures is answered: some files at a time are unpacked, decoded on all threads, answered together, and
//! forgotten. A file that is no picture gets a line that says why.

use std::fs::File;
use std::io::Write;

use rayon::prelude::*;
use trainyard_estimators::Prediction;
use trainyard_images::{Picture, PictureError, PictureFile, PictureFiles, decode, frame};
use trainyard_table::{Column, Kind, PictureShape, Table};
use trainyard_training::{
    BatchAnswered, BatchContext, BatchRequest, BatchWarning, FittedModel, TableFile, TrainError,
};

use crate::batches::picture_limits;
use crate::error::sentence;
use crate::pictures;

/// Files answered together, and the bytes of them.
const FILES: usize = 256;
const BYTES: usize = 32 << 20;

/// Writes one line a file.
pub(super) fn answer(
    model: &FittedModel,
    archive: File,
    output: impl Write + Send,
    request: &BatchRequest,
    context: &BatchContext<'_>,
) -> Result<BatchAnswered, TrainError> {
    let options = model.spec().pictures;
    let options = options.ok_or_else(|| TrainError::Internal("no model of pictures".to_owned()))?;
    let lines = Lines {
        model,
        shape: options.shape(),
        probabilities: request.probabilities,
    };
    let mut files = PictureFiles::open(archive, &picture_limits()).map_err(refused)?;
    let none = lines.table(&[], &[])?;
    let mut written = TableFile::new(request.format, none.schema(), output).map_err(unwritten)?;
    let mut answered = BatchAnswered::default();
    let mut unread: u64 = 0;
    loop {
        let some = files.next_some(FILES, BYTES).map_err(refused)?;
        if some.is_empty() {
            break;
        }
        let found: Vec<Result<Picture, PictureError>> =
            some.par_iter().map(|file| lines.picture(file)).collect();
        unread += found.iter().filter(|found| found.is_err()).count() as u64;
        written
            .write(&lines.table(&some, &found)?)
            .map_err(unwritten)?;
        answered.rows += some.len() as u64;
        (context.progress)(answered.rows);
        if let Some(reason) = (context.interruption)() {
            return Err(TrainError::Interrupted(reason));
        }
    }
    written.finish().map_err(unwritten)?;
    if unread > 0 {
        answered.warnings.push(BatchWarning {
            column: "file".to_owned(),
            code: "unreadable_picture".to_owned(),
            rows: unread,
            detail: "Files that are no pictures that can be read; their lines say why".to_owned(),
        });
    }
    Ok(answered)
}

/// How answers are laid out.
struct Lines<'a> {
    model: &'a FittedModel,
    shape: PictureShape,
    probabilities: bool,
}

impl Lines<'_> {
    fn picture(&self, file: &PictureFile) -> Result<Picture, PictureError> {
        let bytes = file.bytes.as_ref().map_err(PictureError::clone)?;
        frame(&decode(bytes, &picture_limits().picture)?, self.shape)
    }

    /// One row a file: its name, the answer, how sure it is, the probability of every class where that is wanted, and why
    /// there is no answer.
    fn table(
        &self,
        files: &[PictureFile],
        found: &[Result<Picture, PictureError>],
    ) -> Result<Table, TrainError> {
        let laid_out = |error| TrainError::Internal(format!("lay out pictures: {error}"));
        let pictures: Vec<Picture> = found.iter().flatten().cloned().collect();
        let asked = pictures::table(self.model, &pictures).map_err(laid_out)?;
        let prediction = self.model.predict(&asked);
        // The place of each file's picture among those that could be read.
        let mut read = 0..;
        let places: Vec<Option<usize>> = found
            .iter()
            .map(|found| found.as_ref().ok().and_then(|_| read.next()))
            .collect();
        let number = |name: &str, value: &dyn Fn(usize) -> Option<f64>| {
            let values = places.iter().map(|place| place.and_then(value));
            Column::numbers(name, Kind::Number, values, None)
        };
        let names = files.iter().map(|file| Some(file.name.as_str()));
        let mut columns = vec![Column::strings("file", Kind::Text, names)];
        match &prediction {
            Prediction::Values(values) => {
                columns.push(number("prediction", &|place| values.get(place).copied()));
            }
            Prediction::Classes {
                probabilities,
                classes,
            } => {
                let known = self.model.classes().unwrap_or_default();
                let labels = prediction.labels().unwrap_or_default();
                let label = |place: Option<usize>| labels.get(place?).map(|label| *label as usize);
                let texts = places.iter().map(|place| {
                    let class = known.get(label(*place)?)?;
                    Some(class.as_str())
                });
                columns.push(Column::strings("prediction", Kind::Category, texts));
                let share = |place: usize, class: usize| {
                    probabilities.get(place * classes + class).copied()
                };
                columns.push(number("confidence", &|place| {
                    share(place, label(Some(place))?)
                }));
                for (class, name) in known.iter().enumerate().filter(|_| self.probabilities) {
                    let name = format!("probability:{name}");
                    columns.push(number(&name, &|place| share(place, class)));
                }
            }
        }
        let errors: Vec<Option<String>> = found
            .iter()
            .map(|found| Some(sentence(&found.as_ref().err()?.to_string())))
            .collect();
        columns.push(Column::strings(
            "error",
            Kind::Text,
            errors.iter().map(Option::as_deref),
        ));
        Table::new(columns).map_err(unwritten)
    }
}

fn refused(error: PictureError) -> TrainError {
    TrainError::Data(error.to_string())
}

fn unwritten(error: impl std::fmt::Display) -> TrainError {
    TrainError::Internal(format!("write answers: {error}"))
}
