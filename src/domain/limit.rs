//! How often something may happen.

use std::time::Duration;

use super::{Channel, Contact};

/// `burst` actions at once, and as many again, evenly, in each `period` that follows: the generic
/// cell rate algorithm (GCRA, ITU-T I.371), which needs one timestamp of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Actions that may come at once.
    pub burst: u32,
    /// The time in which a spent budget is whole again.
    pub period: Duration,
}

/// How often it may be found out, at a provider's, that a contact cannot be reached. While it is
/// spent nothing more is sent there.
pub const UNREACHABLE: Budget = Budget {
    burst: 1,
    period: Duration::from_mins(15),
};

/// The key under which [`UNREACHABLE`] is kept for a contact.
#[must_use]
pub fn unreachable_key(channel: Channel, contact: &Contact) -> String {
    format!("unreachable:{}:{}", channel.as_str(), contact.identity())
}

impl Budget {
    /// The time that one action costs.
    #[must_use]
    pub fn interval(&self) -> Duration {
        self.period / self.burst.max(1)
    }

    /// How far ahead of the clock a row may run before it is refused.
    #[must_use]
    pub fn tolerance(&self) -> Duration {
        self.period.saturating_sub(self.interval())
    }
}
