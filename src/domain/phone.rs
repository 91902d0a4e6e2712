//! Telephone numbers.

use std::fmt;

use phonenumber::Mode;
use phonenumber::country::Id;

/// A valid number in E.164: `+` and at most 15 digits.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// No way of writing a number takes more than this; longer input is not even looked at.
    const MAX_BYTES: usize = 64;

    /// Parses what a person typed. A number without its country code is read as one of
    /// `default_region`. `None` when no such number can exist.
    #[must_use]
    pub fn parse(input: &str, default_region: Option<Region>) -> Option<Self> {
        let input = input.trim();
        // Only what people write numbers with. The library also reads RFC 3966 URIs, vanity
        // letters and other scripts' digits, each a second spelling that an allow-list or a
        // budget would have to know.
        let plain = |c: char| {
            c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}')
        };
        if input.len() > Self::MAX_BYTES || !input.chars().all(plain) {
            return None;
        }
        let number = phonenumber::parse(default_region.map(|region| region.0), input).ok()?;
        if !number.is_valid() || number.extension().is_some() {
            return None;
        }
        Some(Self(number.format().mode(Mode::E164).to_string()))
    }

    /// `+447911123456`.
    #[must_use]
    pub fn as_e164(&self) -> &str {
        &self.0
    }

    /// Its last two digits: `+•••••••56`.
    #[must_use]
    pub fn masked(&self) -> String {
        let (hidden, shown) = self.0.split_at(self.0.len() - 2);
        format!("+{}{shown}", "•".repeat(hidden.len() - 1))
    }
}

/// Personal data: masked.
impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// A country whose numbers may be written without their country code (ISO 3166-1 alpha-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region(Id);

impl Region {
    /// Reads `GB`, `de`, …; `None` when there is no such country.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.to_ascii_uppercase().parse().ok().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_is_kept_in_e164_however_it_was_written() {
        for written in ["+44 7911 123456", "+44 (0)7911-123456", " +447911123456 "] {
            assert_eq!(
                PhoneNumber::parse(written, None).unwrap().as_e164(),
                "+447911123456"
            );
        }
        let national = PhoneNumber::parse("07911 123456", Region::parse("gb")).unwrap();
        assert_eq!(national.as_e164(), "+447911123456");
    }

    #[test]
    fn what_cannot_be_called_is_refused() {
        let cases = [
            "",
            "+",
            "07911 123456",
            "+44",
            "+44 7911",
            "+999 123456789",
            "abc",
            "+1-800-FLOWERS",
            "+44 7911 123456 ext. 5",
            "tel:+447911123456",
            "+٤٤٧٩١١١٢٣٤٥٦",
            "+44\u{0}7911123456",
            "\u{202e}+447911123456",
            "+447911123456 +447911123457",
        ];
        for case in cases {
            assert!(PhoneNumber::parse(case, None).is_none(), "{case:?}");
        }
    }

    #[test]
    fn a_masked_number_shows_two_digits() {
        let number = PhoneNumber::parse("+447911123456", None).unwrap();
        assert_eq!(number.masked(), "+••••••••••56");
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(input in any::<String>(), dialled in r"[+0-9 ()./-]{0,64}") {
            let _ = PhoneNumber::parse(&input, None);
            let _ = PhoneNumber::parse(&dialled, Region::parse("US"));
        }

        #[test]
        fn what_is_accepted_is_canonical(dialled in r"\+[1-9][0-9 -]{6,16}") {
            if let Some(number) = PhoneNumber::parse(&dialled, None) {
                let again = PhoneNumber::parse(number.as_e164(), None);
                prop_assert_eq!(again.as_ref(), Some(&number));
            }
        }
    }
}
