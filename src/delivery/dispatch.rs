//! One delivery: from its row to a courier, and what became of it back to the row.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::DbErr;
use tokio::time::timeout;

use super::backoff::backoff;
use super::chain::{Taken, Untaken};
use super::templates::{Facts, Templates};
use super::worker::LEASE;
use super::{Chain, Message, Purpose, unreachable};
use crate::domain::device::Label;
use crate::domain::otp::{OtpDeriver, OtpPolicy};
use crate::domain::{Clock, Entropy, Timestamp};
use crate::store::Store;
use crate::store::deliveries::{self, Delivery, Outcome, Owed, Settlement};

/// How often a worker that still waits for a provider renews its lease.
const RENEWAL: Duration = Duration::from_secs(5);
/// How often a message is tried.
const MAX_TRIES: u32 = 8;

/// What it takes to send one delivery.
#[derive(Clone)]
pub struct Dispatch {
    /// The database.
    pub store: Store,
    /// Derives the codes once more.
    pub codes: Arc<OtpDeriver>,
    /// How long codes live.
    pub policy: OtpPolicy,
    /// Finds the words.
    pub templates: Arc<Templates>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

impl Dispatch {
    /// Sends a delivery by the first courier of `chain` that takes it, and settles it, or lets it
    /// be tried again.
    pub(super) async fn deliver(&self, delivery: &Delivery, chain: &Chain) -> Result<(), DbErr> {
        let Some(message) = self.message(delivery) else {
            return self.settle(delivery, Outcome::Late).await;
        };
        let (id, tries, now) = (delivery.id, delivery.tries, || self.clock.now());
        match self.send(delivery, &message, chain).await? {
            Ok(Taken { courier, receipt }) => {
                tracing::info!(%id, tries, courier, "sent");
                let reference = receipt.reference;
                self.settle(delivery, Outcome::Sent { courier, reference })
                    .await
            }
            Err(Untaken::CircuitsOpen(until)) if until < delivery.deadline => {
                deliveries::postpone(self.store.pool(), id, until).await
            }
            Err(Untaken::CircuitsOpen(_)) => self.settle(delivery, Outcome::Late).await,
            Err(Untaken::ForNow { courier, reason }) => {
                let again = now() + backoff(tries, &*self.entropy);
                if tries < MAX_TRIES && again < delivery.deadline {
                    return self.release_at(delivery, again).await;
                }
                self.fail(delivery, courier, reason).await
            }
            Err(Untaken::Permanently { courier, reason }) => {
                // Told to whoever asks for the next code, so that nobody waits for one in vain.
                let (db, contact) = (self.store.pool(), &delivery.contact);
                unreachable::note(db, delivery.channel, contact, now()).await?;
                self.fail(delivery, courier, reason).await
            }
        }
    }

    /// Gives a delivery back, for the next worker to take at once.
    pub(super) async fn give_back(&self, delivery: &Delivery) -> Result<(), DbErr> {
        tracing::info!(id = %delivery.id, "stopping: given back to the outbox");
        self.release_at(delivery, self.clock.now()).await
    }

    /// Waits for the couriers, however long they take, and keeps the lease meanwhile.
    async fn send(
        &self,
        delivery: &Delivery,
        message: &Message,
        chain: &Chain,
    ) -> Result<Result<Taken, Untaken>, DbErr> {
        let last = delivery.returned_by.as_deref();
        let mut sending = std::pin::pin!(chain.send(message, last, &*self.clock));
        loop {
            if let Ok(sent) = timeout(RENEWAL, &mut sending).await {
                return Ok(sent);
            }
            self.release_at(delivery, self.clock.now() + LEASE).await?;
        }
    }

    /// Words the message. `None` when it would be of no use: its code has expired, was used, or
    /// was made under a secret that was retired.
    fn message(&self, delivery: &Delivery) -> Option<Message> {
        if self.clock.now() >= delivery.deadline {
            return None;
        }
        let purpose = self.purpose(delivery)?;
        let facts = Facts {
            purpose: &purpose,
            user_agent: delivery.client.user_agent.as_ref().map(Label::as_str),
            ip_address: delivery.client.ip_address,
            at: delivery.created_at,
        };
        let wording = self
            .templates
            .word(delivery.channel, delivery.language.as_ref(), &facts);
        Some(Message {
            id: delivery.id,
            channel: delivery.channel,
            contact: delivery.contact.clone(),
            wording,
            purpose,
            expires_at: delivery.deadline,
        })
    }

    fn purpose(&self, delivery: &Delivery) -> Option<Purpose> {
        match &delivery.owed {
            Owed::NewDevice => Some(Purpose::NewDevice),
            Owed::TokenReuse => Some(Purpose::TokenReuse),
            Owed::Code(challenge) if challenge.consumed_at.is_some() => None,
            Owed::Code(challenge) => Some(Purpose::Code {
                code: self.codes.derive(
                    &challenge.secret_id,
                    &challenge.token,
                    &delivery.contact,
                )?,
                lifetime: self.policy.lifetime(delivery.channel),
            }),
        }
    }

    async fn fail(
        &self,
        delivery: &Delivery,
        courier: &'static str,
        reason: String,
    ) -> Result<(), DbErr> {
        let (id, tries) = (delivery.id, delivery.tries);
        tracing::error!(%id, tries, courier, reason, "not delivered");
        self.settle(delivery, Outcome::Failed { courier, reason })
            .await
    }

    async fn settle(&self, delivery: &Delivery, outcome: Outcome) -> Result<(), DbErr> {
        let name = outcome.as_str();
        let settlement = Settlement {
            delivery: delivery.id,
            outcome,
            at: self.clock.now(),
        };
        self.store.settle(settlement).await?;
        metrics::counter!(
            "countersign_deliveries_total",
            "channel" => delivery.channel.as_str(),
            "outcome" => name,
        )
        .increment(1);
        Ok(())
    }

    async fn release_at(&self, delivery: &Delivery, due_at: Timestamp) -> Result<(), DbErr> {
        deliveries::release(self.store.pool(), delivery.id, due_at).await
    }
}
