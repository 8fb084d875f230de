//! The automatic choice through the public functions: who is listed, who wins, what a budget means, and that equal requests
//! make equal models.
#![expect(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

#[path = "support/tables.rs"]
mod tables;

use serde_json::json;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use tables::{hills, moons, waves};
use trainyard_estimators::Interruption;
use trainyard_table::{Column, Kind, Table};
use trainyard_training::{
    Budget, Contender, Effort, FittedModel, Progress, Report, SplitSpec, TrainContext, TrainError,
    TrainSpec, Trained, train,
};

fn auto(budget: Budget) -> TrainSpec {
    let mut spec = TrainSpec::new("answer", "auto");
    spec.budget = Some(budget);
    spec
}

fn trained(spec: &TrainSpec, table: &Table) -> Trained {
    // A clock on which every look takes a millisecond.
    let looks = AtomicUsize::new(0);
    let context = TrainContext {
        clock: &|| looks.fetch_add(1, Ordering::Relaxed) as f64 / 1000.0,
        ..TrainContext::silent()
    };
    train(spec, table, &context).unwrap()
}

/// Those that learned from all rows, without the ensemble.
fn singles(report: &Report) -> impl Iterator<Item = &Contender> {
    let top = report.contenders.iter().filter_map(|one| one.rung).max();
    let contenders = report.contenders.iter();
    contenders.filter(move |one| !one.baseline && one.algorithm != "ensemble" && one.rung == top)
}

#[test]
fn the_same_request_makes_the_same_bytes_on_any_number_of_threads() {
    for table in [moons(240), waves(240)] {
        let bytes = [1, 2, 7].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            let made = pool.install(|| trained(&auto(Budget::Work(400.0)), &table));
            (made.model.to_bytes(), made.report.automatic.unwrap().work)
        });
        assert_eq!(bytes[0], bytes[1]);
        assert_eq!(bytes[0], bytes[2]);
    }
}

#[test]
fn everybody_is_listed_beside_the_baseline_and_one_is_chosen() {
    let made = trained(&auto(Budget::Work(2500.0)), &moons(300));
    let contenders = &made.report.contenders;
    assert!(contenders[0].baseline && contenders[0].value.is_some());
    assert_eq!(contenders.iter().filter(|one| one.baseline).count(), 1);
    let chosen: Vec<_> = contenders.iter().filter(|one| one.chosen).collect();
    assert_eq!(chosen.len(), 1);
    assert_eq!(chosen[0].algorithm, made.report.algorithm);
    assert_eq!(made.model.algorithm(), made.report.algorithm);
    for family in [
        "logistic_regression",
        "decision_tree",
        "random_forest",
        "extra_trees",
        "gradient_boosting",
        "knn",
        "svm",
        "neural_net",
    ] {
        assert!(
            contenders.iter().any(|one| one.algorithm == family),
            "{family} is missing"
        );
    }
    for one in contenders {
        assert!(one.value.is_some() || one.error.is_some(), "{one:?}");
    }
    assert!(
        contenders
            .iter()
            .any(|one| one.tuned && one.value.is_some()),
        "nothing was tuned"
    );
    let guess = contenders[0].value.unwrap();
    assert!(chosen[0].value.unwrap() > guess + 0.2);
}

#[test]
fn no_single_contender_beats_the_one_chosen() {
    for (table, lower) in [(moons(300), false), (waves(300), true), (hills(400), true)] {
        let report = trained(&auto(Budget::Work(800.0)), &table).report;
        let chosen = report.contenders.iter().find(|one| one.chosen).unwrap();
        // The value of an ensemble is that of rows which did not choose it; the best of many singles is flattered.
        let flattered = if chosen.algorithm == "ensemble" {
            0.02 * chosen.value.unwrap()
        } else {
            1e-12
        };
        for single in singles(&report).filter(|one| one.value.is_some()) {
            let (own, other) = (chosen.value.unwrap(), single.value.unwrap());
            let behind = if lower { own - other } else { other - own };
            assert!(
                behind <= flattered,
                "{own} is worse than {other} of {}",
                single.title
            );
        }
    }
}

#[test]
fn an_ensemble_is_chosen_where_it_helps_and_answers_the_same_from_a_file() {
    let table = hills(400);
    let made = trained(&auto(Budget::Work(1500.0)), &table);
    let report = &made.report;
    assert_eq!(
        (report.algorithm.as_str(), report.algorithm_title.as_str()),
        ("ensemble", "Ensemble")
    );
    let weights: Vec<f64> = report
        .contenders
        .iter()
        .filter_map(|one| one.weight)
        .collect();
    assert!((2..=8).contains(&weights.len()), "{weights:?}");
    assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    assert!(
        report
            .contenders
            .iter()
            .all(|one| one.weight.is_none() || one.value.is_some())
    );
    assert!(report.importance.len() == 3 && report.importance[0].mean > 0.0);
    assert_eq!(report.preparation.len(), 3);

    let bytes = made.model.to_bytes();
    let read = FittedModel::from_bytes(&bytes).unwrap();
    assert_eq!(read.predict(&table), made.model.predict(&table));
    let rows = [
        json!({ "x": 0.5, "y": -1.0, "z": null }),
        json!({ "x": "far" }),
    ];
    let answers = read.predict_rows(&rows, false).unwrap();
    assert_eq!(answers, made.model.predict_rows(&rows, false).unwrap());
    assert_eq!(
        answers[1]
            .warnings
            .iter()
            .filter(|one| one.column == "x")
            .count(),
        1
    );
}

