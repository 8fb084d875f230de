//! Epochs over shuffled batches, with rows held out for early stopping and a second and third try at smaller steps when
//! the first ones diverge.
//!
//! A batch is far too little work to share, so that a fit stays on one thread; its result depends on data, settings and
//! seed alone.

use super::adam::{Adam, Sparse};
use super::fitted::{Answer, FittedNet};
use super::inputs::{Inputs, NO_EMBEDDING, Table};
use super::network::{Activation, BLOCK, Parameters, Shape, Work};
use crate::history::{HistoryLoss, HistoryStep, Recorder};
use crate::kernels::aligned::Floats;
use crate::kernels::exponential::exp;
use crate::kernels::moments::mean_and_deviation;
use crate::kernels::random::Random;
use crate::kernels::simd::wide;
use crate::{FitContext, FitError, Target, TrainingData};

/// Epochs without a better loss on the rows held out that end the training.
const PATIENCE: usize = 5;
/// Share of the loss that counts as better.
const BETTER: f64 = 1e-4;
/// Tries, each with a tenth of the learning rate of the one before.
const TRIES: usize = 3;
/// A mean loss (of a standardised target, or in nats) that no training comes back from.
const HOPELESS: f64 = 1e4;
/// Multiplications between two questions whether to go on; some tens of milliseconds.
const WORK_UNASKED: usize = 500_000_000;

// Random numbers of one use each; layers take the first few.
const SHUFFLES: u64 = 1 << 32;
const DROPOUTS: u64 = 2 << 32;
const HOLDOUT: u64 = 3 << 32;

/// What is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) hidden: Vec<usize>,
    pub(crate) activation: Activation,
    pub(crate) epochs: usize,
    pub(crate) batch_size: usize,
    pub(crate) learning_rate: f64,
    pub(crate) alpha: f64,
    pub(crate) dropout: f32,
    pub(crate) early_stopping: bool,
}

/// What the network is to say, one entry a row.
#[derive(Debug)]
pub(crate) enum Truth<'a> {
    Classes(&'a [u32]),
    /// Standardised.
    Values(Vec<f32>),
}

/// Learns a network.
pub(crate) fn train(
    settings: &Settings,
    data: TrainingData<'_>,
    context: &FitContext<'_>,
) -> Result<FittedNet, FitError> {
    context.check()?;
    let given = |row: usize| data.weights.map_or(1.0, |weights| weights[row]);
    let mut rows: Vec<u32> = (0..data.target.len() as u32)
        .filter(|&row| given(row as usize) > 0.0)
        .collect();
    if rows.is_empty() || data.features.columns().is_empty() {
        return Err(FitError::empty());
    }
    let inputs = Inputs::fit(data.features);
    let (answer, truth) = answers(data);
    let mut widths = vec![inputs.numbers()];
    widths.extend(&settings.hidden);
    widths.push(match answer {
        Answer::Classes(classes) => classes,
        Answer::Value { .. } => 1,
    });
    let too_much = |needed| FitError::Memory {
        needed,
        budget: context.memory_budget,
    };
    let shape = Shape::new(&widths, inputs.embeddings(), settings.activation)
        .ok_or_else(|| too_much(usize::MAX))?;
    let needed = needed(&shape, &inputs, data, settings.batch_size.min(rows.len()));
    if needed > context.memory_budget {
        return Err(too_much(needed));
    }
    let total: f64 = rows.iter().map(|&row| given(row as usize)).sum();
    let mean = total / rows.len() as f64;
    let weights = data
        .weights
        .map(|weights| weights.iter().map(|&own| (own / mean) as f32).collect());
    let held_out = if settings.early_stopping {
        hold_out(&mut rows, &truth, context.seed)
    } else {
        Vec::new()
    };
    let course = Course {
        settings,
        context,
        table: inputs.table(data.features),
        categories: inputs.categories(),
        shape,
        // The loss of a number is half its squared error in deviations.
        unit: match answer {
            Answer::Value { deviation, .. } => 2.0 * deviation * deviation,
            Answer::Classes(_) => 1.0,
        },
        truth,
        weights,
        rows,
        held_out,
    };
    let mut rate = settings.learning_rate;
    for _ in 0..TRIES {
        if let Some((parameters, epochs)) = course.run(rate)? {
            (context.progress)(1.0);
            return Ok(FittedNet {
                inputs,
                shape: course.shape,
                parameters,
                answer,
                epochs,
                learning_rate: rate,
            });
        }
        rate /= 10.0;
    }
    Err(FitError::Data(format!(
        "the network's error grew without end, even at a learning_rate of {}; set learning_rate to {} or less, or use \
         fewer or smaller hidden layers",
        rate * 10.0,
        rate
    )))
}

