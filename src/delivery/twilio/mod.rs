//! Messages through Twilio Programmable Messaging. Its couriers are one per channel; what they
//! share is the account.

mod account;
mod callback;
mod fault;
mod sms;
mod whatsapp;

use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use self::account::Account;
pub use self::account::Standing;
pub use self::callback::{Callbacks, Report, ReportState};
pub use self::sms::TwilioSms;
pub use self::whatsapp::{TwilioWhatsapp, WhatsappSettings};
use crate::domain::targets::Targets;

/// The account, and whom its text messages are from.
#[derive(Clone, Debug)]
pub struct TwilioSettings {
    /// Where the API is.
    pub api_url: Url,
    /// The account: `AC…`.
    pub account_sid: String,
    /// Its main secret, which also signs status callbacks.
    pub auth_token: Option<SecretString>,
    /// A key that may be revoked by itself, `SK…`, and its secret. Signs in rather than the
    /// account's main secret, where there is one.
    pub api_key: Option<(String, SecretString)>,
    /// Whom text messages are from; `None` where only `WhatsApp` goes this way.
    pub sender: Option<Sender>,
    /// How long one request may take.
    pub timeout: Duration,
    /// Where the API may be.
    pub targets: Targets,
}

/// Whom text messages are from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    /// A number, a short code or a name.
    From(String),
    /// A messaging service, `MG…`, which chooses a number.
    Service(String),
}
