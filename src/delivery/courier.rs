//! What every way of sending has in common.

use std::fmt;

use async_trait::async_trait;

use super::Message;

/// One way of sending. A new one costs a file beside this one, its settings, and a line in
/// `app.rs`.
#[async_trait]
pub trait Courier: Send + Sync + fmt::Debug {
    /// Its name in the configuration, in logs, rows and metrics: `smtp`.
    fn name(&self) -> &'static str;

    /// Hands `message` to the provider, and returns once the provider has taken it. How long that
    /// may take is the courier's to bound.
    async fn send(&self, message: &Message) -> Result<Receipt, SendError>;
}

/// What a provider says of a message that it has taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// What the provider calls the message, in case it reports on it later.
    pub reference: Option<String>,
}

/// Why a message was not taken. The text is for the operator's log, such as `reply 550` or `error
/// 21211`: it names no recipient and no code, and repeats nothing that the provider said in its
/// own words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// This provider does not work: no connection, no answer, refused credentials. Another one
    /// may take the message; this one is left alone for a while when it goes on like that.
    #[error("unwell: {0}")]
    Unwell(String),
    /// This provider works, and does not take this message now: a full mailbox, an address that
    /// it has not seen before. Another may, and so may this one later. What somebody can bring
    /// about by asking for codes must not count against the provider.
    #[error("temporary: {0}")]
    Temporary(String),
    /// Nobody will ever take it: no such mailbox, not a number that can be reached.
    #[error("permanent: {0}")]
    Permanent(String),
}
