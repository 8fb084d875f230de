//! The recipe: read, split, pick, fit, judge, explain. Everything that is learned is learned from the training rows.

use crate::error::{FieldProblem, TrainError};
use crate::model::FittedModel;
use crate::progress::{Account, ContenderStatus, Stage, TrainContext};
use crate::race::{BASELINE, Contender, Goal, race};
use crate::report::{Folds, Lineage, PreparationLine, Report, ReportWarning, RowCounts};
use crate::spec::{AUTO, MIN_ROWS, TaskChoice, TrainSpec, parameter_problems, task_words};
use crate::validation::cross_validate_prepared;
use crate::{duplicates, verdict};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use trainyard_estimators::algorithm::{Algorithm, algorithm};
use trainyard_estimators::pipeline::{Pipeline, Recipe};
use trainyard_estimators::preparation::{Preparation, PreparationOptions};
use trainyard_estimators::split::{Division, TrainAndTest};
use trainyard_estimators::target::{TargetEncoder, decide_task};
use trainyard_estimators::{FitContext, Params, Prediction, Target, Task, importance};
use trainyard_table::{Table, TableSource};

/// A finished training.
#[derive(Debug)]
pub struct Trained {
    /// What predicts.
    pub model: FittedModel,
    /// What people read.
    pub report: Report,
}

/// The table, split once, with everything the contenders share.
pub(crate) struct Prepared<'a> {
    pub(crate) spec: &'a TrainSpec,
    pub(crate) task: Task,
    pub(crate) encoder: TargetEncoder,
    pub(crate) features: Vec<String>,
    /// Training rows in table order.
    pub(crate) train: Table,
    pub(crate) train_target: Target,
    pub(crate) test: Table,
    pub(crate) test_target: Target,
    /// The rule that folds of the training rows obey, one entry a training row.
    pub(crate) division: Division,
    dropped: usize,
    /// Rows with a target that have no place in time.
    unplaced: usize,
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

fn positive_class(spec: &TrainSpec, encoder: &TargetEncoder) -> Result<Option<usize>, TrainError> {
    let Some(labels) = encoder.class_labels().filter(|labels| labels.len() == 2) else {
        return match &spec.positive_class {
            Some(_) => Err(TrainError::Spec(vec![FieldProblem::new(
                "/positive_class",
                "only a target with two classes has a positive one; leave it out",
            )])),
            None => Ok(None),
        };
    };
    let Some(name) = &spec.positive_class else {
        return Ok(Some(1));
    };
    match labels.iter().position(|label| label == name) {
        Some(index) => Ok(Some(index)),
        None => {
            let detail = format!(
                "there is no class '{name}'; choose {} or {}",
                labels[0], labels[1]
            );
            Err(TrainError::Spec(vec![FieldProblem::new(
                "/positive_class",
                detail,
            )]))
        }
    }
}

impl<'a> Prepared<'a> {
    /// Splits off the share of test rows that the spec asks for.
    fn new(spec: &'a TrainSpec, table: &Table) -> Result<Self, TrainError> {
        Self::with_test_share(spec, table, spec.test_size)
    }

    /// Splits off a share of the rows for testing, none for 0.
    pub(crate) fn with_test_share(
        spec: &'a TrainSpec,
        table: &Table,
        test_size: f64,
    ) -> Result<Self, TrainError> {
        let Some(column) = table.column(&spec.target) else {
            return Err(TrainError::Spec(vec![FieldProblem::new(
                "/target",
                format!("there is no column '{}'", spec.target),
            )]));
        };
        let task = match spec.task {
            TaskChoice::Auto => decide_task(column),
            TaskChoice::Classification => Task::Classification,
            TaskChoice::Regression => Task::Regression,
        };
        let encoder = TargetEncoder::fit(column, task)?;
        let (target, with_target) = encoder.encode(column)?;
        let dropped = table.rows() - with_target.len();
        let division = spec.split.division(table)?;
        let kept = division.placed(&with_target);
        let unplaced = with_target.len() - kept.len();
        let target = if unplaced == 0 {
            target
        } else {
            encoder.encode(&column.take(&kept))?.0
        };
        if kept.len() < MIN_ROWS && test_size > 0.0 {
            return Err(TrainError::Data(format!(
                "only {} rows have a value in '{}'; at least {MIN_ROWS} are needed to train and test",
                kept.len(),
                spec.target
            )));
        }
        let features = spec
            .features
            .clone()
            .unwrap_or_else(|| spec.split.features(table, &spec.target));
        let division = division.take(&kept);
        let (train, test) = if test_size > 0.0 {
            division.holdout(&target, test_size, spec.seed)?
        } else {
            ((0..kept.len()).collect(), Vec::new())
        };
        let positions = |rows: &[usize]| rows.iter().map(|&row| kept[row]).collect::<Vec<_>>();
        let train_target = target.take(&train);
        spec.split
            .check_training_part(&train_target, encoder.class_labels())?;
        Ok(Self {
            spec,
            task,
            encoder,
            features,
            train: table.take(&positions(&train)),
            train_target,
            test: table.take(&positions(&test)),
            test_target: target.take(&test),
            division: division.take(&train),
            dropped,
            unplaced,
        })
    }

