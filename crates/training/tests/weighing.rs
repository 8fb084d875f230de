//! Rows that count more or less: the column of weights reaches every fit, no model looks at it, and what cannot be a
//! weight is refused by its row.
#![expect(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use serde_json::{Value, json};
use trainyard_estimators::algorithm::ALGORITHMS;
use trainyard_estimators::{Prediction, Task};
use trainyard_table::{Column, Kind, Table};
use trainyard_training::{
    Effort, Method, SearchSpec, SplitSpec, TrainContext, TrainError, TrainSpec, cross_validate,
    train,
};

/// Rows whose class is yes where x is above 50; every third row says the opposite, and weighs `weight`. Lies take turns over
/// the whole range of x.
fn table(rows: usize, weight: f64) -> Table {
    let x = |row: usize| ((row * 37) % 101) as f64;
    let lies = |row: usize| row.is_multiple_of(3);
    let class = |row: usize| {
        if (x(row) > 50.0) != lies(row) {
            "yes"
        } else {
            "no"
        }
    };
    Table::new(vec![
        Column::numbers("x", Kind::Number, (0..rows).map(|row| Some(x(row))), None),
        Column::strings(
            "answer",
            Kind::Category,
            (0..rows).map(|row| Some(class(row))),
        ),
        Column::numbers(
            "size",
            Kind::Number,
            (0..rows).map(|row| Some(10.0 * x(row) + if lies(row) { 1_000.0 } else { 0.0 })),
            None,
        ),
        Column::numbers(
            "counts",
            Kind::Number,
            (0..rows).map(|row| Some(if lies(row) { weight } else { 1.0 })),
            None,
        ),
    ])
    .unwrap()
}

fn spec(target: &str, algorithm: &str) -> TrainSpec {
    let mut spec = TrainSpec::new(target, algorithm);
    spec.features = Some(vec!["x".to_owned()]);
    spec.weights = Some("counts".to_owned());
    spec
}

fn quick(spec: &mut TrainSpec) {
    for (name, value) in [("n_estimators", 10), ("epochs", 60)] {
        let found = ALGORITHMS
            .iter()
            .find(|known| known.spec().name == spec.algorithm)
            .unwrap();
        if found.spec().params.iter().any(|known| known.name == name) {
            spec.params.insert(name.to_owned(), json!(value));
        }
    }
}

#[test]
fn rows_that_weigh_nothing_teach_nothing() {
    let (data, asked) = (table(600, 0.0), table(101, 0.0));
    for known in ALGORITHMS.iter().map(|known| known.spec()) {
        for (target, task) in [("answer", Task::Classification), ("size", Task::Regression)] {
            if !known.tasks.contains(&task) || known.name == "dummy" {
                continue;
            }
            let mut spec = spec(target, known.name);
            quick(&mut spec);
            let model = train(&spec, &data, &TrainContext::silent()).unwrap().model;
            let wrong = match model.predict(&asked) {
                Prediction::Values(values) => {
                    let far = values.iter().enumerate();
                    far.filter(|(row, value)| {
                        (*value - 10.0 * ((row * 37) % 101) as f64).abs() > 250.0
                    })
                    .count()
                }
                answers => {
                    let labels = answers.labels().unwrap();
                    let far = labels.iter().enumerate();
                    far.filter(|(row, label)| (**label == 1) != ((row * 37) % 101 > 50))
                        .count()
                }
            };
            assert!(
                wrong <= 8,
                "{} {task:?}: {wrong} of 101 answers are those of lies",
                known.name
            );
        }
    }
    // The baseline: of the rows that count, half are yes; of all rows, as many.
    let mut spec = spec("size", "dummy");
    let mean = |spec: &TrainSpec| match train(spec, &data, &TrainContext::silent())
        .unwrap()
        .model
        .predict(&asked)
    {
        Prediction::Values(values) => values[0],
        Prediction::Classes { .. } => 0.0,
    };
    let weighted = mean(&spec);
    spec.weights = None;
    assert!((weighted - 500.0).abs() < 25.0 && mean(&spec) > weighted + 250.0);
}

