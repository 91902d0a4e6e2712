//! What messages to telephones may cost.

use std::time::Duration;

use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;
use crate::domain::limit::Budget;
use crate::domain::region::Region;
use crate::domain::toll::{Countries, Guard, TollPolicy};

const COUNTRIES: Key = Key {
    name: "toll.countries",
    default: Default::PerEnv {
        development: "*",
        production: "",
    },
    doc: "The countries whose numbers are sent messages. `*`, alone, is any, and refused in production.",
};

const COUNTRY_PER_HOUR: Key = Key {
    name: "toll.country_per_hour",
    default: Default::Is("100"),
    doc: "Messages to telephones of one country in an hour: so many at once, and so many again in each hour after that.",
};

const COUNTRY_PER_DAY: Key = Key {
    name: "toll.country_per_day",
    default: Default::Is("500"),
    doc: "Messages to telephones of one country in a day: so many at once, and so many again in each day after that.",
};

const TOTAL_PER_HOUR: Key = Key {
    name: "toll.total_per_hour",
    default: Default::Is("300"),
    doc: "Messages to telephones of all countries in an hour: so many at once, and so many again in each hour after that.",
};

const TOTAL_PER_DAY: Key = Key {
    name: "toll.total_per_day",
    default: Default::Is("1500"),
    doc: "Messages to telephones of all countries in a day: so many at once, and so many again in each day after that.",
};

const MIN_CONVERSION: Key = Key {
    name: "toll.min_conversion",
    default: Default::Is("20"),
    doc: "Of a hundred messages to one prefix, this many must be answered, or sending to it pauses. `0` never pauses.",
};

const SAMPLE: Key = Key {
    name: "toll.sample",
    default: Default::Is("40"),
    doc: "Messages to one prefix within `toll.window` that go out before `toll.min_conversion` is asked for; five times as many for a country.",
};

const WINDOW: Key = Key {
    name: "toll.window",
    default: Default::Is("1h"),
    doc: "How far back conversion is looked at, and so how long a pause lasts.",
};

const PREFIX_DIGITS: Key = Key {
    name: "toll.prefix_digits",
    default: Default::Is("3"),
    doc: "Digits after the country code that make a prefix: with 3, +44 7400 123456 is in 44740.",
};

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// `offers_telephone`: whether any channel to telephones is offered.
pub(super) fn read(reader: &mut Reader, offers_telephone: bool) -> TollPolicy {
    TollPolicy {
        countries: countries(reader, offers_telephone),
        country_hourly: budget(reader, &COUNTRY_PER_HOUR, HOUR),
        country_daily: budget(reader, &COUNTRY_PER_DAY, DAY),
        total_hourly: budget(reader, &TOTAL_PER_HOUR, HOUR),
        total_daily: budget(reader, &TOTAL_PER_DAY, DAY),
        guard: guard(reader),
        prefix_digits: reader.value(&PREFIX_DIGITS, &Form::whole(1..=6)),
    }
}

fn countries(reader: &mut Reader, offers_telephone: bool) -> Countries {
    // `None` stands for the wildcard.
    let form = Form::new(
        "`*` or a country in two letters (ISO 3166), such as `GB`",
        |text| match text {
            "*" => Some(None),
            _ => Region::parse(text).map(Some),
        },
    );
    let given = reader.list(&COUNTRIES, &form);
    let remedy = "List the countries that your people are in, such as `GB, IE`.";
    let wildcard = given.contains(&None);
    if wildcard && reader.env.is_production() {
        let problem = "`*` lets anybody have messages sent at your cost to the dearest countries";
        reader.refuse(COUNTRIES.name, problem, remedy);
    }
    if wildcard && given.len() > 1 {
        let problem = "`*` stands beside countries";
        reader.refuse(COUNTRIES.name, problem, "Keep one or the other.");
    }
    if given.is_empty() && offers_telephone {
        let because = "codes go out to telephones, and no country is allowed";
        reader.missing(&COUNTRIES, because, remedy);
    }
    if wildcard {
        Countries::Any
    } else {
        Countries::Only(given.into_iter().flatten().collect())
    }
}

