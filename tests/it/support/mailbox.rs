//! A courier that keeps what it is given.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use countersign::delivery::{Courier, Couriers, Message, Receipt, SendError};
use countersign::domain::Channel;
use uuid::Uuid;

/// Everything that was sent, and a script of failures to come.
#[derive(Clone, Debug)]
pub struct Mailbox {
    name: &'static str,
    messages: Arc<Mutex<Vec<Message>>>,
    failures: Arc<Mutex<Vec<SendError>>>,
    tries: Arc<Mutex<Vec<Uuid>>>,
}

impl Default for Mailbox {
    fn default() -> Self {
        Self::named("mailbox")
    }
}

impl Mailbox {
    /// An empty one.
    pub fn named(name: &'static str) -> Self {
        Self {
            name,
            messages: Arc::default(),
            failures: Arc::default(),
            tries: Arc::default(),
        }
    }

    /// Couriers that are all this one.
    pub fn on_every_channel(&self) -> Couriers {
        let channels = Channel::ALL.into_iter();
        channels.fold(Couriers::default(), |couriers, channel| {
            couriers.with(channel, vec![Arc::new(self.clone())])
        })
    }

    /// The messages to `recipient`, oldest first.
    pub fn to(&self, recipient: &str) -> Vec<Message> {
        let messages = self.messages.lock().unwrap();
        messages
            .iter()
            .filter(|message| message.contact.deliverable() == recipient)
            .cloned()
            .collect()
    }

    /// How many messages were sent.
    pub fn len(&self) -> usize {
        self.messages.lock().unwrap().len()
    }

    /// The id of each message that was handed over, taken or not, oldest first.
    pub fn tries(&self) -> Vec<Uuid> {
        self.tries.lock().unwrap().clone()
    }

    /// Makes the next attempts fail, in this order.
    pub fn fail_next(&self, mut failures: Vec<SendError>) {
        failures.reverse();
        *self.failures.lock().unwrap() = failures;
    }
}

/// The code that a message brings.
pub fn code_of(message: &Message) -> &str {
    message.purpose.code().expect("a code").reveal()
}

#[async_trait]
impl Courier for Mailbox {
    fn name(&self) -> &'static str {
        self.name
    }

    async fn send(&self, message: &Message) -> Result<Receipt, SendError> {
        self.tries.lock().unwrap().push(message.id);
        if let Some(failure) = self.failures.lock().unwrap().pop() {
            return Err(failure);
        }
        self.messages.lock().unwrap().push(message.clone());
        Ok(Receipt::default())
    }
}

/// A code that was sent, and the token of its challenge.
pub struct Code {
    pub code: String,
    pub token: String,
}

impl Code {
    /// A code of as many digits that is not it.
    pub fn wrong(&self) -> String {
        let flip = |digit: char| if digit == '9' { '0' } else { '9' };
        self.code.chars().map(flip).collect()
    }
}
