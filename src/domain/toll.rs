//! What messages to telephones may cost: how many may go where, and when sending stops.
//!
//! Somebody who earns a share of what a message costs can have them sent by the thousand, to
//! numbers that nobody holds (SMS pumping, artificially inflated traffic).

use std::collections::BTreeSet;
use std::time::Duration;

use super::PhoneNumber;
use super::limit::{Budget, Charge};
use super::region::Region;

/// The rules for every message to a telephone.
#[derive(Clone, Debug)]
pub struct TollPolicy {
    /// Where messages may go.
    pub countries: Countries,
    /// Messages to one country in an hour.
    pub country_hourly: Budget,
    /// Messages to one country in a day.
    pub country_daily: Budget,
    /// Messages in an hour.
    pub total_hourly: Budget,
    /// Messages in a day.
    pub total_daily: Budget,
    /// Digits after the country code that tell one prefix from another.
    pub prefix_digits: u8,
    /// What stops sending where codes do not come back.
    pub guard: Option<Guard>,
}

impl TollPolicy {
    /// Why `number` is never sent anything; `None` when it may be.
    #[must_use]
    pub fn forbids(&self, number: &PhoneNumber) -> Option<Forbidden> {
        if !self.countries.include(number.region()) {
            return Some(Forbidden::Country);
        }
        (!number.takes_messages()).then_some(Forbidden::Kind)
    }

    /// What a message to `country` is charged to, from the narrowest to the widest.
    #[must_use]
    pub fn charges(&self, country: &str) -> Vec<Charge> {
        let of = |key: String, budget| Charge { key, budget };
        vec![
            of(format!("toll:{country}:hour"), self.country_hourly),
            of(format!("toll:{country}:day"), self.country_daily),
            of("toll:total:hour".to_owned(), self.total_hourly),
            of("toll:total:day".to_owned(), self.total_daily),
        ]
    }
}

/// Why a number is never sent anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forbidden {
    /// Its country is not on the list.
    Country,
    /// No person reads messages there.
    Kind,
}

/// Where messages may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Countries {
    /// Everywhere, numbers of no country among them; refused in production.
    Any,
    /// To numbers of these.
    Only(BTreeSet<Region>),
}

impl Countries {
    /// Whether numbers of `region` are among them.
    #[must_use]
    pub fn include(&self, region: Option<Region>) -> bool {
        match self {
            Self::Any => true,
            Self::Only(regions) => region.is_some_and(|region| regions.contains(&region)),
        }
    }
}

/// Stops sending where codes do not come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    /// Of a hundred messages, at least this many must be answered.
    pub min_percent: u8,
    /// Messages to a prefix within the window that are sent without being judged.
    pub sample: u32,
    /// How far back it looks.
    pub window: Duration,
}

impl Guard {
    /// A country is judged from this many samples on: an attack that stays below the sample in
    /// each of a hundred prefixes is seen in their sum.
    const COUNTRY_SAMPLES: u32 = 5;

    /// Whether to send no more to a prefix. `traffic` has the message in question already.
    #[must_use]
    pub fn pauses(&self, traffic: Traffic) -> bool {
        self.judge(traffic, self.sample)
    }

    /// Whether to send no more to a whole country.
    #[must_use]
    pub fn pauses_country(&self, traffic: Traffic) -> bool {
        self.judge(traffic, self.sample.saturating_mul(Self::COUNTRY_SAMPLES))
    }

    fn judge(&self, traffic: Traffic, sample: u32) -> bool {
        let Traffic { sent, people } = traffic;
        let wanted = sent.saturating_mul(self.min_percent.into());
        sent > sample.into() && people.saturating_mul(100) < wanted
    }
}

/// What went out within a window, and what came back of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Messages sent.
    pub sent: u64,
    /// Numbers that sent back the right code. A number counts once in a window, so that nobody
    /// keeps a prefix open by signing in again and again with one telephone.
    pub people: u64,
}

impl Traffic {
    /// With one more message, which nobody has answered yet.
    #[must_use]
    pub fn with_one_more(self) -> Self {
        Self {
            sent: self.sent + 1,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GUARD: Guard = Guard {
        min_percent: 20,
        sample: 40,
        window: Duration::from_hours(1),
    };

    fn traffic(sent: u64, people: u64) -> Traffic {
        Traffic { sent, people }
    }

    #[test]
    fn the_sample_is_sent_whatever_comes_back_and_then_one_in_five_must() {
        for (sent, people, pauses) in [
            (0, 0, false),
            (40, 0, false),
            (41, 0, true),
            (41, 8, true),
            (41, 9, false),
            (45, 9, false),
            (46, 9, true),
        ] {
            assert_eq!(
                GUARD.pauses(traffic(sent, people)),
                pauses,
                "{sent}/{people}"
            );
        }
        assert!(!GUARD.pauses_country(traffic(200, 0)));
        assert!(GUARD.pauses_country(traffic(201, 40)));
        assert!(!GUARD.pauses_country(traffic(201, 41)));
    }

    #[test]
    fn a_number_of_no_country_is_on_no_list() {
        let region = Region::parse("GB");
        let only = Countries::Only(region.into_iter().collect());
        assert!(only.include(region) && !only.include(Region::parse("GG")) && !only.include(None));
        assert!(Countries::Any.include(None));
    }

    fn guard() -> impl Strategy<Value = Guard> {
        (1..=100_u8, 1..=10_000_u32).prop_map(|(min_percent, sample)| Guard {
            min_percent,
            sample,
            ..GUARD
        })
    }

    proptest! {
        #[test]
        fn whoever_answers_everything_is_never_paused(guard in guard(), sent in any::<u64>()) {
            prop_assert!(!guard.pauses(traffic(sent, sent)));
        }

        #[test]
        fn an_attack_that_answers_nothing_gets_the_sample_and_no_more(
            guard in guard(), sent in 0..100_000_u64
        ) {
            let is_paused = guard.pauses(traffic(sent, 0));
            prop_assert_eq!(is_paused, sent > guard.sample.into());
        }

        #[test]
        fn answers_open_and_messages_close(
            guard in guard(), sent in 0..1_000_000_u64, people in 0..1_000_000_u64
        ) {
            let paused = guard.pauses(traffic(sent, people));
            if !paused {
                prop_assert!(!guard.pauses(traffic(sent, people + 1)));
            }
            if paused {
                prop_assert!(guard.pauses(traffic(sent + 1, people)));
            }
        }

        #[test]
        fn a_country_is_never_judged_before_its_prefix(
            guard in guard(), sent in any::<u64>(), people in any::<u64>()
        ) {
            let traffic = traffic(sent, people);
            prop_assert!(!guard.pauses_country(traffic) || guard.pauses(traffic));
        }
    }
}
