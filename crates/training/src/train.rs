//! The recipe: read, split, pick, tune, fit, judge, explain. Everything that is learned is learned from the training rows.
//! `prepared` holds the split table and fits on it, `judging` writes the report.

mod judging;
mod prepared;

use crate::error::TrainError;
use crate::model::FittedModel;
use crate::progress::{Account, ContenderStatus, Stage, TrainContext};
use crate::race::{BASELINE, Contender, Goal, race};
use crate::report::Report;
use crate::search::tune;
use crate::spec::{AUTO, TrainSpec};
pub(crate) use prepared::Prepared;
use prepared::positive_class;
use serde_json::Map;
use trainyard_estimators::pipeline::Pipeline;
use trainyard_table::TableSource;

/// A finished training.
#[derive(Debug)]
pub struct Trained {
    /// What predicts.
    pub model: FittedModel,
    /// What people read.
    pub report: Report,
}

/// Trains as the spec says. Runs on rayon's current pool; equal inputs give equal model bytes whatever its size.
///
/// # Errors
/// [`TrainError::Spec`] and [`TrainError::Data`] for what the user can mend, [`TrainError::Interrupted`] when stopped.
pub fn train(
    spec: &TrainSpec,
    source: &dyn TableSource,
    context: &TrainContext<'_>,
) -> Result<Trained, TrainError> {
    let account = Account::new(context);
    account.stage(Stage::Reading, "reading the table");
    let table = source.whole()?;
    account.stage(Stage::Preparing, "splitting rows into training and test");
    let prepared = Prepared::new(spec, &table)?;
    let positive = positive_class(spec, &prepared.encoder)?;
    let goal = Goal::of(spec, prepared.task, positive)?;

    let mut contenders = contenders(&prepared, &goal, &account, context)?;
    let search = tune(&prepared, &goal, &mut contenders, &account, context)?;
    let chosen = contenders
        .iter()
        .position(|contender| contender.chosen)
        .unwrap_or(contenders.len() - 1);
    let (name, params) = (
        contenders[chosen].algorithm.clone(),
        contenders[chosen].params.clone(),
    );

    account.stage(
        Stage::Training,
        "fitting the chosen model on all training rows",
    );
    let begun = (context.clock)();
    let pipeline = prepared.fit_all(
        &name,
        &params,
        &with_share(&account, &contenders[chosen].title),
        context,
    )?;
    let fit_seconds = (context.clock)() - begun;
    let baseline = prepared.fit_all(BASELINE, &Map::new(), &|_| {}, context)?;

    let mut report = prepared.report(&pipeline, &goal, positive, fit_seconds, context);
    let folds = prepared.cross_validate(&name, &params, &account, context)?;
    report.folds = folds;
    report.search = search;
    account.stage(Stage::Testing, "scoring on rows the model never saw");
    prepared.judge(&mut report, &pipeline, &baseline, &goal, context)?;
    if spec.algorithm != AUTO {
        score_on_test(
            &mut contenders,
            &prepared,
            &goal,
            [&baseline, &pipeline],
            fit_seconds,
        );
        account.change(|progress| {
            progress.contenders = contenders
                .iter()
                .map(|contender| contender.progress(ContenderStatus::Done))
                .collect()
        });
    }
    report.contenders = contenders;
    account.stage(Stage::Saving, "writing the model down");
    let model = FittedModel::new(spec.clone(), pipeline, &prepared.train);
    account.change(|progress| {
        progress.stage = Stage::Done;
        progress.done = progress.of;
        progress.message = None;
    });
    Ok(Trained { model, report })
}

/// Reports the share of a fit that is done.
fn with_share<'a>(account: &'a Account<'_>, title: &str) -> impl Fn(f64) + Sync + use<'a> {
    let title = title.to_owned();
    let last = std::sync::atomic::AtomicU32::new(0);
    move |share: f64| {
        let percent = (share.clamp(0.0, 1.0) * 100.0) as u32;
        if last.fetch_max(percent, std::sync::atomic::Ordering::Relaxed) < percent {
            account.change(|progress| progress.message = Some(format!("{title}: {percent} %")));
        }
    }
}

/// Baseline and one algorithm, or the whole field when the families race.
fn contenders(
    prepared: &Prepared<'_>,
    goal: &Goal,
    account: &Account<'_>,
    context: &TrainContext<'_>,
) -> Result<Vec<Contender>, TrainError> {
    let spec = prepared.spec;
    if spec.algorithm == AUTO {
        return race(prepared, goal, account, context);
    }
    prepared.params(&spec.algorithm, &spec.params)?;
    let mut contenders = vec![Contender::waiting(BASELINE, Map::new(), goal.name())];
    if spec.algorithm != BASELINE {
        contenders.push(Contender::waiting(
            &spec.algorithm,
            spec.params.clone(),
            goal.name(),
        ));
    }
    if let Some(chosen) = contenders.last_mut() {
        chosen.chosen = true;
    }
    account.change(|progress| {
        progress.of = 4 + spec.folds as u32;
        progress.contenders = contenders
            .iter()
            .map(|contender| contender.progress(ContenderStatus::Running))
            .collect();
    });
    Ok(contenders)
}

/// A single algorithm has no race: its line and the baseline's show the test score.
fn score_on_test(
    contenders: &mut [Contender],
    prepared: &Prepared<'_>,
    goal: &Goal,
    pipelines: [&Pipeline; 2],
    fit_seconds: f64,
) {
    if prepared.test.rows() == 0 {
        return;
    }
    for contender in contenders {
        let pipeline = if contender.baseline {
            pipelines[0]
        } else {
            pipelines[1]
        };
        let judged = goal.judge(
            &prepared.test_target,
            &pipeline.predict(&prepared.test),
            prepared.spec.seed,
        );
        if let Some((value, low, high)) = judged {
            (contender.value, contender.low, contender.high) = (Some(value), low, high);
        }
        if contender.chosen {
            contender.fit_seconds = fit_seconds;
        }
    }
}
