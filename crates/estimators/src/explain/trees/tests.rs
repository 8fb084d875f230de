//! Contributions against the definition: the weighted mean over all sets of known features of what a feature changes,
//! with expectations taken by sending the training rows down the trees.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use crate::algorithm::algorithm;
use crate::explain::Scale;
use crate::features::MISSING_CODE;
use crate::tree::binning::Binner;
use crate::tree::nodes::{Forest, Place};
use crate::{
    Array, Feature, FeatureValues, Features, FitContext, Fitted, Params, State, Target, Task,
    TrainingData,
};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::json;

/// A small table with gaps, and something to learn from it.
#[derive(Clone, Debug)]
struct Case {
    columns: Vec<FeatureValues>,
    target: Target,
    name: &'static str,
    depth: usize,
}

impl Case {
    fn features(&self) -> Features {
        let columns = self.columns.iter().enumerate();
        let columns = columns.map(|(index, values)| Feature {
            name: format!("column {index}"),
            values: values.clone(),
        });
        Features::new(self.target.len(), columns.collect()).unwrap()
    }

    fn fit(&self) -> Box<dyn Fitted> {
        let own = algorithm(self.name).unwrap();
        let task = match self.target {
            Target::Classes { .. } => Task::Classification,
            Target::Values(_) => Task::Regression,
        };
        let mut given = json!({"max_depth": self.depth, "min_samples_leaf": 1});
        if self.name != "decision_tree" {
            given["n_estimators"] = json!(3);
        }
        if self.name == "random_forest" {
            // The definition below takes all rows for every tree.
            given["bootstrap"] = json!(false);
        }
        let params = Params::check(own.spec().params, task, given.as_object().unwrap()).unwrap();
        let features = self.features();
        let data = TrainingData {
            features: &features,
            target: &self.target,
            weights: None,
        };
        own.fit(&params, data, &FitContext::silent(5)).unwrap()
    }
}

fn column(rows: usize) -> impl Strategy<Value = FeatureValues> {
    let number = prop_oneof![
        4 => (-4..5_i32).prop_map(f64::from),
        1 => Just(f64::NAN),
    ];
    let code = prop_oneof![5 => 0..6_u32, 1 => Just(MISSING_CODE)];
    prop_oneof![
        prop::collection::vec(number, rows).prop_map(FeatureValues::Numeric),
        prop::collection::vec(code, rows)
            .prop_map(|codes| FeatureValues::Categorical { codes, levels: 6 }),
    ]
}

fn target(rows: usize) -> impl Strategy<Value = Target> {
    prop_oneof![
        prop::collection::vec(-100.0..100.0_f64, rows).prop_map(Target::Values),
        (2..4_usize, prop::collection::vec(any::<u32>(), rows)).prop_map(
            |(classes, mut indices)| {
                indices.iter_mut().for_each(|own| *own %= classes as u32);
                // Every class is there.
                (0..classes).for_each(|class| indices[class] = class as u32);
                Target::Classes { indices, classes }
            }
        ),
    ]
}

fn case() -> impl Strategy<Value = Case> {
    (6..40_usize, 1..6_usize).prop_flat_map(|(rows, columns)| {
        (
            prop::collection::vec(column(rows), columns),
            target(rows),
            prop_oneof![
                Just("decision_tree"),
                Just("random_forest"),
                Just("extra_trees"),
                Just("gradient_boosting")
            ],
            1..9_usize,
        )
            .prop_map(|(columns, target, name, depth)| Case {
                columns,
                target,
                name,
                depth,
            })
    })
}

/// What a tree answers to a row when only some features are known; the others are averaged over by the training rows
/// that came to the node.
fn expectation(
    trees: (&Forest, &Binner),
    at: usize,
    row: &[u8],
    known: usize,
    training: &[&[u8]],
) -> Vec<f64> {
    let (forest, binner) = trees;
    let (feature, left) = match forest.place(at) {
        Place::Leaf(answer) => return answer.to_vec(),
        Place::Inner { column, left } => (binner.feature_of(column), left),
    };
    let side = |child: usize| -> Vec<&[u8]> {
        let goes = training.iter().filter(|own| forest.step(at, own) == child);
        goes.copied().collect()
    };
    if known >> feature & 1 == 1 {
        let next = forest.step(at, row);
        return expectation(trees, next, row, known, &side(next));
    }
    let mut sums = vec![0.0; forest.width()];
    for child in [left, left + 1] {
        let own = side(child);
        let share = own.len() as f64 / training.len() as f64;
        let answer = expectation(trees, child, row, known, &own);
        let parts = sums.iter_mut().zip(answer);
        parts.for_each(|(sum, value)| *sum += share * value);
    }
    sums
}

