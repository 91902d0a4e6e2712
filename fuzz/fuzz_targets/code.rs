//! What is read as a code is so many digits, and itself.
#![no_main]

use countersign::domain::OtpCode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|typed: &str| {
    for digits in 6..=8 {
        if let Some(code) = OtpCode::parse(typed, digits) {
            assert_eq!(code.reveal().len(), usize::from(digits));
            assert!(code.reveal().bytes().all(|byte| byte.is_ascii_digit()));
            let again = OtpCode::parse(code.reveal(), digits).expect("its own digits");
            assert!(code.matches(&again));
        }
    }
});
