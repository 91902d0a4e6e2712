//! Access tokens: short-lived JWTs that other backends verify without calling us (RFC 9068).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Algorithm, RingHolder};
use crate::domain::rotation::LEEWAY;
use crate::domain::{Caller, Entropy, Kid, SessionId, Stale, Timestamp, UserId};

/// The `typ` of an access token (RFC 9068, section 2.1): no other JWT of ours can pass for one.
const TYPE: &str = "at+jwt";
/// No token of ours comes near it; longer ones are not even decoded. Bytes.
const MAX_BYTES: usize = 4096;

/// What access tokens say about their origin and their life.
#[derive(Clone, Debug)]
pub struct AccessPolicy {
    /// `iss`.
    pub issuer: String,
    /// `aud`.
    pub audience: String,
    /// From `iat` to `exp`.
    pub lifetime: Duration,
}

/// A signed access token.
#[derive(Clone)]
pub struct AccessToken(String);

impl AccessToken {
    /// The JWT, for the client that it was made for.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(…)")
    }
}

/// Issues and verifies access tokens.
#[derive(Debug)]
pub struct AccessTokens {
    policy: AccessPolicy,
    keys: Arc<RingHolder>,
}

/// A token that may be ours, by a key that this instance does not know. Another one may have made
/// it a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownKey;

/// Why a token is not believed.
enum Refused {
    Stale(Stale),
    UnknownKey,
}

impl From<Stale> for Refused {
    fn from(stale: Stale) -> Self {
        Self::Stale(stale)
    }
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: Uuid,
}

impl AccessTokens {
    /// Issues under `policy` with the active key of `keys`, whatever that is at the moment.
    #[must_use]
    pub fn new(policy: AccessPolicy, keys: Arc<RingHolder>) -> Self {
        Self { policy, keys }
    }

    /// From issue to expiry.
    #[must_use]
    pub fn lifetime(&self) -> Duration {
        self.policy.lifetime
    }

    /// Signs a token for one session of one user.
    ///
    /// # Errors
    /// When signing fails, which only a broken key or crypto library can cause.
    pub fn issue(
        &self,
        user: UserId,
        session: SessionId,
        now: Timestamp,
        entropy: &dyn Entropy,
    ) -> Result<AccessToken, jsonwebtoken::errors::Error> {
        let keys = self.keys.current();
        let key = keys.signer(now);
        let header = Header {
            typ: Some(TYPE.to_owned()),
            kid: Some(key.kid().to_string()),
            ..Header::new(key.algorithm().jws())
        };
        let claims = Claims {
            iss: self.policy.issuer.clone(),
            aud: self.policy.audience.clone(),
            sub: user.0,
            sid: session.0,
            iat: now.as_seconds(),
            nbf: now.as_seconds(),
            exp: (now + self.policy.lifetime).as_seconds(),
            jti: entropy.id(now),
        };
        jsonwebtoken::encode(&header, &claims, key.private()).map(AccessToken)
    }

    /// Tells who holds `token`, or why it proves nothing.
    ///
    /// RFC 8725: the key is found by `kid` among our own and nowhere else (`jku`, `jwk`, `x5u` and
    /// `x5c` are never looked at), it verifies its one algorithm, and type, issuer and audience
    /// must be exactly ours. Time is judged last, so that only a token of ours is ever `Expired`.
    ///
    /// # Errors
    /// When it looks like a token of ours, by a key that we do not have.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Caller, UnknownKey> {
        let proved = self
            .claims(token, now)
            .and_then(|(claims, kid)| Ok((in_time(claims, now)?, kid)));
        match proved {
            Ok((claims, kid)) => Ok(Caller::Bearer {
                user: UserId(claims.sub),
                session: SessionId(claims.sid),
                kid,
            }),
            Err(Refused::Stale(stale)) => Ok(Caller::Stale(stale)),
            Err(Refused::UnknownKey) => Err(UnknownKey),
        }
    }

    fn claims(&self, token: &str, now: Timestamp) -> Result<(Claims, Kid), Refused> {
        if token.len() > MAX_BYTES || !is_shaped_like_a_jwt(token) {
            return Err(Stale::Malformed.into());
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| Stale::Invalid)?;
        let is_typed = header.typ.is_some_and(|typ| typ.eq_ignore_ascii_case(TYPE));
        let is_signed = Algorithm::ALL.iter().any(|ours| ours.jws() == header.alg);
        if !is_typed || !is_signed || header.crit.is_some() {
            return Err(Stale::Invalid.into());
        }
        let kid = header.kid.as_deref().and_then(Kid::parse);
        let kid = kid.ok_or(Stale::Invalid)?;
        let keys = self.keys.current();
        let key = keys.find(kid, now).ok_or(Refused::UnknownKey)?;

        let mut validation = Validation::new(key.algorithm().jws());
        // Checked here: `exp` and `nbf` against the injected clock, `aud` as one exact string.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        let claims = jsonwebtoken::decode::<Claims>(token, key.public(), &validation)
            .map_err(|_| Stale::Invalid)?
            .claims;
        if claims.iss == self.policy.issuer && claims.aud == self.policy.audience {
            Ok((claims, kid))
        } else {
            Err(Stale::Invalid.into())
        }
    }
}

