//! Many at once: whatever they race for is had once.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::DatabaseTransaction;
use serde_json::Value;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::support::database::TestDatabase;
use crate::support::{Actor, Answer, TestServer, Tokens, email};

const ADA: &str = "ada@example.com";

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_answers_with_one_right_code_open_the_door_once() {
    let server = TestServer::with(&[("otp.attempts", "10")]).await;
    let code = Arc::new(server.code_for(&email(ADA)).await);
    let nobody = server.anonymous();
    let answers = at_once(&[&server], 100, |at| {
        let (nobody, code) = (nobody.clone(), Arc::clone(&code));
        // Half of them as holders, half as strangers: two budgets, one challenge.
        let token = (at % 2 == 0).then(|| code.token.clone());
        async move {
            nobody
                .verify_otp(email(ADA), &code.code, token.as_deref())
                .await
        }
    })
    .await;
    let opened = answers
        .iter()
        .filter(|answer| answer.data("verifyOtp/tokens").is_object());
    assert_eq!(opened.count(), 1);
    assert!(
        answers
            .iter()
            .all(|answer| answer.json.get("errors").is_none())
    );
    assert_eq!(server.session_rows().await.len(), 1);
    assert_eq!(server.count::<entity::user::Entity>().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_wrong_guesses_are_charged_to_five_attempts() {
    let server = TestServer::start().await;
    let code = Arc::new(server.code_for(&email(ADA)).await);
    let nobody = server.anonymous();
    let answers = at_once(&[&server], 100, |_| {
        let (nobody, code) = (nobody.clone(), Arc::clone(&code));
        async move {
            nobody
                .verify_otp(email(ADA), &code.wrong(), Some(&code.token))
                .await
        }
    })
    .await;
    let left = |answer: &Answer| answer.user_error("verifyOtp")["attemptsRemaining"].as_i64();
    let mut left: Vec<_> = answers.iter().map(left).collect();
    left.sort_unstable_by(|a, b| b.cmp(a));
    assert_eq!(left[..4], [Some(4), Some(3), Some(2), Some(1)]);
    assert_eq!(left[4..], [Some(0); 96]);
    assert_eq!(server.challenge(&code.token).await.attempts_left, 0);
    let five = server.now().as_micros() + 5 * 360_000_000;
    assert_eq!(
        server.full_at(&format!("guess:{ADA}")).await,
        Some(five),
        "and to the contact"
    );
    let right = nobody
        .verify_otp(email(ADA), &code.code, Some(&code.token))
        .await;
    assert_eq!(
        right.user_error_code("verifyOtp"),
        Some("OTP_ATTEMPTS_EXCEEDED")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_refreshes_with_one_token_get_one_successor() {
    let server = TestServer::start().await;
    let (_, tokens) = server.signed_in(ADA).await;
    let nobody = server.anonymous();
    let answers = at_once(&[&server], 100, |_| {
        let (nobody, token) = (nobody.clone(), tokens.refresh.clone());
        async move { nobody.refresh(&token).await }
    })
    .await;
    let mut successors: Vec<_> = answers
        .iter()
        .map(|answer| Tokens::of(answer, "refreshToken").refresh)
        .collect();
    successors.dedup();
    assert_eq!(successors.len(), 1);
    assert_ne!(successors[0], tokens.refresh);
    let row = &server.session_rows().await[0];
    assert_eq!((row.generation, row.revoked_at), (1, None));
    let next = nobody.refresh(&successors[0]).await;
    assert_ne!(Tokens::of(&next, "refreshToken").refresh, successors[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_requests_for_one_contact_send_one_code() {
    let server = TestServer::start().await;
    let nobody = server.anonymous();
    let answers = at_once(&[&server], 50, |_| {
        let nobody = nobody.clone();
        async move { nobody.request_otp(email(ADA)).await }
    })
    .await;
    let limited = answers
        .iter()
        .filter(|answer| answer.user_error_code("requestOtp") == Some("RATE_LIMITED"));
    assert_eq!(limited.count(), 49);
    assert_eq!(server.count::<entity::challenge::Entity>().await, 1);
    server.deliver().await;
    assert_eq!(server.mailbox.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_first_sign_ins_of_one_contact_open_one_account() {
    let server = TestServer::with(&[
        ("otp.resend_interval", "10s"),
        ("limits.guesses_per_contact", "100"),
    ])
    .await;
    let mut codes = Vec::new();
    for _ in 0..50 {
        codes.push(Arc::new(server.code_for(&email(ADA)).await));
        server.advance(Duration::from_secs(10));
    }
    let nobody = server.anonymous();
    let answers = at_once(&[&server], 50, |at| {
        let (nobody, code) = (nobody.clone(), Arc::clone(&codes[at]));
        async move {
            nobody
                .verify_otp(email(ADA), &code.code, Some(&code.token))
                .await
        }
    })
    .await;
    let newcomers = answers
        .iter()
        .filter(|answer| answer.data("verifyOtp/isNewUser") == true);
    assert_eq!(newcomers.count(), 1);
    let mut ids: Vec<_> = answers
        .iter()
        .map(|answer| answer.text_at("verifyOtp/user/id"))
        .collect();
    ids.dedup();
    assert_eq!(ids.len(), 1, "everybody came in, as the same person");
    assert_eq!(server.count::<entity::user::Entity>().await, 1);
    assert_eq!(server.session_rows().await.len(), 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_logouts_everywhere_count_each_session_once() {
    for include_current in [true, false] {
        let server = TestServer::start().await;
        let actors = signed_in_five_times(&server).await;
        let answers = at_once(&[&server], 50, |at| {
            let ada = actors[if include_current { at % 5 } else { 0 }].clone();
            async move { ada.logout_all(include_current).await }
        })
        .await;
        let counted = answers
            .iter()
            .map(|answer| answer.data("logoutAll/revokedCount"));
        let counted: i64 = counted.filter_map(Value::as_i64).sum();
        assert_eq!(counted, if include_current { 5 } else { 4 });
        let faults = answers
            .iter()
            .filter(|answer| answer.error_code() == Some("INTERNAL_SERVER_ERROR"));
        assert_eq!(faults.count(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_who_end_one_session_end_it_once() {
    let server = TestServer::start().await;
    let actors = signed_in_five_times(&server).await;
    let lost = server.session_rows().await[0].id.to_string();
    let answers = at_once(&[&server], 50, |_| {
        let (ada, lost) = (actors[4].clone(), lost.clone());
        async move { ada.revoke_session(&lost).await }
    })
    .await;
    let ended = answers
        .iter()
        .filter(|answer| answer.data("revokeSession/revokedSessionId") == lost.as_str());
    assert_eq!(ended.count(), 1);
    let unknown = answers
        .iter()
        .filter(|answer| answer.user_error_code("revokeSession") == Some("SESSION_NOT_FOUND"));
    assert_eq!(unknown.count(), 49);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_instances_that_start_at_once_agree_on_one_key() {
    let database = TestDatabase::create().await;
    database.connect().await.close().await;
    let (one, other) = Box::pin(TestServer::pair(database)).await;
    assert_agreed(&one, &other).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_instances_that_start_at_once_on_an_empty_database_make_its_tables_once() {
    let (one, other) = Box::pin(TestServer::pair(TestDatabase::blank().await)).await;
    assert_agreed(&one, &other).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_never_send_one_message_twice() {
    let server = TestServer::start().await;
    let other = server.another().await;
    for at in 0..50 {
        server
            .anonymous()
            .request_otp(email(&format!("ada{at}@example.com")))
            .await;
    }
    let workers = [server.app.worker.clone(), other.app.worker.clone()];
    let taken = at_once(&[&server, &other], 20, |at| {
        let worker = workers[at % 2].clone();
        async move {
            worker
                .send_due(&CancellationToken::new())
                .await
                .expect("the outbox")
        }
    })
    .await;
    assert_eq!(taken.iter().sum::<usize>(), 50);
    assert_eq!(server.mailbox.len(), 50);
    let mut ids = server.mailbox.tries();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 50);
}

/// Runs `count` of them at once, each in a task of its own. The instances get no connection to
/// their database before all tasks wait for one, so that every step of each is a race.
async fn at_once<F>(
    instances: &[&TestServer],
    count: usize,
    start: impl Fn(usize) -> F,
) -> Vec<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    let mut held = Vec::new();
    for server in instances {
        for _ in 0..server.database.connections() {
            held.push(server.app.store.begin().await.expect("a connection"));
        }
    }
    let tasks: JoinSet<_> = (0..count).map(start).collect();
    // Nobody can be asked how long the queue is.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let freed: JoinSet<_> = held
        .into_iter()
        .map(DatabaseTransaction::rollback)
        .collect();
    assert!(freed.join_all().await.iter().all(Result::is_ok));
    tasks.join_all().await
}

async fn signed_in_five_times(server: &TestServer) -> Vec<Actor> {
    let mut actors = Vec::new();
    for _ in 0..5 {
        actors.push(server.signed_in(ADA).await.0);
        server.advance(Duration::from_mins(1));
    }
    actors
}

/// They have one signing key, and believe each other's tokens.
async fn assert_agreed(one: &TestServer, other: &TestServer) {
    let jwks = one.anonymous().get("/.well-known/jwks.json").await.json;
    assert_eq!(jwks["keys"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        jwks,
        other.anonymous().get("/.well-known/jwks.json").await.json
    );
    assert_eq!(one.count::<entity::signing_key::Entity>().await, 1);
    for (here, there, address) in [(one, other, ADA), (other, one, "bob@example.com")] {
        let (_, tokens) = here.signed_in(address).await;
        let me = there.anonymous().with_bearer(&tokens.access).me().await;
        assert_eq!(me.data("me/email"), address, "{}", me.text);
    }
}
