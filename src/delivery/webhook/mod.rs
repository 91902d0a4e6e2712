//! Messages to a gateway of one's own, by signed POST: [Standard Webhooks].
//!
//! What is sent is described in `docs/webhook.schema.json`, and how to take it in
//! `docs/operating/webhook.md`.
//!
//! [Standard Webhooks]: https://www.standardwebhooks.com

mod body;
mod secret;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::{Client, StatusCode, header};
use serde::Deserialize;
use url::Url;

pub use self::secret::WebhookSecret;
use super::http::{self, Answer};
use super::{Courier, Message, Receipt, SendError};
use crate::domain::Clock;
use crate::domain::targets::Targets;

/// The longest name that a gateway may give a message.
const LONGEST_REFERENCE: usize = 128;

/// Where the gateway is, and how it knows us.
#[derive(Clone, Debug)]
pub struct WebhookSettings {
    /// Where to post.
    pub url: Url,
    /// What to sign with, newest first. All of them sign, so that a gateway may take its time to
    /// learn the new one.
    pub secrets: Vec<WebhookSecret>,
    /// How long one request may take.
    pub timeout: Duration,
    /// Where the gateway may be.
    pub targets: Targets,
}

/// Posts each message to a gateway.
pub struct Webhook {
    client: Client,
    url: Url,
    secrets: Vec<WebhookSecret>,
    clock: Arc<dyn Clock>,
}

impl Webhook {
    /// Prepares the client; connects when first needed.
    ///
    /// # Errors
    /// When there are no CA certificates on this machine.
    pub fn new(settings: &WebhookSettings, clock: Arc<dyn Clock>) -> Result<Self, reqwest::Error> {
        Ok(Self {
            client: http::client(settings.timeout, &settings.targets)?,
            url: settings.url.clone(),
            secrets: settings.secrets.clone(),
            clock,
        })
    }
}

#[async_trait]
impl Courier for Webhook {
    fn name(&self) -> &'static str {
        "webhook"
    }

    async fn send(&self, message: &Message) -> Result<Receipt, SendError> {
        let (id, now) = (message.id.to_string(), self.clock.now());
        let (body, timestamp) = (body::json(message, now), now.as_seconds());
        let sign = |secret: &WebhookSecret| secret.sign(&id, timestamp, &body);
        let signatures: Vec<_> = self.secrets.iter().map(sign).collect();
        let request = self
            .client
            .post(self.url.clone())
            .header(header::CONTENT_TYPE, "application/json")
            .header("webhook-id", &id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signatures.join(" "))
            .body(body);
        let answer = http::ask(request).await?;
        match answer.status {
            status if status.is_success() => Ok(Receipt {
                reference: reference(&answer),
            }),
            // Said in so many words: a status alone may be a proxy's, or a framework's that finds
            // fault with the body.
            StatusCode::UNPROCESSABLE_ENTITY if is_unreachable(&answer) => {
                Err(SendError::Permanent("unreachable".to_owned()))
            }
            _ => Err(answer.refusal()),
        }
    }
}

/// Holds the secrets, and a URL that may hold another.
impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Webhook(…)")
    }
}

/// Whether the gateway says that the person cannot be reached, now or ever.
fn is_unreachable(answer: &Answer) -> bool {
    #[derive(Deserialize)]
    struct Refusal {
        error: String,
    }
    answer
        .json::<Refusal>()
        .is_some_and(|refusal| refusal.error == "unreachable")
}

/// What the gateway calls the message, if it is fit to be kept and printed.
fn reference(answer: &Answer) -> Option<String> {
    #[derive(Deserialize)]
    struct Taken {
        reference: String,
    }
    let reference = answer.json::<Taken>()?.reference;
    let is_fit = (1..=LONGEST_REFERENCE).contains(&reference.len())
        && reference.bytes().all(|byte| byte.is_ascii_graphic());
    is_fit.then_some(reference)
}
