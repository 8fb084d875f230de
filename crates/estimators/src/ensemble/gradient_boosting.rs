//! Gradient boosting: trees that each mend what the ones before them left.

use super::boosting::directions::directions_of;
use super::boosting::fitted::{FittedBoosting, Link};
use super::boosting::growing::{Ground, Grown, Slopes, Workspace, walk};
use super::boosting::loss::{Aim, Loss, Problem};
use super::boosting::search::Limits;
use crate::algorithm::cost::{Cost, Shape};
use crate::algorithm::{
    Algorithm, AlgorithmSpec, CLASS_WEIGHT, Fitted, Needs, ParamKind, ParamSpec, Params, Task,
};
use crate::history::{HistoryLoss, HistoryStep, Recorder, sample as evenly};
use crate::kernels::random::Random;
use crate::linear::weights::{normalised, row_weights};
use crate::tree::binning::{Binned, Binner};
use crate::tree::fitted::{Centre, check};
use crate::tree::grouped::GroupedRows;
use crate::tree::nodes::Forest;
use crate::tree::sapling::{Tree, TreeNode};
use crate::{FitContext, FitError, State, StateError, Target, TrainingData};
use rayon::prelude::*;

/// Least curvature of a leaf.
const MIN_CURVATURE: f64 = 1e-3;

/// Rows that one thread gives their answers at least.
const LEAST_ROWS: usize = 1 << 13;

/// Largest count that Poisson's loss is offered for.
const MOST_COUNT: f64 = 1e15;

const SHARE: ParamKind = ParamKind::above(0.0, 1.0);

const PARAM: ParamSpec = ParamSpec {
    source: "scikit-learn HistGradientBoosting; LightGBM",
    ..ParamSpec::PLAIN
};

static SPEC: AlgorithmSpec = AlgorithmSpec {
    name: "gradient_boosting",
    title: "Gradient boosting",
    doc: "Adds up many small trees, each mending what the ones before left. Usually the strongest on tables.",
    tasks: Task::BOTH,
    needs: Needs {
        scaling: false,
        imputation: false,
    },
    params: &[
        ParamSpec {
            name: "n_estimators",
            kinds: &[ParamKind::integer(1, 100_000)],
            default: "100",
            log_scale: true,
            doc: "Number of rounds; each adds one tree (one a class with many classes).",
            ..PARAM
        },
        ParamSpec {
            name: "learning_rate",
            kinds: &[ParamKind::above(0.0, 10.0)],
            default: "0.1",
            log_scale: true,
            doc: "How much of each tree counts; smaller needs more rounds and often ends better.",
            ..PARAM
        },
        ParamSpec {
            name: "max_leaf_nodes",
            kinds: &[ParamKind::integer(2, 100_000), ParamKind::Null("no limit")],
            default: "31",
            log_scale: true,
            doc: "Most groups of rows that each tree tells apart.",
            ..PARAM
        },
        ParamSpec {
            name: "max_depth",
            kinds: &[ParamKind::integer(1, 1000), ParamKind::Null("no limit")],
            log_scale: true,
            doc: "Most questions asked one after the other in each tree.",
            ..PARAM
        },
        ParamSpec {
            name: "min_samples_leaf",
            kinds: &[ParamKind::integer(1, 1_000_000_000)],
            default: "20",
            log_scale: true,
            doc: "Fewest rows in each group, about.",
            ..PARAM
        },
        ParamSpec {
            name: "l2_regularization",
            kinds: &[ParamKind::number(0.0, 1e12)],
            default: "0.0",
            log_scale: true,
            doc: "How much the answers of small groups are held back.",
            ..PARAM
        },
        ParamSpec {
            name: "subsample",
            kinds: &[SHARE],
            default: "1.0",
            doc: "Share of rows each round learns from, drawn anew.",
            ..PARAM
        },
        ParamSpec {
            name: "max_features",
            kinds: &[SHARE],
            default: "1.0",
            doc: "Share of columns each tree may use, drawn anew.",
            ..PARAM
        },
        ParamSpec {
            name: "loss",
            kinds: &[ParamKind::Choice(&[
                "squared_error",
                "absolute_error",
                "huber",
                "quantile",
                "poisson",
            ])],
            default: "\"squared_error\"",
            doc: "What an error costs: squared_error aims at the mean, absolute_error and huber bear outliers, quantile aims at a quantile, poisson is for counts.",
            tasks: Task::REGRESSION,
            ..PARAM
        },
        ParamSpec {
            name: "quantile",
            kinds: &[ParamKind::above(0.0, 0.999_999)],
            default: "0.5",
            doc: "Which quantile to aim at with loss quantile.",
            tasks: Task::REGRESSION,
            ..PARAM
        },
        ParamSpec {
            name: "early_stopping",
            kinds: &[ParamKind::Boolean],
            default: "false",
            doc: "Whether to hold some rows back and stop when they no longer get better.",
            ..PARAM
        },
        ParamSpec {
            name: "validation_fraction",
            kinds: &[ParamKind::above(0.0, 0.9)],
            default: "0.1",
            doc: "Share of rows held back for early stopping.",
            ..PARAM
        },
        ParamSpec {
            name: "n_iter_no_change",
            kinds: &[ParamKind::integer(1, 100_000)],
            default: "10",
            log_scale: true,
            doc: "Rounds without getting better before early stopping stops.",
            ..PARAM
        },
        ParamSpec {
            name: "tol",
            kinds: &[ParamKind::number(0.0, 1.0)],
            default: "1e-7",
            log_scale: true,
            doc: "How much better counts as better for early stopping.",
            ..PARAM
        },
        ParamSpec {
            name: "monotonic_cst",
            kinds: &[
                ParamKind::Directions,
                ParamKind::Null("no column is held to a direction"),
            ],
            doc: "Columns whose answers may only rise (1) or only fall (-1) with the value; numbers only, and not with three or more classes.",
            ..PARAM
        },
        CLASS_WEIGHT,
    ],
};

