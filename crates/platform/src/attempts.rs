//! Guessing passwords gets slow. Failed attempts are counted by name and address together, by address, and by name; who
//! failed a few times waits, each time longer. Nobody can lock somebody else out: from an address that has not failed,
//! a name may always be tried. Names that do not exist are counted like all others, so that waiting tells nothing.
//!
//! An attempt counts from its beginning and is taken back when the password was right: many at once are no way around.
//! The counts are in memory only: a restart forgives, and a flood of names cannot fill a disk.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Duration;

use trainyard_store::Timestamp;

use crate::caller::network;
use crate::error::PlatformError;
use crate::lock;

/// Failures of one name from one address before it waits.
const FREE: u32 = 5;
/// The same while the name is under attack from many addresses.
const FREE_UNDER_ATTACK: u32 = 1;
/// Failures of one name, from wherever, that count as an attack.
const ATTACK: u32 = 30;
/// Failures from one address, whatever the names, before it waits.
const FREE_FOR_ADDRESS: u32 = 30;
/// The first wait; each further one is twice as long.
const FIRST: u64 = 5;
/// The longest wait of one name at one address.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// The longest wait of an address: many people may share one.
const LONGEST_FOR_ADDRESS: Duration = Duration::from_secs(60);
/// How long after its last failure somebody has a clean slate.
const FORGIVEN: Duration = Duration::from_secs(60 * 60);
/// How many counts are kept at most.
const KEPT: usize = 100_000;

/// The digest of a name: short, whatever is sent as one.
type Who = blake3::Hash;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    Pair(Who, Option<IpAddr>),
    Address(Option<IpAddr>),
    Name(Who),
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last: Timestamp,
    /// Whether it was written down that somebody waits since the last failure.
    told: bool,
}

/// Everybody's failures.
#[derive(Debug, Default)]
pub(crate) struct Attempts(Mutex<HashMap<Key, Failures>>);

/// An attempt that may be made. It counts as failed unless [`Attempts::succeeded`] is told otherwise.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt {
    who: Who,
    address: Option<IpAddr>,
}

/// Why an attempt may not be made now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wait {
    /// How long.
    seconds: u64,
    /// Whether this is the first refusal since the last attempt, and so worth remembering.
    pub(crate) first: bool,
}

impl From<Wait> for PlatformError {
    fn from(wait: Wait) -> Self {
        Self::too_many("There were too many wrong passwords.", wait.seconds)
    }
}

impl Attempts {
    /// Begins an attempt at the password of `name`, or says how long to wait.
    pub(crate) fn begin(
        &self,
        name: &str,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Attempt, Wait> {
        let attempt = Attempt {
            who: blake3::hash(name.trim().to_lowercase().as_bytes()),
            address: address.map(network),
        };
        let mut all = lock(&self.0);
        make_room(&mut all, now);
        let attacked = count(&all, Key::Name(attempt.who), now) >= ATTACK;
        let free = if attacked { FREE_UNDER_ATTACK } else { FREE };
        let limits = [
            (attempt.pair(), free, LONGEST),
            (
                Key::Address(attempt.address),
                FREE_FOR_ADDRESS,
                LONGEST_FOR_ADDRESS,
            ),
        ];
        for (key, free, longest) in limits {
            let Some(failures) = all.get_mut(&key).filter(|known| !known.forgiven(now)) else {
                continue;
            };
            if let Some(seconds) = failures.wait(free, longest, now) {
                let first = !std::mem::replace(&mut failures.told, true);
                return Err(Wait { seconds, first });
            }
        }
        for key in attempt.keys() {
            let failures = all.entry(key).or_insert(Failures::none(now));
            if failures.forgiven(now) {
                *failures = Failures::none(now);
            }
            failures.count = failures.count.saturating_add(1);
            failures.last = now;
            failures.told = false;
        }
        Ok(attempt)
    }

    /// Takes an attempt back: the password was right. Who knows it starts anew from this address; other names' failures
    /// there still count.
    pub(crate) fn succeeded(&self, attempt: Attempt) {
        let mut all = lock(&self.0);
        all.remove(&attempt.pair());
        for key in [Key::Address(attempt.address), Key::Name(attempt.who)] {
            if let Some(failures) = all.get_mut(&key) {
                failures.count = failures.count.saturating_sub(1);
            }
        }
    }
}

impl Attempt {
    fn pair(&self) -> Key {
        Key::Pair(self.who, self.address)
    }

    fn keys(&self) -> [Key; 3] {
        [self.pair(), Key::Address(self.address), Key::Name(self.who)]
    }
}

impl Failures {
    fn none(now: Timestamp) -> Self {
        Self {
            count: 0,
            last: now,
            told: false,
        }
    }

