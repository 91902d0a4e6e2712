//! Challenges: a code that was asked for.

use super::device::Locale;
use super::{ChallengeToken, Timestamp};

/// A code that was asked for, without the contact it went to: whoever needs it has it at hand.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// Names it, and proves to be who asked.
    pub token: ChallengeToken,
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
