//! A fitted support vector machine: the union of all support vectors, and what each counts in every decision.
//!
//! Rows are answered in blocks of a fixed height that is filled up with zeros, so that a row's answer depends neither on
//! its neighbours nor on the number of threads.

use super::kernel::Kernel;
use super::matrix::tile;
use super::planes::Planes;
use super::probability::{Sigmoid, bounded, couple};
use super::samples::{Encoder, Samples, square};
use crate::kernels::product::{Layout, multiply};
use crate::{Array, Features, Fitted, Prediction, State, StateError};
use rayon::prelude::*;

/// Rows that are answered together.
const HEIGHT: usize = 64;
/// Blocks that are answered by one task at most: the last ones keep all threads busy.
const TASK: usize = 4;
/// Support vectors whose kernel values are at hand together.
const WIDTH: usize = 512;
/// Decisions of a block at most: many classes make many pairs.
const DECISIONS: usize = 1 << 22;

/// What the decisions mean.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    /// The one decision is the number less this centre, in this unit.
    Number { centre: f64, unit: f64 },
    /// One decision for each pair of classes.
    Classes {
        /// All classes; some may have had no row.
        classes: usize,
        /// Classes that were learned, rising.
        present: Vec<u32>,
        /// One for each pair, when probabilities were asked for.
        sigmoids: Vec<Sigmoid>,
    },
}

/// Support vectors and coefficients.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FittedMachine {
    pub(crate) encoder: Encoder,
    pub(crate) kernel: Kernel,
    /// Grouped by class.
    pub(crate) support: Samples,
    /// Support vectors of each learned class (one group for numbers).
    pub(crate) counts: Vec<usize>,
    /// Group by group, row-major `others × vectors of the group`: one line for each other class, rising.
    pub(crate) coefficients: Vec<f64>,
    /// One for each pair (or the one number).
    pub(crate) biases: Vec<f64>,
    pub(crate) answer: Answer,
    pub(crate) steps: u64,
    /// What support vectors come to together, of a linear kernel; see [`FittedMachine::summed`].
    pub(super) planes: Option<Planes>,
}

/// Number of the pair `first < second` among all pairs of `groups`, in the order (0,1), (0,2), … (1,2), ….
pub(crate) fn pair(first: usize, second: usize, groups: usize) -> usize {
    first * (2 * groups - first - 1) / 2 + second - first - 1
}

impl FittedMachine {
    fn groups(&self) -> usize {
        self.counts.len()
    }

    /// With the planes that its support vectors come to.
    pub(crate) fn summed(mut self) -> Self {
        self.planes = Planes::of(&self);
        self
    }

    /// Lines of coefficients of a group.
    pub(super) fn lines(&self) -> usize {
        match self.answer {
            Answer::Number { .. } => 1,
            Answer::Classes { .. } => self.groups() - 1,
        }
    }

    /// Decisions of `height` samples, added to `decisions` (row-major, one a pair).
    fn decide(&self, values: &[f32], height: usize, scratch: &mut Scratch, decisions: &mut [f64]) {
        let (groups, lines, pairs) = (self.groups(), self.lines(), self.biases.len());
        for own in decisions.chunks_exact_mut(pairs) {
            own.copy_from_slice(&self.biases);
        }
        let width = self.encoder.width();
        if let Some(planes) = &self.planes {
            let samples = values.chunks_exact(width);
            for (sample, own) in samples.zip(decisions.chunks_exact_mut(pairs)) {
                planes.add(sample, own);
            }
            return;
        }
        let mut squares = [0.0; HEIGHT];
        if width > 0 {
            for (own, row) in squares.iter_mut().zip(values.chunks_exact(width)) {
                *own = square(row);
            }
        }
        let (mut first, mut offset) = (0, 0);
        for (group, &count) in self.counts.iter().enumerate() {
            let sums = &mut scratch.sums[..height * lines];
            sums.fill(0.0);
            for start in (0..count).step_by(WIDTH) {
                let end = (start + WIDTH).min(count);
                let columns = end - start;
                let likeness = &mut scratch.likeness[..height * columns];
                tile(
                    &self.kernel,
                    (values, &squares[..height]),
                    self.support.part(first + start, first + end),
                    width,
                    likeness,
                );
                let wide = &mut scratch.wide[..height * columns];
                for (wide, value) in wide.iter_mut().zip(likeness.iter()) {
                    *wide = f64::from(*value);
                }
                let shape = Layout {
                    rows: columns,
                    columns: lines,
                    row: 1,
                    column: count,
                };
                multiply(
                    (&mut *sums, Layout::row_major(height, lines)),
                    true,
                    (wide, Layout::row_major(height, columns)),
                    (
                        &self.coefficients[offset + start..offset + count * lines],
                        shape,
                    ),
                    1.0,
                );
            }
            for (own, sums) in decisions
                .chunks_exact_mut(pairs)
                .zip(sums.chunks_exact(lines))
            {
                if groups == 1 {
                    own[0] += sums[0];
                    continue;
                }
                for (line, sum) in sums.iter().enumerate() {
                    let other = line + usize::from(line >= group);
                    own[pair(group.min(other), group.max(other), groups)] += sum;
                }
            }
            first += count;
            offset += count * lines;
        }
    }

