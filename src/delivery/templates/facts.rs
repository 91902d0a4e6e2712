//! What a message is to say.

use std::collections::BTreeMap;
use std::net::IpAddr;

use chrono::DateTime;
use minijinja::value::Value;

use super::address::approximate;
use super::device::Device;
use super::phrases::{Blanks, Phrases};
use crate::delivery::Purpose;
use crate::domain::Timestamp;

/// What a message is to say. Its device and address are a stranger's to choose, and are told in
/// words of ours, or not at all.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// What it is about.
    pub purpose: &'a Purpose,
    /// The `User-Agent` of whoever caused it.
    pub user_agent: Option<&'a str>,
    /// Their network address.
    pub ip_address: Option<IpAddr>,
    /// When that was.
    pub at: Timestamp,
}

/// Invisible, and strong enough to keep what is between two of them from left to right.
const LEFT_TO_RIGHT_MARK: char = '\u{200e}';

impl Facts<'_> {
    /// How the keys of its messages begin.
    pub(super) fn kind(&self) -> String {
        self.purpose.as_str().replace('_', "-")
    }

    /// What its messages are filled in with.
    pub(super) fn blanks(&self, brand: &str, is_right_to_left: bool) -> Blanks {
        let (code, minutes) = match self.purpose {
            // Rounded down: a code must not be promised for longer than it works.
            Purpose::Code { code, lifetime } => (
                Some(code.reveal().to_owned()),
                Some((lifetime.as_secs() / 60).max(1)),
            ),
            Purpose::NewDevice | Purpose::TokenReuse => (None, None),
        };
        let time = code
            .is_none()
            .then(|| isolated(time(self.at), is_right_to_left));
        Blanks {
            brand: brand.to_owned(),
            code,
            minutes,
            time,
            device: self.user_agent.and_then(Device::recognise),
        }
    }

    /// What the layouts know.
    pub(super) fn context(
        &self,
        phrases: &Phrases,
        blanks: &Blanks,
        is_right_to_left: bool,
    ) -> BTreeMap<&'static str, Value> {
        let device = blanks.device.and_then(|device| match device {
            Device {
                browser: Some(_),
                system: Some(_),
            } => phrases.say("device-name", blanks),
            Device { browser, system } => browser.or(system).map(str::to_owned),
        });
        let address = self.ip_address.and_then(approximate);
        let address = address.map(|address| isolated(address, is_right_to_left));
        BTreeMap::from([
            (
                "direction",
                if is_right_to_left { "rtl" } else { "ltr" }.into(),
            ),
            ("brand", blanks.brand.as_str().into()),
            ("code", blanks.code.clone().into()),
            ("minutes", blanks.minutes.into()),
            ("time", blanks.time.clone().into()),
            ("device", device.into()),
            ("address", address.into()),
        ])
    }
}

/// In the one time zone that is everybody's: a person's own is not known.
fn time(at: Timestamp) -> String {
    let time = DateTime::from_timestamp_micros(at.as_micros()).unwrap_or_default();
    time.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// Numbers with dots and dashes in them would otherwise be shown back to front among letters that
/// run from right to left.
fn isolated(text: String, is_right_to_left: bool) -> String {
    if is_right_to_left {
        format!("{LEFT_TO_RIGHT_MARK}{text}{LEFT_TO_RIGHT_MARK}")
    } else {
        text
    }
}
