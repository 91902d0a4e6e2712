//! What an operator does about somebody's sessions, by the command line.

use std::sync::Arc;

use sea_orm::DbErr;

use super::audit::count;
use crate::domain::audit::{End, Event, What};
use crate::domain::{Clock, Contact, Entropy, Session, SessionId};
use crate::store::sessions::{self, Which};
use crate::store::{Store, audit, users};

/// As many sessions of one person as anybody wants to read.
const MOST: u64 = 1_000;

/// Looks at the sessions of anybody, and ends them.
pub struct Operator {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Makes the ids of events.
    pub entropy: Arc<dyn Entropy>,
}

impl Operator {
    /// The live sessions of who holds `contact`, newest first, at most a thousand. `None` when
    /// nobody does.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sessions(&self, contact: &Contact) -> Result<Option<Vec<Session>>, DbErr> {
        let (db, now) = (self.store.pool(), self.clock.now());
        let Some(user) = users::find(db, contact).await? else {
            return Ok(None);
        };
        sessions::page(db, user.id, None, MOST, now).await.map(Some)
    }

    /// Ends the sessions of who holds `contact`, or `only` one of them, with an event for each in
    /// the same transaction; gives those that lived. `None` when nobody holds it.
    ///
    /// # Errors
    /// When the database fails; then none is ended.
    pub async fn end(
        &self,
        contact: &Contact,
        only: Option<SessionId>,
    ) -> Result<Option<Vec<Session>>, DbErr> {
        self.store.retrying(|| self.try_to_end(contact, only)).await
    }

    async fn try_to_end(
        &self,
        contact: &Contact,
        only: Option<SessionId>,
    ) -> Result<Option<Vec<Session>>, DbErr> {
        let tx = self.store.begin().await?;
        let Some(user) = users::find(&tx, contact).await? else {
            tx.rollback().await?;
            return Ok(None);
        };
        let which = match only {
            Some(session) => Which::OneOf(user.id, session),
            None => Which::AllOf(user.id),
        };
        let ended = sessions::revoke(&tx, which, self.clock.now()).await?;
        let events: Vec<_> = ended.iter().map(|session| self.event(session)).collect();
        // A command has no scribe, and nobody waits for these.
        audit::insert(&tx, &events).await?;
        tx.commit().await?;
        for event in &events {
            count(event.what);
        }
        Ok(Some(ended))
    }

    fn event(&self, session: &Session) -> Event {
        let now = self.clock.now();
        let what = What::SessionEnded(End::Operator);
        Event {
            user: Some(session.user),
            session: Some(session.id),
            ..Event::unasked(self.entropy.id(now), now, what)
        }
    }
}
