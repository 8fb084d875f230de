//! Fits one algorithm once on raw numbers and says how long the fit and its answers took, and how much memory, for
//! `cargo xtask bench fit`, `predict` and `growth`:
//! `speed --algorithm NAME --task TASK --rows N --test-rows M --columns K --threads T --folder DIR [--params JSON]`.
//!
//! `--params '{"epochs": 40}'` and `--seed 2` replace the defaults and seed 1. `--answers 5` asks for all answers five times more
//! and tells the median; `--single 2000` asks for one row at a time, so often, and tells the median as well. `--model FILE`
//! writes down what was learned.
//!
//! `DIR` holds `x.f64`, `y.f64` (class codes, or values) and `test.f64`: little-endian, column-major. Answers go to
//! `answers.f64`: one value a row, or one probability for each class, row-major. Reading files is not timed.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program for people who measure"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;
use trainyard_estimators::algorithm::algorithm;
use trainyard_estimators::{
    Array, Feature, FeatureValues, Features, FitContext, Params, Prediction, State, Target, Task,
    TrainingData,
};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

struct Options(BTreeMap<String, String>);

impl Options {
    fn read() -> Outcome<Self> {
        let words: Vec<String> = std::env::args().skip(1).collect();
        let pairs = words.chunks_exact(2).map(|pair| {
            let name = pair[0]
                .strip_prefix("--")
                .ok_or(format!("{} is not a flag", pair[0]))?;
            Ok((name.to_owned(), pair[1].clone()))
        });
        pairs.collect::<Outcome<_>>().map(Self)
    }

    fn text(&self, name: &str) -> Outcome<&str> {
        Ok(self.0.get(name).ok_or(format!("--{name} is missing"))?)
    }

    fn number(&self, name: &str) -> Outcome<usize> {
        Ok(self.text(name)?.parse()?)
    }

    /// 0 when it was not said.
    fn count(&self, name: &str) -> Outcome<usize> {
        Ok(match self.0.get(name) {
            Some(count) => count.parse()?,
            None => 0,
        })
    }
}

fn main() -> Outcome<()> {
    let options = Options::read()?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.number("threads")?)
        .build()?;
    pool.install(|| run(&options))
}

fn run(options: &Options) -> Outcome<()> {
    let folder = PathBuf::from(options.text("folder")?);
    let columns = options.number("columns")?;
    let features = features(&folder.join("x.f64"), options.number("rows")?, columns)?;
    let test = self::features(
        &folder.join("test.f64"),
        options.number("test-rows")?,
        columns,
    )?;
    let (task, target) = target(options.text("task")?, numbers(&folder.join("y.f64"))?)?;
    let chosen = algorithm(options.text("algorithm")?).ok_or("no such algorithm")?;
    let given = options.text("params").unwrap_or("{}");
    let seed = options.text("seed").unwrap_or("1").parse()?;
    let params = Params::check(chosen.spec().params, task, &serde_json::from_str(given)?)
        .map_err(|problems| format!("{problems:?}"))?;
    let data = TrainingData {
        features: &features,
        target: &target,
        weights: None,
    };

    let before = memory::begin();
    let begun = Instant::now();
    let fitted = chosen.fit(&params, data, &FitContext::silent(seed))?;
    let fit_seconds = begun.elapsed().as_secs_f64();
    let fit_bytes = memory::most_since(before);
    let begun = Instant::now();
    let answers = fitted.predict(&test);
    let first = begun.elapsed().as_secs_f64();
    let predict_seconds = match options.count("answers")? {
        0 => first,
        count => median((0..count).map(|_| seconds(|| fitted.predict(&test)))),
    };
    let single = options.count("single")?;
    let rows = (0..test.rows().min(single)).map(|row| test.take(&[row]));
    let rows: Vec<Features> = rows.collect();
    let asked = rows.iter().cycle().take(single);
    let single_seconds = median(asked.map(|row| seconds(|| fitted.predict(row))));

    let values = match answers {
        Prediction::Classes { probabilities, .. } => probabilities,
        Prediction::Values(values) => values,
    };
    std::fs::write(folder.join("answers.f64"), bytes(&values))?;
    if let Ok(path) = options.text("model") {
        std::fs::write(path, model(&fitted.save()))?;
    }
    println!(
        "{}",
        serde_json::json!({
            "fit_seconds": fit_seconds,
            "fit_bytes": fit_bytes,
            "predict_seconds": predict_seconds,
            "single_seconds": single_seconds,
        })
    );
    Ok(())
}

