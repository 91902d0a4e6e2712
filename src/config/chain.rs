//! Which couriers carry a channel's messages.

use super::form::Form;
use super::key::Key;
use super::reader::Reader;

/// A way of sending that can stand in a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CourierName {
    /// Printed where the server runs; refused in production.
    Console,
    /// Dropped into a folder; refused in production.
    Maildir,
    /// Through a mail server.
    Smtp,
    /// Through Twilio.
    Twilio,
    /// Through a gateway of the operator's own.
    Webhook,
}

/// Who can carry messages to telephones.
pub(super) const TO_TELEPHONES: [(&str, Option<CourierName>); 5] = [
    ("twilio", Some(CourierName::Twilio)),
    ("webhook", Some(CourierName::Webhook)),
    ("console", Some(CourierName::Console)),
    ("maildir", Some(CourierName::Maildir)),
    ("none", None),
];

/// Reads a chain: some of `choices`, the first to be asked first, or `none`.
pub(super) fn read<const N: usize>(
    reader: &mut Reader,
    key: &Key,
    choices: [(&'static str, Option<CourierName>); N],
) -> Vec<CourierName> {
    let links = reader.list(key, &Form::choice(choices));
    let named: Vec<CourierName> = links.iter().copied().flatten().collect();
    if named.len() < links.len() && links.len() > 1 {
        let remedy = "Keep `none` alone, or take it out.";
        reader.refuse(key.name, "has `none` beside other couriers", remedy);
    }
    let is_repeated = |(at, name): (usize, &CourierName)| named[..at].contains(name);
    if named.iter().enumerate().any(is_repeated) {
        let remedy = "Name each once: a message is tried again in any case.";
        reader.refuse(key.name, "names a courier twice", remedy);
    }
    let leaks = |name: &CourierName| matches!(name, CourierName::Console | CourierName::Maildir);
    if reader.env.is_production() && named.iter().any(leaks) {
        let problem = "`console` and `maildir` would leave people's codes lying about instead of sending them";
        reader.refuse(
            key.name,
            problem,
            "Name only couriers that send, or `none`.",
        );
    }
    named
}
