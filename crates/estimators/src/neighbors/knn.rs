//! The algorithm: parameters, fit, answers, model file.

#[cfg(test)]
mod tests;

use super::metric::Metric;
use super::rows::{Columns, NUMERIC, Rows, UNKNOWN, UNKNOWN_ASKED};
use super::search::Index;
use super::vote::{Answers, Weighting, answer};
use crate::algorithm::cost::{Cost, Shape};
use crate::algorithm::{
    Algorithm, AlgorithmSpec, Fitted, Needs, ParamKind, ParamSpec, Params, Task,
};
use crate::kernels::screen::TILE;
use crate::{
    Array, Features, FitContext, FitError, Prediction, State, StateError, Target, TrainingData,
};
use rayon::prelude::*;

const PARAM: ParamSpec = ParamSpec {
    source: "scikit-learn KNeighborsClassifier and KNeighborsRegressor",
    ..ParamSpec::PLAIN
};
/// Rows that are answered together; a multiple of the screen's tile.
const BLOCK: usize = 96;
/// Classes that can be told apart.
const MOST_CLASSES: usize = 65_536;
/// Training rows between two looks at the clock.
const STEP: usize = 4096;

static SPEC: AlgorithmSpec = AlgorithmSpec {
    name: "knn",
    title: "Nearest neighbours",
    doc: "Remembers every training row and answers with those most like the new one. Nothing to train; slower to answer the more rows there are. The weight of a training row multiplies its vote.",
    tasks: Task::BOTH,
    needs: Needs {
        scaling: true,
        imputation: true,
    },
    params: &[
        ParamSpec {
            name: "n_neighbors",
            kinds: &[ParamKind::integer(1, 10_000)],
            default: "5",
            log_scale: true,
            doc: "How many of the nearest training rows answer; all of them when there are fewer.",
            ..PARAM
        },
        ParamSpec {
            name: "weights",
            kinds: &[ParamKind::Choice(&["uniform", "distance"])],
            default: "\"uniform\"",
            doc: "Whether all neighbours count the same, or near ones more (1 / distance; equal rows take it all).",
            ..PARAM
        },
        ParamSpec {
            name: "metric",
            kinds: &[ParamKind::Choice(&["euclidean", "manhattan", "cosine"])],
            default: "\"euclidean\"",
            doc: "What near means: the straight line, the sum over the columns, or the angle (1 − cosine).",
            ..PARAM
        },
    ],
};

/// The algorithm.
pub(crate) struct NearestNeighbors;

/// Training rows and how to ask them.
struct FittedNeighbors {
    columns: Columns,
    index: Index,
    answers: Answers,
    /// A positive weight a training row; `None`: all the same.
    weights: Option<Vec<f64>>,
    neighbors: usize,
    weighting: Weighting,
}

