//! Model files come from anywhere: a state that somebody broke is refused or answers something, but never panics or hangs.

use crate::tables::{Case, Findings, attempt, cases, contained};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use trainyard_estimators::{Array, Features, State};

/// Places of an array that are broken one by one.
const PLACES: usize = 48;
/// Findings of one algorithm after which the rest would tell nothing new.
const ENOUGH: usize = 12;

/// The same change to the values of an array, whatever their type.
macro_rules! map_array {
    ($array:expr, $values:ident => $result:expr) => {
        match $array {
            Array::F64($values) => Array::F64($result),
            Array::F32($values) => Array::F32($result),
            Array::U64($values) => Array::U64($result),
            Array::U32($values) => Array::U32($result),
            Array::I32($values) => Array::I32($result),
            Array::U16($values) => Array::U16($result),
            Array::U8($values) => Array::U8($result),
        }
    };
}

fn length(array: &Array) -> usize {
    match array {
        Array::F64(values) => values.len(),
        Array::F32(values) => values.len(),
        Array::U64(values) => values.len(),
        Array::U32(values) => values.len(),
        Array::I32(values) => values.len(),
        Array::U16(values) => values.len(),
        Array::U8(values) => values.len(),
    }
}

/// Arrays of other lengths.
fn resized(array: &Array) -> Vec<(String, Array)> {
    let count = length(array);
    let cut = |keep: usize| map_array!(array, values => values[..keep].to_vec());
    let longer = |times: usize| map_array!(array, values => values.iter().copied().cycle().take(count * times).collect());
    let plus =
        map_array!(array, values => values.iter().copied().chain(values.last().copied()).collect());
    let plus_zero =
        map_array!(array, values => values.iter().copied().chain([Default::default()]).collect());
    let mut changed = vec![
        ("doubled".to_owned(), longer(2)),
        ("one longer".to_owned(), plus),
        ("longer by a 0".to_owned(), plus_zero),
    ];
    for keep in [
        0,
        1,
        count / 2,
        count.saturating_sub(4),
        count.saturating_sub(1),
    ] {
        if keep < count {
            changed.push((format!("cut to {keep}"), cut(keep)));
        }
    }
    changed
}

/// Arrays with extreme values, at single places and everywhere.
fn extreme(array: &Array) -> Vec<(String, Array)> {
    const KINDS: usize = 6;
    let count = length(array);
    let places: Vec<usize> = if count <= PLACES {
        (0..count).collect()
    } else {
        (0..PLACES)
            .map(|place| place * (count - 1) / (PLACES - 1))
            .collect()
    };
    let mut changed = Vec::new();
    for kind in 0..KINDS {
        let at = |places: &[usize]| {
            let mut broken = array.clone();
            for &place in places {
                match &mut broken {
                    Array::F64(own) => {
                        own[place] = [f64::NAN, f64::INFINITY, -1.0, f64::MAX, f64::MIN, 0.0][kind];
                    }
                    Array::F32(own) => {
                        own[place] = [f32::NAN, f32::INFINITY, -1.0, f32::MAX, f32::MIN, 0.0][kind];
                    }
                    Array::U64(own) => {
                        own[place] = [u64::MAX, 0, 1, u64::MAX / 2, 256, own[place] ^ 1][kind]
                    }
                    Array::U32(own) => {
                        own[place] = [u32::MAX, 0, 1, u32::MAX / 2, 256, own[place] ^ 1][kind]
                    }
                    Array::I32(own) => {
                        own[place] = [i32::MAX, 0, -1, i32::MIN, 256, own[place] ^ 1][kind]
                    }
                    Array::U16(own) => {
                        own[place] = [u16::MAX, 0, 1, u16::MAX / 2, 256, own[place] ^ 1][kind]
                    }
                    Array::U8(own) => own[place] = [u8::MAX, 0, 1, 2, 4, own[place] ^ 1][kind],
                }
            }
            broken
        };
        for &place in &places {
            changed.push((format!("extreme {kind} at {place}"), at(&[place])));
        }
        changed.push((
            format!("extreme {kind} everywhere"),
            at(&(0..count).collect::<Vec<_>>()),
        ));
    }
    changed
}

/// The same numbers under another type.
fn retyped(array: &Array) -> Vec<(String, Array)> {
    let count = length(array);
    let others = [
        Array::F64(vec![0.0; count]),
        Array::U8(vec![0; count]),
        Array::F32(vec![1.0; count]),
    ];
    let other_type = |other: &Array| std::mem::discriminant(other) != std::mem::discriminant(array);
    others
        .into_iter()
        .filter(other_type)
        .map(|other| ("of another type".to_owned(), other))
        .collect()
}

/// Values in place of a small one.
fn replaced(value: &Value) -> Vec<Value> {
    let mut others = vec![
        Value::Null,
        json!(-1),
        json!(0),
        json!(1),
        json!(2),
        json!(1_000),
        json!(u32::MAX),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1e300),
        json!(0.5),
        json!(true),
        json!(""),
        json!("word"),
        json!([]),
        json!([[]]),
        json!({}),
        json!([u64::MAX, -1, null]),
    ];
    if let Some(number) = value.as_u64() {
        others.extend(
            [
                number.wrapping_add(1),
                number.wrapping_sub(1),
                number.wrapping_mul(2),
            ]
            .map(Value::from),
        );
    }
    others.retain(|other| other != value);
    others
}

