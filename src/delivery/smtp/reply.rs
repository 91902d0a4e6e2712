//! A mail server's refusals: which of them are about the person, and which are not.
//!
//! Permanent is only what is wrong with the person's address, since it keeps the person from being
//! written to for a while:
//!
//! | Refused | Permanent | Not permanent |
//! |---|---|---|
//! | the connection, `EHLO`, `STARTTLS`, `AUTH` | | everything: 421, 454, 530, 534, 535, 554 … |
//! | `MAIL` | | everything: it is about the sender |
//! | `RCPT` | 550, 551, 553, 556 without an enhanced status (RFC 3463); 5.1.1, 5.1.2, 5.1.3, 5.1.4, 5.1.6, 5.1.10, 5.2.1 with one | 4xx, 552 and 5.2.2 (a full mailbox), 554, 5.7.x (a policy, no relaying) … |
//! | the content | the same enhanced statuses: some servers look at addresses last | everything else: 552, 554, 5.6.x, 5.7.x |
//!
//! Of the rest, what befalls the connection or is about us says that the server is unwell, and so
//! does a 421 at any time; a reply to `RCPT` or to the content is about this message only.
//!
//! What is not permanent goes to the next courier in the chain, and the operator has time to mend it.

use std::error::Error;
use std::io;

use lettre::transport::smtp;

use crate::delivery::SendError;

/// Replies to `RCPT` that mean the address, where no enhanced status says what they mean.
const UNKNOWN_ADDRESS: [u16; 4] = [550, 551, 553, 556];

/// The reply to any command of a server that is going down, or that has heard enough from us.
const GOING_DOWN: u16 = 421;

/// A refusal of what we are, or of nobody in particular.
pub(super) fn about_us(error: &smtp::Error) -> SendError {
    SendError::Unwell(in_short(error))
}

/// A refusal of the address: the reply to `RCPT`.
pub(super) fn about_person(error: &smtp::Error) -> SendError {
    let reply = error.status().map(u16::from);
    let is_unknown = enhanced_status(error).map_or_else(
        || reply.is_some_and(|code| UNKNOWN_ADDRESS.contains(&code)),
        means_person,
    );
    judged(error, is_unknown)
}

/// A refusal of the message, once it was heard.
pub(super) fn refused_content(error: &smtp::Error) -> SendError {
    judged(error, enhanced_status(error).is_some_and(means_person))
}

fn judged(error: &smtp::Error, is_about_person: bool) -> SendError {
    match error.status().map(u16::from) {
        Some(_) if error.is_permanent() && is_about_person => SendError::Permanent(in_short(error)),
        Some(reply) if reply != GOING_DOWN => SendError::Temporary(in_short(error)),
        Some(_) | None => SendError::Unwell(in_short(error)),
    }
}

/// Class, subject and detail, as in `5.1.1`.
type EnhancedStatus = (u8, u16, u16);

fn means_person(status: EnhancedStatus) -> bool {
    matches!(
        status,
        // No such mailbox, no such domain, no address at all, two mailboxes by that name, moved
        // away, a domain without mail.
        (5, 1, 1 | 2 | 3 | 4 | 6 | 10)
        // A mailbox that is closed.
        | (5, 2, 1)
    )
}

/// The status at the head of the server's words.
fn enhanced_status(error: &smtp::Error) -> Option<EnhancedStatus> {
    let words = error.source()?.to_string();
    let mut parts = words.split_whitespace().next()?.split('.');
    let status = (
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
    );
    (parts.next().is_none() && matches!(status.0, 4 | 5)).then_some(status)
}

/// A server's own words may repeat the address they are about, so that only its numbers are kept.
fn in_short(error: &smtp::Error) -> String {
    match (error.status(), enhanced_status(error)) {
        (Some(code), Some((class, subject, detail))) => {
            format!("reply {code} {class}.{subject}.{detail}")
        }
        (Some(code), None) => format!("reply {code}"),
        (None, _) if error.is_timeout() => "timed out".to_owned(),
        (None, _) if is_insecure(error) => "no secure connection".to_owned(),
        (None, _) if error.is_response() => "not a mail server's reply".to_owned(),
        // STARTTLS, or a way to sign in, that the server does not offer.
        (None, _) if error.is_client() => "the server lacks what is configured".to_owned(),
        (None, _) => "no connection".to_owned(),
    }
}

/// Whether TLS failed: a certificate that is not believed, say. lettre passes that on as a failed
/// connection, and rustls as data that makes no sense.
fn is_insecure(error: &smtp::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        let io = error.downcast_ref::<io::Error>();
        if io.is_some_and(|error| error.kind() == io::ErrorKind::InvalidData) {
            return true;
        }
        cause = error.source();
    }
    error.is_tls()
}
