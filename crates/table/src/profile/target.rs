//! Which column a person most likely wants to predict.

use super::ColumnProfile;
use crate::Kind;
use crate::infer::name_words;

/// Whole names, most telling first.
const NAMES: [&str; 32] = [
    "target",
    "label",
    "class",
    "outcome",
    "response",
    "labels",
    "ground_truth",
    "survived",
    "species",
    "churn",
    "churned",
    "default",
    "diagnosis",
    "price",
    "spam",
    "fraud",
    "attrition",
    "purchased",
    "approved",
    "disease",
    "edible",
    "rating",
    "quality",
    "sales",
    "revenue",
    "demand",
    "y",
    "output",
    "result",
    "score",
    "status",
    "grade",
];
/// Last words of longer names.
const LAST_WORDS: [&str; 12] = [
    "target",
    "label",
    "outcome",
    "price",
    "churn",
    "churned",
    "diagnosis",
    "survived",
    "purchased",
    "fraud",
    "default",
    "approved",
];

/// A column named like a target, else the last one that can be one.
pub(super) fn suggest(columns: &[ColumnProfile], rows: usize) -> Option<String> {
    let possible: Vec<&ColumnProfile> = columns
        .iter()
        .filter(|column| is_possible(column, rows))
        .collect();
    let ends =
        [columns.first(), columns.last()].map(|column| column.map(|column| column.name.as_str()));
    let whole = NAMES.iter().find_map(|name| {
        let found = possible
            .iter()
            .find(|column| column.name.trim().eq_ignore_ascii_case(name))?;
        // In the middle of a table, y is a coordinate.
        (*name != "y" || ends.contains(&Some(found.name.as_str()))).then_some(found)
    });
    let last_word = |word: &&str| {
        possible.iter().rfind(|column| {
            name_words(&column.name)
                .last()
                .is_some_and(|last| last == word)
        })
    };
    let found = whole
        .or_else(|| LAST_WORDS.iter().find_map(last_word))
        .or(possible.last());
    found.map(|column| column.name.clone())
}

/// Varies, is mostly there, and is something a model can answer with.
fn is_possible(column: &ColumnProfile, rows: usize) -> bool {
    let kind = match column.kind {
        Kind::Integer | Kind::Number | Kind::Boolean => true,
        Kind::Category => {
            column.distinct <= 1000 && (column.distinct <= 20 || column.distinct * 2 <= rows)
        }
        Kind::Date | Kind::Text | Kind::Identifier => false,
    };
    kind && column.distinct >= 2 && column.missing * 2 <= rows
}
