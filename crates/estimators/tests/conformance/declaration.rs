//! What an algorithm says of itself.

use crate::tables::{Findings, cases};
use serde_json::Value;
use std::collections::BTreeSet;
use trainyard_estimators::ParamSpec;
use trainyard_estimators::algorithm::{ALGORITHMS, ParamKind, algorithm};

#[test]
fn names_are_unique_and_texts_are_there() {
    let mut found = Findings::default();
    let mut names = BTreeSet::new();
    for listed in ALGORITHMS {
        let spec = listed.spec();
        let name = spec.name;
        let plain =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        found.check(name.chars().all(plain) && !name.is_empty(), || {
            format!("'{name}' is not snake_case")
        });
        found.check(names.insert(name), || format!("{name} is listed twice"));
        found.check(
            algorithm(name).is_some_and(|own| std::ptr::eq(own.spec(), spec)),
            || format!("{name} is not found by its name"),
        );
        found.check(spec.title.len() > 3 && spec.doc.len() > 20, || {
            format!("{name} has no title or doc")
        });
        let tasks: BTreeSet<String> = spec.tasks.iter().map(|task| format!("{task:?}")).collect();
        found.check(tasks.len() == spec.tasks.len() && !tasks.is_empty(), || {
            format!("{name}: tasks")
        });
    }
    found.conclude();
}

#[test]
fn parameters_are_declared_in_full() {
    let mut found = Findings::default();
    for listed in ALGORITHMS {
        let mut names = BTreeSet::new();
        for param in listed.spec().params {
            let label = format!("{}.{}", listed.spec().name, param.name);
            found.check(names.insert(param.name), || {
                format!("{label} is declared twice")
            });
            found.check(!param.kinds.is_empty() && !param.tasks.is_empty(), || {
                format!("{label}: kinds or tasks")
            });
            found.check(param.doc.len() > 10 && !param.source.is_empty(), || {
                format!("{label}: doc or source")
            });
            found.check(!param.doc.contains(".."), || {
                format!("{label}: two full stops")
            });
            let foreign = param
                .tasks
                .iter()
                .find(|task| !listed.spec().tasks.contains(task));
            found.check(foreign.is_none(), || {
                format!("{label} is for a task that the algorithm cannot learn")
            });
            found.check(param.kinds.iter().all(sensible), || {
                format!("{label}: an empty range")
            });
            check_default(param, &label, &mut found);
        }
    }
    found.conclude();
}

fn check_default(param: &'static ParamSpec, label: &str, found: &mut Findings) {
    match serde_json::from_str::<Value>(param.default) {
        Err(error) => found.add(format!("{label}: default '{}': {error}", param.default)),
        Ok(value) => found.check(value == param.default_value(), || {
            format!("{label}: default")
        }),
    }
}

fn sensible(kind: &ParamKind) -> bool {
    match kind {
        ParamKind::Integer { min, max } => min < max,
        ParamKind::Number { min, max, .. } => min < max && min.is_finite() && max.is_finite(),
        ParamKind::Choice(words) => {
            words.iter().collect::<BTreeSet<_>>().len() == words.len() && !words.is_empty()
        }
        ParamKind::Boolean | ParamKind::Directions => true,
        ParamKind::Null(meaning) => !meaning.is_empty(),
        ParamKind::Integers { min, max, longest } => min < max && *longest > 1,
    }
}

#[test]
fn defaults_are_allowed_for_every_task() {
    let mut found = Findings::default();
    for case in cases() {
        let defaults = case
            .specs()
            .iter()
            .map(|spec| (spec.name.to_owned(), spec.default_value()));
        let checked =
            trainyard_estimators::Params::check(case.specs(), case.task, &defaults.collect());
        found.check(checked.is_ok(), || format!("{}: {checked:?}", case.label()));
        let empty =
            trainyard_estimators::Params::check(case.specs(), case.task, &serde_json::Map::new());
        found.check(empty == checked, || {
            format!("{}: leaving out is not the default", case.label())
        });
    }
    found.conclude();
}
