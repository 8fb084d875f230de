//! What a training will take on this machine, told from the profile of its table: what is shown before anything is charged,
//! and what a job is held to afterwards.
//!
//! The algorithms' own estimates ([`Algorithm::cost`](trainyard_estimators::Algorithm::cost)) are seconds of one core for a
//! fit; here they become the seconds somebody waits. May touch the spec and the profile.

use crate::auto;
use crate::auto::budget::Budget;
use crate::certificate;
use crate::spec::{AUTO, TrainSpec};
use trainyard_estimators::{Cost, Task};
use trainyard_table::Profile;

/// Seconds that any training takes: reading, judging, explaining and writing the smallest table.
const LEAST: f64 = 0.035;
/// Seconds of one core to split, describe, prepare and compare a cell of the table.
const CELL: f64 = 3e-7;
/// Seconds of one core for the intervals of all scores, and the judged numbers from which on they take no longer: of more
/// rows fewer samples are drawn.
const INTERVALS: f64 = 0.08;
const JUDGED: f64 = 4_000.0;
/// Bytes that any training takes.
const LEAST_BYTES: usize = 2 << 20;
/// Bytes that a cell takes beside the table: in its training or test part, and as a feature.
const CELL_BYTES: usize = 16;
/// Bytes to write a model as ONNX for its certificate, to read that and to ask it, for each byte that is kept of a fit.
const CERTIFIED: usize = 24;
/// Seconds of one core for that.
const CERTIFIED_SECONDS: f64 = 3e-8;
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
        let shape = self.shape(profile)?;
        // A date becomes several columns.
        let columns = profile.columns.len().max(shape.columns + 1);
        let cells = profile.rows.saturating_mul(columns);
        let beside = cells.saturating_mul(CELL_BYTES).saturating_add(LEAST_BYTES);
        if self.algorithm != AUTO {
            let parts = self.cost_in_parts(profile)?;
            let longest = self.search.as_ref().and_then(|search| search.seconds);
            let trials = parts.trials / speed;
            let outputs = match shape.task {
                Task::Classification => shape.classes.max(2) as f64,
                Task::Regression => 1.0,
            };
            let judged = profile.rows as f64 * self.test_size * outputs;
            let certified = certified(parts.rest);
            let around = cells as f64 * CELL
                + INTERVALS * (judged / JUDGED).min(1.0)
                + certified as f64 * CERTIFIED_SECONDS;
            return Some(Estimate {
                seconds: LEAST
                    + (parts.rest.seconds + around) / speed
                    + longest.map_or(trials, |most| trials.min(most)),
                bytes: (parts.rest.bytes.max(certified.saturating_mul(CERTIFIED)))
                    .saturating_add(beside),
            });
        }
        let race = auto::race(self, shape);
        Some(Estimate {
            seconds: LEAST
                + match race.budget {
                    Budget::Seconds(seconds) => seconds,
                    Budget::Work(units) => units / auto::UNITS / speed,
                },
            bytes: race.bytes.saturating_add(beside),
        })
    }
}

/// Bytes of a fit that are written as ONNX before it is kept.
fn certified(fit: Cost) -> usize {
    if fit.kept > certificate::LARGE {
        0
    } else {
        fit.kept
    }
}
