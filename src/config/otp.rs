//! One-time codes.

use std::time::Duration;

use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;
use crate::domain::otp::OtpPolicy;

const DIGITS: Key = Key {
    name: "otp.digits",
    default: Default::Is("6"),
    doc: "Digits in a code.",
};

const ATTEMPTS: Key = Key {
    name: "otp.attempts",
    default: Default::Is("5"),
    doc: "Wrong guesses that one code bears.",
};

// NIST SP 800-63B asks for at most ten minutes out of band. Mail that is greylisted may take
// longer, so that an operator may go up to thirty.
const EMAIL_LIFETIME: Key = Key {
    name: "otp.email_lifetime",
    default: Default::Is("10m"),
    doc: "How long a code sent by e-mail is good for. NIST SP 800-63B asks for at most 10 minutes.",
};

const SMS_LIFETIME: Key = Key {
    name: "otp.sms_lifetime",
    default: Default::Is("5m"),
    doc: "How long a code sent by text message is good for.",
};

const RESEND_INTERVAL: Key = Key {
    name: "otp.resend_interval",
    default: Default::Is("60s"),
    doc: "The shortest time between two codes to one contact.",
};

pub(super) fn read(reader: &mut Reader) -> OtpPolicy {
    let minutes = |from, to| Form::duration(Duration::from_mins(from)..=Duration::from_mins(to));
    let interval = Form::duration(Duration::from_secs(10)..=Duration::from_mins(15));
    OtpPolicy {
        digits: reader.value(&DIGITS, &Form::whole(6..=8)),
        attempts: reader.value(&ATTEMPTS, &Form::whole(1..=10)),
        email_lifetime: reader.value(&EMAIL_LIFETIME, &minutes(1, 30)),
        sms_lifetime: reader.value(&SMS_LIFETIME, &minutes(1, 10)),
        resend_interval: reader.value(&RESEND_INTERVAL, &interval),
    }
}
