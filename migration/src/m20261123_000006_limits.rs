use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("limits")
                    .col(text("key").primary_key())
                    .col(big_integer("full_at"))
                    .to_owned(),
            )
            .await?;
        // What the sweeper looks for.
        manager
            .create_index(
                Index::create()
                    .name("limits_by_time")
                    .table("limits")
                    .col("full_at")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("limits").to_owned())
            .await
    }
}
