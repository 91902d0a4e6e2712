//! What happened, for the operator and for the person whom it happened to.

use std::net::IpAddr;

use uuid::Uuid;

use super::contact_hash::ContactHash;
use super::device::{Label, RequestId};
use super::{SessionId, Timestamp, UserId};

/// One thing that happened. Holds no contact in clear, no code and no token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its id: a `UUIDv7` in the order of events.
    pub id: Uuid,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub what: What,
    /// To whom, where that is known.
    pub user: Option<UserId>,
    /// To which session, if to one.
    pub session: Option<SessionId>,
    /// At which address or number.
    pub contact: Option<ContactHash>,
    /// The network address that brought it about.
    pub ip_address: Option<IpAddr>,
    /// What that client calls itself.
    pub user_agent: Option<Label>,
    /// The request that brought it about.
    pub request_id: Option<RequestId>,
}

impl Event {
    /// One that no request has brought about, and that happened to nobody in particular.
    #[must_use]
    pub const fn unasked(id: Uuid, at: Timestamp, what: What) -> Self {
        Self {
            id,
            at,
            what,
            user: None,
            session: None,
            contact: None,
            ip_address: None,
            user_agent: None,
            request_id: None,
        }
    }
}

/// What happened: a kind, and for some kinds an outcome. Rows, counters and exports keep both by
/// name; a name never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Somebody asked for a code.
    CodeRequested(Reply),
    /// Somebody gave the right code.
    CodeVerified,
    /// Somebody gave a code that opened nothing.
    CodeRefused(Refusal),
    /// Somebody signed in.
    SessionOpened(Opened),
    /// A refresh token was traded for the next.
    SessionRefreshed(Refresh),
    /// A refresh token came back that had been traded before: somebody has copied it.
    RefreshTokenReused,
    /// A session was ended before its time.
    SessionEnded(End),
    /// A next signing key was made, or told to begin.
    KeyRotated(Rotated),
    /// A signing key was revoked.
    KeyRevoked,
}

/// What a request for a code was answered. The same for people with and without an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// A code is on its way, or seems to be.
    Accepted,
    /// Too soon: a budget is spent.
    TooSoon,
    /// Nothing is sent to such numbers.
    NotAllowed,
    /// Nothing can be sent over this channel.
    ChannelUnavailable,
}

/// Why a code opened nothing, as far as that is known without asking the database more than for
/// the answer. The client may have been told less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It was wrong, or there was none that it could be right for.
    Invalid,
    /// It had expired, or was used before.
    Expired,
    /// No attempt was left on its challenge.
    AttemptsExceeded,
    /// There were too many wrong codes for this contact.
    TooManyGuesses,
    /// There were too many wrong codes from this client address.
    TooManyGuessesFromHere,
    /// It was right, and too many accounts were opened from this client address.
    TooManyAccounts,
    /// It was right, and sign-up was closed since it was sent.
    SignupClosed,
}

/// How a session was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// By a code that was sent.
    ByCode,
    /// By the fixed code of a test identity.
    TestIdentity,
}

/// What a refresh token was traded for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// Its successor.
    Rotated,
    /// The same successor once more, within the grace window.
    Repeated,
}

/// Why a session was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It signed out.
    Logout,
    /// The person signed out on all devices, or on all others.
    LogoutAll,
    /// The person ended it from another session.
    Revoked,
    /// Its refresh token was used twice.
    Reuse,
    /// An operator ended it, by `countersign sessions end`.
    Operator,
}

/// Why there is a new signing key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotated {
    /// It was time.
    Scheduled,
    /// The configuration names another algorithm than the newest key has.
    Algorithm,
    /// Somebody told the server to, by `countersign keys rotate`.
    Commanded,
}

