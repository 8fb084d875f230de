//! The five old APIs, answered as their clients expect: addresses, field names, texts and status codes are theirs, what is
//! done is `platform`'s. Nothing is decided here but how something is said.
//!
//! Where to go next: one folder a system, whose file beside it is its table of contents; `frame` is what happens around
//! every request, `body` and `fields` read requests leniently, `refusal` is everything that goes wrong.

mod address;
mod autoclassifier;
mod body;
mod caller;
mod cors;
mod csv;
mod digit_ocr;
mod email;
mod fields;
mod frame;
mod grid_search;
mod lesson_prices;
mod refusal;
mod registry;
mod times;
mod token_platform;

use axum::Router;
use trainyard_platform::{Dialect, Platform};

use crate::frame::Voice;

pub use frame::Unknown;

/// What the program that serves decides.
#[derive(Clone, Copy, Debug, Default)]
pub struct DialectOptions {
    /// Whether this is a demonstration: people may give themselves tokens where the old API let them.
    pub demo: bool,
}

/// What every handler is lent.
#[derive(Clone, Debug)]
pub(crate) struct App {
    pub(crate) platform: Platform,
    pub(crate) voice: &'static Voice,
    pub(crate) demo: bool,
}

/// All of them, each under `/dialects/` and its name.
pub fn router(platform: &Platform, options: DialectOptions) -> Router {
    Dialect::ALL
        .into_iter()
        .fold(Router::new(), |router, dialect| {
            let place = format!("/dialects/{}", dialect.name());
            router.nest_service(&place, door(platform, dialect, options))
        })
}

/// One of them, to answer at the root.
pub fn door(platform: &Platform, dialect: Dialect, options: DialectOptions) -> Router {
    let (voice, routes): (&'static Voice, _) = match dialect {
        Dialect::Autoclassifier => (&autoclassifier::VOICE, autoclassifier::routes()),
        Dialect::GridSearch => (&grid_search::VOICE, grid_search::routes()),
        Dialect::LessonPrices => (&lesson_prices::VOICE, lesson_prices::routes()),
        Dialect::TokenPlatform => (&token_platform::VOICE, token_platform::routes()),
        Dialect::DigitOcr => (&digit_ocr::VOICE, digit_ocr::routes()),
    };
    let app = App {
        platform: platform.clone(),
        voice,
        demo: options.demo,
    };
    frame::framed(routes, app)
}

/// Routes that answer with and without a last slash.
pub(crate) fn both_forms<const N: usize>(
    routes: [(&str, axum::routing::MethodRouter<App>); N],
) -> Router<App> {
    routes
        .into_iter()
        .fold(Router::new(), |router, (path, methods)| {
            let path = path.trim_end_matches('/');
            router
                .route(&format!("{path}/"), methods.clone())
                .route(path, methods)
        })
}
