//! The right word comes back.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbErr};

use super::open::SignedIn;
use super::{Auth, Fault};
use crate::domain::challenge::{Challenge, Guesser};
use crate::domain::device::{Client, Label};
use crate::domain::user::Signup;
use crate::domain::{ChallengeToken, Channel, Contact, OtpCode, User, UserId};
use crate::store::limits::Spent;
use crate::store::{challenges, users};
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
        let now = self.clock.now();
        let contact = &answer.contact;

        // Before anything of the contact's is touched, and whatever is known of it: so it harms no
        // attempts of others, and may be told to everybody.
        let address = answer.client.address_block();
        if let Spent::Refused(wait) = self.spend_guess_from(address).await? {
            return Ok(Verdict::TooManyGuessesFromHere(wait));
        }
        // The attempt is charged, and committed, before anybody looks at the guess (D2).
        let Some(challenge) = challenges::charge(self.store.pool(), guesser, contact, now).await?
        else {
            return self.explain(guesser, contact).await;
        };
        if let Spent::Refused(wait) = self.spend_guess_at(guesser, contact).await? {
            return Ok(Verdict::TooManyGuesses(wait));
        }
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
        self.store
            .retrying(|| self.admit(guesser, &challenge, answer))
            .await
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

    /// Spends the challenge, finds or opens the account, opens the session: all or nothing.
    async fn admit(
        &self,
        guesser: Guesser,
        challenge: &Challenge,
        answer: &Answer,
    ) -> Result<Verdict, Fault> {
        let tx = self.store.begin().await?;
        let now = self.clock.now();
        if !challenges::consume(&tx, challenge.token, now).await? {
            tx.rollback().await?;
            return Ok(Verdict::Expired);
        }
        let address = answer.client.address_block();
        let (user, is_new_user) = match users::find(&tx, &answer.contact).await? {
            Some(user) => (user, false),
            None if self.policy.signup == Signup::Closed => {
                tx.commit().await?;
                return Ok(Verdict::SignupClosed);
            }
            None => self.sign_up(&tx, challenge, &answer.contact).await?,
        };
        if is_new_user && let Spent::Refused(wait) = self.spend_account(&tx, address).await? {
            // With it goes the spending of the challenge: from elsewhere its code still opens.
            tx.rollback().await?;
            return Ok(Verdict::TooManyAccounts(wait));
        }
        self.clear_guesses(&tx, guesser, &answer.contact).await?;
        let is_test = self.test_identities.code_of(&answer.contact, now).is_some();
        if !is_test {
            let (channel, sent_at) = (challenge.channel, challenge.created_at);
            self.note_conversion(&tx, channel, &answer.contact, sent_at)
                .await?;
        }
        let session = self
            .open(&tx, user.id, answer.device_name.clone(), &answer.client)
            .await?;
        let is_owed = !is_new_user
            && self
                .note_sign_in(&tx, &user, &session, &answer.client)
                .await?;
        let tokens = self.token_pair(&session)?;
        self.refund_guess_from(&tx, address).await?;
        tx.commit().await?;
        if is_owed {
            self.doorbell.ring(Channel::Email);
        }
        if is_test {
            tracing::warn!(session = %session.id.0, "a test identity signed in");
        }
        Ok(Verdict::SignedIn(Box::new(SignedIn {
            user,
            session,
            tokens,
            is_new_user,
        })))
    }

    async fn sign_up(
        &self,
        tx: &impl ConnectionTrait,
        challenge: &Challenge,
        contact: &Contact,
    ) -> Result<(User, bool), Fault> {
        let now = self.clock.now();
        let id = UserId(self.entropy.id(now));
        let user = User::new(id, contact.clone(), challenge.locale.clone(), now);
        if users::insert_if_absent(tx, &user).await? {
            return Ok((user, true));
        }
        // Two challenges of one new contact, answered at the same moment: the other was faster.
        let user = users::find(tx, contact).await?.ok_or_else(|| {
            DbErr::RecordNotFound("an account that was just in the way".to_owned())
        })?;
        Ok((user, false))
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