/// What is answered, and the target as the network sees it.
fn answers<'a>(data: TrainingData<'a>) -> (Answer, Truth<'a>) {
    match data.target {
        Target::Classes { indices, classes } => (
            Answer::Classes((*classes).max(1)),
            Truth::Classes(indices.as_slice()),
        ),
        Target::Values(values) => {
            let (mean, deviation) = mean_and_deviation(values, data.weights);
            let inverse = 1.0 / deviation;
            let inverse = if inverse.is_finite() { inverse } else { 0.0 };
            let standard = values
                .iter()
                .map(|value| (value * inverse - mean * inverse) as f32);
            (
                Answer::Value { mean, deviation },
                Truth::Values(standard.collect()),
            )
        }
    }
}

/// Bytes that a fit takes beside its data: the table, five copies of the parameters, and what is on its way.
fn needed(shape: &Shape, inputs: &Inputs, data: TrainingData<'_>, batch: usize) -> usize {
    let first = shape.layers.first().map_or(0, |layer| layer.stride);
    let table = data
        .target
        .len()
        .saturating_mul(first + inputs.categories() + 4);
    let parameters = (shape.length + shape.embeddings * (shape.embedding_stride + 1)) * 5;
    let widths: usize = shape
        .layers
        .iter()
        .map(|layer| layer.stride + layer.outputs)
        .sum();
    let sparse = batch * inputs.categories() * (shape.embedding_stride + 8);
    table
        .saturating_add(parameters)
        .saturating_add(widths * BLOCK * 4)
        .saturating_add(sparse)
        .saturating_mul(4)
}

/// Takes a tenth of the rows out, of each class alike; none when there are fewer than 20.
fn hold_out(rows: &mut Vec<u32>, truth: &Truth<'_>, seed: u64) -> Vec<u32> {
    if rows.len() < 20 {
        return Vec::new();
    }
    shuffle(rows, &mut Random::new(seed, HOLDOUT));
    if let Truth::Classes(indices) = truth {
        // Keeps the random order within each class.
        rows.sort_by_key(|&row| indices[row as usize]);
    }
    let mut held_out = Vec::new();
    let mut place = 0;
    rows.retain(|&row| {
        place += 1;
        let kept = place % 10 != 5;
        if !kept {
            held_out.push(row);
        }
        kept
    });
    rows.sort_unstable();
    held_out.sort_unstable();
    held_out
}

fn shuffle(rows: &mut [u32], random: &mut Random) {
    for last in (1..rows.len()).rev() {
        rows.swap(last, random.below(last + 1));
    }
}

/// Everything that stays the same over all tries.
struct Course<'a> {
    settings: &'a Settings,
    context: &'a FitContext<'a>,
    table: Table,
    categories: usize,
    shape: Shape,
    /// What a loss is multiplied by to be in the target's unit.
    unit: f64,
    truth: Truth<'a>,
    /// One a row, 1 on average.
    weights: Option<Vec<f32>>,
    rows: Vec<u32>,
    held_out: Vec<u32>,
}

