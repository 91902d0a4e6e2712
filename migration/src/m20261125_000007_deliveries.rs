use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, integer, text, text_null, uuid, uuid_null,
};

/// Messages that answer no challenge, in the person's language, by any of several couriers.
///
/// The table is built anew, since SQLite cannot drop a `NOT NULL`. What is owed moves along, and
/// the version before may go on writing: what it does not know has a default.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = table(uuid_null("challenge_id"));
        table
            .col(text("purpose").default("code"))
            .col(text_null("language"))
            .col(text_null("user_agent"))
            .col(text_null("ip_address"))
            .col(big_integer("created_at").default(0))
            .col(text_null("courier"))
            .col(text_null("reference"))
            .col(text_null("failure"));
        replace(manager, table, "TRUE").await?;
        due(manager, &["channel", "due_at"]).await?;
        // What the sweeper looks for: all others go with their challenge.
        manager
            .create_index(
                Index::create()
                    .name("deliveries_without_challenge")
                    .table("deliveries")
                    .col("deadline")
                    .and_where(Expr::col("challenge_id").is_null())
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        replace(
            manager,
            table(uuid("challenge_id")),
            "challenge_id IS NOT NULL",
        )
        .await?;
        due(manager, &["due_at"]).await
    }
}

/// The columns that were always there.
fn table(challenge_id: ColumnDef) -> TableCreateStatement {
    Table::create()
        .table("deliveries_next")
        .col(uuid("id").primary_key())
        .col(challenge_id)
        .col(text("channel"))
        .col(text("recipient"))
        .col(big_integer("due_at"))
        .col(big_integer("deadline"))
        .col(integer("tries"))
        .col(big_integer_null("settled_at"))
        .col(text_null("outcome"))
        .foreign_key(
            ForeignKey::create()
                .from("deliveries_next", "challenge_id")
                .to("challenges", "id")
                .on_delete(ForeignKeyAction::Cascade),
        )
        .to_owned()
}

/// Puts `table`, with the rows that are `kept`, in the place of the present one.
async fn replace(
    manager: &SchemaManager<'_>,
    table: TableCreateStatement,
    kept: &str,
) -> Result<(), DbErr> {
    const COLUMNS: &str =
        "id, challenge_id, channel, recipient, due_at, deadline, tries, settled_at, outcome";
    manager.create_table(table).await?;
    manager
        .get_connection()
        .execute_unprepared(&format!(
            "INSERT INTO deliveries_next ({COLUMNS}) SELECT {COLUMNS} FROM deliveries WHERE {kept}"
        ))
        .await?;
    manager
        .drop_table(Table::drop().table("deliveries").to_owned())
        .await?;
    manager
        .rename_table(
            Table::rename()
                .table("deliveries_next", "deliveries")
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

/// What is still owed: as small as the backlog, however many rows are settled.
async fn due(manager: &SchemaManager<'_>, columns: &[&'static str]) -> Result<(), DbErr> {
    let mut index = Index::create();
    index
        .name("deliveries_due")
        .table("deliveries")
        .and_where(Expr::col("settled_at").is_null());
    for column in columns {
        index.col(*column);
    }
    manager.create_index(index).await
}
