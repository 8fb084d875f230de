//! How much rows count: a column of the table, read once, that no model looks at.
//!
//! Every algorithm takes weights, the search and the folds too; metrics do not: each test row counts once. Of a yes/no
//! column, yes is 1 and no is 0. May touch the spec, the schema and one column.

use crate::error::{FieldProblem, TrainError};
use crate::spec::{TrainSpec, known_columns};
use trainyard_table::{Kind, Schema, Table};

impl TrainSpec {
    /// Every problem with the column of weights that the schema shows.
    pub(crate) fn check_weights(&self, schema: &Schema, problems: &mut Vec<FieldProblem>) {
        let Some(name) = &self.weights else { return };
        let mut add = |detail| problems.push(FieldProblem::new("/weights", detail));
        let Some(field) = schema.field(name) else {
            return add(format!(
                "there is no column '{name}'; {}",
                known_columns(schema)
            ));
        };
        if name == &self.target {
            add(format!(
                "'{name}' is the target; choose another column to say how much rows count"
            ));
        } else if !matches!(field.kind, Kind::Integer | Kind::Number | Kind::Boolean) {
            add(format!(
                "'{name}' holds no numbers; weights are numbers of at least 0, so choose another column"
            ));
        } else if self.features.is_none() && schema.fields.len() < 3 {
            add(format!(
                "the table has no column besides the target and '{name}' to learn from"
            ));
        } else if self.features.iter().flatten().any(|used| used == name) {
            add(format!(
                "'{name}' says how much rows count, so a model must not learn from it; take it out of the features"
            ));
        }
    }

    /// The features of a request that names none: every column but the target, the group and the weights.
    pub(crate) fn usual_features(&self, table: &Table) -> Vec<String> {
        let mut features = self.split.features(table, &self.target);
        features.retain(|name| Some(name) != self.weights.as_ref());
        features
    }

    /// The weights of the given rows.
    ///
    /// # Errors
    /// [`TrainError::Spec`] for a column that is not there or holds no numbers; [`TrainError::Data`] when one of these rows
    /// has none, or a negative one, or all of them are 0.
    pub(crate) fn read_weights(
        &self,
        table: &Table,
        rows: &[usize],
    ) -> Result<Option<Vec<f64>>, TrainError> {
        let Some(name) = &self.weights else {
            return Ok(None);
        };
        let mut problems = Vec::new();
        self.check_weights(table.schema(), &mut problems);
        let Some(column) = table.column(name).filter(|_| problems.is_empty()) else {
            return Err(TrainError::Spec(problems));
        };
        let mut weights = Vec::with_capacity(rows.len());
        for &row in rows {
            let problem = match column.number(row) {
                Some(weight) if weight.is_finite() && weight >= 0.0 => {
                    weights.push(weight);
                    continue;
                }
                Some(weight) => format!("is {weight}"),
                None => "has none".to_owned(),
            };
            return Err(TrainError::Data(format!(
                "'{name}' says how much rows count, but row {} {problem}; give every row a number of at least 0",
                row + 1
            )));
        }
        if weights.iter().all(|&weight| weight == 0.0) {
            return Err(TrainError::Data(format!(
                "'{name}' says how much rows count, and it is 0 in every row; give some rows a number above 0"
            )));
        }
        Ok(Some(weights))
    }
}
