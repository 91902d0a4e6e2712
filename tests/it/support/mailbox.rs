//! A courier that keeps what it is given.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use countersign::delivery::{Courier, Message, Receipt, SendError};
use uuid::Uuid;

/// Everything that was sent, and a script of failures to come.
#[derive(Clone, Debug, Default)]
pub struct Mailbox {
    messages: Arc<Mutex<Vec<Message>>>,
    failures: Arc<Mutex<Vec<SendError>>>,
    tries: Arc<Mutex<Vec<Uuid>>>,
}

impl Mailbox {
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
        "mailbox"
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
