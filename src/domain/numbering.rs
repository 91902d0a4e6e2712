//! The world's numbering plans: whose a number is, and what is at its other end.

use phonenumber::Metadata;
use phonenumber::metadata::{DATABASE, Descriptor};

use super::region::Region;

/// What its plan says about a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Assigned {
    /// Whose plan it is; `None` for numbers of no country, such as satellite telephones (+881).
    pub region: Option<Region>,
    /// Whether a person may have it and read messages on it.
    pub takes_messages: bool,
}

/// Looks a valid number up. `None` when its plan has no such number.
///
/// The library knows all this too, but forgets an Italian or Ivorian number's leading zeros when
/// it is asked for the country or the type. This goes through its tables once, where asking for
/// the validity, the country and the type would go through them three times.
pub(super) fn look_up(number: &phonenumber::PhoneNumber) -> Option<Assigned> {
    let code = number.code().value();
    let national = number.national().to_string();
    match DATABASE.region(&code)?.as_slice() {
        // No country's: the library's name for "the world".
        ["001"] => {
            let plan = DATABASE.by_code(&code)?.into_iter().next()?;
            let takes_messages = judge(plan, &national)?;
            Some(Assigned {
                region: None,
                takes_messages,
            })
        }
        regions => {
            let mut plans = regions.iter().filter_map(|id| DATABASE.by_id(*id));
            let plan = match regions.len() {
                1 => plans.next()?,
                _ => plans.find(|plan| is_of(plan, &national))?,
            };
            Some(Assigned {
                region: Region::parse(plan.id()),
                takes_messages: judge(plan, &national)?,
            })
        }
    }
}

/// Whether a number under a shared country code belongs to the region of `plan`.
fn is_of(plan: &Metadata, national: &str) -> bool {
    match plan.leading_digits() {
        Some(leading) => leading
            .find(national)
            .is_some_and(|found| found.start() == 0),
        None => judge(plan, national).is_some(),
    }
}

/// Whether a number of `plan` takes messages; `None` when it is none. In the library's order, for
/// ranges that a plan gives to more than one use.
fn judge(plan: &Metadata, national: &str) -> Option<bool> {
    let kinds = plan.descriptors();
    if !kinds.general().is_match(national) {
        return None;
    }
    let is = |kind: Option<&Descriptor>| kind.is_some_and(|kind| kind.is_match(national));
    let no_person_reads =
        is(kinds.premium_rate()) || is(kinds.toll_free()) || is(kinds.shared_cost());
    if no_person_reads {
        return Some(false);
    }
    if is(kinds.voip()) {
        return Some(true);
    }
    // A personal number is forwarded to one that its owner may give as well, at the sender's cost.
    let no_person_reads = is(kinds.personal_number())
        || is(kinds.pager())
        || is(kinds.uan())
        || is(kinds.voicemail());
    if no_person_reads {
        return Some(false);
    }
    (is(kinds.fixed_line()) || is(kinds.mobile())).then_some(true)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn assigned(number: &str) -> Option<Assigned> {
        look_up(&phonenumber::parse(None, number).ok()?)
    }

    fn region(number: &str) -> Option<String> {
        let assigned = assigned(number).unwrap_or_else(|| panic!("{number} is valid"));
        assigned.region.map(|region| region.to_string())
    }

    #[test]
    fn a_number_belongs_to_one_country_also_where_several_share_a_code() {
        for (number, owner) in [
            ("+447400123456", "GB"),
            ("+447911123456", "GG"),
            ("+447624123456", "IM"),
            ("+12025550123", "US"),
            ("+16137827274", "CA"),
            ("+18765551234", "JM"),
            ("+79161234567", "RU"),
            ("+77012345678", "KZ"),
            ("+393471234567", "IT"),
            ("+390236618300", "IT"),
            ("+3906698123456", "VA"),
            ("+2250707123456", "CI"),
            ("+38344123456", "XK"),
        ] {
            assert_eq!(region(number).as_deref(), Some(owner), "{number}");
        }
        for number in [
            "+80012345678",
            "+882161234567",
            "+881612345678",
            "+979123456789",
        ] {
            assert_eq!(region(number), None, "{number}");
        }
    }

    #[test]
    fn no_message_goes_where_no_person_reads_it() {
        let takes_messages = |number| assigned(number).unwrap().takes_messages;
        for number in [
            "+449091234567", // premium rate
            "+19002345678",
            "+499001234567",
            "+979123456789",
            "+448431234567", // shared cost, to the library premium rate
            "+448451234567",
            "+448701234567",
            "+498001234567", // toll-free
            "+18002345678",
            "+80012345678",
            "+443001234567", // a company's
            "+447012345678", // personal
            "+15002345678",
            "+447640123456", // a pager
        ] {
            assert!(!takes_messages(number), "{number}");
        }
        for number in [
            "+447400123456",
            "+442071838750",
            "+12025550123",
            "+4915112345678",
            "+263771234567",
            "+2250707123456",
            "+390236618300",
            "+8613812345678",
        ] {
            assert!(takes_messages(number), "{number}");
        }
    }

    proptest! {
        #[test]
        fn what_has_a_place_in_a_plan_is_what_the_library_calls_valid(
            number in r"\+(1|7|39|44|225|241|262|263|800|881|[1-9][0-9]{0,2})[0-9]{5,12}"
        ) {
            if let Ok(number) = phonenumber::parse(None, &number) {
                prop_assert_eq!(look_up(&number).is_some(), number.is_valid());
            }
        }
    }
}
