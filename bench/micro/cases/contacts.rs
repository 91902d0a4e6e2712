//! Where codes go, and the codes.

use std::hint::black_box;

use countersign::domain::otp::OtpDeriver;
use countersign::domain::phone::Region;
use countersign::domain::{ChallengeToken, Contact, EmailAddress, OtpCode, PhoneNumber};

use super::fixed::{SESSION, secrets};
use super::{Case, warm};

const DIGITS: u8 = 6;
const EMAIL: &str = "Ada.Lovelace+newsletter@Bücher.Example.com";

pub fn email_parse() -> Case {
    warm(|| EmailAddress::parse(black_box(EMAIL)).expect("an address"))
}

pub fn phone_parse() -> Case {
    let region = Region::parse("GB");
    warm(move || PhoneNumber::parse(black_box("07911 123 456"), region).expect("a number"))
}

pub fn code_derive() -> Case {
    let (codes, token, contact) = challenge();
    warm(move || {
        let under = codes.newest().as_str();
        codes
            .derive(under, black_box(&token), &contact)
            .expect("a code")
    })
}

pub fn code_match() -> Case {
    let (codes, token, contact) = challenge();
    let code = codes.derive(codes.newest().as_str(), &token, &contact);
    let code = code.expect("a code");
    let (first, last) = code.reveal().split_at(3);
    let typed = format!("{first} {last}");
    warm(move || {
        let guess = OtpCode::parse(black_box(&typed), DIGITS).expect("six digits");
        assert!(guess.matches(&code));
    })
}

fn challenge() -> (OtpDeriver, ChallengeToken, Contact) {
    let contact = Contact::parse(EMAIL, None).expect("an address");
    let token = ChallengeToken::from_uuid(SESSION.0);
    (OtpDeriver::new(&secrets(), DIGITS), token, contact)
}
