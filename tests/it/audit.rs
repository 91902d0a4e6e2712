//! The trail of what happened: complete, in order, and silent about contacts and codes.

mod export;
mod person;
mod stop;

use std::time::Duration;

use entity::audit_event::Model;
use sea_orm::{ConnectionTrait, Statement};

use crate::support::{Answer, TestServer, Tokens, at_once, code_of, email, phone};

const ADA: &str = "ada@example.com";

/// What an event is, and which answer it belongs to.
fn told(event: &Model) -> (String, String) {
    let outcome = event.outcome.as_deref().unwrap_or("-");
    let request = event.request_id.map(|id| id.to_string());
    (
        format!("{} {outcome}", event.kind),
        request.unwrap_or_default(),
    )
}

fn id_of(answer: &Answer) -> String {
    answer.header("x-request-id").to_owned()
}

#[tokio::test]
async fn a_life_of_a_session_leaves_these_events_in_this_order() {
    let server = TestServer::start().await;
    let nobody = server.anonymous();
    let asked = nobody.request_otp(email(ADA)).await;
    let soon = nobody.request_otp(email(ADA)).await;
    server.deliver().await;
    let token = asked.text_at("requestOtp/challenge/challengeToken");
    let code = code_of(&server.mailbox.to(ADA)[0]).to_owned();
    let wrong = nobody.verify_otp(email(ADA), "000000", Some(&token)).await;
    let right = nobody.verify_otp(email(ADA), &code, Some(&token)).await;
    let tokens = Tokens::of(&right, "verifyOtp");
    let again = nobody.verify_otp(email(ADA), &code, Some(&token)).await;
    let refreshed = nobody.refresh(&tokens.refresh).await;
    let repeated = nobody.refresh(&tokens.refresh).await;
    server.advance(Duration::from_mins(1));
    let reused = nobody.refresh(&tokens.refresh).await;
    let over = nobody.refresh(&tokens.refresh).await;
    assert_eq!(
        over.user_error_code("refreshToken"),
        Some("SESSION_EXPIRED")
    );
    let (ada, _) = server.signed_in(ADA).await;
    let logout = ada.logout(None).await;
    ada.logout(None).await;

    let events = server.events().await;
    let wanted = [
        ("code_requested accepted", &asked),
        ("code_requested too_soon", &soon),
        ("code_refused invalid", &wrong),
        ("code_verified -", &right),
        ("session_opened by_code", &right),
        ("code_refused expired", &again),
        ("session_refreshed rotated", &refreshed),
        ("session_refreshed repeated", &repeated),
        ("refresh_token_reused -", &reused),
        ("session_ended reuse", &reused),
    ];
    let wanted: Vec<_> = wanted
        .map(|(what, answer)| (what.to_owned(), id_of(answer)))
        .into();
    let found: Vec<_> = events.iter().map(told).collect();
    assert_eq!(found[..10], wanted);
    let rest: Vec<_> = found[10..].iter().map(|(what, _)| what.as_str()).collect();
    let second = [
        "code_requested accepted",
        "code_verified -",
        "session_opened by_code",
        "session_ended logout",
    ];
    assert_eq!(rest, second);
    assert_eq!(found[13].1, id_of(&logout));

    let sessions = server.session_rows().await;
    let of_first = &events[4..10];
    assert!(events[..4].iter().all(|event| event.user_id.is_none()));
    for event in [&of_first[..1], &of_first[2..]].concat() {
        assert_eq!(event.session_id, Some(sessions[0].id), "{event:?}");
        assert_eq!(event.user_id, Some(sessions[0].user_id), "{event:?}");
    }
    assert_eq!(events[13].session_id, Some(sessions[1].id));
    let agents = events.iter().map(|event| event.user_agent.as_deref());
    assert!(agents.eq([Some("it/1.0"); 14]));
    let addresses = events.iter().map(|event| event.ip_address.as_deref());
    assert!(addresses.eq([Some("127.0.0.1"); 14]));
}

#[tokio::test]
async fn each_session_that_is_ended_leaves_its_own_event() {
    let server = TestServer::start().await;
    let mut devices = Vec::new();
    for _ in 0..4 {
        devices.push(server.signed_in(ADA).await);
        server.advance(Duration::from_mins(1));
    }
    let rows = server.session_rows().await;
    let (last, _) = devices.last().unwrap();
    last.revoke_session(&rows[0].id.to_string()).await;
    last.revoke_session(&rows[0].id.to_string()).await;
    last.logout_all(false).await;
    last.logout(None).await;
    let events = server.events().await;
    let mut ended: Vec<_> = events
        .iter()
        .filter(|event| event.kind == "session_ended")
        .map(|event| (event.outcome.clone().unwrap(), event.session_id.unwrap()))
        .collect();
    ended.sort_by_key(|(_, session)| *session);
    let ends = ["revoked", "logout_all", "logout_all", "logout"];
    let wanted = ends.into_iter().map(str::to_owned);
    let wanted: Vec<_> = wanted.zip(rows.iter().map(|row| row.id)).collect();
    assert_eq!(ended, wanted);
}

