//! Refusals, remembered without letting anybody fill the audit with them. The first of a kind is written at once; the
//! same again within a minute is only counted, and the count is written when the minute is over. Kinds that are being
//! counted are limited too: beyond them strangers share one. What a killed process had counted and not yet written is
//! lost, at most a minute's worth of numbers.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};
use trainyard_store::{AuditEntry, Timestamp};
use uuid::Uuid;

use crate::caller::network;

/// How long the same refusal is counted before it is written again.
const WINDOW: Duration = Duration::from_secs(60);
/// How many kinds of refusals are told apart at once; so many can be written in a minute, and as many summaries.
const KINDS: usize = 200;

/// Refusals that are taken for the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Kind {
    who: Who,
    action: String,
    reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Who {
    Account(Uuid),
    Network(IpAddr),
    Unknown,
    /// Whoever comes when there are too many kinds already.
    Others,
}

#[derive(Debug)]
struct Counted {
    since: Timestamp,
    /// How many came after the one that was written.
    more: u64,
    latest: AuditEntry,
}

/// What was refused lately.
#[derive(Debug, Default)]
pub(crate) struct Refusals(Mutex<HashMap<Kind, Counted>>);

impl Refusals {
    /// Notes a refusal; gives what is to be written now.
    pub(crate) fn note(&self, entry: AuditEntry) -> Option<AuditEntry> {
        self.note_at(entry, Timestamp::now())
    }

    fn note_at(&self, entry: AuditEntry, now: Timestamp) -> Option<AuditEntry> {
        let mut kinds = crate::lock(&self.0);
        let mut kind = Kind::of(&entry);
        let mut entry = entry;
        if !kinds.contains_key(&kind) && kinds.len() >= KINDS {
            kind = Kind {
                who: Who::Others,
                action: "request".to_owned(),
                reason: "many".to_owned(),
            };
            entry = AuditEntry::new("request")
                .outcome("refused")
                .details(json!({ "reason": "too many kinds of refusals to tell apart" }));
        }
        match kinds.get_mut(&kind) {
            Some(counted) if now < counted.since.plus(WINDOW) => {
                counted.more += 1;
                counted.latest = entry;
                None
            }
            Some(counted) => {
                let repeated = std::mem::take(&mut counted.more);
                counted.since = now;
                counted.latest = entry.clone();
                Some(with_count(entry, repeated))
            }
            None => {
                let latest = entry.clone();
                let counted = Counted {
                    since: now,
                    more: 0,
                    latest,
                };
                kinds.insert(kind, counted);
                Some(entry)
            }
        }
    }

    /// Takes out what is no longer counted, or everything; gives what is to be written about it.
    pub(crate) fn settled(&self, everything: bool) -> Vec<AuditEntry> {
        self.settled_at(everything, Timestamp::now())
    }

    fn settled_at(&self, everything: bool, now: Timestamp) -> Vec<AuditEntry> {
        let mut kinds = crate::lock(&self.0);
        kinds
            .extract_if(|_, counted| everything || now >= counted.since.plus(WINDOW))
            .filter(|(_, counted)| counted.more > 0)
            .map(|(_, counted)| with_count(counted.latest, counted.more))
            .collect()
    }
}

impl Kind {
    fn of(entry: &AuditEntry) -> Self {
        let address = entry
            .address
            .as_deref()
            .and_then(|text| text.parse::<IpAddr>().ok());
        let who = match (entry.actor_id, address) {
            (Some(id), _) => Who::Account(id),
            (None, Some(address)) => Who::Network(network(address)),
            (None, None) => Who::Unknown,
        };
        let reason = entry.details.get("reason").and_then(Value::as_str);
        Self {
            who,
            action: entry.action.clone(),
            reason: reason.unwrap_or_default().to_owned(),
        }
    }
}

/// Says how many more of the same there were that nobody wrote down.
fn with_count(mut entry: AuditEntry, repeated: u64) -> AuditEntry {
    if repeated > 0
        && let Some(details) = entry.details.as_object_mut()
    {
        details.insert("repeated".to_owned(), repeated.into());
    }
    entry
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
    use super::*;

    fn refusal(address: &str, reason: &str) -> AuditEntry {
        let mut entry = AuditEntry::new("session.open").outcome("refused");
        entry.address = Some(address.to_owned());
        entry.details(json!({ "reason": reason }))
    }

    #[test]
    fn the_same_again_is_counted_and_told_when_its_minute_is_over() {
        let refusals = Refusals::default();
        let start = Timestamp::now();
        let at = |seconds| start.plus(Duration::from_secs(seconds));
        let one = || refusal("2001:db8::1", "wrong credentials");
        assert_eq!(refusals.note_at(one(), at(0)), Some(one()));
        for second in 0..40 {
            let neighbour = refusal("2001:db8::2", "wrong credentials");
            assert_eq!(refusals.note_at(neighbour, at(second)), None);
        }
        assert!(
            refusals
                .note_at(refusal("2001:db8::1", "closed"), at(1))
                .is_some()
        );
        assert!(
            refusals
                .note_at(refusal("198.51.100.7", "closed"), at(1))
                .is_some()
        );
        assert_eq!(refusals.settled_at(false, at(59)), []);
        let told = refusals.settled_at(false, at(61));
        assert_eq!(told.len(), 1);
        assert_eq!(told.first().unwrap().details["repeated"], 40);
        assert_eq!(refusals.note_at(one(), at(62)), Some(one()), "a new minute");
        assert_eq!(refusals.note_at(one(), at(63)), None);
        let next = refusals.note_at(one(), at(200)).unwrap();
        assert_eq!(next.details["repeated"], 1);
        assert_eq!(refusals.settled_at(true, at(201)), []);
    }

    #[test]
    fn however_many_ask_few_are_written() {
        let refusals = Refusals::default();
        let now = Timestamp::now();
        let written = (0..10_000_u32)
            .filter(|number| {
                let address = IpAddr::V4((*number).into()).to_string();
                refusals
                    .note_at(refusal(&address, "wrong credentials"), now)
                    .is_some()
            })
            .count();
        assert_eq!(written, KINDS + 1);
        let told = refusals.settled_at(true, now);
        assert_eq!(told.len(), 1);
        let rest = 10_000 - KINDS as u64 - 1;
        assert_eq!(told.first().unwrap().details["repeated"], rest);
    }
}
