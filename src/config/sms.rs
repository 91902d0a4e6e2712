//! How messages go out as text messages.

use super::chain::{self, CourierName};
use super::key::{Default, Key};
use super::reader::Reader;

const CHAIN: Key = Key {
    name: "sms.chain",
    default: Default::PerEnv {
        development: "console",
        production: "none",
    },
    doc: "Who carries text messages, the first choice first; `none` for no text messages.",
};

pub(super) fn chain(reader: &mut Reader) -> Vec<CourierName> {
    chain::read(
        reader,
        &CHAIN,
        [
            ("twilio", Some(CourierName::Twilio)),
            ("webhook", Some(CourierName::Webhook)),
            ("console", Some(CourierName::Console)),
            ("maildir", Some(CourierName::Maildir)),
            ("none", None),
        ],
    )
}
