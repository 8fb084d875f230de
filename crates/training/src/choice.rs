//! What a training settles on: one algorithm with its settings, or several that answer together.

use crate::contender::Contender;
use crate::error::TrainError;
use crate::report::Report;
use crate::train::Prepared;
use serde_json::{Map, Value};
use trainyard_estimators::blend::{self, Blend};
use trainyard_estimators::history::FitHistory;
use trainyard_estimators::{FitContext, Predictor};

/// Is told which algorithm's loss fell how.
type Told<'a> = dyn Fn(&str, FitHistory) + Sync + 'a;

/// Settings to be fitted on the same rows, with their weights; a single one is a plain pipeline.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) members: Vec<Member>,
}

/// One of them.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) algorithm: String,
    pub(crate) params: Map<String, Value>,
    pub(crate) weight: f64,
}

impl Choice {
    /// One algorithm.
    pub(crate) fn single(algorithm: &str, params: &Map<String, Value>) -> Self {
        Self {
            members: vec![Member {
                algorithm: algorithm.to_owned(),
                params: params.clone(),
                weight: 1.0,
            }],
        }
    }

    /// What a finished training settled on.
    pub(crate) fn of(report: &Report) -> Self {
        let member = |contender: &Contender, weight: f64| Member {
            algorithm: contender.algorithm.clone(),
            params: contender.params.clone(),
            weight,
        };
        let together = report.contenders.iter().filter_map(|contender| {
            let weight = contender.weight?;
            Some(member(contender, weight))
        });
        let members: Vec<Member> = together.collect();
        if report.algorithm == blend::NAME && !members.is_empty() {
            return Self { members };
        }
        let chosen = report.contenders.iter().find(|contender| contender.chosen);
        match chosen {
            Some(chosen) => Self {
                members: vec![member(chosen, 1.0)],
            },
            None => Self::single(&report.algorithm, &report.params),
        }
    }

    /// Fits on some of the training rows (positions in the training part), or on all of them.
    pub(crate) fn fit(
        &self,
        prepared: &Prepared<'_>,
        rows: Option<&[usize]>,
        context: &FitContext<'_>,
    ) -> Result<Box<dyn Predictor>, TrainError> {
        self.fit_members(prepared, rows, context, None)
    }

    /// Fits on all training rows, and tells of each algorithm that goes in steps how its loss fell.
    pub(crate) fn fit_telling(
        &self,
        prepared: &Prepared<'_>,
        context: &FitContext<'_>,
        told: &Told<'_>,
    ) -> Result<Box<dyn Predictor>, TrainError> {
        self.fit_members(prepared, None, context, Some(told))
    }

    fn fit_members(
        &self,
        prepared: &Prepared<'_>,
        rows: Option<&[usize]>,
        context: &FitContext<'_>,
        told: Option<&Told<'_>>,
    ) -> Result<Box<dyn Predictor>, TrainError> {
        let count = self.members.len() as f64;
        let mut fitted = Vec::with_capacity(self.members.len());
        for (done, member) in self.members.iter().enumerate() {
            let progress = |share: f64| (context.progress)((done as f64 + share) / count);
            let (name, params) = (&member.algorithm, &member.params);
            let tell = |history| {
                if let Some(told) = told {
                    told(name, history);
                }
            };
            let own = FitContext {
                progress: &progress,
                history: told.is_some().then_some(&tell),
                ..*context
            };
            let pipeline = match rows {
                Some(rows) => prepared.fit(name, params, rows, &own)?,
                None => prepared.fit_all(name, params, &own)?,
            };
            fitted.push((member.weight, pipeline));
        }
        if fitted.len() > 1 {
            return Ok(Box::new(Blend::new(fitted)?));
        }
        match fitted.pop() {
            Some((_, pipeline)) => Ok(Box::new(pipeline)),
            None => Err(TrainError::Internal("nothing was chosen".to_owned())),
        }
    }
}