impl Course<'_> {
    /// One try: the parameters and the epochs they took, or nothing when it diverged.
    fn run(&self, rate: f64) -> Result<Option<(Parameters, usize)>, FitError> {
        let (shape, seed) = (&self.shape, self.context.seed);
        let mut parameters = Parameters::draw(shape, self.categories, seed);
        self.begin_at_shares(&mut parameters);
        let mut adam = Adam::new(shape, rate, self.settings.alpha);
        let mut work = Work::new(shape);
        let mut gradient = Floats::zeros(shape.length);
        let mut order = self.rows.clone();
        let mut best: Option<(f64, Parameters, usize)> = None;
        let (mut patience, mut goal) = (PATIENCE, f64::INFINITY);
        let epochs = self.settings.epochs;
        let measured = match self.truth {
            Truth::Classes(_) => HistoryLoss::LogLoss,
            Truth::Values(_) => HistoryLoss::MeanSquaredError,
        };
        let seen = (self.rows.len(), self.held_out.len());
        let mut history = Recorder::new(self.context, HistoryStep::Epoch, measured, seen);
        let mut taken = 0;
        for epoch in 0..epochs {
            order.copy_from_slice(&self.rows);
            shuffle(&mut order, &mut Random::new(seed, SHUFFLES + epoch as u64));
            let loss = self.epoch(
                epoch,
                &order,
                (&mut parameters, &mut adam),
                (&mut work, &mut gradient),
            )?;
            adam.settle(shape, &mut parameters);
            if loss.is_nan() || loss >= HOPELESS || !parameters.is_finite() {
                return Ok(None);
            }
            (self.context.progress)((epoch + 1) as f64 / epochs as f64);
            taken = epoch + 1;
            if self.held_out.is_empty() {
                history.note(taken, self.unit * loss, None);
                continue;
            }
            let learned = self.unit * loss;
            let loss = self.loss(&self.held_out, &parameters, &mut work);
            history.note(taken, learned, Some(self.unit * loss));
            if best.as_ref().is_none_or(|(least, ..)| loss < *least) {
                best = Some((loss, parameters.clone(), epoch + 1));
            }
            patience = if loss < goal {
                goal = loss * (1.0 - BETTER);
                PATIENCE
            } else {
                patience - 1
            };
            if patience == 0 {
                break;
            }
        }
        let (parameters, kept) = match best {
            Some((_, parameters, epochs)) => (parameters, epochs),
            None => (parameters, epochs),
        };
        history.finish(taken, kept);
        Ok(Some((parameters, kept)))
    }

    /// Lets the network begin by answering each class with its share of the rows, which it would first have to learn; a
    /// class without rows counts half of one.
    fn begin_at_shares(&self, parameters: &mut Parameters) {
        let (Truth::Classes(indices), Some(last)) = (&self.truth, self.shape.layers.last()) else {
            return;
        };
        let mut totals = vec![0.0_f32; last.outputs];
        for &row in &self.rows {
            let weight = self.weights.as_ref().map_or(1.0, |own| own[row as usize]);
            totals[indices[row as usize] as usize] += weight;
        }
        let constants = &mut parameters.dense[last.constants..][..last.outputs];
        let all = self.rows.len() as f32;
        for (constant, total) in constants.iter_mut().zip(&totals) {
            *constant = (total.max(0.5) / all).ln();
        }
    }

    /// Learns from every row once; gives the mean loss on the way.
    fn epoch(
        &self,
        epoch: usize,
        order: &[u32],
        (parameters, adam): (&mut Parameters, &mut Adam),
        (work, gradient): (&mut Work, &mut Floats),
    ) -> Result<f64, FitError> {
        let shape = &self.shape;
        let mut random = Random::new(self.context.seed, DROPOUTS + epoch as u64);
        let mut meetings = Meetings::new(self.categories, shape.embedding_stride);
        let (mut loss, mut unasked) = (0.0, 0);
        let cost = shape.length * 3 + self.categories * shape.embedding_stride * 8;
        for batch in order.chunks(self.settings.batch_size) {
            unasked += cost * batch.len().max(BLOCK);
            if unasked > WORK_UNASKED {
                unasked = 0;
                self.context.check()?;
            }
            if shape.embeddings > 0 {
                meetings.begin(&self.table, batch);
            }
            let factor = 1.0 / batch.len() as f32;
            for (index, rows) in batch.chunks(BLOCK).enumerate() {
                let dropout = self.settings.dropout;
                let dropout = (dropout > 0.0).then_some((dropout, &mut random));
                self.answer(rows, parameters, work, dropout);
                loss += self.judge(rows, work.answers_mut(), Some(factor));
                work.backward(shape, parameters, rows.len(), index > 0, gradient);
                if shape.embeddings > 0 {
                    meetings.add(index * BLOCK, rows.len(), &work.embedding_gradient);
                }
            }
            adam.step(shape, parameters, gradient, &meetings.sparse, batch.len());
        }
        self.context.check()?;
        Ok(loss / order.len() as f64)
    }

    /// Runs up to a block of rows through the network.
    fn answer(
        &self,
        rows: &[u32],
        parameters: &Parameters,
        work: &mut Work,
        dropout: Option<(f32, &mut Random)>,
    ) {
        let places = work.rows.chunks_exact_mut(self.table.stride);
        for (&row, place) in rows.iter().zip(places) {
            place.copy_from_slice(self.table.numbers_of(row as usize));
        }
        work.rows[rows.len() * self.table.stride..].fill(0.0);
        work.turn_rows();
        let codes = rows.iter().map(|&row| self.table.codes_of(row as usize));
        work.forward(&self.shape, parameters, codes, dropout);
    }

    /// The mean loss on rows that are not learned from.
    fn loss(&self, rows: &[u32], parameters: &Parameters, work: &mut Work) -> f64 {
        let mut loss = 0.0;
        for rows in rows.chunks(BLOCK) {
            self.answer(rows, parameters, work, None);
            loss += self.judge(rows, work.answers_mut(), None);
        }
        loss / rows.len().max(1) as f64
    }

    /// The summed loss of the answers to up to a block of rows. With a factor, the answers become the loss's gradient
    /// with respect to them, times it.
    fn judge(&self, rows: &[u32], answers: &mut [f32], factor: Option<f32>) -> f64 {
        let weight = |row: u32| {
            self.weights
                .as_ref()
                .map_or(1.0, |weights| weights[row as usize])
        };
        let mut loss = 0.0;
        match &self.truth {
            Truth::Values(values) => {
                for (answer, &row) in answers.iter_mut().zip(rows) {
                    let error = *answer - values[row as usize];
                    loss += 0.5 * f64::from(weight(row)) * f64::from(error).powi(2);
                    *answer = error;
                }
            }
            Truth::Classes(indices) => {
                softmax_block(answers);
                for (place, &row) in rows.iter().enumerate() {
                    let own = &mut answers[indices[row as usize] as usize * BLOCK + place];
                    let share = if *own < f32::MIN_POSITIVE {
                        f32::MIN_POSITIVE
                    } else {
                        *own
                    };
                    loss -= f64::from(weight(row)) * f64::from(share).ln();
                    *own -= 1.0;
                }
            }
        }
        if let Some(factor) = factor {
            let mut factors = [0.0; BLOCK];
            for (own, &row) in factors.iter_mut().zip(rows) {
                *own = factor * weight(row);
            }
            for answers in answers.as_chunks_mut::<BLOCK>().0 {
                answers
                    .iter_mut()
                    .zip(&factors)
                    .for_each(|(answer, factor)| *answer *= factor);
            }
        }
        loss
    }
}

