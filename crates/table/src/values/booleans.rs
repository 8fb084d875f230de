//! Pairs of words that mean no and yes.

/// No and yes, small letters.
const PAIRS: [[&str; 2]; 5] = [
    ["no", "yes"],
    ["false", "true"],
    ["n", "y"],
    ["f", "t"],
    ["off", "on"],
];

/// The pair a word belongs to and which of the two it is.
pub(crate) fn boolean(text: &str) -> Option<(usize, bool)> {
    PAIRS.iter().enumerate().find_map(|(pair, words)| {
        let which = words
            .iter()
            .position(|word| word.eq_ignore_ascii_case(text))?;
        Some((pair, which == 1))
    })
}

/// A cell of a column with these labels (false first): by label, by any known word, or as 0 and 1.
pub(crate) fn labelled(text: &str, labels: Option<&[String; 2]>) -> Option<bool> {
    if let Some(labels) = labels {
        let exact = labels.iter().position(|label| label == text);
        let found = exact.or_else(|| {
            labels
                .iter()
                .position(|label| label.eq_ignore_ascii_case(text))
        });
        if let Some(which) = found {
            return Some(which == 1);
        }
    }
    match text {
        "0" | "0.0" => Some(false),
        "1" | "1.0" => Some(true),
        _ => boolean(text).map(|(_, truth)| truth),
    }
}
