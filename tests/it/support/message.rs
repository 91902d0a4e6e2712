//! Messages to hand to a courier, without a server around it.

use std::time::Duration;

use countersign::delivery::{Message, Purpose, SendError, Wording};
use countersign::domain::{Channel, Clock, Contact, EmailAddress, OtpCode, PhoneNumber};
use uuid::Uuid;

use super::clock::TestClock;

pub const PHONE: &str = "+4915112345678";
pub const EMAIL: &str = "ada@example.com";
pub const CODE: &str = "493817";
/// Every message's.
pub const ID: Uuid = Uuid::from_u128(0x019a_b8d1_6c4e_7a55_9d0a_3f1f_1d2c_7b10);

/// A code by `channel`, that lives for five minutes from the moment that `clock` shows.
pub fn code_by(channel: Channel, clock: &TestClock) -> Message {
    let lifetime = Duration::from_mins(5);
    let text = format!("{CODE} is your code.");
    let (contact, wording) = match channel {
        Channel::Email => (
            Contact::Email(EmailAddress::parse(EMAIL).unwrap()),
            Wording::Mail {
                subject: text.clone(),
                html: format!("<p>{text}</p>"),
                text,
            },
        ),
        Channel::Sms | Channel::Whatsapp => (
            Contact::Phone(PhoneNumber::parse(PHONE, None).unwrap()),
            Wording::Text(text),
        ),
    };
    Message {
        id: ID,
        channel,
        contact,
        purpose: Purpose::Code {
            code: OtpCode::parse(CODE, 6).unwrap(),
            lifetime,
        },
        wording,
        expires_at: clock.now() + lifetime,
    }
}

/// What is logged of a failure names nobody and opens nothing.
pub fn assert_discreet(error: &SendError, secrets: &[&str]) {
    let told = format!("{error} {error:?}");
    let contacts = [CODE, "4915112345678", EMAIL, "127.0.0.1"];
    for hidden in contacts.iter().chain(secrets) {
        assert!(!told.contains(hidden), "{hidden} in {told}");
    }
}
