//! A challenge goes out.

use std::time::Duration;

use uuid::Uuid;

use super::{Auth, Fault};
use crate::delivery::unreachable;
use crate::domain::challenge::Challenge;
use crate::domain::device::{Client, Locale};
use crate::domain::user::Signup;
use crate::domain::{ChallengeToken, Channel, Contact};
use crate::store::deliveries::{Delivery, Owed};
use crate::store::limits::Spent;
use crate::store::{challenges, deliveries, users};
use crate::trace_context::TARGET;

/// A request for a code.
#[derive(Clone, Debug)]
pub struct Request {
    /// Whom the code is for.
    pub contact: Contact,
    /// How it is to be sent; `None` leaves it to us.
    pub channel: Option<Channel>,
    /// The language that was asked for.
    pub locale: Option<Locale>,
    /// Who asks.
    pub client: Client,
}

/// What became of a request for a code.
#[derive(Debug)]
pub enum Requested {
    /// A code is on its way, or, should no code ever work for this contact, seems to be.
    Challenged(Issued),
    /// Too soon after the last one, or too many of late. The next may be asked for after this long.
    TooSoon(Duration),
    /// Nothing is ever sent to this contact's country, or to its kind of number.
    NotAllowed,
    /// Nothing here can send over this channel, or nothing reaches this contact over it.
    ChannelUnavailable,
}

/// A code that is on its way.
#[derive(Debug)]
pub struct Issued {
    /// For whoever asked, to show when answering.
    pub token: ChallengeToken,
    /// How it is sent.
    pub channel: Channel,
    /// Where it is sent, for display.
    pub masked_recipient: String,
    /// Digits in the code.
    pub digits: u8,
    /// How long the code works.
    pub expires_in: Duration,
    /// When another code may be asked for.
    pub resend_in: Duration,
}

impl Auth {
    /// Sends a one-time code to a contact.
    ///
    /// The answer, the rows written and the work done are the same whether the contact has an
    /// account, has none, or may not have one (D7).
    ///
    /// # Errors
    /// When the database fails.
    #[tracing::instrument(target = TARGET, skip_all)]
    pub async fn request_otp(&self, request: Request) -> Result<Requested, Fault> {
        let requested = self.challenge(request.clone()).await?;
        self.record_request(&request, &requested).await;
        Ok(requested)
    }

    async fn challenge(&self, request: Request) -> Result<Requested, Fault> {
        let now = self.clock.now();
        let is_test = self
            .test_identities
            .code_of(&request.contact, now)
            .is_some();
        let Some(channel) = self.channel(&request, is_test) else {
            return Ok(Requested::ChannelUnavailable);
        };
        if !is_test && let Some(refusal) = self.forbidden(&request.contact) {
            let contact = &request.contact;
            return Ok(self.note_toll_refusal(channel, contact, refusal).await?);
        }
        if self.is_unreachable(channel, &request.contact).await? {
            return Ok(Requested::ChannelUnavailable);
        }
        let (otp, client) = (&self.policy.otp, request.client);
        let accepted = client.accept_language.as_deref();
        let language = self.languages.choose(request.locale.as_ref(), accepted);
        let challenge = Challenge {
            token: ChallengeToken::from_uuid(Uuid::from_bytes(self.entropy.bytes())),
            channel,
            secret_id: self.codes.newest().as_str().to_owned(),
            locale: request.locale,
            attempts_left: otp.attempts,
            open_attempts_left: otp.attempts,
            decoy: false,
            created_at: now,
            expires_at: now + otp.lifetime(channel),
            consumed_at: None,
        };
        let delivery = Delivery {
            id: self.entropy.id(now),
            channel,
            contact: request.contact,
            language: Some(language),
            client,
            created_at: now,
            deadline: challenge.expires_at,
            tries: 0,
            returned_by: None,
            owed: Owed::Code(challenge.clone()),
        };
        let requested = self
            .store
            .retrying(|| self.commit_challenge(challenge.clone(), &delivery, is_test))
            .await?;
        if let Requested::Challenged(_) = requested {
            self.doorbell.ring(channel);
        }
        Ok(requested)
    }

    /// How to send: as was asked, or else by the first channel that reaches the contact. To a test
    /// identity nothing is sent, so that any channel will do.
    fn channel(&self, request: &Request, is_test: bool) -> Option<Channel> {
        let mut fitting = Channel::ALL
            .into_iter()
            .filter(|channel| request.channel.is_none_or(|asked| asked == *channel))
            .filter(|channel| request.contact.takes(*channel));
        fitting.find(|channel| is_test || self.couriers.offer(*channel))
    }

    /// Whether a provider has just said that nothing reaches `contact`. With sign-up closed nobody
    /// is told: only who has an account was ever sent anything (D7).
    async fn is_unreachable(&self, channel: Channel, contact: &Contact) -> Result<bool, Fault> {
        if self.policy.signup == Signup::Closed {
            return Ok(false);
        }
        let (db, now) = (self.store.pool(), self.clock.now());
        Ok(unreachable::is_noted(db, channel, contact, now).await?)
    }

    /// The budgets, the challenge and the message that it owes, together or not at all (D6).
    async fn commit_challenge(
        &self,
        mut challenge: Challenge,
        delivery: &Delivery,
        is_test: bool,
    ) -> Result<Requested, Fault> {
        let contact = &delivery.contact;
        let tx = self.store.begin().await?;
        if let Spent::Refused(wait) = self.spend_send(&tx, contact, &delivery.client).await? {
            tx.rollback().await?;
            return Ok(Requested::TooSoon(wait));
        }
        if self.policy.signup == Signup::Closed {
            challenge.decoy = !users::exists(&tx, contact).await?;
        }
        let (channel, decoy) = (challenge.channel, challenge.decoy);
        if !is_test && let Some(refusal) = self.spend_toll(&tx, channel, contact, decoy).await? {
            tx.rollback().await?;
            return Ok(self.note_toll_refusal(channel, contact, refusal).await?);
        }
        challenges::insert(&tx, &challenge, contact).await?;
        deliveries::insert(&tx, delivery, challenge.decoy || is_test).await?;
        let resend_in = self.next_send_in(&tx, contact).await?;
        tx.commit().await?;

        let otp = &self.policy.otp;
        Ok(Requested::Challenged(Issued {
            token: challenge.token,
            channel: challenge.channel,
            masked_recipient: contact.masked(),
            digits: otp.digits,
            expires_in: otp.lifetime(challenge.channel),
            resend_in,
        }))
    }
}
