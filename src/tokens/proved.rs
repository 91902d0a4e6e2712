//! Access tokens whose signature was verified a moment ago.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use quick_cache::sync::Cache;

use crate::domain::{Kid, SessionId, UserId};

/// How many are kept; the least used go first. About 150 bytes each.
const CAPACITY: usize = 16_384;

/// What a token of ours says. Whether it is in time is for whoever asks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Proved {
    pub(super) user: UserId,
    pub(super) session: SessionId,
    /// Which key has signed it. It may have been revoked since.
    pub(super) kid: Kid,
    /// Seconds since the epoch, as `exp`.
    pub(super) nbf: i64,
    pub(super) exp: i64,
}

/// The SHA-256 of a whole token: a dump of the memory holds no token that it would not hold anyway.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub(super) fn of(token: &str) -> Self {
        let mut digested = [0; 32];
        digested.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
        Self(digested)
    }
}

/// What tokens were found to say. What was refused is not kept, or strangers would choose what is.
pub(super) struct ProvedTokens(Cache<Fingerprint, Proved>);

impl Default for ProvedTokens {
    fn default() -> Self {
        Self(Cache::new(CAPACITY))
    }
}

impl ProvedTokens {
    pub(super) fn get(&self, of: Fingerprint) -> Option<Proved> {
        self.0.get(&of)
    }

    pub(super) fn keep(&self, of: Fingerprint, proved: Proved) {
        self.0.insert(of, proved);
    }
}

impl fmt::Debug for ProvedTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProvedTokens({})", self.0.len())
    }
}
