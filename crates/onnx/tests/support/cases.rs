//! Models of every algorithm and task on every kind of column, with rows they never saw.
#![expect(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "shared by tests, which may stop at the first surprise"
)]

use serde_json::{Map, Value, json};
use trainyard_estimators::algorithm::{ALGORITHMS, algorithm};
use trainyard_estimators::blend::Blend;
use trainyard_estimators::pipeline::{Pipeline, Recipe};
use trainyard_estimators::preparation::{
    PictureOptions, Preparation, PreparationOptions, Supervision,
};
use trainyard_estimators::split::Division;
use trainyard_estimators::target::TargetEncoder;
use trainyard_estimators::{FitContext, Params, Predictor, Target, Task};
use trainyard_table::{Column, Kind, Table};

/// Training rows of most cases.
const ROWS: usize = 320;
/// Rows that are asked about.
const ASKED: usize = 90;

/// A fitted model and rows to ask it about.
pub struct Case {
    pub name: String,
    pub predictor: Box<dyn Predictor>,
    pub asked: Table,
    /// Standard deviation of the target, where it is a number.
    pub deviation: f64,
}

/// What is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    Two,
    Four,
    Number,
}

/// Columns to learn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Numbers,
    Categories,
    Dates,
    All,
}

const GOALS: [Goal; 3] = [Goal::Two, Goal::Four, Goal::Number];
const SHOWN: [Shown; 4] = [Shown::Numbers, Shown::Categories, Shown::Dates, Shown::All];

impl Goal {
    fn task(self) -> Task {
        match self {
            Self::Number => Task::Regression,
            Self::Two | Self::Four => Task::Classification,
        }
    }

    fn column(self) -> &'static str {
        match self {
            Self::Two => "answer of two",
            Self::Four => "answer of four",
            Self::Number => "answer in numbers",
        }
    }
}

impl Shown {
    /// Some have names that a graph might want for itself, or that are no identifiers.
    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Numbers => &["age", "value", "price in €", "member?", "count"],
            Self::Categories => &["town", "label", "street"],
            Self::Dates => &["since", "day"],
            Self::All => &[
                "age",
                "value",
                "price in €",
                "member?",
                "count",
                "town",
                "label",
                "street",
                "since",
                "day",
            ],
        }
    }
}

/// Every algorithm and task it has, on each set of columns; then settings that change the form of an answer.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for found in ALGORITHMS {
        let spec = found.spec();
        for goal in GOALS
            .into_iter()
            .filter(|goal| spec.tasks.contains(&goal.task()))
        {
            for shown in SHOWN {
                cases.push(case(spec.name, goal, shown, quick(spec.name)));
            }
        }
    }
    for (name, goal, settings) in settings() {
        cases.push(case(name, goal, Shown::All, settings));
    }
    cases.push(blend(Goal::Two));
    cases.push(blend(Goal::Four));
    cases.push(blend(Goal::Number));
    cases.extend(oddities());
    cases
}

/// Settings under which a fit takes moments.
fn quick(algorithm: &str) -> Value {
    match algorithm {
        "random_forest" | "extra_trees" => json!({ "n_estimators": 12 }),
        "gradient_boosting" => json!({ "n_estimators": 15 }),
        "neural_net" => json!({ "epochs": 4, "hidden_layer_sizes": [12, 7] }),
        _ => json!({}),
    }
}

