//! Preparation, algorithm and target tied together: a table goes in, predictions come out.
//!
//! What it may touch: everything else in this crate. A pipeline knows its columns by name and carries all that is needed to
//! predict; [`save`](Pipeline::save) and [`load`](Pipeline::load) move it through a model file.

use crate::algorithm::algorithm;
use crate::diagram::Diagram;
use crate::explain::Contributions;
use crate::learner::Learner;
use crate::predictor::{Predictor, check_form};
use crate::preparation::{Preparation, PreparationOptions, PreparedColumn, Supervision};
use crate::split::Division;
use crate::target::TargetEncoder;
use crate::{
    Algorithm, Features, FitContext, FitError, Fitted, Params, Prediction, State, StateError,
    Target, Task, TrainingData,
};
use serde_json::{Map, Value};
use std::fmt;
use trainyard_table::Table;

/// A fitted pipeline.
pub struct Pipeline {
    preparation: Preparation,
    target: TargetEncoder,
    learner: Learner,
}

/// What a pipeline learns with: the algorithm, its checked parameters, and how the target reads.
#[derive(Clone, Copy)]
pub struct Recipe<'a> {
    /// Learns the numbers.
    pub algorithm: &'a dyn Algorithm,
    /// Checked against the algorithm's declaration.
    pub params: &'a Params,
    /// Fitted on the whole target column.
    pub encoder: &'a TargetEncoder,
}

impl Pipeline {
    /// Fits the preparation on a table of training rows, then the algorithm on what it makes of them.
    ///
    /// `target` has one entry a row of `table` (rows without a target are already gone), `weights` too. Named features
    /// that are identifiers or read like names are left out; to use them, fit a [`Preparation`] with
    /// [`chosen`](PreparationOptions::chosen) columns and call [`fit_prepared`](Self::fit_prepared).
    ///
    /// # Errors
    /// [`FitError`] from the preparation or the algorithm; [`FitError::Data`] when the target is among the features.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is needed, and none belongs to another"
    )]
    pub fn fit(
        table: &Table,
        features: &[String],
        encoder: &TargetEncoder,
        target: &Target,
        algorithm: &dyn Algorithm,
        params: &Params,
        weights: Option<&[f64]>,
        context: &FitContext<'_>,
    ) -> Result<Self, FitError> {
        let options = PreparationOptions::of(algorithm.spec());
        let supervision = Supervision {
            target,
            weights,
            division: &Division::Stratified,
            seed: context.seed,
        };
        let (preparation, features) =
            Preparation::fit_transform(table, features, supervision, &options)?;
        context.check()?;
        let recipe = Recipe {
            algorithm,
            params,
            encoder,
        };
        Self::fit_prepared(preparation, &features, recipe, target, weights, context)
    }

    /// Fits the algorithm on what [`Preparation::fit_transform`] made of the training rows: contenders with equal needs
    /// share it. Of pictures, `features` may hold several copies, block after block; `target` and `weights` are those of one.
    ///
    /// # Errors
    /// [`FitError::Data`] when the target is among the features or rows do not match; what the algorithm reports.
    pub fn fit_prepared(
        preparation: Preparation,
        features: &Features,
        recipe: Recipe<'_>,
        target: &Target,
        weights: Option<&[f64]>,
        context: &FitContext<'_>,
    ) -> Result<Self, FitError> {
        let name = recipe.encoder.column();
        if preparation
            .columns()
            .iter()
            .any(|column| column.column == name)
        {
            return Err(FitError::Data(format!(
                "'{name}' is the target; a model must not see it, so take it out of the features"
            )));
        }
        let copies = if preparation.is_of_pictures() {
            features.rows() / target.len().max(1)
        } else {
            1
        };
        let rows = features.rows() / copies.max(1);
        let whole = rows * copies == features.rows();
        if !whole || target.len() != rows || weights.is_some_and(|weights| weights.len() != rows) {
            return Err(FitError::Data(format!(
                "{rows} rows of features, {} of the target and {} weights do not belong together",
                target.len(),
                weights.map_or(rows, <[f64]>::len)
            )));
        }
        if let Some(row) = weights.and_then(|weights| {
            weights
                .iter()
                .position(|weight| !(weight.is_finite() && *weight >= 0.0))
        }) {
            return Err(FitError::Data(format!(
                "the weight of row {} is not a number of at least 0",
                row + 1
            )));
        }
        // Copies of a picture show what it shows and count as it does.
        let again = |rows: usize| (0..copies).flat_map(move |_| 0..rows).collect::<Vec<_>>();
        let repeated = (copies > 1).then(|| {
            let weights = weights.map(|weights| weights.repeat(copies));
            (target.take(&again(rows)), weights)
        });
        let (target, weights) = match &repeated {
            Some((target, weights)) => (target, weights.as_deref()),
            None => (target, weights),
        };
        let data = TrainingData {
            features,
            target,
            weights,
        };
        let fitted = recipe.algorithm.fit(recipe.params, data, context)?;
        Ok(Self {
            preparation,
            target: recipe.encoder.clone(),
            learner: Learner {
                algorithm: recipe.algorithm.spec().name,
                params: recipe.params.clone(),
                fitted,
            },
        })
    }

    /// Predicts every row. Columns are found by name; what is missing or unknown is treated as the preparation says.
    pub fn predict(&self, table: &Table) -> Prediction {
        self.learner
            .fitted
            .predict(&self.preparation.transform(table))
    }

    /// Predicts rows that are already prepared (by [`preparation`](Self::preparation)).
    pub fn predict_features(&self, features: &Features) -> Prediction {
        self.learner.fitted.predict(features)
    }

    /// The fitted preparation.
    pub fn preparation(&self) -> &Preparation {
        &self.preparation
    }

    /// How the target reads.
    pub fn target(&self) -> &TargetEncoder {
        &self.target
    }

    /// What is predicted.
    pub fn task(&self) -> Task {
        self.target.task()
    }

    /// Class labels by index; `None` for numbers.
    pub fn class_labels(&self) -> Option<&[String]> {
        self.target.class_labels()
    }

    /// The algorithm's name.
    pub fn algorithm(&self) -> &'static str {
        self.learner.algorithm
    }

    /// The algorithm's parameters, defaults included.
    pub fn params(&self) -> &Map<String, Value> {
        self.learner.params.values()
    }

    /// What the algorithm learned.
    pub fn fitted(&self) -> &dyn Fitted {
        self.learner.fitted.as_ref()
    }

    /// Everything needed to predict.
    pub fn save(&self) -> State {
        self.learner
            .save()
            .nest("target", self.target.save())
            .nest("preparation", self.preparation.save())
    }

    /// Reads back what [`save`](Self::save) wrote; hostile input gives an error.
    ///
    /// # Errors
    /// When a part is damaged, or the parts do not belong together.
    pub fn load(state: &State) -> Result<Self, StateError> {
        Self::load_with(state, algorithm)
    }

    /// [`load`](Self::load) with algorithms that are not in [`ALGORITHMS`](crate::algorithm::ALGORITHMS).
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn load_with(
        state: &State,
        find: impl Fn(&str) -> Option<&'static dyn Algorithm>,
    ) -> Result<Self, StateError> {
        let target = TargetEncoder::load(&state.part("target"))?;
        let pipeline = Self {
            preparation: Preparation::load(&state.part("preparation"))?,
            learner: Learner::load(state, target.task(), find)?,
            target,
        };
        pipeline.try_out()?;
        Ok(pipeline)
    }

    /// Predicts one row in which everything is missing, to see that the parts fit each other.
    fn try_out(&self) -> Result<(), StateError> {
        let row = self.preparation.unknown_row();
        check_form(&self.learner.fitted.predict(&row), &self.target)
    }

    /// The three parts, to be put together anew.
    pub(crate) fn into_parts(self) -> (Preparation, TargetEncoder, Learner) {
        (self.preparation, self.target, self.learner)
    }
}