/// Every damage to a state, each with its name.
fn damages(state: &State) -> Vec<(String, State)> {
    let mut all = vec![("nothing left".to_owned(), State::default())];
    for (name, array) in &state.arrays {
        let broken = resized(array)
            .into_iter()
            .chain(extreme(array))
            .chain(retyped(array));
        for (how, array) in broken {
            let mut state = state.clone();
            state.arrays.insert(name.clone(), array);
            all.push((format!("array {name} {how}"), state));
        }
    }
    for (name, value) in &state.meta {
        for other in replaced(value) {
            let mut state = state.clone();
            state.meta.insert(name.clone(), other.clone());
            all.push((format!("value {name} = {other}"), state));
        }
    }
    all
}

/// A small model with numbers, gaps and categories in it.
fn small(case: Case) -> (State, Features, Vec<Features>) {
    let data = case.table(90, 3, 51);
    let few: Vec<(&str, Value)> = case
        .specs()
        .iter()
        .filter(|spec| spec.name == "n_estimators")
        .map(|spec| (spec.name, Value::from(2)))
        .collect();
    let learned = case
        .fit(&case.params(&few), &data)
        .unwrap_or_else(|error| panic!("{}: {error}", case.label()));
    let asked = data.take(&(0..12).collect::<Vec<_>>());
    // Columns other than those of the fit: a broken state may claim to have been learned from these.
    let mut fewer = asked.clone();
    fewer.columns.pop();
    let mut turned = asked.clone();
    turned.columns.reverse();
    let mut none = asked.clone();
    none.columns.clear();
    let others = vec![fewer.features(), turned.features(), none.features()];
    (learned.save(), asked.features(), others)
}

#[test]
fn a_broken_state_is_refused_or_answers() {
    let mut found = Findings::default();
    for case in cases() {
        let (state, features, _) = small(case);
        let doing = Arc::new(Mutex::new(String::new()));
        let now = Arc::clone(&doing);
        let outcome = attempt(move || {
            let mut problems = Vec::new();
            for (how, broken) in damages(&state) {
                now.lock().unwrap().clone_from(&how);
                let answered = contained(|| {
                    if let Ok(loaded) = case.algorithm.load(&broken) {
                        loaded.predict(&features);
                        loaded.save();
                    }
                });
                if let Err(problem) = answered {
                    problems.push(format!("{how}: {problem}"));
                }
                if problems.len() >= ENOUGH {
                    break;
                }
            }
            problems
        });
        match outcome {
            Ok(problems) => {
                problems
                    .into_iter()
                    .for_each(|problem| found.add(format!("{}, {problem}", case.label())));
            }
            Err(problem) => found.add(format!(
                "{}, {}: {problem}",
                case.label(),
                doing.lock().unwrap()
            )),
        }
    }
    found.conclude();
}

#[test]
fn a_state_with_a_part_removed_or_of_another_type_is_refused() {
    let mut found = Findings::default();
    for case in cases() {
        let (state, _, _) = small(case);
        let mut refused = |name: &str, broken: State| {
            let outcome = contained(|| case.algorithm.load(&broken).map(drop));
            let right = matches!(&outcome, Ok(Err(error)) if error.to_string().len() > 30);
            found.check(right, || {
                format!("{} without {name}: {outcome:?}", case.label())
            });
        };
        refused("anything", State::default());
        for (name, array) in &state.arrays {
            let mut broken = state.clone();
            broken.arrays.remove(name);
            refused(name, broken);
            for (_, other) in retyped(array) {
                let mut broken = state.clone();
                broken.arrays.insert(name.clone(), other);
                refused(&format!("{name} of its type"), broken);
            }
        }
        for name in state.meta.keys() {
            let mut broken = state.clone();
            broken.meta.remove(name);
            refused(name, broken);
        }
    }
    found.conclude();
}

/// A model file names its columns; one that names others than its numbers were learned from reaches `predict` like this.
#[test]
fn columns_of_another_kind_do_not_end_in_a_panic() {
    let mut found = Findings::default();
    for case in cases() {
        let (state, _, others) = small(case);
        for features in others {
            let state = state.clone();
            let outcome = attempt(move || {
                case.algorithm
                    .load(&state)
                    .map(|own| own.predict(&features).rows())
            });
            found.check(outcome == Ok(Ok(12)), || {
                format!("{}: {outcome:?}", case.label())
            });
        }
    }
    found.conclude();
}

#[test]
fn a_state_of_another_algorithm_does_not_end_in_a_panic() {
    let mut found = Findings::default();
    for case in cases() {
        let (state, features, _) = small(case);
        for other in cases() {
            let (state, features) = (state.clone(), features.clone());
            let outcome = attempt(move || {
                other
                    .algorithm
                    .load(&state)
                    .map(|own| own.predict(&features).rows())
                    .ok()
            });
            found.check(outcome.is_ok(), || {
                format!("{} read as {}: {outcome:?}", case.label(), other.label())
            });
        }
    }
    found.conclude();
}
