//! A refresh token becomes the next pair of tokens.

use super::open::TokenPair;
use super::{Auth, Fault};
use crate::domain::audit::{End, Refresh};
use crate::domain::device::Client;
use crate::domain::session::Replay;
use crate::domain::{Channel, Session};
use crate::store::sessions::{self, Which};
use crate::trace_context::TARGET;

/// What became of a refresh token.
#[derive(Debug)]
pub enum Refreshed {
    /// The next pair, and the session that it holds.
    Renewed(Box<(Session, TokenPair)>),
    /// It opens nothing: forged, over, or used twice. The client is told no more than that.
    Refused,
}

impl Auth {
    /// Rotates the refresh token of a session (D4).
    ///
    /// One conditional update decides: of all requests that show the same token one moves the
    /// session on, and the others, within the grace window, get the very same successor.
    ///
    /// # Errors
    /// When the database fails, or the token cannot be signed.
    #[tracing::instrument(target = TARGET, skip_all)]
    pub async fn refresh(&self, token: &str, client: &Client) -> Result<Refreshed, Fault> {
        let Some((id, shown)) = self.refresh_tokens.read(token) else {
            return Ok(Refreshed::Refused);
        };
        let now = self.clock.now();
        let expires_at = now + self.policy.session.idle;
        if let Some(session) = self.store.rotate((id, shown), now, expires_at).await? {
            self.record_refresh(Refresh::Rotated, &session, client)
                .await;
            return self.renewed(session);
        }
        let Some(session) = sessions::find(self.store.pool(), id).await? else {
            return Ok(Refreshed::Refused);
        };
        match self.policy.session.judge(&session, shown, now) {
            Replay::Repeat => {
                self.record_refresh(Refresh::Repeated, &session, client)
                    .await;
                self.renewed(session)
            }
            Replay::Over => Ok(Refreshed::Refused),
            Replay::Reuse => {
                self.record_reuse(&session, client).await;
                let end = || self.end_reused(&session, client);
                if self.store.retrying(end).await? {
                    self.doorbell.ring(Channel::Email);
                }
                Ok(Refreshed::Refused)
            }
        }
    }

    /// Ends a session of which two parties hold tokens, and has its owner told, once however
    /// often the token comes back. Tells whether there is something to send.
    async fn end_reused(&self, session: &Session, client: &Client) -> Result<bool, Fault> {
        let tx = self.store.begin().await?;
        let ended = sessions::revoke(&tx, Which::One(session.id), self.clock.now()).await?;
        let is_owed = !ended.is_empty() && self.note_reuse(&tx, session, client).await?;
        tx.commit().await?;
        self.record_end(End::Reuse, &ended, client).await;
        if !ended.is_empty() {
            let session = session.id.0;
            tracing::warn!(%session, "a spent refresh token came back: session revoked");
        }
        Ok(is_owed)
    }

    fn renewed(&self, session: Session) -> Result<Refreshed, Fault> {
        let tokens = self.token_pair(&session)?;
        Ok(Refreshed::Renewed(Box::new((session, tokens))))
    }
}
