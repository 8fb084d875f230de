//! Sets of bins as conditions on a column, in its own units and words.

use crate::cells::plain;
use crate::preparation::day;
use crate::preparation::meaning::{Meaning, Shows};
use crate::tree::binning::{ColumnBins, MISSING_BIN};
use serde::Serialize;

/// Values named in a sentence.
const NAMED: usize = 10;
/// Values listed beside it.
const LISTED: usize = 200;

/// One bit a bin, that of missing values last.
pub(crate) type BinSet = [u64; 4];

/// Every bin.
pub(crate) const ALL_BINS: BinSet = [u64::MAX; 4];

/// What a column has to be.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Condition {
    /// The table column.
    pub column: String,
    /// What of it is asked about: `number`, `boolean`, `missing`, `date`, the title of a date's part, `category`,
    /// `target_mean` (what the target is on average where the value occurs) or `pieces` (counts of pieces of a text).
    pub shows: &'static str,
    /// Above the first and up to the second number; `None` is no end. Of dates, days since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ranges: Option<Vec<[Option<f64>; 2]>>,
    /// Values of a category or a boolean, some hundred at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<String>>,
    /// Values that are not listed.
    #[serde(skip_serializing_if = "is_zero")]
    pub more_values: usize,
    /// Whether an empty cell meets it.
    pub missing: bool,
    /// Whether a value never seen, or of a category a rare one, meets it.
    pub unknown: bool,
    /// The same as words.
    pub text: String,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

fn holds(set: &BinSet, bin: u8) -> bool {
    set[usize::from(bin >> 6)] >> (bin & 63) & 1 == 1
}

/// The condition that a value is in one of these bins, of each column about its feature that was asked.
pub(crate) fn condition(
    meaning: &Meaning<'_>,
    columns: &[(&ColumnBins, BinSet)],
    labels: [&str; 2],
) -> Condition {
    let subject = meaning.subject;
    let missing = columns.iter().all(|(_, set)| holds(set, MISSING_BIN));
    let mut found = Condition {
        column: meaning.column.to_owned(),
        shows: title(meaning.shows),
        ranges: None,
        values: None,
        more_values: 0,
        missing,
        unknown: missing,
        text: String::new(),
    };
    match (columns, meaning.shows) {
        ([(ColumnBins::Categorical(level_bins), set)], shows) => {
            let (levels, has_rare, missing_level) = match shows {
                Shows::Categories {
                    levels,
                    has_rare,
                    missing_level,
                } => (levels, has_rare, missing_level),
                _ => (&[][..], false, false),
            };
            let within = |level: usize| {
                let bin = level_bins.get(level).copied().unwrap_or(MISSING_BIN);
                holds(set, bin)
            };
            if has_rare {
                found.unknown = within(levels.len());
            }
            if missing_level {
                found.missing = within(levels.len() + usize::from(has_rare));
            }
            let (inside, outside): (Vec<_>, Vec<_>) = levels
                .iter()
                .enumerate()
                .partition(|(level, _)| within(*level));
            let names = |each: &[(usize, &String)]| -> Vec<String> {
                each.iter().map(|(_, name)| (*name).clone()).collect()
            };
            let (inside, outside) = (names(&inside), names(&outside));
            found.text = in_words(subject, &inside, &outside, &found);
            found.more_values = inside.len().saturating_sub(LISTED);
            found.values = Some(inside.into_iter().take(LISTED).collect());
        }
        (columns, shows) => {
            let ranges = ranges(columns);
            let everything = ranges.as_slice() == [[None, None]];
            match shows {
                Shows::Missing => {
                    let empty = ranges.iter().all(|[low, _]| low.is_some());
                    let word = if empty { "missing" } else { "given" };
                    found.text = format!("{subject} is {word}");
                    (found.missing, found.unknown) = (empty, !empty);
                }
                Shows::Boolean if !everything && !ranges.is_empty() => {
                    let yes = ranges
                        .iter()
                        .any(|[_, high]| high.is_none_or(|high| high >= 1.0));
                    let label = labels[usize::from(yes)];
                    found.text = format!("{subject} is {label}");
                    found.values = Some(vec![label.to_owned()]);
                }
                _ => {
                    found.text = match (everything, ranges.is_empty()) {
                        (true, _) if missing => format!("{subject} is anything"),
                        (true, _) => format!("{subject} is given"),
                        (_, true) => format!("{subject} is missing"),
                        _ => {
                            let each = ranges.iter().map(|range| between(subject, shows, range));
                            each.collect::<Vec<_>>().join(" or ")
                        }
                    };
                    found.ranges = Some(ranges);
                }
            }
        }
    }
    found
}

