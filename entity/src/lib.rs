//! Countersign's tables, one file each: columns and relations, no logic.
//!
//! Times are whole microseconds since the epoch (`i64`), so that they compare the same on SQLite
//! and on PostgreSQL. Ids are UUIDs.

pub mod audit_event;
pub mod challenge;
pub mod delivery;
pub mod limit;
pub mod session;
pub mod signing_key;
pub mod traffic;
pub mod user;
