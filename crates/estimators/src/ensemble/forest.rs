//! Forests: many deep trees, each grown from its own seed; answers are averaged.
//!
//! A random forest (Breiman, 2001) gives every tree rows drawn with replacement and looks for the best threshold of a few
//! columns; extra trees (Geurts, Ernst and Wehenkel, 2006) see all rows and choose among thresholds drawn by chance.

use crate::algorithm::cost::{Cost, Shape};
use crate::algorithm::{
    Algorithm, AlgorithmSpec, CLASS_WEIGHT, Fitted, Needs, ParamKind, ParamSpec, Params, Task,
};
use crate::kernels::random::Random;
use crate::metrics::score;
use crate::tree::binning::{Binned, Binner};
use crate::tree::chance::Spans;
use crate::tree::fitted::{Centre, FittedTrees, Ground, check};
use crate::tree::nodes::{Block, Forest, MOST_ROWS};
use crate::tree::options;
use crate::tree::sapling::Tree;
use crate::{FitContext, FitError, Prediction, State, StateError, Target, TrainingData};
use rayon::prelude::*;
use serde_json::Value;
use std::sync::atomic::{AtomicUsize, Ordering};

const PARAM: ParamSpec = ParamSpec {
    source: "scikit-learn forests of trees",
    ..ParamSpec::PLAIN
};
const N_ESTIMATORS: ParamSpec = ParamSpec {
    name: "n_estimators",
    kinds: &[ParamKind::integer(1, 10_000)],
    default: "100",
    log_scale: true,
    doc: "Number of trees; more are steadier and slower.",
    ..PARAM
};
const MAX_FEATURES: ParamSpec = ParamSpec {
    name: "max_features",
    kinds: &[
        ParamKind::Choice(&["auto", "sqrt", "log2"]),
        ParamKind::integer(1, 1_000_000),
        ParamKind::above(0.0, 1.0),
        ParamKind::Null("all columns"),
    ],
    default: "\"auto\"",
    doc: "Columns tried at each division: a number, a share (1.0 is all), sqrt or log2 of them, rounded; auto is sqrt for classes (rounded down where thresholds are drawn by chance) and all for numbers.",
    ..PARAM
};
const MAX_SAMPLES: ParamSpec = ParamSpec {
    name: "max_samples",
    kinds: &[
        ParamKind::integer(2, 1_000_000_000),
        ParamKind::above(0.0, 1.0),
        ParamKind::Null("as many as there are rows"),
    ],
    doc: "Rows drawn for each tree, as a number or a share; only with bootstrap.",
    ..PARAM
};
const OOB_SCORE: ParamSpec = ParamSpec {
    name: "oob_score",
    kinds: &[ParamKind::Boolean],
    default: "false",
    doc: "Whether to score each row by the trees that did not see it; only with bootstrap.",
    ..PARAM
};
/// What a forest can be told; `bootstrap` is whether its trees see drawn rows unless told otherwise, as JSON text.
const fn params(bootstrap: &'static str) -> [ParamSpec; 13] {
    [
        N_ESTIMATORS,
        options::CRITERION,
        options::MAX_DEPTH,
        options::MAX_LEAF_NODES,
        options::MIN_SAMPLES_SPLIT,
        options::MIN_SAMPLES_LEAF,
        MAX_FEATURES,
        options::MIN_IMPURITY_DECREASE,
        options::CCP_ALPHA,
        CLASS_WEIGHT,
        ParamSpec {
            name: "bootstrap",
            kinds: &[ParamKind::Boolean],
            default: bootstrap,
            doc: "Whether each tree sees rows drawn with replacement, rather than all of them.",
            ..PARAM
        },
        MAX_SAMPLES,
        OOB_SCORE,
    ]
}

static FOREST_PARAMS: [ParamSpec; 13] = params("true");
static EXTRA_PARAMS: [ParamSpec; 13] = params("false");

const NEEDS: Needs = Needs {
    scaling: false,
    imputation: false,
};

