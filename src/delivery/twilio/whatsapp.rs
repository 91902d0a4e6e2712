//! Messages on `WhatsApp`: a channel costs one file.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::json;

use super::account::Field;
use super::{Account, Callbacks, TwilioSettings};
use crate::delivery::{Courier, Message, Receipt, SendError};
use crate::domain::Clock;

/// Whom messages on `WhatsApp` are from, and in which words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhatsappSettings {
    /// The sender's number, in E.164.
    pub from: String,
    /// The approved authentication template, `HX…`, whose first variable is the code. Without one
    /// messages go in our own words, which `WhatsApp` lets through only to people who wrote to
    /// the sender within the last day.
    pub content_sid: Option<String>,
}

/// Sends messages on `WhatsApp` through a Twilio account.
pub struct TwilioWhatsapp {
    account: Account,
    settings: WhatsappSettings,
}

impl TwilioWhatsapp {
    /// Prepares the client; connects when first needed. With `callbacks` Twilio is asked to
    /// report what becomes of each message.
    ///
    /// # Errors
    /// When there are no CA certificates on this machine.
    pub fn new(
        account: &TwilioSettings,
        settings: &WhatsappSettings,
        callbacks: Option<Callbacks>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, reqwest::Error> {
        Ok(Self {
            account: Account::new(account, callbacks, clock)?,
            settings: settings.clone(),
        })
    }

    /// The template where there is one and it fits: it has a place for a code, and none for news.
    fn words(&self, message: &Message) -> Vec<Field> {
        match (&self.settings.content_sid, message.purpose.code()) {
            (Some(sid), Some(code)) => vec![
                ("ContentSid", sid.clone()),
                (
                    "ContentVariables",
                    json!({ "1": code.reveal() }).to_string(),
                ),
            ],
            _ => vec![("Body", message.wording.text().to_owned())],
        }
    }
}

#[async_trait]
impl Courier for TwilioWhatsapp {
    /// As in `whatsapp.chain`. Logs and metrics name the channel beside it.
    fn name(&self) -> &'static str {
        "twilio"
    }

    async fn send(&self, message: &Message) -> Result<Receipt, SendError> {
        let mut fields = vec![
            ("To", format!("whatsapp:{}", message.contact.deliverable())),
            ("From", format!("whatsapp:{}", self.settings.from)),
        ];
        fields.extend(self.words(message));
        self.account.send(message, fields).await
    }
}

/// Holds the credentials.
impl fmt::Debug for TwilioWhatsapp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TwilioWhatsapp(…)")
    }
}
