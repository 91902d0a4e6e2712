//! When a signing key begins to sign, and when nobody needs it any more.

use std::time::Duration;

use super::Timestamp;

/// The longest that an access token may be good for, whatever is configured.
pub const LONGEST_ACCESS_LIFETIME: Duration = Duration::from_hours(1);
/// How far a verifier's clock and ours may be apart.
pub const LEEWAY: Duration = Duration::from_secs(30);
/// How much later than its successor's first token a key may have signed its last: an instance
/// takes some seconds to hear of a key that was made elsewhere.
const LATENESS: Duration = Duration::from_mins(1);

/// How long after its successor began a key is of use.
pub const OUTLIVES: Duration =
    Duration::from_secs(LONGEST_ACCESS_LIFETIME.as_secs() + LEEWAY.as_secs() + LATENESS.as_secs());

/// What there is to know of a key's life.
#[derive(Clone, Debug)]
pub struct KeyDates {
    /// Its name, as its row has it.
    pub kid: String,
    /// What it signs with, by its name in a JOSE header.
    pub algorithm: String,
    /// 1 for the algorithm's first key.
    pub serial: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it signs.
    pub activates_at: Timestamp,
    /// When it was declared to be in the wrong hands.
    pub revoked_at: Option<Timestamp>,
}

/// What a key is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It is published, and does not sign yet.
    Waiting,
    /// It signs.
    Active,
    /// Another one signs; it still verifies what it signed.
    Retired {
        /// By then its last token has expired.
        until: Timestamp,
    },
    /// Its last token has expired.
    Over,
    /// Its tokens are refused.
    Revoked,
}

impl KeyState {
    /// Whether it verifies, and is published.
    #[must_use]
    pub const fn verifies(self) -> bool {
        matches!(self, Self::Waiting | Self::Active | Self::Retired { .. })
    }
}

/// All keys but those that are revoked, in the order in which they sign. What each is good for
/// follows from this and the time alone, so that all instances say the same, whatever they are
/// configured to make next.
#[derive(Clone, Debug)]
pub struct Timeline(Vec<KeyDates>);

impl Timeline {
    /// From all keys there are.
    pub fn new(keys: impl IntoIterator<Item = KeyDates>) -> Self {
        let mut live: Vec<_> = keys
            .into_iter()
            .filter(|key| key.revoked_at.is_none())
            .collect();
        live.sort_by(|a, b| {
            let place = |key: &KeyDates| (key.activates_at, key.created_at, key.serial);
            place(a).cmp(&place(b)).then_with(|| a.kid.cmp(&b.kid))
        });
        Self(live)
    }

    /// The keys, best signer first: the newest whose time has come, then those before it, then
    /// those whose time has not. A clock that went back thus finds one too.
    pub fn signers(&self, now: Timestamp) -> impl Iterator<Item = &KeyDates> {
        let (come, waiting) = self.0.split_at(self.come(now));
        come.iter().rev().chain(waiting)
    }

    /// The key that signs, if there is any.
    #[must_use]
    pub fn signer(&self, now: Timestamp) -> Option<&KeyDates> {
        self.signers(now).next()
    }

    /// The key to begin next, if one is made already.
    #[must_use]
    pub fn next(&self, now: Timestamp) -> Option<&KeyDates> {
        self.0.get(self.come(now).max(1))
    }

    /// The key that begins last.
    #[must_use]
    pub fn newest(&self) -> Option<&KeyDates> {
        self.0.last()
    }

    /// What the key named `kid` is good for.
    #[must_use]
    pub fn state(&self, kid: &str, now: Timestamp) -> KeyState {
        let Some(at) = self.0.iter().position(|key| key.kid == kid) else {
            return KeyState::Revoked;
        };
        let signer = self.come(now).saturating_sub(1);
        match self.0.get(at + 1) {
            _ if at == signer => KeyState::Active,
            Some(successor) if at < signer => {
                let until = successor.activates_at + OUTLIVES;
                if until > now {
                    KeyState::Retired { until }
                } else {
                    KeyState::Over
                }
            }
            _ => KeyState::Waiting,
        }
    }

    /// How many have begun.
    fn come(&self, now: Timestamp) -> usize {
        self.0.partition_point(|key| key.activates_at <= now)
    }
}

