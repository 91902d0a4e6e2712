//! Keys of the version before.

use migration::{Migrator, MigratorTrait};

use super::*;
use crate::support::database::take_back;

#[tokio::test]
async fn a_key_of_the_version_before_has_signed_since_it_was_made() {
    let server = TestServer::start().await;
    let (_, tokens) = server.signed_in(ADA).await;
    let row = key_row(&server).await;
    let store = server.database.connect().await;
    take_back(&store, "_000011_signing_keys").await;
    Migrator::up(store.pool(), None).await.expect("the way up");
    store.close().await;
    let server = server.another().await;
    assert_eq!(key_row(&server).await, row);
    assert_eq!(row.activates_at, row.created_at);
    assert_signed_in(&server, &tokens).await;
}

#[tokio::test]
async fn a_key_that_the_version_before_makes_beside_this_one_signs_at_once() {
    let server = TestServer::start().await;
    server.advance(DAY);
    let made = vault(&server)
        .rotate(countersign::auth::keys::Begins::Now)
        .await;
    let made = made.expect("a key");
    // What it does not know has its default.
    server
        .execute(&format!(
            "UPDATE signing_keys SET activates_at = 0 WHERE kid = '{}'",
            made.kid
        ))
        .await;
    server.advance(3 * DAY);
    keep(&server).await;
    let (_, tokens) = server.signed_in(ADA).await;
    assert_eq!(kid(&tokens.access), made.kid);
    assert_eq!(kids(&server).await, BTreeSet::from([made.kid]));
}
