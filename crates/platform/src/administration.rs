//! Running the place: `users` are everybody's accounts, `tokens` what they can pay with, `overview` what they brought and
//! trained, `intervene` ends what is not theirs to go on with, `statistics` how much of it there is, `settings` how the place behaves. Everything here asks the table of
//! rights first, and everything that changes something leaves its entry in the audit in the same commit.

mod doors;
mod intervene;
mod overview;
mod settings;
mod statistics;
mod tokens;
mod users;

use crate::Platform;

pub use overview::{BatchesWanted, DatasetsWanted, JobsWanted, ModelsWanted, Owned, Owner};
pub use settings::{ServerFacts, SettingCard};
pub use statistics::{DailyUse, Day, Period, Spender, Statistics};
pub use tokens::Grant;
pub use users::{AccountChanges, MadeAccount, NewAccount, ResetLink};

/// Use cases of administrators; from [`Platform::administration`].
#[derive(Clone, Copy, Debug)]
pub struct Administration<'a>(pub(crate) &'a Platform);
