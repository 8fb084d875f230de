//! The attacks a server must withstand, each test named by its number. Those of one room stand beside its other tests
//! (`grep -rn "fn attack_"` finds them); `complete` sees to it that no number is forgotten.

mod absent;
mod complete;
mod doors;
mod names;
mod requests;
mod sites;
mod state;
mod walk;
