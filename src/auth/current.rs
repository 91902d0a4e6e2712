//! Who is signed in, and where.

use super::page::{Page, rows_for};
use super::{Auth, Fault};
use crate::domain::{Caller, Kid, Session, SessionId, Stale, User, UserId};
use crate::store::{Shown, keys, sessions};
use crate::tokens::UnknownKey;
use crate::trace_context::TARGET;

/// What somebody who shows an access token is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// To look: a replica may vouch for the session, and be behind.
    Look,
    /// To change something: the database itself must.
    Change,
}

/// What an access token of ours is worth.
#[derive(Debug)]
pub enum Standing {
    /// Its session lives, and this is whose it is.
    SignedIn(Box<(Session, User)>),
    /// Its session is over.
    Ended,
    /// Its key was revoked, or is gone: anybody may have made it.
    KeyRevoked,
}

impl Auth {
    /// Tells who holds an access token. Asks the database only for a key that is not known here,
    /// and that at most once a second: another instance may have made it a moment ago.
    pub async fn bearer(&self, token: &str) -> Caller {
        if let Ok(caller) = self.access_tokens.verify(token, self.clock.now()) {
            return caller;
        }
        self.keys.look_again().await;
        match self.access_tokens.verify(token, self.clock.now()) {
            Ok(caller) => caller,
            Err(UnknownKey) => Caller::Stale(Stale::Invalid),
        }
    }

    /// The user of a session that still lives, shown by an access token that `kid` has signed: one
    /// round trip, so that a logout, and the revocation of a key, work at once; or, where a replica
    /// is asked, once it has heard of them. What it has not heard of, such as a session of a moment
    /// ago, the database is asked for.
    ///
    /// # Errors
    /// When the database fails.
    #[tracing::instrument(target = TARGET, skip_all)]
    pub async fn signed_in(
        &self,
        session: SessionId,
        kid: Kid,
        errand: Errand,
    ) -> Result<Standing, Fault> {
        let now = self.clock.now();
        let shown = Shown { session, kid };
        if let (Errand::Look, Some(replica)) = (errand, self.store.replica())
            && let Some(found) = replica.ask(now, replica.holders().find(shown, now)).await
        {
            return Ok(Standing::SignedIn(Box::new(found)));
        }
        if let Some(found) = self.store.holders().find(shown, now).await? {
            return Ok(Standing::SignedIn(Box::new(found)));
        }
        Ok(if self.is_in_force(kid).await? {
            Standing::Ended
        } else {
            Standing::KeyRevoked
        })
    }

    /// Whether tokens by a key count. If not, this instance does not sign by it any more.
    pub(super) async fn is_in_force(&self, kid: Kid) -> Result<bool, Fault> {
        let is_in_force = keys::is_in_force(self.store.pool(), kid).await?;
        if !is_in_force {
            self.keys.look_again().await;
        }
        Ok(is_in_force)
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
    ) -> Result<Page<Session>, Fault> {
        let now = self.clock.now();
        let limit = rows_for(first);
        let sessions = sessions::page(self.store.pool(), user, after, limit, now).await?;
        Ok(Page::of(sessions, first))
    }
}