impl Predictor for Pipeline {
    fn algorithm(&self) -> &'static str {
        self.algorithm()
    }

    fn params(&self) -> &Map<String, Value> {
        self.params()
    }

    fn columns(&self) -> &[PreparedColumn] {
        self.preparation.columns()
    }

    fn knows(&self, column: &str, value: &str) -> bool {
        self.preparation.knows(column, value)
    }

    fn target(&self) -> &TargetEncoder {
        &self.target
    }

    fn features(&self, table: &Table) -> Features {
        self.preparation.transform(table)
    }

    fn predict_features(&self, features: &Features) -> Prediction {
        self.learner.fitted.predict(features)
    }

    fn contributions(&self, features: &Features) -> Option<Contributions> {
        self.learner.fitted.contributions(features)
    }

    /// Of pictures none: what their trees ask about are no columns.
    fn trees(&self) -> usize {
        if self.preparation.is_of_pictures() {
            return 0;
        }
        self.fitted().trees().map_or(0, |set| set.forest.trees())
    }

    fn draw_tree(
        &self,
        tree: usize,
        depth: usize,
        labels: &dyn Fn(&str) -> Option<[String; 2]>,
    ) -> Option<Diagram> {
        let set = self.fitted().trees()?;
        set.draw((tree, depth), &self.preparation.meanings(), labels)
    }

    fn save(&self) -> State {
        self.save()
    }
}

impl fmt::Debug for Pipeline {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Pipeline")
            .field("algorithm", &self.learner.algorithm)
            .field("params", &self.learner.params)
            .field("target", &self.target)
            .field("columns", &self.preparation.columns())
            .finish_non_exhaustive()
    }
}
