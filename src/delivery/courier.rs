//! What every way of sending has in common.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use super::Message;
use crate::domain::Channel;

/// One way of sending. A new one costs a file beside this one, its settings, and a line in
/// `app.rs`.
#[async_trait]
pub trait Courier: Send + Sync + fmt::Debug {
    /// Its name in the logs: `smtp`.
    fn name(&self) -> &'static str;

    /// Hands `message` to the provider, and returns once the provider has taken it.
    async fn send(&self, message: &Message) -> Result<(), SendError>;
}

/// Why a message was not taken. The text is for the operator's log: it names no recipient and no
/// code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Try again later: no connection, a busy server.
    #[error("temporary: {0}")]
    Temporary(String),
    /// It will never be taken: no such mailbox, refused content.
    #[error("permanent: {0}")]
    Permanent(String),
}

/// Who carries what. A channel without a courier is not offered.
#[derive(Clone, Debug, Default)]
pub struct Couriers {
    /// Carries e-mail.
    pub email: Option<Arc<dyn Courier>>,
    /// Carries text messages.
    pub sms: Option<Arc<dyn Courier>>,
}

impl Couriers {
    /// Who carries messages of `channel`.
    #[must_use]
    pub fn for_channel(&self, channel: Channel) -> Option<&Arc<dyn Courier>> {
        match channel {
            Channel::Email => self.email.as_ref(),
            Channel::Sms => self.sms.as_ref(),
        }
    }
}
