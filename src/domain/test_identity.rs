//! Identities for app-store reviewers and end-to-end tests: a contact whose code is fixed, for a
//! while.

use std::time::Duration;

use chrono::NaiveDate;

use super::{Contact, EmailAddress, OtpCode, PhoneNumber, Timestamp};

/// A contact whose code is fixed. Nothing is ever sent to it.
#[derive(Clone, Debug)]
pub struct TestIdentity {
    contact: Contact,
    code: OtpCode,
    expires_at: Timestamp,
}

impl TestIdentity {
    /// A fixed code is a password that never changes: it must not be forgotten about.
    pub const LONGEST_LIFE: Duration = Duration::from_hours(24 * 90);

    /// Reads a contact, a code of `digits` digits and the day at whose end in UTC it all expires:
    /// `reviewer@example.com 493817 2027-01-31`.
    #[must_use]
    pub fn parse(text: &str, digits: u8) -> Option<Self> {
        let mut words = text.split_whitespace();
        let (contact, code, day) = (words.next()?, words.next()?, words.next()?);
        let email = || EmailAddress::parse(contact).map(Contact::Email);
        let phone = || PhoneNumber::parse(contact, None).map(Contact::Phone);
        let day: NaiveDate = day.parse().ok()?;
        let midnight = day.succ_opt()?.and_hms_opt(0, 0, 0)?.and_utc();
        words.next().is_none().then_some(())?;
        Some(Self {
            contact: email().or_else(phone)?,
            code: OtpCode::parse(code, digits)?,
            expires_at: Timestamp::from_micros(midnight.timestamp_micros()),
        })
    }

    /// Whether its time is over.
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at <= now
    }

    /// Whether it would last longer than a fixed code may.
    #[must_use]
    pub fn outlasts(&self, now: Timestamp) -> bool {
        // The whole of the last day counts.
        self.expires_at > now + Self::LONGEST_LIFE + Duration::from_hours(24)
    }

    /// Whether its code is among the first that anybody would try: one digit over and over, a
    /// repeated group of two or three, or digits that count up or down.
    #[must_use]
    pub fn is_guessable(&self) -> bool {
        let digits: Vec<i16> = self.code.reveal().bytes().map(i16::from).collect();
        let counts_by = |step| digits.windows(2).all(|two| two[1] - two[0] == step);
        let repeats = |length| {
            digits
                .iter()
                .zip(digits.iter().skip(length))
                .all(|(a, b)| a == b)
        };
        (1..=3).any(repeats) || counts_by(1) || counts_by(-1)
    }
}

/// The test identities of this server.
#[derive(Clone, Debug, Default)]
pub struct TestIdentities(pub Vec<TestIdentity>);

impl TestIdentities {
    /// The code of `contact`, if it is a test identity whose time is not over.
    #[must_use]
    pub fn code_of(&self, contact: &Contact, now: Timestamp) -> Option<&OtpCode> {
        let is_it = |identity: &&TestIdentity| {
            identity.contact.identity() == contact.identity() && !identity.is_expired(now)
        };
        self.0.iter().find(is_it).map(|identity| &identity.code)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn identity(code: &str) -> TestIdentity {
        TestIdentity::parse(&format!("ada@example.com {code} 2027-01-31"), 6).unwrap()
    }

    #[test]
    fn an_identity_works_until_the_end_of_its_last_day() {
        let ada = identity("493817");
        let midnight = Timestamp::from_micros(1_801_440_000_000_000);
        assert_eq!(midnight.to_string(), "2027-02-01T00:00:00.000Z");
        assert!(!ada.is_expired(midnight - Duration::from_micros(1)));
        assert!(ada.is_expired(midnight));

        let ninety_days_before = midnight - Duration::from_hours(24 * 91);
        assert!(!ada.outlasts(ninety_days_before));
        assert!(ada.outlasts(ninety_days_before - Duration::from_micros(1)));
    }

    #[test]
    fn codes_that_anybody_would_try_first_are_known() {
        for code in [
            "000000", "123456", "654321", "121212", "123123", "999999", "012345",
        ] {
            assert!(identity(code).is_guessable(), "{code}");
        }
        for code in ["493817", "123457", "112358"] {
            assert!(!identity(code).is_guessable(), "{code}");
        }
    }

    #[test]
    fn what_lacks_a_part_is_no_identity() {
        for text in [
            "",
            "ada@example.com",
            "ada@example.com 493817",
            "ada@example.com 4938 2027-01-31",
            "ada@example.com 493817 2027-02-30",
            "ada 493817 2027-01-31",
            "ada@example.com 493817 2027-01-31 more",
        ] {
            assert!(TestIdentity::parse(text, 6).is_none(), "{text}");
        }
        assert!(TestIdentity::parse("+447911123456 493817 2027-01-31", 6).is_some());
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in any::<String>()) {
            let _ = TestIdentity::parse(&text, 6);
        }
    }
}
