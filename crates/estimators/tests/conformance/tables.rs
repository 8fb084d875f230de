//! Tables to learn from, and the way every algorithm is called here.

use crate::COSTLY;
use serde_json::{Map, Value};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::Duration;
use trainyard_estimators::algorithm::ALGORITHMS;
use trainyard_estimators::features::MISSING_CODE;
use trainyard_estimators::{
    Algorithm, Feature, FeatureValues, Features, FitContext, FitError, Fitted, ParamSpec, Params,
    Prediction, Target, Task, TrainingData,
};

/// No fit and no answer in this suite may take longer; the tables are small.
const PATIENCE: Duration = Duration::from_secs(30);

/// One algorithm learning one task.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    pub(crate) algorithm: &'static dyn Algorithm,
    pub(crate) task: Task,
}

/// Every algorithm with every task it supports.
pub(crate) fn cases() -> Vec<Case> {
    let of = |algorithm: &'static dyn Algorithm| {
        let tasks = algorithm.spec().tasks.iter();
        tasks.map(move |&task| Case { algorithm, task })
    };
    ALGORITHMS.iter().copied().flat_map(of).collect()
}

impl Case {
    /// For messages.
    pub(crate) fn label(self) -> String {
        format!("{} ({:?})", self.name(), self.task)
    }

    pub(crate) fn name(self) -> &'static str {
        self.algorithm.spec().name
    }

    pub(crate) fn specs(self) -> &'static [ParamSpec] {
        self.algorithm.spec().params
    }

    /// Defaults that are quick, and some values on top.
    pub(crate) fn given(self, values: &[(&str, Value)]) -> Map<String, Value> {
        let mut given = Map::new();
        for &(name, usual, _) in COSTLY {
            let default = self.specs().iter().find(|spec| spec.name == name);
            if default.is_some_and(|spec| spec.default_value().as_i64() > Some(usual)) {
                given.insert(name.to_owned(), Value::from(usual));
            }
        }
        for (name, value) in values {
            given.insert((*name).to_owned(), value.clone());
        }
        given
    }

    /// [`given`](Self::given), checked.
    pub(crate) fn params(self, values: &[(&str, Value)]) -> Params {
        Params::check(self.specs(), self.task, &self.given(values))
            .unwrap_or_else(|problems| panic!("{}: {problems:?}", self.label()))
    }

    /// Parameters under which solvers that approach their optimum come very close to it.
    pub(crate) fn precise(self, values: &[(&str, Value)]) -> Params {
        let mut all = Vec::new();
        for (name, value) in [("tol", Value::from(1e-10)), ("max_iter", Value::from(2000))] {
            if self.specs().iter().any(|spec| spec.name == name) {
                all.push((name, value));
            }
        }
        all.extend(values.iter().map(|(name, value)| (*name, value.clone())));
        self.params(&all)
    }

    pub(crate) fn fit(self, params: &Params, data: &Data) -> Result<Box<dyn Fitted>, FitError> {
        self.fit_within(params, data, &FitContext::silent(42))
    }

    pub(crate) fn fit_within(
        self,
        params: &Params,
        data: &Data,
        context: &FitContext<'_>,
    ) -> Result<Box<dyn Fitted>, FitError> {
        let features = data.features();
        let training = TrainingData {
            features: &features,
            target: &data.target,
            weights: data.weights.as_deref(),
        };
        self.algorithm.fit(params, training, context)
    }

    /// The fit of an ordinary table, which must succeed.
    pub(crate) fn learned(self, data: &Data) -> Box<dyn Fitted> {
        self.fit(&self.params(&[]), data)
            .unwrap_or_else(|error| panic!("{}: {error}", self.label()))
    }

    /// Whether this algorithm is in a table of exceptions.
    pub(crate) fn is_among(self, exceptions: &[&str]) -> bool {
        exceptions.contains(&self.name())
    }

    /// Ordinary data as the preparation would hand it over: with gaps where the algorithm accepts them.
    pub(crate) fn table(self, rows: usize, numeric: usize, seed: u64) -> Data {
        let mut data = table(self.task, rows, numeric, 3, seed);
        if !self.algorithm.spec().needs.imputation {
            let gaps = data.numbers(numeric - 1).iter_mut().step_by(7);
            gaps.for_each(|value| *value = f64::NAN);
            let gaps = data.codes(numeric).iter_mut().step_by(11);
            gaps.for_each(|code| *code = MISSING_CODE);
        }
        data
    }
}

/// Columns and what is to be learned from them.
#[derive(Clone, Debug)]
pub(crate) struct Data {
    pub(crate) columns: Vec<FeatureValues>,
    pub(crate) target: Target,
    pub(crate) weights: Option<Vec<f64>>,
}

impl Data {
    pub(crate) fn features(&self) -> Features {
        let columns = self
            .columns
            .iter()
            .enumerate()
            .map(|(index, values)| Feature {
                name: format!("column {index}"),
                values: values.clone(),
            });
        Features::new(self.target.len(), columns.collect()).unwrap()
    }

    /// The rows of these numbers.
    pub(crate) fn take(&self, rows: &[usize]) -> Self {
        let columns = self.features().take(rows).columns().to_vec();
        Self {
            columns: columns.into_iter().map(|column| column.values).collect(),
            target: self.target.take(rows),
            weights: self
                .weights
                .as_ref()
                .map(|weights| rows.iter().map(|&row| weights[row]).collect()),
        }
    }

