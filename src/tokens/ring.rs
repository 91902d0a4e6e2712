//! The keys in force.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use jsonwebtoken::jwk::JwkSet;

use super::SigningKey;
use crate::domain::rotation::{KeyDates, Timeline};
use crate::domain::{Kid, Timestamp};

/// The keys of which at least one is opened: one signs, all of them verify. Which one, the clock
/// says, so that a key begins on all instances at once, without a look at the database.
#[derive(Debug)]
pub struct KeyRing {
    timeline: Timeline,
    /// Those that this instance can open, by the names that their rows have.
    opened: BTreeMap<String, Arc<SigningKey>>,
}

impl KeyRing {
    /// A ring of the keys in `timeline`, as far as they are `opened`. `None` when none is.
    #[must_use]
    pub fn new(
        timeline: Timeline,
        opened: impl IntoIterator<Item = Arc<SigningKey>>,
    ) -> Option<Self> {
        let opened: BTreeMap<_, _> = opened
            .into_iter()
            .map(|key| (key.kid().to_string(), key))
            .collect();
        let holds = |key: &KeyDates| opened.contains_key(&key.kid);
        // In whatever order: each of the timeline is among its signers.
        let is_of_use = timeline.signers(Timestamp::default()).any(holds);
        is_of_use.then_some(Self { timeline, opened })
    }

    /// The key that signs.
    ///
    /// # Panics
    /// Never: a ring has a key.
    #[must_use]
    pub fn signer(&self, now: Timestamp) -> &SigningKey {
        let mut keys = self.timeline.signers(now);
        keys.find_map(|key| self.opened.get(&key.kid))
            .expect("a ring has a key")
    }

    /// The key named `kid`, if it still, or already, verifies.
    #[must_use]
    pub fn find(&self, kid: Kid, now: Timestamp) -> Option<&SigningKey> {
        let kid = kid.to_string();
        let verifies = self.timeline.state(&kid, now).verifies();
        self.opened.get(&kid).filter(|_| verifies).map(|key| &**key)
    }

    /// The key whose row has this name, if it is opened.
    #[must_use]
    pub fn opened(&self, kid: &str) -> Option<&Arc<SigningKey>> {
        self.opened.get(kid)
    }

    /// The lives of all keys.
    #[must_use]
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// The public halves (RFC 7517) of those that verify, in the order of their names, for
    /// everybody who verifies our tokens.
    #[must_use]
    pub fn jwks(&self, now: Timestamp) -> JwkSet {
        let published = self
            .opened
            .iter()
            .filter(|(kid, _)| self.timeline.state(kid, now).verifies());
        JwkSet {
            keys: published.map(|(_, key)| key.jwk().clone()).collect(),
        }
    }
}

/// The ring of one instance: swapped for another when keys come and go.
#[derive(Debug)]
pub struct RingHolder(RwLock<Arc<KeyRing>>);

impl RingHolder {
    /// Begins with `ring`.
    #[must_use]
    pub fn new(ring: KeyRing) -> Self {
        Self(RwLock::new(Arc::new(ring)))
    }

    /// The ring of this moment.
    #[must_use]
    pub fn current(&self) -> Arc<KeyRing> {
        // Nothing can go wrong between taking the lock and giving it back.
        let held = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&held)
    }

    /// From now on it is `ring`.
    pub fn swap(&self, ring: KeyRing) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
    }
}
