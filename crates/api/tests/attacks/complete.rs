//! Every number of the list of attacks is somewhere: as a test named by it, or here with the reason.

use std::collections::BTreeSet;
use std::path::Path;

/// Numbers without a test, and why.
const WITHOUT: &[(u32, &str)] = &[
    (
        14,
        "no second process has a port; docs/security.md says how the one is reached",
    ),
    (
        27,
        "what answers tell about training rows is no defect to refuse; docs/security.md says so",
    ),
];

fn sources(folder: &Path, all: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            all.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn every_attack_has_its_test() {
    let mut all = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &mut all);
    let tested: BTreeSet<u32> = all
        .split("fn attack_")
        .skip(1)
        .flat_map(|rest| {
            let name = rest.split('(').next().unwrap_or_default();
            name.split('_').map_while(|word| match word {
                "and" => Some(None),
                word => word.parse().ok().map(Some),
            })
        })
        .flatten()
        .collect();
    for number in 1..=30 {
        let reason = WITHOUT.iter().any(|(without, _)| *without == number);
        assert!(
            tested.contains(&number) != reason,
            "attack {number} has no test, or a test and a reason for having none"
        );
    }
}
