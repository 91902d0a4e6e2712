//! Who is asking.

use super::{Kid, SessionId, UserId};

/// What a request's credentials say. Absent is not the same as invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// No credentials.
    Anonymous,
    /// Credentials that prove nothing (any more). An error only where a field needs to know who
    /// is calling: clients attach an expired token to their own refresh call.
    Stale(Stale),
    /// A valid access token. Whether its session still lives, and whether its key was revoked, is
    /// for the database to say.
    Bearer {
        /// The token's `sub`.
        user: UserId,
        /// The token's `sid`.
        session: SessionId,
        /// The key that it is signed by.
        kid: Kid,
    },
}

/// Why credentials prove nothing. Told to the client as `extensions.reason`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stale {
    /// Not a token at all.
    Malformed,
    /// A token, but not one of ours: wrong signature, key, algorithm, type, issuer or audience. Or
    /// one by a key that was revoked.
    Invalid,
    /// Ours, and its time has passed.
    Expired,
    /// Ours, and its time has not come.
    NotYetValid,
}
