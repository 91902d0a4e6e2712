//! The two tokens of a session, and the keys behind them: a short-lived access JWT that anybody
//! can verify, and a refresh token that only this server can.

pub mod access;
mod claims;
pub mod keys;
mod mark;
mod proved;
pub mod refresh;
pub mod ring;
pub mod seal;

pub use access::{AccessPolicy, AccessToken, AccessTokens, UnknownKey};
pub use keys::{Algorithm, SigningKey};
pub use refresh::{RefreshToken, RefreshTokens};
pub use ring::{KeyRing, RingHolder};
pub use seal::Sealer;
