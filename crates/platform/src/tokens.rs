//! What a signed-in person carries: a short-lived signed access token, and a long-lived opaque refresh token of
//! which the store keeps the hash. A token names its door (`aud`), and the account's token version: whatever ends
//! sessions raises that number. The role in it decides nothing by itself; see `accounts::caller`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use trainyard_store::{Role, Timestamp, User};
use uuid::Uuid;

use crate::caller::Door;
use crate::error::{PlatformError, Result};

/// Seconds an access token lives.
pub(crate) const ACCESS_SECONDS: u64 = 30 * 60;
/// How long a browser stays signed in without being used.
pub(crate) const REFRESH_LIFETIME: std::time::Duration =
    std::time::Duration::from_secs(30 * 24 * 60 * 60);
/// The longest text that is looked at as a token.
const LONGEST: usize = 4_096;

/// What an access token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) sub: Uuid,
    pub(crate) aud: String,
    pub(crate) exp: i64,
    pub(crate) iat: i64,
    pub(crate) jti: Uuid,
    /// The account's token version when this was signed.
    pub(crate) ver: i32,
    pub(crate) role: Role,
    pub(crate) name: String,
}

/// Signs and reads access tokens, makes refresh tokens.
pub(crate) struct Tokens {
    signing: EncodingKey,
    reading: DecodingKey,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Tokens").finish_non_exhaustive()
    }
}

impl Tokens {
    pub(crate) fn new(secret: &[u8]) -> Self {
        Self {
            signing: EncodingKey::from_secret(secret),
            reading: DecodingKey::from_secret(secret),
        }
    }

    pub(crate) fn sign(&self, user: &User, door: Door) -> Result<String> {
        let now = Timestamp::now().unix_timestamp();
        let claims = Claims {
            sub: user.id,
            aud: door.name().to_owned(),
            exp: now.saturating_add_unsigned(ACCESS_SECONDS),
            iat: now,
            jti: Uuid::new_v4(),
            ver: user.token_version,
            role: user.role,
            name: user.display_name.clone(),
        };
        encode(&Header::new(Algorithm::HS256), &claims, &self.signing)
            .map_err(|error| PlatformError::internal("sign a token", error))
    }

    /// What a token of this door says, if it is one, signed here and not expired.
    pub(crate) fn read(&self, token: &str, door: Door) -> Result<Claims> {
        if token.len() > LONGEST {
            return Err(PlatformError::signed_out());
        }
        // Exactly one algorithm is accepted, whatever the header says.
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_audience(&[door.name()]);
        rules.set_required_spec_claims(&["exp", "aud", "sub"]);
        rules.leeway = 0;
        match decode::<Claims>(token, &self.reading, &rules) {
            Ok(read) => Ok(read.claims),
            Err(_) => Err(PlatformError::signed_out()),
        }
    }
}

/// What a token of an old door shows.
pub(crate) enum DoorToken {
    /// An account, and the number of its sessions when it was signed.
    Good {
        /// The account.
        user: Uuid,
        /// The number.
        version: i32,
        /// What it might do and was called then; of older tokens, nothing.
        known: Option<(Role, String)>,
    },
    /// It was good once.
    Expired,
    /// It is signed but names nobody.
    Nameless,
    /// It is none.
    Invalid,
}

/// What this house goes by in a token of an old door.
#[derive(Deserialize)]
struct DoorClaims {
    uid: Option<Uuid>,
    sub: Option<String>,
    ver: Option<i32>,
    acts_as: Option<Role>,
    called: Option<String>,
}

impl Tokens {
    /// Signs a token that says what an old door's clients read, and what this house goes by.
    pub(crate) fn sign_spoken(
        &self,
        user: &User,
        mut spoken: Map<String, Value>,
        lifetime: std::time::Duration,
        door: Door,
    ) -> Result<String> {
        let now = Timestamp::now().unix_timestamp();
        spoken.insert(
            "exp".to_owned(),
            now.saturating_add_unsigned(lifetime.as_secs()).into(),
        );
        spoken.insert("iat".to_owned(), now.into());
        spoken.insert("aud".to_owned(), door.name().into());
        spoken.insert("jti".to_owned(), Uuid::new_v4().to_string().into());
        spoken.insert("uid".to_owned(), user.id.to_string().into());
        spoken.insert("ver".to_owned(), user.token_version.into());
        spoken.insert("acts_as".to_owned(), serde_json::json!(user.role));
        spoken.insert("called".to_owned(), user.display_name.clone().into());
        encode(&Header::new(Algorithm::HS256), &spoken, &self.signing)
            .map_err(|error| PlatformError::internal("sign a token", error))
    }

