//! What a training will take on this machine, told from the profile of its table: what is shown before anything is charged,
//! and what a job is held to afterwards.
//!
//! The algorithms' own estimates ([`Algorithm::cost`](trainyard_estimators::Algorithm::cost)) are seconds of one core for a
//! fit; here they become the seconds somebody waits. May touch the spec and the profile.

use crate::auto;
use crate::auto::budget::Budget;
use crate::spec::{AUTO, TrainSpec};
use trainyard_table::Profile;

/// Seconds that any training takes: reading, judging, explaining and writing the smallest table.
const LEAST: f64 = 0.05;
/// Share of the work that one more core takes over.
const SHARED: f64 = 0.7;

/// About what a training takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Seconds somebody waits for it.
    pub seconds: f64,
    /// Most bytes at one moment beyond the table.
    pub bytes: usize,
}

impl TrainSpec {
    /// What this request takes on so many cores; nothing where the request is wrong.
    pub fn estimate(&self, profile: &Profile, cores: usize) -> Option<Estimate> {
        let speed = 1.0 + SHARED * (cores.max(1) - 1) as f64;
        if self.algorithm != AUTO {
            let parts = self.cost_in_parts(profile)?;
            let longest = self.search.as_ref().and_then(|search| search.seconds);
            let trials = parts.trials / speed;
            return Some(Estimate {
                seconds: LEAST
                    + parts.rest.seconds / speed
                    + longest.map_or(trials, |most| trials.min(most)),
                bytes: parts.rest.bytes,
            });
        }
        let race = auto::race(self, self.shape(profile)?);
        Some(Estimate {
            seconds: LEAST
                + match race.budget {
                    Budget::Seconds(seconds) => seconds,
                    Budget::Work(units) => units / auto::UNITS / speed,
                },
            bytes: race.bytes,
        })
    }
}
