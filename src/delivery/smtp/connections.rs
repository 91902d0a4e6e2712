//! Connections to one mail server, and what is said over them.
//!
//! lettre has a pool too. But a conversation that is given up halfway, because the server has gone
//! silent, goes back into it, and the next message then hears the replies to the last one. It also
//! cannot tell at which command a server said no, which makes all the difference.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::Duration;

use lettre::Message as Mail;
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as From, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use secrecy::ExposeSecret;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};

use super::reply::{about_person, about_us, refused_content};
use super::{SmtpSecurity, SmtpSettings};
use crate::delivery::SendError;
use crate::delivery::targets::Resolver;

/// How long an idle connection is kept. Servers hang up after a few minutes.
const MAX_IDLE: Duration = Duration::from_mins(1);
/// How long an idle connection has to show that it still works. A new one takes less than to wait
/// for one whose other end is gone.
const PROBE: Duration = Duration::from_secs(2);

/// At most so many connections, and those that are idle.
pub(super) struct Connections {
    server: (String, u16),
    resolver: Resolver,
    security: Security,
    hello: ClientId,
    credentials: Option<Credentials>,
    timeout: Duration,
    permits: Semaphore,
    idle: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
}

/// How a connection is encrypted, and what that takes.
enum Security {
    Tls(TlsParameters),
    StartTls(TlsParameters),
    None,
}

impl Connections {
    /// Connects when first needed.
    pub fn new(settings: &SmtpSettings) -> Result<Self, smtp::Error> {
        let credentials = settings.credentials.as_ref().map(|(user, password)| {
            Credentials::new(user.clone(), password.expose_secret().to_owned())
        });
        Ok(Self {
            server: (settings.host.clone(), settings.port),
            resolver: Resolver::new(settings.targets.clone()),
            security: match settings.security {
                SmtpSecurity::Tls => Security::Tls(tls(settings)?),
                SmtpSecurity::StartTls => Security::StartTls(tls(settings)?),
                SmtpSecurity::None => Security::None,
            },
            hello: ClientId::default(),
            credentials,
            timeout: settings.timeout,
            permits: Semaphore::new(settings.max_connections),
            idle: Mutex::default(),
        })
    }

    /// Hands over one mail. A conversation that fails, or takes too long, ends its connection.
    pub async fn send(&self, mail: &Mail) -> Result<(), SendError> {
        let _permit = self.permits.acquire().await.expect("it is never closed");
        let conversation = async {
            let mut connection = match self.idle_connection().await {
                Some(connection) => connection,
                None => self.connect().await?,
            };
            hand_over(&mut connection, mail).await?;
            Ok(connection)
        };
        let connection = self.bounded(conversation).await?;
        let mut idle = self.idle.lock().expect("nobody panics holding it");
        idle.push((connection, Instant::now()));
        Ok(())
    }

    /// Connects, and says goodbye.
    pub async fn greet(&self) -> Result<(), SendError> {
        let conversation = async {
            let mut connection = self.connect().await?;
            connection.quit().await.map_err(|error| about_us(&error))
        };
        self.bounded(conversation).await.map(drop)
    }

    /// lettre bounds no more than the first packet of a connection.
    async fn bounded<T>(
        &self,
        conversation: impl Future<Output = Result<T, SendError>>,
    ) -> Result<T, SendError> {
        let timed_out = || SendError::Unwell("timed out".to_owned());
        // Boxed, since lettre's futures carry their buffers with them.
        timeout(self.timeout * 3, Box::pin(conversation))
            .await
            .unwrap_or_else(|_| Err(timed_out()))
    }

    async fn idle_connection(&self) -> Option<AsyncSmtpConnection> {
        loop {
            let (mut connection, since) =
                self.idle.lock().expect("nobody panics holding it").pop()?;
            if since.elapsed() < MAX_IDLE
                && timeout(PROBE, connection.test_connected()).await == Ok(true)
            {
                return Some(connection);
            }
        }
    }

