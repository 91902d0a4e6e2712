//! One-time codes: derived when needed, stored nowhere.

use std::fmt;
use std::time::Duration;

use aws_lc_rs::hmac;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::secret::{SecretId, ServerSecret, ServerSecrets};
use super::{ChallengeToken, Channel, Contact};

/// What codes look like and how long they live.
#[derive(Clone, Copy, Debug)]
pub struct OtpPolicy {
    /// Digits in a code, 6 to 8.
    pub digits: u8,
    /// Wrong guesses that one challenge bears from whoever asked for it, and as many again from
    /// everybody else.
    pub attempts: u8,
    /// How long a code sent by e-mail is good for.
    pub email_lifetime: Duration,
    /// How long a code sent to a telephone is good for.
    pub sms_lifetime: Duration,
    /// The shortest time between two codes to one contact.
    pub resend_interval: Duration,
}

impl OtpPolicy {
    /// How long a code sent over `channel` is good for.
    #[must_use]
    pub fn lifetime(&self, channel: Channel) -> Duration {
        match channel {
            Channel::Email => self.email_lifetime,
            Channel::Sms | Channel::Whatsapp => self.sms_lifetime,
        }
    }
}

/// A one-time code: some decimal digits.
#[derive(Clone)]
pub struct OtpCode(Zeroizing<String>);

impl OtpCode {
    /// Reads what a person typed; spaces and dashes are theirs to add. `None` when it could not
    /// be a code of `digits` digits.
    #[must_use]
    pub fn parse(typed: &str, digits: u8) -> Option<Self> {
        // Longer than any code with a separator after each digit.
        if typed.len() > 64 {
            return None;
        }
        let is_separator =
            |c: char| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}');
        let code: Zeroizing<String> =
            Zeroizing::new(typed.chars().filter(|c| !is_separator(*c)).collect());
        let well_formed =
            code.len() == usize::from(digits) && code.bytes().all(|b| b.is_ascii_digit());
        well_formed.then_some(Self(code))
    }

    /// Compares in constant time.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }

    /// The digits, for the message that carries them.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for OtpCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OtpCode(…)")
    }
}

/// Derives the code of a challenge, so that no code is ever at rest: HMAC-SHA256 under a key of
/// the server's, over the challenge's token and contact, truncated as in RFC 4226, section 5.3.
pub struct OtpDeriver {
    digits: u8,
    keys: Vec<(SecretId, hmac::Key)>,
}

impl OtpDeriver {
    /// Derives codes of `digits` digits under `secrets`.
    #[must_use]
    pub fn new(secrets: &ServerSecrets, digits: u8) -> Self {
        let key = |secret: &ServerSecret| {
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret.subkey("one-time code").as_ref());
            (secret.id().clone(), key)
        };
        Self {
            digits,
            keys: secrets.iter().map(key).collect(),
        }
    }

    /// Digits in a code.
    #[must_use]
    pub fn digits(&self) -> u8 {
        self.digits
    }

    /// The secret that new challenges are made under.
    #[must_use]
    pub fn newest(&self) -> &SecretId {
        &self.keys[0].0
    }

    /// The code of a challenge made under the secret named `under`; `None` when that secret has
    /// been retired, and the challenge with it.
    #[must_use]
    pub fn derive(
        &self,
        under: &str,
        token: &ChallengeToken,
        contact: &Contact,
    ) -> Option<OtpCode> {
        let (_, key) = self.keys.iter().find(|(id, _)| id.as_str() == under)?;
        let mut context = hmac::Context::with_key(key);
        context.update(token.as_uuid().as_bytes());
        context.update(contact.identity().as_bytes());
        Some(truncate(context.sign().as_ref(), self.digits))
    }
}

impl fmt::Debug for OtpDeriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OtpDeriver(…)")
    }
}

/// RFC 4226's dynamic truncation, over eight bytes instead of four: reduced to eight digits, 31
/// bits would favour some codes by one part in 20, 63 bits by less than one in 10^10.
fn truncate(mac: &[u8], digits: u8) -> OtpCode {
    let offset = usize::from(mac[mac.len() - 1] & 0x0f);
    let window: [u8; 8] = mac[offset..offset + 8]
        .try_into()
        .expect("offset is at most 15 of 32");
    let number = (u64::from_be_bytes(window) & (u64::MAX >> 1)) % 10_u64.pow(digits.into());
    OtpCode(Zeroizing::new(format!(
        "{number:0width$}",
        width = usize::from(digits)
    )))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::domain::EmailAddress;
    use crate::domain::secret::ServerSecret;

    fn deriver(secret: &str) -> OtpDeriver {
        let secret = ServerSecret::parse(&secret.repeat(32)).unwrap();
        OtpDeriver::new(&ServerSecrets::new(vec![secret]).unwrap(), 6)
    }

    fn contact(address: &str) -> Contact {
        Contact::Email(EmailAddress::parse(address).unwrap())
    }

    #[test]
    fn a_code_depends_on_secret_token_and_contact() {
        let (one, other) = (deriver("ab"), deriver("cd"));
        let token = ChallengeToken::from_uuid(Uuid::from_u128(1));
        let ada = contact("ada@example.com");
        let code = one.derive(one.newest().as_str(), &token, &ada).unwrap();
        let same = one
            .derive(one.newest().as_str(), &token, &contact("ADA@example.com"))
            .unwrap();
        assert!(code.matches(&same));

        let token2 = ChallengeToken::from_uuid(Uuid::from_u128(2));
        let different = [
            other.derive(other.newest().as_str(), &token, &ada),
            one.derive(one.newest().as_str(), &token2, &ada),
            one.derive(one.newest().as_str(), &token, &contact("eve@example.com")),
        ];
        assert!(different.iter().flatten().all(|other| !code.matches(other)));
        assert!(
            one.derive(other.newest().as_str(), &token, &ada).is_none(),
            "a retired secret"
        );
    }

    #[test]
    fn spaces_and_dashes_in_a_typed_code_do_no_harm() {
        for typed in ["123456", " 123 456 ", "123-456", "1 2 3–4 5 6"] {
            assert_eq!(OtpCode::parse(typed, 6).unwrap().reveal(), "123456");
        }
        for typed in [
            "",
            "12345",
            "1234567",
            "12345a",
            "١٢٣٤٥٦",
            "123456\0",
            &" ".repeat(10_000),
        ] {
            assert!(OtpCode::parse(typed, 6).is_none(), "{typed:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in any::<String>()) {
            let _ = OtpCode::parse(&text, 6);
        }

        #[test]
        fn every_code_has_its_digits(bits in any::<u128>()) {
            let deriver = deriver("ab");
            let token = ChallengeToken::from_uuid(Uuid::from_u128(bits));
            let code = deriver.derive(deriver.newest().as_str(), &token, &contact("ada@example.com"));
            prop_assert!(OtpCode::parse(code.unwrap().reveal(), 6).is_some());
        }
    }
}
