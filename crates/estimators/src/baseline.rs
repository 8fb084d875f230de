//! The baseline: an answer that looks at no column. Every score is shown beside its score.

use crate::algorithm::cost::{Cost, Shape};
use crate::algorithm::{
    Algorithm, AlgorithmSpec, Fitted, Needs, ParamKind, ParamSpec, Params, Task,
};
use crate::{
    Array, Features, FitContext, FitError, Prediction, State, StateError, Target, TrainingData,
};

static SPEC: AlgorithmSpec = AlgorithmSpec {
    name: "dummy",
    title: "Baseline (no columns)",
    doc: "Always answers the most frequent class or the average. What a model must beat.",
    tasks: Task::BOTH,
    needs: Needs {
        scaling: false,
        imputation: false,
    },
    params: &[ParamSpec {
        name: "strategy",
        kinds: &[
            ParamKind::Choice(&["prior", "mean", "median"]),
            ParamKind::Null("class shares, or the mean"),
        ],
        doc: "What to answer: the shares of the classes (prior), or the mean or median of the numbers.",
        source: "scikit-learn DummyClassifier and DummyRegressor",
        ..ParamSpec::PLAIN
    }],
};

/// The algorithm.
pub(crate) struct Dummy;

/// Class shares, or one number.
struct FittedDummy {
    answer: Vec<f64>,
    classes: usize,
}

impl Algorithm for Dummy {
    fn spec(&self) -> &'static AlgorithmSpec {
        &SPEC
    }

    fn fit(
        &self,
        params: &Params,
        data: TrainingData<'_>,
        _context: &FitContext<'_>,
    ) -> Result<Box<dyn Fitted>, FitError> {
        let weight = |row: usize| data.weights.map_or(1.0, |weights| weights[row]);
        let strategy = params.choice("strategy");
        let fitted = match data.target {
            Target::Classes { indices, classes } => {
                if matches!(strategy, Some("mean" | "median")) {
                    return Err(FitError::Parameter {
                        name: "strategy".to_owned(),
                        detail: "classes have no mean or median; use prior".to_owned(),
                    });
                }
                let mut shares = vec![0.0; *classes];
                indices
                    .iter()
                    .enumerate()
                    .for_each(|(row, &class)| shares[class as usize] += weight(row));
                let total: f64 = shares.iter().sum();
                if total <= 0.0 {
                    return Err(FitError::weightless());
                }
                shares.iter_mut().for_each(|share| *share /= total);
                FittedDummy {
                    answer: shares,
                    classes: *classes,
                }
            }
            Target::Values(values) => {
                if values.is_empty() {
                    return Err(FitError::Data("there are no rows to learn from".to_owned()));
                }
                let answer = match strategy {
                    Some("prior") => {
                        return Err(FitError::Parameter {
                            name: "strategy".to_owned(),
                            detail: "numbers have no class shares; use mean or median".to_owned(),
                        });
                    }
                    _ if (0..values.len()).map(weight).all(|weight| weight <= 0.0) => {
                        return Err(FitError::weightless());
                    }
                    Some("median") => median(values, weight),
                    _ => {
                        let total: f64 = (0..values.len()).map(weight).sum();
                        values
                            .iter()
                            .enumerate()
                            .map(|(row, value)| value * weight(row))
                            .sum::<f64>()
                            / total
                    }
                };
                FittedDummy {
                    answer: vec![answer],
                    classes: 0,
                }
            }
        };
        Ok(Box::new(fitted))
    }

    fn cost(&self, shape: Shape, _params: &Params) -> Cost {
        let rows = shape.rows();
        Cost::new(
            rows * 20e-9,
            2e-9 * shape.answers(),
            rows * 8.0 + shape.answers() * 8.0,
        )
    }

    fn load(&self, state: &State) -> Result<Box<dyn Fitted>, StateError> {
        let answer = state.f64s("answer")?.to_vec();
        let classes: usize = state.meta("classes")?;
        if answer.len() != classes.max(1) {
            return Err(StateError(
                "the baseline's answer has another size".to_owned(),
            ));
        }
        Ok(Box::new(FittedDummy { answer, classes }))
    }
}

impl Fitted for FittedDummy {
    fn predict(&self, features: &Features) -> Prediction {
        if self.classes > 0 {
            Prediction::Classes {
                probabilities: self.answer.repeat(features.rows()),
                classes: self.classes,
            }
        } else {
            Prediction::Values(vec![self.answer[0]; features.rows()])
        }
    }

    fn save(&self) -> State {
        State::default()
            .with("answer", Array::F64(self.answer.clone()))
            .with_meta("classes", self.classes)
    }
}

/// The value that half of the weight lies below; the middle of two where the weight divides between them.
fn median(values: &[f64], weight: impl Fn(usize) -> f64) -> f64 {
    let mut order: Vec<usize> = (0..values.len()).filter(|&row| weight(row) > 0.0).collect();
    order.sort_unstable_by(|&left, &right| values[left].total_cmp(&values[right]));
    let half = order.iter().map(|&row| weight(row)).sum::<f64>() / 2.0;
    let mut below = 0.0;
    for (index, &row) in order.iter().enumerate() {
        below += weight(row);
        if below > half {
            return values[row];
        }
        if below == half {
            let next = order
                .get(index + 1)
                .map_or(values[row], |&next| values[next]);
            return f64::midpoint(values[row], next);
        }
    }
    order.last().map_or(0.0, |&row| values[row])
}
