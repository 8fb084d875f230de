//! What a name may be: something a person reads on one line, that every database can hold (PostgreSQL refuses
//! a NUL, SQLite ends a pattern at one).

use crate::error::{Result, StoreError};

/// The longest name, in characters.
const LONGEST: usize = 200;

/// The name without surrounding space, or what is wrong with it.
pub(crate) fn checked(what: &'static str, name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() {
        return Err(StoreError::invalid(what, "Give a name."));
    }
    if name.chars().count() > LONGEST {
        return Err(StoreError::invalid(
            what,
            format!("Use at most {LONGEST} characters."),
        ));
    }
    if name.chars().any(char::is_control) {
        return Err(StoreError::invalid(
            what,
            "Leave line breaks and control characters out.",
        ));
    }
    Ok(name.to_owned())
}
