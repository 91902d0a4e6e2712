//! A language's messages, with what stands in for those that are missing.

use std::sync::Arc;

use fluent_bundle::{FluentArgs, FluentValue};

use super::catalog::Catalog;
use super::device::Device;

/// The catalogs of a language, in the order in which they are asked: the operator's, the built-in
/// one, and the same in English.
#[derive(Debug)]
pub(super) struct Phrases(pub Vec<Arc<Catalog>>);

/// What messages are filled in with.
#[derive(Clone)]
pub(super) struct Blanks {
    pub brand: String,
    pub code: Option<String>,
    pub minutes: Option<u64>,
    pub time: Option<String>,
    pub device: Option<Device>,
}

impl Phrases {
    /// The message `key`, filled in. A message that cannot be is passed over like one that is
    /// missing: better the built-in words than no code.
    pub fn say(&self, key: &str, blanks: &Blanks) -> Option<String> {
        let args = blanks.args();
        self.0.iter().find_map(|catalog| catalog.format(key, &args))
    }
}

impl Blanks {
    fn args(&self) -> FluentArgs<'_> {
        let device = self.device.as_ref();
        let texts = [
            ("brand", Some(self.brand.as_str())),
            ("code", self.code.as_deref()),
            ("time", self.time.as_deref()),
            ("browser", device.and_then(|device| device.browser)),
            ("system", device.and_then(|device| device.system)),
        ];
        let mut args = FluentArgs::new();
        for (name, text) in texts {
            if let Some(text) = text {
                args.set(name, text);
            }
        }
        if let Some(minutes) = self.minutes {
            args.set("minutes", FluentValue::from(minutes));
        }
        args
    }
}

/// The variables that the message `key` may take.
pub(super) fn variables_for(key: &str) -> &'static [&'static str] {
    if key.starts_with("code-") {
        &["brand", "code", "minutes"]
    } else if key.starts_with("new-device-") || key.starts_with("token-reuse-") {
        &["brand", "time"]
    } else if key == "device-name" {
        &["brand", "browser", "system"]
    } else {
        &["brand"]
    }
}