impl Algorithm for NearestNeighbors {
    fn spec(&self) -> &'static AlgorithmSpec {
        &SPEC
    }

    fn fit(
        &self,
        params: &Params,
        data: TrainingData<'_>,
        context: &FitContext<'_>,
    ) -> Result<Box<dyn Fitted>, FitError> {
        let metric = match params.choice("metric") {
            Some("manhattan") => Metric::Manhattan,
            Some("cosine") => Metric::Cosine,
            _ => Metric::Euclidean,
        };
        let weighting = match params.choice("weights") {
            Some("distance") => Weighting::Distance,
            _ => Weighting::Uniform,
        };
        context.check()?;
        check(data)?;
        let columns = Columns::new(data.features, metric != Metric::Cosine);
        let (width, categories) = (columns.width(), columns.categories());
        let bytes = Index::bytes(data.target.len(), width, categories, metric);
        // Targets, weights and numbers of rows; and when rows that weigh nothing are left out, a copy of the others.
        let light = |weights: &[f64]| weights.iter().any(|weight| *weight <= 0.0);
        let copied = match data.weights.is_some_and(light) {
            true => 8 + width.saturating_mul(8) + categories.saturating_mul(4),
            false => 0,
        };
        let beside = data.target.len().saturating_mul(24 + copied);
        let needed = bytes.saturating_add(beside);
        context.allow(needed)?;
        // A row that weighs nothing is nobody's neighbour.
        let kept = data.weights.map(|weights| {
            let rows = weights.iter().enumerate();
            rows.filter(|(_, weight)| **weight > 0.0)
                .map(|(row, _)| row)
                .collect::<Vec<_>>()
        });
        let taken = match &kept {
            Some(kept) if kept.len() < data.target.len() => {
                if kept.is_empty() {
                    return Err(FitError::weightless());
                }
                Some((data.features.take(kept), data.target.take(kept)))
            }
            _ => None,
        };
        let (features, target) = match &taken {
            Some((features, target)) => (features, target),
            None => (data.features, data.target),
        };
        let answers = match target {
            Target::Classes { indices, classes } => Answers::Classes(indices.clone(), *classes),
            Target::Values(values) => Answers::Values(values.clone()),
        };
        let weights = data
            .weights
            .zip(kept)
            .map(|(weights, kept)| kept.iter().map(|&row| weights[row]).collect::<Vec<_>>());
        let rows = columns.read(features, 0, features.rows(), UNKNOWN);
        let index = Index::new(rows, metric, &mut |row| {
            if row % STEP == 0 {
                context.check()?;
                (context.progress)(row as f64 / answers.len() as f64);
            }
            Ok(())
        })?;
        (context.progress)(1.0);
        Ok(Box::new(FittedNeighbors {
            columns,
            index,
            answers,
            weights,
            neighbors: params.integer("n_neighbors").unwrap_or(5),
            weighting,
        }))
    }

    fn cost(&self, shape: Shape, params: &Params) -> Cost {
        super::costs::nearest(shape, params)
    }

    fn load(&self, state: &State) -> Result<Box<dyn Fitted>, StateError> {
        load(state).map(|fitted| Box::new(fitted) as Box<dyn Fitted>)
    }
}

/// Whether there is anything to learn from.
fn check(data: TrainingData<'_>) -> Result<(), FitError> {
    if data.target.is_empty() || data.features.columns().is_empty() {
        return Err(FitError::empty());
    }
    if data.target.len() >= u32::MAX as usize {
        return Err(FitError::Data(format!(
            "{} rows are too many for nearest neighbours; take a sample",
            data.target.len()
        )));
    }
    match data.target {
        Target::Classes { classes, .. } if *classes > MOST_CLASSES => Err(FitError::Data(format!(
            "{classes} classes are too many; at most {MOST_CLASSES} can be told apart"
        ))),
        _ => Ok(()),
    }
}

