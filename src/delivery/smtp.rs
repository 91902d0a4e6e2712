//! E-mail over SMTP.

use std::time::Duration;

use async_trait::async_trait;
use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::{self, PoolConfig};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};

use super::{Courier, Message, Receipt, SendError, Wording};

/// How to reach the mail server.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub security: SmtpSecurity,
    /// User name and password, if it wants any.
    pub credentials: Option<(String, SecretString)>,
    /// Who the messages are from.
    pub from: Mailbox,
    /// How long to wait for each step of the conversation.
    pub timeout: Duration,
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
#[derive(Debug)]
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    /// Prepares the pool; connects when first needed.
    ///
    /// # Errors
    /// When `settings.host` is no name that a certificate could be for.
    pub fn new(settings: &SmtpSettings) -> Result<Self, smtp::Error> {
        let tls = || TlsParameters::new(settings.host.clone());
        let tls = match settings.security {
            SmtpSecurity::Tls => Tls::Wrapper(tls()?),
            SmtpSecurity::StartTls => Tls::Required(tls()?),
            SmtpSecurity::None => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(tls)
            .timeout(Some(settings.timeout))
            .pool_config(PoolConfig::new().max_size(4));
        if let Some((user, password)) = &settings.credentials {
            let password = password.expose_secret().to_owned();
            builder = builder.credentials(Credentials::new(user.clone(), password));
        }
        Ok(Self {
            transport: builder.build(),
            from: settings.from.clone(),
        })
    }

    /// Connects, greets, authenticates and says goodbye.
    ///
    /// # Errors
    /// With what the server, or the network, said.
    pub async fn greet(&self) -> Result<(), SendError> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(SendError::Temporary("the server hung up".to_owned())),
            Err(error) => Err(classify(&error)),
        }
    }

    fn mail(&self, message: &Message) -> Option<lettre::Message> {
        let Wording::Mail { subject, text, .. } = &message.wording else {
            return None;
        };
        let to: Address = message.contact.deliverable().parse().ok()?;
        let domain = self.from.email.domain();
        lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            // The same at every try, so that a repetition can be told from a second code.
            .message_id(Some(format!("<{}@{domain}>", message.id)))
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(text.clone())
            .ok()
    }
}

#[async_trait]
impl Courier for Smtp {
    fn name(&self) -> &'static str {
        "smtp"
    }

    async fn send(&self, message: &Message) -> Result<Receipt, SendError> {
        let unsendable = || SendError::Permanent("not an address for mail".to_owned());
        let mail = self.mail(message).ok_or_else(unsendable)?;
        match self.transport.send(mail).await {
            Ok(_) => Ok(Receipt::default()),
            Err(error) => Err(classify(&error)),
        }
    }
}

/// A server's own words may repeat the address they are about, so that only its reply code is
/// kept.
fn classify(error: &smtp::Error) -> SendError {
    let said = error.status().map(|code| format!("reply {code}"));
    if error.is_permanent() {
        SendError::Permanent(said.unwrap_or_else(|| "refused".to_owned()))
    } else if error.is_timeout() {
        SendError::Temporary("timed out".to_owned())
    } else if error.is_transient() {
        SendError::Temporary(said.unwrap_or_else(|| "busy".to_owned()))
    } else if error.is_tls() {
        SendError::Temporary("no secure connection".to_owned())
    } else {
        SendError::Temporary("no connection".to_owned())
    }
}