fn title(shows: Shows<'_>) -> &'static str {
    match shows {
        Shows::Number => "number",
        Shows::Boolean => "boolean",
        Shows::Missing => "missing",
        Shows::DatePart(title) => title,
        Shows::Days => "date",
        Shows::Categories { .. } => "category",
        Shows::TargetMean => "target_mean",
        Shows::Pieces => "pieces",
    }
}

/// Neighbouring bins that are in all sets together. Columns have rising cuts, one's above the other's: a value between two
/// cuts of one is in the last bin of those before and in the first of those after.
fn ranges(columns: &[(&ColumnBins, BinSet)]) -> Vec<[Option<f64>; 2]> {
    let cuts_of = |bins: &ColumnBins| match bins {
        ColumnBins::Numeric(cuts) => cuts.clone(),
        ColumnBins::Categorical(_) => Vec::new(),
    };
    let each: Vec<Vec<f64>> = columns.iter().map(|(bins, _)| cuts_of(bins)).collect();
    let cuts = each.concat();
    let holds_all = |bin: usize| {
        let mut before = 0;
        each.iter().zip(columns).all(|(cuts, (_, set))| {
            let own = bin.saturating_sub(before).min(cuts.len());
            before += cuts.len();
            holds(set, own as u8)
        })
    };
    let mut found: Vec<[Option<f64>; 2]> = Vec::new();
    let mut open = false;
    for bin in 0..=cuts.len() {
        let within = holds_all(bin);
        let high = cuts.get(bin).copied();
        if within && open {
            if let Some(last) = found.last_mut() {
                last[1] = high;
            }
        } else if within {
            let low = bin
                .checked_sub(1)
                .and_then(|below| cuts.get(below).copied());
            found.push([low, high]);
        }
        open = within;
    }
    found
}

fn between(subject: &str, shows: Shows<'_>, [low, high]: &[Option<f64>; 2]) -> String {
    let number = |value: f64| match shows {
        Shows::Days => day(value),
        _ => plain(value),
    };
    match (low.map(number), high.map(number)) {
        (None, Some(high)) => format!("{subject} ≤ {high}"),
        (Some(low), None) => format!("{subject} > {low}"),
        (Some(low), Some(high)) => format!("{low} < {subject} ≤ {high}"),
        (None, None) => format!("{subject} is given"),
    }
}

/// "city is one of Bergen, Oslo", or what it is not where that is shorter.
fn in_words(subject: &str, inside: &[String], outside: &[String], found: &Condition) -> String {
    let listed = |names: &[String]| {
        let shown = names.iter().take(NAMED).map(String::as_str);
        let shown = shown.collect::<Vec<_>>().join(", ");
        match names.len().saturating_sub(NAMED) {
            0 => shown,
            more => format!("{shown} and {more} more"),
        }
    };
    match (inside, outside) {
        ([], _) if found.unknown && found.missing => format!("{subject} is missing or unknown"),
        ([], _) if found.unknown => format!("{subject} is another value"),
        ([], _) => format!("{subject} is missing"),
        (_, []) if found.missing && found.unknown => format!("{subject} is anything"),
        (_, []) if found.unknown => format!("{subject} is given"),
        ([only], _) => format!("{subject} is {only}"),
        (_, [only]) if found.unknown => format!("{subject} is not {only}"),
        (_, outside) if found.unknown && outside.len() < inside.len() => {
            format!("{subject} is none of {}", listed(outside))
        }
        _ => format!("{subject} is one of {}", listed(inside)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::up_to;

    #[test]
    fn ranges_of_several_columns_are_where_all_agree() {
        let columns = [vec![1.0, 2.0], vec![3.0, 4.0, 5.0], vec![6.0]].map(ColumnBins::Numeric);
        let asked = |sets: [BinSet; 3]| ranges(&columns.iter().zip(sets).collect::<Vec<_>>());
        let above = |set: BinSet| set.map(|bits| !bits);
        let all = ALL_BINS;
        assert_eq!(asked([all, all, all]), [[None, None]]);
        // Above 1 by the first, up to 4 by the second.
        let low = above(up_to(0, false));
        assert_eq!(asked([low, up_to(1, false), all]), [[Some(1.0), Some(4.0)]]);
        // Up to the last cut of a column, and up to the first of the next.
        assert_eq!(asked([all, up_to(2, false), all]), [[None, Some(5.0)]]);
        assert_eq!(asked([all, all, up_to(0, true)]), [[None, Some(6.0)]]);
        // Nothing is above 4 and up to 2.
        assert!(asked([up_to(1, false), above(up_to(1, false)), all]).is_empty());
        let only = |bin: u8| {
            let mut set = above(up_to(bin - 1, false));
            for (own, upper) in set.iter_mut().zip(up_to(bin, false)) {
                *own &= upper;
            }
            set
        };
        assert_eq!(asked([all, only(1), all]), [[Some(3.0), Some(4.0)]]);
    }
}
