//! How often things may happen.

use std::time::Duration;

use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;
use crate::domain::limit::Budget;

/// The budgets an operator may set.
#[derive(Clone, Copy, Debug)]
pub struct LimitsConfig {
    /// Wrong guesses at one contact's codes, across all its challenges.
    pub guesses: Budget,
}

const GUESSES_PER_CONTACT: Key = Key {
    name: "limits.guesses_per_contact",
    default: Default::Is("10"),
    doc: "Wrong guesses at one contact's codes within `limits.guess_window`; a new code does not refill them.",
};

const GUESS_WINDOW: Key = Key {
    name: "limits.guess_window",
    default: Default::Is("1h"),
    doc: "The time in which `limits.guesses_per_contact` are whole again.",
};

pub(super) fn read(reader: &mut Reader) -> LimitsConfig {
    let window = Form::duration(Duration::from_mins(10)..=Duration::from_hours(24));
    LimitsConfig {
        guesses: Budget {
            burst: reader.value(&GUESSES_PER_CONTACT, &Form::whole(3..=100)),
            period: reader.value(&GUESS_WINDOW, &window),
        },
    }
}
