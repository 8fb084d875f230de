//! The part of reading an upload that is about pictures: an archive becomes pixels, a table of them and its profile.

use std::fs::File;

use trainyard_images::set::LABEL;
use trainyard_images::{PictureSet, SetLimits};
use trainyard_table::{Profile, Table, Warning, profile};

use crate::error::{PlatformError, Result};

/// Reads an archive of class folders, or of an IDX pair.
pub(super) fn read(file: File) -> Result<(Table, Profile)> {
    let set = PictureSet::read(file, &SetLimits::default())?;
    let table = set
        .table()
        .map_err(|error| PlatformError::internal("lay out pictures", error))?;
    let profile = described(&table, &set);
    Ok((table, profile))
}

/// The profile of a set: what is told of each pixel is its range, what is told of all is how many pictures show what.
fn described(table: &Table, set: &PictureSet) -> Profile {
    let mut described = profile(table, None);
    for column in described
        .columns
        .iter_mut()
        .filter(|column| column.name != LABEL)
    {
        column.histogram = None;
    }
    described.correlations.clear();
    let of_label = |warning: &Warning| {
        warning
            .column
            .as_deref()
            .is_none_or(|column| column == LABEL)
    };
    described.warnings.retain(of_label);
    described.suggested_target = Some(LABEL.to_owned());
    described.pictures = Some(set.shape);
    if set.left_out_count > 0 {
        let files = if set.left_out_count == 1 {
            "file was"
        } else {
            "files were"
        };
        described.warnings.push(Warning {
            code: "left_out".to_owned(),
            column: None,
            detail: format!(
                "{} {files} left out: {}",
                set.left_out_count,
                set.left_out.join("; ")
            ),
            action: "Mend or remove them and bring the archive again.".to_owned(),
        });
    }
    described
}
