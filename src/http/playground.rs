//! `GET /`: GraphiQL, for whoever explores the schema.
//!
//! Built with the feature `playground`, the server has all of it in itself. Otherwise, so that
//! `cargo run` needs no more than Rust, it serves a page that loads GraphiQL from a CDN.

#[cfg(not(feature = "playground"))]
mod cdn;
#[cfg(feature = "playground")]
mod embedded;

#[cfg(not(feature = "playground"))]
pub use cdn::routes;
#[cfg(feature = "playground")]
pub use embedded::routes;
