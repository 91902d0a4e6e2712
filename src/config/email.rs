//! How messages go out by e-mail.

use super::chain::{self, CourierName};
use super::key::{Default, Key};
use super::reader::Reader;

const CHAIN: Key = Key {
    name: "email.chain",
    default: Default::PerEnv {
        development: "console",
        production: "smtp",
    },
    doc: "Who carries e-mail, the first choice first; the next one is asked when one fails. `console` and `maildir` are refused in production.",
};

pub(super) fn chain(reader: &mut Reader) -> Vec<CourierName> {
    chain::read(
        reader,
        &CHAIN,
        [
            ("smtp", Some(CourierName::Smtp)),
            ("webhook", Some(CourierName::Webhook)),
            ("console", Some(CourierName::Console)),
            ("maildir", Some(CourierName::Maildir)),
            ("none", None),
        ],
    )
}
