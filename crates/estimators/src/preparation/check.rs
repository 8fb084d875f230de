//! What a plan read from a model file must fulfil: nothing that planning could not have made is carried out.

use super::plan::{ColumnPlan, Reading, View};
use crate::StateError;
use crate::cells::NO_TEXT;

impl ColumnPlan {
    /// Refuses a plan that [`plan`](super::plan::plan) could not have made.
    pub(super) fn check(&self) -> Result<(), StateError> {
        let wrong = |what: &str| Err(StateError(format!("column '{}': {what}", self.column)));
        if !self.parts_fit() {
            return wrong("its features do not match how it is read");
        }
        let values_fit = match &self.reading {
            Reading::LeftOut | Reading::Numbers => true,
            Reading::Pieces(pieces) => pieces.in_range(),
            Reading::Categories { levels, rare, .. } => {
                let told_apart = levels.len() + rare.len();
                told_apart > 0
                    && told_apart < NO_TEXT as usize - 2
                    && rising(levels)
                    && rising(rare)
                    && rare
                        .iter()
                        .all(|value| levels.binary_search(value).is_err())
            }
            Reading::Statistics(statistics) => {
                rising(&statistics.levels) && statistics.in_range(self.parts.len())
            }
        };
        if !values_fit {
            return wrong("its values are not in order");
        }
        for part in &self.parts {
            let numbers_fit = part.fill.is_finite()
                && part.centre.is_finite()
                && part.scale.is_finite()
                && part.scale > 0.0;
            if !numbers_fit {
                return wrong("its numbers are out of range");
            }
        }
        Ok(())
    }

    fn parts_fit(&self) -> bool {
        let views = || self.parts.iter().map(|part| part.view);
        match &self.reading {
            Reading::LeftOut => self.parts.is_empty(),
            Reading::Numbers => {
                let of_numbers = |view| matches!(view, View::Value | View::Missing | View::Date(_));
                !self.parts.is_empty() && views().all(of_numbers)
            }
            Reading::Categories { .. } => views().eq([View::Code]),
            Reading::Statistics(_) => {
                !self.parts.is_empty() && views().eq((0..self.parts.len()).map(View::Target))
            }
            Reading::Pieces(pieces) => {
                let buckets = || (0..pieces.buckets).map(View::Bucket);
                views().eq(buckets()) || views().eq(buckets().chain([View::Missing]))
            }
        }
    }
}

fn rising(values: &[String]) -> bool {
    values.windows(2).all(|pair| pair[0] < pair[1])
}
