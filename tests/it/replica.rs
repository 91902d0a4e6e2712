//! A replica that vouches for sessions, is behind, and goes away.

use countersign::store::Store;
use entity::{session, signing_key, user};
use sea_orm::{EntityTrait, IntoActiveModel};

use crate::support::database::TestDatabase;
use crate::support::process::{Process, command, free_port};
use crate::support::{SECRET, TestServer};

const ADA: &str = "ada@example.com";

#[tokio::test]
async fn a_session_that_the_replica_does_not_know_yet_is_found_in_the_database() {
    let (server, _replica, _database) = with_replica().await;
    let (ada, _) = server.signed_in(ADA).await;
    let me = ada.me().await;
    assert_eq!(me.data("me/email"), ADA, "{}", me.text);
}

#[tokio::test]
async fn what_the_replica_knows_the_database_is_not_asked_for() {
    let (server, replica, _database) = with_replica().await;
    let (ada, _) = server.signed_in(ADA).await;
    catch_up(&replica, &server).await;
    let asked = server.statements();
    assert_eq!(ada.me().await.data("me/email"), ADA);
    assert_eq!(server.statements(), asked);
}

#[tokio::test]
async fn a_logout_that_the_replica_has_not_heard_of_still_keeps_people_from_changing_anything() {
    let (server, replica, _database) = with_replica().await;
    let (ada, tokens) = server.signed_in(ADA).await;
    catch_up(&replica, &server).await;
    ada.logout(None).await;

    // The price of a replica, as the page on scaling has it: one that lags still vouches.
    assert_eq!(ada.me().await.data("me/email"), ADA);

    let id = server.session_rows().await[0].id.to_string();
    for refused in [ada.logout_all(true).await, ada.revoke_session(&id).await] {
        assert_eq!(refused.reason(), Some("SESSION_ENDED"), "{}", refused.text);
    }
    let refreshed = server.anonymous().refresh(&tokens.refresh).await;
    let code = refreshed.user_error_code("refreshToken");
    assert_eq!(code, Some("SESSION_EXPIRED"));
}

#[tokio::test]
async fn a_logout_that_the_replica_has_heard_of_works_at_once() {
    let (server, replica, _database) = with_replica().await;
    let (ada, _) = server.signed_in(ADA).await;
    ada.logout(None).await;
    catch_up(&replica, &server).await;
    let me = ada.me().await;
    assert_eq!(me.reason(), Some("SESSION_ENDED"), "{}", me.text);
}

#[tokio::test]
async fn a_replica_that_goes_away_signs_nobody_out() {
    let (server, replica, _database) = with_replica().await;
    let (ada, _) = server.signed_in(ADA).await;
    catch_up(&replica, &server).await;
    replica.close().await;
    for _ in 0..3 {
        let me = ada.me().await;
        assert_eq!(me.data("me/email"), ADA, "{}", me.text);
    }
}

/// Only PostgreSQL has replicas, so that on SQLite there is nothing to see here.
#[tokio::test]
async fn a_server_starts_without_its_replica_and_says_once_that_it_is_away() {
    let database = TestDatabase::create().await;
    if !database.is_postgres() {
        return;
    }
    let (folder, url) = (tempfile::tempdir().unwrap(), database.url());
    let nobody = format!("postgres://postgres@127.0.0.1:{}/copy", free_port());
    let environment = [
        ("DATABASE_URL", url.as_str()),
        ("COUNTERSIGN__DATABASE__REPLICA_URL", nobody.as_str()),
        ("COUNTERSIGN__SECRET", SECRET),
        ("COUNTERSIGN__EMAIL__CHAIN", "console"),
    ];
    let server = Process::start(folder.path(), &environment).await;
    let challenge = server.request_otp(ADA).await;
    let code = server.printed("code  ").await;
    let answer = server.verify_otp(ADA, &code, &challenge).await;
    let access = answer["tokens"]["accessToken"].as_str().expect("a token");
    for _ in 0..3 {
        let query = "{ me { email } }";
        let me = server.graphql(query, ().into(), Some(access)).await;
        assert_eq!(me["data"]["me"]["email"], ADA, "{me}");
    }
    let said = server.output();
    assert_eq!(said.matches("the replica does not answer").count(), 1);
    assert!(said.contains(&format!("Replica   {nobody}")), "{said}");

    let doctor = command(folder.path(), &environment).arg("doctor").output();
    let doctor = String::from_utf8(doctor.unwrap().stdout).unwrap();
    assert!(doctor.contains("✗ replica: "), "{doctor}");
}

/// A server, its replica, which knows nothing yet, and where that is kept.
pub async fn with_replica() -> (TestServer, Store, TestDatabase) {
    let database = TestDatabase::create().await;
    let replica = database.connect().await;
    (TestServer::beside(&replica).await, replica, database)
}

/// The replica hears of all people, sessions and keys that there are.
pub async fn catch_up(replica: &Store, server: &TestServer) {
    copy::<user::Entity, user::ActiveModel>(replica, server).await;
    copy::<signing_key::Entity, signing_key::ActiveModel>(replica, server).await;
    copy::<session::Entity, session::ActiveModel>(replica, server).await;
}

async fn copy<E, A>(replica: &Store, server: &TestServer)
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: sea_orm::ActiveModelTrait<Entity = E> + Send,
{
    let rows = E::find().all(server.app.store.pool()).await;
    let rows = rows.expect("rows").into_iter();
    let rows = rows.map(|row| row.into_active_model().reset_all());
    E::insert_many(rows)
        .exec_without_returning(replica.pool())
        .await
        .expect("a copy");
}
