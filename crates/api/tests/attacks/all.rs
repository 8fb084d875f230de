//! The attacks a server must withstand, each test named by its number. Those of one room stand beside its other tests
//! (`grep -rn "fn attack_"` finds them); `complete` sees to it that no number is forgotten.

mod absent;
mod complete;
mod doors;
mod ended;
mod names;
mod passwords;
mod requests;
mod sites;
mod sql;
mod state;
pub(crate) mod walk;