    /// Rows of a block: a function of the model alone.
    fn height(&self) -> usize {
        (DECISIONS / self.biases.len().max(1)).clamp(1, HEIGHT)
    }

    /// Decisions of every row; `each` is given the first row and the decisions of a block.
    fn blocks<R: Send>(
        &self,
        features: &Features,
        outputs: usize,
        answers: &mut [R],
        each: impl Fn(&[f64], &mut [R]) + Sync,
    ) {
        let (height, pairs) = (self.height(), self.biases.len());
        answers
            .par_chunks_mut(height * outputs)
            .with_max_len(TASK)
            .enumerate()
            .for_each_init(
                || Scratch::new(height, self),
                |scratch, (block, answers)| {
                    let rows = answers.len() / outputs;
                    let first = block * height;
                    let numbers: Vec<u32> = (first..first + rows).map(|row| row as u32).collect();
                    let mut values = std::mem::take(&mut scratch.values);
                    values.fill(0.0);
                    self.encoder.write(
                        features,
                        &numbers,
                        &mut values[..rows * self.encoder.width()],
                    );
                    let mut decisions = std::mem::take(&mut scratch.decisions);
                    self.decide(&values, height, scratch, &mut decisions);
                    for (own, answer) in decisions
                        .chunks_exact(pairs)
                        .zip(answers.chunks_exact_mut(outputs))
                    {
                        each(own, answer);
                    }
                    (scratch.values, scratch.decisions) = (values, decisions);
                },
            );
    }

    /// Decisions of every row, one a pair.
    #[cfg(test)]
    pub(crate) fn decisions(&self, features: &Features) -> Vec<f64> {
        let pairs = self.biases.len();
        let mut all = vec![0.0; features.rows() * pairs];
        self.blocks(features, pairs, &mut all, |own, answer| {
            answer.copy_from_slice(own);
        });
        all
    }

    /// Shares of the learned classes from the decisions of all pairs.
    fn shares(&self, decisions: &[f64], sigmoids: &[Sigmoid], shares: &mut [f64]) {
        let groups = self.groups();
        if sigmoids.is_empty() {
            return votes(decisions, shares);
        }
        if groups == 2 {
            let first = bounded(sigmoids[0].probability(decisions[0]));
            shares.copy_from_slice(&[first, 1.0 - first]);
            return;
        }
        let mut pairs = vec![0.0; groups * groups];
        let mut numbers = decisions.iter().zip(sigmoids);
        for first in 0..groups {
            for second in first + 1..groups {
                if let Some((decision, sigmoid)) = numbers.next() {
                    let share = bounded(sigmoid.probability(*decision));
                    pairs[first * groups + second] = share;
                    pairs[second * groups + first] = 1.0 - share;
                }
            }
        }
        couple(&pairs, groups, shares);
    }

    /// Reads what [`Fitted::save`] wrote.
    pub(crate) fn load(state: &State) -> Result<Box<dyn Fitted>, StateError> {
        let damaged =
            |what: &str| StateError(format!("{what} of the support vector machine do not fit"));
        let encoder = Encoder::load(&state.part("columns"))?;
        let kernel = Kernel::load(state)?;
        let values = state.f32s("support")?.to_vec();
        let counts: Vec<usize> = state
            .u64s("counts")?
            .iter()
            .map(|&count| count as usize)
            .collect();
        let coefficients = state.f64s("coefficients")?.to_vec();
        let biases = state.f64s("biases")?.to_vec();
        let groups = counts.len();
        let rows = counts
            .iter()
            .try_fold(0_usize, |sum, &count| sum.checked_add(count))
            .ok_or_else(|| damaged("counts"))?;
        let classes: Option<usize> = state.meta("classes")?;
        let (answer, lines, pairs) = match classes {
            None => {
                let (centre, unit) = match *state.f64s("centre")? {
                    [centre, unit] if centre.is_finite() && unit > 0.0 && unit.is_finite() => {
                        (centre, unit)
                    }
                    _ => return Err(damaged("the centre and the numbers")),
                };
                (Answer::Number { centre, unit }, 1, usize::from(groups == 1))
            }
            Some(classes) => {
                let present = state.u32s("present")?.to_vec();
                let rising = present.windows(2).all(|two| two[0] < two[1]);
                let inside = present
                    .last()
                    .is_some_and(|&last| (last as usize) < classes);
                if classes > MOST_CLASSES
                    || !rising
                    || !inside
                    || present.len() != groups
                    || groups < 2
                {
                    return Err(damaged("classes"));
                }
                let pairs = groups * (groups - 1) / 2;
                let (slopes, offsets) = (state.f64s("slopes")?, state.f64s("offsets")?);
                let finite = slopes.iter().chain(offsets).all(|value| value.is_finite());
                if slopes.len() != offsets.len() || ![0, pairs].contains(&slopes.len()) || !finite {
                    return Err(damaged("probabilities"));
                }
                let sigmoids = slopes
                    .iter()
                    .zip(offsets)
                    .map(|(&slope, &offset)| Sigmoid { slope, offset });
                (
                    Answer::Classes {
                        classes,
                        present,
                        sigmoids: sigmoids.collect(),
                    },
                    groups - 1,
                    pairs,
                )
            }
        };
        let fits = pairs > 0
            && biases.len() == pairs
            && rows.checked_mul(encoder.width()) == Some(values.len())
            && rows.checked_mul(lines) == Some(coefficients.len());
        // Without columns nothing bounds the number of vectors but their coefficients.
        if !fits || (lines == 0 && rows > 0) {
            return Err(damaged("vectors and coefficients"));
        }
        let finite = biases
            .iter()
            .chain(&coefficients)
            .all(|value| value.is_finite())
            && values.iter().all(|value| value.is_finite());
        if !finite {
            return Err(damaged("numbers"));
        }
        let support = Samples::new(values, encoder.width(), rows);
        let machine = Self {
            encoder,
            kernel,
            support,
            counts,
            coefficients,
            biases,
            answer,
            steps: state.meta("steps")?,
            planes: None,
        };
        Ok(Box::new(machine.summed()))
    }
}

