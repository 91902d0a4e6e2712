//! How codes go out by text message.

use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;

/// How codes go out by text message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmsConfig {
    /// Printed where the server runs; refused in production.
    Console,
    /// Not at all: people sign in by e-mail.
    None,
}

const COURIER: Key = Key {
    name: "sms.courier",
    default: Default::PerEnv {
        development: "console",
        production: "none",
    },
    doc: "How codes go out by text message. `console` prints them, and is refused in production.",
};

pub(super) fn read(reader: &mut Reader) -> SmsConfig {
    let courier = reader.value(
        &COURIER,
        &Form::choice([("console", SmsConfig::Console), ("none", SmsConfig::None)]),
    );
    if courier == SmsConfig::Console && reader.env.is_production() {
        let problem = "`console` would print people's codes instead of sending them";
        reader.refuse(COURIER.name, problem, "Set it to `none`.");
    }
    courier
}
