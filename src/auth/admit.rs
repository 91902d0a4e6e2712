//! The door opens to who has proved to hold a contact.

use sea_orm::{ConnectionTrait, DbErr};

use super::open::SignedIn;
use super::verify_otp::{Answer, Verdict};
use super::{Auth, Fault};
use crate::domain::challenge::{Challenge, Guesser};
use crate::domain::user::Signup;
use crate::domain::{Channel, Contact, User, UserId};
use crate::store::limits::Spent;
use crate::store::together::{Done, Step, Together};
use crate::store::{challenges, limits, sessions, users};

const SPENT: &str = "spent";
const NOTICE: &str = "notice";

impl Auth {
    /// Lets `user` in: all or nothing, in one round trip.
    pub(super) async fn admit(
        &self,
        guesser: Guesser,
        challenge: &Challenge,
        user: User,
        answer: &Answer,
    ) -> Result<Verdict, Fault> {
        let (steps, signed_in) = self.admission(guesser, challenge, user, answer, false)?;
        let done = steps.commit(&self.store).await?;
        Ok(self.admitted(&done, signed_in, &answer.contact))
    }

    /// Lets somebody in who had no account when they guessed: opens one, unless somebody else has
    /// been faster, or nobody may.
    pub(super) async fn admit_newcomer(
        &self,
        guesser: Guesser,
        challenge: &Challenge,
        answer: &Answer,
    ) -> Result<Verdict, Fault> {
        if self.policy.signup == Signup::Closed {
            let spending = challenges::consuming(challenge.token, self.clock.now());
            let spent = self.store.pool().execute(&spending).await?.rows_affected() == 1;
            return Ok(if spent {
                Verdict::SignupClosed
            } else {
                Verdict::Expired
            });
        }
        let tx = self.store.begin().await?;
        let (user, is_new) = self.sign_up(&tx, challenge, &answer.contact).await?;
        let address = answer.client.address_block();
        if is_new && let Spent::Refused(wait) = self.spend_account(&tx, address).await? {
            // The challenge is not spent: from elsewhere its code still opens.
            tx.rollback().await?;
            return Ok(Verdict::TooManyAccounts(wait));
        }
        let (steps, signed_in) = self.admission(guesser, challenge, user, answer, is_new)?;
        let done = steps.within(&tx).await?;
        if done.has(SPENT) {
            tx.commit().await?;
        } else {
            tx.rollback().await?;
        }
        Ok(self.admitted(&done, signed_in, &answer.contact))
    }

    /// Spends the challenge, and all that follows from it, once: of a hundred parallel requests one
    /// finds it unspent.
    fn admission(
        &self,
        guesser: Guesser,
        challenge: &Challenge,
        user: User,
        answer: &Answer,
        is_new_user: bool,
    ) -> Result<(Together, SignedIn), Fault> {
        let (contact, client, now) = (&answer.contact, &answer.client, self.clock.now());
        let session = self.new_session(user.id, answer.device_name.clone(), client);
        let spending = challenges::consuming(challenge.token, now);
        let mut steps = vec![Step::new(SPENT, spending)];
        let mut then = |step: Step| steps.push(step.after(SPENT));

        // Its owner has just proved to hold the contact: what was guessed at it is forgotten.
        if let Some((_, charge)) = self.guess_at(guesser, contact) {
            then(Step::new("forgiven", limits::clearing(&charge.key)));
        }
        then(Step::new("opened", sessions::opening(&session)));
        let notice = self.notice_of_sign_in(&user, &session, client);
        if let Some(notice) = notice.filter(|_| !is_new_user) {
            then(Step::new(NOTICE, notice));
        }
        if self.test_identities.code_of(contact, now).is_none() {
            steps.extend(self.conversion(challenge, contact, SPENT));
        }
        // It was right, and people who share an address may sign in as often as they like. Last,
        // as when it was charged: so no two wait for each other.
        if let Some((_, charge)) = self.guess_from(client.address_block()) {
            steps.push(Step::new("refunded", limits::refund(&charge)).after(SPENT));
        }
        let tokens = self.token_pair(&session)?;
        let signed_in = SignedIn {
            user,
            session,
            tokens,
            is_new_user,
        };
        Ok((self.together(steps), signed_in))
    }

    fn admitted(&self, done: &Done, signed_in: SignedIn, contact: &Contact) -> Verdict {
        if !done.has(SPENT) {
            return Verdict::Expired;
        }
        if done.has(NOTICE) {
            self.doorbell.ring(Channel::Email);
        }
        let is_test = self.test_identities.code_of(contact, self.clock.now());
        if is_test.is_some() {
            tracing::warn!(session = %signed_in.session.id.0, "a test identity signed in");
        }
        Verdict::SignedIn(Box::new(signed_in))
    }

    async fn sign_up(
        &self,
        tx: &impl ConnectionTrait,
        challenge: &Challenge,
        contact: &Contact,
    ) -> Result<(User, bool), DbErr> {
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
}
