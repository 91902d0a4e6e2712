//! The right word comes back.

use std::slice;
use std::time::Duration;

use sea_orm::DbErr;
use sea_orm::sea_query::{Expr, ExprTrait};

use super::open::SignedIn;
use super::{Auth, Fault};
use crate::domain::challenge::{Challenge, Guesser};
use crate::domain::device::{Client, Label};
use crate::domain::{ChallengeToken, Contact, OtpCode};
use crate::store::together::{Done, Step};
use crate::store::{challenges, limits, users};
use crate::trace_context::TARGET;

/// An answer to a challenge.
#[derive(Debug)]
pub struct Answer {
    /// Who says so.
    pub contact: Contact,
    /// The code as typed; spaces and dashes do no harm.
    pub code: String,
    /// What came as the challenge token.
    pub token: Shown,
    /// What the client calls its device.
    pub device_name: Option<Label>,
    /// Where the answer came from.
    pub client: Client,
}

/// The challenge token that came with an answer.
#[derive(Clone, Copy, Debug)]
pub enum Shown {
    /// None did.
    Nothing,
    /// Something that is not a challenge token.
    Garbage,
    /// A challenge token, of this challenge or another.
    Token(ChallengeToken),
}

/// What became of an answer. Refusals are data, so that no rollback ever gives an attempt back.
#[derive(Debug)]
pub enum Verdict {
    /// The door opens.
    SignedIn(Box<SignedIn>),
    /// A wrong code, or nothing that it could be right for. To whoever shows the challenge
    /// token, with the attempts that are left.
    Invalid {
        /// `None` when the asker is not owed this detail.
        attempts_remaining: Option<u8>,
    },
    /// The code has expired, or was used before.
    Expired,
    /// No attempt is left on this challenge.
    AttemptsExceeded,
    /// Too many wrong codes for this contact, over all its challenges.
    TooManyGuesses(Duration),
    /// Too many wrong codes from this client address, whatever they were for.
    TooManyGuessesFromHere(Duration),
    /// The code was right, and is still good; but too many accounts were opened from this client's
    /// address.
    TooManyAccounts(Duration),
    /// The code was right, and sign-up was closed since it was sent.
    SignupClosed,
}

impl Verdict {
    /// All that a stranger is told.
    const UNEXPLAINED: Self = Self::Invalid {
        attempts_remaining: None,
    };
}

impl Auth {
    /// Checks the answer to a challenge, and opens a session if it is right. The first right
    /// answer of a new contact opens an account as well, unless sign-up is closed.
    ///
    /// # Errors
    /// When the database fails, or the token cannot be signed.
    #[tracing::instrument(target = TARGET, skip_all)]
    pub async fn verify_otp(&self, answer: Answer) -> Result<Verdict, Fault> {
        let guesser = match answer.token {
            Shown::Nothing => Guesser::Stranger,
            Shown::Token(token) => Guesser::Holder(token),
            Shown::Garbage => return Ok(Verdict::UNEXPLAINED),
        };
        // What cannot be a code is a slip of the finger, not a guess: it costs no attempt.
        let Some(guess) = OtpCode::parse(&answer.code, self.codes.digits()) else {
            return Ok(Verdict::UNEXPLAINED);
        };
        let verdict = self.verdict_on(guesser, &guess, &answer).await?;
        self.record_verdict(&answer, &verdict).await;
        Ok(told_to(guesser, verdict))
    }

    async fn verdict_on(
        &self,
        guesser: Guesser,
        guess: &OtpCode,
        answer: &Answer,
    ) -> Result<Verdict, Fault> {
        let contact = &answer.contact;
        let (challenge, known) = match self.charge_guess(guesser, answer).await? {
            Charged::Guess(challenge, known) => (challenge, known),
            Charged::NoChallenge => return self.explain(guesser, contact).await,
            Charged::Refused(verdict) => return Ok(verdict),
        };
        if !self.is_right(guess, &challenge, contact) {
            let left = match guesser {
                Guesser::Holder(_) => challenge.attempts_left,
                Guesser::Stranger => challenge.open_attempts_left,
            };
            return Ok(match left {
                0 => Verdict::AttemptsExceeded,
                left => Verdict::Invalid {
                    attempts_remaining: Some(left),
                },
            });
        }
        if let Some(user) = users::told(&known, USER)? {
            return self.admit(guesser, &challenge, user, answer).await;
        }
        let newcomer = || self.admit_newcomer(guesser, &challenge, answer);
        self.store.retrying(newcomer).await
    }

