//! How long to wait before a message is tried again.

use std::time::Duration;

use crate::domain::Entropy;

/// A code that comes later than this is a code nobody waits for.
const LONGEST: Duration = Duration::from_mins(1);

/// 1, 2, 4, … seconds after the first, second, third, … try, and never more than a minute; of
/// that at least half, and a random part of the rest, so that messages which failed together do
/// not all come back at the same moment.
pub(super) fn backoff(tries: u32, entropy: &dyn Entropy) -> Duration {
    let full = Duration::from_secs(1 << tries.saturating_sub(1).min(6)).min(LONGEST);
    let [part] = entropy.bytes();
    full / 2 + (full / 2) * u32::from(part) / 255
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Always(u8);

    impl Entropy for Always {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn waits_double_up_to_a_minute_and_half_of_each_is_chance() {
        let seconds = |tries, part| backoff(tries, &Always(part)).as_secs_f64();
        for (tries, full) in [
            (1, 1.0),
            (2, 2.0),
            (3, 4.0),
            (6, 32.0),
            (7, 60.0),
            (99, 60.0),
        ] {
            assert!((seconds(tries, u8::MAX) - full).abs() < 1e-9);
            assert!((seconds(tries, 0) - full / 2.0).abs() < 1e-9);
            assert!((full / 2.0..full).contains(&seconds(tries, 128)));
        }
    }
}
