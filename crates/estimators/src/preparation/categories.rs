//! Categories: a code for each value, rare values together, or target statistics where values are too many.

use super::carry_out;
use super::plan::{ColumnPlan, Part, Planned, Reading, View};
use super::statistics::{Lesson, MOST_CLASSES, Statistics, Taught};
use super::{PreparationOptions, words};
use crate::cells::{NO_TEXT, Spelled, spelled};
use std::borrow::Cow;
use std::collections::BTreeMap;
use trainyard_table::Column;

/// Values in fewer rows than this share of all, and than [`ALWAYS_ENOUGH_ROWS`], are rare: a column of their own would be
/// learned from a handful of rows. Below ten thousand rows none is: in small tables the one house with a pool is worth
/// knowing.
const RARE_SHARE: f64 = 1.0 / 5000.0;
/// No value in this many rows is rare, however many rows there are.
const ALWAYS_ENOUGH_ROWS: usize = 20;
/// Where rare values have more than this share of the rows, they are what the column is about: as one they would say
/// nothing, and one by one they would be a thousand columns at least.
const MOST_RARE_ROWS: f64 = 0.2;
/// An algorithm that has one column per value gets target statistics for categories of more values, rare ones taken as
/// one: more columns than that are slow, and most of them say little.
const MOST_COLUMNS: usize = 255;
/// Trees keep this many values apart; beyond, they see one bin of all the others.
const MOST_BINS: usize = 255;
/// Statistics tell little when a value's own mean needs more rows than these to weigh as much as the overall one: then
/// values explain less than a twentieth of the target's variance.
const ROWS_OF_WEAK_STATISTICS: f64 = 20.0;

/// The values of a column with their rows, as they occur.
struct Counted<'a> {
    values: Vec<(Cow<'a, str>, usize)>,
    missing: usize,
}

/// Decides about a column of categories from its training cells.
pub(super) fn plan(
    mut plan: ColumnPlan,
    column: &Column,
    options: &PreparationOptions,
    lesson: &Lesson<'_>,
) -> Planned {
    let Counted {
        mut values,
        missing,
    } = counted(column);
    match values.as_slice() {
        [] => {
            plan.note = Some("left out: empty in every training row".to_owned());
            return plan.into();
        }
        [(only, _)] if missing == 0 => {
            plan.note = Some(format!("left out: always '{only}'"));
            return plan.into();
        }
        _ => {}
    }
    let one_hot = options.needs.imputation;
    let (rare, too_many) = if one_hot {
        rare_values(&values, column.len())
    } else {
        (Vec::new(), values.len() > MOST_BINS)
    };
    keep_frequent(&mut plan, &mut values, options.max_categories);
    let mut levels = values
        .into_iter()
        .map(|(text, _)| text.into_owned())
        .collect::<Vec<_>>();
    levels.sort_unstable();
    let missing_level = one_hot && missing > 0;
    if too_many {
        let statistics = Statistics {
            levels,
            missing_level,
            means: Vec::new(),
        };
        let codes = carry_out::groups(&statistics, Some(column), column.len());
        let taught = lesson.teach(&codes, statistics.groups());
        if options.weak_statistics || taught.beside <= ROWS_OF_WEAK_STATISTICS {
            return stand_for_target(plan, statistics, taught, options, lesson);
        }
        levels = statistics.levels;
    }
    levels.retain(|level| rare.binary_search(level).is_err());
    let shown = words::counted(levels.len(), "value", "values");
    plan.steps.push(if one_hot {
        format!("one column per value ({shown})")
    } else {
        format!("told apart by value ({shown})")
    });
    if !rare.is_empty() {
        plan.steps.push(format!(
            "{} in too few rows share one column, 'rare values'; so do values never seen",
            words::counted(rare.len(), "value", "values")
        ));
    }
    if missing_level {
        plan.steps.push(format!(
            "missing ({}) is a value of its own",
            words::counted(missing, "row", "rows")
        ));
    }
    plan.reading = Reading::Categories {
        levels,
        rare,
        missing_level,
    };
    let name = column.name().to_owned();
    plan.parts.push(Part::plain(name, View::Code));
    plan.into()
}

