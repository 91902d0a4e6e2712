//! Finding the words. (A stand-in, until the catalogs are there.)

use std::net::IpAddr;

use super::{Purpose, Wording};
use crate::domain::device::Locale;
use crate::domain::{Channel, Timestamp};

/// Words messages.
#[derive(Debug, Default)]
pub struct Templates;

/// What a message tells.
pub struct Facts<'a> {
    /// What it is about.
    pub purpose: &'a Purpose,
    /// The `User-Agent` that brought it about.
    pub user_agent: Option<&'a str>,
    /// The address that brought it about.
    pub ip_address: Option<IpAddr>,
    /// When it was brought about.
    pub at: Timestamp,
}

impl Templates {
    /// Words a message.
    #[must_use]
    pub fn word(&self, channel: Channel, _: Option<&Locale>, facts: &Facts<'_>) -> Wording {
        let text = match facts.purpose.code() {
            Some(code) => format!("{} is your sign-in code.", code.reveal()),
            None => "Something happened.".to_owned(),
        };
        match channel {
            Channel::Email => Wording::Mail {
                subject: text.clone(),
                html: text.clone(),
                text,
            },
            Channel::Sms | Channel::Whatsapp => Wording::Text(text),
        }
    }
}
