//! `countersign limits show` and `countersign limits clear`

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::time::Duration;

use sea_orm::DbErr;

use super::failure::Failure;
use crate::config::Config;
use crate::domain::allowance::Allowance;
use crate::domain::clock::{Clock, SystemClock, seconds_rounded_up};
use crate::domain::phone::Region;
use crate::domain::{AddressBlock, Contact, Timestamp};
use crate::store::{Store, limits};

/// Prints what is left of each budget of `who`. Changes nothing.
pub(super) async fn show(config: &Config, who: &str) -> Result<(), Failure> {
    let whose = Whose::read(who, config.phone.default_region)?;
    let store = connect(config).await?;
    let states = states(&store, whose.allowances(config)).await;
    store.close().await;
    let table = table(&whose, &states.map_err(Failure::failed)?, SystemClock.now());
    Ok(io::stdout().write_all(table.as_bytes())?)
}

/// Makes all budgets of `who` whole, and says which of them were not.
pub(super) async fn clear(config: &Config, who: &str) -> Result<(), Failure> {
    let whose = Whose::read(who, config.phone.default_region)?;
    let store = connect(config).await?;
    let cleared = cleared(&store, whose.allowances(config)).await;
    store.close().await;
    let cleared = cleared.map_err(Failure::failed)?;
    let text = match cleared.as_slice() {
        [] => format!("Nothing was charged to {}.\n", whose.shown()),
        names => format!("Cleared of {}: {}.\n", whose.shown(), names.join(", ")),
    };
    Ok(io::stdout().write_all(text.as_bytes())?)
}

/// Who has budgets of their own.
enum Whose {
    Contact(Contact),
    Address(AddressBlock),
}

impl Whose {
    fn read(typed: &str, region: Option<Region>) -> Result<Self, Failure> {
        let typed = typed.trim();
        if let Some(block) = AddressBlock::parse(typed) {
            return Ok(Self::Address(block));
        }
        let contact = Contact::parse(typed, region);
        contact.map(Self::Contact).ok_or_else(|| {
            Failure::CommandLine(format!(
                "`{}` is neither an e-mail address, nor a telephone number with its country \
                 code, nor an IP address",
                typed.escape_debug()
            ))
        })
    }

    fn allowances(&self, config: &Config) -> Vec<Allowance> {
        match self {
            Self::Contact(contact) => config.limits.of_contact(contact),
            Self::Address(block) => config.limits.of_address(*block),
        }
    }

    /// Whoever asks has just typed it: there is nothing to hide.
    fn shown(&self) -> String {
        match self {
            Self::Contact(contact) => contact.identity().to_owned(),
            Self::Address(block) => block.to_string(),
        }
    }
}

async fn connect(config: &Config) -> Result<Store, Failure> {
    Store::connect(&config.database.settings)
        .await
        .map_err(Failure::failed)
}

/// A budget, and when it is whole again; `None` when it is.
type State = (Allowance, Option<Timestamp>);

async fn states(store: &Store, allowances: Vec<Allowance>) -> Result<Vec<State>, DbErr> {
    let mut states = Vec::new();
    for allowance in allowances {
        let full_at = limits::full_at(store.pool(), &allowance.key).await?;
        states.push((allowance, full_at));
    }
    Ok(states)
}

/// The names of those that were charged. Also of those that bound nothing at present.
async fn cleared(store: &Store, allowances: Vec<Allowance>) -> Result<Vec<&'static str>, DbErr> {
    let mut names = Vec::new();
    for allowance in allowances {
        if limits::clear(store.pool(), &allowance.key).await? {
            names.push(allowance.limit.name());
        }
    }
    Ok(names)
}

fn table(whose: &Whose, states: &[State], now: Timestamp) -> String {
    let mut text = String::new();
    write_table(&mut text, whose, states, now).expect("a string takes all that is written");
    text
}

fn write_table(
    to: &mut String,
    whose: &Whose,
    states: &[State],
    now: Timestamp,
) -> std::fmt::Result {
    writeln!(to, "Budgets of {}:\n", whose.shown())?;
    writeln!(to, "{:<18}{:>8}{:>8}  whole again", "limit", "left", "of")?;
    for (Allowance { limit, budget, .. }, full_at) in states {
        let name = limit.name();
        let Some(budget) = budget else {
            writeln!(to, "{name:<18}{:>8}{:>8}  off", "–", "–")?;
            continue;
        };
        let full_at = full_at.unwrap_or(now);
        let (left, burst) = (budget.left(full_at, now), budget.burst);
        let again = match seconds_rounded_up(full_at.since(now)) {
            ..=0 => "now".to_owned(),
            wait => {
                let wait = Duration::from_secs(wait.unsigned_abs().into());
                format!("in {}", humantime::format_duration(wait))
            }
        };
        writeln!(to, "{name:<18}{left:>8}{burst:>8}  {again}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(typed: &str) -> Option<String> {
        let region = Region::parse("GB");
        let whose = Whose::read(typed, region).ok()?;
        Some(whose.shown())
    }

    #[test]
    fn all_who_have_budgets_are_read_as_people_write_them() {
        for (typed, who) in [
            (" Ada@Example.com ", "ada@example.com"),
            ("+44 7911 123456", "+447911123456"),
            ("07911 123456", "+447911123456"),
            ("203.0.113.7", "203.0.113.7"),
            ("2001:DB8::1", "2001:db8::/64"),
            ("2001:db8::/64", "2001:db8::/64"),
        ] {
            assert_eq!(shown(typed).as_deref(), Some(who), "{typed}");
        }
        for typed in ["", "ada", "ada@", "203.0.113", "12", "2001:db8::/48"] {
            assert_eq!(shown(typed), None, "{typed}");
        }
    }
}
