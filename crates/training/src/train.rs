//! The recipe: read, split, pick, tune, fit, judge, explain. Everything that is learned is learned from the training rows.
//! `prepared` holds the split table and fits on it, `judging` writes the report.

mod judging;
mod prepared;

use crate::auto::{Automatic, Picked, pick};
use crate::certificate::certify;
use crate::choice::Choice;
use crate::contender::{BASELINE, Contender, title};
use crate::error::TrainError;
use crate::goal::Goal;
use crate::model::FittedModel;
use crate::progress::{Account, ContenderStatus, Stage, TrainContext};
use crate::report::{Report, TrainingHistory};
use crate::search::{SearchResult, tune};
use crate::spec::{AUTO, TrainSpec};
pub(crate) use prepared::Prepared;
use prepared::positive_class;
use serde_json::Map;
use std::sync::{Mutex, PoisonError};
use trainyard_estimators::Predictor;
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

    let mut settled = settle(&prepared, &goal, &account, context)?;
    account.stage(
        Stage::Training,
        "fitting the chosen model on all training rows",
    );
    let begun = (context.clock)();
    let FitOfChoice {
        choice,
        model,
        histories,
    } = fit(&prepared, &mut settled, &account, context)?;
    let fit_seconds = (context.clock)() - begun;
    let baseline = Choice::single(BASELINE, &Map::new());
    let baseline = baseline.fit(&prepared, None, &context.fitting(spec.seed, &|_| {}))?;

    let mut contenders = settled.contenders;
    let mut report = prepared.report(model.as_ref(), &goal, positive, fit_seconds, context);
    report.automatic = settled.automatic;
    report.search = settled.search;
    report.training_history = histories;
    let folds = prepared.cross_validate(&choice, &account, context)?;
    report.folds = folds;
    account.stage(Stage::Testing, "scoring on rows the model never saw");
    prepared.judge(
        &mut report,
        model.as_ref(),
        baseline.as_ref(),
        &goal,
        context,
    )?;
    if spec.algorithm != AUTO {
        score_on_test(
            &mut contenders,
            &prepared,
            &goal,
            [baseline.as_ref(), model.as_ref()],
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
    let model = FittedModel::new(spec.clone(), model, &prepared.train, &prepared.test);
    report.certificate = Some(certify(&model, &prepared.train, &prepared.test)?);
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

/// What a training settled on before anything is fitted for good.
struct Settled {
    contenders: Vec<Contender>,
    /// What to fit, each with the position of its contender; a later one where an earlier one cannot be fitted.
    choices: Vec<(usize, Choice)>,
    search: Option<SearchResult>,
    automatic: Option<Automatic>,
}

/// The algorithm asked for, tuned where that is asked for too, or the one that wins among all.
fn settle(
    prepared: &Prepared<'_>,
    goal: &Goal,
    account: &Account<'_>,
    context: &TrainContext<'_>,
) -> Result<Settled, TrainError> {
    if prepared.spec.algorithm == AUTO {
        let Picked {
            contenders,
            choices,
            automatic,
        } = pick(prepared, goal, account, context)?;
        return Ok(Settled {
            contenders,
            choices,
            search: None,
            automatic: Some(automatic),
        });
    }
    let mut contenders = named(prepared, goal, account)?;
    let search = tune(prepared, goal, &mut contenders, account, context)?;
    let chosen = contenders
        .iter()
        .enumerate()
        .filter(|(_, contender)| contender.chosen);
    let choices = chosen
        .map(|(place, chosen)| (place, Choice::single(&chosen.algorithm, &chosen.params)))
        .collect();
    Ok(Settled {
        contenders,
        choices,
        search,
        automatic: None,
    })
}

/// What was fitted in the end.
struct FitOfChoice {
    choice: Choice,
    model: Box<dyn Predictor>,
    histories: Vec<TrainingHistory>,
}

/// Fits what was settled on, and tells how it went. Where it cannot be fitted on all rows, the next best is, and the line says why.
fn fit(
    prepared: &Prepared<'_>,
    settled: &mut Settled,
    account: &Account<'_>,
    context: &TrainContext<'_>,
) -> Result<FitOfChoice, TrainError> {
    let mut failed = None;
    for (place, choice) in &settled.choices {
        let name = settled.contenders[*place].title.clone();
        let share = with_share(account, &name);
        let histories = Mutex::new(Vec::new());
        let told = |algorithm: &str, history| {
            let mut histories = histories.lock().unwrap_or_else(PoisonError::into_inner);
            histories.push(TrainingHistory {
                algorithm: algorithm.to_owned(),
                title: title(algorithm).to_owned(),
                history,
            });
        };
        let fitting = context.fitting(prepared.spec.seed, &share);
        match choice.fit_telling(prepared, &fitting, &told) {
            Ok(model) => {
                for (other, contender) in settled.contenders.iter_mut().enumerate() {
                    contender.chosen = other == *place;
                    if choice.members.len() == 1 {
                        contender.weight = None;
                    }
                }
                let histories = histories.into_inner();
                let histories = histories.unwrap_or_else(PoisonError::into_inner);
                return Ok(FitOfChoice {
                    choice: choice.clone(),
                    model,
                    histories,
                });
            }
            Err(TrainError::Interrupted(reason)) => return Err(TrainError::Interrupted(reason)),
            Err(error) => {
                settled.contenders[*place].error = Some(error.detail());
                failed.get_or_insert(error);
            }
        }
    }
    Err(failed.unwrap_or_else(|| TrainError::Internal("nothing was chosen".to_owned())))
}

/// Baseline and one algorithm.
fn named(
    prepared: &Prepared<'_>,
    goal: &Goal,
    account: &Account<'_>,
) -> Result<Vec<Contender>, TrainError> {
    let spec = prepared.spec;
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

/// A single algorithm has no rounds: its line and the baseline's show the test score.
fn score_on_test(
    contenders: &mut [Contender],
    prepared: &Prepared<'_>,
    goal: &Goal,
    models: [&dyn Predictor; 2],
    fit_seconds: f64,
) {
    if prepared.test.rows() == 0 {
        return;
    }
    for contender in contenders {
        let model = models[usize::from(!contender.baseline)];
        let judged = goal.judge(
            &prepared.test_target,
            &model.predict(&prepared.test),
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
