//! `trainyard train`: a file in, a model file and a readable report out; no server needed.

use crate::arguments::TrainOptions;
use crate::failure::Failure;
use crate::{files, terminal};
use serde_json::{Map, Value};
use std::time::Instant;
use trainyard_table::{ReadOptions, TableSource};
use trainyard_training::{Budget, Effort, Progress, TaskChoice, TrainContext, TrainSpec, Trained};

/// Trains as asked.
pub(crate) fn train(options: &TrainOptions) -> Result<(), Failure> {
    files::check_writable(&options.output)?;
    let mut spec = spec(options)?;
    let bar = terminal::TrainingBar::start();
    let outcome = trained(options, &mut spec, &|progress| bar.show(progress));
    bar.finish();
    let trained = outcome?;
    files::write_atomically(&options.output, &trained.model.to_bytes())?;
    if options.json {
        let json = serde_json::to_string_pretty(&trained.report)
            .map_err(|error| Failure::fault(error.to_string()))?;
        terminal::line(&json);
    } else {
        terminal::line(&terminal::report(&trained.report));
        terminal::line(&format!("Wrote {}", options.output.display()));
    }
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the clock that a training is lent"
)]
fn trained(
    options: &TrainOptions,
    spec: &mut TrainSpec,
    progress: &(dyn Fn(&Progress) + Sync),
) -> Result<Trained, Failure> {
    let reading = ReadOptions {
        sheet: options.sheet.clone(),
        ..ReadOptions::default()
    };
    let read = files::read_table(&options.file, &reading)?;
    terminal::notes(&read.notes);
    spec.adopt_pictures(read.pictures);
    if !options.no_holdout {
        spec.check(TableSource::schema(&read.table), read.table.rows())
            .map_err(trainyard_training::TrainError::Spec)?;
    }
    let data_hash = files::hash(&options.file)?;
    let begun = Instant::now();
    let context = TrainContext {
        progress,
        interruption: &|| None,
        enough: &|| false,
        trial: &|_, _| {},
        memory_budget: usize::MAX,
        clock: &|| begun.elapsed().as_secs_f64(),
        data_hash: &data_hash,
        version: env!("CARGO_PKG_VERSION"),
    };
    let pool = pool(options.threads)?;
    Ok(pool.install(|| trainyard_training::train(spec, &read.table, &context))?)
}

/// A pool of the asked number of threads (0: one for each core).
pub(crate) fn pool(threads: usize) -> Result<rayon::ThreadPool, Failure> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| Failure::fault(format!("cannot start threads: {error}")))
}

fn spec(options: &TrainOptions) -> Result<TrainSpec, Failure> {
    let mut spec = TrainSpec::new(&options.target, &options.algorithm);
    spec.task = match options.task.as_str() {
        "classification" => TaskChoice::Classification,
        "regression" => TaskChoice::Regression,
        _ => TaskChoice::Auto,
    };
    spec.effort = match options.effort.as_str() {
        "quick" => Effort::Quick,
        "thorough" => Effort::Thorough,
        _ => Effort::Balanced,
    };
    let seconds = options.seconds.map(Budget::Seconds);
    spec.budget = options.work.map(Budget::Work).or(seconds);
    spec.metric.clone_from(&options.metric);
    spec.params = params(&options.params)?;
    spec.features = (!options.features.is_empty()).then(|| options.features.clone());
    spec.test_size = if options.no_holdout {
        0.0
    } else {
        options.test_size
    };
    spec.folds = options.folds;
    spec.seed = options.seed;
    Ok(spec)
}

/// `k=v` with `v` as JSON where it is JSON (`10`, `null`, `true`) and as a word otherwise (`sqrt`).
fn params(given: &[String]) -> Result<Map<String, Value>, Failure> {
    let mut params = Map::new();
    for text in given {
        let Some((name, value)) = text.split_once('=') else {
            return Err(Failure::mistake(format!(
                "--param {text}: write it as name=value, for instance n_estimators=200"
            )));
        };
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
        if params.insert(name.trim().to_owned(), value).is_some() {
            return Err(Failure::mistake(format!(
                "--param {name} is given twice; keep one"
            )));
        }
    }
    Ok(params)
}
