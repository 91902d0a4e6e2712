//! Everything that is HTTP: routes, headers, limits, negotiation, credentials.

pub mod authentication;
pub mod bearer;
pub mod body;
pub mod browser;
pub mod callbacks;
pub mod client;
pub mod cookies;
pub mod cors;
pub mod csrf;
pub mod forwarded;
pub mod graphql;
pub mod health;
pub mod jwks;
pub mod messages;
pub mod metrics;
pub mod negotiation;
pub mod observation;
pub mod playground;
pub mod refusal;
pub mod request_id;
pub mod router;
pub mod shield;

pub use router::{Edge, router};