#[test]
fn finalists_are_judged_on_other_divisions_as_long_as_the_budget_lasts() {
    let mut repeats = Vec::new();
    for work in [500.0, 5000.0] {
        let report = trained(&auto(Budget::Work(work)), &hills(200)).report;
        let automatic = report.automatic.clone().unwrap();
        assert!(automatic.work <= work, "{automatic:?}");
        let finalists: Vec<_> = singles(&report).collect();
        if automatic.repeats > 0 {
            // They came further than the others, and learned from as many rows.
            assert!(finalists.len() >= 2 && finalists.len() <= 12);
            let others = report.contenders.iter().filter(|one| one.value.is_some());
            assert!(others.count() > finalists.len());
            assert!(finalists.iter().all(|one| one.rows == finalists[0].rows));
            for one in finalists {
                let (low, value, high) = (one.low.unwrap(), one.value.unwrap(), one.high.unwrap());
                assert!(low <= value && value <= high, "{one:?}");
            }
        }
        repeats.push(automatic.repeats);
    }
    assert!(repeats[0] < repeats[1], "{repeats:?}");
}

#[test]
fn rows_that_follow_each_other_are_divided_in_one_way_only() {
    let mut spec = auto(Budget::Work(1500.0));
    spec.split = SplitSpec::Time {
        column: "x".to_owned(),
    };
    let report = trained(&spec, &waves(200)).report;
    assert_eq!(report.automatic.unwrap().repeats, 0);
}

#[test]
fn nothing_is_tuned_where_nothing_is_left_to_be_desired() {
    let sides = (0..120).map(|row| if row % 2 == 0 { "left" } else { "right" });
    let place = |row: usize| Some((row % 2) as f64 * 10.0 + (row % 7) as f64 / 10.0);
    let table = Table::new(vec![
        Column::numbers("place", Kind::Number, (0..120).map(place), None),
        Column::strings("answer", Kind::Category, sides.map(Some)),
    ])
    .unwrap();
    let report = trained(&auto(Budget::Work(5000.0)), &table).report;
    let automatic = report.automatic.clone().unwrap();
    assert_eq!((automatic.tuned, automatic.repeats), (0, 0));
    let chosen = report.contenders.iter().find(|one| one.chosen).unwrap();
    assert_eq!(chosen.value, Some(1.0));
    assert!(chosen.algorithm != "ensemble");
}

#[test]
fn a_budget_of_work_bounds_what_is_tried() {
    let table = moons(300);
    let mut tried = Vec::new();
    for work in [60.0, 400.0, 1600.0] {
        let report = trained(&auto(Budget::Work(work)), &table).report;
        let automatic = report.automatic.unwrap();
        assert!(automatic.reproducible);
        assert!(
            automatic.work > 0.0 && automatic.work <= work,
            "{automatic:?}"
        );
        let judged = |one: &&Contender| one.value.is_some();
        tried.push(report.contenders.iter().filter(judged).count());
        assert!(
            automatic
                .rounds
                .windows(2)
                .all(|pair| pair[0].rows < pair[1].rows)
        );
    }
    assert!(tried[0] < tried[1] && tried[1] < tried[2], "{tried:?}");
}

#[test]
fn rounds_learn_from_more_and_more_rows_where_all_at_once_is_too_much() {
    let table = moons(3000);
    let mut seen = Vec::new();
    // Somewhere between what suffices for the cheapest alone and for everybody at once.
    for step in 0..12 {
        let mut spec = auto(Budget::Work(400.0 * 1.25_f64.powi(step)));
        spec.effort = Effort::Balanced;
        let rounds = trained(&spec, &table).report.automatic.unwrap().rounds;
        for pair in rounds.windows(2) {
            let fewer = pair[0].contenders >= pair[1].contenders;
            assert!(pair[0].rows < pair[1].rows && fewer, "{rounds:?}");
        }
        let (first, last) = (rounds[0], rounds[rounds.len() - 1]);
        if first.contenders > last.contenders {
            return;
        }
        seen.push(rounds);
    }
    panic!("nobody was left behind: {seen:?}");
}

#[test]
fn a_budget_of_seconds_ends_and_says_that_it_cannot_be_repeated() {
    let report = trained(&auto(Budget::Seconds(0.5)), &waves(400)).report;
    let automatic = report.automatic.unwrap();
    assert_eq!(automatic.budget, Budget::Seconds(0.5));
    assert!(!automatic.reproducible);
    let chosen: Vec<_> = report.contenders.iter().filter(|one| one.chosen).collect();
    assert_eq!(chosen.len(), 1);
    for one in &report.contenders {
        assert!(one.value.is_some() || one.error.is_some(), "{one:?}");
    }
}

