//! How often something may happen.

use std::time::Duration;

/// `burst` actions at once, and as many again, evenly, in each `period` that follows: the generic
/// cell rate algorithm (GCRA, ITU-T I.371), which needs one timestamp of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Actions that may come at once.
    pub burst: u32,
    /// The time in which a spent budget is whole again.
    pub period: Duration,
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
