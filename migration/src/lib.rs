//! Countersign's schema changes, one file each. Every one runs on SQLite and on PostgreSQL, whole or
//! not at all (`use_transaction`), so that instances may start, and migrate, at the same moment.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod m20261123_000001_users;
mod m20261123_000002_sessions;
mod m20261123_000003_challenges;
mod m20261123_000004_deliveries;
mod m20261123_000005_signing_keys;
mod m20261123_000006_limits;
mod m20261125_000007_deliveries;
mod m20261125_000008_traffic;
mod m20261126_000010_audit_events;
mod m20261126_000011_signing_keys;
mod m20261128_000012_sessions;
mod m20261128_000013_limits;

/// Brings a database to the schema that this version of the server expects.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_users::Migration),
            Box::new(m20261123_000002_sessions::Migration),
            Box::new(m20261123_000003_challenges::Migration),
            Box::new(m20261123_000004_deliveries::Migration),
            Box::new(m20261123_000005_signing_keys::Migration),
            Box::new(m20261123_000006_limits::Migration),
            Box::new(m20261125_000007_deliveries::Migration),
            Box::new(m20261125_000008_traffic::Migration),
            Box::new(m20261126_000010_audit_events::Migration),
            Box::new(m20261126_000011_signing_keys::Migration),
            Box::new(m20261128_000012_sessions::Migration),
            Box::new(m20261128_000013_limits::Migration),
        ]
    }
}
