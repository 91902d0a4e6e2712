//! The name of a signing key.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The public key's RFC 7638 thumbprint, by SHA-256: the `kid` of tokens and of the JWKS.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kid([u8; 32]);

impl Kid {
    /// Reads base64url of 32 bytes, in its one spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }
}

/// As tokens and rows have it.
impl fmt::Display for Kid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for Kid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kid({self})")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_kid_has_one_spelling(bytes in any::<[u8; 32]>(), text in any::<String>(), near in "[A-Za-z0-9_-]{43}") {
            let kid = Kid(bytes);
            prop_assert_eq!(Kid::parse(&kid.to_string()), Some(kid));
            for text in [text, near] {
                if let Some(kid) = Kid::parse(&text) {
                    prop_assert_eq!(kid.to_string(), text);
                }
            }
        }
    }
}