    fn forgiven(&self, now: Timestamp) -> bool {
        self.last.plus(FORGIVEN) <= now
    }

    /// Seconds until the next attempt.
    fn wait(&self, free: u32, longest: Duration, now: Timestamp) -> Option<u64> {
        let doubled = self.count.checked_sub(free)?;
        let seconds = FIRST.saturating_mul(1_u64.checked_shl(doubled).unwrap_or(u64::MAX));
        let until = self
            .last
            .plus(Duration::from_secs(seconds.min(longest.as_secs())));
        let left = until.microseconds() - now.microseconds();
        (left > 0).then(|| u64::try_from(left).unwrap_or_default().div_ceil(1_000_000))
    }
}

fn count(all: &HashMap<Key, Failures>, key: Key, now: Timestamp) -> u32 {
    all.get(&key)
        .filter(|known| !known.forgiven(now))
        .map_or(0, |known| known.count)
}

/// Forgets the oldest when there are too many.
fn make_room(all: &mut HashMap<Key, Failures>, now: Timestamp) {
    let mut kept = FORGIVEN;
    while all.len() > KEPT && !kept.is_zero() {
        all.retain(|_, failures| failures.last.plus(kept) > now);
        kept /= 2;
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_microseconds(0)
            .unwrap()
            .plus(Duration::from_secs(seconds))
    }

    fn address(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([192, 0, 2, last]))
    }

    #[test]
    fn each_failure_after_the_free_ones_waits_twice_as_long() {
        let attempts = Attempts::default();
        let mut now = 0;
        for _ in 0..FREE {
            assert!(attempts.begin("ana", address(1), at(now)).is_ok());
        }
        for wait in [5, 10, 20, 40, 80, 160, 320, 640, 900, 900] {
            let refused = attempts.begin(" ANA", address(1), at(now)).unwrap_err();
            assert_eq!((refused.seconds, refused.first), (wait, true));
            assert!(
                !attempts
                    .begin("ana", address(1), at(now))
                    .unwrap_err()
                    .first
            );
            now += wait;
            assert!(attempts.begin("ana", address(1), at(now)).is_ok(), "{wait}");
        }
        let day = at(now + FORGIVEN.as_secs());
        for _ in 0..FREE {
            assert!(attempts.begin("ana", address(1), day).is_ok());
        }
    }

    #[test]
    fn the_owner_comes_in_from_elsewhere_and_a_right_password_clears_the_slate() {
        let attempts = Attempts::default();
        // From hundreds of addresses, until each of them waits.
        for last in 2..=250 {
            while attempts.begin("ana", address(last), at(0)).is_ok() {}
        }
        let owner = attempts.begin("ana", address(1), at(0)).unwrap();
        // Under attack one mistake is free, not five.
        assert!(attempts.begin("ana", address(1), at(0)).is_err());
        attempts.succeeded(owner);
        assert!(attempts.begin("ana", address(1), at(0)).is_ok());
    }

    #[test]
    fn an_address_that_tries_many_names_waits_for_all_of_them() {
        let attempts = Attempts::default();
        let own = |now| {
            let attempt = attempts.begin("own", address(1), at(now)).unwrap();
            attempts.succeeded(attempt);
        };
        for name in 0..FREE_FOR_ADDRESS {
            assert!(attempts.begin(&name.to_string(), address(1), at(0)).is_ok());
            if name + 1 < FREE_FOR_ADDRESS {
                // Signing in to an account of one's own does not wash the slate.
                own(0);
            }
        }
        assert_eq!(
            attempts
                .begin("other", address(1), at(0))
                .unwrap_err()
                .seconds,
            FIRST
        );
        assert!(attempts.begin("other", address(2), at(0)).is_ok());
        let (a, b) = ("2001:db8::1", "2001:db8::ffff:2");
        let (a, b): (IpAddr, IpAddr) = (a.parse().unwrap(), b.parse().unwrap());
        for _ in 0..FREE {
            assert!(attempts.begin("ana", Some(a), at(0)).is_ok());
        }
        assert!(
            attempts.begin("ana", Some(b), at(0)).is_err(),
            "one network"
        );
    }

    #[test]
    fn a_flood_of_names_is_forgotten_before_it_fills_the_memory() {
        let attempts = Attempts::default();
        for name in 0..60_000_u64 {
            let address = Some(IpAddr::from((u128::from(name) << 64).to_be_bytes()));
            let _ = attempts.begin(&name.to_string(), address, at(name));
        }
        assert!(lock(&attempts.0).len() <= KEPT + 3);
    }
}
