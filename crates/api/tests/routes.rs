//! The whole product through its front door: real database, real workers, requests in and answers out.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failed step is a failed test"
)]

#[path = "routes/app.rs"]
mod app;
#[path = "routes/golden.rs"]
mod golden;
#[path = "routes/reference.rs"]
mod reference;
