//! What may spoil a model, in plain sentences, most harmful first.

use super::relations::Relations;
use super::{ColumnProfile, Warning, leak};
use crate::Kind;

/// Shares of rows from which a thing is told.
const MOSTLY_MISSING: f64 = 0.5;
const MANY_DUPLICATES: f64 = 0.01;
/// Of what the rarest class would have if all were equally frequent.
const RARE_CLASS: f64 = 0.25;
const FREQUENT_CLASS: f64 = 0.9;
/// Most values of a whole-number target that is still classes.
const FEW_WHOLE_NUMBERS: usize = 10;

/// All warnings; `columns` and `relations` are of the same table.
pub(super) fn warnings(
    rows: usize,
    duplicate_rows: usize,
    columns: &[ColumnProfile],
    relations: &Relations,
    target: Option<&str>,
) -> Vec<Warning> {
    let target = target.and_then(|target| columns.iter().find(|column| column.name == target));
    let mut found = Vec::new();
    if let Some(target) = target {
        for index in leak::suspects(relations) {
            found.extend(
                columns
                    .get(index)
                    .map(|column| leak_suspect(column, target)),
            );
        }
    }
    if duplicate_rows > 0 && duplicate_rows as f64 >= MANY_DUPLICATES * rows as f64 {
        found.push(Warning {
            code: "duplicate_rows".to_owned(),
            column: None,
            detail: format!("{} of {} rows are copies of an earlier row ({}).", count(duplicate_rows), count(rows), percent(duplicate_rows, rows)),
            action: "Remove the copies unless they are different cases that happen to look alike: copies on both sides of the test make scores look better than they are.".to_owned(),
        });
    }
    found.extend(target.and_then(|target| imbalance(target, rows)));
    let each = |code: fn(&ColumnProfile, usize) -> Option<Warning>| {
        columns.iter().filter_map(move |column| code(column, rows))
    };
    found.extend(each(mostly_missing));
    found.extend(each(constant));
    found.extend(twins(columns, relations));
    found.extend(each(identifier));
    found.extend(each(outliers));
    found
}

fn about(column: &ColumnProfile, code: &str, detail: String, action: &str) -> Warning {
    Warning {
        code: code.to_owned(),
        column: Some(column.name.clone()),
        detail,
        action: action.to_owned(),
    }
}

fn leak_suspect(column: &ColumnProfile, target: &ColumnProfile) -> Warning {
    let detail = format!(
        "'{}' alone foretells '{}' almost perfectly.",
        column.name, target.name
    );
    let action = format!(
        "If its value is only known after '{}' is, leave it out: the model would be useless when it is needed.",
        target.name
    );
    about(column, "leak_suspect", detail, &action)
}

fn imbalance(target: &ColumnProfile, rows: usize) -> Option<Warning> {
    let known = rows - target.missing;
    let counts: Vec<usize> = match (&target.top, &target.histogram) {
        (Some(top), _) if target.kind != Kind::Text && target.kind != Kind::Identifier => {
            top.iter().map(|value| value.count).collect()
        }
        (None, Some(histogram))
            if target.kind == Kind::Integer
                && target.distinct <= FEW_WHOLE_NUMBERS
                && histogram.counts.len() <= 40 =>
        {
            histogram
                .counts
                .iter()
                .copied()
                .filter(|count| *count > 0)
                .collect()
        }
        _ => return None,
    };
    if target.other.unwrap_or(0) > 0 {
        return None;
    }
    let rarest = counts.iter().copied().min()?;
    let most = counts.iter().copied().max()?;
    let unbalanced = (rarest * counts.len()) as f64 <= RARE_CLASS * known as f64
        || most as f64 > FREQUENT_CLASS * known as f64;
    let detail = format!(
        "The most frequent class of '{}' holds {} of the rows, the rarest {}.",
        target.name,
        percent(most, known),
        percent(rarest, known)
    );
    (unbalanced && counts.len() >= 2).then(|| {
        about(target, "imbalance", detail, "Judge by balanced accuracy, F1 or ROC AUC rather than accuracy: always answering the most frequent class already looks good.")
    })
}