#[test]
fn folds_searches_and_the_race_weigh_too() {
    let data = table(600, 0.0);
    let context = TrainContext::silent();
    let mut spec = spec("answer", "decision_tree");
    spec.params = json!({ "max_depth": 2 }).as_object().unwrap().clone();
    // Who learns from the truth alone is right about two of three rows, in every fold; lies, weighed equally, do not change
    // the answer of a stump here, but what it is sure of.
    let sure = |spec: &TrainSpec| {
        cross_validate(&data, spec, 3, &context).unwrap().metrics["log_loss"].mean
    };
    let weighted = sure(&spec);
    let mut plain = spec.clone();
    plain.weights = None;
    assert!(weighted > 3.0 * sure(&plain), "{weighted} {}", sure(&plain));

    let searched = |spec: &TrainSpec| {
        let mut spec = spec.clone();
        spec.params.clear();
        spec.metric = Some("log_loss".to_owned());
        let what = SearchSpec {
            method: Method::Grid,
            space: Some(json!({ "max_depth": [2] }).as_object().unwrap().clone()),
            ..SearchSpec::default()
        };
        trainyard_training::search(&data, &spec, &what, &context)
            .unwrap()
            .trials[0]
            .score
            .unwrap()
    };
    assert!(searched(&spec) > 3.0 * searched(&plain));

    let raced = |spec: &TrainSpec| {
        let mut spec = spec.clone();
        spec.params.clear();
        spec.algorithm = "auto".to_owned();
        spec.effort = Effort::Quick;
        spec.metric = Some("log_loss".to_owned());
        let report = train(&spec, &data, &context).unwrap().report;
        let tree = report
            .contenders
            .into_iter()
            .find(|contender| contender.algorithm == "decision_tree");
        tree.unwrap().value.unwrap()
    };
    assert!(
        raced(&spec) > 1.5 * raced(&plain),
        "{} {}",
        raced(&spec),
        raced(&plain)
    );
}

#[test]
fn no_model_looks_at_the_weights() {
    let data = table(200, 0.5);
    let mut spec = spec("answer", "decision_tree");
    spec.features = None;
    let trained = train(&spec, &data, &TrainContext::silent()).unwrap();
    let names = trained
        .report
        .preparation
        .iter()
        .map(|line| line.column.as_str())
        .collect::<Vec<_>>();
    assert_eq!(names, ["x", "size"]);
    assert!(trained.model.schema().field("counts").is_none());
    // Groups keep their own column away as well.
    spec.split = SplitSpec::Group {
        column: "x".to_owned(),
    };
    let trained = train(&spec, &data, &TrainContext::silent()).unwrap();
    assert_eq!(trained.report.preparation.len(), 1);
}

/// The table with other weights.
fn weighing(cells: &[Option<f64>]) -> Table {
    let mut columns = table(cells.len(), 0.0).columns().to_vec();
    columns.pop();
    columns.push(Column::numbers(
        "counts",
        Kind::Number,
        cells.iter().copied(),
        None,
    ));
    Table::new(columns).unwrap()
}

