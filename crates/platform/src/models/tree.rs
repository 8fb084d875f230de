//! Trees of a model, as people look at them.

use serde_json::{Value, json};

use super::Models;
use crate::caller::{Action, Caller};
use crate::error::{PlatformError, Result};

/// Questions one after the other that are drawn.
const DEPTHS: std::ops::RangeInclusive<usize> = 1..=8;
/// As many as a page shows at once.
const USUAL_DEPTH: usize = 4;

impl Models<'_> {
    /// The upper part of one of a model's trees, with the classes that shares belong to.
    ///
    /// # Errors
    /// `NotFound`; `NotReady` for a model that answers without trees; `Validation` for a tree or a depth there is not.
    pub async fn tree(
        &self,
        caller: &Caller,
        id_or_name: &str,
        tree: Option<usize>,
        depth: Option<usize>,
    ) -> Result<Value> {
        caller.may(Action::Read)?;
        let (tree, depth) = (tree.unwrap_or(0), depth.unwrap_or(USUAL_DEPTH));
        if !DEPTHS.contains(&depth) {
            return Err(PlatformError::field(
                "/depth",
                format!("Use a depth of {} to {}.", DEPTHS.start(), DEPTHS.end()),
            ));
        }
        let model = self.own(caller, id_or_name).await?;
        let loaded = self.0.loaded_row(model).await?;
        let trees = loaded.fitted.trees();
        if trees == 0 {
            return Err(PlatformError::NotReady(
                "This model has no trees to draw. Decision trees, forests and boosted trees of tables have."
                    .to_owned(),
            ));
        }
        if tree >= trees {
            return Err(PlatformError::field(
                "/tree",
                format!("The model's trees are 0 to {}.", trees - 1),
            ));
        }
        let classes = json!(loaded.fitted.classes());
        let drawn = self
            .0
            .compute("draw a tree", move || loaded.fitted.draw_tree(tree, depth))
            .await?;
        let drawn = drawn.ok_or_else(|| {
            PlatformError::NotReady(
                "The trees of this model's file cannot be drawn. Train it again to look at them."
                    .to_owned(),
            )
        })?;
        let mut body = serde_json::to_value(drawn)
            .map_err(|error| PlatformError::internal("write a tree", error))?;
        body["classes"] = classes;
        Ok(body)
    }
}