/// How often there is a new key.
#[derive(Clone, Copy, Debug)]
pub struct RotationPolicy {
    /// From the beginning of one key to that of the next.
    pub every: Duration,
    /// From the making of a key to its beginning: by then whoever keeps the public keys for a
    /// while has read it.
    pub publish_before: Duration,
}

impl RotationPolicy {
    /// When a key that is to be made now shall begin; `None` when none is to be made yet.
    #[must_use]
    pub fn due(&self, keys: &Timeline, now: Timestamp) -> Option<Timestamp> {
        let Some(newest) = keys.newest() else {
            return Some(now);
        };
        if newest.activates_at > now {
            return None;
        }
        let due = newest.activates_at + self.every;
        let earliest = now + self.publish_before;
        (earliest >= due).then_some(earliest)
    }

    /// When a key of another algorithm shall begin: after all that there are.
    #[must_use]
    pub fn after_all(&self, keys: &Timeline, now: Timestamp) -> Timestamp {
        let earliest = now + self.publish_before;
        keys.newest()
            .map_or(now, |newest| earliest.max(newest.activates_at))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::KeyState::{Active, Over, Retired, Waiting};
    use super::*;

    const HOUR: i64 = 3_600_000_000;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_micros(hours * HOUR)
    }

    fn key(kid: usize, activates_at: Timestamp) -> KeyDates {
        KeyDates {
            kid: kid.to_string(),
            algorithm: "ES256".into(),
            serial: i32::try_from(kid).unwrap(),
            created_at: activates_at,
            activates_at,
            revoked_at: None,
        }
    }

    fn signer(keys: &Timeline, now: Timestamp) -> String {
        keys.signer(now).unwrap().kid.clone()
    }

    #[test]
    fn a_key_waits_signs_verifies_and_is_over() {
        let keys = Timeline::new([key(2, at(20)), key(1, at(10))]);
        let states = |hours| ["1", "2"].map(|kid| keys.state(kid, at(hours)));
        assert_eq!(states(19), [Active, Waiting]);
        let until = at(21) + Duration::from_secs(90);
        assert_eq!(states(20), [Retired { until }, Active]);
        assert_eq!(states(21), [Retired { until }, Active]);
        assert_eq!(states(22), [Over, Active]);
        assert_eq!(keys.state("3", at(22)), KeyState::Revoked);
        assert_eq!(states(9), [Active, Waiting], "a clock that went back");
    }

    #[test]
    fn the_next_key_is_due_as_long_before_as_it_is_published() {
        let policy = RotationPolicy {
            every: Duration::from_hours(100),
            publish_before: Duration::from_hours(10),
        };
        let only = Timeline::new([key(1, at(0))]);
        assert_eq!(policy.due(&Timeline::new([]), at(5)), Some(at(5)));
        assert_eq!(policy.due(&only, at(89)), None);
        assert_eq!(policy.due(&only, at(90)), Some(at(100)));
        assert_eq!(
            policy.due(&only, at(500)),
            Some(at(510)),
            "after a long night"
        );
        let two = Timeline::new([key(1, at(0)), key(2, at(100))]);
        assert_eq!(policy.due(&two, at(90)), None, "one waits already");
        assert_eq!(policy.due(&only, at(-1)), None, "a clock that went back");
        assert_eq!(policy.after_all(&two, at(95)), at(105));
        assert_eq!(policy.after_all(&two, at(85)), at(100));
    }

    proptest! {
        #[test]
        fn there_is_always_one_signer_and_what_it_signed_verifies_whatever_comes(
            begins in prop::collection::vec(0i64..200, 1..6),
            later in prop::collection::vec(0i64..200, 0..4),
            issued in -50i64..250,
            minutes in 0u64..=60,
        ) {
            let now = at(issued);
            let mut all: Vec<_> = begins.iter().enumerate().map(|(n, hours)| key(n, at(*hours))).collect();
            let before = Timeline::new(all.clone());
            let signer = signer(&before, now);
            let active = all.iter().filter(|key| before.state(&key.kid, now) == KeyState::Active);
            prop_assert_eq!(active.count(), 1);
            prop_assert_eq!(before.state(&signer, now), KeyState::Active);
            for (n, hours) in later.iter().enumerate() {
                all.push(key(100 + n, now + Duration::from_hours(hours.unsigned_abs())));
            }
            let shown = now + Duration::from_mins(minutes) + LEEWAY;
            prop_assert!(Timeline::new(all).state(&signer, shown).verifies());
        }
    }
}
