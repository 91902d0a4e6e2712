use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::big_integer;

/// When the sweeper looks at a session, instead of when the session expires: each refresh moved its
/// row in the index of expiries, and with it, on PostgreSQL, in all the others. With some of each
/// page left free a refresh now changes one page (heap-only tuples).
///
/// The version before may go on: what it writes is looked at in each sweep, and deleted when it is
/// over, as before.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // First, so that no row is entered into an index that goes.
        drop_index(manager, "sessions_by_expiry").await?;
        let db = manager.get_connection();
        let sweep_at = big_integer("sweep_at").default(0).to_owned();
        manager
            .alter_table(
                Table::alter()
                    .table("sessions")
                    .add_column(sweep_at)
                    .to_owned(),
            )
            .await?;
        if db.get_database_backend() == DbBackend::Postgres {
            db.execute_unprepared("ALTER TABLE sessions SET (fillfactor = 85)")
                .await?;
        }
        db.execute_unprepared("UPDATE sessions SET sweep_at = expires_at")
            .await?;
        create_index(manager, "sessions_by_sweep", "sweep_at").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite drops no column that has an index.
        drop_index(manager, "sessions_by_sweep").await?;
        let db = manager.get_connection();
        if db.get_database_backend() == DbBackend::Postgres {
            db.execute_unprepared("ALTER TABLE sessions RESET (fillfactor)")
                .await?;
        }
        manager
            .alter_table(
                Table::alter()
                    .table("sessions")
                    .drop_column("sweep_at")
                    .to_owned(),
            )
            .await?;
        create_index(manager, "sessions_by_expiry", "expires_at").await
    }
}

async fn drop_index(manager: &SchemaManager<'_>, name: &'static str) -> Result<(), DbErr> {
    manager
        .drop_index(Index::drop().name(name).table("sessions").to_owned())
        .await
}

async fn create_index(
    manager: &SchemaManager<'_>,
    name: &'static str,
    column: &'static str,
) -> Result<(), DbErr> {
    manager
        .create_index(
            Index::create()
                .name(name)
                .table("sessions")
                .col(column)
                .to_owned(),
        )
        .await
}
