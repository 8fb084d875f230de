//! Names of columns, made usable: none empty, none twice, no line breaks.

use super::Note;
use std::collections::{HashMap, HashSet};

/// Longer names are cut, in characters.
const LONGEST_NAME: usize = 200;

/// Names as they stand in the file become names of a table; what was changed is noted.
pub(crate) fn unique_names(raw: Vec<String>, header: bool, notes: &mut Vec<Note>) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::with_capacity(raw.len());
    let given: HashSet<String> = raw.iter().map(|name| clean(name)).collect();
    let mut numbering = Numbering {
        given: &given,
        next: HashMap::new(),
    };
    let mut names = Vec::with_capacity(raw.len());
    for (index, raw) in raw.iter().enumerate() {
        let cleaned = clean(raw);
        let name = if cleaned.is_empty() {
            numbering.free(format!("column_{}", index + 1), &taken)
        } else if taken.contains(&cleaned) {
            numbering.numbered(&cleaned, &taken)
        } else {
            cleaned.clone()
        };
        if header && cleaned.is_empty() {
            notes.push(Note::new(
                "header_renamed",
                Some(&name),
                format!(
                    "column {} has no name in the header; it is called '{name}'",
                    index + 1
                ),
            ));
        } else if header && name != cleaned {
            notes.push(Note::new(
                "header_renamed",
                Some(&name),
                format!(
                    "'{cleaned}' stands twice in the header; column {} is called '{name}'",
                    index + 1
                ),
            ));
        } else if header && name != raw.trim() {
            notes.push(Note::new(
                "header_renamed",
                Some(&name),
                format!(
                    "the name of column {} had line breaks or was too long; it is called '{name}'",
                    index + 1
                ),
            ));
        }
        taken.insert(name.clone());
        names.push(name);
    }
    if !header {
        notes.push(Note::new(
            "no_header",
            None,
            format!(
                "the first line looks like data, so the columns are called {} and so on",
                names.first().map_or("column_1", String::as_str)
            ),
        ));
    }
    names
}

fn clean(name: &str) -> String {
    let mut cleaned = name
        .split(|letter: char| letter.is_control() || letter == '\u{feff}')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    if let Some((end, _)) = cleaned.char_indices().nth(LONGEST_NAME) {
        cleaned.truncate(end);
    }
    cleaned
}

/// Numbers for names that are taken.
struct Numbering<'a> {
    /// Names from the file keep precedence over ones made here.
    given: &'a HashSet<String>,
    /// The number to try next, by name: thousands of equal names must not be searched again and again.
    next: HashMap<String, usize>,
}

impl Numbering<'_> {
    fn free(&mut self, wanted: String, taken: &HashSet<String>) -> String {
        if taken.contains(&wanted) || self.given.contains(&wanted) {
            self.numbered(&wanted, taken)
        } else {
            wanted
        }
    }

    fn numbered(&mut self, name: &str, taken: &HashSet<String>) -> String {
        let number = self.next.entry(name.to_owned()).or_insert(2);
        loop {
            let candidate = format!("{name}_{number}");
            *number += 1;
            if !taken.contains(&candidate) && !self.given.contains(&candidate) {
                return candidate;
            }
        }
    }
}