#[tokio::test]
async fn no_row_holds_a_contact_a_code_or_a_token() {
    let server = TestServer::start().await;
    let number = "+447911123456";
    let mut secrets = vec![ADA.to_owned(), "ada".to_owned(), "7911123456".to_owned()];
    for recipient in [email(ADA), phone(number)] {
        let code = server.code_for(&recipient).await;
        let nobody = server.anonymous();
        nobody
            .verify_otp(recipient.clone(), &code.wrong(), None)
            .await;
        let answer = nobody
            .verify_otp(recipient, &code.code, Some(&code.token))
            .await;
        let tokens = Tokens::of(&answer, "verifyOtp");
        nobody.refresh(&tokens.refresh).await;
        secrets.extend([
            code.wrong(),
            code.token,
            format!("\"{}\"", code.code),
            tokens.access,
            tokens.refresh,
        ]);
    }
    assert!(server.flush_audit().await > 8);
    let events = server.events().await;
    for event in &events {
        let row = format!("{event:?}").to_lowercase();
        for secret in &secrets {
            let secret = secret.to_lowercase();
            assert!(!row.contains(&secret), "{secret} in {row}");
        }
        let is_of_code = event.kind.starts_with("code_") || event.kind == "session_opened";
        assert_eq!(event.contact_hash.is_some(), is_of_code, "{row}");
    }
}

#[tokio::test]
async fn known_and_unknown_contacts_leave_the_same_events() {
    for signup in ["open", "closed"] {
        let server = TestServer::start().await;
        server.signed_in(ADA).await;
        server.advance(Duration::from_mins(5));
        server.events().await;
        let server = server.another_with(&[("signup", signup)]).await.unwrap();
        let mut trails = Vec::new();
        for address in [ADA, "nobody@example.com"] {
            let before = server.events().await.len();
            let nobody = server.anonymous();
            let answer = nobody.request_otp(email(address)).await;
            let token = answer.text_at("requestOtp/challenge/challengeToken");
            nobody.request_otp(email(address)).await;
            for token in [Some(token.as_str()), None] {
                nobody.verify_otp(email(address), "00000000", token).await;
                nobody.verify_otp(email(address), "000000", token).await;
            }
            let events = server.events().await;
            let shape = |event: &Model| (told(event).0, event.user_id, event.session_id);
            trails.push(events[before..].iter().map(shape).collect::<Vec<_>>());
        }
        assert_eq!(trails[0], trails[1], "sign-up {signup}");
        assert_eq!(trails[0].len(), 4, "{trails:?}");
    }
}

#[tokio::test]
async fn a_test_identity_is_told_from_a_person() {
    let listed = "reviewer@example.com 493817 2027-02-01";
    let server = TestServer::with(&[("test_identities", listed)]).await;
    let reviewer = email("reviewer@example.com");
    let nobody = server.anonymous();
    nobody.request_otp(reviewer.clone()).await;
    nobody.verify_otp(reviewer, "493817", None).await;
    let events = server.events().await;
    assert_eq!(
        told(events.last().unwrap()).0,
        "session_opened test_identity"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_refreshes_at_once_leave_fifty_events() {
    let server = TestServer::start().await;
    let (_, tokens) = server.signed_in(ADA).await;
    let before = server.events().await.len();
    let nobody = server.anonymous();
    let answers = at_once(&[&server], 50, |_| {
        let (nobody, token) = (nobody.clone(), tokens.refresh.clone());
        async move { nobody.refresh(&token).await }
    })
    .await;
    let events = &server.events().await[before..];
    let mut wanted: Vec<_> = answers.iter().map(id_of).collect();
    let mut found: Vec<_> = events.iter().map(|event| told(event).1).collect();
    wanted.sort();
    found.sort();
    assert_eq!(found, wanted);
    let rotated = events
        .iter()
        .filter(|event| told(event).0.ends_with("rotated"));
    assert_eq!(rotated.count(), 1);
}

#[tokio::test]
async fn events_are_swept_when_their_time_is_over_and_not_before() {
    let server = TestServer::with(&[("audit.retention", "30d")]).await;
    server.anonymous().request_otp(email(ADA)).await;
    server.flush_audit().await;
    for (wait, left) in [
        (Duration::from_hours(30 * 24), 1),
        (Duration::from_micros(1), 0),
    ] {
        server.advance(wait);
        while server.app.sweeper.sweep_once().await.unwrap() > 0 {}
        assert_eq!(server.count::<entity::audit_event::Entity>().await, left);
    }
}

#[tokio::test]
async fn what_a_person_is_shown_is_found_by_its_index() {
    let server = TestServer::start().await;
    if server.database.is_postgres() {
        // It reads a small table from end to end, however good the index.
        return;
    }
    let (ada, _) = server.signed_in(ADA).await;
    let seen = server.statements();
    ada.security_events(20, None).await;
    let asked = server.statements_after(seen).pop().expect("a statement");
    let explained = Statement {
        sql: format!("EXPLAIN QUERY PLAN {}", asked.sql),
        ..asked
    };
    let plan = server.app.store.pool().query_all_raw(explained).await;
    let plan: String = plan.unwrap()[0].try_get("", "detail").unwrap();
    assert!(plan.contains("audit_events_by_user"), "{plan}");
}
