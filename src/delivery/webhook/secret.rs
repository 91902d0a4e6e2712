//! What a webhook is signed with.

use std::fmt;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// How Standard Webhooks marks a secret that both sides know.
const PREFIX: &str = "whsec_";

/// A secret that the gateway shares with us.
#[derive(Clone)]
pub struct WebhookSecret(hmac::Key);

impl WebhookSecret {
    /// Reads `whsec_` and base64 of 24 to 64 bytes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(STANDARD.decode(text.strip_prefix(PREFIX)?).ok()?);
        (24..=64)
            .contains(&bytes.len())
            .then(|| Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
    }

    /// One item of `webhook-signature`.
    pub(super) fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        let signed = format!("{id}.{timestamp}.{body}");
        let tag = hmac::sign(&self.0, signed.as_bytes());
        format!("v1,{}", STANDARD.encode(tag))
    }
}

/// A secret.
impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector that the specification's own libraries test themselves with.
    #[test]
    fn signs_as_the_reference_does() {
        let secret = WebhookSecret::parse("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD").unwrap();
        let body = r#"{"email":"test@example.com","username":"test_user"}"#;
        assert_eq!(
            secret.sign("msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", 1_649_367_553, body),
            "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw="
        );
    }

    #[test]
    fn a_secret_has_its_prefix_and_24_to_64_bytes() {
        let of = |bytes: usize| format!("whsec_{}", STANDARD.encode(vec![7; bytes]));
        for (bytes, is_fine) in [(23, false), (24, true), (64, true), (65, false)] {
            assert_eq!(
                WebhookSecret::parse(&of(bytes)).is_some(),
                is_fine,
                "{bytes}"
            );
        }
        let bare = of(32).replace(PREFIX, "");
        for text in ["", "whsec_", "whsec_not base64", &bare] {
            assert!(WebhookSecret::parse(text).is_none(), "{text}");
        }
        let secret = WebhookSecret::parse(&of(32)).unwrap();
        assert_eq!(format!("{secret:?}"), "WebhookSecret(…)");
    }
}
