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
        move_index(
            manager,
            "sessions_by_expiry",
            "sessions_by_sweep",
            "sweep_at",
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        move_index(
            manager,
            "sessions_by_sweep",
            "sessions_by_expiry",
            "expires_at",
        )
        .await?;
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
            .await
    }
}

async fn move_index(
    manager: &SchemaManager<'_>,
    old: &'static str,
    new: &'static str,
    column: &'static str,
) -> Result<(), DbErr> {
    manager
        .drop_index(Index::drop().name(old).table("sessions").to_owned())
        .await?;
    manager
        .create_index(
            Index::create()
                .name(new)
                .table("sessions")
                .col(column)
                .to_owned(),
        )
        .await
}
