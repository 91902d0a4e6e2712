//! Sessions: one signed-in device each.

use std::net::IpAddr;
use std::time::Duration;

use uuid::Uuid;

use super::device::Label;
use super::{Timestamp, UserId};

/// A session's id; the `sid` of its access tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(pub Uuid);

/// How often a session's refresh token was rotated. Each generation has one refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(pub u32);

impl Generation {
    /// The generation a session opens with.
    pub const FIRST: Self = Self(0);

    /// The one that follows.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// One signed-in device.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// The generation whose refresh token is the valid one.
    pub generation: Generation,
    /// When that generation began.
    pub rotated_at: Timestamp,
    /// What the client calls the device.
    pub device_name: Option<Label>,
    /// The `User-Agent` it signed in with.
    pub user_agent: Option<Label>,
    /// The address it signed in from.
    pub ip_address: Option<IpAddr>,
    /// When it signed in.
    pub created_at: Timestamp,
    /// When it last refreshed.
    pub last_seen_at: Timestamp,
    /// When it ends unless it refreshes.
    pub expires_at: Timestamp,
    /// When it ends even if it refreshes.
    pub ends_at: Timestamp,
    /// When it was ended early.
    pub revoked_at: Option<Timestamp>,
}

impl Session {
    /// Whether it still opens doors at `now`.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at > now
    }
}

/// How long sessions last.
#[derive(Clone, Copy, Debug)]
pub struct SessionPolicy {
    /// A session that does not refresh for this long is over.
    pub idle: Duration,
    /// A session is over after this long, refreshed or not.
    pub absolute: Duration,
    /// How long the previous refresh token is answered with its successor again: two tabs, a
    /// retry after a lost response.
    pub grace: Duration,
}

/// What a refresh token that is not of the session's present generation means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// The token's own successor is the valid one and still young: hand it out again.
    Repeat,
    /// Two parties hold tokens of this session, and one of them stole it.
    Reuse,
    /// The session is over anyway.
    Over,
}

impl SessionPolicy {
    /// Judges a token of generation `shown` that could not be rotated at `now`.
    ///
    /// RFC 9700, section 4.14.2, asks that reuse of a rotated token ends the session; the grace
    /// window is the room it leaves for honest clients.
    #[must_use]
    pub fn judge(&self, session: &Session, shown: Generation, now: Timestamp) -> Replay {
        if !session.is_live(now) {
            Replay::Over
        } else if shown.next() == session.generation && now < session.rotated_at + self.grace {
            Replay::Repeat
        } else {
            Replay::Reuse
        }
    }
}
