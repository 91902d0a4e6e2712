use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, small_integer, text, text_null, uuid,
};

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
                    .table("challenges")
                    .col(uuid("id").primary_key())
                    .col(text("channel"))
                    .col(text("contact"))
                    .col(text("secret_id"))
                    .col(text_null("locale"))
                    .col(small_integer("attempts_left"))
                    .col(small_integer("open_attempts_left"))
                    .col(boolean("decoy"))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .col(big_integer_null("consumed_at"))
                    .to_owned(),
            )
            .await?;
        // The newest challenge of a contact, for a client that lost its token.
        manager
            .create_index(
                Index::create()
                    .name("challenges_by_contact")
                    .table("challenges")
                    .col("contact")
                    .col("created_at")
                    .to_owned(),
            )
            .await?;
        // What the sweeper looks for.
        manager
            .create_index(
                Index::create()
                    .name("challenges_by_expiry")
                    .table("challenges")
                    .col("expires_at")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("challenges").to_owned())
            .await
    }
}
