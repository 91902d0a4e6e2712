//! How messages go out as text messages.

use super::chain::{self, CourierName, TO_TELEPHONES};
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
    chain::read(reader, &CHAIN, TO_TELEPHONES)
}
