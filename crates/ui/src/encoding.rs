//! Chooses the copy of a file that the browser can read: Brotli, then gzip, then the file itself.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_ENCODING;

use crate::Page;

/// The bytes to send and the name of their encoding.
pub(crate) fn choose(
    page: &'static Page,
    headers: &HeaderMap,
) -> (&'static [u8], Option<&'static str>) {
    let accepted = headers
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if let Some(bytes) = page.brotli.filter(|_| accepts(accepted, "br")) {
        return (bytes, Some("br"));
    }
    if let Some(bytes) = page.gzip.filter(|_| accepts(accepted, "gzip")) {
        return (bytes, Some("gzip"));
    }
    (page.bytes, None)
}

/// Whether an `Accept-Encoding` value names the encoding with a weight above zero.
fn accepts(header: &str, wanted: &str) -> bool {
    header.split(',').any(|part| {
        let mut pieces = part.split(';').map(str::trim);
        pieces
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(wanted))
            && !pieces.any(|piece| {
                piece
                    .strip_prefix("q=")
                    .and_then(|weight| weight.parse::<f32>().ok())
                    .is_some_and(|weight| weight <= 0.0)
            })
    })
}

#[cfg(test)]
mod tests {
    use super::accepts;

    #[test]
    fn reads_weights() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("gzip;q=0.5", "gzip"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("brotli", "br"));
        assert!(!accepts("", "gzip"));
    }
}
