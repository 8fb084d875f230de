//! Every declared value can be learned with or is refused by name; nothing else gets through.

use crate::COSTLY;
use crate::tables::{Case, Data, Findings, attempt, cases, fault, table};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use trainyard_estimators::algorithm::ParamKind;
use trainyard_estimators::{FitError, ParamSpec, Params, Target, Task};

/// The ends of every range, every word, both switches, and nothing.
fn ends(spec: &ParamSpec) -> Vec<Value> {
    let most = |max: i64| {
        let costly = COSTLY.iter().find(|(name, _, _)| *name == spec.name);
        costly.map_or(max, |(_, _, most)| max.min(*most))
    };
    let of = |kind: &ParamKind| match *kind {
        ParamKind::Integer { min, max } => vec![Value::from(min), Value::from(most(max))],
        ParamKind::Number { min, max, above } => {
            vec![
                Value::from(if above { min.next_up() } else { min }),
                Value::from(max),
            ]
        }
        ParamKind::Choice(words) => words.iter().map(|word| Value::from(*word)).collect(),
        ParamKind::Boolean => vec![Value::from(true), Value::from(false)],
        ParamKind::Null(_) => vec![Value::Null],
        ParamKind::Directions => vec![json!({"column 0": 1}), json!("column 0: -1")],
        ParamKind::Integers { min, max, longest } => {
            vec![Value::from(vec![max]), Value::from(vec![min; longest])]
        }
    };
    spec.kinds.iter().flat_map(of).collect()
}

/// Classes that overlap, so that no value of a parameter sends coefficients to infinity; numbers with noise.
fn data(task: Task) -> Data {
    let mut data = table(task, 90, 3, 3, 41);
    if let Target::Classes { indices, .. } = &mut data.target {
        indices
            .iter_mut()
            .step_by(4)
            .for_each(|index| *index = (*index + 1) % 3);
    }
    data
}

/// Whether learning with these values works; a refusal must name the parameter.
fn learns(
    case: Case,
    name: &str,
    given: &Map<String, Value>,
    label: &str,
    found: &mut Findings,
) -> bool {
    let params = match Params::check(case.specs(), case.task, given) {
        Ok(params) => params,
        Err(problems) => {
            found.add(format!("{label}: {problems:?}"));
            return false;
        }
    };
    let data = data(case.task);
    let target = data.target.clone();
    let outcome = attempt(move || Ok(case.fit(&params, &data)?.predict(&data.features())));
    match outcome {
        Err(problem) => found.add(format!("{label}: {problem}")),
        Ok(Ok(prediction)) => {
            let fault = fault(&prediction, &target, 90);
            found.check(fault.is_none(), || format!("{label}: {fault:?}"));
            return fault.is_none();
        }
        Ok(Err(error)) => {
            let named =
                matches!(&error, FitError::Parameter { .. }) && error.to_string().contains(name);
            found.check(named, || {
                format!("{label}: refused without its name: {error:?}")
            });
        }
    }
    false
}

#[test]
fn both_ends_of_every_parameter_work_or_are_refused_by_name() {
    let mut found = Findings::default();
    let mut words = BTreeMap::new();
    for case in cases() {
        for spec in case
            .specs()
            .iter()
            .filter(|spec| spec.tasks.contains(&case.task))
        {
            for value in ends(spec) {
                let label = format!("{}: {} = {value}", case.label(), spec.name);
                let given = case.given(&[(spec.name, value.clone())]);
                let worked = learns(case, spec.name, &given, &label, &mut found);
                if value.is_string() {
                    *words
                        .entry(format!("{}: {} = {value}", case.name(), spec.name))
                        .or_default() |= worked;
                }
            }
        }
    }
    let useless = words.into_iter().filter(|(_, worked): &(_, bool)| !worked);
    useless.for_each(|(word, _)| found.add(format!("{word} works for no task")));
    found.conclude();
}

/// Every pair of words and switches, where a path through the code is most easily forgotten.
#[test]
fn words_and_switches_go_together_or_are_refused_by_name() {
    let mut found = Findings::default();
    for case in cases() {
        let settings: Vec<(&str, Value)> = case
            .specs()
            .iter()
            .filter(|spec| spec.tasks.contains(&case.task) && spec.name != "solver")
            .flat_map(|spec| ends(spec).into_iter().map(move |value| (spec.name, value)))
            .filter(|(_, value)| !value.is_number())
            .collect();
        for (first, (left, left_value)) in settings.iter().enumerate() {
            for (right, right_value) in &settings[..first] {
                if left == right {
                    continue;
                }
                let given = case.given(&[(left, left_value.clone()), (right, right_value.clone())]);
                let label = format!(
                    "{}: {left} = {left_value}, {right} = {right_value}",
                    case.label()
                );
                // Either of the two may be to blame.
                let mut with_left = Findings::default();
                if !learns(case, left, &given, &label, &mut with_left) && !with_left.is_empty() {
                    learns(case, right, &given, &label, &mut found);
                }
            }
        }
    }
    found.conclude();
}

fn allowed(spec: &ParamSpec, value: &Value) -> bool {
    spec.kinds.iter().any(|kind| match *kind {
        ParamKind::Integer { min, max } => within(value, min as f64, max as f64),
        ParamKind::Number { min, max, above } => value
            .as_f64()
            .is_some_and(|own| own <= max && (own > min || (own == min && !above))),
        ParamKind::Choice(words) => value.as_str().is_some_and(|own| words.contains(&own)),
        ParamKind::Boolean => value.is_boolean(),
        ParamKind::Null(_) => value.is_null(),
        // None of the strangers names a column.
        ParamKind::Directions => false,
        ParamKind::Integers { min, max, longest } => match value {
            Value::Array(own) => {
                (1..=longest).contains(&own.len())
                    && own.iter().all(|own| within(own, min as f64, max as f64))
            }
            Value::String(own) => own.parse().is_ok_and(|own: i64| (min..=max).contains(&own)),
            own => within(own, min as f64, max as f64),
        },
    })
}

