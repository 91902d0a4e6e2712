//! A message as an e-mail (RFC 5322).

use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message as Mail};

use super::{Message, Wording};

/// `message`, from `from`. `None` when it is not addressed or worded as an e-mail.
pub(super) fn mail(message: &Message, from: &Mailbox) -> Option<Mail> {
    let Wording::Mail {
        subject,
        text,
        html,
    } = &message.wording
    else {
        return None;
    };
    let to: Address = message.contact.deliverable().parse().ok()?;
    let domain = from.email.domain();
    Mail::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        // The same at every try, so that a repetition can be told from a second code.
        .message_id(Some(format!("<{}@{domain}>", message.id)))
        .subject(subject.clone())
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(
            text.clone(),
            html.clone(),
        ))
        .ok()
}

/// RFC 3834: whoever is on holiday need not tell us.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