/// Forests of one kind.
pub(crate) struct Forests {
    spec: &'static AlgorithmSpec,
    /// Whether thresholds are drawn by chance.
    by_chance: bool,
}

/// Trees on drawn rows, best thresholds.
pub(crate) static RANDOM_FOREST: Forests = Forests {
    spec: &AlgorithmSpec {
        name: "random_forest",
        title: "Random forest",
        doc: "Asks many different trees and takes the average. Strong on most tables without any tuning.",
        tasks: Task::BOTH,
        needs: NEEDS,
        params: &FOREST_PARAMS,
    },
    by_chance: false,
};

/// Trees on all rows, thresholds by chance.
pub(crate) static EXTRA_TREES: Forests = Forests {
    spec: &AlgorithmSpec {
        name: "extra_trees",
        title: "Extra trees",
        doc: "A random forest whose trees divide at thresholds drawn by chance. Smoother, and sometimes better where columns are noisy.",
        tasks: Task::BOTH,
        needs: NEEDS,
        params: &EXTRA_PARAMS,
    },
    by_chance: true,
};

impl Algorithm for Forests {
    fn spec(&self) -> &'static AlgorithmSpec {
        self.spec
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
        let draw = Draw::new(params, data.target.len())?;
        let binner = if self.by_chance {
            Binner::fit_finely(data.features)
        } else {
            Binner::fit(data.features)
        };
        let binned = binner.bin(data.features);
        let centre = Centre::of(data.target);
        let mut growth = options::growth(params, binned.rows, binner.features(), false);
        let task = match data.target {
            Target::Classes { .. } => Task::Classification,
            Target::Values(_) => Task::Regression,
        };
        growth.max_features = looked_at(params, task, binner.features(), self.by_chance);
        let spans = self
            .by_chance
            .then(|| Spans::new(&binner, &binned, data.features));
        let mut ground = Ground::new(params, &data, (&binner, &binned), centre, growth)?;
        ground.spans = spans.as_ref();
        let count = params.integer("n_estimators").unwrap_or(100);
        let finished = AtomicUsize::new(0);
        // One at a time to each thread, so that none is left with many.
        let trees: Vec<Tree> = (0..count)
            .into_par_iter()
            .with_max_len(1)
            .map(|tree| {
                context.check()?;
                let (mut random, drawn) = draw.of_tree(context.seed, tree);
                let random = Random::new(random.bits(), 1);
                let grown = ground.grow(drawn.as_deref(), random, context)?;
                (context.progress)(
                    (finished.fetch_add(1, Ordering::Relaxed) + 1) as f64 / count as f64,
                );
                Ok(grown)
            })
            .collect::<Result<_, FitError>>()?;
        let mut forest = Forest::new(binner.width(), FittedTrees::width(classes));
        forest.make_room(trees.iter().map(|tree| tree.nodes.len()).sum());
        trees.iter().for_each(|tree| forest.push(tree));
        let oob_score = draw
            .scored
            .then(|| oob_score(&forest, &binned, data.target, centre, &draw, context.seed))
            .flatten();
        Ok(Box::new(FittedTrees {
            binner,
            forest,
            classes,
            centre,
            oob_score,
        }))
    }

    fn cost(&self, shape: Shape, params: &Params) -> Cost {
        super::costs::forest(shape, params, self.by_chance)
    }

    fn load(&self, state: &State) -> Result<Box<dyn Fitted>, StateError> {
        FittedTrees::load(state)
    }
}

/// Which rows each tree sees.
struct Draw {
    rows: usize,
    /// Rows drawn with replacement; `None`: every tree sees all rows.
    drawn: Option<usize>,
    scored: bool,
}