    /// A numeric column, to be changed.
    pub(crate) fn numbers(&mut self, index: usize) -> &mut Vec<f64> {
        match &mut self.columns[index] {
            FeatureValues::Numeric(values) => values,
            FeatureValues::Categorical { .. } => panic!("column {index} holds categories"),
        }
    }

    /// A categorical column, to be changed.
    pub(crate) fn codes(&mut self, index: usize) -> &mut Vec<u32> {
        match &mut self.columns[index] {
            FeatureValues::Numeric(_) => panic!("column {index} holds numbers"),
            FeatureValues::Categorical { codes, .. } => codes,
        }
    }
}

/// A table that can be learned: `numeric` columns of normal numbers, of which the first two count, and one of three
/// categories, which counts too. Classes are equally frequent and ordered by the same sum that is the number to learn.
pub(crate) fn table(task: Task, rows: usize, numeric: usize, classes: usize, seed: u64) -> Data {
    let mut random = Noise(seed);
    let columns: Vec<Vec<f64>> = (0..numeric)
        .map(|_| (0..rows).map(|_| random.normal()).collect())
        .collect();
    let codes: Vec<u32> = (0..rows).map(|_| random.below(3) as u32).collect();
    let sums: Vec<f64> = (0..rows)
        .map(|row| {
            let category = [-2.0, 0.0, 2.0][codes[row] as usize];
            3.0 * columns[0][row] - 2.0 * columns[1][row] + category + 0.3 * random.normal()
        })
        .collect();
    let target = match task {
        Task::Regression => Target::Values(sums.iter().map(|sum| 10.0 + sum).collect()),
        Task::Classification => {
            let mut order: Vec<usize> = (0..rows).collect();
            order.sort_by(|&left, &right| sums[left].total_cmp(&sums[right]));
            let mut indices = vec![0; rows];
            for (rank, row) in order.into_iter().enumerate() {
                indices[row] = (rank * classes / rows) as u32;
            }
            Target::Classes { indices, classes }
        }
    };
    let mut columns: Vec<FeatureValues> = columns.into_iter().map(FeatureValues::Numeric).collect();
    columns.push(FeatureValues::Categorical { codes, levels: 3 });
    Data {
        columns,
        target,
        weights: None,
    }
}

/// Numbers that look random and are the same every time (SplitMix64).
pub(crate) struct Noise(pub(crate) u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// In 0.0..1.0.
    pub(crate) fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.uniform() * limit as f64) as usize
    }

    /// Mean 0, variance 1.
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }

    pub(crate) fn shuffled(&mut self, rows: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..rows).collect();
        for place in (1..rows).rev() {
            order.swap(place, self.below(place + 1));
        }
        order
    }
}

/// What is wrong with a prediction of `rows` rows for this target, if anything.
pub(crate) fn fault(prediction: &Prediction, target: &Target, rows: usize) -> Option<String> {
    match (prediction, target) {
        (Prediction::Values(values), Target::Values(_)) => {
            if values.len() != rows {
                return Some(format!("{} answers for {rows} rows", values.len()));
            }
            let wrong = values.iter().position(|value| !value.is_finite())?;
            Some(format!("row {wrong} is answered with {}", values[wrong]))
        }
        (
            Prediction::Classes {
                probabilities,
                classes,
            },
            Target::Classes { classes: known, .. },
        ) => {
            if classes != known || probabilities.len() != rows * known {
                let found = probabilities.len();
                return Some(format!(
                    "{found} probabilities of {classes} classes for {rows} rows of {known}"
                ));
            }
            let wrong = probabilities.chunks_exact(*classes).position(|row| {
                row.iter().any(|value| !(0.0..=1.0).contains(value))
                    || (row.iter().sum::<f64>() - 1.0).abs() > 1e-9
            })?;
            let row = &probabilities[wrong * classes..(wrong + 1) * classes];
            Some(format!("row {wrong} is answered with {row:?}"))
        }
        _ => Some("the answer is of another task".to_owned()),
    }
}

/// The numbers of a prediction, in order.
pub(crate) fn numbers(prediction: &Prediction) -> &[f64] {
    match prediction {
        Prediction::Classes { probabilities, .. } => probabilities,
        Prediction::Values(values) => values,
    }
}

/// The numbers bit by bit, so that even NaN and the sign of 0 can be compared.
pub(crate) fn bits(prediction: &Prediction) -> Vec<u64> {
    numbers(prediction)
        .iter()
        .map(|value| value.to_bits())
        .collect()
}

/// Runs something apart: a panic or no end comes back as a text.
pub(crate) fn attempt<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(contained(work)));
    receiver
        .recv_timeout(PATIENCE)
        .unwrap_or_else(|_| Err(format!("no end after {PATIENCE:?}")))
}

/// Runs something; a panic comes back as a text.
pub(crate) fn contained<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let text = panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        format!("panicked: {}", text.unwrap_or_default())
    })
}

/// Does work in a pool of this many threads.
pub(crate) fn with_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap()
        .install(work)
}

/// What was found wrong, all of it.
#[derive(Default)]
pub(crate) struct Findings(Vec<String>);

impl Findings {
    pub(crate) fn add(&mut self, finding: String) {
        self.0.push(finding);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn check(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.add(otherwise());
        }
    }

    /// Fails with everything that was found.
    pub(crate) fn conclude(self) {
        assert!(
            self.0.is_empty(),
            "{} findings:\n{}",
            self.0.len(),
            self.0.join("\n")
        );
    }
}
