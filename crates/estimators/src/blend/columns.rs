//! Several preparations seen as one: their features side by side, each table column once.

use crate::preparation::{Preparation, PreparedColumn};
use std::ops::Range;

/// The columns of all preparations, and where the features of each lie.
pub(super) fn side_by_side(
    preparations: &[Preparation],
) -> (Vec<PreparedColumn>, Vec<Range<usize>>) {
    let mut columns: Vec<PreparedColumn> = Vec::new();
    let mut spans = Vec::with_capacity(preparations.len());
    let mut first = 0;
    for preparation in preparations {
        let own = preparation.columns();
        let width: usize = own.iter().map(|column| column.features.len()).sum();
        for column in own {
            let moved = column.features.iter().map(|feature| first + feature);
            match columns
                .iter_mut()
                .find(|known| known.column == column.column)
            {
                Some(known) => join(known, column, moved),
                None => columns.push(PreparedColumn {
                    features: moved.collect(),
                    ..column.clone()
                }),
            }
        }
        spans.push(first..first + width);
        first += width;
    }
    (columns, spans)
}

/// Adds what another preparation does with the same column.
fn join(known: &mut PreparedColumn, other: &PreparedColumn, features: impl Iterator<Item = usize>) {
    for step in &other.steps {
        if !known.steps.contains(step) {
            known.steps.push(step.clone());
        }
    }
    // What is said about a column that is used goes before why another member leaves it out.
    if other.used && !known.used {
        known.note.clone_from(&other.note);
    }
    known.used |= other.used;
    known.features.extend(features);
}