    /// Connects to the very addresses that were judged: the name is not asked for again.
    async fn connect(&self) -> Result<AsyncSmtpConnection, SendError> {
        let (host, port) = &self.server;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let addresses = self.resolver.resolve(host, *port).await;
        let addresses = addresses.map_err(|error| SendError::Unwell(error.to_string()))?;
        let greeted = self.greeted(&addresses).await;
        greeted.map_err(|error| about_us(&error))
    }

    async fn greeted(&self, addresses: &[SocketAddr]) -> Result<AsyncSmtpConnection, smtp::Error> {
        let tls = match &self.security {
            Security::Tls(tls) => Some(tls.clone()),
            Security::StartTls(_) | Security::None => None,
        };
        let mut connection = AsyncSmtpConnection::connect_tokio1(
            addresses,
            Some(self.timeout),
            &self.hello,
            tls,
            None,
        )
        .await?;
        if let Security::StartTls(tls) = &self.security {
            // An error where the server does not offer it: nothing is said in clear.
            connection.starttls(tls.clone(), &self.hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

fn tls(settings: &SmtpSettings) -> Result<TlsParameters, smtp::Error> {
    let builder = TlsParameters::builder(settings.host.clone());
    let authorities = settings.extra_authorities.iter().cloned();
    authorities
        .fold(builder, |builder, authority| {
            builder.add_root_certificate(authority)
        })
        .build()
}

/// Says who, to whom, and what.
async fn hand_over(connection: &mut AsyncSmtpConnection, mail: &Mail) -> Result<(), SendError> {
    // Headers and parts are encoded: it is ASCII, and needs no 8BITMIME.
    let content = String::from_utf8_lossy(&mail.formatted()).into_owned();
    let envelope = mail.envelope();
    let addresses = envelope.from().into_iter().chain(envelope.to());
    let is_ascii = addresses
        .map(AsRef::<str>::as_ref)
        .all(|address: &str| address.is_ascii());
    let mut options = Vec::new();
    if !is_ascii {
        if !connection
            .server_info()
            .supports_feature(Extension::SmtpUtfEight)
        {
            return Err(lacks("SMTPUTF8"));
        }
        options.push(MailParameter::SmtpUtfEight);
    }

    let from = From::new(envelope.from().cloned(), options);
    let taken = connection.command(from).await;
    taken.map_err(|error| about_us(&error))?;
    for to in envelope.to() {
        let taken = connection.command(Rcpt::new(to.clone(), Vec::new())).await;
        taken.map_err(|error| about_person(&error))?;
    }
    let taken = connection.command(Data).await;
    taken.map_err(|error| refused_content(&error))?;
    let taken = connection.command(in_one_piece(&content)).await;
    taken.map_err(|error| refused_content(&error))?;
    Ok(())
}

fn lacks(what: &str) -> SendError {
    SendError::Unwell(format!("the server lacks {what}"))
}

/// The content with the dot after it (RFC 5321, section 4.5.2), to be written at once. lettre
/// writes the dot by itself, which then waits until the server has acknowledged the content, and
/// that takes its time: 40 ms for each mail.
fn in_one_piece(content: &str) -> String {
    let mut lines = content.replace("\r\n.", "\r\n..");
    if lines.starts_with('.') {
        lines.insert(0, '.');
    }
    if !lines.ends_with("\r\n") {
        lines.push_str("\r\n");
    }
    lines + ".\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_at_the_head_of_a_line_does_not_end_the_mail() {
        for (content, written) in [
            ("", "\r\n.\r\n"),
            ("a", "a\r\n.\r\n"),
            ("a\r\n", "a\r\n.\r\n"),
            (".a\r\n.\r\n..b.\r\n", "..a\r\n..\r\n...b.\r\n.\r\n"),
        ] {
            assert_eq!(in_one_piece(content), written);
        }
    }
}
