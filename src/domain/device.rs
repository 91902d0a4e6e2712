//! What a client says about itself. Shown to people, trusted for nothing.

use std::net::IpAddr;

use icu_locale_core::Locale as Tag;
use uuid::Uuid;

use super::AddressBlock;

/// Where a request came from.
#[derive(Clone, Debug, Default)]
pub struct Client {
    /// Its `User-Agent`.
    pub user_agent: Option<Label>,
    /// Its network address.
    pub ip_address: Option<IpAddr>,
    /// The languages that its user reads, as in RFC 9110, section 12.5.4.
    pub accept_language: Option<String>,
    /// The id that we gave it.
    pub request_id: Option<RequestId>,
}

impl Client {
    /// What its requests are counted under; `None` when its address is not known.
    #[must_use]
    pub fn address_block(&self) -> Option<AddressBlock> {
        self.ip_address.map(AddressBlock::of)
    }
}

/// The id of a request, as its answer's `X-Request-Id` and its log lines have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId(pub Uuid);

/// A short line of text from a client, fit to store and to show: control characters (among them
/// NUL, which PostgreSQL refuses, and the bidirectional overrides) removed, cut at a length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label(String);

impl Label {
    /// Characters, not bytes.
    const MAX_CHARS: usize = 200;

    /// Cleans `text`; `None` when nothing is left to show.
    #[must_use]
    pub fn clean(text: &str) -> Option<Self> {
        let shown: String = text
            .trim()
            .chars()
            .filter(|c| !c.is_control() && !is_bidi_control(*c))
            .take(Self::MAX_CHARS)
            .collect();
        (!shown.is_empty()).then_some(Self(shown))
    }

    /// The cleaned text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The cleaned text, as a row keeps it.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

/// A language the person reads: a BCP 47 tag in its canonical spelling, such as `pt-BR`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Locale(String);

impl Locale {
    /// RFC 5646, section 4.4.1, asks for 35; extensions may take a little more.
    const MAX_BYTES: usize = 64;

    /// Reads a tag. `None` when it is not one: a wrong language must never cost a login, so the
    /// default language is used then.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let tag = tag.trim();
        if tag.len() > Self::MAX_BYTES {
            return None;
        }
        tag.parse::<Tag>().ok().map(|tag| Self(tag.to_string()))
    }

    /// The canonical tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_keeps_what_can_be_shown() {
        let clean = |text: &str| Label::clean(text).map(Label::into_string);
        assert_eq!(clean(" Ada's\0 phone\r\n ").as_deref(), Some("Ada's phone"));
        assert_eq!(clean("\u{202e}gnp.exe").as_deref(), Some("gnp.exe"));
        assert_eq!(clean("😀 عربي").as_deref(), Some("😀 عربي"));
        assert_eq!(clean("\0\r\n"), None);
        assert_eq!(
            clean(&"x".repeat(10_000)).map(|label| label.len()),
            Some(200)
        );
    }

    #[test]
    fn a_locale_is_kept_in_its_canonical_spelling() {
        assert_eq!(Locale::parse("PT-br").unwrap().as_str(), "pt-BR");
        for wrong in ["", "english please", "en\0", &"en-".repeat(5000)] {
            assert_eq!(Locale::parse(wrong), None);
        }
    }
}
