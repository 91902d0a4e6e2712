//! Access tokens: short-lived JWTs that other backends verify without calling us (RFC 9068).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::dangerous::insecure_decode_claims;
use jsonwebtoken::{Header, Validation};
use serde::Serialize;
use uuid::Uuid;

use super::claims::Claims;
use super::proved::{Fingerprint, Proved, ProvedTokens};
use super::{Algorithm, RingHolder};
use crate::domain::rotation::LEEWAY;
use crate::domain::{Caller, Kid, SessionId, Stale, Timestamp, UserId};

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
    proved: ProvedTokens,
}

/// A part of a JWS in its compact form (RFC 7515, section 7.1).
fn part(value: &impl Serialize) -> Result<String, serde_json::Error> {
    Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(value)?))
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

impl AccessTokens {
    /// Issues under `policy` with the active key of `keys`, whatever that is at the moment.
    #[must_use]
    pub fn new(policy: AccessPolicy, keys: Arc<RingHolder>) -> Self {
        Self {
            policy,
            keys,
            proved: ProvedTokens::default(),
        }
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
    ) -> Result<AccessToken, jsonwebtoken::errors::Error> {
        let keys = self.keys.current();
        let key = keys.signer(now);
        let header = Header {
            typ: Some(TYPE.to_owned()),
            kid: Some(key.kid().to_string()),
            ..Header::new(key.algorithm().jws())
        };
        let mut claims = Claims {
            iss: self.policy.issuer.clone(),
            aud: self.policy.audience.clone(),
            sub: user.0,
            sid: session.0,
            iat: now.as_seconds(),
            nbf: now.as_seconds(),
            exp: (now + self.policy.lifetime).as_seconds(),
            jti: Uuid::nil(),
        };
        claims.jti = key.marker().mark(&claims);
        let message = format!("{}.{}", part(&header)?, part(&claims)?);
        let signature = URL_SAFE_NO_PAD.encode(key.sign(message.as_bytes())?);
        Ok(AccessToken(format!("{message}.{signature}")))
    }

    /// Tells who holds `token`, or why it proves nothing.
    ///
    /// RFC 8725: the key is found by `kid` among our own and nowhere else (`jku`, `jwk`, `x5u` and
    /// `x5c` are never looked at), it verifies its one algorithm, and type, issuer and audience
    /// must be exactly ours. What nobody marked is refused before its signature is looked at. Time is
    /// judged last, so that only a token of ours is ever `Expired`.
    ///
    /// # Errors
    /// When it looks like a token of ours, by a key that we do not have.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Caller, UnknownKey> {
        match self.prove(token, now) {
            Ok(Proved {
                user, session, kid, ..
            }) => Ok(Caller::Bearer { user, session, kid }),
            Err(Refused::Stale(stale)) => Ok(Caller::Stale(stale)),
            Err(Refused::UnknownKey) => Err(UnknownKey),
        }
    }

    /// The signature is most of the work, and comes with every request of a client: a token that
    /// was proved before is only asked whether its time and its key's are not over since.
    fn prove(&self, token: &str, now: Timestamp) -> Result<Proved, Refused> {
        if token.len() > MAX_BYTES {
            return Err(Stale::Malformed.into());
        }
        let fingerprint = Fingerprint::of(token);
        if let Some(proved) = self.proved.get(fingerprint)
            && self.keys.current().find(proved.kid, now).is_some()
        {
            return Ok(in_time(proved, now)?);
        }
        let proved = in_time(self.claims(token, now)?, now)?;
        self.proved.keep(fingerprint, proved);
        Ok(proved)
    }

    fn claims(&self, token: &str, now: Timestamp) -> Result<Proved, Refused> {
        let none_of_ours = || {
            if is_shaped_like_a_jwt(token) {
                Stale::Invalid
            } else {
                Stale::Malformed
            }
        };
        let header = jsonwebtoken::decode_header(token).map_err(|_| none_of_ours())?;
        let is_typed = header.typ.is_some_and(|typ| typ.eq_ignore_ascii_case(TYPE));
        let is_signed = Algorithm::ALL.iter().any(|ours| ours.jws() == header.alg);
        if !is_typed || !is_signed || header.crit.is_some() {
            return Err(none_of_ours().into());
        }
        let kid = header.kid.as_deref().and_then(Kid::parse);
        let kid = kid.ok_or_else(none_of_ours)?;
        let keys = self.keys.current();
        let key = keys.find(kid, now).ok_or(Refused::UnknownKey)?;
        // Of what they say, nothing is believed yet.
        let claims = insecure_decode_claims::<Claims>(token).map_err(|_| none_of_ours())?;
        if !key.marker().has_marked(&claims) {
            return Err(Stale::Invalid.into());
        }

        let mut validation = Validation::new(key.algorithm().jws());
        // Checked here: `exp` and `nbf` against the injected clock, `aud` as one exact string.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        let claims = jsonwebtoken::decode::<Claims>(token, key.public(), &validation)
            .map_err(|_| Stale::Invalid)?
            .claims;
        if claims.iss == self.policy.issuer && claims.aud == self.policy.audience {
            Ok(Proved {
                user: UserId(claims.sub),
                session: SessionId(claims.sid),
                kid,
                nbf: claims.nbf,
                exp: claims.exp,
            })
        } else {
            Err(Stale::Invalid.into())
        }
    }
}

fn in_time(proved: Proved, now: Timestamp) -> Result<Proved, Stale> {
    let (ago, ahead) = ((now - LEEWAY).as_seconds(), (now + LEEWAY).as_seconds());
    if ago >= proved.exp {
        Err(Stale::Expired)
    } else if ahead < proved.nbf {
        Err(Stale::NotYetValid)
    } else {
        Ok(proved)
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
mod tests;