/// The algorithm.
pub(crate) struct GradientBoosting;

impl Algorithm for GradientBoosting {
    fn spec(&self) -> &'static AlgorithmSpec {
        &SPEC
    }

    fn fit(
        &self,
        params: &Params,
        data: TrainingData<'_>,
        context: &FitContext<'_>,
    ) -> Result<Box<dyn Fitted>, FitError> {
        check(data.features, data.target)?;
        let loss = loss(params, data.target)?;
        context.check()?;
        let rows = data.target.len();
        let columns = data.features.columns().len();
        // Bins twice, raw scores, slopes, words, orders and the sums of every leaf.
        let leaves = params.integer("max_leaf_nodes").unwrap_or(rows).min(rows);
        let needed = rows * (2 * columns + 16 * loss.outputs() + 48)
            + leaves.min(rows / 2 + 1) * columns * 2048;
        context.allow(needed)?;
        let binner = Binner::fit(data.features);
        let binned = binner.bin(data.features);
        let grouped = GroupedRows::new(&binned);
        let weights = normalised(row_weights(params, data.target, data.weights).as_deref())?;
        let centre = match loss {
            // The logarithm is not to be moved.
            Loss::Poisson => Centre::NONE,
            _ => Centre::to_unit(data.target),
        };
        let centred = match data.target {
            Target::Values(values) => values.iter().map(|&value| centre.take_off(value)).collect(),
            Target::Classes { .. } => Vec::new(),
        };
        let directions = directions_of(params, data.features, loss)?;
        let ground = Ground {
            binner: &binner,
            binned: &binned,
            grouped: &grouped,
            directions: &directions,
            limits: Limits {
                l2: params.number("l2_regularization").unwrap_or(0.0),
                min_curvature: MIN_CURVATURE,
                min_samples_leaf: params.integer("min_samples_leaf").unwrap_or(20) as f64,
            },
            max_leaf_nodes: params.integer("max_leaf_nodes").unwrap_or(usize::MAX),
            max_depth: params.integer("max_depth").unwrap_or(usize::MAX),
        };
        let problem = Problem {
            loss,
            aim: match data.target {
                Target::Classes { indices, .. } => Aim::Classes(indices),
                Target::Values(_) => Aim::Values(&centred),
            },
            weights: weights.as_deref(),
        };
        let (baseline, trees) = boost(params, &ground, &problem, centre.scale, &binned, context)?;
        let mut forest = Forest::new(columns, 1);
        trees.iter().for_each(|tree| forest.push(tree));
        (context.progress)(1.0);
        Ok(Box::new(FittedBoosting {
            binner,
            forest,
            baseline,
            centre,
            link: Link::of(loss),
        }))
    }

    fn cost(&self, shape: Shape, params: &Params) -> Cost {
        super::costs::gradient_boosting(shape, params)
    }

    fn load(&self, state: &State) -> Result<Box<dyn Fitted>, StateError> {
        FittedBoosting::load(state)
    }
}