fn budget(reader: &mut Reader, key: &Key, period: Duration) -> Budget {
    let burst = reader.value(key, &Form::whole(1..=1_000_000));
    Budget { burst, period }
}

fn guard(reader: &mut Reader) -> Option<Guard> {
    let min_percent = reader.value(&MIN_CONVERSION, &Form::whole(0..=90));
    let guard = Guard {
        min_percent,
        sample: reader.value(&SAMPLE, &Form::whole(5..=10_000)),
        window: reader.value(
            &WINDOW,
            &Form::duration(Duration::from_mins(30)..=Duration::from_hours(24)),
        ),
    };
    (min_percent > 0).then_some(guard)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{load, production, refused};
    use super::*;

    #[test]
    fn production_names_its_countries_and_none_is_assumed() {
        let given = |value| production(&[("COUNTERSIGN__TOLL__COUNTRIES", value)]);
        assert_eq!(given("GB, ie"), [""; 0]);
        for value in ["*", "GB,*", "UK", "44", "GB;IE"] {
            assert_eq!(given(value)[0], "toll.countries", "{value}");
        }
        let form = refused("toll.countries = ['*', 'GB']", &[]);
        assert_eq!(form, ["toll.countries"]);
    }

    #[test]
    fn a_telephone_channel_needs_a_country() {
        let none = ("COUNTERSIGN__TOLL__COUNTRIES", "");
        assert_eq!(production(&[none]), [""; 0], "there is no such channel");
        assert_eq!(refused("toll.countries = []", &[]), ["toll.countries"]);
        let by_mail = "toll.countries = []\nsms.chain = 'none'\n";
        assert_eq!(refused(by_mail, &[]), [""; 0]);
        let whatsapp = format!("{by_mail}whatsapp.chain = 'console'");
        assert_eq!(refused(&whatsapp, &[]), ["toll.countries"]);
    }

    #[test]
    fn countries_are_read_whatever_their_case() {
        let config = load("toll.countries = ['gb', 'IE', 'GB']", &[]).unwrap();
        let wanted = ["GB", "IE"].map(|id| Region::parse(id).unwrap());
        assert_eq!(config.toll.countries, Countries::Only(wanted.into()));
        let config = load("", &[]).unwrap();
        assert_eq!(config.toll.countries, Countries::Any, "in development");
    }

    #[test]
    fn no_conversion_asked_for_is_no_guard() {
        let config = load("", &[]).unwrap();
        let guard = config.toll.guard.unwrap();
        assert_eq!((guard.min_percent, guard.sample), (20, 40));
        let config = load("toll.min_conversion = 0", &[]).unwrap();
        assert_eq!(config.toll.guard, None);
    }

    #[test]
    fn bounds_belong_to_the_range() {
        for (key, inside, outside) in [
            ("COUNTRY_PER_HOUR", ["1", "1000000"], ["0", "1000001"]),
            ("COUNTRY_PER_DAY", ["1", "1000000"], ["0", "1000001"]),
            ("TOTAL_PER_HOUR", ["1", "1000000"], ["0", "1000001"]),
            ("TOTAL_PER_DAY", ["1", "1000000"], ["0", "1000001"]),
            ("MIN_CONVERSION", ["0", "90"], ["-1", "91"]),
            ("SAMPLE", ["5", "10000"], ["4", "10001"]),
            ("WINDOW", ["30m", "1d"], ["29m", "25h"]),
            ("PREFIX_DIGITS", ["1", "6"], ["0", "7"]),
        ] {
            let key = format!("COUNTERSIGN__TOLL__{key}");
            for value in inside {
                assert!(refused("", &[(&key, value)]).is_empty(), "{key} = {value}");
            }
            for value in outside {
                assert_eq!(refused("", &[(&key, value)]).len(), 1, "{key} = {value}");
            }
        }
    }
}
