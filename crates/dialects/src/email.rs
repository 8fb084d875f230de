//! E-mail addresses, checked as the old servers check them.

/// Why a text is no e-mail address, if it is none.
pub(crate) fn fault(text: &str) -> Option<&'static str> {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return Some("An email address must have an @-sign.");
    };
    if local.is_empty() {
        return Some("There must be something before the @-sign.");
    }
    if domain.is_empty() {
        return Some("There must be something after the @-sign.");
    }
    let odd = |letter: char| letter.is_whitespace() || letter.is_control();
    if local.contains('@') || local.contains(odd) || local.starts_with('.') || local.ends_with('.')
    {
        return Some("The email address contains invalid characters before the @-sign.");
    }
    if !domain.contains('.') || domain.starts_with('.') || domain.ends_with('.') {
        return Some("The part after the @-sign is not valid. It should have a period.");
    }
    if domain.contains(odd) || domain.contains("..") {
        return Some("The part after the @-sign contains invalid characters.");
    }
    (text.len() > 254).then_some("The email address is too long.")
}
