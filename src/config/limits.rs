//! How often things may happen.

use std::time::Duration;

use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;
use crate::domain::allowance::LimitPolicy;
use crate::domain::limit::Budget;

const CONTACT_CODES_PER_HOUR: Key = Key {
    name: "limits.contact_codes_per_hour",
    default: Default::Is("5"),
    doc: "Codes to one contact in an hour: so many, `otp.resend_interval` apart, and so many again in each hour after that.",
};

const CONTACT_CODES_PER_DAY: Key = Key {
    name: "limits.contact_codes_per_day",
    default: Default::Is("10"),
    doc: "Codes to one contact in a day.",
};

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

const ADDRESS_CODES_PER_HOUR: Key = Key {
    name: "limits.address_codes_per_hour",
    default: Default::Is("30"),
    doc: "Codes asked for from one client address in an hour; of IPv6, from one /64. `0` is no limit.",
};

const ADDRESS_CODES_PER_DAY: Key = Key {
    name: "limits.address_codes_per_day",
    default: Default::Is("100"),
    doc: "Codes asked for from one client address in a day. `0` is no limit.",
};

const ADDRESS_GUESSES_PER_HOUR: Key = Key {
    name: "limits.address_guesses_per_hour",
    default: Default::Is("60"),
    doc: "Wrong guesses from one client address in an hour, whomever they are at. `0` is no limit.",
};

const ADDRESS_ACCOUNTS_PER_DAY: Key = Key {
    name: "limits.address_accounts_per_day",
    default: Default::Is("20"),
    doc: "Accounts opened from one client address in a day. `0` is no limit.",
};

const TOTAL_CODES_PER_HOUR: Key = Key {
    name: "limits.total_codes_per_hour",
    default: Default::Is("0"),
    doc: "Codes to all contacts in an hour. `0` is no limit: whoever can spend this one keeps everybody out.",
};

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// `resend`: the wait between two codes to one contact.
pub(super) fn read(reader: &mut Reader, resend: Duration) -> LimitPolicy {
    let window = Form::duration(Duration::from_mins(10)..=DAY);
    LimitPolicy {
        resend: Budget {
            burst: 1,
            period: resend,
        },
        contact_codes_hourly: per_contact(reader, &CONTACT_CODES_PER_HOUR, HOUR),
        contact_codes_daily: per_contact(reader, &CONTACT_CODES_PER_DAY, DAY),
        contact_guesses: Budget {
            burst: reader.value(&GUESSES_PER_CONTACT, &Form::whole(3..=100)),
            period: reader.value(&GUESS_WINDOW, &window),
        },
        address_codes_hourly: optional(reader, &ADDRESS_CODES_PER_HOUR, HOUR),
        address_codes_daily: optional(reader, &ADDRESS_CODES_PER_DAY, DAY),
        address_guesses: optional(reader, &ADDRESS_GUESSES_PER_HOUR, HOUR),
        address_accounts: optional(reader, &ADDRESS_ACCOUNTS_PER_DAY, DAY),
        total_codes: optional(reader, &TOTAL_CODES_PER_HOUR, HOUR),
    }
}

fn per_contact(reader: &mut Reader, key: &Key, period: Duration) -> Budget {
    let burst = reader.value(key, &Form::whole(1..=1_000));
    Budget { burst, period }
}

fn optional(reader: &mut Reader, key: &Key, period: Duration) -> Option<Budget> {
    let burst = reader.value(key, &Form::whole(0..=1_000_000));
    (burst > 0).then_some(Budget { burst, period })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{load, refused};

    #[test]
    fn nought_is_no_limit_where_a_limit_may_be_done_without() {
        for (key, inside, outside) in [
            ("CONTACT_CODES_PER_HOUR", ["1", "1000"], ["0", "1001"]),
            ("CONTACT_CODES_PER_DAY", ["1", "1000"], ["0", "1001"]),
            ("GUESSES_PER_CONTACT", ["3", "100"], ["2", "101"]),
            ("GUESS_WINDOW", ["10m", "1d"], ["9m", "25h"]),
            (
                "ADDRESS_CODES_PER_HOUR",
                ["0", "1000000"],
                ["-1", "1000001"],
            ),
            ("ADDRESS_CODES_PER_DAY", ["0", "1000000"], ["-1", "1000001"]),
            (
                "ADDRESS_GUESSES_PER_HOUR",
                ["0", "1000000"],
                ["-1", "1000001"],
            ),
            (
                "ADDRESS_ACCOUNTS_PER_DAY",
                ["0", "1000000"],
                ["-1", "1000001"],
            ),
            ("TOTAL_CODES_PER_HOUR", ["0", "1000000"], ["-1", "1000001"]),
        ] {
            let key = format!("COUNTERSIGN__LIMITS__{key}");
            for value in inside {
                assert!(refused("", &[(&key, value)]).is_empty(), "{key} = {value}");
            }
            for value in outside {
                assert_eq!(refused("", &[(&key, value)]).len(), 1, "{key} = {value}");
            }
        }
        let limits = load("limits.address_guesses_per_hour = 0", &[])
            .unwrap()
            .limits;
        assert_eq!(limits.address_guesses, None);
        assert_eq!(limits.total_codes, None, "unless somebody asks for it");
        assert_eq!(
            limits.address_codes_hourly.map(|budget| budget.burst),
            Some(30)
        );
    }
}
