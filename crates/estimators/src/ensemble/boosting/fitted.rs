//! Fitted boosted trees: bins, trees, the score they start from, and what turns scores into answers.

use super::loss::Loss;
use crate::diagram::{Answers, TreeSet};
use crate::explain::{self, Contributions, Method, Scale};
use crate::tree::binning::Binner;
use crate::tree::fitted::Centre;
use crate::tree::nodes::{Block, Forest, rows_together};
use crate::{Array, Features, Fitted, Prediction, State, StateError};
use rayon::prelude::*;

/// What turns raw scores into answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Link {
    Identity,
    Exponential,
    Logistic,
    Softmax,
}

impl Link {
    pub(crate) fn of(loss: Loss) -> Self {
        match loss {
            Loss::Poisson => Self::Exponential,
            Loss::Logistic => Self::Logistic,
            Loss::Softmax(_) => Self::Softmax,
            _ => Self::Identity,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Exponential => "exponential",
            Self::Logistic => "logistic",
            Self::Softmax => "softmax",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [
            Self::Identity,
            Self::Exponential,
            Self::Logistic,
            Self::Softmax,
        ]
        .into_iter()
        .find(|link| link.name() == name)
    }
}

/// Trees take turns by output: tree `t` adds to output `t % outputs`.
pub(crate) struct FittedBoosting {
    pub(crate) binner: Binner,
    pub(crate) forest: Forest,
    pub(crate) baseline: Vec<f64>,
    /// What trees do not see of numbers.
    pub(crate) centre: Centre,
    pub(crate) link: Link,
}

impl FittedBoosting {
    /// Reads what [`Fitted::save`] wrote.
    pub(crate) fn load(state: &State) -> Result<Box<dyn Fitted>, StateError> {
        let wrong =
            |what: &str| StateError(format!("the boosted trees do not fit together ({what})"));
        let name: String = state.meta("link")?;
        let fitted = Self {
            binner: Binner::load(&state.part("bins"))?,
            forest: Forest::load(&state.part("trees"))?,
            baseline: state.f64s("baseline")?.to_vec(),
            centre: Centre::load(state)?,
            link: Link::named(&name).ok_or_else(|| wrong("link"))?,
        };
        let outputs = fitted.baseline.len();
        let outputs_fit = match fitted.link {
            Link::Softmax => outputs >= 2,
            _ => outputs == 1,
        };
        if !outputs_fit
            || fitted.baseline.iter().any(|score| !score.is_finite())
            || fitted.forest.width() != 1
            || fitted.binner.width() != fitted.forest.columns()
            || !fitted.forest.trees().is_multiple_of(outputs)
        {
            return Err(wrong("sizes"));
        }
        Ok(Box::new(fitted))
    }

    /// Raw scores, outputs one after the other within each block of rows, handed to `use_block` with the first row.
    fn raw<R: Send>(
        &self,
        features: &Features,
        use_block: impl Fn(&[f64], usize) -> Vec<R> + Sync,
    ) -> Vec<R> {
        let rows = features.rows();
        let block = rows_together(rows, self.forest.asked_columns());
        let parts: Vec<Vec<R>> = (0..rows.div_ceil(block))
            .into_par_iter()
            .map_init(Block::default, |own_rows, index| {
                let first = index * block;
                let count = block.min(rows - first);
                own_rows.fill(&self.forest, &self.binner, features, first, count);
                let mut scores: Vec<f64> = self
                    .baseline
                    .iter()
                    .flat_map(|&score| std::iter::repeat_n(score, count))
                    .collect();
                let outputs = self.baseline.len();
                if outputs == 1 {
                    self.forest.add_answers(own_rows, &mut scores);
                    return use_block(&scores, count);
                }
                for tree in 0..self.forest.trees() {
                    let own = &mut scores[tree % outputs * count..][..count];
                    self.forest
                        .add_answers_of_tree(tree, own_rows, |_| true, own);
                }
                use_block(&scores, count)
            })
            .collect();
        parts.into_iter().flatten().collect()
    }
}

impl Fitted for FittedBoosting {
    fn predict(&self, features: &Features) -> Prediction {
        match self.link {
            Link::Identity => Prediction::Values(self.raw(features, |raw, _| {
                raw.iter().map(|&raw| self.centre.put_back(raw)).collect()
            })),
            Link::Exponential => Prediction::Values(self.raw(features, |raw, _| {
                raw.iter().map(|score| score.min(700.0).exp()).collect()
            })),
            Link::Logistic => Prediction::Classes {
                probabilities: self.raw(features, |raw, _| {
                    let share = |score: &f64| 1.0 / (1.0 + (-score).exp());
                    raw.iter()
                        .map(share)
                        .flat_map(|share| [1.0 - share, share])
                        .collect()
                }),
                classes: 2,
            },
            Link::Softmax => {
                let classes = self.baseline.len();
                Prediction::Classes {
                    probabilities: self.raw(features, |raw, count| softmax(raw, count, classes)),
                    classes,
                }
            }
        }
    }

    fn contributions(&self, features: &Features) -> Option<Contributions> {
        let outputs = self.baseline.len();
        let mut sums = explain::trees::sums(&self.forest, &self.binner, features, outputs)?;
        let starts = sums.base.iter_mut().zip(&self.baseline);
        starts.for_each(|(base, start)| *base += start);
        let scale = match self.link {
            Link::Identity => {
                self.centre.put_back_parts(&mut sums.base, &mut sums.values);
                Scale::Number
            }
            Link::Exponential => Scale::LogNumber,
            Link::Logistic => Scale::LogOdds,
            Link::Softmax => Scale::ClassScores,
        };
        Some(Contributions {
            outputs,
            features: self.binner.features(),
            base: sums.base,
            values: sums.values,
            scale,
            method: Method::Trees,
        })
    }

    fn trees(&self) -> Option<TreeSet<'_>> {
        Some(TreeSet {
            binner: &self.binner,
            forest: &self.forest,
            answers: Answers::Scores {
                outputs: self.baseline.len(),
                scale: self.centre.scale,
            },
        })
    }

    fn save(&self) -> State {
        State::default()
            .nest("bins", self.binner.save())
            .nest("trees", self.forest.save())
            .with("baseline", Array::F64(self.baseline.clone()))
            .with("centre", self.centre.save())
            .with_meta("link", self.link.name())
    }
}

fn softmax(raw: &[f64], count: usize, classes: usize) -> Vec<f64> {
    let mut shares = Vec::with_capacity(raw.len());
    for row in 0..count {
        let scores = || (0..classes).map(|class| raw[class * count + row]);
        let most = scores().fold(f64::NEG_INFINITY, f64::max);
        let start = shares.len();
        shares.extend(scores().map(|score| (score - most).exp()));
        let sum: f64 = shares[start..].iter().sum();
        shares[start..].iter_mut().for_each(|share| *share /= sum);
    }
    shares
}
