//! What happened to a person's account, as they see it.

use async_graphql::{Enum, ID, Object, SimpleObject};

use super::page::PageInfo;
use super::scalar::DateTime;
use crate::auth::page::Page;
use crate::domain::audit::{Event, What};
use crate::domain::device::Label;

/// What happened to an account.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum SecurityEventKind {
    /// Somebody signed in with a one-time code. Was it you?
    SessionOpened,
    /// A refresh token was used twice, so somebody had a copy of it. The session was ended.
    RefreshTokenReused,
    /// A session was ended: by `logout`, `logoutAll` or `revokeSession`, or because its refresh
    /// token was used twice, or by an operator. One that ran out by itself leaves no event.
    SessionEnded,
}

/// One thing that happened to an account.
pub struct SecurityEvent {
    event: Event,
    kind: SecurityEventKind,
}

/// One thing that happened to an account: show it, so that its owner can tell what was not them.
#[Object]
impl SecurityEvent {
    /// Its own, for keys in lists.
    async fn id(&self) -> ID {
        self.event.id.into()
    }

    /// What happened.
    async fn kind(&self) -> SecurityEventKind {
        self.kind
    }

    /// When it happened.
    async fn at(&self) -> DateTime {
        DateTime(self.event.at)
    }

    /// The session that it happened to. It may be over, and not among `sessions` any more.
    async fn session(&self) -> Option<ID> {
        self.event.session.map(|session| session.0.into())
    }

    /// The network address that it came from: for `SESSION_ENDED`, of who ended it.
    async fn ip_address(&self) -> Option<String> {
        self.event.ip_address.map(|address| address.to_string())
    }

    /// The `User-Agent` that it came from. Anybody can send any: show it, trust it for nothing.
    async fn user_agent(&self) -> Option<&str> {
        self.event.user_agent.as_ref().map(Label::as_str)
    }
}

/// Some of what happened to an account.
#[derive(SimpleObject)]
pub struct SecurityEventConnection {
    /// Newest first.
    nodes: Vec<SecurityEvent>,
    /// Where this page ends.
    page_info: PageInfo,
}

impl From<Page<Event>> for SecurityEventConnection {
    fn from(page: Page<Event>) -> Self {
        let last = page.items.last().map(|event| event.id);
        Self {
            nodes: page.items.into_iter().filter_map(node).collect(),
            page_info: PageInfo::new(page.has_next, last),
        }
    }
}

/// `None` for what happens to no account.
fn node(event: Event) -> Option<SecurityEvent> {
    let kind = match event.what {
        What::SessionOpened(_) => SecurityEventKind::SessionOpened,
        What::RefreshTokenReused => SecurityEventKind::RefreshTokenReused,
        What::SessionEnded(_) => SecurityEventKind::SessionEnded,
        What::CodeRequested(_)
        | What::CodeVerified
        | What::CodeRefused(_)
        | What::SessionRefreshed(_)
        | What::KeyRotated(_)
        | What::KeyRevoked => return None,
    };
    Some(SecurityEvent { event, kind })
}
