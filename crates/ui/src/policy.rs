//! Content security policies of the two kinds of page. Nothing may come from another host.

/// What the built pages carry where the nonce belongs.
pub(crate) const PLACE: &str = "__CSP_NONCE__";
/// And where the path belongs that the server is reached under.
pub(crate) const PREFIX: &str = "__PREFIX__";

/// A fresh nonce: 122 random bits, as hexadecimal digits.
pub(crate) fn nonce() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

/// The app: own scripts, and one style element that the component kit writes with the nonce. Inline style
/// attributes are how it places sliders and menus; they cannot run code.
pub(crate) fn app(nonce: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; \
         img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// ReDoc writes style elements while it runs and searches in a worker it makes from its own text.
pub(crate) fn redoc(nonce: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; \
         img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )
}