fn settings() -> Vec<(&'static str, Goal, Value)> {
    let mut all = vec![
        ("dummy", Goal::Number, json!({ "strategy": "median" })),
        (
            "linear_regression",
            Goal::Number,
            json!({ "alpha": 0.1, "l1_ratio": 0.5 }),
        ),
        (
            "logistic_regression",
            Goal::Four,
            json!({ "penalty": "l1", "solver": "saga" }),
        ),
        ("decision_tree", Goal::Four, json!({ "max_depth": 1 })),
        (
            "decision_tree",
            Goal::Number,
            json!({ "max_leaf_nodes": 2 }),
        ),
        (
            "decision_tree",
            Goal::Two,
            json!({ "min_samples_leaf": 200 }),
        ),
        ("knn", Goal::Number, json!({ "n_neighbors": 1 })),
        ("knn", Goal::Two, json!({ "n_neighbors": 10_000 })),
        (
            "svm",
            Goal::Four,
            json!({ "C": 20.0, "class_weight": "balanced" }),
        ),
    ];
    for metric in ["euclidean", "manhattan", "cosine"] {
        for weights in ["uniform", "distance"] {
            for goal in [Goal::Four, Goal::Number] {
                let given = json!({ "metric": metric, "weights": weights, "n_neighbors": 7 });
                all.push(("knn", goal, given));
            }
        }
    }
    for kernel in ["rbf", "linear", "poly", "sigmoid"] {
        for goal in GOALS {
            all.push(("svm", goal, json!({ "kernel": kernel, "coef0": 0.5 })));
        }
        for goal in [Goal::Two, Goal::Four] {
            all.push((
                "svm",
                goal,
                json!({ "kernel": kernel, "probability": true }),
            ));
        }
    }
    for degree in [1, 4] {
        let given = json!({ "kernel": "poly", "degree": degree, "coef0": 1.0 });
        all.push(("svm", Goal::Number, given));
    }
    for activation in ["relu", "tanh", "sigmoid"] {
        for goal in GOALS {
            let given = json!({ "activation": activation, "epochs": 3, "hidden_layer_sizes": [9] });
            all.push(("neural_net", goal, given));
        }
    }
    for loss in ["absolute_error", "huber", "quantile", "poisson"] {
        all.push((
            "gradient_boosting",
            Goal::Number,
            json!({ "loss": loss, "n_estimators": 9 }),
        ));
    }
    all
}

/// A fitted case.
pub fn case(name: &str, goal: Goal, shown: Shown, given: Value) -> Case {
    let table = table(ROWS, 0);
    let (pipeline, deviation) = fitted(&table, name, goal, shown.columns(), &given);
    Case {
        name: format!("{name} {goal:?} {shown:?} {given}"),
        predictor: Box::new(pipeline),
        asked: asked(),
        deviation,
    }
}

/// A fitted pipeline and the standard deviation of its target.
pub fn fitted(
    table: &Table,
    name: &str,
    goal: Goal,
    columns: &[&str],
    given: &Value,
) -> (Pipeline, f64) {
    learned(table, name, (goal.column(), goal.task()), columns, given)
}

/// [`fitted`] on any target.
pub fn learned(
    table: &Table,
    name: &str,
    target: (&str, Task),
    columns: &[&str],
    given: &Value,
) -> (Pipeline, f64) {
    learned_of(table, name, target, columns, given, None)
}

/// [`learned`], of pictures where columns are their pixels.
pub fn learned_of(
    table: &Table,
    name: &str,
    (column, task): (&str, Task),
    columns: &[&str],
    given: &Value,
    pictures: Option<PictureOptions>,
) -> (Pipeline, f64) {
    let target = table.column(column).unwrap();
    let encoder = TargetEncoder::fit(target, task).unwrap();
    let (answers, rows) = encoder.encode(target).unwrap();
    let table = table.take(&rows);
    let found = algorithm(name).unwrap();
    let given: &Map<String, Value> = given.as_object().unwrap();
    let params = Params::check(found.spec().params, task, given)
        .unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
    let names: Vec<String> = columns.iter().map(|&name| name.to_owned()).collect();
    let context = FitContext::silent(7);
    let options = PreparationOptions {
        pictures,
        ..PreparationOptions::of(found.spec())
    };
    let supervision = Supervision {
        target: &answers,
        weights: None,
        division: &Division::Stratified,
        seed: context.seed,
    };
    let (preparation, features) =
        Preparation::fit_transform(&table, &names, supervision, &options).unwrap();
    let recipe = Recipe {
        algorithm: found,
        params: &params,
        encoder: &encoder,
    };
    let pipeline = Pipeline::fit_prepared(preparation, &features, recipe, &answers, None, &context)
        .unwrap_or_else(|error| panic!("{name} {given:?}: {error}"));
    let deviation = match &answers {
        Target::Values(values) => {
            // The square of the largest may be beyond every number.
            let unit = values
                .iter()
                .fold(1e-300, |most: f64, value| most.max(value.abs()));
            let count = values.len() as f64;
            let mean = values.iter().map(|value| value / unit).sum::<f64>() / count;
            let squares = values.iter().map(|value| (value / unit - mean).powi(2));
            (squares.sum::<f64>() / count).sqrt() * unit
        }
        Target::Classes { .. } => 1.0,
    };
    (pipeline, deviation)
}

