//! Few rows are answered by whoever asks: with every other thread busy they wait for nobody.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

#[path = "support/tables.rs"]
#[expect(dead_code, reason = "it has tables for other tests too")]
mod tables;

use serde_json::json;
use std::sync::mpsc;
use std::time::Duration;
use tables::{moons, waves};
use trainyard_estimators::Task;
use trainyard_estimators::algorithm::ALGORITHMS;
use trainyard_training::{
    Contract, FittedModel, Question, QuestionRows, TrainContext, TrainSpec, train,
};

/// A model of every algorithm for every task it has.
fn models() -> Vec<(String, FittedModel)> {
    let mut models = Vec::new();
    for algorithm in ALGORITHMS {
        let told = algorithm.spec();
        for task in told.tasks {
            let table = match task {
                Task::Classification => moons(200),
                Task::Regression => waves(200),
            };
            let spec = TrainSpec::new("answer", told.name);
            let trained = train(&spec, &table, &TrainContext::silent()).unwrap();
            models.push((format!("{} {task:?}", told.name), trained.model));
        }
    }
    models
}

#[test]
fn one_row_is_answered_while_all_other_threads_are_busy() {
    let fitting = rayon::ThreadPoolBuilder::new().build().unwrap();
    let models = fitting.install(models);
    let count = models.len();
    assert!(count > 10);
    // The threads that everybody shares have something else to do until this test is over.
    let (done, waits) = mpsc::channel::<()>();
    rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build_global()
        .unwrap();
    rayon::spawn(move || {
        let _ = waits.recv();
    });
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        for (name, model) in models {
            let contract = Contract::default();
            let rows = [json!({ "x": 0.3, "y": -0.2 })];
            let question = Question {
                rows: QuestionRows::Json(&rows),
                probabilities: true,
                reasons: 0,
                curves: None,
                contract: &contract,
            };
            let answers = model.answer(&question).unwrap();
            tell.send((name, answers.rows.len())).unwrap();
        }
    });
    let mut answered = Vec::new();
    while let Ok((name, rows)) = told.recv_timeout(Duration::from_secs(60)) {
        assert_eq!(rows, 1);
        answered.push(name);
    }
    drop(done);
    assert_eq!(answered.len(), count, "these answered: {answered:?}");
}
