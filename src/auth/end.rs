//! Ending sessions. Idempotent, and immediate: the access tokens of an ended session open nothing
//! here any more.

use super::{Auth, Fault};
use crate::domain::{SessionId, UserId};
use crate::store::sessions::{self, Which};

impl Auth {
    /// Ends the session that `token` is, or once was, the refresh token of. `false` when it is
    /// not a refresh token of ours; ending what is over already is no failure.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn logout_by_refresh_token(&self, token: &str) -> Result<bool, Fault> {
        let Some((session, _)) = self.refresh_tokens.read(token) else {
            return Ok(false);
        };
        self.logout(session).await?;
        Ok(true)
    }

    /// Ends one session, if it still lives.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn logout(&self, session: SessionId) -> Result<(), Fault> {
        sessions::revoke(self.store.pool(), Which::One(session), self.clock.now()).await?;
        Ok(())
    }

    /// Ends every session of `user`, or every one but `keep`, and tells how many lived.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn logout_all(&self, user: UserId, keep: Option<SessionId>) -> Result<u64, Fault> {
        let which = keep.map_or(Which::AllOf(user), |keep| Which::AllBut(user, keep));
        Ok(sessions::revoke(self.store.pool(), which, self.clock.now()).await?)
    }

    /// Ends one session of `user`. `false` when they have no such live session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_session(&self, user: UserId, session: SessionId) -> Result<bool, Fault> {
        let which = Which::OneOf(user, session);
        Ok(sessions::revoke(self.store.pool(), which, self.clock.now()).await? == 1)
    }
}
