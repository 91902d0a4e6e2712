//! The outbox worker.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::DbErr;
use tokio::sync::Notify;
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Courier, Couriers, Message, SendError};
use crate::domain::otp::{OtpDeriver, OtpPolicy};
use crate::domain::{Clock, Timestamp};
use crate::store::Store;
use crate::store::deliveries::{self, Delivery, Outcome};

/// How long a message belongs to the worker that took it. Short, so that the messages of a worker
/// that died are soon another's.
const LEASE: Duration = Duration::from_secs(15);
/// How often a worker that still waits for a provider renews its lease.
const RENEWAL: Duration = Duration::from_secs(5);
/// How many messages a worker sends at once.
const MAX_IN_HAND: usize = 32;
/// How often a message is tried.
const MAX_TRIES: u32 = 8;
/// How often to look for messages that nobody rang for: retries, other instances' leftovers.
const POLL: Duration = Duration::from_secs(1);

/// Rung when a message is owed, so that it is sent at once.
#[derive(Clone, Debug, Default)]
pub struct Doorbell(Arc<Notify>);

impl Doorbell {
    /// Wakes the worker, or keeps it from falling asleep.
    pub fn ring(&self) {
        self.0.notify_one();
    }
}

/// Sends what is owed. Any number of them may share one database.
#[derive(Clone)]
pub struct Worker {
    store: Store,
    couriers: Couriers,
    codes: Arc<OtpDeriver>,
    policy: OtpPolicy,
    clock: Arc<dyn Clock>,
    doorbell: Doorbell,
}

impl Worker {
    /// A worker that answers `doorbell`.
    #[must_use]
    pub fn new(
        store: Store,
        couriers: Couriers,
        codes: Arc<OtpDeriver>,
        policy: OtpPolicy,
        clock: Arc<dyn Clock>,
        doorbell: Doorbell,
    ) -> Self {
        Self {
            store,
            couriers,
            codes,
            policy,
            clock,
            doorbell,
        }
    }

    /// Works until `stop`, then finishes what is in hand; what is still in hand at `abandon` is
    /// given back.
    pub async fn run(self, stop: CancellationToken, abandon: CancellationToken) {
        let mut in_hand = JoinSet::new();
        // Whether there may be more than was taken, as soon as there is room.
        let (mut more, mut look) = (false, true);
        while !stop.is_cancelled() {
            if look {
                let room = MAX_IN_HAND - in_hand.len();
                more = match self.take_due(&mut in_hand, room, &abandon).await {
                    Ok(taken) => taken == room,
                    Err(error) => {
                        tracing::error!(%error, "the outbox cannot be read");
                        false
                    }
                };
            }
            look = tokio::select! {
                () = self.doorbell.0.notified() => true,
                () = tokio::time::sleep(POLL) => true,
                Some(done) = in_hand.join_next() => {
                    report(done);
                    // Not after each one: that would be two statements a message.
                    more && in_hand.len() <= MAX_IN_HAND / 2
                }
                () = stop.cancelled() => false,
            };
        }
        finish(in_hand).await;
    }

