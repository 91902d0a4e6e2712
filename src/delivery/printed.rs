//! What the console has printed lately, for the playground of a development machine.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::Message;

/// How many messages are remembered.
const KEPT: usize = 20;

/// The newest messages that the console has printed, in memory only. All clones are one.
#[derive(Clone, Debug, Default)]
pub struct Printed(Arc<Mutex<VecDeque<Message>>>);

impl Printed {
    /// Remembers `message`, and forgets the oldest one if there are too many.
    pub fn note(&self, message: Message) {
        let mut messages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        messages.push_front(message);
        messages.truncate(KEPT);
    }

    /// The newest messages first.
    #[must_use]
    pub fn newest_first(&self) -> Vec<Message> {
        let messages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        messages.iter().cloned().collect()
    }
}
