//! The mark in `jti`, which tells our tokens from forged ones before a signature is looked at.
//!
//! A signature by a public key is dear to verify (some 70 µs for ES256), and anybody may send one
//! under claims that they made up. To make up the mark as well takes a key that only we have, and to
//! check it takes a microsecond. The signature alone still decides: a mark proves nothing to anybody
//! else, and opens nothing.

use std::fmt;

use aws_lc_rs::hmac;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::claims::Claims;
use crate::domain::secret::subkey;

/// How many bytes are marked: `sub`, `sid`, `iat`, `nbf` and `exp`. `iss` and `aud` are the same in all.
const MARKED: usize = 16 + 16 + 8 + 8 + 8;

/// Makes and checks the marks of the tokens of one signing key.
pub(super) struct Marker(hmac::Key);

impl Marker {
    /// Its key is derived from the private key, so that every instance has it, and it ends when that
    /// does.
    pub(super) fn of(pkcs8: &[u8]) -> Self {
        let key = subkey(pkcs8, "access token mark");
        Self(hmac::Key::new(hmac::HMAC_SHA256, key.as_ref()))
    }

    /// The mark of a token that says `claims`: their HMAC-SHA256, as a UUID of version 8 (RFC 9562,
    /// section 5.8), which leaves 122 bits of it. Two tokens of one session and second are the same
    /// token, and have one.
    pub(super) fn mark(&self, claims: &Claims) -> Uuid {
        let mut marked = [0; MARKED];
        marked[..16].copy_from_slice(claims.sub.as_bytes());
        marked[16..32].copy_from_slice(claims.sid.as_bytes());
        marked[32..40].copy_from_slice(&claims.iat.to_be_bytes());
        marked[40..48].copy_from_slice(&claims.nbf.to_be_bytes());
        marked[48..].copy_from_slice(&claims.exp.to_be_bytes());
        let tag = hmac::sign(&self.0, &marked);
        let mut mark = [0; 16];
        mark.copy_from_slice(&tag.as_ref()[..16]);
        Uuid::new_v8(mark)
    }

    /// Whether `claims` have the mark that we would give them.
    pub(super) fn has_marked(&self, claims: &Claims) -> bool {
        let mark = self.mark(claims);
        mark.as_bytes().ct_eq(claims.jti.as_bytes()).into()
    }
}

impl fmt::Debug for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Marker(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> Claims {
        Claims {
            iss: "https://auth.example.com".into(),
            aud: "https://auth.example.com".into(),
            sub: Uuid::from_u128(1),
            sid: Uuid::from_u128(2),
            iat: 1_800_000_000,
            nbf: 1_800_000_000,
            exp: 1_800_000_900,
            jti: Uuid::nil(),
        }
    }

    #[test]
    fn a_mark_is_of_its_key_and_of_each_claim() {
        let ours = Marker::of(b"a private key");
        let mut marked = claims();
        marked.jti = ours.mark(&marked);
        assert!(ours.has_marked(&marked));
        assert!(!ours.has_marked(&claims()));
        assert!(!Marker::of(b"another").has_marked(&marked));
        let alterations: [fn(&mut Claims); 5] = [
            |claims| claims.sub = Uuid::from_u128(2),
            |claims| claims.sid = Uuid::from_u128(1),
            |claims| claims.iat += 1,
            |claims| claims.nbf -= 1,
            |claims| claims.exp += 1,
        ];
        for alter in alterations {
            let mut altered = claims();
            altered.jti = marked.jti;
            alter(&mut altered);
            assert!(!ours.has_marked(&altered));
        }
    }

    #[test]
    fn a_mark_is_a_uuid_of_version_8() {
        let mark = Marker::of(b"a private key").mark(&claims());
        assert_eq!(mark.get_version_num(), 8);
        assert_eq!(mark.get_variant(), uuid::Variant::RFC4122);
    }
}
