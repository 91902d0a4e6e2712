//! Verifies Countersign's access tokens.

use std::time::{Duration, Instant};

use jsonwebtoken::jwk::{Jwk, JwkSet, KeyAlgorithm};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use tokio::sync::Mutex;

/// How long keys are used without a look at the issuer's.
const LIFETIME: Duration = Duration::from_secs(300);

/// Claims of an access token.
#[derive(Debug, Deserialize)]
pub struct Claims {
    pub sub: String,
    pub sid: String,
}

/// Why a token was not believed.
#[derive(Debug)]
pub enum Refused {
    /// It proves nothing: 401.
    Token,
    /// The keys could not be fetched, which is not the caller's fault: 503.
    Keys(reqwest::Error),
}

/// Verifies access tokens. Make one for the life of your process: it keeps the keys.
pub struct Verifier {
    validation: Validation,
    jwks: String,
    cooldown: Duration,
    http: reqwest::Client,
    keys: Mutex<Option<(JwkSet, Instant)>>,
}

impl Verifier {
    /// For tokens of `issuer` that are meant for `audience`. A `kid` that is not among the keys
    /// has them fetched again, but no more often than every `cooldown`.
    pub fn new(issuer: &str, audience: &str, jwks: String, cooldown: Duration) -> Self {
        // One algorithm, whatever the token would like.
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.validate_nbf = true;
        validation.leeway = 30;
        Self {
            validation,
            jwks,
            cooldown,
            http: reqwest::Client::new(),
            keys: Mutex::new(None),
        }
    }

    /// The claims of an access token.
    pub async fn verify(&self, token: &str) -> Result<Claims, Refused> {
        let header = decode_header(token).map_err(|_| Refused::Token)?;
        if header.typ.as_deref() != Some("at+jwt") || header.alg != Algorithm::ES256 {
            return Err(Refused::Token);
        }
        let jwk = self.key(&header.kid.ok_or(Refused::Token)?).await?;
        let key = DecodingKey::from_jwk(&jwk).map_err(|_| Refused::Token)?;
        let token = decode(token, &key, &self.validation).map_err(|_| Refused::Token)?;
        Ok(token.claims)
    }

    async fn key(&self, kid: &str) -> Result<Jwk, Refused> {
        let mut keys = self.keys.lock().await;
        let serves = keys.as_ref().is_some_and(|(set, fetched)| {
            let age = fetched.elapsed();
            age < LIFETIME && (set.find(kid).is_some() || age < self.cooldown)
        });
        if !serves {
            *keys = Some((self.fetch().await.map_err(Refused::Keys)?, Instant::now()));
        }
        let found = keys.as_ref().and_then(|(set, _)| set.find(kid));
        found
            .filter(|jwk| jwk.common.key_algorithm == Some(KeyAlgorithm::ES256))
            .cloned()
            .ok_or(Refused::Token)
    }

    async fn fetch(&self) -> reqwest::Result<JwkSet> {
        let request = self.http.get(&self.jwks).timeout(Duration::from_secs(5));
        request.send().await?.error_for_status()?.json().await
    }
}
