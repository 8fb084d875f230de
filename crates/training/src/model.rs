//! A model that answers: rows as a table, or as they come from a form or a request.

use crate::answering::{Question, QuestionRows, RowAnswer};
use crate::contract::Contract;
use crate::error::TrainError;
use crate::model_file::{self, ModelFileError};
use crate::reference::Reference;
use crate::signature::{self, SignatureField, signature};
use crate::spec::TrainSpec;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use trainyard_estimators::blend::{self, Blend};
use trainyard_estimators::diagram::Diagram;
use trainyard_estimators::pipeline::Pipeline;
use trainyard_estimators::{Prediction, Predictor, State, StateError, Task};
use trainyard_table::{Field, Schema, Table};

/// Names of parts of a model file: one of them is there.
const PIPELINE: &str = "pipeline";
const BLEND: &str = "blend";
/// A test of fewer rows does not tell how answers are distributed.
const FEW_ROWS: usize = 50;
/// Rows that the distribution of answers is taken from, at most.
const MOST_JUDGED: usize = 2_000;

/// Everything needed to predict, and what was asked for when it was trained.
#[derive(Debug)]
pub struct FittedModel {
    spec: TrainSpec,
    predictor: Box<dyn Predictor>,
    signature: Vec<SignatureField>,
    schema: Schema,
    reference: Option<Reference>,
}

/// A named remark about one cell of a request; the row is answered all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowWarning {
    /// The column.
    pub column: String,
    /// `missing`, `unknown_category`, `out_of_range`, `wrong_type` or `unknown_column`.
    pub code: String,
    /// A plain sentence.
    pub detail: String,
}

impl FittedModel {
    /// Ties a fitted pipeline to what was asked and to what its columns and its answers looked like: those to the rows of
    /// the test, or where there are few to its own.
    pub(crate) fn new(
        spec: TrainSpec,
        predictor: Box<dyn Predictor>,
        train: &Table,
        test: &Table,
    ) -> Self {
        let used: Vec<String> = predictor
            .columns()
            .iter()
            .filter(|column| column.used)
            .map(|column| column.column.clone())
            .collect();
        let mut signature = signature(train, &used);
        if spec.pictures.is_some() {
            signature::as_pixels(&mut signature);
        }
        let schema = schema_of(train, &used);
        // Single pixels tell nothing of pictures.
        let reference = spec.pictures.is_none().then(|| {
            let judged = match test.rows() {
                rows if rows < FEW_ROWS => train.slice(0, MOST_JUDGED),
                _ => test.slice(0, MOST_JUDGED),
            };
            let answers = predictor.predict(&judged);
            let classes = predictor.class_labels();
            Reference::of(&schema, train, &spec.target, classes, &answers)
        });
        Self {
            spec,
            predictor,
            signature,
            schema,
            reference,
        }
    }

    /// What was asked when it was trained.
    pub fn spec(&self) -> &TrainSpec {
        &self.spec
    }

    /// One field a column it looks at.
    pub fn signature(&self) -> &[SignatureField] {
        &self.signature
    }

    /// The columns it looks at.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// What its columns and answers looked like; files of earlier versions do not tell.
    pub fn reference(&self) -> Option<&Reference> {
        self.reference.as_ref()
    }

    /// Classes or numbers.
    pub fn task(&self) -> Task {
        self.predictor.task()
    }

    /// The classes, in the order of every probability row; `None` for numbers.
    pub fn classes(&self) -> Option<&[String]> {
        self.predictor.class_labels()
    }

    /// The algorithm that was picked or asked for.
    pub fn algorithm(&self) -> &str {
        self.predictor.algorithm()
    }

    /// The algorithm's parameters, defaults included.
    pub fn params(&self) -> &Map<String, Value> {
        self.predictor.params()
    }

    /// What answers: a fitted pipeline, or several together.
    pub fn predictor(&self) -> &dyn Predictor {
        self.predictor.as_ref()
    }

    /// How many trees it can draw; 0 when its answers do not come from the trees of one algorithm.
    pub fn trees(&self) -> usize {
        self.predictor.trees()
    }

    /// The upper part of a tree, down to a depth; `None` when there is no such tree.
    pub fn draw_tree(&self, tree: usize, depth: usize) -> Option<Diagram> {
        let labels = |name: &str| {
            let mut fields = self.schema.fields.iter();
            fields.find(|field| field.name == name)?.labels.clone()
        };
        self.predictor.draw_tree(tree, depth, &labels)
    }

    /// The bytes of the model; equal models give equal bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let state = State::default()
            .with_meta("spec", &self.spec)
            .with_meta("signature", &self.signature)
            .with_meta("schema", &self.schema)
            .with_meta("reference", &self.reference)
            .nest(self.part(), self.predictor.save());
        model_file::write(&state)
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote. Hostile input: everything is checked, nothing can run.
    ///
    /// # Errors
    /// [`ModelFileError`] for another kind of file, a newer version, or a damaged one.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelFileError> {
        let state = model_file::read(bytes)?;
        let damaged = |error: StateError| ModelFileError::Damaged(error.0);
        Ok(Self {
            spec: state.meta("spec").map_err(damaged)?,
            signature: state.meta("signature").map_err(damaged)?,
            schema: state.meta("schema").map_err(damaged)?,
            reference: match state.meta.contains_key("reference") {
                true => state.meta("reference").map_err(damaged)?,
                false => None,
            },
            predictor: load(&state).map_err(damaged)?,
        })
    }

    /// The part of the file that holds what answers.
    fn part(&self) -> &'static str {
        if self.predictor.algorithm() == blend::NAME {
            BLEND
        } else {
            PIPELINE
        }
    }

    /// Predicts a table whose columns have the model's names and kinds.
    pub fn predict(&self, table: &Table) -> Prediction {
        self.predictor.predict(table)
    }

    /// Predicts rows as they come from a form or a request: objects by column name, or arrays in signature order.
    ///
    /// # Errors
    /// [`TrainError::Data`] when a row is neither.
    pub fn predict_rows(
        &self,
        rows: &[Value],
        probabilities: bool,
    ) -> Result<Vec<RowAnswer>, TrainError> {
        let question = Question {
            rows: QuestionRows::Json(rows),
            probabilities,
            reasons: 0,
            curves: None,
            contract: &Contract::default(),
        };
        Ok(self.answer(&question)?.rows)
    }
}

/// Reads what answers, of either form.
fn load(state: &State) -> Result<Box<dyn Predictor>, StateError> {
    let together = state.part(BLEND);
    if together == State::default() {
        return Ok(Box::new(Pipeline::load(&state.part(PIPELINE))?));
    }
    Ok(Box::new(Blend::load(&together)?))
}

fn schema_of(table: &Table, names: &[String]) -> Schema {
    let columns = names.iter().filter_map(|name| table.column(name));
    Schema {
        fields: columns
            .map(|column| Field {
                name: column.name().to_owned(),
                kind: column.kind(),
                labels: column.labels().cloned(),
            })
            .collect(),
    }
}
