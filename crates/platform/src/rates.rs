//! How often somebody may ask: so many requests a minute for each kind of route, counted for an account or, where
//! nobody is signed in, for a network address. One number is kept for each of them (the moment its requests are paid
//! off, known as the generic cell rate algorithm), and no more of those than fit a fixed space: an attacker with many
//! addresses costs memory once. The limits are settings and count from the next request on.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Duration;

use trainyard_store::Timestamp;
use trainyard_store::settings::{self, Setting};
use uuid::Uuid;

use crate::caller::network;
use crate::dialects::Dialect;
use crate::error::{PlatformError, Result};
use crate::{Platform, lock};

/// The window that limits speak of. All of it may be used at once.
const WINDOW: Duration = Duration::from_secs(60);
const WINDOW_NANOSECONDS: u64 = 60_000_000_000;
/// The most accounts, and the most addresses, that are remembered at once: about six megabytes each.
const MOST_KEPT: usize = 65_536;

/// A kind of route with a limit of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RateClass {
    /// Signing in, making an account, renewing a session: what guesses passwords.
    SignIn,
    /// Whatever only looks.
    Reading,
    /// Whatever changes something.
    Changes,
    /// Files.
    Uploads,
    /// Asking a model.
    Predictions,
    /// Asking a shared model without an account.
    Guests,
    /// Whatever is asked at an old door.
    Dialect(Dialect),
    /// Whatever is asked of the old digit reader without an account.
    DigitGuests,
}

impl RateClass {
    /// Every class.
    pub const ALL: [Self; 12] = [
        Self::SignIn,
        Self::Reading,
        Self::Changes,
        Self::Uploads,
        Self::Predictions,
        Self::Guests,
        Self::Dialect(Dialect::Autoclassifier),
        Self::Dialect(Dialect::TokenPlatform),
        Self::Dialect(Dialect::GridSearch),
        Self::Dialect(Dialect::DigitOcr),
        Self::Dialect(Dialect::LessonPrices),
        Self::DigitGuests,
    ];

    /// Its name in figures.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Reading => "reading",
            Self::Changes => "changes",
            Self::Uploads => "uploads",
            Self::Predictions => "predictions",
            Self::Guests => "guests",
            Self::Dialect(dialect) => dialect.name(),
            Self::DigitGuests => "digit-ocr-guests",
        }
    }

    /// The setting that limits it.
    const fn setting(self) -> &'static Setting {
        match self {
            Self::SignIn => &settings::RATE_SIGN_IN,
            Self::Reading => &settings::RATE_READING,
            Self::Changes => &settings::RATE_CHANGES,
            Self::Uploads => &settings::RATE_UPLOADS,
            Self::Predictions => &settings::RATE_PREDICTIONS,
            Self::Guests => &settings::RATE_GUESTS,
            Self::Dialect(dialect) => dialect.rate(),
            Self::DigitGuests => &settings::DIALECT_DIGIT_OCR_GUEST_RATE,
        }
    }
}

/// Whose requests are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asker {
    /// An account, whatever tokens and keys it uses.
    Account(Uuid),
    /// A network address; of IPv6 the first 64 bits, which one household or machine has to itself.
    Address(IpAddr),
}

impl Asker {
    fn number(self) -> u128 {
        match self {
            Self::Account(id) => id.as_u128(),
            Self::Address(address) => match network(address) {
                IpAddr::V4(address) => u128::from(address.to_bits()),
                IpAddr::V6(address) => address.to_bits(),
            },
        }
    }
}

/// How somebody stands after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Requests allowed in a window.
    pub limit: u64,
    /// How many of them are left.
    pub remaining: u64,
    /// Seconds until all of them are there again.
    pub reset_seconds: u64,
    /// Seconds until there is one again, when this request was one too many.
    pub wait_seconds: Option<u64>,
}

impl Allowance {
    /// Seconds of the window.
    pub const WINDOW_SECONDS: u64 = WINDOW.as_secs();