    /// What a token of this old door shows.
    pub(crate) fn read_spoken(&self, token: &str, door: Door) -> DoorToken {
        if token.len() > LONGEST {
            return DoorToken::Invalid;
        }
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_audience(&[door.name()]);
        rules.set_required_spec_claims(&["exp", "aud"]);
        rules.leeway = 0;
        let claims = match decode::<DoorClaims>(token, &self.reading, &rules) {
            Ok(read) => read.claims,
            Err(error) => {
                return match error.kind() {
                    jsonwebtoken::errors::ErrorKind::ExpiredSignature => DoorToken::Expired,
                    _ => DoorToken::Invalid,
                };
            }
        };
        match (claims.sub, claims.uid, claims.ver) {
            (Some(sub), Some(user), Some(version)) if !sub.is_empty() => {
                let known = claims.acts_as.zip(claims.called);
                DoorToken::Good {
                    user,
                    version,
                    known,
                }
            }
            (None, ..) => DoorToken::Nameless,
            _ => DoorToken::Invalid,
        }
    }
}

/// A refresh token or another secret that is good once, and the digest that is stored of it.
pub(crate) fn one_time_secret() -> (String, String) {
    let secret: [u8; 32] = rand::random();
    let token = URL_SAFE_NO_PAD.encode(secret);
    let digest = digest(&token);
    (token, digest)
}

/// What every API key begins with, so that people and scanners of published code recognise one.
const KEY_PREFIX: &str = "tyk_";
/// How many letters of a key its owner goes on seeing.
const KEY_SHOWN: usize = 12;

/// A new API key: the secret its owner sees once, the letters they recognise it by, and the digest that is stored.
pub(crate) fn api_key() -> (String, String, String) {
    let secret: [u8; 32] = rand::random();
    let key = format!("{KEY_PREFIX}{}", URL_SAFE_NO_PAD.encode(secret));
    let shown = key.chars().take(KEY_SHOWN).collect();
    let digest = digest(&key);
    (key, shown, digest)
}

/// Whether what somebody shows is an API key and no token.
pub(crate) fn is_api_key(credential: &str) -> bool {
    credential.starts_with(KEY_PREFIX) && credential.len() <= LONGEST
}

/// What is stored of an opaque token. It has 256 random bits, so one fast hash is enough.
pub(crate) fn digest(token: &str) -> String {
    blake3::hash(token.as_bytes()).to_hex().to_string()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
    use super::*;

    fn claims(aud: &str, lives: i64) -> Claims {
        let now = Timestamp::now().unix_timestamp();
        Claims {
            sub: Uuid::now_v7(),
            aud: aud.to_owned(),
            exp: now + lives,
            iat: now,
            jti: Uuid::new_v4(),
            ver: 1,
            role: Role::User,
            name: "Ana".to_owned(),
        }
    }

    #[test]
    fn only_tokens_signed_here_for_this_door_and_time_are_read() {
        let tokens = Tokens::new(&[7; 32]);
        let header = Header::new(Algorithm::HS256);
        let signed = |claims: &Claims| encode(&header, claims, &tokens.signing).unwrap();
        assert!(tokens.read(&signed(&claims("api", 60)), Door::Api).is_ok());
        assert!(
            tokens.read(&signed(&claims("cli", 60)), Door::Api).is_err(),
            "another door"
        );
        assert!(
            tokens.read(&signed(&claims("api", -1)), Door::Api).is_err(),
            "expired"
        );
        let other = EncodingKey::from_secret(&[8; 32]);
        let forged = encode(&header, &claims("api", 60), &other).unwrap();
        assert!(tokens.read(&forged, Door::Api).is_err(), "another secret");
        let longer = Header::new(Algorithm::HS512);
        let swapped = encode(&longer, &claims("api", 60), &tokens.signing).unwrap();
        assert!(
            tokens.read(&swapped, Door::Api).is_err(),
            "another algorithm"
        );
        let body = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&claims("api", 60)).unwrap());
        let unsigned = format!(
            "{}.{body}.",
            URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#)
        );
        assert!(tokens.read(&unsigned, Door::Api).is_err(), "no signature");
    }
}
