//! Challenges: a code that was asked for.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::device::Locale;
use super::{Channel, Timestamp};

/// A code that was asked for, without the contact it went to: whoever needs it has it at hand.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// Names it, and proves to be who asked.
    pub token: ChallengeToken,
    /// How its code is sent.
    pub channel: Channel,
    /// Names the server secret that its code is derived under.
    pub secret_id: String,
    /// The language that was asked for.
    pub locale: Option<Locale>,
    /// Guesses left to whoever shows the token.
    pub attempts_left: u8,
    /// Guesses left to everybody else.
    pub open_attempts_left: u8,
    /// Stands where no code may work, so that nobody can tell (D7): no code is right, none sent.
    pub decoy: bool,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When its code stops working.
    pub expires_at: Timestamp,
    /// When its code was used.
    pub consumed_at: Option<Timestamp>,
}

/// Whose attempts a guess is charged to. Two budgets, so that a stranger who guesses at an
/// address cannot use up the attempts of its owner.
#[derive(Clone, Copy, Debug)]
pub enum Guesser {
    /// Who asked for the code, and shows the token to prove it.
    Holder(ChallengeToken),
    /// Anybody: the guess is at the contact's newest challenge.
    Stranger,
}

/// Names a challenge and proves to be who asked for it, by 74 random bits behind the time, which that
/// person knows: so new rows lie next to each other (decision 34). It lives as long as the code, and
/// opens nothing without it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ChallengeToken(Uuid);

impl ChallengeToken {
    const PREFIX: &str = "csc_";

    /// From a new `UUIDv7`, or from the row that keeps it.
    #[must_use]
    pub const fn from_uuid(bits: Uuid) -> Self {
        Self(bits)
    }

    /// As the row keeps it.
    #[must_use]
    pub const fn as_uuid(&self) -> Uuid {
        self.0
    }

    /// As the client keeps it: `csc_` and 22 characters of base64url.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!(
            "{}{}",
            Self::PREFIX,
            URL_SAFE_NO_PAD.encode(self.0.as_bytes())
        )
    }

    /// Reads [`reveal`](Self::reveal) back, in that one spelling only.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 16];
        let encoded = text.strip_prefix(Self::PREFIX)?;
        let length = URL_SAFE_NO_PAD.decode_slice(encoded, &mut bytes).ok()?;
        (length == bytes.len()).then(|| Self(Uuid::from_bytes(bytes)))
    }
}

impl fmt::Debug for ChallengeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChallengeToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in any::<String>()) {
            let _ = ChallengeToken::parse(&text);
        }

        #[test]
        fn a_challenge_token_has_one_spelling(
            bits in any::<u128>(), at in 4_usize..26, with in "[A-Za-z0-9_=-]"
        ) {
            let token = ChallengeToken(Uuid::from_u128(bits));
            let text = token.reveal();
            prop_assert_eq!(ChallengeToken::parse(&text), Some(token));
            let mut other = text.clone();
            other.replace_range(at..=at, &with);
            if other != text {
                prop_assert_ne!(ChallengeToken::parse(&other), Some(token));
            }
        }
    }
}
