use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, integer, text};

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
                    .table("traffic")
                    .col(text("channel"))
                    .col(text("country"))
                    .col(big_integer("slot"))
                    .col(text("prefix"))
                    .col(integer("sent").default(0))
                    .col(integer("verified").default(0))
                    .col(integer("people").default(0))
                    .col(integer("refused").default(0))
                    // In this order: the guard reads a country's last hour, and no more.
                    .primary_key(
                        Index::create()
                            .col("channel")
                            .col("country")
                            .col("slot")
                            .col("prefix"),
                    )
                    .to_owned(),
            )
            .await?;
        // What the report and the sweeper look for.
        manager
            .create_index(
                Index::create()
                    .name("traffic_by_time")
                    .table("traffic")
                    .col("slot")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("traffic").to_owned())
            .await
    }
}