/// More classes than this are not learned, and so not read.
const MOST_CLASSES: usize = 1 << 16;

/// Buffers of a thread.
struct Scratch {
    values: Vec<f32>,
    likeness: Vec<f32>,
    wide: Vec<f64>,
    sums: Vec<f64>,
    decisions: Vec<f64>,
}

impl Scratch {
    fn new(height: usize, machine: &FittedMachine) -> Self {
        Self {
            values: vec![0.0; height * machine.encoder.width()],
            likeness: vec![0.0; height * WIDTH],
            wide: vec![0.0; height * WIDTH],
            sums: vec![0.0; height * machine.lines()],
            decisions: vec![0.0; height * machine.biases.len()],
        }
    }
}

/// Shares by vote: each pair is one vote, and how sure the pairs of a class are counts up to a third of a vote more, so
/// that equal votes are told apart and two classes can be ranked.
fn votes(decisions: &[f64], shares: &mut [f64]) {
    let groups = shares.len();
    let mut sure = vec![0.0; groups];
    shares.fill(0.0);
    let mut numbers = decisions.iter();
    for first in 0..groups {
        for second in first + 1..groups {
            let decision = numbers.next().copied().unwrap_or(0.0);
            shares[if decision > 0.0 { first } else { second }] += 1.0;
            sure[first] += decision;
            sure[second] -= decision;
        }
    }
    // Every class has at least 1/3 before, so that no share is negative.
    let mut total = 0.0;
    for (share, sure) in shares.iter_mut().zip(&sure) {
        *share += (1.0 + sure / (sure.abs() + 1.0)) / 3.0;
        total += *share;
    }
    shares.iter_mut().for_each(|share| *share /= total);
}

impl Fitted for FittedMachine {
    fn predict(&self, features: &Features) -> Prediction {
        match &self.answer {
            Answer::Number { centre, unit } => {
                let mut numbers = vec![0.0; features.rows()];
                self.blocks(features, 1, &mut numbers, |decisions, answer| {
                    answer[0] = (decisions[0] * unit + centre).clamp(f64::MIN, f64::MAX);
                });
                Prediction::Values(numbers)
            }
            Answer::Classes {
                classes,
                present,
                sigmoids,
            } => {
                let mut probabilities = vec![0.0; features.rows() * classes];
                self.blocks(
                    features,
                    *classes,
                    &mut probabilities,
                    |decisions, answer| {
                        let mut shares = vec![0.0; present.len()];
                        self.shares(decisions, sigmoids, &mut shares);
                        for (&class, share) in present.iter().zip(shares) {
                            answer[class as usize] = share;
                        }
                    },
                );
                Prediction::Classes {
                    probabilities,
                    classes: *classes,
                }
            }
        }
    }

    fn save(&self) -> State {
        let counts = self.counts.iter().map(|&count| count as u64).collect();
        let state = self
            .kernel
            .save(State::default())
            .nest("columns", self.encoder.save())
            .with("support", Array::F32(self.support.values.clone()))
            .with("counts", Array::U64(counts))
            .with("coefficients", Array::F64(self.coefficients.clone()))
            .with("biases", Array::F64(self.biases.clone()))
            .with_meta("steps", self.steps);
        match &self.answer {
            Answer::Number { centre, unit } => state
                .with("centre", Array::F64(vec![*centre, *unit]))
                .with_meta("classes", None::<usize>),
            Answer::Classes {
                classes,
                present,
                sigmoids,
            } => {
                let slopes = sigmoids.iter().map(|sigmoid| sigmoid.slope).collect();
                let offsets = sigmoids.iter().map(|sigmoid| sigmoid.offset).collect();
                state
                    .with("present", Array::U32(present.clone()))
                    .with("slopes", Array::F64(slopes))
                    .with("offsets", Array::F64(offsets))
                    .with_meta("classes", Some(*classes))
            }
        }
    }
}
