//! A challenge goes out.

use std::time::Duration;

use uuid::Uuid;

use super::{Auth, Fault};
use crate::domain::challenge::Challenge;
use crate::domain::device::Locale;
use crate::domain::user::Signup;
use crate::domain::{ChallengeToken, Channel, Contact};
use crate::store::limits::Spent;
use crate::store::{challenges, deliveries, users};

/// What became of a request for a code.
#[derive(Debug)]
pub enum Requested {
    /// A code is on its way, or, should no code ever work for this contact, seems to be.
    Challenged(Issued),
    /// Too soon after the last one. The next may be asked for after this long.
    TooSoon(Duration),
    /// Nothing here can send over this channel.
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
    /// Sends a one-time code to `contact`.
    ///
    /// The answer, the rows written and the work done are the same whether `contact` has an
    /// account, has none, or may not have one (D7).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn request_otp(
        &self,
        contact: Contact,
        locale: Option<Locale>,
    ) -> Result<Requested, Fault> {
        let channel = contact.channel();
        if self.couriers.for_channel(channel).is_none() {
            return Ok(Requested::ChannelUnavailable);
        }
        if let Spent::Refused(wait) = self.spend_send(&contact).await? {
            return Ok(Requested::TooSoon(wait));
        }

        let otp = &self.policy.otp;
        let now = self.clock.now();
        let token = ChallengeToken::from_uuid(Uuid::from_bytes(self.entropy.bytes()));
        let delivery = self.entropy.id(now);
        let challenge = Challenge {
            token,
            secret_id: self.codes.newest().as_str().to_owned(),
            locale,
            attempts_left: otp.attempts,
            open_attempts_left: otp.attempts,
            decoy: false,
            created_at: now,
            expires_at: now + otp.lifetime(channel),
            consumed_at: None,
        };
        self.store
            .retrying(|| self.commit_challenge(challenge.clone(), delivery, &contact))
            .await?;
        self.doorbell.ring();

        Ok(Requested::Challenged(Issued {
            token,
            channel,
            masked_recipient: contact.masked(),
            digits: otp.digits,
            expires_in: otp.lifetime(channel),
            resend_in: otp.resend_interval,
        }))
    }

    /// The challenge and the message that it owes, together or not at all (D6).
    async fn commit_challenge(
        &self,
        mut challenge: Challenge,
        delivery: Uuid,
        contact: &Contact,
    ) -> Result<(), Fault> {
        let tx = self.store.begin().await?;
        if self.policy.signup == Signup::Closed {
            challenge.decoy = users::find(&tx, contact).await?.is_none();
        }
        challenges::insert(&tx, &challenge, contact).await?;
        deliveries::insert(&tx, delivery, &challenge, contact).await?;
        tx.commit().await?;
        Ok(())
    }
}
