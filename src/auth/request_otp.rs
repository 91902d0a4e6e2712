//! A challenge goes out.

use std::time::Duration;

use super::bill::Refusal;
use super::issue::Issue;
use super::{Auth, Fault};
use crate::domain::challenge::Challenge;
use crate::domain::device::{Client, Locale};
use crate::domain::user::Signup;
use crate::domain::{ChallengeToken, Channel, Contact};
use crate::store::deliveries::{Delivery, Owed};
use crate::store::users;
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
        let (otp, client) = (&self.policy.otp, request.client);
        let accepted = client.accept_language.as_deref();
        let language = self.languages.choose(request.locale.as_ref(), accepted);
        let mut challenge = Challenge {
            token: ChallengeToken::from_uuid(self.entropy.id(now)),
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
        if self.policy.signup == Signup::Closed {
            let is_known = users::exists(self.store.pool(), &request.contact).await?;
            challenge.decoy = !is_known;
        }
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
        let contact = &delivery.contact;
        Ok(match self.issue(&challenge, &delivery, is_test).await? {
            Issue::Done(resend_in) => {
                self.doorbell.ring(channel);
                Requested::Challenged(Issued {
                    token: challenge.token,
                    channel,
                    masked_recipient: contact.masked(),
                    digits: otp.digits,
                    expires_in: otp.lifetime(channel),
                    resend_in,
                })
            }
            Issue::Refused(Refusal::Unreachable) => Requested::ChannelUnavailable,
            Issue::Refused(Refusal::TooSoon(wait)) => Requested::TooSoon(wait),
            Issue::Refused(Refusal::Toll(refusal)) => {
                self.note_toll_refusal(channel, contact, refusal).await?
            }
        })
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
}
