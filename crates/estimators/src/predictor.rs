//! What answers the rows of a table, however it came to know: one [`Pipeline`](crate::pipeline::Pipeline), or a
//! [`Blend`](crate::blend::Blend) of several. Importance and explanation ask nothing else.

use crate::diagram::Diagram;
use crate::explain::Contributions;
use crate::preparation::PreparedColumn;
use crate::target::TargetEncoder;
use crate::{Features, Prediction, State, StateError, Task};
use serde_json::{Map, Value};
use std::fmt;
use trainyard_table::Table;

/// Table in, predictions out.
pub trait Predictor: fmt::Debug + Send + Sync {
    /// The algorithm's name, or that of the way several are put together.
    fn algorithm(&self) -> &'static str;

    /// The parameters, defaults included.
    fn params(&self) -> &Map<String, Value>;

    /// What became of each table column, and which of the [`features`](Self::features) were made from it.
    fn columns(&self) -> &[PreparedColumn];

    /// Whether a category value of a column was told apart when fitted; `true` for columns that hold no categories or
    /// are not used.
    fn knows(&self, column: &str, value: &str) -> bool;

    /// How the target reads.
    fn target(&self) -> &TargetEncoder;

    /// The features of a table's rows. Columns are found by name; what is missing or unknown is treated as the
    /// preparation says.
    fn features(&self, table: &Table) -> Features;

    /// Predicts rows that [`features`](Self::features) made.
    fn predict_features(&self, features: &Features) -> Prediction;

    /// How much each feature moves each answer, where that can be told exactly.
    fn contributions(&self, features: &Features) -> Option<Contributions>;

    /// How many trees it can [draw](Self::draw_tree); 0 when it is none, or several together.
    fn trees(&self) -> usize {
        0
    }

    /// Draws the upper part of a tree, down to a depth. `labels` names a boolean column's no and yes. `None` when there
    /// is no such tree.
    fn draw_tree(
        &self,
        _tree: usize,
        _depth: usize,
        _labels: &dyn Fn(&str) -> Option<[String; 2]>,
    ) -> Option<Diagram> {
        None
    }

    /// Everything needed to predict.
    fn save(&self) -> State;

    /// Predicts every row of a table.
    fn predict(&self, table: &Table) -> Prediction {
        self.predict_features(&self.features(table))
    }

    /// What is predicted.
    fn task(&self) -> Task {
        self.target().task()
    }

    /// Class labels by index; `None` for numbers.
    fn class_labels(&self) -> Option<&[String]> {
        self.target().class_labels()
    }
}

/// Whether the answer to one row has the form that the target asks for.
pub(crate) fn check_form(answer: &Prediction, target: &TargetEncoder) -> Result<(), StateError> {
    let fits = match (answer, target.class_labels()) {
        (
            Prediction::Classes {
                probabilities,
                classes,
            },
            Some(labels),
        ) => *classes == labels.len() && probabilities.len() == *classes,
        (Prediction::Values(values), None) => values.len() == 1,
        _ => false,
    };
    if fits {
        Ok(())
    } else {
        Err(StateError(
            "the learned values do not answer as the target reads".to_owned(),
        ))
    }
}
