//! Steps down the gradient: Adam (Kingma and Ba, 2015), for all parameters of the layers at once, and for embeddings only
//! where a batch has met them.

use super::network::{Parameters, Shape};
use crate::kernels::aligned::Floats;
use crate::kernels::simd::wide;

const FIRST: f64 = 0.9;
const SECOND: f64 = 0.999;
const EPSILON: f32 = 1e-8;
/// Added and taken away again, so that means that fade do not end in numbers that processors are slow with.
const FLUSH: f32 = 1e-24;
/// Steps after which nothing of a gradient's momentum is left.
const FORGOTTEN: u32 = 200;

/// Moving means of gradients and of their squares.
#[derive(Debug)]
pub(crate) struct Adam {
    rate: f64,
    /// The factor of the weights in the gradient, to be divided by the rows of a batch.
    penalty: f64,
    steps: u32,
    means: Floats,
    squares: Floats,
    embedding_means: Floats,
    embedding_squares: Floats,
    /// The step up to which each embedding is worked off.
    reached: Vec<u32>,
}

/// The gradient of the embeddings that a batch has met.
#[derive(Debug, Default)]
pub(crate) struct Sparse {
    /// Which ones, rising.
    pub(crate) met: Vec<u32>,
    /// A row for each, `met × embedding stride`.
    pub(crate) gradient: Vec<f32>,
}

/// What one step needs to know.
#[derive(Clone, Copy)]
struct Step {
    rate: f32,
    penalty: f32,
}

impl Adam {
    pub(crate) fn new(shape: &Shape, rate: f64, penalty: f64) -> Self {
        let embeddings = shape.embeddings * shape.embedding_stride;
        Self {
            rate,
            penalty,
            steps: 0,
            means: Floats::zeros(shape.length),
            squares: Floats::zeros(shape.length),
            embedding_means: Floats::zeros(embeddings),
            embedding_squares: Floats::zeros(embeddings),
            reached: vec![0; shape.embeddings],
        }
    }

    /// The rate of a step, with both means' bias towards their start of 0 taken out.
    fn rate_of(&self, step: u32) -> f32 {
        let step = f64::from(step);
        (self.rate * (1.0 - SECOND.powf(step)).sqrt() / (1.0 - FIRST.powf(step))) as f32
    }

    /// One step by the mean gradient of a batch of `rows`.
    pub(crate) fn step(
        &mut self,
        shape: &Shape,
        parameters: &mut Parameters,
        gradient: &[f32],
        sparse: &Sparse,
        rows: usize,
    ) {
        self.steps += 1;
        let rate = self.rate_of(self.steps);
        let penalty = (self.penalty / rows.max(1) as f64) as f32;
        for layer in &shape.layers {
            let end = layer.constants + layer.outputs;
            for (range, penalty) in [
                (layer.weights..layer.constants, penalty),
                (layer.constants..end, 0.0),
            ] {
                descend(
                    Step { rate, penalty },
                    &mut parameters.dense[range.clone()],
                    &gradient[range.clone()],
                    &mut self.means[range.clone()],
                    &mut self.squares[range],
                );
            }
        }
        let stride = shape.embedding_stride;
        for (&code, gradient) in sparse.met.iter().zip(sparse.gradient.chunks_exact(stride)) {
            self.catch_up(shape, parameters, code as usize, self.steps - 1);
            let range = code as usize * stride..(code as usize + 1) * stride;
            descend(
                Step { rate, penalty },
                &mut parameters.embeddings[range.clone()],
                gradient,
                &mut self.embedding_means[range.clone()],
                &mut self.embedding_squares[range],
            );
            self.reached[code as usize] = self.steps;
        }
    }

    /// What the steps without a gradient would have done to an embedding: its momentum carries it on while both means
    /// fade. Their quotient fades by the same factor at each step, so the way is the sum of a geometric series (with the
    /// rate of the first of these steps). The penalty waits until the embedding is met.
    fn catch_up(&mut self, shape: &Shape, parameters: &mut Parameters, code: usize, step: u32) {
        let missed = step - self.reached[code];
        if missed == 0 || self.reached[code] == 0 {
            return;
        }
        let rate = f64::from(self.rate_of(self.reached[code] + 1));
        let fade = FIRST / SECOND.sqrt();
        let counted = f64::from(missed.min(FORGOTTEN));
        let way = (rate * fade * (1.0 - fade.powf(counted)) / (1.0 - fade)) as f32;
        let first = FIRST.powf(counted) as f32;
        let second = SECOND.powf(f64::from(missed)) as f32;
        let stride = shape.embedding_stride;
        let range = code * stride..(code + 1) * stride;
        let values = parameters.embeddings[range.clone()].iter_mut();
        let means = self.embedding_means[range.clone()].iter_mut();
        let squares = self.embedding_squares[range].iter_mut();
        for ((value, mean), square) in values.zip(means).zip(squares) {
            *value -= way * *mean / (square.sqrt() + EPSILON);
            *mean = *mean * first + FLUSH - FLUSH;
            *square = *square * second + FLUSH - FLUSH;
        }
        self.reached[code] = step;
    }

    /// Brings every embedding up to the last step, so that the parameters can be used.
    pub(crate) fn settle(&mut self, shape: &Shape, parameters: &mut Parameters) {
        for code in 0..shape.embeddings {
            self.catch_up(shape, parameters, code, self.steps);
        }
    }
}

/// One step of a run of parameters.
fn descend(
    Step { rate, penalty }: Step,
    values: &mut [f32],
    gradient: &[f32],
    means: &mut [f32],
    squares: &mut [f32],
) {
    let (first, second) = (FIRST as f32, SECOND as f32);
    wide(
        #[inline(always)]
        || {
            for (((value, gradient), mean), square) in
                values.iter_mut().zip(gradient).zip(means).zip(squares)
            {
                let gradient = gradient + penalty * *value;
                *mean = first * *mean + (1.0 - first) * gradient + FLUSH - FLUSH;
                *square = second * *square + (1.0 - second) * gradient * gradient + FLUSH - FLUSH;
                *value -= rate * *mean / (square.sqrt() + EPSILON);
            }
        },
    );
}
