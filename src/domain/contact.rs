//! Where a person can be reached.

use std::fmt;

use super::region::Region;
use super::{EmailAddress, PhoneNumber};

/// A parsed address or number: who signs in, and where the code goes.
#[derive(Clone, PartialEq, Eq)]
pub enum Contact {
    /// An e-mail address.
    Email(EmailAddress),
    /// A telephone number.
    Phone(PhoneNumber),
}

impl Contact {
    /// Reads either kind, where nothing else tells which was typed; none is both.
    #[must_use]
    pub fn parse(typed: &str, default_region: Option<Region>) -> Option<Self> {
        let email = EmailAddress::parse(typed).map(Self::Email);
        email.or_else(|| PhoneNumber::parse(typed, default_region).map(Self::Phone))
    }

    /// What two spellings of one contact share. Compared and indexed, never sent to.
    #[must_use]
    pub fn identity(&self) -> &str {
        match self {
            Self::Email(email) => email.identity(),
            Self::Phone(phone) => phone.as_e164(),
        }
    }

    /// Where to send: the address as its owner typed it, or the number in E.164.
    #[must_use]
    pub fn deliverable(&self) -> &str {
        match self {
            Self::Email(email) => email.as_typed(),
            Self::Phone(phone) => phone.as_e164(),
        }
    }

    /// The channel that reaches it unless another was asked for.
    #[must_use]
    pub fn usual_channel(&self) -> Channel {
        match self {
            Self::Email(_) => Channel::Email,
            Self::Phone(_) => Channel::Sms,
        }
    }

    /// Whether messages of `channel` can be addressed to it.
    #[must_use]
    pub fn takes(&self, channel: Channel) -> bool {
        match (self, channel) {
            (Self::Email(_), Channel::Email)
            | (Self::Phone(_), Channel::Sms | Channel::Whatsapp) => true,
            (Self::Email(_), Channel::Sms | Channel::Whatsapp)
            | (Self::Phone(_), Channel::Email) => false,
        }
    }

    /// Enough to recognise one's own address, too little to learn another's.
    #[must_use]
    pub fn masked(&self) -> String {
        match self {
            Self::Email(email) => email.masked(),
            Self::Phone(phone) => phone.masked(),
        }
    }
}

/// Personal data: masked.
impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Contact({})", self.masked())
    }
}

/// A way to deliver a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// E-mail.
    Email,
    /// Text message.
    Sms,
    /// `WhatsApp`.
    Whatsapp,
}

impl Channel {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Email, Self::Sms, Self::Whatsapp];

    /// The name under which rows keep it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Whatsapp => "whatsapp",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|channel| channel.as_str() == name)
    }
}
