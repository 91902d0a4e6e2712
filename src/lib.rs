//! Countersign: a self-hosted, passwordless GraphQL authentication server.
//!
//! A challenge goes out, the right word comes back, and the door opens, once.
//!
//! # The map
//!
//! ```text
//!                POST /graphql                                 a mail or SMS provider
//!                     │                                                 ▲
//!    http      limits, negotiation, Bearer → Caller                     │
//!                     │                                                 │
//!    graphql   parse the input → one use case → wrap the outcome   delivery   outbox worker
//!                     │                                                 ▲
//!    auth      one file per use case                                    │ reads due rows
//!                     │                                                 │
//!    store     rows ↔ domain, one transaction per use case ──── the `deliveries` table
//! ```
//!
//! Arrows never run back up: `http, graphql → auth → {store, delivery, tokens} → domain`.
//! [`domain`] is known by all and knows nobody; [`app`] is the only room that knows everybody.
//! `docs/architecture.md` walks a request through the rooms.

#![warn(missing_docs)]

pub mod app;
pub mod auth;
pub mod cli;
pub mod config;
pub mod delivery;
pub mod domain;
pub mod file_mode;
pub mod graphql;
pub mod http;
pub mod secret_file;
pub mod server;
pub mod store;
pub mod telemetry;
pub mod tokens;
pub mod trace_context;
