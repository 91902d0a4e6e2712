//! A world in which nothing moves.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign::domain::secret::ServerSecret;
use countersign::domain::{Clock, Entropy, ServerSecrets, SessionId, Timestamp, UserId};
use countersign::tokens::{Algorithm, SigningKey};
use uuid::Uuid;

pub const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);
pub const USER: UserId = UserId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001));
pub const SESSION: SessionId =
    SessionId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002));

/// What precedes the private number of a P-256 key in PKCS #8 (RFC 5958, RFC 5915).
const BEFORE_PRIVATE: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg";
/// The key that the whole world knows: `d`, `x` and `y` of RFC 7515, appendix A.3.
const KEY: [&str; 3] = [
    "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
    "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
];

pub fn secrets() -> ServerSecrets {
    let secret = ServerSecret::parse(&"5e".repeat(32)).expect("a secret");
    ServerSecrets::new(vec![secret]).expect("one")
}

pub fn pkcs8() -> Vec<u8> {
    let decoded = |text| URL_SAFE_NO_PAD.decode(text).expect("base64url");
    let [private, x, y] = KEY.map(decoded);
    // `[1]`, a bit string, an uncompressed point.
    let before_public = [0xa1, 0x44, 0x03, 0x42, 0x00, 0x04];
    let before_private = decoded(BEFORE_PRIVATE);
    [before_private, private, before_public.into(), x, y].concat()
}

pub fn signing_key() -> Arc<SigningKey> {
    let key = SigningKey::from_pkcs8(Algorithm::Es256, &pkcs8());
    Arc::new(key.expect("a key"))
}

/// A clock that stands still.
pub struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        NOW
    }
}

/// The same bytes, always.
pub struct Same;

impl Entropy for Same {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(0x5e);
    }
}
