//! Who holds an access token.

use std::sync::Arc;

use sea_orm::{DatabaseConnection, DbErr};

use super::lookups::Lookups;
use super::sessions::{self, Shown};
use crate::domain::{Session, Timestamp, User};

/// Looks up live sessions, with whose they are: what each request with an access token asks.
#[derive(Clone, Debug)]
pub struct Holders {
    db: DatabaseConnection,
    lookups: Arc<Lookups<Shown, (Session, User)>>,
}

impl Holders {
    /// Those that `db` knows of.
    #[must_use]
    pub fn new(db: DatabaseConnection) -> Self {
        Self {
            db,
            lookups: Arc::default(),
        }
    }

    /// A live session and whose it is, in one round trip; `None` also when the key that has signed
    /// the token is revoked or gone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(
        &self,
        shown: Shown,
        now: Timestamp,
    ) -> Result<Option<(Session, User)>, DbErr> {
        let find = |all: Vec<Shown>| async move {
            sessions::find_live_with_users(&self.db, &all, now).await
        };
        self.lookups.find(shown, find).await
    }
}