    /// Takes what is due, at most as much as may be in hand, sends it, and tells how much it was.
    /// At `abandon` what is still in hand goes back, for the next worker to take at once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn send_due(&self, abandon: &CancellationToken) -> Result<usize, DbErr> {
        let mut in_hand = JoinSet::new();
        let taken = self.take_due(&mut in_hand, MAX_IN_HAND, abandon).await?;
        finish(in_hand).await;
        Ok(taken)
    }

    /// Each message on its way by itself, so that none waits for another's slow provider.
    async fn take_due(
        &self,
        in_hand: &mut JoinSet<Result<(), DbErr>>,
        room: usize,
        abandon: &CancellationToken,
    ) -> Result<usize, DbErr> {
        if room == 0 {
            return Ok(0);
        }
        let (db, now) = (self.store.pool(), self.clock.now());
        let due = deliveries::take_due(db, now, LEASE, room as u64).await?;
        let taken = due.len();
        for delivery in due {
            let (worker, abandon) = (self.clone(), abandon.clone());
            in_hand.spawn(async move {
                tokio::select! {
                    done = worker.deliver(&delivery) => done,
                    () = abandon.cancelled() => worker.give_back(&delivery).await,
                }
            });
        }
        Ok(taken)
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<(), DbErr> {
        let channel = delivery.contact.channel();
        let Some(message) = self.message(delivery) else {
            return self.settle(delivery, Outcome::Late).await;
        };
        let Some(courier) = self.couriers.for_channel(channel) else {
            tracing::error!(?channel, "no courier for a message that is owed");
            return self.settle(delivery, Outcome::Failed).await;
        };
        let (id, tries, courier_name) = (delivery.id, delivery.tries, courier.name());
        match self.send(courier, &message).await? {
            Ok(()) => {
                tracing::info!(%id, tries, courier = courier_name, "delivered");
                self.settle(delivery, Outcome::Sent).await
            }
            Err(SendError::Temporary(reason)) if tries < MAX_TRIES => {
                tracing::warn!(%id, tries, courier = courier_name, reason, "not delivered, will try again");
                self.release_at(id, self.clock.now() + backoff(tries)).await
            }
            Err(error) => {
                tracing::error!(%id, tries, courier = courier_name, %error, "not delivered");
                self.settle(delivery, Outcome::Failed).await
            }
        }
    }

    /// Waits for the courier, however long it takes, and keeps the lease meanwhile.
    async fn send(
        &self,
        courier: &Arc<dyn Courier>,
        message: &Message,
    ) -> Result<Result<(), SendError>, DbErr> {
        let mut sending = courier.send(message);
        loop {
            if let Ok(sent) = timeout(RENEWAL, &mut sending).await {
                return Ok(sent);
            }
            self.release_at(message.id, self.clock.now() + LEASE)
                .await?;
        }
    }

    /// Derives the code once more. `None` when it would be of no use: expired, or made under a
    /// secret that was retired.
    fn message(&self, delivery: &Delivery) -> Option<Message> {
        let Delivery {
            challenge, contact, ..
        } = delivery;
        if self.clock.now() >= delivery.deadline || challenge.consumed_at.is_some() {
            return None;
        }
        Some(Message {
            id: delivery.id,
            contact: contact.clone(),
            code: self
                .codes
                .derive(&challenge.secret_id, &challenge.token, contact)?,
            lifetime: self.policy.lifetime(contact.channel()),
        })
    }

    async fn settle(&self, delivery: &Delivery, outcome: Outcome) -> Result<(), DbErr> {
        deliveries::settle(self.store.pool(), delivery.id, outcome, self.clock.now()).await
    }

    async fn give_back(&self, delivery: &Delivery) -> Result<(), DbErr> {
        tracing::info!(id = %delivery.id, "stopping: given back to the outbox");
        self.release_at(delivery.id, self.clock.now()).await
    }

    async fn release_at(&self, id: Uuid, due_at: Timestamp) -> Result<(), DbErr> {
        deliveries::release(self.store.pool(), id, due_at).await
    }
}

async fn finish(mut in_hand: JoinSet<Result<(), DbErr>>) {
    while let Some(done) = in_hand.join_next().await {
        report(done);
    }
}

/// In either case the lease runs out, and somebody tries again.
fn report(done: Result<Result<(), DbErr>, JoinError>) {
    match done {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "the outbox cannot be written"),
        Err(error) => tracing::error!(%error, "a courier panicked"),
    }
}

/// 1, 2, 4, … seconds after the first, second, third, … try, and never more than a minute: a
/// code that comes later than that is a code nobody waits for.
fn backoff(tries: u32) -> Duration {
    Duration::from_secs(1 << tries.saturating_sub(1).min(6)).min(Duration::from_mins(1))
}
