//! What a data set's profile already says about a training that cannot work: found before it is paid.

use trainyard_estimators::Task;
use trainyard_table::{ColumnProfile, Kind, Profile};
use trainyard_training::{FieldProblem, Limits, TaskChoice, TrainSpec};

/// The largest seed that JSON readers everywhere keep exactly.
const LARGEST_SEED: u64 = 1 << 53;

/// Adds what the profile shows to the problems of the request.
pub(crate) fn against_profile(
    spec: &TrainSpec,
    profile: &Profile,
    limits: Limits,
    problems: &mut Vec<FieldProblem>,
) {
    if spec.seed > LARGEST_SEED {
        problems.push(FieldProblem::new(
            "/seed",
            "Use a whole number from 0 to 2^53.",
        ));
    }
    let Some(target) = profile
        .columns
        .iter()
        .find(|column| column.name == spec.target)
    else {
        return;
    };
    let wants_classes = spec.task_of(target) == Task::Classification;
    let name = &target.name;
    let fewest = spec.split.fewest_rows();
    let present = profile.rows.saturating_sub(target.missing);
    let problem = |detail: String| Some(FieldProblem::new("/target", detail));
    let about_values = if present == 0 {
        problem(format!(
            "Every row of '{name}' is empty. Choose another target or fill it in."
        ))
    } else if target.distinct < 2 {
        problem(if wants_classes {
            format!(
                "Every row of '{name}' has the same value: a model needs at least two classes to tell apart. Choose another target or add rows of another class."
            )
        } else {
            format!(
                "Every row of '{name}' has the same value: there is nothing to learn. Choose another target."
            )
        })
    } else if present < fewest {
        problem(format!(
            "Only {present} rows have a value in '{name}'. At least {fewest} are needed to train and test."
        ))
    } else if wants_classes && target.distinct == present {
        problem(format!(
            "Every row of '{name}' has a value of its own, so there are no classes to learn. Choose another target{}.",
            instead(target)
        ))
    } else if target.kind == Kind::Date {
        problem(format!(
            "'{name}' holds dates. Choose another target, or add a column with the number of days."
        ))
    } else {
        None
    };
    // The smaller problem of the same field says nothing new.
    if about_values.is_some() && present < fewest {
        problems.retain(|known| known.pointer != "/dataset_id");
    }
    if about_values.is_none() {
        problems.extend(spec.check_limits(profile, limits));
    }
    problems.extend(about_values);
    if spec.task == TaskChoice::Regression
        && !matches!(
            target.kind,
            Kind::Integer | Kind::Number | Kind::Boolean | Kind::Date
        )
    {
        problems.push(FieldProblem::new("/task", format!("'{name}' holds words, which cannot be predicted as numbers. Choose classification, or another target.")));
    }
    if let (Some(class), Some(top)) = (&spec.positive_class, &target.top) {
        let all_shown = target.other.unwrap_or_default() == 0;
        if all_shown && !top.iter().any(|value| &value.value == class) {
            let known = top
                .iter()
                .map(|value| value.value.as_str())
                .collect::<Vec<_>>()
                .join(", ");
            problems.push(FieldProblem::new(
                "/positive_class",
                format!("There is no class '{class}'. Choose one of {known}."),
            ));
        }
    }
}

fn instead(target: &ColumnProfile) -> &'static str {
    if matches!(target.kind, Kind::Integer | Kind::Number) {
        ", or predict it as a number (regression)"
    } else {
        ""
    }
}
