//! The way back from a migration, and forth again.

use std::collections::BTreeMap;

use countersign::store::Store;
use entity::limit;
use migration::{Migrator, MigratorTrait};
use sea_orm::EntityTrait;

use crate::support::database::take_back;
use crate::support::{TestServer, email, phone};

const ADA: &str = "ada@example.com";

#[tokio::test]
async fn every_migration_can_be_taken_back_and_made_again() {
    let server = TestServer::start().await;
    server.signed_in(ADA).await;
    let store = server.database.connect().await;
    for steps in 1..=u32::try_from(Migrator::migrations().len()).unwrap() {
        let back = Migrator::down(store.pool(), Some(steps)).await;
        back.unwrap_or_else(|error| panic!("{steps} back: {error}"));
        let forth = Migrator::up(store.pool(), None).await;
        forth.unwrap_or_else(|error| panic!("{steps} forth: {error}"));
    }
    store.close().await;
    let server = server.another().await;
    server.signed_in(ADA).await;
}

#[tokio::test]
async fn what_the_version_before_has_charged_stays_charged() {
    let server = TestServer::with(&[("limits.total_codes_per_hour", "9")]).await;
    let nobody = server.anonymous();
    nobody.request_otp(email(ADA)).await;
    nobody.verify_otp(email(ADA), "000000", None).await;
    let code = server.code_for(&phone("+447400123456")).await;
    nobody
        .verify_otp(phone("+447400123456"), &code.code, Some(&code.token))
        .await;
    let store = server.database.connect().await;
    let after = budgets(&store).await;
    take_back(&store, "_000013_limits").await;
    let before = budgets(&store).await;
    let keys: Vec<_> = before.keys().map(String::as_str).collect();
    for key in [
        "answered:sms:+447400123456",
        "open-guess:ada@example.com",
        "send:ada@example.com",
        "toll:GB:hour",
        "total-send-hour:all",
    ] {
        assert!(keys.contains(&key), "{key} among {keys:?}");
    }
    Migrator::up(store.pool(), None).await.expect("the way up");
    assert_eq!(budgets(&store).await, after);
    store.close().await;
}

async fn budgets(store: &Store) -> BTreeMap<String, i64> {
    let rows = limit::Entity::find().all(store.pool()).await;
    let rows = rows.expect("the database answers").into_iter();
    rows.map(|row| (row.key, row.full_at)).collect()
}
