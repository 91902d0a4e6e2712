//! Sessions, as their owner sees them.

use async_graphql::{ID, Object, SimpleObject};

use super::page::PageInfo;
use super::scalar::DateTime;
use crate::auth::page::Page;
use crate::domain::device::Label;
use crate::domain::{Session, SessionId};

/// One signed-in device.
pub struct SessionObject {
    session: Session,
    current: bool,
}

impl SessionObject {
    /// The session that the request itself belongs to.
    pub fn asking(session: Session) -> Self {
        Self {
            session,
            current: true,
        }
    }
}

/// One signed-in device.
#[Object(name = "Session")]
impl SessionObject {
    /// For `revokeSession`.
    async fn id(&self) -> ID {
        self.session.id.0.into()
    }

    /// Whether this is the session that asks.
    async fn current(&self) -> bool {
        self.current
    }

    /// What the client called the device when it signed in: `Ada's phone`.
    async fn device_name(&self) -> Option<&str> {
        self.session.device_name.as_ref().map(Label::as_str)
    }

    /// The `User-Agent` that signed in. Anybody can send any: show it, trust it for nothing.
    async fn user_agent(&self) -> Option<&str> {
        self.session.user_agent.as_ref().map(Label::as_str)
    }

    /// The network address that signed in: `203.0.113.7`.
    async fn ip_address(&self) -> Option<String> {
        self.session.ip_address.map(|address| address.to_string())
    }

    /// When it signed in.
    async fn created_at(&self) -> DateTime {
        DateTime(self.session.created_at)
    }

    /// When it last refreshed its tokens.
    async fn last_seen_at(&self) -> DateTime {
        DateTime(self.session.last_seen_at)
    }

    /// When it ends unless it refreshes its tokens before.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.session.expires_at)
    }
}

/// Some of a person's sessions.
#[derive(SimpleObject)]
pub struct SessionConnection {
    /// Newest first.
    nodes: Vec<SessionObject>,
    /// Where this page ends.
    page_info: PageInfo,
}

impl SessionConnection {
    /// `page`, as the session `current` sees it.
    pub fn new(page: Page<Session>, current: Option<SessionId>) -> Self {
        let last = page.items.last().map(|session| session.id.0);
        let node = |session: Session| SessionObject {
            current: Some(session.id) == current,
            session,
        };
        Self {
            nodes: page.items.into_iter().map(node).collect(),
            page_info: PageInfo::new(page.has_next, last),
        }
    }
}
