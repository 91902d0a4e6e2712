use sea_orm_migration::prelude::*;

/// Keys of budgets begin with whom they are for, no longer with their name: so an index has all
/// budgets of a contact on one page. A sign-in charges and clears several.
///
/// The version before, for as long as it still serves, charges rows of its own.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// What the key of a budget of a contact or a client address began with, and ends with. Keys of
/// countries and prefixes stay as they are.
const NAMES: [&str; 15] = [
    "send",
    "send-hour",
    "send-day",
    "guess",
    "open-guess",
    "address-send-hour",
    "address-send-day",
    "address-guess",
    "address-account",
    "total-send-hour",
    "answered:sms",
    "answered:whatsapp",
    "unreachable:email",
    "unreachable:sms",
    "unreachable:whatsapp",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rename(manager, |name| {
            let begins = name.len() + 2;
            (
                format!("{name}:%"),
                format!("substr(key, {begins}) || ':{name}'"),
            )
        })
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rename(manager, |name| {
            let ends = name.len() + 1;
            (
                format!("%:{name}"),
                format!("'{name}:' || substr(key, 1, length(key) - {ends})"),
            )
        })
        .await
    }
}

/// Gives each key that is `LIKE` the first of a pair the second as its name.
async fn rename(
    manager: &SchemaManager<'_>,
    pair: impl Fn(&str) -> (String, String),
) -> Result<(), DbErr> {
    let (cases, all): (Vec<_>, Vec<_>) = NAMES
        .map(pair)
        .map(|(like, renamed)| {
            (
                format!("WHEN key LIKE '{like}' THEN {renamed}"),
                format!("key LIKE '{like}'"),
            )
        })
        .into_iter()
        .unzip();
    let (cases, all) = (cases.join(" "), all.join(" OR "));
    let renaming = format!("UPDATE limits SET key = CASE {cases} END WHERE {all}");
    let db = manager.get_connection();
    db.execute_unprepared(&renaming).await.map(drop)
}
