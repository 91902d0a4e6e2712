//! Refresh tokens: signed handles on a session's row.

use std::fmt;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::domain::SessionId;
use crate::domain::secret::{ServerSecret, ServerSecrets};
use crate::domain::session::Generation;

/// Tells people and secret scanners what they found.
const PREFIX: &str = "csr_";
/// Session id, generation.
const HANDLE: usize = 16 + 4;
/// HMAC-SHA256, truncated to 128 bits (RFC 2104, section 5).
const MAC: usize = 16;

/// A refresh token, as one client keeps it.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken(String);

impl RefreshToken {
    /// The token, for the client that it was made for.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(…)")
    }
}

/// Writes and reads refresh tokens: `csr_` and base64url(session id ‖ generation ‖ HMAC).
///
/// One session and generation always make the same token, so that two tabs that refresh at once
/// get the same successor; and a forged or garbled token is refused without a look at the
/// database.
pub struct RefreshTokens(Vec<hmac::Key>);

impl RefreshTokens {
    /// Signs under the newest of `secrets`, reads under any.
    #[must_use]
    pub fn new(secrets: &ServerSecrets) -> Self {
        let key = |secret: &ServerSecret| {
            hmac::Key::new(hmac::HMAC_SHA256, secret.subkey("refresh token").as_ref())
        };
        Self(secrets.iter().map(key).collect())
    }

    /// The token of one generation of a session.
    #[must_use]
    pub fn write(&self, session: SessionId, generation: Generation) -> RefreshToken {
        let mut bytes = [0; HANDLE + MAC];
        bytes[..16].copy_from_slice(session.0.as_bytes());
        bytes[16..HANDLE].copy_from_slice(&generation.0.to_be_bytes());
        let mac = hmac::sign(&self.0[0], &bytes[..HANDLE]);
        bytes[HANDLE..].copy_from_slice(&mac.as_ref()[..MAC]);
        RefreshToken(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Reads a token in the one spelling that [`write`](Self::write) gives it. `None` when it is
    /// not ours.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<(SessionId, Generation)> {
        let mut bytes = [0; HANDLE + MAC];
        let encoded = text.strip_prefix(PREFIX)?;
        let length = URL_SAFE_NO_PAD.decode_slice(encoded, &mut bytes).ok()?;
        let (handle, mac) = bytes.split_at(HANDLE);
        if length != bytes.len() || !self.0.iter().any(|key| is_signed(key, handle, mac)) {
            return None;
        }
        let session = Uuid::from_slice(&handle[..16]).ok()?;
        let generation = u32::from_be_bytes(handle[16..].try_into().ok()?);
        Some((SessionId(session), Generation(generation)))
    }
}

impl fmt::Debug for RefreshTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshTokens(…)")
    }
}

fn is_signed(key: &hmac::Key, handle: &[u8], mac: &[u8]) -> bool {
    use subtle::ConstantTimeEq;
    hmac::sign(key, handle).as_ref()[..MAC].ct_eq(mac).into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tokens(secrets: &[&str]) -> RefreshTokens {
        let secrets = secrets
            .iter()
            .map(|text| ServerSecret::parse(&text.repeat(32)).unwrap());
        RefreshTokens::new(&ServerSecrets::new(secrets.collect()).unwrap())
    }

    #[test]
    fn a_token_outlives_the_rotation_of_its_secret_but_not_its_removal() {
        let session = SessionId(Uuid::from_u128(7));
        let token = tokens(&["ab"]).write(session, Generation(3));
        assert_eq!(
            tokens(&["cd", "ab"]).read(token.reveal()),
            Some((session, Generation(3)))
        );
        assert_eq!(tokens(&["cd"]).read(token.reveal()), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in any::<String>(), body in "[A-Za-z0-9_=-]{0,64}") {
            let tokens = tokens(&["ab"]);
            prop_assert_eq!(tokens.read(&text), None);
            prop_assert_eq!(tokens.read(&format!("csr_{body}")), None);
        }

        #[test]
        fn a_token_has_one_spelling(
            id in any::<u128>(), generation in any::<u32>(),
            at in any::<prop::sample::Index>(), with in "[A-Za-z0-9_=-]"
        ) {
            let tokens = tokens(&["ab"]);
            let handle = (SessionId(Uuid::from_u128(id)), Generation(generation));
            let token = tokens.write(handle.0, handle.1);
            prop_assert_eq!(tokens.read(token.reveal()), Some(handle));
            let mut other = token.reveal().to_owned();
            let at = at.index(other.len());
            other.replace_range(at..=at, &with);
            if other != token.reveal() {
                prop_assert_eq!(tokens.read(&other), None);
            }
        }
    }
}