fn loss(params: &Params, target: &Target) -> Result<Loss, FitError> {
    match target {
        Target::Classes { indices, classes } => {
            let loss = if *classes <= 2 {
                Loss::Logistic
            } else {
                Loss::Softmax(*classes)
            };
            let first = indices.first();
            if indices.iter().all(|class| Some(class) == first) {
                return Err(FitError::Data(
                    "all rows belong to one class; at least two classes are needed to tell apart"
                        .to_owned(),
                ));
            }
            Ok(loss)
        }
        Target::Values(values) => {
            let loss = match params.choice("loss") {
                Some("absolute_error") => Loss::Absolute,
                Some("huber") => Loss::Huber,
                Some("quantile") => Loss::Quantile(params.number("quantile").unwrap_or(0.5)),
                Some("poisson") => Loss::Poisson,
                _ => Loss::Squared,
            };
            if loss == Loss::Poisson && values.iter().any(|&value| value > MOST_COUNT) {
                return Err(FitError::Parameter {
                    name: "loss".to_owned(),
                    detail: format!(
                        "poisson is for counts up to {MOST_COUNT:e}; use squared_error"
                    ),
                });
            }
            if loss == Loss::Poisson && values.iter().any(|&value| value < 0.0) {
                return Err(FitError::Parameter {
                    name: "loss".to_owned(),
                    detail:
                        "poisson is for counts, and some targets are below 0; use squared_error"
                            .to_owned(),
                });
            }
            Ok(loss)
        }
    }
}

