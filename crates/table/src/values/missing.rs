//! Spellings of a missing cell.
//!
//! | spelling (capitals do not matter) | missing in |
//! |---|---|
//! | nothing, `NA`, `N/A`, `#N/A`, `<NA>`, `NaN`, `NaT`, `null`, `\N`, `?`, `#DIV/0!`, `#VALUE!`, `#REF!`, `#NAME?`, `#NUM!`, `#NULL!` | every column |
//! | `None`, `nil`, `-`, `--`, `---`, `.`, `..`, `n.a.`, `n.a`, `(null)`, `missing`, `unknown` | columns whose other cells are numbers, dates, or yes and no |
//!
//! In a category column the second group stays a value of its own: "None" may mean that there is no garage, which is
//! knowledge, not a gap.

/// How sure a spelling means "missing".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// In every column.
    Always,
    /// Only between numbers, dates, or yes and no.
    AmongNumbers,
}

const ALWAYS: [&[u8]; 16] = [
    b"na", b"n/a", b"#n/a", b"<na>", b"nan", b"nat", b"null", b"\\n", b"?", b"#div/0!", b"#value!",
    b"#ref!", b"#name?", b"#num!", b"#null!", b"-nan",
];
const AMONG_NUMBERS: [&[u8]; 12] = [
    b"none", b"nil", b"-", b"--", b"---", b".", b"..", b"n.a.", b"n.a", b"(null)", b"missing",
    b"unknown",
];

/// Whether a text spells a gap in every column of a file, whatever the column holds.
pub fn spells_gap(text: &str) -> bool {
    missing(text.as_bytes()) == Some(Missing::Always)
}

/// Whether a trimmed text is a spelling of "missing".
pub(crate) fn missing(text: &[u8]) -> Option<Missing> {
    if text.is_empty() {
        return Some(Missing::Always);
    }
    if text.len() > 8 {
        return None;
    }
    let listed = |list: &[&[u8]]| {
        list.iter()
            .any(|spelling| spelling.eq_ignore_ascii_case(text))
    };
    if listed(&ALWAYS) {
        Some(Missing::Always)
    } else if listed(&AMONG_NUMBERS) {
        Some(Missing::AmongNumbers)
    } else {
        None
    }
}
