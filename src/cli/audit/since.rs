//! How far back to look.

use std::time::Duration;

use chrono::DateTime;

use crate::domain::Timestamp;

/// A moment, or so long ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    At(Timestamp),
    Ago(Duration),
}

impl Since {
    /// Reads `2026-11-26T08:00:00Z`, or `24h`.
    pub fn read(text: &str) -> Result<Self, &'static str> {
        let moment = DateTime::parse_from_rfc3339(text).map(|moment| moment.timestamp_micros());
        let moment = moment.map(|micros| Self::At(Timestamp::from_micros(micros)));
        let moment = moment.or_else(|_| humantime::parse_duration(text).map(Self::Ago));
        moment.map_err(|_| "give a time such as 2026-11-26T08:00:00Z, or a duration such as 24h")
    }

    /// The moment that it means at `now`.
    pub fn before(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(moment) => moment,
            Self::Ago(span) => now - span,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_and_a_duration_are_told_apart() {
        let now = Timestamp::from_micros(1_800_000_000_000_000);
        let before = |text: &str| Since::read(text).map(|since| since.before(now).as_micros());
        assert_eq!(before("1970-01-01T01:00:01+01:00"), Ok(1_000_000));
        assert_eq!(before("1h"), Ok(now.as_micros() - 3_600_000_000));
        assert!(before("yesterday").is_err());
    }
}
