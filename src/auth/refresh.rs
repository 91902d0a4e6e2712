//! A refresh token becomes the next pair of tokens.

use super::open::TokenPair;
use super::{Auth, Fault};
use crate::domain::Session;
use crate::domain::session::Replay;
use crate::store::sessions::{self, Which};

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
    pub async fn refresh(&self, token: &str) -> Result<Refreshed, Fault> {
        let Some((id, shown)) = self.refresh_tokens.read(token) else {
            return Ok(Refreshed::Refused);
        };
        let now = self.clock.now();
        let db = self.store.pool();
        let expires_at = now + self.policy.session.idle;
        if let Some(session) = sessions::rotate(db, id, shown, now, expires_at).await? {
            return self.renewed(session);
        }
        let Some(session) = sessions::find(db, id).await? else {
            return Ok(Refreshed::Refused);
        };
        match self.policy.session.judge(&session, shown, now) {
            Replay::Repeat => self.renewed(session),
            Replay::Over => Ok(Refreshed::Refused),
            Replay::Reuse => {
                tracing::warn!(session = %id.0, "a spent refresh token came back: session revoked");
                sessions::revoke(db, Which::One(id), now).await?;
                Ok(Refreshed::Refused)
            }
        }
    }

    fn renewed(&self, session: Session) -> Result<Refreshed, Fault> {
        let tokens = self.token_pair(&session)?;
        Ok(Refreshed::Renewed(Box::new((session, tokens))))
    }
}
