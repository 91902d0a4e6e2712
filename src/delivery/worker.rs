//! The outbox worker.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use sea_orm::DbErr;
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, Span, info_span};

use super::dispatch::Dispatch;
use super::{Chain, Couriers, Doorbell};
use crate::domain::Channel;
use crate::store::deliveries::Delivery;
use crate::trace_context::{self, TARGET};

/// How long a message belongs to the worker that took it. Short, so that the messages of a worker
/// that died are soon another's.
pub(super) const LEASE: Duration = Duration::from_secs(15);
/// How many messages of one channel a worker sends at once. Each channel has room of its own, so
/// that a provider of one that hangs holds up no message of another.
const MAX_IN_HAND: usize = 32;
/// How often to look for messages that nobody rang for: retries, other instances' leftovers.
const POLL: Duration = Duration::from_secs(1);

/// Sends what is owed. Any number of them may share one database.
#[derive(Clone)]
pub struct Worker {
    dispatch: Dispatch,
    couriers: Couriers,
    doorbell: Doorbell,
}

impl Worker {
    /// A worker that answers `doorbell`.
    #[must_use]
    pub fn new(dispatch: Dispatch, couriers: Couriers, doorbell: Doorbell) -> Self {
        Self {
            dispatch,
            couriers,
            doorbell,
        }
    }

    /// Works until `stop`, then finishes what is in hand; what is still in hand at `abandon` is
    /// given back.
    pub async fn run(self, stop: CancellationToken, abandon: CancellationToken) {
        let mut desks = JoinSet::new();
        for desk in self.desks() {
            let (bell, stop, abandon) = (self.doorbell.clone(), stop.clone(), abandon.clone());
            desks.spawn(async move { desk.run(&bell, &stop, &abandon).await });
        }
        desks.join_all().await;
    }

    /// Takes what is due, at most as much of each channel as may be in hand, sends it, and tells
    /// how much it was. At `abandon` what is still in hand goes back, for the next worker to take
    /// at once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn send_due(&self, abandon: &CancellationToken) -> Result<usize, DbErr> {
        let mut taken = 0;
        for desk in self.desks() {
            let mut in_hand = JoinSet::new();
            taken += desk.take_due(&mut in_hand, MAX_IN_HAND, abandon).await?;
            finish(in_hand).await;
        }
        Ok(taken)
    }

    fn desks(&self) -> impl Iterator<Item = Desk> {
        self.couriers.chains().map(|(channel, chain)| Desk {
            dispatch: self.dispatch.clone(),
            channel,
            chain: Arc::clone(chain),
        })
    }
}

/// The part of a worker that sends the messages of one channel.
struct Desk {
    dispatch: Dispatch,
    channel: Channel,
    chain: Arc<Chain>,
}

impl Desk {
    async fn run(self, bell: &Doorbell, stop: &CancellationToken, abandon: &CancellationToken) {
        let mut in_hand = JoinSet::new();
        // Whether there may be more than was taken, as soon as there is room.
        let (mut more, mut look) = (false, true);
        while !stop.is_cancelled() {
            if look {
                let room = MAX_IN_HAND - in_hand.len();
                let taking = AssertUnwindSafe(self.take_due(&mut in_hand, room, abandon));
                more = match taking.catch_unwind().await {
                    Ok(Ok(taken)) => taken == room,
                    Ok(Err(error)) => {
                        tracing::error!(%error, "the outbox cannot be read");
                        false
                    }
                    // What was taken meanwhile is taken again when its lease runs out.
                    Err(_) => {
                        tracing::error!("reading the outbox panicked");
                        false
                    }
                };
            }
            look = tokio::select! {
                () = bell.rung(self.channel) => true,
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
        let (store, now) = (&self.dispatch.store, self.dispatch.clock.now());
        let due = store
            .take_due(self.channel, now, LEASE, room as u64)
            .await?;
        let taken = due.len();
        for delivery in due {
            let (dispatch, chain) = (self.dispatch.clone(), Arc::clone(&self.chain));
            let (abandon, span) = (abandon.clone(), traced(&delivery));
            let logged =
                info_span!(parent: &span, "deliver", trace_id = trace_context::trace_id(&span));
            let delivering = async move {
                tokio::select! {
                    done = dispatch.deliver(&delivery, &chain) => done,
                    () = abandon.cancelled() => dispatch.give_back(&delivery).await,
                }
            };
            in_hand.spawn(delivering.instrument(logged).instrument(span));
        }
        Ok(taken)
    }
}

/// The trace of one try. The request that owed the message has long been answered, and may have been
/// another instance's: its trace is over.
fn traced(delivery: &Delivery) -> Span {
    info_span!(
        target: TARGET,
        parent: None,
        "deliver",
        channel = delivery.channel.as_str(),
        delivery = %delivery.id,
    )
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