/// Sums of classes (`classes × BLOCK`) to shares, in place.
fn softmax_block(answers: &mut [f32]) {
    let classes = answers.as_chunks_mut::<BLOCK>().0;
    wide(
        #[inline(always)]
        || {
            let (mut largest, mut sums) = ([f32::MIN; BLOCK], [0.0_f32; BLOCK]);
            for class in classes.iter() {
                for (largest, value) in largest.iter_mut().zip(class) {
                    *largest = if *value > *largest { *value } else { *largest };
                }
            }
            for class in classes.iter_mut() {
                for ((value, largest), sum) in class.iter_mut().zip(&largest).zip(&mut sums) {
                    *value = exp(*value - largest);
                    *sum += *value;
                }
            }
            for class in classes.iter_mut() {
                class
                    .iter_mut()
                    .zip(&sums)
                    .for_each(|(value, sum)| *value /= sum);
            }
        },
    );
}

/// Which embeddings a batch meets, and where their gradients are added up.
struct Meetings {
    categories: usize,
    stride: usize,
    /// (embedding, place in the batch's codes), sorted.
    pairs: Vec<(u32, u32)>,
    /// The row of the gradient of each of the batch's codes.
    slots: Vec<u32>,
    sparse: Sparse,
}

impl Meetings {
    fn new(categories: usize, stride: usize) -> Self {
        Self {
            categories,
            stride,
            pairs: Vec::new(),
            slots: Vec::new(),
            sparse: Sparse::default(),
        }
    }

    fn begin(&mut self, table: &Table, batch: &[u32]) {
        self.pairs.clear();
        for (place, &row) in batch.iter().enumerate() {
            let first = place * self.categories;
            for (index, &code) in table.codes_of(row as usize).iter().enumerate() {
                self.pairs.push((code, (first + index) as u32));
            }
        }
        self.pairs.sort_unstable();
        self.slots.clear();
        self.slots.resize(self.pairs.len(), NO_EMBEDDING);
        self.sparse.met.clear();
        for &(code, place) in &self.pairs {
            if code == NO_EMBEDDING {
                break;
            }
            if self.sparse.met.last() != Some(&code) {
                self.sparse.met.push(code);
            }
            self.slots[place as usize] = self.sparse.met.len() as u32 - 1;
        }
        self.sparse.gradient.clear();
        self.sparse
            .gradient
            .resize(self.sparse.met.len() * self.stride, 0.0);
    }

    /// Adds the gradient of a block of rows, the first of which is the batch's `first`.
    fn add(&mut self, first: usize, count: usize, gradient: &[f32]) {
        let slots = &self.slots[first * self.categories..(first + count) * self.categories];
        let rows = gradient.chunks_exact(self.stride);
        for (slots, gradient) in slots.chunks_exact(self.categories).zip(rows) {
            for &slot in slots.iter().filter(|slot| **slot != NO_EMBEDDING) {
                let sum = &mut self.sparse.gradient[slot as usize * self.stride..][..self.stride];
                sum.iter_mut()
                    .zip(gradient)
                    .for_each(|(sum, value)| *sum += value);
            }
        }
    }
}
