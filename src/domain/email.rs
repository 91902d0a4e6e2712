//! E-mail addresses.

use std::fmt;

use email_address::Options;

/// An address that mail can be sent to, in two spellings: as its owner typed it, for sending, and
/// case-folded with the domain in ASCII (IDNA, RFC 5891), for telling people apart.
///
/// The local part is RFC 5321's unquoted ASCII `dot-string`; the domain has at least two labels.
#[derive(Clone, PartialEq, Eq)]
pub struct EmailAddress {
    typed: String,
    identity: String,
}

impl EmailAddress {
    /// RFC 5321, section 4.5.3.1.3 (a path of 256 octets less its angle brackets).
    const MAX_BYTES: usize = 254;

    /// Parses what a person typed. `None` when no mail could reach it.
    #[must_use]
    pub fn parse(input: &str) -> Option<Self> {
        let input = input.trim();
        // Refused before the parsers see it, so that their cost is bounded.
        if input.len() > Self::MAX_BYTES {
            return None;
        }
        let (local, domain) = input.rsplit_once('@')?;
        let domain = idna::domain_to_ascii_strict(domain).ok()?;
        let typed = format!("{local}@{domain}");
        let deliverable = local.is_ascii()
            && !local.starts_with('"')
            && typed.len() <= Self::MAX_BYTES
            && email_address::EmailAddress::parse_with_options(&typed, grammar()).is_ok();
        deliverable.then(|| Self {
            identity: typed.to_ascii_lowercase(),
            typed,
        })
    }

    /// As its owner typed it, with the domain in ASCII.
    #[must_use]
    pub fn as_typed(&self) -> &str {
        &self.typed
    }

    /// Case-folded: what two spellings of one address share.
    #[must_use]
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// Its first letter and its domain: `a•••@example.com`.
    #[must_use]
    pub fn masked(&self) -> String {
        let (local, domain) = self.typed.rsplit_once('@').unwrap_or_default();
        let first = local.chars().next().unwrap_or('•');
        format!("{first}•••@{domain}")
    }
}

/// Personal data: masked.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

fn grammar() -> Options {
    Options::default()
        .with_required_tld()
        .without_domain_literal()
        .without_display_text()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn two_spellings_are_one_identity_and_each_is_sent_as_typed() {
        let typed = EmailAddress::parse("  Ada.Lovelace@EXAMPLE.com ").unwrap();
        assert_eq!(typed.identity(), "ada.lovelace@example.com");
        assert_eq!(typed.as_typed(), "Ada.Lovelace@example.com");
    }

    #[test]
    fn an_international_domain_is_kept_in_ascii() {
        let email = EmailAddress::parse("ada@bücher.example").unwrap();
        assert_eq!(email.as_typed(), "ada@xn--bcher-kva.example");
    }

    #[test]
    fn what_cannot_be_delivered_is_refused() {
        let long = format!("{}@example.com", "a".repeat(65));
        let cases = [
            "",
            " ",
            "@",
            "ada",
            "ada@",
            "@example.com",
            "ada@localhost",
            "ada@example..com",
            ".ada@example.com",
            "ada.@example.com",
            "a..b@example.com",
            "ada@exa mple.com",
            "ada lovelace@example.com",
            "\"ada\"@example.com",
            "ada@[127.0.0.1]",
            "Ada <ada@example.com>",
            "ada\0@example.com",
            "ada@example.com\r\nBcc: eve@example.com",
            "ада@example.com",
            "😀@example.com",
            "\u{202e}ada@example.com",
            "ada@-example.com",
            "a@b@example.com",
            &long,
        ];
        for case in cases {
            assert!(EmailAddress::parse(case).is_none(), "{case:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(input in any::<String>()) {
            let _ = EmailAddress::parse(&input);
        }

        #[test]
        fn what_is_accepted_is_canonical(
            input in r"[ a-zA-Z0-9.+_'-]{1,10}@[a-zA-Z0-9.üß-]{1,12}\.[a-zA-Z]{2,5} ?"
        ) {
            if let Some(email) = EmailAddress::parse(&input) {
                prop_assert_eq!(EmailAddress::parse(email.as_typed()).unwrap(), email.clone());
                let folded = EmailAddress::parse(email.identity()).unwrap();
                prop_assert_eq!(folded.identity(), email.identity());
                prop_assert!(email.identity().is_ascii());
            }
        }
    }
}
