//! A search inside a training: on the training rows of the split, before the chosen model is fitted on all of them.

use super::{SearchResult, search_prepared};
use crate::contender::Contender;
use crate::error::TrainError;
use crate::goal::Goal;
use crate::progress::{Account, TrainContext};
use crate::train::Prepared;

/// Looks for better parameters where the spec asks for it; the chosen contender gets the best found.
pub(crate) fn tune(
    prepared: &Prepared<'_>,
    goal: &Goal,
    contenders: &mut [Contender],
    account: &Account<'_>,
    context: &TrainContext<'_>,
) -> Result<Option<SearchResult>, TrainError> {
    let spec = prepared.spec;
    let Some(asked) = &spec.search else {
        return Ok(None);
    };
    let problems = asked.problems(spec, Some(prepared.task));
    if !problems.is_empty() {
        return Err(TrainError::Spec(problems));
    }
    let found = search_prepared(prepared, goal, asked, account, context)?;
    let Some(params) = found.best_params(spec) else {
        let reason = found.trials.iter().find_map(|trial| trial.error.clone());
        return Err(TrainError::Data(format!(
            "none of the {} settings tried could be fitted: {}",
            found.trials.len(),
            reason.unwrap_or_else(|| "no score could be worked out".to_owned())
        )));
    };
    for contender in contenders.iter_mut().filter(|contender| contender.chosen) {
        contender.params.clone_from(&params);
    }
    account.change(|progress| progress.of = progress.done + 4 + spec.folds as u32);
    Ok(Some(found))
}
