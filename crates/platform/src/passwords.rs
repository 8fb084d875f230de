//! Passwords: hashed with argon2id on the blocking pool, a few at a time, because each takes 19 MiB and some
//! milliseconds of a core. An unknown name costs the same time as a wrong password.

use std::sync::Arc;
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::error::{PlatformError, Result};

/// How many are hashed at once.
const AT_ONCE: usize = 2;
/// How long one waits for its turn before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest password, in bytes: hashing reads all of it.
pub(crate) const LONGEST: usize = 1_024;

/// The hashing room.
#[derive(Debug)]
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    /// The hash of nobody's password, for names that do not exist.
    dummy: String,
}

impl Passwords {
    pub(crate) async fn new() -> Result<Self> {
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        let dummy = blocking(|| hash(&generate())).await??;
        Ok(Self { turns, dummy })
    }

    /// The PHC string of a new password.
    pub(crate) async fn hash(&self, password: &str) -> Result<String> {
        let turn = self.turn().await?;
        let password = password.to_owned();
        blocking(move || {
            let hash = hash(&password);
            drop(turn);
            hash
        })
        .await?
    }

    /// Whether the password belongs to the hash. Without a hash: `false`, after the same time.
    pub(crate) async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool> {
        let turn = self.turn().await?;
        let known = stored.is_some();
        let stored = stored.unwrap_or(&self.dummy).to_owned();
        let password: String = password.to_owned();
        let matches = blocking(move || {
            let matches = match PasswordHash::new(&stored) {
                Ok(parsed) => Argon2::default()
                    .verify_password(password.as_bytes(), &parsed)
                    .is_ok(),
                Err(_) => false,
            };
            drop(turn);
            matches
        })
        .await?;
        Ok(matches && known)
    }

    /// A turn goes along into the hashing: a caller that hangs up does not free it before its work is done.
    async fn turn(&self) -> Result<tokio::sync::OwnedSemaphorePermit> {
        let busy = PlatformError::TooManyRequests {
            detail: "Too many people are signing in at this moment. Try again in a few seconds."
                .to_owned(),
            retry_after_seconds: 5,
        };
        match tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(busy),
        }
    }
}

/// A password nobody can guess: 20 letters and digits that are hard to mistake for each other.
#[must_use]
pub fn generate() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let drawn: [u8; 20] = rand::random();
    drawn
        .iter()
        .filter_map(|byte| LETTERS.get(usize::from(byte % 32)))
        .map(|letter| char::from(*letter))
        .collect()
}

fn hash(password: &str) -> Result<String> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| PlatformError::internal("hash a password", error))
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| PlatformError::internal("hash a password", error))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
    use super::*;

    #[tokio::test]
    async fn only_the_password_opens_its_hash() {
        let passwords = Passwords::new().await.unwrap();
        let stored = passwords.hash("correct horse").await.unwrap();
        assert!(stored.starts_with("$argon2id$"), "{stored}");
        assert!(
            passwords
                .verify("correct horse", Some(&stored))
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .verify("correct horsf", Some(&stored))
                .await
                .unwrap()
        );
        assert!(!passwords.verify("correct horse", None).await.unwrap());
        assert!(!passwords.verify("x", Some("not a hash")).await.unwrap());
    }

    #[tokio::test]
    async fn hanging_up_does_not_free_a_turn() {
        let passwords = Passwords::new().await.unwrap();
        for _ in 0..AT_ONCE {
            let asked = tokio::time::timeout(Duration::ZERO, passwords.verify("x", None));
            assert!(asked.await.is_err(), "hashing takes longer than nothing");
        }
        assert_eq!(passwords.turns.available_permits(), 0);
    }

    #[test]
    fn generated_passwords_differ() {
        assert_ne!(generate(), generate());
        assert_eq!(generate().len(), 20);
    }
}
