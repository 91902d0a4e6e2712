//! A circuit breaker: a provider that keeps failing is left alone for a while.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::domain::Timestamp;

/// Failures in a row that open the circuit.
const FAILURES: u32 = 5;
/// How long an open circuit keeps messages away, and how long a probe has to close it.
const COOL_DOWN: Duration = Duration::from_secs(30);

/// The state of one provider's circuit. Each instance of the server finds out for itself.
#[derive(Debug, Default)]
pub(super) struct Breaker(Mutex<State>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Messages go through.
    Closed { failures: u32 },
    /// None does until then. The first one after that is a probe.
    Open { until: Timestamp },
}

impl Default for State {
    fn default() -> Self {
        Self::Closed { failures: 0 }
    }
}

impl Breaker {
    /// Whether a message may go through now.
    ///
    /// # Errors
    /// With the time from which on one may.
    pub fn admit(&self, now: Timestamp) -> Result<(), Timestamp> {
        let mut state = self.state();
        match *state {
            // Further away than it was ever put, it says that the clock was set back since.
            State::Open { until } if now < until && until < now + COOL_DOWN * 2 => Err(until),
            State::Open { .. } => {
                // The probe. It keeps the others away for as long again: should it never come
                // back, the next one is let through then.
                *state = State::Open {
                    until: now + COOL_DOWN,
                };
                Ok(())
            }
            State::Closed { .. } => Ok(()),
        }
    }

    /// The provider took a message, or judged it: it works.
    pub fn close(&self) {
        *self.state() = State::default();
    }

    /// The provider failed. Tells whether that has just opened the circuit.
    pub fn fail(&self, now: Timestamp) -> bool {
        let mut state = self.state();
        let was_closed = matches!(*state, State::Closed { .. });
        *state = match *state {
            State::Closed { failures } if failures + 1 < FAILURES => State::Closed {
                failures: failures + 1,
            },
            State::Closed { .. } | State::Open { .. } => State::Open {
                until: now + COOL_DOWN,
            },
        };
        was_closed && matches!(*state, State::Open { .. })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each change is one assignment: a panic leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOON: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    fn opened() -> Breaker {
        let breaker = Breaker::default();
        for _ in 1..FAILURES {
            assert!(!breaker.fail(NOON) && breaker.admit(NOON).is_ok());
        }
        assert!(breaker.fail(NOON), "it says so, once");
        assert!(!breaker.fail(NOON));
        breaker
    }

    #[test]
    fn a_provider_that_fails_five_times_in_a_row_is_left_alone_for_thirty_seconds() {
        let breaker = opened();
        let reopens = NOON + COOL_DOWN;
        assert_eq!(breaker.admit(NOON), Err(reopens));
        assert!(breaker.admit(reopens).is_ok());
    }

    #[test]
    fn one_probe_at_a_time_decides_whether_the_circuit_closes() {
        let breaker = opened();
        let later = NOON + COOL_DOWN;
        assert!(breaker.admit(later).is_ok());
        assert!(breaker.admit(later).is_err(), "the probe is under way");
        assert!(
            breaker.admit(later + COOL_DOWN).is_ok(),
            "a lost probe blocks nobody for ever"
        );
        breaker.close();
        assert!(breaker.admit(later).is_ok() && breaker.admit(later).is_ok());
    }

    #[test]
    fn a_success_between_failures_keeps_the_circuit_closed() {
        let breaker = Breaker::default();
        for _ in 0..10 {
            for _ in 1..FAILURES {
                assert!(!breaker.fail(NOON));
            }
            breaker.close();
        }
    }

    proptest! {
        #[test]
        fn no_history_keeps_a_message_away_for_longer_than_the_cool_down(
            history in prop::collection::vec((0_u8..3, 0_u64..60), 0..60)
        ) {
            let (breaker, mut now) = (Breaker::default(), NOON);
            for (event, seconds) in history {
                now = now + Duration::from_secs(seconds);
                match event {
                    0 => drop(breaker.admit(now)),
                    1 => breaker.close(),
                    _ => drop(breaker.fail(now)),
                }
            }
            prop_assert!(breaker.admit(now + COOL_DOWN).is_ok());
        }
    }
}