impl What {
    /// All there is.
    pub const ALL: [Self; 26] = [
        Self::CodeRequested(Reply::Accepted),
        Self::CodeRequested(Reply::TooSoon),
        Self::CodeRequested(Reply::NotAllowed),
        Self::CodeRequested(Reply::ChannelUnavailable),
        Self::CodeVerified,
        Self::CodeRefused(Refusal::Invalid),
        Self::CodeRefused(Refusal::Expired),
        Self::CodeRefused(Refusal::AttemptsExceeded),
        Self::CodeRefused(Refusal::TooManyGuesses),
        Self::CodeRefused(Refusal::TooManyGuessesFromHere),
        Self::CodeRefused(Refusal::TooManyAccounts),
        Self::CodeRefused(Refusal::SignupClosed),
        Self::SessionOpened(Opened::ByCode),
        Self::SessionOpened(Opened::TestIdentity),
        Self::SessionRefreshed(Refresh::Rotated),
        Self::SessionRefreshed(Refresh::Repeated),
        Self::RefreshTokenReused,
        Self::SessionEnded(End::Logout),
        Self::SessionEnded(End::LogoutAll),
        Self::SessionEnded(End::Revoked),
        Self::SessionEnded(End::Reuse),
        Self::SessionEnded(End::Operator),
        Self::KeyRotated(Rotated::Scheduled),
        Self::KeyRotated(Rotated::Algorithm),
        Self::KeyRotated(Rotated::Commanded),
        Self::KeyRevoked,
    ];

    /// The name of the kind.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::CodeRequested(_) => "code_requested",
            Self::CodeVerified => "code_verified",
            Self::CodeRefused(_) => "code_refused",
            Self::SessionOpened(_) => "session_opened",
            Self::SessionRefreshed(_) => "session_refreshed",
            Self::RefreshTokenReused => "refresh_token_reused",
            Self::SessionEnded(_) => "session_ended",
            Self::KeyRotated(_) => "key_rotated",
            Self::KeyRevoked => "key_revoked",
        }
    }

    /// The name of the outcome, for kinds that have several.
    #[must_use]
    pub const fn outcome(self) -> Option<&'static str> {
        Some(match self {
            Self::CodeVerified | Self::RefreshTokenReused | Self::KeyRevoked => return None,
            Self::CodeRequested(Reply::Accepted) => "accepted",
            Self::CodeRequested(Reply::TooSoon) => "too_soon",
            Self::CodeRequested(Reply::NotAllowed) => "not_allowed",
            Self::CodeRequested(Reply::ChannelUnavailable) => "channel_unavailable",
            Self::CodeRefused(Refusal::Invalid) => "invalid",
            Self::CodeRefused(Refusal::Expired) => "expired",
            Self::CodeRefused(Refusal::AttemptsExceeded) => "attempts_exceeded",
            Self::CodeRefused(Refusal::TooManyGuesses) => "too_many_guesses",
            Self::CodeRefused(Refusal::TooManyGuessesFromHere) => "too_many_guesses_from_here",
            Self::CodeRefused(Refusal::TooManyAccounts) => "too_many_accounts",
            Self::CodeRefused(Refusal::SignupClosed) => "signup_closed",
            Self::SessionOpened(Opened::ByCode) => "by_code",
            Self::SessionOpened(Opened::TestIdentity) => "test_identity",
            Self::SessionRefreshed(Refresh::Rotated) => "rotated",
            Self::SessionRefreshed(Refresh::Repeated) => "repeated",
            Self::SessionEnded(End::Logout) => "logout",
            Self::SessionEnded(End::LogoutAll) => "logout_all",
            Self::SessionEnded(End::Revoked) => "revoked",
            Self::SessionEnded(End::Reuse) => "reuse",
            Self::SessionEnded(End::Operator) => "operator",
            Self::KeyRotated(Rotated::Scheduled) => "scheduled",
            Self::KeyRotated(Rotated::Algorithm) => "algorithm",
            Self::KeyRotated(Rotated::Commanded) => "commanded",
        })
    }

    /// Reads both names. `None` when nothing is called so.
    #[must_use]
    pub fn parse(kind: &str, outcome: Option<&str>) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|what| what.kind() == kind && what.outcome() == outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_as_what_they_name() {
        for what in What::ALL {
            assert_eq!(What::parse(what.kind(), what.outcome()), Some(what));
        }
        assert_eq!(What::parse("code_verified", Some("expired")), None);
        assert_eq!(What::parse("code_refused", None), None);
    }
}
