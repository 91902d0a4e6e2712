use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text, text_null, uuid, uuid_null};

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
                    .table("audit_events")
                    .col(uuid("id").primary_key())
                    .col(big_integer("at"))
                    .col(text("kind"))
                    .col(text_null("outcome"))
                    // No foreign keys: what happened outlives the rows that it happened to.
                    .col(uuid_null("user_id"))
                    .col(uuid_null("session_id"))
                    .col(text_null("contact_hash"))
                    .col(text_null("ip_address"))
                    .col(text_null("user_agent"))
                    .col(uuid_null("request_id"))
                    .to_owned(),
            )
            .await?;
        // What the sweeper looks for.
        manager
            .create_index(
                Index::create()
                    .name("audit_events_by_time")
                    .table("audit_events")
                    .col("at")
                    .to_owned(),
            )
            .await?;
        // What a person is shown: without the refreshes, of which there are a hundred a day.
        manager
            .create_index(
                Index::create()
                    .name("audit_events_by_user")
                    .table("audit_events")
                    .col("user_id")
                    .col("id")
                    .and_where(Expr::cust(
                        "user_id IS NOT NULL AND kind <> 'session_refreshed'",
                    ))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("audit_events").to_owned())
            .await
    }
}
