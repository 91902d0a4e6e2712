//! The forms that values take.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use crate::domain::proxies::Block;

/// Reads a value, and says in words what it would have liked to read.
pub(super) struct Form<T> {
    pub wanted: String,
    read: Box<Read<T>>,
}

/// `None` refuses.
type Read<T> = dyn Fn(&str) -> Option<T>;

impl<T: 'static> Form<T> {
    /// `wanted` completes "is not …" and "Give …".
    pub fn new(wanted: impl Into<String>, read: impl Fn(&str) -> Option<T> + 'static) -> Self {
        Self {
            wanted: wanted.into(),
            read: Box::new(read),
        }
    }

    /// Reads `text`; `None` when it is not of this form.
    pub fn read(&self, text: &str) -> Option<T> {
        (self.read)(text)
    }
}

impl<T: Copy + 'static> Form<T> {
    /// One of a few words, whatever their case.
    pub fn choice<const N: usize>(choices: [(&'static str, T); N]) -> Self {
        let names = choices.map(|(name, _)| format!("`{name}`"));
        let (last, others) = names.split_last().expect("there is a choice");
        let names = format!("{} or {last}", others.join(", "));
        Self::new(names, move |text| {
            choices
                .into_iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(text))
                .map(|(_, choice)| choice)
        })
    }
}

impl<T: Copy + Display + FromStr + PartialOrd + 'static> Form<T> {
    /// A whole number in `range`.
    pub fn whole(range: RangeInclusive<T>) -> Self {
        let wanted = format!("a whole number from {} to {}", range.start(), range.end());
        Self::new(wanted, move |text| {
            text.parse().ok().filter(|number| range.contains(number))
        })
    }
}

impl Form<bool> {
    /// Yes or no, in the spellings that environments have.
    pub fn flag() -> Self {
        Self::new("`true` or `false`", |text| {
            match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" | "1" => Some(true),
                "false" | "no" | "off" | "0" => Some(false),
                _ => None,
            }
        })
    }
}

impl Form<Block> {
    /// Some neighbouring addresses, or one.
    pub fn block() -> Self {
        let wanted = "a block of addresses such as `10.0.0.0/8`, or one address";
        Self::new(wanted, Block::parse)
    }
}

impl Form<Duration> {
    /// A time with its unit, in `range`.
    pub fn duration(range: RangeInclusive<Duration>) -> Self {
        let wanted = format!(
            "a duration from {} to {}",
            short(*range.start()),
            short(*range.end())
        );
        Self::new(wanted, move |text| {
            humantime::parse_duration(text)
                .ok()
                .filter(|duration| range.contains(duration))
        })
    }
}

impl Form<String> {
    /// Any text but none.
    pub fn text(wanted: &'static str) -> Self {
        Self::new(wanted, |text| {
            (!text.trim().is_empty()).then(|| text.to_owned())
        })
    }
}

/// In the largest unit that divides it: humantime would write 90 days as months and a rest.
fn short(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (unit, name) = [(86_400, 'd'), (3_600, 'h'), (60, 'm')]
        .into_iter()
        .find(|(unit, _)| seconds > 0 && seconds.is_multiple_of(*unit))
        .unwrap_or((1, 's'));
    format!("{}{name}", seconds / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_inclusive_and_told_in_short() {
        let form = Form::duration(Duration::ZERO..=Duration::from_hours(24 * 90));
        assert_eq!(form.wanted, "a duration from 0s to 90d");
        assert!(form.read("90d").is_some() && form.read("0s").is_some());
        assert!(form.read("90d 1s").is_none() && form.read("15").is_none());
    }

    #[test]
    fn an_environment_spells_numbers_and_flags_as_text() {
        assert_eq!(Form::<u8>::whole(6..=8).read("6"), Some(6));
        assert_eq!(Form::<u8>::whole(6..=8).read("9"), None);
        assert_eq!(Form::<u8>::whole(6..=8).read("6.0"), None);
        assert_eq!(Form::flag().read("Yes"), Some(true));
        assert_eq!(Form::flag().read("maybe"), None);
    }
}
