use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, integer, text, text_null, uuid};

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
                    .table("deliveries")
                    .col(uuid("id").primary_key())
                    .col(uuid("challenge_id"))
                    .col(text("channel"))
                    .col(text("recipient"))
                    .col(big_integer("due_at"))
                    .col(big_integer("deadline"))
                    .col(integer("tries"))
                    .col(big_integer_null("settled_at"))
                    .col(text_null("outcome"))
                    .foreign_key(
                        ForeignKey::create()
                            .from("deliveries", "challenge_id")
                            .to("challenges", "id")
                            .on_delete(ForeignKeyAction::Cascade),
                    )
                    .to_owned(),
            )
            .await?;
        // What is still owed: as small as the backlog, however many rows are settled.
        manager
            .create_index(
                Index::create()
                    .name("deliveries_due")
                    .table("deliveries")
                    .col("due_at")
                    .and_where(Expr::col("settled_at").is_null())
                    .to_owned(),
            )
            .await?;
        // The cascade from a swept challenge.
        manager
            .create_index(
                Index::create()
                    .name("deliveries_by_challenge")
                    .table("deliveries")
                    .col("challenge_id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("deliveries").to_owned())
            .await
    }
}
