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

/// What tokens were found to say, by the SHA-256 of the whole token: a dump of the memory holds none
/// that it would not hold anyway. What was refused is not kept, or strangers would choose what is.
pub(super) struct ProvedTokens(Cache<[u8; 32], Proved>);

impl Default for ProvedTokens {
    fn default() -> Self {
        Self(Cache::new(CAPACITY))
    }
}

impl ProvedTokens {
    pub(super) fn get(&self, token: &str) -> Option<Proved> {
        self.0.get(&name(token))
    }

    pub(super) fn keep(&self, token: &str, proved: Proved) {
        self.0.insert(name(token), proved);
    }
}

impl fmt::Debug for ProvedTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProvedTokens({})", self.0.len())
    }
}

fn name(token: &str) -> [u8; 32] {
    let mut name = [0; 32];
    name.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    name
}
