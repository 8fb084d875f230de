//! The old APIs through their doors: the real router, SQLite, and PostgreSQL when the suite asks for it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed step is a failed test"
)]

mod app;
mod autoclassifier;
mod common;
mod digit_ocr;
mod grid_search;
mod hostile;
mod lesson_prices;
mod rooted;
mod token_platform;
