//! What a courier carries.

use std::time::Duration;

use uuid::Uuid;

use super::Wording;
use crate::domain::{Channel, Contact, OtpCode, Timestamp};

/// A message on its way to a person.
#[derive(Clone, Debug)]
pub struct Message {
    /// The delivery's id: the same at every try, so that a provider can drop a repetition.
    pub id: Uuid,
    /// How it goes.
    pub channel: Channel,
    /// Where it goes.
    pub contact: Contact,
    /// What it is about.
    pub purpose: Purpose,
    /// What the person reads.
    pub wording: Wording,
    /// When it has become pointless.
    pub expires_at: Timestamp,
}

/// What a message is about.
#[derive(Clone, Debug)]
pub enum Purpose {
    /// It brings a one-time code.
    Code {
        /// The code.
        code: OtpCode,
        /// How long the code works, from its request on.
        lifetime: Duration,
    },
    /// Somebody signed in from a device that the person had not used before.
    NewDevice,
    /// A refresh token was used twice, and its session ended.
    TokenReuse,
}

impl Purpose {
    /// Its name in rows, templates and webhooks.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Code { .. } => "code",
            Self::NewDevice => "new_device",
            Self::TokenReuse => "token_reuse",
        }
    }

    /// The code that it brings.
    #[must_use]
    pub fn code(&self) -> Option<&OtpCode> {
        match self {
            Self::Code { code, .. } => Some(code),
            Self::NewDevice | Self::TokenReuse => None,
        }
    }
}
