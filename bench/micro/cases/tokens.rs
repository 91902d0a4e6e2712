//! The two tokens of a session.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign::domain::rotation::{KeyDates, Timeline};
use countersign::domain::session::Generation;
use countersign::domain::{Caller, Stale};
use countersign::tokens::{
    AccessPolicy, AccessTokens, KeyRing, RefreshTokens, RingHolder, UnknownKey,
};

use super::fixed::{NOW, SESSION, USER, secrets, signing_key};
use super::{Case, warm};

pub fn token_sign() -> Case {
    let tokens = access_tokens(ring());
    warm(move || tokens.issue(black_box(USER), SESSION, NOW))
}

/// Signed once by the fixed key: each signature is another, and some take longer to verify.
///
/// # Panics
/// When the one in the file is not what tokens are now. Then it says what is.
fn token() -> &'static str {
    let token = include_str!("token.jwt").trim_ascii_end();
    let tokens = access_tokens(ring());
    let fresh = tokens.issue(USER, SESSION, NOW).expect("a token");
    assert!(
        is_believed(tokens.verify(token, NOW)),
        "cases/token.jwt is out of date; this is not: {}",
        fresh.reveal()
    );
    token
}

fn is_believed(caller: Result<Caller, UnknownKey>) -> bool {
    matches!(caller, Ok(Caller::Bearer { .. }))
}

/// A token that is seen for the first time. This one is over, so that it is not kept, and each call
/// is the first.
pub fn token_verify() -> Case {
    let (tokens, token) = (access_tokens(ring()), token());
    let later = NOW + Duration::from_hours(1);
    let over = Ok(Caller::Stale(Stale::Expired));
    warm(move || assert_eq!(tokens.verify(black_box(token), later), over))
}

/// A token that was seen before.
pub fn token_verify_again() -> Case {
    let (tokens, token) = (access_tokens(ring()), token());
    warm(move || assert!(is_believed(tokens.verify(black_box(token), NOW))))
}

/// A token that somebody made up. Its mark tells, and nobody looks at its signature.
pub fn token_refuse() -> Case {
    let (tokens, forged) = (access_tokens(ring()), lasting_longer(token()));
    let refused = Ok(Caller::Stale(Stale::Invalid));
    warm(move || assert_eq!(tokens.verify(black_box(&forged), NOW), refused))
}

/// The same token with a later end.
fn lasting_longer(token: &str) -> String {
    let parts: Vec<&str> = token.split('.').collect();
    let claims = URL_SAFE_NO_PAD.decode(parts[1]).expect("base64url");
    let claims = String::from_utf8(claims).expect("JSON");
    let claims = URL_SAFE_NO_PAD.encode(claims.replace("\"exp\":", "\"exp\":9"));
    [parts[0], &claims, parts[2]].join(".")
}

pub fn refresh_token_write() -> Case {
    let tokens = RefreshTokens::new(&secrets());
    warm(move || tokens.write(black_box(SESSION), Generation(7)))
}

pub fn refresh_token_read() -> Case {
    let tokens = RefreshTokens::new(&secrets());
    let token = tokens.write(SESSION, Generation(7));
    warm(move || tokens.read(black_box(token.reveal())).expect("ours"))
}

pub fn access_tokens(keys: Arc<RingHolder>) -> AccessTokens {
    let policy = AccessPolicy {
        issuer: "https://auth.example.com".into(),
        audience: "https://api.example.com".into(),
        lifetime: Duration::from_mins(15),
    };
    AccessTokens::new(policy, keys)
}

fn ring() -> Arc<RingHolder> {
    let key = signing_key();
    let dates = KeyDates {
        kid: key.kid().to_string(),
        algorithm: key.algorithm().as_str().to_owned(),
        serial: 1,
        created_at: NOW,
        activates_at: NOW,
        revoked_at: None,
    };
    let ring = KeyRing::new(Timeline::new([dates]), [key]).expect("a ring");
    Arc::new(RingHolder::new(ring))
}
