//! What happens to a cell that is not as a model's columns were while it learned: missing, of another kind, a category that
//! was never seen, or outside of what was seen. Its owner decides so for each column. What counts as odd is in
//! `oddities`.

use crate::error::FieldProblem;
use crate::signature::SignatureField;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is done with an odd cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// The request is refused, the file fails; nothing is charged.
    Reject,
    /// It is answered, as well as can be, with a warning.
    #[default]
    Warn,
    /// It counts as missing and is filled in as during training, without a word.
    Impute,
}

/// The policy of each column. A column that is not named has [`Policy::Warn`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Contract(BTreeMap<String, Policy>);

impl Contract {
    /// These policies.
    pub fn new(policies: impl IntoIterator<Item = (String, Policy)>) -> Self {
        Self(policies.into_iter().collect())
    }

    /// The policy of a column.
    pub fn policy(&self, column: &str) -> Policy {
        self.0.get(column).copied().unwrap_or_default()
    }

    /// Changes some policies.
    ///
    /// # Errors
    /// One problem for each column that the model does not look at; nothing is changed then.
    pub fn change(
        &mut self,
        policies: BTreeMap<String, Policy>,
        signature: &[SignatureField],
    ) -> Result<(), Vec<FieldProblem>> {
        let known = |name: &String| signature.iter().any(|field| field.name == *name);
        let problems: Vec<FieldProblem> = policies
            .keys()
            .filter(|name| !known(name))
            .map(|name| {
                FieldProblem::new(
                    format!("/policies/{}", escaped(name)),
                    format!("The model has no column '{name}'. Name one of its columns."),
                )
            })
            .collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        self.0.extend(policies);
        self.0.retain(|_, policy| *policy != Policy::default());
        Ok(())
    }
}

/// A name within a JSON pointer (RFC 6901).
pub(crate) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
