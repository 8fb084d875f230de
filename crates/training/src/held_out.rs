//! The test rows of a training, found again: which rows stand in a cell of the confusion matrix, and how the answers to them
//! depend on a column. A split depends on the spec and the table alone, so the same rows come out as when the model was
//! judged.

use crate::error::{FieldProblem, TrainError};
use crate::model::FittedModel;
use crate::progress::TrainContext;
use crate::spec::TrainSpec;
use crate::train::Prepared;
use trainyard_estimators::Target;
use trainyard_estimators::explain::{Dependence, partial_dependence};
use trainyard_table::Table;

/// Points of a curve unless somebody wants others.
pub const POINTS: usize = 30;

/// Rows of the table (positions, rising) that were tested, belong to one class and were taken for another or the same.
///
/// # Errors
/// [`TrainError::Spec`] for a class the model does not know; [`TrainError::Data`] for a model that predicts numbers, and for a
/// table that is not the one it was trained on.
pub fn cell_rows(
    model: &FittedModel,
    table: &Table,
    actual: &str,
    predicted: &str,
) -> Result<Vec<usize>, TrainError> {
    let Some(classes) = model.classes() else {
        return Err(TrainError::Data(
            "this model predicts numbers, so it has no confusion matrix; look at its residuals"
                .to_owned(),
        ));
    };
    let position = |name: &str, pointer: &str| {
        let found = classes.iter().position(|class| class == name);
        found
            .and_then(|place| u32::try_from(place).ok())
            .ok_or_else(|| {
                TrainError::Spec(vec![FieldProblem::new(
                    pointer,
                    format!(
                        "there is no class '{name}'; choose one of {}",
                        classes.join(", ")
                    ),
                )])
            })
    };
    let wanted = (
        position(actual, "/actual")?,
        position(predicted, "/predicted")?,
    );
    let prepared = again(model.spec(), table)?;
    let Target::Classes { indices, .. } = &prepared.test_target else {
        return Err(TrainError::Internal(
            "the test rows have no classes".to_owned(),
        ));
    };
    let labels = model.predict(&prepared.test).labels().unwrap_or_default();
    let rows = prepared.test_rows.iter().zip(indices).zip(&labels);
    let rows = rows.filter(|((_, actual), predicted)| (**actual, **predicted) == wanted);
    Ok(rows.map(|((&row, _), _)| row).collect())
}

/// How the model's answers to the test rows change when one column is set to other values.
///
/// # Errors
/// [`TrainError::Data`] when the model does not use the column; [`TrainError::Interrupted`] when stopped.
pub fn dependence(
    model: &FittedModel,
    table: &Table,
    column: &str,
    points: usize,
    context: &TrainContext<'_>,
) -> Result<Dependence, TrainError> {
    let prepared = again(model.spec(), table)?;
    let fitting = context.fitting(model.spec().seed, &|_| {});
    Ok(partial_dependence(
        model.predictor(),
        &prepared.test,
        column,
        points,
        &fitting,
    )?)
}

fn again<'a>(spec: &'a TrainSpec, table: &Table) -> Result<Prepared<'a>, TrainError> {
    Prepared::with_test_share(spec, table, spec.test_size)
}