    /// Lets the request on or says when to come again.
    ///
    /// # Errors
    /// `TooManyRequests`.
    pub fn check(&self) -> Result<()> {
        let Some(seconds) = self.wait_seconds else {
            return Ok(());
        };
        let limit = self.limit;
        let what =
            format!("These are too many requests: {limit} of this kind are allowed in a minute.");
        Err(PlatformError::too_many(&what, seconds))
    }
}

/// What everybody has asked.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    accounts: Mutex<Bounded>,
    addresses: Mutex<Bounded>,
}

/// Use cases of limits; from [`Platform::rates`].
#[derive(Clone, Copy, Debug)]
pub struct Rates<'a>(pub(crate) &'a Platform);

impl Rates<'_> {
    /// Counts a request. Nothing comes back where the setting says that there is no limit.
    #[must_use]
    pub fn ask(&self, class: RateClass, asker: Asker) -> Option<Allowance> {
        let limit = self.0.store().settings().current().integer(class.setting());
        let limit = u64::try_from(limit).ok().filter(|limit| *limit > 0)?;
        let asked = &self.0.0.asked;
        let kept = match asker {
            Asker::Account(_) => &asked.accounts,
            Asker::Address(_) => &asked.addresses,
        };
        let now = Timestamp::now().microseconds().unsigned_abs() * 1_000;
        let allowance = lock(kept).ask((class, asker.number()), limit, now);
        if allowance.wait_seconds.is_some() {
            self.0.0.counters.limited(class);
        }
        Some(allowance)
    }
}

/// What each asker owes.
#[derive(Debug, Default)]
struct Bounded(HashMap<(RateClass, u128), Owed>);

/// What was asked and is not paid off yet.
#[derive(Clone, Copy, Debug)]
struct Owed {
    /// The moment at which it is, in nanoseconds.
    paid_off: u64,
    /// The limit it was counted by.
    limit: u64,
}

impl Bounded {
    fn ask(&mut self, key: (RateClass, u128), limit: u64, now: u64) -> Allowance {
        let price = WINDOW_NANOSECONDS / limit.max(1);
        if self.0.len() >= MOST_KEPT && !self.0.contains_key(&key) {
            self.make_room(now);
        }
        let owed = self.0.entry(key).or_insert(Owed {
            paid_off: now,
            limit,
        });
        // What lies further ahead than the window was written before the clock was set back.
        let mut debt = owed.paid_off.saturating_sub(now).min(WINDOW_NANOSECONDS);
        if owed.limit != limit {
            // So many requests are owed, whatever one of them costs from now on.
            let requests = debt.div_ceil(WINDOW_NANOSECONDS / owed.limit.max(1));
            debt = requests.saturating_mul(price).min(WINDOW_NANOSECONDS);
            owed.limit = limit;
        }
        let after = debt + price;
        let granted = after <= WINDOW_NANOSECONDS;
        let debt = if granted { after } else { debt };
        owed.paid_off = now + debt;
        Allowance {
            limit,
            remaining: ((WINDOW_NANOSECONDS - debt) / price).min(limit),
            reset_seconds: seconds(debt),
            wait_seconds: (!granted).then(|| seconds(after - WINDOW_NANOSECONDS).max(1)),
        }
    }

    /// Forgets whoever has paid off; when that is not enough, the half that owes least. They lose nothing by it, and
    /// whoever asked most stays counted.
    fn make_room(&mut self, now: u64) {
        self.0.retain(|_, owed| owed.paid_off > now);
        if self.0.len() < MOST_KEPT / 2 {
            return;
        }
        let mut moments: Vec<u64> = self.0.values().map(|owed| owed.paid_off).collect();
        let middle = moments.len() / 2;
        let (_, &mut middle, _) = moments.select_nth_unstable(middle);
        let mut left = MOST_KEPT / 2;
        self.0.retain(|_, owed| {
            let stays = owed.paid_off >= middle && left > 0;
            left -= usize::from(stays);
            stays
        });
    }
}

