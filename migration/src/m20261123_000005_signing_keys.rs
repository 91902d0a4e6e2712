use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, blob, integer, text};

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
                    .table("signing_keys")
                    .col(text("kid").primary_key())
                    .col(text("algorithm"))
                    .col(integer("serial"))
                    .col(text("secret_id"))
                    .col(blob("sealed"))
                    .col(big_integer("created_at"))
                    .index(
                        Index::create()
                            .name("signing_keys_serial")
                            .unique()
                            .col("algorithm")
                            .col("serial"),
                    )
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("signing_keys").to_owned())
            .await
    }
}