/// Shapley values of all trees by the definition, `outputs × features`, and what is answered when nothing is known.
fn by_definition(
    trees: (&Forest, &Binner),
    outputs: usize,
    row: &[u8],
    training: &[&[u8]],
) -> (Vec<f64>, Vec<f64>) {
    let (forest, binner) = trees;
    let features = binner.features();
    let answers: Vec<Vec<f64>> = (0..1_usize << features)
        .map(|known| {
            let mut sums = vec![0.0; outputs];
            for tree in 0..forest.trees() {
                let root = forest.nodes_of(tree).start;
                let first = if forest.width() == 1 {
                    tree % outputs
                } else {
                    0
                };
                let answer = expectation(trees, root, row, known, training);
                let parts = sums[first..].iter_mut().zip(answer);
                parts.for_each(|(sum, value)| *sum += value);
            }
            sums
        })
        .collect();
    let factorial = |number: usize| (1..=number).map(|factor| factor as f64).product::<f64>();
    let mut values = vec![0.0; outputs * features];
    for feature in 0..features {
        for known in (0..1_usize << features).filter(|known| known >> feature & 1 == 0) {
            let size = known.count_ones() as usize;
            let weight = factorial(size) * factorial(features - size - 1) / factorial(features);
            for output in 0..outputs {
                let change = answers[known | 1 << feature][output] - answers[known][output];
                values[output * features + feature] += weight * change;
            }
        }
    }
    (values, answers[0].clone())
}

/// The inside of a model, and the outputs its trees serve.
fn inside(state: &State) -> (Binner, Forest, usize) {
    let forest = Forest::load(&state.part("trees")).unwrap();
    let outputs = match state.f64s("baseline") {
        Ok(baseline) => baseline.len(),
        Err(_) => forest.width(),
    };
    (Binner::load(&state.part("bins")).unwrap(), forest, outputs)
}

/// Rows count as often as a tree drew them, whether or not it was cut back.
#[test]
fn leaves_have_the_rows_that_were_drawn() {
    let values: Vec<f64> = (0..50).map(|row| f64::from(row * row % 37)).collect();
    let case = Case {
        columns: vec![FeatureValues::Numeric((0..50).map(f64::from).collect())],
        target: Target::Values(values),
        name: "random_forest",
        depth: 20,
    };
    let own = algorithm(case.name).unwrap();
    let features = case.features();
    let data = TrainingData {
        features: &features,
        target: &case.target,
        weights: None,
    };
    for alpha in [0.0, 1.0] {
        let given = json!({"n_estimators": 5, "ccp_alpha": alpha});
        let given = given.as_object().unwrap();
        let params = Params::check(own.spec().params, Task::Regression, given).unwrap();
        let fitted = own.fit(&params, data, &FitContext::silent(5)).unwrap();
        let (_, forest, _) = inside(&fitted.save());
        for tree in 0..5 {
            assert!(forest.nodes_of(tree).len() > 2);
            assert_eq!(forest.rows_at_leaves(tree).sum::<u32>(), 50);
        }
    }
}

/// Whether every other row, and one in which everything is missing, are explained as the definition says.
fn explains_as_defined(case: &Case) -> Result<(), TestCaseError> {
    let fitted = case.fit();
    let features = case.features();
    let (binner, forest, outputs) = inside(&fitted.save());
    let rows = features.rows();
    let (mut training, mut asked) = (Vec::new(), Vec::new());
    binner.bin_rows(&features, 0, rows, &mut training);
    let width = binner.width();
    let training: Vec<&[u8]> = training.chunks_exact(width).collect();
    let others = features.take(&(0..rows).step_by(2).collect::<Vec<_>>());
    let mut columns = others.columns().to_vec();
    for column in &mut columns {
        match &mut column.values {
            FeatureValues::Numeric(values) => values.push(f64::NAN),
            FeatureValues::Categorical { codes, .. } => codes.push(MISSING_CODE),
        }
    }
    let features = Features::new(rows.div_ceil(2) + 1, columns).unwrap();
    binner.bin_rows(&features, 0, features.rows(), &mut asked);
    let found = super::sums(&forest, &binner, &features, outputs).unwrap();
    let values = found.values.chunks_exact(binner.features() * outputs);
    for (row, own) in asked.chunks_exact(width).zip(values) {
        let (expected, base) = by_definition((&forest, &binner), outputs, row, &training);
        let each = expected.iter().chain(&base);
        let largest = each.fold(1.0, |most: f64, value| most.max(value.abs()));
        let pairs = own.iter().zip(&expected);
        for (own, expected) in pairs.chain(found.base.iter().zip(&base)) {
            prop_assert!(
                (own - expected).abs() <= 1e-11 * largest,
                "{own} is not {expected}"
            );
        }
    }
    Ok(())
}