    /// Folds of the training rows (positions in the training part), by the spec's rule.
    pub(crate) fn folds(&self, count: usize) -> Result<Vec<TrainAndTest>, TrainError> {
        Ok(self
            .division
            .folds(&self.train_target, count, self.spec.seed)?)
    }

    /// The checked parameters of an algorithm for this task.
    pub(crate) fn params(
        &self,
        name: &str,
        given: &Map<String, Value>,
    ) -> Result<(&'static dyn Algorithm, Params), TrainError> {
        let found = algorithm(name).ok_or_else(|| {
            TrainError::Spec(vec![FieldProblem::new(
                "/algorithm",
                format!("there is no algorithm '{name}'"),
            )])
        })?;
        if !found.spec().tasks.contains(&self.task) {
            let detail = format!(
                "{} cannot learn {}; choose another algorithm or task",
                found.spec().title,
                task_words(self.task)
            );
            return Err(TrainError::Spec(vec![FieldProblem::new(
                "/algorithm",
                detail,
            )]));
        }
        Ok((
            found,
            Params::check(found.spec().params, self.task, given).map_err(parameter_problems)?,
        ))
    }

    /// Fits on some of the training rows (positions in the training part).
    pub(crate) fn fit(
        &self,
        name: &str,
        params: &Map<String, Value>,
        rows: &[usize],
        context: &FitContext<'_>,
    ) -> Result<Pipeline, TrainError> {
        let table = self.train.take(rows);
        self.fit_table(name, params, &table, &self.train_target.take(rows), context)
    }

    fn fit_all(
        &self,
        name: &str,
        params: &Map<String, Value>,
        progress: &(dyn Fn(f64) + Sync),
        context: &TrainContext<'_>,
    ) -> Result<Pipeline, TrainError> {
        self.fit_table(
            name,
            params,
            &self.train,
            &self.train_target,
            &context.fitting(self.spec.seed, progress),
        )
    }

    fn fit_table(
        &self,
        name: &str,
        params: &Map<String, Value>,
        table: &Table,
        target: &Target,
        context: &FitContext<'_>,
    ) -> Result<Pipeline, TrainError> {
        context.check()?;
        let (found, params) = self.params(name, params)?;
        let preparation = self.preparation(found, table)?;
        let features = preparation.transform(table);
        let recipe = Recipe {
            algorithm: found,
            params: &params,
            encoder: &self.encoder,
        };
        Ok(Pipeline::fit_prepared(
            preparation,
            &features,
            recipe,
            target,
            None,
            context,
        )?)
    }

    /// What an algorithm needs, learned from these rows.
    pub(crate) fn preparation(
        &self,
        algorithm: &dyn Algorithm,
        table: &Table,
    ) -> Result<Preparation, TrainError> {
        let mut options = PreparationOptions::new(algorithm.spec().needs);
        // Columns that somebody named are used even where we would leave them out by ourselves.
        options.chosen = self.spec.features.iter().flatten().cloned().collect();
        Ok(Preparation::fit(table, &self.features, &options)?)
    }

    /// What contenders are compared by.
    pub(crate) fn goal(&self) -> Result<Goal, TrainError> {
        Goal::of(
            self.spec,
            self.task,
            positive_class(self.spec, &self.encoder)?,
        )
    }

    /// Predicts some of the training rows (positions in the training part).
    pub(crate) fn predict(&self, pipeline: &Pipeline, rows: &[usize]) -> Prediction {
        pipeline.predict(&self.train.take(rows))
    }

    fn cross_validate(
        &self,
        name: &str,
        params: &Map<String, Value>,
        account: &Account<'_>,
        context: &TrainContext<'_>,
    ) -> Result<Option<Folds>, TrainError> {
        if self.spec.folds == 0 {
            return Ok(None);
        }
        let validated =
            cross_validate_prepared(self, name, params, self.spec.folds, account, context)?;
        Ok(Some(Folds {
            count: validated.folds.len(),
            metrics: validated.metrics,
        }))
    }

    /// The report as far as it needs no test rows.
    fn report(
        &self,
        pipeline: &Pipeline,
        goal: &Goal,
        positive: Option<usize>,
        fit_seconds: f64,
        context: &TrainContext<'_>,
    ) -> Report {
        let classes = self.encoder.class_labels().map(<[String]>::to_vec);
        let title = algorithm(pipeline.algorithm())
            .map_or(pipeline.algorithm(), |found| found.spec().title);
        Report {
            task: self.task,
            target: self.spec.target.clone(),
            algorithm: pipeline.algorithm().to_owned(),
            algorithm_title: title.to_owned(),
            params: pipeline.params().clone(),
            positive_class: positive.and_then(|index| classes.as_ref()?.get(index).cloned()),
            classes,
            main_metric: goal.name().to_owned(),
            rows: RowCounts {
                train: self.train.rows(),
                test: self.test.rows(),
                dropped: self.dropped,
            },
            folds: None,
            metrics: BTreeMap::new(),
            per_class: None,
            confusion_matrix: None,
            roc: None,
            pr: None,
            calibration: None,
            threshold_sweep: None,
            residuals: None,
            importance: Vec::new(),
            contenders: Vec::new(),
            preparation: pipeline
                .preparation()
                .columns()
                .iter()
                .map(PreparationLine::from)
                .collect(),
            warnings: Vec::new(),
            verdict: verdict::verdict(self.task, &self.spec.target, &BTreeMap::new()),
            lineage: Lineage {
                data_hash: context.data_hash.to_owned(),
                seed: self.spec.seed,
                version: context.version.to_owned(),
                kernel: trainyard_estimators::kernels::instruction_set().to_owned(),
                fit_seconds,
            },
        }
    }