fn in_time(claims: Claims, now: Timestamp) -> Result<Claims, Stale> {
    let (ago, ahead) = ((now - LEEWAY).as_seconds(), (now + LEEWAY).as_seconds());
    if ago >= claims.exp {
        Err(Stale::Expired)
    } else if ahead < claims.nbf {
        Err(Stale::NotYetValid)
    } else {
        Ok(claims)
    }
}

/// Three parts, the first two of them base64url. Tells garbage from a JWT that is not ours.
fn is_shaped_like_a_jwt(token: &str) -> bool {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, _signature] = parts[..] else {
        return false;
    };
    let decodes = |part: &str| !part.is_empty() && URL_SAFE_NO_PAD.decode(part).is_ok();
    decodes(header) && decodes(claims)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::entropy::SystemEntropy;
    use crate::domain::rotation::{KeyDates, Timeline};
    use crate::tokens::{Algorithm, KeyRing, SigningKey};

    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    fn tokens(algorithm: Algorithm) -> AccessTokens {
        let key = SigningKey::from_pkcs8(algorithm, &algorithm.generate().unwrap()).unwrap();
        let policy = AccessPolicy {
            issuer: "https://auth.example.com".into(),
            audience: "https://api.example.com".into(),
            lifetime: Duration::from_mins(15),
        };
        let dates = KeyDates {
            kid: key.kid().to_string(),
            algorithm: algorithm.as_str().to_owned(),
            serial: 1,
            created_at: NOW,
            activates_at: NOW,
            revoked_at: None,
        };
        let ring = KeyRing::new(Timeline::new([dates]), [Arc::new(key)]).unwrap();
        AccessTokens::new(policy, Arc::new(RingHolder::new(ring)))
    }

    fn issue(tokens: &AccessTokens) -> AccessToken {
        let (user, session) = (UserId(Uuid::from_u128(1)), SessionId(Uuid::from_u128(2)));
        tokens.issue(user, session, NOW, &SystemEntropy).unwrap()
    }

    #[test]
    fn every_algorithm_verifies_what_it_signed_and_no_other_key_does() {
        for algorithm in Algorithm::ALL {
            let tokens = self::tokens(algorithm);
            let token = issue(&tokens);
            let caller = tokens.verify(token.reveal(), NOW);
            let bearer = Caller::Bearer {
                user: UserId(Uuid::from_u128(1)),
                session: SessionId(Uuid::from_u128(2)),
                kid: tokens.keys.current().signer(NOW).kid(),
            };
            assert_eq!(caller, Ok(bearer));
            let other = self::tokens(algorithm).verify(token.reveal(), NOW);
            assert_eq!(other, Err(UnknownKey));
        }
    }

    #[test]
    fn a_token_lives_from_nbf_to_exp_with_thirty_seconds_of_leeway() {
        let tokens = tokens(Algorithm::Es256);
        let token = issue(&tokens);
        let second = |offset: i64| Timestamp::from_micros(NOW.as_micros() + offset * 1_000_000);
        let at = |offset| tokens.verify(token.reveal(), second(offset)).unwrap();
        assert_eq!(at(-31), Caller::Stale(Stale::NotYetValid));
        assert!(matches!(at(-30), Caller::Bearer { .. }));
        assert!(matches!(at(929), Caller::Bearer { .. }));
        assert_eq!(at(930), Caller::Stale(Stale::Expired));
    }

    fn proves_nothing(tokens: &AccessTokens, text: &str) -> bool {
        let shown = tokens.verify(text, NOW);
        matches!(shown, Ok(Caller::Stale(_)) | Err(UnknownKey))
    }

    proptest! {
        #[test]
        fn no_text_makes_the_verifier_panic(text in any::<String>(), parts in "[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,40}") {
            let tokens = tokens(Algorithm::EdDsa);
            for text in [text, parts] {
                prop_assert!(proves_nothing(&tokens, &text));
            }
        }

        #[test]
        fn an_access_token_has_one_spelling(at in any::<prop::sample::Index>(), with in "[A-Za-z0-9_.=-]") {
            let tokens = tokens(Algorithm::Es256);
            let token = issue(&tokens);
            let mut other = token.reveal().to_owned();
            let at = at.index(other.len());
            other.replace_range(at..=at, &with);
            if other != token.reveal() {
                prop_assert!(proves_nothing(&tokens, &other));
            }
        }
    }
}
