//! Who is signed in, and where.

use super::{Auth, Fault};
use crate::domain::{Session, SessionId, User, UserId};
use crate::store::sessions;
use crate::trace_context::TARGET;

/// Some of a person's sessions.
#[derive(Debug)]
pub struct SessionPage {
    /// Newest first.
    pub sessions: Vec<Session>,
    /// Whether more follow.
    pub has_next: bool,
}

impl Auth {
    /// The user of a session that still lives: one round trip, so that a logout works at once.
    ///
    /// # Errors
    /// When the database fails.
    #[tracing::instrument(target = TARGET, skip_all)]
    pub async fn signed_in(&self, session: SessionId) -> Result<Option<(Session, User)>, Fault> {
        let now = self.clock.now();
        Ok(sessions::find_live_with_user(self.store.pool(), session, now).await?)
    }

    /// At most `first` live sessions of `user`, newest first, from the one after `after`.
    ///
    /// # Errors
    /// When the database fails.
    #[tracing::instrument(target = TARGET, skip_all)]
    pub async fn sessions(
        &self,
        user: UserId,
        first: usize,
        after: Option<SessionId>,
    ) -> Result<SessionPage, Fault> {
        let now = self.clock.now();
        let limit = first as u64 + 1;
        let mut sessions = sessions::page(self.store.pool(), user, after, limit, now).await?;
        let has_next = sessions.len() > first;
        sessions.truncate(first);
        Ok(SessionPage { sessions, has_next })
    }
}
