//! What each feature shows, for those who tell people about it: the way back from a feature to its column.

use super::Preparation;
use super::dates::DatePart;
use super::plan::{Reading, View};
use trainyard_table::Kind;

/// What a feature shows of a column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Meaning<'a> {
    /// The table column.
    pub(crate) column: &'a str,
    /// What people call what is shown: the column's name, for a part of it that of the part.
    pub(crate) subject: &'a str,
    pub(crate) shows: Shows<'a>,
}

/// How to read a feature's values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Shows<'a> {
    /// The column's own numbers.
    Number,
    /// No is 0, yes is 1.
    Boolean,
    /// 1 where the cell is empty.
    Missing,
    /// A part of a date, by its title.
    DatePart(&'static str),
    /// Days since 1970.
    Days,
    /// Codes of values.
    Categories {
        levels: &'a [String],
        /// Whether the code after theirs is that of all rare values and of values never seen.
        has_rare: bool,
        /// Whether the last code is that of empty cells.
        missing_level: bool,
    },
    /// What the target is on average where the value occurs.
    TargetMean,
    /// How often pieces of a text occur.
    Pieces,
}

impl Preparation {
    /// The meaning of each feature, in their order; none for pictures, whose features are no columns.
    pub(crate) fn meanings(&self) -> Vec<Meaning<'_>> {
        let plans = self.plans.iter();
        let each = plans.flat_map(|plan| plan.parts.iter().map(move |part| (plan, part)));
        each.map(|(plan, part)| {
            let shows = match part.view {
                View::Value if plan.kind == Kind::Boolean => Shows::Boolean,
                View::Value => Shows::Number,
                View::Missing => Shows::Missing,
                View::Date(DatePart::ElapsedDays) => Shows::Days,
                View::Date(part) => Shows::DatePart(part.title()),
                View::Target(_) => Shows::TargetMean,
                View::Bucket(_) => Shows::Pieces,
                View::Code => match &plan.reading {
                    Reading::Categories {
                        levels,
                        rare,
                        missing_level,
                    } => Shows::Categories {
                        levels,
                        has_rare: !rare.is_empty(),
                        missing_level: *missing_level,
                    },
                    _ => Shows::Number,
                },
            };
            let own = matches!(
                shows,
                Shows::Number
                    | Shows::Boolean
                    | Shows::Missing
                    | Shows::Days
                    | Shows::Categories { .. }
            );
            Meaning {
                column: &plan.column,
                subject: if own { &plan.column } else { &part.name },
                shows,
            }
        })
        .collect()
    }
}
