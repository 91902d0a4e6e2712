use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null};

/// When a key begins to sign, and when it was revoked. The version before may go on: it signs with
/// the newest key of its algorithm, which this one has published, and makes a key only where there
/// is none, which then begins at once.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column at a time.
        for column in [
            big_integer("activates_at").default(0).to_owned(),
            big_integer_null("revoked_at"),
        ] {
            manager
                .alter_table(
                    Table::alter()
                        .table("signing_keys")
                        .add_column(column)
                        .to_owned(),
                )
                .await?;
        }
        manager
            .get_connection()
            .execute_unprepared("UPDATE signing_keys SET activates_at = created_at")
            .await
            .map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["activates_at", "revoked_at"] {
            manager
                .alter_table(
                    Table::alter()
                        .table("signing_keys")
                        .drop_column(column)
                        .to_owned(),
                )
                .await?;
        }
        Ok(())
    }
}
