//! Telephone numbers.

use std::fmt;
use std::hash::{Hash, Hasher};

use phonenumber::Mode;

use super::numbering::{self, Assigned};
pub use super::region::Region;

/// A valid number in E.164: `+` and at most 15 digits.
#[derive(Clone)]
pub struct PhoneNumber {
    e164: String,
    /// Digits of the country code.
    code_digits: usize,
    assigned: Assigned,
}

impl PhoneNumber {
    /// No way of writing a number takes more than this; longer input is not even looked at.
    const MAX_BYTES: usize = 64;
    /// The country code and all that follows it (E.164, section 6.1). Some national plans, such as
    /// Germany's, know longer numbers; nothing can be sent to those.
    const MAX_DIGITS: usize = 15;

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
        if number.extension().is_some() {
            return None;
        }
        let e164 = number.format().mode(Mode::E164).to_string();
        if e164.len() > "+".len() + Self::MAX_DIGITS {
            return None;
        }
        Some(Self {
            assigned: numbering::look_up(&number)?,
            code_digits: number.code().value().to_string().len(),
            e164,
        })
    }

    /// `+447911123456`.
    #[must_use]
    pub fn as_e164(&self) -> &str {
        &self.e164
    }

    /// Whose number it is. Some are no country's: satellite telephones (+881), networks of ships
    /// and aircraft (+882), the freephone numbers of the world (+800).
    #[must_use]
    pub fn region(&self) -> Option<Region> {
        self.assigned.region
    }

    /// Whether a person may read messages on it. Nobody does on premium-rate and shared-cost
    /// numbers, where the sender's money is the point, nor on freephone, company, voicemail,
    /// pager and personal (forwarding) numbers.
    #[must_use]
    pub fn takes_messages(&self) -> bool {
        self.assigned.takes_messages
    }

    /// Its country code and the `digits` after it: `44791`.
    #[must_use]
    pub fn prefix(&self, digits: u8) -> &str {
        let end = 1 + self.code_digits + usize::from(digits);
        &self.e164[1..end.min(self.e164.len())]
    }

    /// Its last two digits: `+•••••••56`.
    #[must_use]
    pub fn masked(&self) -> String {
        let (hidden, shown) = self.e164.split_at(self.e164.len() - 2);
        format!("+{}{shown}", "•".repeat(hidden.len() - 1))
    }
}

/// Personal data: masked.
impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// By its digits: the rest follows from them.
impl PartialEq for PhoneNumber {
    fn eq(&self, other: &Self) -> bool {
        self.e164 == other.e164
    }
}

impl Eq for PhoneNumber {}

impl Hash for PhoneNumber {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.e164.hash(state);
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
            "+49460494600940946",
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

    #[test]
    fn a_prefix_begins_with_the_country_code_and_is_no_longer_than_the_number() {
        for (number, prefixes) in [
            ("+447400123456", ["44", "44740", "447400123456"]),
            ("+12025550123", ["1", "1202", "12025550123"]),
            ("+263771234567", ["263", "263771", "263771234567"]),
            ("+390236618300", ["39", "39023", "390236618300"]),
        ] {
            let number = PhoneNumber::parse(number, None).unwrap();
            assert_eq!([0, 3, 99].map(|digits| number.prefix(digits)), prefixes);
        }
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