/// Numbers that are all different go into several columns of bins: to the explanation they are one feature.
#[test]
fn finely_binned_features_are_explained_as_one() -> Result<(), TestCaseError> {
    let rows = 700_u32;
    let mixed = |row: u32, time: u32| f64::from((row * 7919 + time * 104_729) % 9973);
    let case = Case {
        columns: vec![
            FeatureValues::Numeric((0..rows).map(|row| mixed(row, 1)).collect()),
            FeatureValues::Categorical {
                codes: (0..rows).map(|row| row % 5).collect(),
                levels: 6,
            },
            FeatureValues::Numeric((0..rows).map(|row| mixed(row, 2).sqrt()).collect()),
        ],
        target: Target::Values((0..rows).map(|row| mixed(row, 1).sin()).collect()),
        name: "extra_trees",
        depth: 9,
    };
    let (binner, ..) = inside(&case.fit().save());
    assert_eq!((binner.features(), binner.width()), (3, 17));
    explains_as_defined(&case)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn contributions_are_shapley_values(case in case()) {
        explains_as_defined(&case)?;
    }

    #[test]
    fn damaged_rows_at_leaves_are_refused_or_explain(case in case(), place in any::<prop::sample::Index>(), value in any::<u8>()) {
        let state = case.fit().save();
        let own = algorithm(case.name).unwrap();
        let mut bytes = state.u8s("trees.covers").unwrap().to_vec();
        let place = place.index(bytes.len());
        bytes[place] = value;
        let broken = state.with("trees.covers", Array::U8(bytes));
        if let Ok(loaded) = own.load(&broken) {
            let found = loaded.contributions(&case.features()).unwrap();
            prop_assert!(found.values.iter().all(|value| value.is_finite()));
        }
    }
}

fn chain(rows: usize, columns: usize) -> Case {
    // Each column tells one row from all others, so that trees become chains.
    let columns = (0..columns).map(|column| {
        let values = (0..rows).map(|row| f64::from(u8::from(row == column)));
        FeatureValues::Numeric(values.collect())
    });
    Case {
        columns: columns.collect(),
        target: Target::Values(
            (0..rows)
                .map(|row| 1.5_f64.powi((row % 40) as i32))
                .collect(),
        ),
        name: "decision_tree",
        depth: 1000,
    }
}

#[test]
fn deep_paths_add_up() {
    for columns in [3, 4, 5, 8, 9, 16, 17, 32, 33, 64, 65, 200, 256] {
        let case = chain(columns + 8, columns);
        let fitted = case.fit();
        let found = fitted.contributions(&case.features()).unwrap();
        let crate::Prediction::Values(answers) = fitted.predict(&case.features()) else {
            panic!("numbers were learned")
        };
        let largest = answers
            .iter()
            .fold(0.0, |most: f64, value| most.max(value.abs()));
        for (row, answer) in answers.iter().enumerate() {
            let sum = found.base[0] + found.of(row, 0).iter().sum::<f64>();
            assert!(
                (sum - answer).abs() < 1e-9 * largest,
                "{columns} columns, row {row}: {sum} is not {answer}"
            );
        }
    }
    let case = chain(300, 257);
    assert!(case.fit().contributions(&case.features()).is_none());
}

fn small(name: &'static str) -> (Case, State) {
    let numbers = |step: usize| {
        let values = (0..60).map(|row| ((row * step) % 17) as f64);
        FeatureValues::Numeric(values.collect())
    };
    let case = Case {
        columns: vec![numbers(3), numbers(5), numbers(7)],
        target: Target::Values(
            (0..60)
                .map(|row| ((row * 3) % 17 + (row * 5) % 13) as f64)
                .collect(),
        ),
        name,
        depth: 5,
    };
    let state = case.fit().save();
    (case, state)
}

#[test]
fn files_without_rows_at_leaves_answer_without_contributions() {
    for name in ["decision_tree", "random_forest", "gradient_boosting"] {
        let (case, state) = small(name);
        let own = algorithm(name).unwrap();
        let mut old = state.clone();
        old.arrays.remove("trees.covers");
        assert!(own.load(&old).is_err(), "{name}: a note without its array");
        old.meta.remove("trees.covers");
        let loaded = own.load(&old).unwrap();
        assert!(loaded.contributions(&case.features()).is_none());
        assert_eq!(loaded.save(), old);
        let whole = own.load(&state).unwrap();
        assert_eq!(
            loaded.predict(&case.features()),
            whole.predict(&case.features())
        );
        let found = whole.contributions(&case.features()).unwrap();
        assert_eq!(
            Some(&found),
            case.fit().contributions(&case.features()).as_ref()
        );
        assert_eq!(found.scale, Scale::Number);
    }
}

#[test]
fn branches_that_grow_together_are_refused() {
    let (_, state) = small("decision_tree");
    let own = algorithm("decision_tree").unwrap();
    let next = state.u32s("trees.next").unwrap().to_vec();
    let flags = state.u8s("trees.flags").unwrap();
    // Two divisions share their children: a walk over all branches would go there twice.
    let inner: Vec<usize> = (0..next.len()).filter(|&at| flags[at] & 1 == 0).collect();
    let mut together = next.clone();
    let last = *inner.last().unwrap();
    let other = inner[inner.len() - 2];
    together[other] = together[last].max(together[other]);
    together[last] = together[other];
    let mut broken = state.clone().with("trees.next", Array::U32(together));
    assert!(own.load(&broken).is_err());
    // Without the rows at the leaves it is only walked down.
    broken.arrays.remove("trees.covers");
    broken.meta.remove("trees.covers");
    assert!(own.load(&broken).is_ok());
}
