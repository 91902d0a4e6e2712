//! Sessions, as their owner sees them.

use async_graphql::{ID, Object, SimpleObject};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::scalar::DateTime;
use crate::auth::current::SessionPage;
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

    /// What the client called the device when it signed in.
    async fn device_name(&self) -> Option<&str> {
        self.session.device_name.as_ref().map(Label::as_str)
    }

    /// The `User-Agent` that signed in. Anybody can send any: show it, trust it for nothing.
    async fn user_agent(&self) -> Option<&str> {
        self.session.user_agent.as_ref().map(Label::as_str)
    }

    /// The network address that signed in.
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

/// Where a page ends.
#[derive(SimpleObject)]
pub struct PageInfo {
    /// Whether more follow.
    has_next_page: bool,
    /// Pass it as `after` to get what follows; null on an empty page.
    end_cursor: Option<String>,
}

impl SessionConnection {
    /// `page`, as the session `current` sees it.
    pub fn new(page: SessionPage, current: Option<SessionId>) -> Self {
        let end_cursor = page
            .sessions
            .last()
            .map(|session| Cursor(session.id).write());
        let node = |session: Session| SessionObject {
            current: Some(session.id) == current,
            session,
        };
        Self {
            nodes: page.sessions.into_iter().map(node).collect(),
            page_info: PageInfo {
                has_next_page: page.has_next,
                end_cursor,
            },
        }
    }
}

/// A place in the list of sessions. Opaque to clients, so that it may change its meaning.
pub struct Cursor(pub SessionId);

impl Cursor {
    fn write(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.0.as_bytes())
    }

    /// Reads what [`PageInfo`] gave out.
    pub fn read(text: &str) -> Option<Self> {
        let mut bytes = [0; 16];
        let length = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        (length == bytes.len()).then(|| Self(SessionId(Uuid::from_bytes(bytes))))
    }
}