fn seconds<T>(work: impl FnOnce() -> T) -> f64 {
    let begun = Instant::now();
    std::hint::black_box(work());
    begun.elapsed().as_secs_f64()
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

fn bytes(values: &[f64]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

/// Everything that was learned, in an order that is always the same.
fn model(state: &State) -> Vec<u8> {
    let mut all = serde_json::Value::from(state.meta.clone())
        .to_string()
        .into_bytes();
    for (name, array) in &state.arrays {
        all.extend_from_slice(name.as_bytes());
        match array {
            Array::F64(own) => all.extend(own.iter().flat_map(|value| value.to_le_bytes())),
            Array::F32(own) => all.extend(own.iter().flat_map(|value| value.to_le_bytes())),
            Array::U64(own) => all.extend(own.iter().flat_map(|value| value.to_le_bytes())),
            Array::U32(own) => all.extend(own.iter().flat_map(|value| value.to_le_bytes())),
            Array::I32(own) => all.extend(own.iter().flat_map(|value| value.to_le_bytes())),
            Array::U16(own) => all.extend(own.iter().flat_map(|value| value.to_le_bytes())),
            Array::U8(own) => all.extend(own),
        }
    }
    all
}

/// What this process holds, as Linux tells it; nothing elsewhere.
mod memory {
    /// Forgets the most that was held, and tells what is held now, in bytes.
    pub(super) fn begin() -> Option<usize> {
        // 5: the peak starts anew.
        std::fs::write("/proc/self/clear_refs", "5").ok()?;
        told("VmRSS")
    }

    /// The most that was held since, beyond what was held then.
    pub(super) fn most_since(before: Option<usize>) -> Option<usize> {
        Some(told("VmHWM")?.saturating_sub(before?))
    }

    fn told(name: &str) -> Option<usize> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find(|line| line.starts_with(name))?;
        let kilobytes: usize = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kilobytes * 1024)
    }
}

fn features(path: &Path, rows: usize, columns: usize) -> Outcome<Features> {
    let values = numbers(path)?;
    if values.len() != rows * columns {
        return Err(format!(
            "{} holds {} numbers, not {rows} × {columns}",
            path.display(),
            values.len()
        )
        .into());
    }
    let columns = values
        .chunks_exact(rows)
        .enumerate()
        .map(|(index, column)| Feature {
            name: format!("x{index}"),
            values: FeatureValues::Numeric(column.to_vec()),
        });
    Ok(Features::new(rows, columns.collect())?)
}

fn target(task: &str, values: Vec<f64>) -> Outcome<(Task, Target)> {
    match task {
        "regression" => Ok((Task::Regression, Target::Values(values))),
        "classification" => {
            let indices: Vec<u32> = values.iter().map(|&value| value as u32).collect();
            let classes = indices.iter().max().map_or(1, |&last| last as usize + 1);
            Ok((Task::Classification, Target::Classes { indices, classes }))
        }
        _ => Err(format!("{task} is not a task").into()),
    }
}

fn numbers(path: &Path) -> Outcome<Vec<f64>> {
    let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let (values, rest) = bytes.as_chunks::<8>();
    if !rest.is_empty() {
        return Err(format!("{} is cut off", path.display()).into());
    }
    Ok(values
        .iter()
        .map(|value| f64::from_le_bytes(*value))
        .collect())
}