/// The start and the trees of all rounds, outputs taking turns.
fn boost(
    params: &Params,
    ground: &Ground<'_>,
    problem: &Problem<'_>,
    scale: f64,
    binned: &Binned,
    context: &FitContext<'_>,
) -> Result<(Vec<f64>, Vec<Tree>), FitError> {
    let rows = binned.rows;
    let outputs = problem.loss.outputs();
    let rounds = params.integer("n_estimators").unwrap_or(100);
    let rate = params.number("learning_rate").unwrap_or(0.1);
    let (learned, held_back) = hold_back(params, problem.weighty(rows), context.seed);
    let baseline = problem.baseline(&learned);
    let mut raw: Vec<f64> = baseline
        .iter()
        .flat_map(|&score| std::iter::repeat_n(score, rows))
        .collect();
    let (mut slopes, mut curvatures) = (vec![0.0_f32; rows], vec![0.0_f32; rows]);
    let mut shares = Vec::new();
    let mut work = Workspace::default();
    let mut trees: Vec<Tree> = Vec::with_capacity(rounds * outputs);
    let mut stop = Stop::new(params);
    let (measure, shown) = (Measure::of(problem, scale), evenly(&learned));
    let seen = (shown.len(), held_back.len());
    let mut history = Recorder::new(context, HistoryStep::Round, measure.loss, seen);
    let mut held = None;
    let note = |history: &mut Recorder<'_>, round: usize, raw: &[f64], held: Option<f64>| {
        let validation = held.map(|loss| match problem.loss {
            Loss::Huber => measure.mean(&held_back, raw, rows),
            _ => measure.factor * loss,
        });
        history.note(round, measure.mean(&shown, raw, rows), validation);
    };
    for round in 0..rounds {
        context.check()?;
        let mut random = Random::new(context.seed, round as u64 + 2);
        let sample = sample(
            &learned,
            params.number("subsample").unwrap_or(1.0),
            &mut random,
        );
        problem.shares(&raw, rows, &mut shares);
        for output in 0..outputs {
            let columns = draw_columns(ground.directions.len(), params, &mut random);
            problem.slopes(output, &raw, &shares, &mut slopes, &mut curvatures);
            let own = Slopes {
                slopes: &slopes,
                curvatures: &curvatures,
                equal: problem.has_equal_curvatures(),
            };
            let grown = ground.grow(&own, sample.clone(), &columns, &mut work);
            let score = &mut raw[output * rows..(output + 1) * rows];
            let answers = answers(ground, problem, &grown, &own, score, rate);
            let tree = finish(&grown, &answers, score);
            if sample.len() < rows {
                // Rows the tree was not grown from come to their leaves on foot.
                let mut seen = vec![false; rows];
                sample.iter().for_each(|&row| seen[row as usize] = true);
                score
                    .par_iter_mut()
                    .enumerate()
                    .filter(|(row, _)| !seen[*row])
                    .for_each(|(row, score)| {
                        if let TreeNode::Leaf(leaf) = tree.nodes[walk(&tree, binned, row)] {
                            *score += tree.answers[leaf as usize];
                        }
                    });
            }
            trees.push(tree);
        }
        (context.progress)((round + 1) as f64 / rounds as f64);
        held = (!held_back.is_empty()).then(|| problem.mean(&held_back, &raw, rows));
        if history.wants(round + 1) {
            note(&mut history, round + 1, &raw, held);
        }
        if held.is_some_and(|loss| stop.now(loss)) {
            break;
        }
    }
    let grown = trees.len() / outputs;
    if history.lacks(grown) {
        note(&mut history, grown, &raw, held);
    }
    if !held_back.is_empty() {
        trees.truncate(stop.best_rounds * outputs);
    }
    history.finish(grown, trees.len() / outputs);
    Ok((baseline, trees))
}

/// What a history shows of a loss: in the target's unit, and comparable from round to round.
struct Measure<'a> {
    problem: Problem<'a>,
    loss: HistoryLoss,
    factor: f64,
}

impl<'a> Measure<'a> {
    fn of(problem: &Problem<'a>, scale: f64) -> Self {
        let (shown, loss, factor) = match problem.loss {
            Loss::Squared => (
                Loss::Squared,
                HistoryLoss::MeanSquaredError,
                2.0 * scale * scale,
            ),
            // What Huber's loss takes for an outlier changes from round to round; distances do not.
            Loss::Absolute | Loss::Huber => (Loss::Absolute, HistoryLoss::MeanAbsoluteError, scale),
            Loss::Quantile(_) => (problem.loss, HistoryLoss::PinballLoss, scale),
            Loss::Poisson => (Loss::Poisson, HistoryLoss::PoissonLoss, 1.0),
            Loss::Logistic | Loss::Softmax(_) => (problem.loss, HistoryLoss::LogLoss, 1.0),
        };
        let problem = Problem {
            loss: shown,
            ..*problem
        };
        Self {
            problem,
            loss,
            factor,
        }
    }

    fn mean(&self, rows: &[u32], raw: &[f64], all: usize) -> f64 {
        self.factor * self.problem.mean(rows, raw, all)
    }
}

/// Each leaf's answer, times the learning rate.
fn answers(
    ground: &Ground<'_>,
    problem: &Problem<'_>,
    grown: &Grown,
    slopes: &Slopes<'_>,
    raw: &[f64],
    rate: f64,
) -> Vec<f64> {
    let width = problem.width(raw);
    grown
        .leaves
        .par_iter()
        .map(|leaf| {
            let rows = &grown.rows[leaf.start..leaf.end];
            let answer = problem.refit(rows, raw, width).unwrap_or_else(|| {
                let (slope, curvature) = if grown.packing.is_fine(leaf.curvature, rows.len()) {
                    (leaf.slope, leaf.curvature)
                } else {
                    slopes.sums(rows)
                };
                let mass = curvature + ground.limits.l2;
                if mass > 0.0 { -slope / mass } else { 0.0 }
            });
            rate * answer.clamp(leaf.bounds.low, leaf.bounds.high)
        })
        .collect()
}

