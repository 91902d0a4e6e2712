//! How codes go out by e-mail.

use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;
use super::smtp;
use crate::delivery::smtp::SmtpSettings;

/// How codes go out by e-mail.
#[derive(Clone, Debug)]
pub enum EmailConfig {
    /// Printed where the server runs; refused in production.
    Console,
    /// Through a mail server.
    Smtp(SmtpSettings),
}

#[derive(Clone, Copy, PartialEq)]
enum Courier {
    Console,
    Smtp,
}

const COURIER: Key = Key {
    name: "email.courier",
    default: Default::PerEnv {
        development: "console",
        production: "smtp",
    },
    doc: "How codes go out by e-mail. `console` prints them, and is refused in production.",
};

pub(super) fn read(reader: &mut Reader) -> EmailConfig {
    let courier = reader.value(
        &COURIER,
        &Form::choice([("console", Courier::Console), ("smtp", Courier::Smtp)]),
    );
    if courier == Courier::Console && reader.env.is_production() {
        let problem = "`console` would print people's codes instead of sending them";
        reader.refuse(
            COURIER.name,
            problem,
            "Set it to `smtp`, and `smtp.host` and `smtp.from` with it.",
        );
    }
    let settings = smtp::read(reader, courier == Courier::Smtp);
    match settings {
        Some(settings) if courier == Courier::Smtp => EmailConfig::Smtp(settings),
        // Either asked for, or never seen: the reader remembers what SMTP lacks.
        _ => EmailConfig::Console,
    }
}