/// Started seconds.
fn seconds(nanoseconds: u64) -> u64 {
    nanoseconds.div_ceil(1_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: (RateClass, u128) = (RateClass::Reading, 7);
    const SECOND: u64 = 1_000_000_000;

    fn granted(asked: &mut Bounded, times: usize, limit: u64, now: u64) -> usize {
        (0..times)
            .filter(|_| asked.ask(KEY, limit, now).wait_seconds.is_none())
            .count()
    }

    #[test]
    fn a_minute_s_worth_may_come_at_once_and_comes_back_evenly() {
        let mut asked = Bounded::default();
        let now = 1_000 * SECOND;
        let first = asked.ask(KEY, 60, now);
        assert_eq!(
            (first.limit, first.remaining, first.reset_seconds),
            (60, 59, 1)
        );
        assert_eq!(granted(&mut asked, 100, 60, now), 59);
        let refused = asked.ask(KEY, 60, now);
        assert_eq!((refused.remaining, refused.wait_seconds), (0, Some(1)));
        assert_eq!(refused.reset_seconds, 60);
        // Refusals cost nothing: after two seconds there are two again.
        assert_eq!(granted(&mut asked, 100, 60, now + 2 * SECOND), 2);
        assert_eq!(granted(&mut asked, 100, 60, now + 100 * SECOND), 60);
        // Another asker, and the same one elsewhere, have their own.
        assert_eq!(asked.ask((RateClass::Reading, 8), 60, now).remaining, 59);
        assert_eq!(asked.ask((RateClass::Uploads, 7), 60, now).remaining, 59);
    }

    #[test]
    fn a_changed_limit_and_a_changed_clock_count_at_once() {
        let mut asked = Bounded::default();
        let now = 10_000 * SECOND;
        assert_eq!(granted(&mut asked, 100, 10, now), 10);
        // Five of ten are owed half a minute later, and count as five of a thousand; of three, as all of them.
        assert_eq!(granted(&mut asked, 2_000, 1_000, now + 30 * SECOND), 995);
        assert_eq!(granted(&mut asked, 9, 3, now + 30 * SECOND), 0);
        assert_eq!(granted(&mut asked, 9, 3, now + 51 * SECOND), 1);
        // Somebody sets the clock back an hour: nobody is shut out for that hour.
        let earlier = now - 3_600 * SECOND;
        assert_eq!(granted(&mut asked, 10, 3, earlier), 0);
        assert_eq!(granted(&mut asked, 10, 3, earlier + 60 * SECOND), 3);
        // The largest limit there is leaves no room for a rounding mistake.
        assert_eq!(granted(&mut asked, 5, 60_000_000, now + 3_600 * SECOND), 5);
    }

    #[test]
    fn whatever_the_number_of_addresses_the_memory_stays_and_the_worst_are_remembered() {
        let mut asked = Bounded::default();
        let now = 1_000 * SECOND;
        assert_eq!(granted(&mut asked, 20, 10, now), 10);
        for other in 0..300_000 {
            asked.ask((RateClass::SignIn, other), 10, now + other as u64);
            assert!(asked.0.len() <= MOST_KEPT);
        }
        assert!(asked.0.len() >= MOST_KEPT / 4);
        assert_eq!(granted(&mut asked, 5, 10, now + SECOND), 0);
    }

    #[test]
    fn an_address_is_a_household() {
        let number = |text: &str| text.parse().map(|ip| Asker::Address(ip).number());
        assert_eq!(number("2001:db8:1:2::1"), number("2001:db8:1:2:ffff::9"));
        assert_ne!(number("2001:db8:1:2::1"), number("2001:db8:1:3::1"));
        assert_eq!(number("::ffff:192.0.2.1"), number("192.0.2.1"));
        assert_ne!(number("192.0.2.2"), number("192.0.2.1"));
    }
}