impl Draw {
    fn new(params: &Params, rows: usize) -> Result<Self, FitError> {
        let drawn = match params.values().get("max_samples") {
            Some(Value::Number(number)) if number.is_f64() => {
                ((number.as_f64().unwrap_or(1.0) * rows as f64).round() as usize).max(1)
            }
            _ => params.integer("max_samples").unwrap_or(rows),
        };
        let bootstrap = params.flag("bootstrap");
        let needs = |name: &str| {
            Err(FitError::Parameter {
                name: name.to_owned(),
                detail: "only works with bootstrap; set bootstrap to true or leave this out"
                    .to_owned(),
            })
        };
        if !bootstrap && params.flag("oob_score") {
            return needs("oob_score");
        }
        if !bootstrap
            && params
                .values()
                .get("max_samples")
                .is_some_and(|value| !value.is_null())
        {
            return needs("max_samples");
        }
        if drawn > rows {
            return Err(FitError::Parameter {
                name: "max_samples".to_owned(),
                detail: format!("{drawn} is more than the {rows} rows there are to learn from"),
            });
        }
        Ok(Self {
            rows,
            drawn: bootstrap.then_some(drawn),
            scored: params.flag("oob_score"),
        })
    }

    /// The tree's generator, and how often it sees each row.
    fn of_tree(&self, seed: u64, tree: usize) -> (Random, Option<Vec<u16>>) {
        let mut random = Random::new(seed, tree as u64 + 1);
        let counts = self.drawn.map(|drawn| {
            let mut counts = vec![0_u16; self.rows];
            for _ in 0..drawn {
                let row = random.below(self.rows);
                counts[row] = counts[row].saturating_add(1);
            }
            counts
        });
        (random, counts)
    }
}

/// Columns that are tried at each division: "auto" is the root of their number for classes, and all of them for numbers.
/// Where thresholds are drawn by chance the root is rounded down: of two among three, the better one is hardly chance.
pub(crate) fn looked_at(params: &Params, task: Task, columns: usize, by_chance: bool) -> usize {
    let root = Value::from("sqrt");
    let asked = match (params.choice("max_features"), task) {
        (Some("auto"), Task::Classification) if by_chance => return columns.isqrt().max(1),
        (Some("auto"), Task::Classification) => Some(&root),
        (Some("auto"), Task::Regression) => None,
        _ => params.values().get("max_features"),
    };
    options::max_features(asked, columns)
}

/// Accuracy or R² when each row is answered by the trees that did not see it.
fn oob_score(
    forest: &Forest,
    binned: &Binned,
    target: &Target,
    centre: Centre,
    draw: &Draw,
    seed: u64,
) -> Option<f64> {
    let width = forest.width();
    let mut sums = vec![0.0; binned.rows * width];
    let mut votes = vec![0_u32; binned.rows];
    let blocks = (0..binned.rows).step_by(MOST_ROWS);
    let blocks: Vec<Block> = blocks
        .map(|first| Block::of(forest, binned, first..binned.rows.min(first + MOST_ROWS)))
        .collect();
    for tree in 0..forest.trees() {
        let (_, counts) = draw.of_tree(seed, tree);
        let counts = counts?;
        let parts = counts.chunks(MOST_ROWS).zip(votes.chunks_mut(MOST_ROWS));
        let parts = parts.zip(sums.chunks_mut(MOST_ROWS * width));
        for (block, ((counts, votes), sums)) in blocks.iter().zip(parts) {
            let unseen = |row: usize| counts.get(row) == Some(&0);
            forest.add_answers_of_tree(tree, block, unseen, sums);
            let each = votes.iter_mut().zip(counts);
            each.for_each(|(votes, &count)| *votes += u32::from(count == 0));
        }
    }
    let seen: Vec<usize> = (0..binned.rows).filter(|&row| votes[row] > 0).collect();
    let mut answers = Vec::with_capacity(seen.len() * width);
    for &row in &seen {
        answers.extend(
            sums[row * width..(row + 1) * width]
                .iter()
                .map(|sum| sum / f64::from(votes[row])),
        );
    }
    match target {
        Target::Classes { classes, .. } => score(
            "accuracy",
            &target.take(&seen),
            &Prediction::Classes {
                probabilities: answers,
                classes: *classes,
            },
        ),
        Target::Values(_) => score(
            "r2",
            &target.take(&seen),
            &Prediction::Values(
                answers
                    .iter()
                    .map(|&answer| centre.put_back(answer))
                    .collect(),
            ),
        ),
    }
}