    /// Everything that is judged on the test rows.
    fn judge(
        &self,
        report: &mut Report,
        pipeline: &Pipeline,
        baseline: &Pipeline,
        goal: &Goal,
        context: &TrainContext<'_>,
    ) -> Result<(), TrainError> {
        if self.test.rows() == 0 {
            return Ok(());
        }
        let seed = self.spec.seed;
        report.judge(
            &self.test_target,
            &pipeline.predict(&self.test),
            &baseline.predict(&self.test),
            seed,
        );
        // It exists for all numbers whose squares can be added up.
        let numbers = matches!(self.test_target, Target::Values(_));
        if numbers && !report.metrics.contains_key("rmse") {
            return Err(TrainError::Data(format!(
                "no score can be worked out from the values of '{}': they are too large or too small to add up; scale the column (in thousands, or millions)",
                self.spec.target
            )));
        }
        let importance = importance::permutation(
            pipeline,
            &self.test,
            &self.test_target,
            goal.metric(),
            &context.fitting(seed, &|_| {}),
        )?;
        report.importance = importance.into_iter().map(Into::into).collect();
        report.warnings = self.warnings(report);
        Ok(())
    }

    fn warnings(&self, report: &Report) -> Vec<ReportWarning> {
        let mut warnings = Vec::new();
        let repeated = duplicates::shared_rows(&self.train, &self.test);
        if repeated * 100 > self.test.rows() {
            warnings.push(ReportWarning {
                code: "duplicates_across_split".to_owned(),
                column: None,
                detail: format!("{repeated} of {} test rows also stand among the training rows, so the scores flatter; remove duplicate rows and train again.", self.test.rows()),
            });
        }
        if self.dropped > 0 {
            let detail = format!(
                "{} rows have no value in '{}' and were left out.",
                self.dropped, self.spec.target
            );
            warnings.push(ReportWarning {
                code: "rows_without_target".to_owned(),
                column: Some(self.spec.target.clone()),
                detail,
            });
        }
        warnings.extend(self.split_warnings());
        if let Some(leak) = leak_suspect(report) {
            warnings.push(leak);
        }
        let rare = report
            .per_class
            .iter()
            .flatten()
            .filter(|class| class.support < 10)
            .count();
        if rare > 0 {
            let detail = format!(
                "{rare} of the classes have fewer than 10 test rows: their precision and recall are rough."
            );
            warnings.push(ReportWarning {
                code: "rare_classes".to_owned(),
                column: None,
                detail,
            });
        }
        warnings
    }
}

impl Prepared<'_> {
    /// What a division by a column did that nobody asked for.
    fn split_warnings(&self) -> Vec<ReportWarning> {
        let Some(column) = self.spec.split.column() else {
            return Vec::new();
        };
        let mut warnings = Vec::new();
        let mut warn = |code: &str, detail| {
            warnings.push(ReportWarning {
                code: code.to_owned(),
                column: Some(column.to_owned()),
                detail,
            });
        };
        if self.unplaced > 0 {
            let rows = self.unplaced;
            warn(
                "rows_without_time",
                format!(
                    "{rows} rows have no value in '{column}', so they have no place in time and were left out."
                ),
            );
        }
        let share = self.test.rows() as f64 / (self.train.rows() + self.test.rows()) as f64;
        let wanted = self.spec.test_size;
        if (share - wanted).abs() > wanted / 2.0 {
            warn(
                "uneven_split",
                format!(
                    "{:.0} % of the rows are held out where {:.0} % were asked for: the values of '{column}' cannot be divided more evenly.",
                    share * 100.0,
                    wanted * 100.0
                ),
            );
        }
        warnings
    }
}

/// Nearly perfect, and one column does it alone: most often that column was only known afterwards.
fn leak_suspect(report: &Report) -> Option<ReportWarning> {
    let name = match report.task {
        Task::Classification => "balanced_accuracy",
        Task::Regression => "r2",
    };
    let score = report.metrics.get(name)?;
    let first = report.importance.first()?;
    let others: f64 = report
        .importance
        .iter()
        .skip(1)
        .map(|importance| importance.mean.max(0.0))
        .sum();
    let alone = score.value > 0.99 && report.importance.len() > 1 && first.mean > 10.0 * others;
    alone.then(|| ReportWarning {
        code: "leak_suspect".to_owned(),
        column: Some(first.column.clone()),
        detail: format!("The model is almost perfect and looks at '{}' alone. If that column is only known after the fact, leave it out and train again.", first.column),
    })
}