fn mostly_missing(column: &ColumnProfile, rows: usize) -> Option<Warning> {
    let detail = format!(
        "'{}' is empty in {} of the rows.",
        column.name,
        percent(column.missing, rows)
    );
    (rows > 0 && column.missing as f64 > MOSTLY_MISSING * rows as f64)
        .then(|| about(column, "mostly_missing", detail, "Leave it out, or keep it if being empty means something: gaps are filled in and marked."))
}

fn constant(column: &ColumnProfile, rows: usize) -> Option<Warning> {
    let detail = format!(
        "'{}' has the same value in every row that has one.",
        column.name
    );
    (rows > 1 && column.distinct == 1 && column.missing * 2 <= rows).then(|| {
        about(
            column,
            "constant",
            detail,
            "Leave it out: nothing can be learned from it.",
        )
    })
}

fn identifier(column: &ColumnProfile, _rows: usize) -> Option<Warning> {
    let detail = format!(
        "'{}' names rows: {} different values.",
        column.name,
        count(column.distinct)
    );
    (column.kind == Kind::Identifier).then(|| {
        about(
            column,
            "identifier",
            detail,
            "It is left out of training; a new row has a new name.",
        )
    })
}

/// Values far beyond the outer fences of Tukey (1977) when they are few.
fn outliers(column: &ColumnProfile, rows: usize) -> Option<Warning> {
    let (Some([low, _, high]), Some(min), Some(max), Some(histogram)) =
        (column.quartiles, column.min, column.max, &column.histogram)
    else {
        return None;
    };
    let spread = high - low;
    if spread <= 0.0
        || rows < 30
        || column.distinct <= FEW_WHOLE_NUMBERS
        || column.kind == Kind::Date
    {
        return None;
    }
    let far = (max - high).max(low - min) / spread;
    // Counted in bins that lie wholly outside, so that no second pass over the values is needed.
    let outside = histogram
        .edges
        .windows(2)
        .zip(&histogram.counts)
        .filter(|(edges, _)| edges[0] > high + 3.0 * spread || edges[1] < low - 3.0 * spread)
        .map(|(_, count)| count)
        .sum::<usize>();
    let few = outside > 0 && outside as f64 <= 0.01 * (rows - column.missing) as f64;
    let detail = format!(
        "'{}' lies between {} and {} for half of the rows, but reaches from {} to {}.",
        column.name,
        number(low),
        number(high),
        number(min),
        number(max)
    );
    (far > 10.0 && few).then(|| about(column, "outliers", detail, "Look at the extreme rows: a slip of the pen should be mended; true extremes may stay, and tree models mind them least."))
}

fn twins(columns: &[ColumnProfile], relations: &Relations) -> Vec<Warning> {
    const MOST_COLUMNS: usize = 60;
    let views: Vec<_> = relations
        .views
        .iter()
        .enumerate()
        .filter_map(|(index, view)| Some((index, view.as_ref()?)))
        .take(MOST_COLUMNS)
        .collect();
    let target = relations.target.as_ref().map(|(position, _)| *position);
    let mut found = Vec::new();
    for (place, (second, view)) in views.iter().enumerate() {
        let earlier = views[..place].iter().find(|(first, other)| {
            Some(*first) != target && Some(*second) != target && other.twins(view)
        });
        if let (Some((first, _)), Some(column)) = (earlier, columns.get(*second))
            && let Some(first) = columns.get(*first)
        {
            let detail = format!(
                "'{}' and '{}' say the same in other words.",
                first.name, column.name
            );
            found.push(about(column, "twin_columns", detail, "Leave one of them out: importance is shared between them and seems smaller than it is."));
        }
    }
    found
}

fn percent(part: usize, whole: usize) -> String {
    let share = part as f64 / whole.max(1) as f64 * 100.0;
    if share >= 10.0 || share == 0.0 {
        format!("{share:.0} %")
    } else if share >= 0.1 {
        format!("{share:.1} %")
    } else {
        "less than 0.1 %".to_owned()
    }
}

/// 1,234,567
fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Four significant digits.
fn number(value: f64) -> String {
    if value == 0.0 || (value.fract() == 0.0 && value.abs() < 1e6) {
        return format!("{value}");
    }
    let digits = (3 - value.abs().log10().floor() as i32).clamp(0, 12) as usize;
    if value.abs() >= 1e9 || value.abs() < 1e-6 {
        return format!("{value:.3e}");
    }
    let text = format!("{value:.digits$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}