fn counted(column: &Column) -> Counted<'_> {
    let Spelled { texts, codes } = spelled(column);
    let mut counts = vec![0_usize; texts.len()];
    let mut missing = 0;
    for &code in &codes {
        match counts.get_mut(code as usize) {
            Some(count) => *count += 1,
            None => missing += 1,
        }
    }
    // Two dictionary entries may spell the same text.
    let mut merged = BTreeMap::new();
    for (text, count) in texts
        .into_iter()
        .zip(counts)
        .filter(|(_, count)| *count > 0)
    {
        *merged.entry(text).or_insert(0) += count;
    }
    Counted {
        values: merged.into_iter().collect(),
        missing,
    }
}

/// The values that are to share a level, in their order: those in too few rows, if there are two or more of them. And
/// whether values are too many for a column each all the same.
fn rare_values(values: &[(Cow<'_, str>, usize)], rows: usize) -> (Vec<String>, bool) {
    let enough = ALWAYS_ENOUGH_ROWS.min((rows as f64 * RARE_SHARE) as usize);
    let (rare, apart) = values
        .iter()
        .partition::<Vec<_>, _>(|(_, count)| *count < enough);
    let rows_of_rare = rare.iter().map(|(_, count)| count).sum::<usize>();
    let too_many = rows_of_rare as f64 > rows as f64 * MOST_RARE_ROWS;
    if too_many || rare.len() < 2 {
        return (Vec::new(), too_many || values.len() > MOST_COLUMNS);
    }
    let rare = rare.into_iter().map(|(text, _)| text.to_string());
    (rare.collect(), apart.len() >= MOST_COLUMNS)
}

/// Drops all but the most frequent values, and says so.
fn keep_frequent(plan: &mut ColumnPlan, values: &mut Vec<(Cow<'_, str>, usize)>, most: usize) {
    let distinct = values.len();
    let kept = most.clamp(1, NO_TEXT as usize / 2);
    if distinct <= kept {
        return;
    }
    values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let others = values.drain(kept..).map(|(_, count)| count).sum::<usize>();
    plan.note = Some(format!(
        "only the {} most frequent of {} values are told apart; the others ({}) count as unknown",
        words::count(kept),
        words::count(distinct),
        words::counted(others, "row", "rows")
    ));
}

/// The column as what the target is where each value occurs.
fn stand_for_target(
    mut plan: ColumnPlan,
    mut statistics: Statistics,
    taught: Taught,
    options: &PreparationOptions,
    lesson: &Lesson<'_>,
) -> Planned {
    plan.steps.push(format!(
        "falls back to target statistics: {}",
        words::counted(statistics.levels.len(), "value", "values")
    ));
    plan.steps.push(format!(
        "each value stands for what the target is on average where it occurs, closer to the overall average the fewer its rows{}",
        if lesson.leaves_classes_out() {
            format!(" (for the {MOST_CLASSES} most frequent classes)")
        } else {
            String::new()
        }
    ));
    if statistics.missing_level {
        plan.steps.push("missing is a value of its own".to_owned());
    }
    if taught.beside.is_infinite() {
        let note = "the target differs by its values no more than by chance, so they all stand for the overall average";
        plan.note = Some(match plan.note.take() {
            Some(first) => format!("{first}; {note}"),
            None => note.to_owned(),
        });
    }
    let outputs = lesson.outputs();
    for (output, ((title, values), &prior)) in outputs
        .iter()
        .zip(&taught.training)
        .zip(&taught.prior)
        .enumerate()
    {
        let (name, view) = (format!("{} {title}", plan.column), View::Target(output));
        let mut part = Part::fitted(&name, view, values, prior, options);
        // Values never seen stand for the overall mean, whether or not missing ones are filled.
        part.fill = prior;
        plan.parts.push(part);
    }
    statistics.means = taught.means;
    plan.reading = Reading::Statistics(statistics);
    Planned {
        plan,
        training: Some(taught.training),
    }
}
