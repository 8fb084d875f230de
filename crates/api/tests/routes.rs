//! The whole product through its front door: real database, real workers, requests in and answers out.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a failed step is a failed test, and tests look into their own folders"
)]

#[path = "routes/access.rs"]
mod access;
#[path = "routes/administration.rs"]
mod administration;
#[path = "routes/app.rs"]
mod app;
#[path = "routes/asking.rs"]
mod asking;
#[path = "attacks/all.rs"]
mod attacks;
#[path = "routes/audit.rs"]
mod audit;
#[path = "routes/back_off.rs"]
mod back_off;
#[path = "routes/bad_files.rs"]
mod bad_files;
#[path = "routes/bad_requests.rs"]
mod bad_requests;
#[path = "routes/batches.rs"]
mod batches;
#[path = "routes/below.rs"]
mod below;
#[path = "routes/comparing.rs"]
mod comparing;
#[path = "routes/datasets.rs"]
mod datasets;
#[path = "routes/diagrams.rs"]
mod diagrams;
#[path = "routes/digits.rs"]
mod digits;
#[path = "routes/documented.rs"]
mod documented;
#[path = "routes/golden.rs"]
mod golden;
#[path = "routes/guests.rs"]
mod guests;
#[path = "routes/history.rs"]
mod history;
#[path = "routes/inference.rs"]
mod inference;
#[path = "routes/intervening.rs"]
mod intervening;
#[path = "routes/jobs.rs"]
mod jobs;
#[path = "routes/keys.rs"]
mod keys;
#[path = "routes/lists.rs"]
mod lists;
#[path = "routes/looking.rs"]
mod looking;
#[path = "routes/metering.rs"]
mod metering;
#[path = "routes/metrics.rs"]
mod metrics;
#[path = "routes/models.rs"]
mod models;
#[path = "routes/money.rs"]
mod money;
#[path = "routes/overview.rs"]
mod overview;
#[path = "routes/passwords.rs"]
mod passwords;
#[path = "routes/picture_batches.rs"]
mod picture_batches;
#[path = "routes/pictures.rs"]
mod pictures;
#[path = "routes/previews.rs"]
mod previews;
#[path = "routes/rates.rs"]
mod rates;
#[path = "routes/receipts.rs"]
mod receipts;
#[path = "routes/reference.rs"]
mod reference;
#[path = "routes/registry.rs"]
mod registry;
#[path = "routes/reports.rs"]
mod reports;
#[path = "routes/restart.rs"]
mod restart;
#[path = "routes/schema.rs"]
mod schema;
#[path = "routes/sessions.rs"]
mod sessions;
#[path = "routes/studies.rs"]
mod studies;
#[path = "routes/training_requests.rs"]
mod training_requests;
#[path = "routes/versions.rs"]
mod versions;
#[path = "support/workbook.rs"]
mod workbook;
