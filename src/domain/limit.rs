//! How often something may happen.

use std::time::Duration;

use super::Timestamp;

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

    /// Actions that it bears `now`, when it will be whole at `full_at`.
    #[must_use]
    pub fn left(&self, full_at: Timestamp, now: Timestamp) -> u32 {
        let free = self.period.saturating_sub(full_at.since(now));
        let whole = free.as_nanos() / self.interval().as_nanos().max(1);
        u32::try_from(whole).map_or(self.burst, |left| left.min(self.burst))
    }
}

/// One action, and the budget that it is charged to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// Names the budget's row. Personal data.
    pub key: String,
    /// What it bears.
    pub budget: Budget,
}

impl Charge {
    /// When a budget that was whole `now` is whole again, charged with this.
    #[must_use]
    pub fn from_now(&self, now: Timestamp) -> Timestamp {
        now + self.budget.interval()
    }

    /// The latest that the budget may be whole again, to bear this `now`.
    #[must_use]
    pub fn latest(&self, now: Timestamp) -> Timestamp {
        now + self.budget.tolerance()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_what_will_be_granted() {
        for burst in [1, 5, 7, 60, 999] {
            let budget = Budget {
                burst,
                period: Duration::from_hours(1),
            };
            let now = Timestamp::from_micros(1_000_000_000);
            let mut full_at = now;
            for left in (0..=burst).rev() {
                assert_eq!(budget.left(full_at, now), left, "{burst}");
                let is_granted = full_at <= now + budget.tolerance();
                assert_eq!(is_granted, left > 0, "{burst}, {left}");
                full_at = full_at + budget.interval();
            }
        }
    }
}
