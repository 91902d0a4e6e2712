//! What a person reads.

use std::time::Duration;

use uuid::Uuid;

use crate::domain::{Contact, OtpCode};

/// A code on its way to a person.
#[derive(Clone, Debug)]
pub struct Message {
    /// The delivery's id: the same at every try, so that a provider can drop a repetition.
    pub id: Uuid,
    /// Where it goes.
    pub contact: Contact,
    /// What it carries.
    pub code: OtpCode,
    /// How long the code works, from its request on.
    pub lifetime: Duration,
}

impl Message {
    /// The subject line: the code first, to be read from a notification.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("{} is your sign-in code", self.code.reveal())
    }

    /// The text. No links: a message without any cannot teach people to click.
    #[must_use]
    pub fn text(&self) -> String {
        let code = self.code.reveal();
        let minutes = self.lifetime.as_secs().div_ceil(60);
        let unit = if minutes == 1 { "minute" } else { "minutes" };
        format!(
            "{code} is your sign-in code. It works once, for {minutes} {unit}.\n\n\
             Nobody will ever ask you for it. If you did not try to sign in, ignore this message.\n"
        )
    }
}