    /// Charges a guess, and commits that, before anybody looks at it (D2): to where it comes from,
    /// to the challenge, and to the contact. With it comes the account, which is not read before
    /// the guess is right: the work is the same whoever has one (D7).
    async fn charge_guess(&self, guesser: Guesser, answer: &Answer) -> Result<Charged, DbErr> {
        const ATTEMPT: &str = "attempt";
        const OF_CONTACT: &str = "of_contact";
        const OF_ADDRESS: &str = "of_address";
        let (contact, now) = (&answer.contact, self.clock.now());
        let of_address = self.guess_from(answer.client.address_block());
        let of_contact = self.guess_at(guesser, contact);

        // Where too many come from, nothing of the contact's is touched, whatever is known of it:
        // so it harms no attempts of others, and may be told to everybody. An address is everybody's
        // who shares it, so that its row is locked last, and not while others are waited for.
        let mut attempt = challenges::charging(guesser, contact, now);
        if let Some((_, charge)) = &of_address {
            attempt = attempt.only_if(Expr::exists(limits::over([charge], now)).not());
        }
        let mut steps = vec![Step::new(ATTEMPT, attempt)];
        if let Some((_, charge)) = &of_contact {
            steps.push(Step::new(OF_CONTACT, limits::charge(charge, now)).after(ATTEMPT));
        }
        if let Some((_, charge)) = &of_address {
            let charge = slice::from_ref(charge);
            steps.push(Step::new(OF_ADDRESS, limits::charge_all(charge, &[], now)));
        }
        steps.push(Step::new(USER, users::finding(contact)));

        let done = match self.together(steps).commit(&self.store).await {
            Err(error) if limits::is_refusal(&error) => None,
            done => Some(done?),
        };
        let done = done.filter(|done| of_address.is_none() || done.has(OF_ADDRESS));
        let Some(done) = done else {
            let wait = self.wait(of_address.as_ref()).await?;
            return Ok(Charged::Refused(Verdict::TooManyGuessesFromHere(wait)));
        };
        let Some(challenge) = challenges::told(&done, ATTEMPT)? else {
            return Ok(Charged::NoChallenge);
        };
        if of_contact.is_some() && !done.has(OF_CONTACT) {
            let wait = self.wait(of_contact.as_ref()).await?;
            return Ok(Charged::Refused(Verdict::TooManyGuesses(wait)));
        }
        Ok(Charged::Guess(challenge, done))
    }

    fn is_right(&self, guess: &OtpCode, challenge: &Challenge, contact: &Contact) -> bool {
        // Derived and compared for a decoy too: the same work, and then a refusal.
        let derived = self
            .codes
            .derive(&challenge.secret_id, &challenge.token, contact);
        let fixed = self.test_identities.code_of(contact, self.clock.now());
        let code = fixed.or(derived.as_ref());
        code.is_some_and(|code| code.matches(guess)) && !challenge.decoy
    }

    /// Why an answer was not even compared. Only who shows the challenge's token is told.
    async fn explain(&self, guesser: Guesser, contact: &Contact) -> Result<Verdict, Fault> {
        let Guesser::Holder(token) = guesser else {
            return Ok(Verdict::UNEXPLAINED);
        };
        let Some(challenge) = challenges::find(self.store.pool(), token, contact).await? else {
            return Ok(Verdict::UNEXPLAINED);
        };
        let is_over = challenge.consumed_at.is_some() || challenge.expires_at <= self.clock.now();
        Ok(if is_over {
            Verdict::Expired
        } else {
            Verdict::AttemptsExceeded
        })
    }
}

/// What became of the charge of a guess.
enum Charged {
    /// It was borne: the challenge, and whose account there is.
    Guess(Challenge, Done),
    /// There is nothing to guess at.
    NoChallenge,
    /// It was not.
    Refused(Verdict),
}

const USER: &str = "user";

/// Details are for whoever asked for the code, or knows it; anybody else learns that it was wrong.
fn told_to(guesser: Guesser, verdict: Verdict) -> Verdict {
    match (guesser, &verdict) {
        (
            Guesser::Stranger,
            Verdict::SignedIn(_) | Verdict::SignupClosed | Verdict::TooManyGuessesFromHere(_),
        )
        | (Guesser::Holder(_), _) => verdict,
        (Guesser::Stranger, _) => Verdict::UNEXPLAINED,
    }
}
