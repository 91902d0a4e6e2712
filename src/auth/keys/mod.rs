//! The keys that sign access tokens: made, published, put to use, retired and revoked.

mod command;
mod keeper;
mod vault;

use sea_orm::DbErr;

pub use self::command::{Begins, Revoked};
pub use self::keeper::Keeper;
pub use self::vault::{Listed, Vault};
use crate::store::AsDbErr;

/// Why there are no keys to sign with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
    /// A key cannot be read: its server secret is gone, or the row was altered.
    #[error(
        "signing key {kid} was sealed under server secret {secret_id}, which is not configured \
         (or the row was altered): add the secret that the server ran with before to `secret`, \
         after the new one"
    )]
    Sealed {
        /// Which key.
        kid: String,
        /// Which secret.
        secret_id: String,
    },
    /// A key could not be made.
    #[error("no signing key could be made")]
    Generation,
}

impl AsDbErr for KeyError {
    fn as_db_err(&self) -> Option<&DbErr> {
        match self {
            Self::Database(error) => Some(error),
            Self::Sealed { .. } | Self::Generation => None,
        }
    }
}
