//! What one cell's text means, and nothing about columns: numbers, dates, yes and no, spellings of "missing".

pub(crate) mod booleans;
pub(crate) mod dates;
pub(crate) mod missing;
pub(crate) mod numbers;

/// Without spaces and tabs at both ends.
#[inline]
pub(crate) fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = text {
        text = rest;
    }
    while let [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}