/// The tree with its answers, which the rows it was grown from take on at once.
fn finish(grown: &Grown, answers: &[f64], score: &mut [f64]) -> Tree {
    let mut tree = grown.tree.clone();
    for (leaf, &answer) in grown.leaves.iter().zip(answers) {
        tree.close(leaf.node, (leaf.end - leaf.start) as u32);
        tree.answers.push(answer);
    }
    // A leaf's rows rise: those of a stretch of the table lie together.
    let each = score.len().div_ceil(rayon::current_num_threads());
    let stretch = each.max(LEAST_ROWS);
    let stretches = score.par_chunks_mut(stretch).enumerate();
    stretches.for_each(|(index, own)| {
        let first = index * stretch;
        for (leaf, &answer) in grown.leaves.iter().zip(answers) {
            let rows = &grown.rows[leaf.start..leaf.end];
            let begin = rows.partition_point(|&row| (row as usize) < first);
            let end = rows.partition_point(|&row| (row as usize) < first + own.len());
            for &row in &rows[begin..end] {
                own[row as usize - first] += answer;
            }
        }
    });
    tree
}

/// Rows to learn from and rows held back, both rising.
fn hold_back(params: &Params, all: Vec<u32>, seed: u64) -> (Vec<u32>, Vec<u32>) {
    let share = params.number("validation_fraction").unwrap_or(0.1);
    let count = (share * all.len() as f64).round() as usize;
    if !params.flag("early_stopping") || count == 0 || all.len() - count < 2 {
        return (all, Vec::new());
    }
    let mut random = Random::new(seed, 1);
    let learned = choose(&all, all.len() - count, &mut random);
    let mut next = learned.iter().peekable();
    let held = all.iter().copied().filter(|row| {
        let learns = next.peek() == Some(&row);
        if learns {
            next.next();
        }
        !learns
    });
    let held = held.collect();
    (learned, held)
}

fn sample(rows: &[u32], share: f64, random: &mut Random) -> Vec<u32> {
    let count = ((share * rows.len() as f64).round() as usize).max(1);
    if count >= rows.len() {
        rows.to_vec()
    } else {
        choose(rows, count, random)
    }
}

/// So many of the items in their order, all choices alike (Knuth's selection sampling).
fn choose(items: &[u32], count: usize, random: &mut Random) -> Vec<u32> {
    let mut chosen = Vec::with_capacity(count);
    for (index, &item) in items.iter().enumerate() {
        if random.below(items.len() - index) < count - chosen.len() {
            chosen.push(item);
        }
    }
    chosen
}

fn draw_columns(columns: usize, params: &Params, random: &mut Random) -> Vec<usize> {
    let share = params.number("max_features").unwrap_or(1.0);
    let all: Vec<u32> = (0..columns as u32).collect();
    sample(&all, share, random)
        .into_iter()
        .map(|column| column as usize)
        .collect()
}

/// When held-back rows no longer get better.
struct Stop {
    patience: usize,
    least: f64,
    best: f64,
    best_rounds: usize,
    rounds: usize,
}

impl Stop {
    fn new(params: &Params) -> Self {
        Self {
            patience: params.integer("n_iter_no_change").unwrap_or(10),
            least: params.number("tol").unwrap_or(1e-7),
            best: f64::INFINITY,
            best_rounds: 0,
            rounds: 0,
        }
    }

    fn now(&mut self, loss: f64) -> bool {
        self.rounds += 1;
        if loss < self.best - self.least || self.best_rounds == 0 {
            (self.best, self.best_rounds) = (loss, self.rounds);
        }
        self.rounds - self.best_rounds >= self.patience
    }
}