/// Several algorithms together, with two preparations among them.
fn blend(goal: Goal) -> Case {
    let table = table(ROWS, 0);
    let linear = match goal {
        Goal::Number => "linear_regression",
        Goal::Two | Goal::Four => "logistic_regression",
    };
    let names = [
        linear,
        "gradient_boosting",
        "knn",
        "neural_net",
        "random_forest",
    ];
    let mut deviation = 1.0;
    let members = names.into_iter().enumerate().map(|(place, name)| {
        let made = fitted(&table, name, goal, Shown::All.columns(), &quick(name));
        deviation = made.1;
        (1.0 + place as f64, made.0)
    });
    let blend = Blend::new(members.collect()).unwrap();
    Case {
        name: format!("blend {goal:?}"),
        predictor: Box::new(blend),
        asked: asked(),
        deviation,
    }
}

/// Tables and settings with corners of their own.
fn oddities() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add =
        |name: &str, table: &Table, algorithm: &str, goal: Goal, columns: &[&str], given: Value| {
            let (pipeline, deviation) = fitted(table, algorithm, goal, columns, &given);
            cases.push(Case {
                name: format!("{name} {algorithm} {goal:?}"),
                predictor: Box::new(pipeline),
                asked: asked(),
                deviation,
            });
        };
    // From ten thousand rows on, rare values of a category share a level.
    let large = table(12_000, 3);
    for algorithm in ["logistic_regression", "random_forest"] {
        let given = match algorithm {
            "random_forest" => json!({ "n_estimators": 3, "max_depth": 7 }),
            _ => json!({}),
        };
        add(
            "rare values",
            &large,
            algorithm,
            Goal::Two,
            &["town", "village", "age"],
            given,
        );
    }
    // More values than have columns or bins of their own become target statistics.
    for (algorithm, given) in [
        ("linear_regression", json!({})),
        ("gradient_boosting", json!({ "n_estimators": 8 })),
    ] {
        add(
            "statistics",
            &large,
            algorithm,
            Goal::Number,
            &["house", "age"],
            given,
        );
    }
    for (algorithm, given) in [
        ("logistic_regression", json!({})),
        ("gradient_boosting", json!({ "n_estimators": 4 })),
        ("decision_tree", json!({ "max_depth": 12 })),
    ] {
        add(
            "statistics",
            &large,
            algorithm,
            Goal::Four,
            &["house", "street"],
            given,
        );
    }
    // A full tree on many rows asks at every cut, and a category of many values in many ways.
    for goal in GOALS {
        for algorithm in ["decision_tree", "extra_trees"] {
            let given = match algorithm {
                "extra_trees" => json!({ "n_estimators": 4 }),
                _ => json!({}),
            };
            add("deep", &large, algorithm, goal, Shown::All.columns(), given);
        }
    }
    // Targets beyond the range of floats.
    for power in [-40, 40, 200] {
        let scaled = scaled(&table(ROWS, 0), 10_f64.powi(power));
        for (algorithm, given) in [
            ("random_forest", json!({ "n_estimators": 5 })),
            ("gradient_boosting", json!({ "n_estimators": 6 })),
            ("linear_regression", json!({})),
        ] {
            let name = format!("1e{power}");
            add(
                &name,
                &scaled,
                algorithm,
                Goal::Number,
                Shown::All.columns(),
                given,
            );
        }
    }
    cases
}

fn scaled(table: &Table, by: f64) -> Table {
    let columns = table.columns().iter().map(|column| {
        if column.name() != Goal::Number.column() {
            return column.clone();
        }
        let values = (0..column.len()).map(|row| column.number(row).map(|value| value * by));
        Column::numbers(
            column.name(),
            Kind::Number,
            values.collect::<Vec<_>>(),
            None,
        )
    });
    Table::new(columns.collect()).unwrap()
}

