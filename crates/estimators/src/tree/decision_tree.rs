//! One tree: easy to read, quick, and the part that forests are made of.

use super::binning::Binner;
use super::fitted::{Centre, FittedTrees, Ground, check};
use super::nodes::Forest;
use super::options;
use crate::algorithm::cost::{Cost, Shape};
use crate::algorithm::{Algorithm, AlgorithmSpec, CLASS_WEIGHT, Fitted, Needs, Params, Task};
use crate::kernels::random::Random;
use crate::{FitContext, FitError, State, StateError, TrainingData};

static SPEC: AlgorithmSpec = AlgorithmSpec {
    name: "decision_tree",
    title: "Decision tree",
    doc: "Asks one question after the other about single columns. Easy to follow; a small one shows its rules, a deep one learns by heart.",
    tasks: Task::BOTH,
    needs: Needs {
        scaling: false,
        imputation: false,
    },
    params: &[
        options::CRITERION,
        options::MAX_DEPTH,
        options::MAX_LEAF_NODES,
        options::MIN_SAMPLES_SPLIT,
        options::MIN_SAMPLES_LEAF,
        options::MAX_FEATURES,
        options::MIN_IMPURITY_DECREASE,
        options::CCP_ALPHA,
        CLASS_WEIGHT,
    ],
};

/// The algorithm.
pub(crate) struct DecisionTree;

impl Algorithm for DecisionTree {
    fn spec(&self) -> &'static AlgorithmSpec {
        &SPEC
    }

    fn fit(
        &self,
        params: &Params,
        data: TrainingData<'_>,
        context: &FitContext<'_>,
    ) -> Result<Box<dyn Fitted>, FitError> {
        let classes = check(data.features, data.target)?;
        context.check()?;
        context.allow(
            self.cost(Shape::of(data.features, data.target), params)
                .bytes,
        )?;
        let binner = Binner::fit(data.features);
        let binned = binner.bin(data.features);
        let centre = Centre::of(data.target);
        let growth = options::growth(params, binned.rows, binner.width(), true);
        let ground = Ground::new(params, &data, (&binner, &binned), centre, growth)?;
        let tree = ground.grow(None, Random::new(context.seed, 0), context)?;
        (context.progress)(1.0);
        let mut forest = Forest::new(binner.width(), FittedTrees::width(classes));
        forest.push(&tree);
        Ok(Box::new(FittedTrees {
            binner,
            forest,
            classes,
            centre,
            oob_score: None,
        }))
    }

    fn cost(&self, shape: Shape, params: &Params) -> Cost {
        super::costs::decision_tree(shape, params)
    }

    fn load(&self, state: &State) -> Result<Box<dyn Fitted>, StateError> {
        FittedTrees::load(state)
    }
}