#[test]
fn with_next_to_no_budget_there_is_still_a_model() {
    for budget in [Budget::Work(1e-6), Budget::Seconds(1e-6)] {
        let report = trained(&auto(budget), &waves(300)).report;
        assert_eq!(report.algorithm, "linear_regression");
        let judged = report.contenders.iter().filter(|one| one.value.is_some());
        assert_eq!(
            judged.count(),
            2,
            "the baseline and the first of the others"
        );
    }
}

#[test]
fn who_is_too_large_for_the_memory_is_listed_with_its_estimate_and_never_run() {
    let context = TrainContext {
        memory_budget: 100_000,
        ..TrainContext::silent()
    };
    let report = train(&auto(Budget::Work(1000.0)), &waves(2000), &context)
        .unwrap()
        .report;
    let failed: Vec<_> = report
        .contenders
        .iter()
        .filter(|one| {
            one.error.as_ref().is_some_and(|error| {
                error.contains("it would take about") && error.contains("of memory")
            })
        })
        .collect();
    assert!(!failed.is_empty(), "{:?}", report.contenders);
    assert!(
        failed
            .iter()
            .all(|one| one.value.is_none() && !one.chosen && one.weight.is_none())
    );
    assert!(
        failed
            .iter()
            .all(|one| one.rung.is_none() && one.fit_seconds == 0.0)
    );
    assert!(report.contenders.iter().any(|one| one.chosen));
}

#[test]
fn cancelling_ends_it_at_once() {
    let asked = AtomicUsize::new(0);
    let last_asked = AtomicUsize::new(0);
    let context = TrainContext {
        interruption: &|| {
            let count = asked.fetch_add(1, Ordering::Relaxed);
            (count > 40).then(|| {
                last_asked.fetch_add(1, Ordering::Relaxed);
                Interruption::Cancelled
            })
        },
        ..TrainContext::silent()
    };
    let stopped = train(&auto(Budget::Work(1e6)), &moons(400), &context).unwrap_err();
    assert_eq!(stopped, TrainError::Interrupted(Interruption::Cancelled));
    assert!(
        last_asked.load(Ordering::Relaxed) < 50,
        "it went on after it was told to stop"
    );
}

#[test]
fn progress_only_rises_and_names_everybody() {
    let seen: Mutex<Vec<Progress>> = Mutex::new(Vec::new());
    let context = TrainContext {
        progress: &|progress: &Progress| seen.lock().unwrap().push(progress.clone()),
        ..TrainContext::silent()
    };
    let report = train(&auto(Budget::Work(500.0)), &moons(240), &context)
        .unwrap()
        .report;
    let seen = seen.into_inner().unwrap();
    let steps: Vec<u32> = seen
        .iter()
        .filter(|one| one.of == 100)
        .map(|one| one.done)
        .collect();
    assert!(steps.windows(2).all(|pair| pair[0] <= pair[1]), "{steps:?}");
    let mut different = steps.clone();
    different.dedup();
    assert!(different.len() > 15, "{different:?}");
    let last = seen.last().unwrap();
    assert_eq!(last.done, last.of);
    assert_eq!(last.contenders.len(), report.contenders.len());
    assert!(
        last.contenders[0].algorithm == "dummy" && last.contenders.iter().any(|one| one.chosen)
    );
}

#[test]
fn quick_looks_at_each_usual_family_once() {
    let mut spec = TrainSpec::new("answer", "auto");
    spec.effort = Effort::Quick;
    let report = trained(&spec, &moons(200)).report;
    let names: Vec<_> = singles(&report).map(|one| one.algorithm.as_str()).collect();
    assert_eq!(names.len(), 5, "{names:?}");
    assert!(report.automatic.unwrap().reproducible);
}

#[test]
fn budgets_that_cannot_be_are_refused_and_specs_without_one_read_as_before() {
    let table = moons(60);
    let schema = trainyard_table::TableSource::schema(&table);
    for budget in [
        Budget::Work(0.0),
        Budget::Seconds(-1.0),
        Budget::Work(f64::NAN),
    ] {
        let problems = auto(budget).check(schema, 60).unwrap_err();
        assert_eq!(problems[0].pointer, "/budget");
    }
    let mut named = auto(Budget::Work(10.0));
    named.algorithm = "knn".to_owned();
    assert_eq!(named.check(schema, 60).unwrap_err()[0].pointer, "/budget");
    let old: TrainSpec =
        serde_json::from_value(json!({"target": "answer", "algorithm": "auto"})).unwrap();
    assert_eq!(old.budget, None);
    assert!(serde_json::to_value(&old).unwrap().get("budget").is_none());
    let given: TrainSpec = serde_json::from_value(
        json!({"target": "answer", "algorithm": "auto", "budget": {"seconds": 5}}),
    )
    .unwrap();
    assert_eq!(given.budget, Some(Budget::Seconds(5.0)));
}
