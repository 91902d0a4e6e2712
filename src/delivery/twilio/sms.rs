//! Text messages.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use super::{Account, Callbacks, Sender, Standing, TwilioSettings};
use crate::delivery::{Courier, Message, Receipt, SendError};
use crate::domain::Clock;

/// Sends text messages through a Twilio account.
pub struct TwilioSms {
    account: Account,
    sender: Option<Sender>,
}

impl TwilioSms {
    /// Prepares the client; connects when first needed. With `callbacks` Twilio is asked to
    /// report what becomes of each message.
    ///
    /// # Errors
    /// When there are no CA certificates on this machine.
    pub fn new(
        settings: &TwilioSettings,
        callbacks: Option<Callbacks>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, reqwest::Error> {
        Ok(Self {
            account: Account::new(settings, callbacks, clock)?,
            sender: settings.sender.clone(),
        })
    }

    /// How Twilio takes our credentials. Sends nothing.
    ///
    /// # Errors
    /// When it cannot be told.
    pub async fn standing(&self) -> Result<Standing, SendError> {
        self.account.standing().await
    }
}

#[async_trait]
impl Courier for TwilioSms {
    fn name(&self) -> &'static str {
        "twilio"
    }

    async fn send(&self, message: &Message) -> Result<Receipt, SendError> {
        let sender = match &self.sender {
            Some(Sender::From(from)) => ("From", from.clone()),
            Some(Sender::Service(sid)) => ("MessagingServiceSid", sid.clone()),
            None => return Err(SendError::Temporary("no sender is configured".to_owned())),
        };
        let fields = vec![
            ("To", message.contact.deliverable().to_owned()),
            sender,
            ("Body", message.wording.text().to_owned()),
        ];
        self.account.send(message, fields).await
    }
}

/// Holds the credentials.
impl fmt::Debug for TwilioSms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TwilioSms(…)")
    }
}
