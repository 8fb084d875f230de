//! From a [`TrainSpec`] and a table to a [`FittedModel`] and its [`Report`]: the one place that knows the whole recipe.
//!
//! Pure computation like the crates below it: no clock (one is lent), no files, no threads but rayon's current pool.
//! Read in the order data flows:
//!
//! 1. [`spec`] says what is asked and finds what is wrong with it before anything is paid, [`limits`] what is too much,
//!    [`estimate`](mod@estimate) how long it will take;
//! 2. [`train`](mod@train) splits first, then fits, judges and explains; [`auto`] picks among the families;
//!    [`split`] says which rows may be apart, [`validation`] judges a recipe on folds, [`learning`] on growing shares of
//!    the rows, [`search`](mod@search) tunes one;
//! 3. [`report`] is what people read, [`verdict`] its first sentence, [`report_page`] a file of it; [`held_out`] finds the test rows
//!    again, [`self_tests`](mod@self_tests) asks whether the scores can be believed;
//! 4. [`model`] predicts, [`model_file`] stores it as bytes that cannot run, [`export`] as a file for other programs;
//! 5. [`certificate`] asks a finished model in every way there is; [`answering`] answers requests and [`batch`] files, under the [`contract`] of the model's owner; [`reference`](mod@reference)
//!    remembers what rows looked like, so that later ones can be compared.

pub mod answering;
pub mod auto;
pub mod batch;
pub mod certificate;
mod choice;
pub mod contender;
pub mod contract;
mod duplicates;
pub mod error;
pub mod estimate;
pub mod export;
mod goal;
pub mod held_out;
pub mod learning;
pub mod limits;
pub mod model;
pub mod model_file;
mod oddities;
pub mod progress;
pub mod reference;
pub mod report;
pub mod report_page;
pub mod search;
pub mod self_tests;
pub mod signature;
pub mod spec;
pub mod split;
pub mod train;
pub mod validation;
pub mod verdict;
mod weights;

pub use answering::{Answers, Curves, FileRows, Question, QuestionRows, RowAnswer};
pub use auto::Automatic;
pub use auto::budget::Budget;
pub use batch::{BatchAnswered, BatchContext, BatchRequest, BatchWarning, ResultFormat, TableFile};
pub use certificate::{AnswerPath, Certificate, PathCheck};
pub use contender::Contender;
pub use contract::{Contract, Policy};
pub use error::{FieldProblem, TrainError};
pub use estimate::Estimate;
pub use export::ExportError;
pub use learning::{CurvePoint, LearningCurve, learning_curve, learning_curve_of};
pub use limits::Limits;
pub use model::{FittedModel, RowWarning};
pub use model_file::ModelFileError;
pub use progress::{ContenderProgress, ContenderStatus, Progress, Stage, TrainContext};
pub use reference::{Reference, Shift, Tally};
pub use report::Report;
pub use search::{Method, SearchResult, SearchSpec, search};
pub use self_tests::{SelfTests, self_tests};
pub use signature::SignatureField;
pub use spec::{Effort, TaskChoice, TrainSpec};
pub use split::SplitSpec;
pub use train::{Trained, train};
pub use validation::{CrossValidation, cross_validate};