fn within(value: &Value, min: f64, max: f64) -> bool {
    let number = value.as_f64();
    number.is_some_and(|own| own.fract() == 0.0 && own >= min && own <= max)
}

/// Values that some kind might let through by mistake.
fn strangers(spec: &ParamSpec) -> Vec<Value> {
    let mut values = vec![
        Value::Null,
        Value::from(true),
        Value::from("no such word"),
        Value::from(""),
        Value::from("1"),
        Value::from("auto "),
        Value::from(-1),
        Value::from(0),
        Value::from(0.5),
        Value::from(-0.5),
        Value::from(1.5),
        Value::from(u64::MAX),
        Value::from(i64::MIN),
        Value::from(f64::MAX),
        Value::from(-f64::MAX),
        Value::from(Vec::<i32>::new()),
        Value::from(vec![1]),
        Value::from(Map::new()),
    ];
    for kind in spec.kinds {
        match *kind {
            ParamKind::Integer { min, max } => values.extend([min - 1, max + 1].map(Value::from)),
            ParamKind::Number { min, max, .. } => {
                values.extend([min.next_down(), min, max.next_up()].map(Value::from))
            }
            ParamKind::Choice(words) => {
                values.extend(words.iter().map(|word| Value::from(word.to_uppercase())))
            }
            ParamKind::Integers { min, max, longest } => values.extend([
                Value::from(vec![min - 1]),
                Value::from(vec![min, max + 1]),
                Value::from(vec![min; longest + 1]),
            ]),
            ParamKind::Directions => {
                values.extend([
                    json!({"column 0": 2}),
                    json!({"column 0": 0.5}),
                    json!("column 0"),
                ]);
            }
            ParamKind::Boolean | ParamKind::Null(_) => {}
        }
    }
    values.retain(|value| !allowed(spec, value));
    values
}

/// The texts in which a refusal has to tell what is allowed.
fn limits(spec: &ParamSpec) -> Vec<String> {
    let of = |kind: &ParamKind| match *kind {
        ParamKind::Integer { min, max } => vec![min.to_string(), max.to_string()],
        ParamKind::Number { min, max, .. } => vec![min.to_string(), max.to_string()],
        ParamKind::Choice(words) => words.iter().map(|word| (*word).to_owned()).collect(),
        ParamKind::Boolean => vec!["true".to_owned(), "false".to_owned()],
        ParamKind::Null(_) => vec!["null".to_owned()],
        ParamKind::Directions => ["-1", "0", "1"].map(str::to_owned).to_vec(),
        ParamKind::Integers { min, max, longest } => [min, max, longest as i64]
            .map(|limit| limit.to_string())
            .to_vec(),
    };
    spec.kinds.iter().flat_map(of).collect()
}

#[test]
fn values_out_of_range_are_refused_with_name_and_range() {
    let mut found = Findings::default();
    for case in cases() {
        for spec in case
            .specs()
            .iter()
            .filter(|spec| spec.tasks.contains(&case.task))
        {
            for value in strangers(spec) {
                let label = format!("{}: {} = {value}", case.label(), spec.name);
                let given = Map::from_iter([(spec.name.to_owned(), value)]);
                match Params::check(case.specs(), case.task, &given) {
                    Ok(_) => found.add(format!("{label} is let through")),
                    Err(problems) => {
                        let text = problems.iter().map(ToString::to_string).collect::<String>();
                        let told = text.starts_with(spec.name)
                            && limits(spec).iter().all(|limit| text.contains(limit));
                        found.check(told && problems.len() == 1, || format!("{label}: '{text}'"));
                    }
                }
            }
        }
    }
    found.conclude();
}

#[test]
fn unknown_parameters_and_those_of_the_other_task_are_refused() {
    let mut found = Findings::default();
    for case in cases() {
        let given = Map::from_iter([("no_such_parameter".to_owned(), Value::from(1))]);
        let refused = Params::check(case.specs(), case.task, &given)
            .err()
            .unwrap_or_default();
        let text = refused.iter().map(ToString::to_string).collect::<String>();
        let known = case.specs().iter().all(|spec| text.contains(spec.name));
        found.check(text.contains("no_such_parameter") && known, || {
            format!("{}: '{text}'", case.label())
        });
        for spec in case
            .specs()
            .iter()
            .filter(|spec| !spec.tasks.contains(&case.task))
        {
            let other = ends(spec)
                .into_iter()
                .find(|value| *value != spec.default_value());
            let given = Map::from_iter([(spec.name.to_owned(), other.unwrap())]);
            let refused = Params::check(case.specs(), case.task, &given)
                .err()
                .unwrap_or_default();
            let text = refused.iter().map(ToString::to_string).collect::<String>();
            found.check(text.contains(spec.name) && text.contains("task"), || {
                format!("{}: '{text}'", case.label())
            });
        }
    }
    found.conclude();
}

#[test]
fn all_problems_are_told_at_once() {
    let mut found = Findings::default();
    for case in cases() {
        let names = case
            .specs()
            .iter()
            .filter(|spec| spec.tasks.contains(&case.task));
        let given: Map<String, Value> = names
            .map(|spec| (spec.name.to_owned(), Value::from(Vec::<i32>::new())))
            .collect();
        let refused = Params::check(case.specs(), case.task, &given)
            .err()
            .unwrap_or_default();
        found.check(refused.len() == given.len(), || {
            format!("{}: {refused:?}", case.label())
        });
    }
    found.conclude();
}
