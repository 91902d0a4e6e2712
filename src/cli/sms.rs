//! `countersign sms report`

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::time::Duration;

use sea_orm::DbErr;

use super::failure::Failure;
use crate::config::Config;
use crate::domain::clock::{Clock, SystemClock};
use crate::domain::toll::Guard;
use crate::store::Store;
use crate::store::traffic::{self, Counted};

/// Prints what went out to telephones in the last `since`, and where sending is paused. Reads the
/// database and changes nothing.
pub(super) async fn report(config: &Config, since: Duration) -> Result<(), Failure> {
    let store = Store::connect(&config.database.settings)
        .await
        .map_err(Failure::failed)?;
    let read = read(&store, config.toll.guard, since).await;
    store.close().await;
    let report = read.map_err(Failure::failed)?;
    Ok(io::stdout().write_all(report.to_string(since).as_bytes())?)
}

struct Report {
    countries: Vec<Counted>,
    paused: Vec<Counted>,
    /// How far back the guard looks.
    window: Duration,
}

async fn read(store: &Store, guard: Option<Guard>, since: Duration) -> Result<Report, DbErr> {
    let (db, now) = (store.pool(), SystemClock.now());
    let mut report = Report {
        countries: traffic::by_country(db, now - since).await?,
        paused: Vec::new(),
        window: Duration::ZERO,
    };
    if let Some(guard) = guard {
        report.window = guard.window;
        let lately = now - guard.window;
        let countries = traffic::by_country(db, lately).await?;
        let prefixes = traffic::by_prefix(db, lately).await?;
        let would_pause = |row: &Counted| guard.pauses(row.traffic().with_one_more());
        let would_pause_country =
            |row: &Counted| guard.pauses_country(row.traffic().with_one_more());
        report.paused = prefixes.into_iter().filter(would_pause).collect();
        let countries = countries.into_iter().filter(would_pause_country);
        report.paused.extend(countries);
    }
    Ok(report)
}

impl Report {
    fn to_string(&self, since: Duration) -> String {
        let mut text = String::new();
        self.write(&mut text, since)
            .expect("a string takes all that is written");
        text
    }

    fn write(&self, to: &mut String, since: Duration) -> std::fmt::Result {
        let since = humantime::format_duration(since);
        writeln!(to, "Messages to telephones in the last {since}:\n")?;
        writeln!(
            to,
            "{:<10}{:<9}{:>9}{:>10}{:>12}{:>9}",
            "channel", "country", "sent", "verified", "conversion", "refused"
        )?;
        let mut all = Counted {
            country: "all".to_owned(),
            ..Counted::default()
        };
        for row in &self.countries {
            all.sent += row.sent;
            all.verified += row.verified;
            all.refused += row.refused;
            line(to, row)?;
        }
        line(to, &all)?;
        if self.paused.is_empty() {
            return Ok(());
        }
        let window = humantime::format_duration(self.window);
        writeln!(
            to,
            "\nPaused now, for what came back in the last {window}:\n"
        )?;
        for row in &self.paused {
            let prefix = match row.prefix.as_str() {
                "" => "all of it".to_owned(),
                prefix => format!("+{prefix}…"),
            };
            writeln!(
                to,
                "{:<10}{:<9}{prefix:<15}{} sent, answered by {}",
                row.channel, row.country, row.sent, row.people
            )?;
        }
        Ok(())
    }
}

fn line(to: &mut String, row: &Counted) -> std::fmt::Result {
    let conversion = match row.sent {
        0 => "–".to_owned(),
        // In tenths of a percent, without a detour through floating point.
        sent => {
            let tenths = row.verified * 1000 / sent;
            format!("{}.{}%", tenths / 10, tenths % 10)
        }
    };
    writeln!(
        to,
        "{:<10}{:<9}{:>9}{:>10}{conversion:>12}{:>9}",
        row.channel, row.country, row.sent, row.verified, row.refused
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(country: &str, prefix: &str, [sent, verified, people, refused]: [i64; 4]) -> Counted {
        Counted {
            channel: "sms".to_owned(),
            country: country.to_owned(),
            prefix: prefix.to_owned(),
            sent,
            verified,
            people,
            refused,
        }
    }

    #[test]
    fn the_table_adds_up() {
        let report = Report {
            countries: vec![
                row("GB", "", [812, 604, 590, 3]),
                row("ZW", "", [40, 0, 0, 9960]),
            ],
            paused: vec![row("ZW", "263771", [40, 0, 0, 9960])],
            window: Duration::from_hours(1),
        };
        let wanted = "\
Messages to telephones in the last 1day:

channel   country       sent  verified  conversion  refused
sms       GB             812       604       74.3%        3
sms       ZW              40         0        0.0%     9960
          all            852       604       70.8%     9963

Paused now, for what came back in the last 1h:

sms       ZW       +263771…       40 sent, answered by 0
";
        assert_eq!(report.to_string(Duration::from_hours(24)), wanted);
    }

    #[test]
    fn where_nothing_was_sent_there_is_no_conversion() {
        let report = Report {
            countries: vec![row("KP", "", [0, 0, 0, 7])],
            paused: Vec::new(),
            window: Duration::ZERO,
        };
        let text = report.to_string(Duration::from_mins(90));
        assert!(text.starts_with("Messages to telephones in the last 1h 30m:"));
        assert!(text.contains("sms       KP               0         0           –        7\n"));
        assert!(!text.contains("Paused"));
    }
}
