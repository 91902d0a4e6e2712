//! The server secret: the one thing an operator keeps safe, from which every key is derived.

use std::fmt;

use aws_lc_rs::hkdf::{self, HKDF_SHA256, Prk, Salt};
use base64::Engine;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use super::Entropy;

/// Names a secret in the rows made under it, without telling anything about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretId(String);

impl SecretId {
    /// As a row keeps it: eight hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One server secret: at least 32 unpredictable bytes.
#[derive(Clone)]
pub struct ServerSecret {
    id: SecretId,
    root: Prk,
}

impl ServerSecret {
    /// Fewer bytes are refused (256 bits).
    pub const MIN_BYTES: usize = 32;

    /// Reads base64url or hexadecimal text.
    ///
    /// # Errors
    /// When it is neither, or too short.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let bytes = Zeroizing::new(decode(text.trim()).ok_or(SecretError::Encoding)?);
        if bytes.len() < Self::MIN_BYTES {
            return Err(SecretError::TooShort);
        }
        let root = root(&bytes);
        let [a, b, c, d, ..] = *expand(&root, "secret id");
        let id = SecretId(format!("{:08x}", u32::from_be_bytes([a, b, c, d])));
        Ok(Self { id, root })
    }

    /// The text of a new secret, for [`parse`](Self::parse) and for the file that keeps it.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Zeroizing<String> {
        let bytes = Zeroizing::new(entropy.bytes::<{ Self::MIN_BYTES }>());
        Zeroizing::new(URL_SAFE_NO_PAD.encode(*bytes))
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> &SecretId {
        &self.id
    }

    /// The key for one `purpose` (HKDF-SHA256, RFC 5869): no two purposes share a key.
    #[must_use]
    pub fn subkey(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        expand(&self.root, purpose)
    }
}

impl fmt::Debug for ServerSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerSecret({})", self.id.0)
    }
}

/// The secrets in force, newest first: the newest makes, all of them verify.
#[derive(Clone, Debug)]
pub struct ServerSecrets(Vec<ServerSecret>);

impl ServerSecrets {
    /// `None` when there is none.
    #[must_use]
    pub fn new(newest_first: Vec<ServerSecret>) -> Option<Self> {
        (!newest_first.is_empty()).then_some(Self(newest_first))
    }

    /// All of them, newest first.
    pub fn iter(&self) -> impl Iterator<Item = &ServerSecret> {
        self.0.iter()
    }
}

/// Why a text is no server secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// Neither base64url nor hexadecimal.
    #[error("is neither base64url nor hexadecimal text")]
    Encoding,
    /// Fewer than 32 bytes.
    #[error("has fewer than 32 bytes")]
    TooShort,
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let hexadecimal = text.len().is_multiple_of(2) && text.bytes().all(|b| b.is_ascii_hexdigit());
    if hexadecimal && text.len() >= 2 * ServerSecret::MIN_BYTES {
        let pairs = (0..text.len()).step_by(2);
        return pairs
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
            .collect();
    }
    URL_SAFE_NO_PAD
        .decode(text)
        .or_else(|_| URL_SAFE.decode(text))
        .ok()
}

/// The key for one `purpose` out of any `secret` (HKDF-SHA256, RFC 5869), as
/// [`ServerSecret::subkey`] makes it out of the server's.
#[must_use]
pub fn subkey(secret: &[u8], purpose: &str) -> Zeroizing<[u8; 32]> {
    expand(&root(secret), purpose)
}

fn root(secret: &[u8]) -> Prk {
    Salt::new(HKDF_SHA256, b"countersign").extract(secret)
}

fn expand(root: &Prk, purpose: &str) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    root.expand(&[purpose.as_bytes()], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(key.as_mut()))
        .expect("32 bytes is within HKDF's bound of 255 hashes");
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_secret_gives_each_purpose_its_own_key() {
        let secret = ServerSecret::parse(&"ab".repeat(32)).unwrap();
        assert_ne!(*secret.subkey("one"), *secret.subkey("two"));
        let same = ServerSecret::parse(&"AB".repeat(32)).unwrap();
        assert_eq!(*secret.subkey("one"), *same.subkey("one"));
        assert_eq!(secret.id(), same.id());
    }

    #[test]
    fn a_short_or_garbled_secret_is_refused() {
        assert_eq!(ServerSecret::parse("").unwrap_err(), SecretError::TooShort);
        assert_eq!(
            ServerSecret::parse("c2hvcnQ").unwrap_err(),
            SecretError::TooShort
        );
        assert_eq!(
            ServerSecret::parse("not a secret!").unwrap_err(),
            SecretError::Encoding
        );
    }

    #[test]
    fn debug_tells_the_name_only() {
        let text = "ab".repeat(32);
        let shown = format!("{:?}", ServerSecret::parse(&text).unwrap());
        assert_eq!(shown.len(), "ServerSecret(12345678)".len());
    }
}
