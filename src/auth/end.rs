//! Ending sessions. Idempotent, and immediate: the access tokens of an ended session open nothing
//! here any more.

use super::{Auth, Fault};
use crate::domain::audit::End;
use crate::domain::device::Client;
use crate::domain::{Kid, SessionId, UserId};
use crate::store::sessions::{self, Which};
use crate::trace_context::TARGET;

impl Auth {
    /// Ends the session that `token` is, or once was, the refresh token of. `false` when it is
    /// not a refresh token of ours; ending what is over already is no failure.
    ///
    /// # Errors
    /// When the database fails.
    #[tracing::instrument(target = TARGET, skip_all)]
    pub async fn logout_by_refresh_token(
        &self,
        token: &str,
        client: &Client,
    ) -> Result<bool, Fault> {
        let Some((session, _)) = self.refresh_tokens.read(token) else {
            return Ok(false);
        };
        self.end(Which::One(session), End::Logout, client).await?;
        Ok(true)
    }

    /// Ends the session of an access token that `kid` has signed, if it still lives. `false` when
    /// that key was revoked, or is gone, so that the token proves nothing.
    ///
    /// # Errors
    /// When the database fails.
    #[tracing::instrument(target = TARGET, skip_all)]
    pub async fn logout_by_access_token(
        &self,
        session: SessionId,
        kid: Kid,
        client: &Client,
    ) -> Result<bool, Fault> {
        let which = Which::Signed(session, kid);
        let ended = self.end(which, End::Logout, client).await?;
        Ok(ended > 0 || self.is_in_force(kid).await?)
    }

    /// Ends every session of `user`, or every one but `keep`, and tells how many lived.
    ///
    /// # Errors
    /// When the database fails.
    #[tracing::instrument(target = TARGET, skip_all)]
    pub async fn logout_all(
        &self,
        user: UserId,
        keep: Option<SessionId>,
        client: &Client,
    ) -> Result<usize, Fault> {
        let which = keep.map_or(Which::AllOf(user), |keep| Which::AllBut(user, keep));
        self.end(which, End::LogoutAll, client).await
    }

    /// Ends one session of `user`. `false` when they have no such live session.
    ///
    /// # Errors
    /// When the database fails.
    #[tracing::instrument(target = TARGET, skip_all)]
    pub async fn revoke_session(
        &self,
        user: UserId,
        session: SessionId,
        client: &Client,
    ) -> Result<bool, Fault> {
        let which = Which::OneOf(user, session);
        Ok(self.end(which, End::Revoked, client).await? == 1)
    }

    async fn end(&self, which: Which, end: End, client: &Client) -> Result<usize, Fault> {
        let ended = sessions::revoke(self.store.pool(), which, self.clock.now()).await?;
        self.record_end(end, &ended, client).await;
        Ok(ended.len())
    }
}