/// A number in 0..1 that looks like chance.
pub fn chance(row: usize, stream: u64) -> f64 {
    let mut mixed = (row as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ stream.wrapping_mul(0xd134_2543_de82_ef95);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Rows with gaps in every column, but none in the targets.
pub fn table(rows: usize, stream: u64) -> Table {
    let draw = |row: usize, own: u64| chance(row, own + 100 * stream);
    let gap = |row: usize, own: u64, value: f64| (draw(row, own + 50) > 0.08).then_some(value);
    let age = |row: usize| (draw(row, 1) * 800.0).round() / 10.0;
    let town = |row: usize| (draw(row, 2).powi(2) * 7.0) as usize;
    let since = |row: usize| -3e9 + (draw(row, 3) * 8e9).round();
    let numbers = |name: &str, kind: Kind, value: &dyn Fn(usize) -> Option<f64>| {
        Column::numbers(name, kind, (0..rows).map(value), None)
    };
    let texts = |name: &str, value: &dyn Fn(usize) -> Option<String>| {
        let values: Vec<Option<String>> = (0..rows).map(value).collect();
        Column::strings(name, Kind::Category, values.iter().map(Option::as_deref))
    };
    let score = |row: usize| {
        age(row) / 10.0
            + [3.0, -2.0, 0.0, 5.0, -4.0, 1.0, 2.0][town(row)]
            + (since(row) / 1e9).sin() * 3.0
            + draw(row, 4) * 2.0
            + (draw(row, 12) * 40.0).floor() * 0.2
    };
    Table::new(vec![
        numbers("age", Kind::Number, &|row| gap(row, 1, age(row))),
        numbers("value", Kind::Number, &|row| {
            gap(row, 5, (draw(row, 5) * 12.0).exp())
        }),
        numbers("price in €", Kind::Number, &|row| {
            gap(row, 6, 2.5e7 + draw(row, 6))
        }),
        Column::numbers(
            "member?",
            Kind::Boolean,
            (0..rows).map(|row| gap(row, 7, f64::from(u8::from(draw(row, 7) > 0.6)))),
            Some(["nein".to_owned(), "ja".to_owned()]),
        ),
        numbers("count", Kind::Integer, &|row| {
            Some((draw(row, 8) * 9.0).floor())
        }),
        texts("town", &|row| {
            let names = ["Ulm", "Żary", "São Paulo", "東京", "a b", "x\"y", " "];
            gap(row, 9, 0.0).map(|_| names[town(row)].to_owned())
        }),
        texts("label", &|row| {
            Some(["no", "yes"][usize::from(draw(row, 10) > 0.4)].to_owned())
        }),
        texts("street", &|row| {
            gap(row, 11, 0.0).map(|_| format!("street {}", (draw(row, 12) * 40.0) as usize))
        }),
        texts("village", &|row| {
            // A few values have a single row.
            Some(match row % 1500 {
                7 => format!("hamlet {row}"),
                _ => format!("village {}", row % 5),
            })
        }),
        texts("house", &|row| {
            gap(row, 13, 0.0)
                .map(|_| format!("house {}", (draw(row, 12) * 40.0) as usize * 100 + row % 17))
        }),
        numbers("since", Kind::Date, &|row| gap(row, 14, since(row))),
        numbers("day", Kind::Date, &|row| {
            gap(
                row,
                15,
                ((draw(row, 15) * 3000.0).floor() + 14_000.0) * 86_400.0,
            )
        }),
        texts(Goal::Two.column(), &|row| {
            Some(if score(row) > 7.0 { "high" } else { "low" }.to_owned())
        }),
        texts(Goal::Four.column(), &|row| {
            let class = ((score(row) / 3.5).max(0.0) as usize).min(3);
            Some(["d", "c", "b", "a"][class].to_owned())
        }),
        numbers(Goal::Number.column(), Kind::Number, &|row| {
            Some((score(row) + 8.0).abs())
        }),
    ])
    .unwrap()
}

/// Other rows, of which some are as odd as rows can be.
fn asked() -> Table {
    let usual = table(ASKED, 9);
    let odd = |column: &Column| -> Column {
        match column.kind() {
            Kind::Category => {
                let cells = (0..ASKED).map(|row| match row {
                    0 => None,
                    1 => Some("never seen"),
                    2 => Some("Ulm "),
                    _ => column.text(row),
                });
                Column::strings(column.name(), column.kind(), cells.collect::<Vec<_>>())
            }
            kind => {
                let cells = (0..ASKED).map(|row| match (row, kind) {
                    (0, _) => None,
                    (3..=8, Kind::Boolean) => column.number(row),
                    (3, _) => Some(0.0),
                    (4, Kind::Date) => Some(-1e12),
                    (5, Kind::Date) => Some(1e12),
                    (4, _) => Some(1e9),
                    (5, _) => Some(-1e9),
                    (6, Kind::Date) => Some(951_782_400.0),
                    (7, Kind::Date) => Some(951_868_799.5),
                    (8, Kind::Date) => Some(-0.5),
                    _ => column.number(row),
                });
                let cells: Vec<Option<f64>> = cells.collect();
                Column::numbers(column.name(), kind, cells, column.labels().cloned())
            }
        }
    };
    Table::new(usual.columns().iter().map(odd).collect()).unwrap()
}
