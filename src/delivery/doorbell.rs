//! Waking the worker.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::domain::Channel;

/// Rung when a message is owed, so that it is sent at once. One bell for each channel.
#[derive(Clone, Debug, Default)]
pub struct Doorbell(Arc<[Notify; Channel::ALL.len()]>);

impl Doorbell {
    /// Wakes who sends messages of `channel`, or keeps them from falling asleep.
    pub fn ring(&self, channel: Channel) {
        self.bell(channel).notify_one();
    }

    /// Waits for the ring.
    pub(super) async fn rung(&self, channel: Channel) {
        self.bell(channel).notified().await;
    }

    fn bell(&self, channel: Channel) -> &Notify {
        &self.0[channel as usize]
    }
}
