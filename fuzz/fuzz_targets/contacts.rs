//! What is read as a contact has one identity, and is read as the same contact again.
#![no_main]

use countersign::domain::phone::Region;
use countersign::domain::{EmailAddress, PhoneNumber};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|typed: &str| {
    if let Some(email) = EmailAddress::parse(typed) {
        let again = EmailAddress::parse(email.as_typed()).expect("what was read once");
        assert_eq!(again.identity(), email.identity());
        assert_eq!(again.as_typed(), email.as_typed());
        let folded = EmailAddress::parse(email.identity()).expect("an identity is an address");
        assert_eq!(folded.identity(), email.identity());
        assert!(email.identity().is_ascii());
        assert!(!email.identity().contains(['\r', '\n', ' ', ',', '<', '>']));
    }
    for region in [None, Region::parse("GB")] {
        if let Some(phone) = PhoneNumber::parse(typed, region) {
            let again = PhoneNumber::parse(phone.as_e164(), None).expect("E.164 is a number");
            assert_eq!(again.as_e164(), phone.as_e164());
            let digits = phone.as_e164().strip_prefix('+').expect("a plus");
            assert!(digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.len() <= 15);
        }
    }
});
