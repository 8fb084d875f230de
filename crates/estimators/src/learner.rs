//! An algorithm with its settings and what it learned from prepared rows: the part of a model that knows no table.
//!
//! [`Pipeline`](crate::pipeline::Pipeline) ties one to a preparation, [`Blend`](crate::blend::Blend) several.

use crate::{Algorithm, Fitted, Params, State, StateError, Task};
use serde_json::{Map, Value};

/// A fitted algorithm and how it was set.
pub(crate) struct Learner {
    pub(crate) algorithm: &'static str,
    pub(crate) params: Params,
    pub(crate) fitted: Box<dyn Fitted>,
}

impl Learner {
    pub(crate) fn save(&self) -> State {
        State::default()
            .with_meta("algorithm", self.algorithm)
            .with_meta("params", self.params.values())
            .nest("model", self.fitted.save())
    }

    /// Reads back what [`save`](Self::save) wrote; hostile input gives an error.
    pub(crate) fn load(
        state: &State,
        task: Task,
        find: impl Fn(&str) -> Option<&'static dyn Algorithm>,
    ) -> Result<Self, StateError> {
        let name: String = state.meta("algorithm")?;
        let Some(found) = find(&name) else {
            return Err(StateError(format!("there is no algorithm '{name}'")));
        };
        let given: Map<String, Value> = state.meta("params")?;
        let params = Params::check(found.spec().params, task, &given).map_err(|problems| {
            let texts = problems.iter().map(ToString::to_string).collect::<Vec<_>>();
            StateError(texts.join("; "))
        })?;
        Ok(Self {
            algorithm: found.spec().name,
            params,
            fitted: found.load(&state.part("model"))?,
        })
    }
}
