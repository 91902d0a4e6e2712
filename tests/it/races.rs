//! Many at once: whatever they race for is had once.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::support::{Actor, Answer, TestServer, Tokens, at_once, email};

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
        server.full_at(&format!("{ADA}:guess")).await,
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
async fn fifty_of_whom_one_is_sent_a_code_are_charged_to_nobody_else() {
    let server = TestServer::with(&[("limits.total_codes_per_hour", "1000")]).await;
    let nobody = server.anonymous();
    let answers = at_once(&[&server], 50, |_| {
        let nobody = nobody.clone();
        async move { nobody.request_otp(email(ADA)).await }
    })
    .await;
    assert!(answers.iter().all(|it| it.json.get("errors").is_none()));
    let one = server.now().as_micros() + 3_600_000;
    assert_eq!(server.full_at("all:total-send-hour").await, Some(one));
    assert_eq!(server.deliveries().await.len(), 1);
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

async fn signed_in_five_times(server: &TestServer) -> Vec<Actor> {
    let mut actors = Vec::new();
    for _ in 0..5 {
        actors.push(server.signed_in(ADA).await.0);
        server.advance(Duration::from_mins(1));
    }
    actors
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_who_look_at_once_each_see_themselves_or_that_they_are_out() {
    let server = TestServer::start().await;
    let people = server.crowd(50).await;
    for (person, _) in people.iter().step_by(2) {
        person.logout(None).await;
    }
    let before = server.statements();
    let answers = at_once(&[&server], 50, |at| {
        let person = people[at].0.clone();
        async move { (at, person.me().await) }
    })
    .await;
    for (at, answer) in answers {
        if at % 2 == 0 {
            assert_eq!(answer.error_code(), Some("UNAUTHENTICATED"), "{at}");
        } else {
            assert_eq!(answer.text_at("me/email"), format!("ada{at}@example.com"));
        }
    }
    let statements = server.statements_after(before);
    let asked = |sql: &str| sql.starts_with(r#"SELECT "sessions"."id" AS "A_id""#);
    let asked = statements.iter().filter(|it| asked(&it.sql)).count();
    // Five, where the machine lets nobody wait for long.
    assert!(asked < 25, "{asked} statements");
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_that_are_refreshed_at_once_each_move_on_by_one() {
    let server = TestServer::start().await;
    let people = server.crowd(10).await;
    let nobody = server.anonymous();
    let before = server.statements();
    let answers = at_once(&[&server], 100, |at| {
        let (nobody, token) = (nobody.clone(), people[at % 10].1.refresh.clone());
        async move { (at % 10, nobody.refresh(&token).await) }
    })
    .await;
    let statements = server.statements_after(before);
    let mut successors = vec![HashSet::new(); 10];
    for (at, answer) in &answers {
        successors[*at].insert(Tokens::of(answer, "refreshToken").refresh);
    }
    let all: HashSet<_> = successors.iter().flatten().collect();
    assert!(successors.iter().all(|its| its.len() == 1));
    assert_eq!(all.len(), 10, "nobody has somebody else's");
    let rows = server.session_rows().await;
    assert!(rows.iter().all(|row| row.generation == 1));
    let events = server.events().await;
    let rotated = events
        .iter()
        .filter(|event| event.outcome.as_deref() == Some("rotated"));
    assert_eq!(
        rotated.count(),
        10,
        "one of each ten is told that it was the first"
    );
    let asked = |sql: &str| sql.starts_with(r#"UPDATE "sessions""#);
    let asked = statements.iter().filter(|it| asked(&it.sql)).count();
    assert!(asked < 50, "{asked} statements");
}
