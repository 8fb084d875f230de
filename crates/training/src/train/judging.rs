//! The report of a training: what was done, how good it is on the test rows, and what to know before trusting that.

use super::prepared::Prepared;
use crate::contender::title;
use crate::duplicates;
use crate::error::TrainError;
use crate::goal::Goal;
use crate::progress::TrainContext;
use crate::report::{Lineage, PreparationLine, Report, ReportWarning, RowCounts};
use crate::split::SplitSpec;
use crate::verdict;
use std::collections::BTreeMap;
use trainyard_estimators::{Predictor, Target, Task, importance};

impl Prepared<'_> {
    /// The report as far as it needs no test rows.
    pub(super) fn report(
        &self,
        model: &dyn Predictor,
        goal: &Goal,
        positive: Option<usize>,
        fit_seconds: f64,
        context: &TrainContext<'_>,
    ) -> Report {
        let classes = self.encoder.class_labels().map(<[String]>::to_vec);
        Report {
            task: self.task,
            target: self.spec.target.clone(),
            algorithm: model.algorithm().to_owned(),
            algorithm_title: title(model.algorithm()).to_owned(),
            params: model.params().clone(),
            positive_class: positive.and_then(|index| classes.as_ref()?.get(index).cloned()),
            classes,
            main_metric: goal.name().to_owned(),
            rows: RowCounts {
                train: self.train.rows(),
                test: self.test.rows(),
                dropped: self.dropped,
            },
            folds: None,
            search: None,
            automatic: None,
            metrics: BTreeMap::new(),
            per_class: None,
            confusion_matrix: None,
            roc: None,
            pr: None,
            calibration: None,
            threshold_sweep: None,
            residuals: None,
            importance: Vec::new(),
            training_history: Vec::new(),
            contenders: Vec::new(),
            preparation: self.preparation_lines(model),
            warnings: Vec::new(),
            verdict: verdict::verdict(self.task, &self.spec.target, &BTreeMap::new()),
            certificate: None,
            lineage: Lineage {
                data_hash: context.data_hash.to_owned(),
                seed: self.spec.seed,
                version: context.version.to_owned(),
                kernel: trainyard_estimators::kernels::instruction_set().to_owned(),
                fit_seconds,
            },
        }
    }

    /// One line a column; the pixels of pictures all have the same, so that they share one.
    fn preparation_lines(&self, model: &dyn Predictor) -> Vec<PreparationLine> {
        let lines = model.columns().iter().map(PreparationLine::from);
        match self.spec.pictures {
            None => lines.collect(),
            Some(pictures) => lines
                .take(1)
                .map(|line| PreparationLine {
                    column: format!("{} × {} pixels", pictures.height, pictures.width),
                    ..line
                })
                .collect(),
        }
    }

    /// Everything that is judged on the test rows.
    pub(super) fn judge(
        &self,
        report: &mut Report,
        model: &dyn Predictor,
        baseline: &dyn Predictor,
        goal: &Goal,
        context: &TrainContext<'_>,
    ) -> Result<(), TrainError> {
        if self.test.rows() == 0 {
            return Ok(());
        }
        let seed = self.spec.seed;
        report.judge(
            &self.test_target,
            &model.predict(&self.test),
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
        // What a single pixel is worth says nothing about a picture.
        if self.spec.pictures.is_none() {
            let importance = importance::permutation(
                model,
                &self.test,
                &self.test_target,
                goal.metric(),
                &context.fitting(seed, &|_| {}),
            )?;
            report.importance = importance.into_iter().map(Into::into).collect();
        }
        report.warnings = self.warnings(report);
        Ok(())
    }

    fn warnings(&self, report: &Report) -> Vec<ReportWarning> {
        let mut warnings = Vec::new();
        let repeated = duplicates::shared_rows(&self.train, &self.test);
        if repeated * 100 > self.test.rows() && self.spec.split != SplitSpec::Everything {
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
        warnings.extend(
            self.spec
                .split
                .warnings(&report.rows, self.unplaced, self.spec.test_size),
        );
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
