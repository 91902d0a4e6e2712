//! What an access token says.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The claims, as they stand in a token (RFC 9068, section 2.2). Times are seconds since the epoch.
#[derive(Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) aud: String,
    pub(super) sub: Uuid,
    pub(super) sid: Uuid,
    pub(super) iat: i64,
    pub(super) nbf: i64,
    pub(super) exp: i64,
    /// The mark.
    pub(super) jti: Uuid,
}
