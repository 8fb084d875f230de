//! Fits one algorithm once on raw numbers and says how long the fit took, for `cargo xtask bench fit`:
//! `speed --algorithm NAME --task TASK --rows N --test-rows M --columns K --threads T --folder DIR [--params JSON]`.
//!
//! `--params '{"epochs": 40}'` and `--seed 2` replace the defaults and seed 1.
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
    Feature, FeatureValues, Features, FitContext, Params, Prediction, Target, Task, TrainingData,
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

    let begun = Instant::now();
    let fitted = chosen.fit(&params, data, &FitContext::silent(seed))?;
    let fit_seconds = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    let answers = fitted.predict(&test);
    let predict_seconds = begun.elapsed().as_secs_f64();

    let values = match answers {
        Prediction::Classes { probabilities, .. } => probabilities,
        Prediction::Values(values) => values,
    };
    let bytes: Vec<u8> = values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect();
    std::fs::write(folder.join("answers.f64"), bytes)?;
    println!(
        "{}",
        serde_json::json!({"fit_seconds": fit_seconds, "predict_seconds": predict_seconds})
    );
    Ok(())
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
