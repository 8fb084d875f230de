//! The file of a training, as this door reads it: columns of dates become seconds since 1970, dates that are none 0, so that
//! a client may send seconds at prediction time.

use bytes::Bytes;
use trainyard_platform::seconds_of_date;

use crate::csv::{record, write};

/// The names of the first line.
pub(super) fn header(text: &str) -> Vec<String> {
    let mut rest = text;
    record(&mut rest)
        .into_iter()
        .map(|name| name.trim().to_owned())
        .collect()
}

/// Whether a column holds dates, by its name.
pub(super) fn is_date(name: &str) -> bool {
    name.to_lowercase().contains("date")
}

/// Whether there is any line after the first that holds something.
pub(super) fn has_rows(text: &str) -> bool {
    let mut rest = text;
    let _ = record(&mut rest);
    !rest.trim().is_empty()
}

/// The file with those of the named columns turned into seconds that hold dates; nothing when there are none.
pub(super) fn with_seconds(text: &str, used: &[&str]) -> Option<Bytes> {
    let names = header(text);
    let dates: Vec<usize> = names
        .iter()
        .enumerate()
        .filter(|(_, name)| is_date(name) && used.contains(&name.as_str()))
        .map(|(place, _)| place)
        .collect();
    if dates.is_empty() {
        return None;
    }
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    write(&mut written, &record(&mut rest));
    while !rest.is_empty() {
        let mut cells = record(&mut rest);
        if cells.len() == 1 && cells.first().is_some_and(String::is_empty) {
            continue;
        }
        for &place in &dates {
            if let Some(cell) = cells.get_mut(place) {
                let seconds = seconds_of_date(cell).unwrap_or(0.0);
                *cell = format!("{}", seconds.trunc());
            }
        }
        write(&mut written, &cells);
    }
    Some(written.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_become_seconds_and_the_rest_stays() {
        let text =
            "name,hire_date,note\r\n\"a, b\",1970-01-02,\"he said \"\"x\"\"\"\r\nc,never,\n\n";
        assert_eq!(header(text), ["name", "hire_date", "note"]);
        let written = with_seconds(text, &["hire_date"]).unwrap_or_default();
        let expected = "name,hire_date,note\n\"a, b\",86400,\"he said \"\"x\"\"\"\nc,0,\n";
        assert_eq!(String::from_utf8_lossy(&written), expected);
        assert!(with_seconds(text, &["note"]).is_none());
        assert!(has_rows(text) && !has_rows("a,b\n\n"));
    }
}