fn load(state: &State) -> Result<FittedNeighbors, StateError> {
    let wrong = |what: &str| Err(StateError(what.to_owned()));
    let columns = Columns {
        levels: state.u32s("levels")?.to_vec(),
        offsets: state.f64s("offsets")?.to_vec(),
    };
    let classes: usize = state.meta("classes")?;
    let answers = if classes > 0 {
        Answers::Classes(state.u32s("targets")?.to_vec(), classes)
    } else {
        Answers::Values(state.f64s("targets")?.to_vec())
    };
    let (width, categories, count) = (columns.width(), columns.categories(), answers.len());
    let rows = Rows {
        count,
        width,
        categories,
        numbers: state.f32s("numbers")?.to_vec(),
        codes: state.u32s("codes")?.to_vec(),
    };
    if count == 0
        || count >= u32::MAX as usize
        || columns.levels.is_empty()
        || columns.offsets.len() != columns.levels.len()
        || count.checked_mul(width) != Some(rows.numbers.len())
        || count.checked_mul(categories) != Some(rows.codes.len())
    {
        return wrong("rows, columns and targets do not fit together");
    }
    let finite = columns.offsets.iter().all(|offset| offset.is_finite())
        && rows.numbers.iter().all(|number| number.abs() <= 2e30);
    if !finite {
        return wrong("a number is not finite");
    }
    let levels = columns.levels.iter().filter(|&&levels| levels != NUMERIC);
    let levels = levels.copied().collect::<Vec<_>>();
    let mut codes = rows.codes.iter().zip(levels.iter().cycle());
    if !codes.all(|(&code, &levels)| code == UNKNOWN || code < levels.min(UNKNOWN_ASKED)) {
        return wrong("a category code is out of range");
    }
    let in_range = match &answers {
        Answers::Classes(indices, classes) => {
            *classes <= MOST_CLASSES && indices.iter().all(|&index| (index as usize) < *classes)
        }
        Answers::Values(values) => values.iter().all(|value| value.is_finite()),
    };
    if !in_range {
        return wrong("a target is out of range");
    }
    let weights = match state.arrays.contains_key("weights") {
        true => Some(state.f64s("weights")?.to_vec()),
        false => None,
    };
    if weights.as_ref().is_some_and(|weights| {
        weights.len() != count
            || !weights
                .iter()
                .all(|weight| weight.is_finite() && *weight > 0.0)
    }) {
        return wrong("the weights of rows are not positive numbers");
    }
    let neighbors: usize = state.meta("n_neighbors")?;
    if neighbors == 0 {
        return wrong("no neighbours are asked");
    }
    let index = Index::new(rows, state.meta("metric")?, &mut |_| Ok(()))
        .map_err(|error| StateError(error.to_string()))?;
    Ok(FittedNeighbors {
        columns,
        index,
        answers,
        weights,
        neighbors,
        weighting: state.meta("weights")?,
    })
}

/// Queries of a block: about as many for each, so that no thread waits long for the last one.
fn block_size(queries: usize) -> usize {
    let threads = rayon::current_num_threads();
    let rounds = queries.div_ceil(BLOCK * threads).max(1);
    let even = queries.div_ceil(rounds * threads);
    even.next_multiple_of(TILE).clamp(TILE, BLOCK)
}

impl Fitted for FittedNeighbors {
    fn predict(&self, features: &Features) -> Prediction {
        let width = self.answers.width();
        let mut found = vec![0.0; features.rows() * width];
        let size = block_size(features.rows());
        found
            .par_chunks_mut(size * width)
            // Blocks are long: until the last one there is work for all threads.
            .with_max_len(1)
            .enumerate()
            .for_each(|(block, found)| {
                let count = found.len() / width;
                let asked = self
                    .columns
                    .read(features, block * size, count, UNKNOWN_ASKED);
                let nearest = self.index.nearest(&asked, self.neighbors);
                for (neighbors, target) in nearest.iter().zip(found.chunks_exact_mut(width)) {
                    let how = (self.weighting, self.index.metric);
                    let from = (&self.answers, self.weights.as_deref());
                    answer(neighbors, how, from, target);
                }
            });
        match self.answers {
            Answers::Classes(_, classes) => Prediction::Classes {
                probabilities: found,
                classes,
            },
            Answers::Values(_) => Prediction::Values(found),
        }
    }

    fn save(&self) -> State {
        let (targets, classes) = match &self.answers {
            Answers::Classes(indices, classes) => (Array::U32(indices.clone()), *classes),
            Answers::Values(values) => (Array::F64(values.clone()), 0),
        };
        let state = State::default()
            .with("levels", Array::U32(self.columns.levels.clone()))
            .with("offsets", Array::F64(self.columns.offsets.clone()))
            .with("numbers", Array::F32(self.index.rows.numbers.clone()))
            .with("codes", Array::U32(self.index.rows.codes.clone()))
            .with("targets", targets)
            .with_meta("classes", classes)
            .with_meta("n_neighbors", self.neighbors)
            .with_meta("weights", self.weighting)
            .with_meta("metric", self.index.metric);
        match &self.weights {
            Some(weights) => state.with("weights", Array::F64(weights.clone())),
            None => state,
        }
    }
}
