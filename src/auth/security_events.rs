//! What happened to a person's account.

use uuid::Uuid;

use super::{Auth, Fault};
use crate::domain::UserId;
use crate::domain::audit::Event;
use crate::store::audit;
use crate::trace_context::TARGET;

/// Some of what happened to a person's account.
#[derive(Debug)]
pub struct EventPage {
    /// Newest first.
    pub events: Vec<Event>,
    /// Whether more follow.
    pub has_next: bool,
}

impl Auth {
    /// At most `first` events of `user`, newest first, from the one after `after`.
    ///
    /// # Errors
    /// When the database fails.
    #[tracing::instrument(target = TARGET, skip_all)]
    pub async fn security_events(
        &self,
        user: UserId,
        first: usize,
        after: Option<Uuid>,
    ) -> Result<EventPage, Fault> {
        let limit = first as u64 + 1;
        let mut events = audit::page_of(self.store.pool(), user, after, limit).await?;
        let has_next = events.len() > first;
        events.truncate(first);
        Ok(EventPage { events, has_next })
    }
}
