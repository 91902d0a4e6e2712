//! Contacts that can be told apart, and not read.

use std::fmt;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Contact;
use super::secret::{ServerSecret, ServerSecrets};

/// HMAC-SHA256, truncated to 128 bits (RFC 2104, section 5).
const BYTES: usize = 16;

/// A keyed hash of a contact: 22 characters of base64url. Without the key nobody can try out whose
/// it is; an unkeyed hash of a telephone number would be guessed in seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactHash(String);

impl ContactHash {
    /// Out of a row.
    #[must_use]
    pub fn from_row(text: String) -> Self {
        Self(text)
    }

    /// As a row keeps it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Hashes contacts, under keys that are derived from the server secrets.
#[derive(Clone)]
pub struct ContactHasher(Vec<hmac::Key>);

impl ContactHasher {
    /// Hashes under the newest of `secrets`, and looks up under any.
    #[must_use]
    pub fn new(secrets: &ServerSecrets) -> Self {
        let key = |secret: &ServerSecret| {
            hmac::Key::new(hmac::HMAC_SHA256, secret.subkey("audit contact").as_ref())
        };
        Self(secrets.iter().map(key).collect())
    }

    /// The hash to keep.
    #[must_use]
    pub fn hash(&self, contact: &Contact) -> ContactHash {
        hash(&self.0[0], contact)
    }

    /// Every hash under which `contact` may have been kept, newest secret first.
    #[must_use]
    pub fn all(&self, contact: &Contact) -> Vec<ContactHash> {
        self.0.iter().map(|key| hash(key, contact)).collect()
    }
}

impl fmt::Debug for ContactHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContactHasher(…)")
    }
}

fn hash(key: &hmac::Key, contact: &Contact) -> ContactHash {
    let mac = hmac::sign(key, contact.identity().as_bytes());
    ContactHash(URL_SAFE_NO_PAD.encode(&mac.as_ref()[..BYTES]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::EmailAddress;

    fn contact(address: &str) -> Contact {
        Contact::Email(EmailAddress::parse(address).unwrap())
    }

    fn hasher(digits: &[&str]) -> ContactHasher {
        let secret = |pair: &&str| ServerSecret::parse(&pair.repeat(32)).unwrap();
        ContactHasher::new(&ServerSecrets::new(digits.iter().map(secret).collect()).unwrap())
    }

    #[test]
    fn two_spellings_of_one_contact_have_one_hash() {
        let hasher = hasher(&["ab"]);
        let hash = hasher.hash(&contact("ada@example.com"));
        assert_eq!(hash, hasher.hash(&contact("ADA@Example.com")));
        assert_ne!(hash, hasher.hash(&contact("bob@example.com")));
        assert_eq!(hash.as_str().len(), 22);
    }

    #[test]
    fn after_a_change_of_secrets_the_old_hash_is_still_found() {
        let ada = contact("ada@example.com");
        let old = hasher(&["ab"]).hash(&ada);
        let rotated = hasher(&["cd", "ab"]);
        assert_ne!(rotated.hash(&ada), old);
        assert_eq!(rotated.all(&ada), [rotated.hash(&ada), old]);
    }
}