#[test]
fn what_is_no_weight_is_refused_by_its_row() {
    let refused = |data: &Table| match train(
        &spec("answer", "decision_tree"),
        data,
        &TrainContext::silent(),
    ) {
        Err(TrainError::Data(text)) => text,
        other => panic!("{other:?}"),
    };
    let mut cells = vec![Some(1.0); 60];
    cells[6] = None;
    assert_eq!(
        refused(&weighing(&cells)),
        "'counts' says how much rows count, but row 7 has none; give every row a number of at least 0"
    );
    cells[6] = Some(-0.5);
    assert!(refused(&weighing(&cells)).contains("but row 7 is -0.5; give"));
    cells[6] = Some(f64::INFINITY);
    assert!(refused(&weighing(&cells)).contains("but row 7 "));
    assert!(refused(&weighing(&[Some(0.0); 60])).contains("it is 0 in every row"));
    // A row without an answer is left out anyway, whatever it weighs.
    cells[6] = None;
    let mut columns = weighing(&cells).columns().to_vec();
    columns[1] = Column::strings(
        "answer",
        Kind::Category,
        (0..60).map(|row| (row != 6).then_some(["no", "yes"][row % 2])),
    );
    let gone = Table::new(columns).unwrap();
    assert!(
        train(
            &spec("answer", "decision_tree"),
            &gone,
            &TrainContext::silent()
        )
        .is_ok()
    );
}

#[test]
fn what_the_schema_shows_is_refused_before_anything_is_read() {
    let data = table(60, 0.5);
    let problem = |change: &dyn Fn(&mut TrainSpec)| {
        let mut spec = spec("answer", "decision_tree");
        change(&mut spec);
        let trained = train(&spec, &data, &TrainContext::silent());
        let problems = spec.check(data.schema(), 60).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(matches!(trained, Err(TrainError::Spec(_))));
        (problems[0].pointer.clone(), problems[0].detail.clone())
    };
    type Change<'a> = &'a dyn Fn(&mut TrainSpec);
    let cases: [(Change<'_>, &str); 4] = [
        (
            &|spec| spec.weights = Some("weight".to_owned()),
            "there is no column 'weight'; columns are x, answer, size, counts",
        ),
        (
            &|spec| spec.weights = Some("answer".to_owned()),
            "'answer' is the target",
        ),
        (
            &|spec| {
                spec.weights = Some("answer".to_owned());
                spec.target = "size".to_owned();
            },
            "'answer' holds no numbers",
        ),
        (
            &|spec| spec.features = Some(vec!["x".to_owned(), "counts".to_owned()]),
            "take it out of the features",
        ),
    ];
    for (change, text) in cases {
        let (pointer, detail) = problem(change);
        assert_eq!(pointer, "/weights");
        assert!(detail.contains(text), "{detail}");
    }
}

#[test]
fn specs_written_before_there_were_weights_still_read() {
    let mut spec = TrainSpec::new("answer", "decision_tree");
    let written = serde_json::to_value(&spec).unwrap();
    assert_eq!(written.get("weights"), None);
    assert_eq!(serde_json::from_value::<TrainSpec>(written).unwrap(), spec);
    spec.weights = Some("counts".to_owned());
    let written: Value = serde_json::to_value(&spec).unwrap();
    assert_eq!(serde_json::from_value::<TrainSpec>(written).unwrap(), spec);
}

#[test]
fn too_many_classes_are_refused_before_work_starts() {
    let names = (0..22_000)
        .map(|row| format!("class {}", row % 10_001))
        .collect::<Vec<_>>();
    let data = Table::new(vec![
        Column::strings(
            "answer",
            Kind::Category,
            names.iter().map(|name| Some(name.as_str())),
        ),
        Column::numbers(
            "x",
            Kind::Number,
            (0..22_000).map(|row| Some(f64::from(row))),
            None,
        ),
    ])
    .unwrap();
    let begun = std::sync::atomic::AtomicBool::new(false);
    let progress = |progress: &trainyard_training::Progress| {
        if progress.stage == trainyard_training::Stage::Training {
            begun.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    };
    let context = TrainContext {
        progress: &progress,
        ..TrainContext::silent()
    };
    let Err(TrainError::Data(text)) = train(&TrainSpec::new("answer", "auto"), &data, &context)
    else {
        panic!("accepted")
    };
    assert_eq!(
        text,
        "the target column 'answer' has 10001 different values in 22000 rows, too many to be classes; choose another target, or group its values into fewer"
    );
    assert!(!begun.into_inner());
}
