//! Private keys at rest.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use zeroize::Zeroizing;

use crate::domain::secret::{SecretId, ServerSecret, ServerSecrets};

/// Seals private keys under the server secret (AES-256-GCM), each bound to its name, so that a
/// stolen or altered database yields none.
pub struct Sealer(Vec<(SecretId, RandomizedNonceKey)>);

impl Sealer {
    /// Seals under the newest of `secrets`, opens under any.
    ///
    /// # Panics
    /// Never: a subkey has the 32 bytes that AES-256 takes.
    #[must_use]
    pub fn new(secrets: &ServerSecrets) -> Self {
        let key = |secret: &ServerSecret| {
            let key = secret.subkey("signing key seal");
            let key = RandomizedNonceKey::new(&AES_256_GCM, key.as_ref())
                .expect("a subkey has the 32 bytes that AES-256 takes");
            (secret.id().clone(), key)
        };
        Self(secrets.iter().map(key).collect())
    }

    /// Seals `plain` for the row named `name`: the nonce, then the ciphertext. Also tells under
    /// which secret.
    ///
    /// # Panics
    /// Never: a private key is far below GCM's bound of 64 GiB.
    #[must_use]
    pub fn seal(&self, name: &str, plain: &[u8]) -> (&SecretId, Vec<u8>) {
        let (id, key) = &self.0[0];
        let mut body = plain.to_vec();
        let nonce = key
            .seal_in_place_append_tag(Aad::from(name.as_bytes()), &mut body)
            .expect("a private key is far below GCM's bound of 64 GiB");
        (id, [nonce.as_ref().as_slice(), &body].concat())
    }

    /// Names the secret that is sealed under.
    #[must_use]
    pub fn newest(&self) -> &SecretId {
        &self.0[0].0
    }

    /// Seals anew what was sealed under an older secret. `None` when there is nothing to do, or
    /// when it cannot be opened.
    #[must_use]
    pub fn reseal(&self, under: &str, name: &str, sealed: &[u8]) -> Option<(&SecretId, Vec<u8>)> {
        if under == self.newest().as_str() {
            return None;
        }
        let plain = self.open(under, name, sealed)?;
        Some(self.seal(name, &plain))
    }

    /// Opens what [`seal`](Self::seal) made. `None` when the secret named `under` has been
    /// retired, or when the row was altered or renamed.
    #[must_use]
    pub fn open(&self, under: &str, name: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (_, key) = self.0.iter().find(|(id, _)| id.as_str() == under)?;
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut body = Zeroizing::new(body.to_vec());
        let plain = key
            .open_in_place(nonce, Aad::from(name.as_bytes()), &mut body)
            .ok()?
            .len();
        body.truncate(plain);
        Some(body)
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::ServerSecret;

    #[test]
    fn only_the_same_secret_opens_the_same_row() {
        let secrets = |texts: &[&str]| {
            let parsed = texts
                .iter()
                .map(|text| ServerSecret::parse(&text.repeat(32)).unwrap());
            ServerSecrets::new(parsed.collect()).unwrap()
        };
        let old = Sealer::new(&secrets(&["ab"]));
        let (id, sealed) = old.seal("kid", b"private");
        let rotated = Sealer::new(&secrets(&["cd", "ab"]));
        assert_eq!(
            **rotated.open(id.as_str(), "kid", &sealed).unwrap(),
            b"private"[..]
        );

        let (newest, resealed) = rotated.reseal(id.as_str(), "kid", &sealed).unwrap();
        assert_eq!(newest, rotated.newest());
        assert!(rotated.reseal(newest.as_str(), "kid", &resealed).is_none());
        let other = Sealer::new(&secrets(&["cd"]));
        let opened = other.open(newest.as_str(), "kid", &resealed);
        assert_eq!(**opened.unwrap(), b"private"[..]);
        assert!(
            other.open(id.as_str(), "kid", &sealed).is_none(),
            "a retired secret"
        );
        assert!(
            old.open(id.as_str(), "other", &sealed).is_none(),
            "another row's name"
        );
        assert!(
            old.open(id.as_str(), "kid", &sealed[1..]).is_none(),
            "an altered row"
        );
        assert!(old.open(id.as_str(), "kid", &[]).is_none(), "an empty row");
    }
}
