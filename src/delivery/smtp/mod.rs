//! E-mail over SMTP.

mod connections;
mod reply;

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use lettre::message::Mailbox;
use lettre::transport::smtp;
use lettre::transport::smtp::client::Certificate;
use secrecy::SecretString;

use self::connections::Connections;
use super::{Courier, Message, Receipt, SendError, mime};
use crate::domain::targets::Targets;

/// How to reach the mail server.
#[derive(Clone)]
pub struct SmtpSettings {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub security: SmtpSecurity,
    /// Whom to believe that the server is who it says, besides the usual authorities.
    pub extra_authorities: Vec<Certificate>,
    /// User name and password, if it wants any.
    pub credentials: Option<(String, SecretString)>,
    /// Who the messages are from.
    pub from: Mailbox,
    /// How long connecting may take. A message, from the greeting to the last reply, may take
    /// three times as long.
    pub timeout: Duration,
    /// How many connections there may be at once.
    pub max_connections: usize,
    /// Where the server may be.
    pub targets: Targets,
}

/// How a connection to a mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// TLS after `STARTTLS`, or no conversation at all.
    StartTls,
    /// In clear: for a server on this very machine.
    None,
}

/// Sends through one mail server, over a pool of connections.
pub struct Smtp {
    connections: Connections,
    from: Mailbox,
}

impl Smtp {
    /// Prepares the pool; connects when first needed.
    ///
    /// # Errors
    /// When `settings.host` is no name that a certificate could be for.
    pub fn new(settings: &SmtpSettings) -> Result<Self, smtp::Error> {
        Ok(Self {
            connections: Connections::new(settings)?,
            from: settings.from.clone(),
        })
    }

    /// Connects, greets, authenticates and says goodbye.
    ///
    /// # Errors
    /// With what the server, or the network, said.
    pub async fn greet(&self) -> Result<(), SendError> {
        self.connections.greet().await
    }
}

#[async_trait]
impl Courier for Smtp {
    fn name(&self) -> &'static str {
        "smtp"
    }

    async fn send(&self, message: &Message) -> Result<Receipt, SendError> {
        let unsendable = || SendError::Permanent("not an address for mail".to_owned());
        let mail = mime::mail(message, &self.from).ok_or_else(unsendable)?;
        self.connections.send(&mail).await?;
        Ok(Receipt::default())
    }
}

/// Without the certificates, which are long.
impl fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("credentials", &self.credentials)
            .field("from", &self.from)
            .field("timeout", &self.timeout)
            .field("max_connections", &self.max_connections)
            .finish_non_exhaustive()
    }
}

/// Holds the credentials.
impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Smtp(…)")
    }
}
