//! Identities for reviewers and end-to-end tests.

use secrecy::ExposeSecret;

use super::key::{Default, Key};
use super::reader::Reader;
use crate::domain::test_identity::{TestIdentities, TestIdentity};

const TEST_IDENTITIES: Key = Key {
    name: "test_identities",
    default: Default::Unset,
    doc: "Contacts with a fixed code, for app-store reviewers and end-to-end tests. Nothing is sent to them; each needs a day, at most 90 days ahead, at whose end it stops working.",
};

/// `digits` is how many a code has.
pub(super) fn read(reader: &mut Reader, digits: u8) -> TestIdentities {
    let wanted = "a list, each a contact, a code and the last day it works: `reviewer@example.com 493817 2027-01-31`";
    let texts = reader.secrets(&TEST_IDENTITIES, wanted);
    let mut identities = Vec::with_capacity(texts.len());
    for (position, text) in texts.iter().enumerate() {
        let identity = TestIdentity::parse(text.expose_secret(), digits);
        if let Some((problem, remedy)) = judge(identity.as_ref(), reader) {
            let problem = format!("number {} {problem}", position + 1);
            reader.refuse(TEST_IDENTITIES.name, problem, remedy);
        }
        identities.extend(identity);
    }
    TestIdentities(identities)
}

/// What is wrong with an identity, and what to do.
fn judge(identity: Option<&TestIdentity>, reader: &Reader) -> Option<(&'static str, &'static str)> {
    let Some(identity) = identity else {
        return Some((
            "is not a contact, a code of `otp.digits` digits and a day",
            "Write it as `reviewer@example.com 493817 2027-01-31`.",
        ));
    };
    if identity.is_expired(reader.now) {
        Some(("has expired", "Remove it, or give it a later day."))
    } else if identity.outlasts(reader.now) {
        Some((
            "would work for longer than 90 days",
            "Give it an earlier day: a fixed code must not be forgotten about.",
        ))
    } else if identity.is_guessable() && reader.env.is_production() {
        Some((
            "has a code that anybody would try first",
            "Draw its digits by chance.",
        ))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::config::tests::{load, production, refused};

    const TODAY: &str = "2026-11-25";

    #[test]
    fn a_test_identity_needs_a_day_that_is_neither_over_nor_far() {
        let with = |identity: &str| refused(&format!("test_identities = ['{identity}']"), &[]);
        for sound in [
            "reviewer@example.com 493817 2026-11-25",
            "+447911123456 493817 2027-02-23",
        ] {
            assert_eq!(with(sound), [""; 0], "{sound}, on {TODAY}");
        }
        for unsound in [
            "reviewer@example.com 493817",
            "reviewer@example.com 493817 2026-11-24",
            "reviewer@example.com 493817 2027-02-24",
            "reviewer@example.com 4938171 2026-12-24",
        ] {
            assert_eq!(with(unsound), ["test_identities"], "{unsound}, on {TODAY}");
        }
    }

    #[test]
    fn production_refuses_a_code_that_anybody_would_try() {
        let name = "COUNTERSIGN__TEST_IDENTITIES";
        let guessable = "ada@example.com 123456 2026-12-24";
        assert_eq!(production(&[(name, guessable)]), ["test_identities"]);
        assert_eq!(refused("", &[(name, guessable)]), [""; 0]);
        assert_eq!(
            production(&[(name, "ada@example.com 493817 2026-12-24")]),
            [""; 0]
        );
    }

    #[test]
    fn no_problem_shows_a_fixed_code() {
        let problems = load(
            "test_identities = ['ada@example.com 580214 2020-01-01', 'x 580214']",
            &[],
        );
        let told = problems.unwrap_err().to_string();
        assert!(
            told.contains("number 1") && told.contains("number 2"),
            "{told}"
        );
        assert!(!told.contains("580214") && !told.contains("ada@"), "{told}");
    }
}
