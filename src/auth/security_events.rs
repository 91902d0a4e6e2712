//! What happened to a person's account.

use uuid::Uuid;

use super::page::{Page, rows_for};
use super::{Auth, Fault};
use crate::domain::UserId;
use crate::domain::audit::Event;
use crate::store::audit;
use crate::trace_context::TARGET;

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
    ) -> Result<Page<Event>, Fault> {
        let limit = rows_for(first);
        let events = audit::page_of(self.store.pool(), user, after, limit).await?;
        Ok(Page::of(events, first))
    }
}
