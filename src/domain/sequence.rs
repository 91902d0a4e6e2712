//! Ids in the order in which they were given.

use std::sync::atomic::{AtomicU64, Ordering};

use uuid::{Builder, Uuid};

use super::{Entropy, Timestamp};

/// Gives each `UUIDv7` a place after the one before it, also within a millisecond: the twelve bits
/// behind the time are a counter (RFC 9562, section 6.2, method 1), and the other 62 are random.
#[derive(Debug, Default)]
pub struct Sequence(AtomicU64);

/// Bits of the counter.
const COUNTER: u32 = 12;

impl Sequence {
    /// The next id. A counter that is full, or a clock that goes back, borrows from the time ahead.
    pub fn next(&self, now: Timestamp, entropy: &dyn Entropy) -> Uuid {
        let first = millis(now) << COUNTER;
        let after = |last: u64| first.max(last + 1);
        let last = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| {
                Some(after(last))
            })
            .unwrap_or_default();
        let place = after(last);
        let mut rest: [u8; 10] = entropy.bytes();
        let [.., high, low] = place.to_be_bytes();
        [rest[0], rest[1]] = [high, low];
        Builder::from_unix_timestamp_millis(place >> COUNTER, &rest).into_uuid()
    }
}

/// The least id of those that were given at `from` or later.
#[must_use]
pub fn floor(from: Timestamp) -> Uuid {
    Builder::from_unix_timestamp_millis(millis(from), &[0; 10]).into_uuid()
}

fn millis(time: Timestamp) -> u64 {
    u64::try_from(time.as_micros() / 1000).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::entropy::SystemEntropy;

    #[test]
    fn ids_are_in_order_within_a_millisecond_and_beyond_its_counter() {
        let (sequence, now) = (
            Sequence::default(),
            Timestamp::from_micros(1_800_000_000_000_000),
        );
        let ids: Vec<_> = (0..10_000)
            .map(|_| sequence.next(now, &SystemEntropy))
            .collect();
        assert!(ids.is_sorted());
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
        assert!(floor(now) <= ids[0]);
        assert!(ids[0] < floor(Timestamp::from_micros(now.as_micros() + 1_000)));
    }

    #[test]
    fn a_clock_that_goes_back_disturbs_no_order() {
        let sequence = Sequence::default();
        let later = sequence.next(Timestamp::from_micros(9_000_000), &SystemEntropy);
        let earlier = sequence.next(Timestamp::from_micros(1_000_000), &SystemEntropy);
        assert!(later < earlier);
    }
}
