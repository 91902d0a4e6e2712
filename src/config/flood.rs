//! How many requests one client address may make.

use std::time::Duration;

use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;
use crate::domain::limit::Budget;

const FLOOD_RATE: Key = Key {
    name: "http.flood_rate",
    default: Default::Is("50"),
    doc: "Requests a second that one client address, or one /64 of IPv6, may make on average. `0` counts none.",
};

const FLOOD_BURST: Key = Key {
    name: "http.flood_burst",
    default: Default::Is("200"),
    doc: "Requests that one client address may make at once.",
};

/// `None` when nobody is to be refused.
pub(super) fn read(reader: &mut Reader) -> Option<Budget> {
    let rate: u32 = reader.value(&FLOOD_RATE, &Form::whole(0..=100_000));
    let burst: u32 = reader.value(&FLOOD_BURST, &Form::whole(1..=1_000_000));
    let period = Duration::from_secs(burst.into()).checked_div(rate)?;
    Some(Budget { burst, period })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{load, refused};
    use super::*;

    #[test]
    fn a_rate_and_a_burst_are_a_budget() {
        let flood = |toml| load(toml, &[]).unwrap().http.flood;
        let default = flood("").unwrap();
        assert_eq!(
            (default.burst, default.period),
            (200, Duration::from_secs(4))
        );
        assert_eq!(default.interval(), Duration::from_millis(20));
        assert_eq!(flood("http.flood_rate = 0"), None);
    }

    #[test]
    fn bounds_belong_to_the_range() {
        for (key, inside, outside) in [
            ("RATE", ["0", "100000"], ["-1", "100001"]),
            ("BURST", ["1", "1000000"], ["0", "1000001"]),
        ] {
            let key = format!("COUNTERSIGN__HTTP__FLOOD_{key}");
            for value in inside {
                assert!(refused("", &[(&key, value)]).is_empty(), "{key} = {value}");
            }
            for value in outside {
                assert_eq!(refused("", &[(&key, value)]).len(), 1, "{key} = {value}");
            }
        }
    }
}
