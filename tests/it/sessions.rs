//! Seeing and ending sessions.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Actor, Answer, TestServer, Tokens};

const ADA: &str = "ada@example.com";

#[tokio::test]
async fn me_is_one_statement() {
    let server = TestServer::start().await;
    let (ada, _) = server.signed_in(ADA).await;
    let before = server.statements();
    assert_eq!(ada.me().await.data("me/email"), ADA);
    assert_eq!(server.statements() - before, 1);
}

#[tokio::test]
async fn logout_works_at_once_and_as_often_as_one_likes() {
    let server = TestServer::start().await;
    let (ada, tokens) = server.signed_in(ADA).await;
    for _ in 0..2 {
        assert_ended(&ada.logout(None).await);
        assert_dead(&ada).await;
    }
    assert_ended(&server.anonymous().logout(Some(&tokens.refresh)).await);
    let refreshed = server.anonymous().refresh(&tokens.refresh).await;
    assert_eq!(
        refreshed.user_error_code("refreshToken"),
        Some("SESSION_EXPIRED")
    );
}

#[tokio::test]
async fn a_refresh_token_of_any_generation_logs_its_session_out() {
    let server = TestServer::start().await;
    for age in 0..3 {
        let (_, first) = server.signed_in(ADA).await;
        let mut newest = first.clone();
        for _ in 0..age {
            newest = Tokens::of(
                &server.anonymous().refresh(&newest.refresh).await,
                "refreshToken",
            );
            server.advance(Duration::from_mins(1));
        }
        for _ in 0..2 {
            assert_ended(&server.anonymous().logout(Some(&first.refresh)).await);
        }
        assert_dead(&server.anonymous().with_bearer(&newest.access)).await;
        server.advance(Duration::from_mins(1));
    }
}

#[tokio::test]
async fn a_refresh_token_says_which_session_to_end_whoever_shows_it() {
    let server = TestServer::start().await;
    let (phone, lost) = server.signed_in(ADA).await;
    server.advance(Duration::from_mins(1));
    let (laptop, _) = server.signed_in(ADA).await;
    assert_ended(&laptop.logout(Some(&lost.refresh)).await);
    assert_dead(&phone).await;
    assert_eq!(laptop.me().await.data("me/email"), ADA);
}

#[tokio::test]
async fn what_is_no_refresh_token_of_ours_logs_nobody_out() {
    let server = TestServer::start().await;
    let (ada, tokens) = server.signed_in(ADA).await;
    let forged = tokens.refresh.replace("csr_", "csr_A");
    for token in ["", "nonsense", &forged, &tokens.access] {
        let answer = ada.logout(Some(token)).await;
        assert_eq!(answer.user_error_code("logout"), Some("SESSION_NOT_FOUND"));
        assert_eq!(
            answer.user_error("logout")["field"],
            json!(["input", "refreshToken"])
        );
    }
    assert_eq!(ada.me().await.data("me/email"), ADA);
}

#[tokio::test]
async fn to_end_a_session_takes_credentials() {
    let server = TestServer::start().await;
    let (ada, _) = server.signed_in(ADA).await;
    let id = server.session_rows().await[0].id.to_string();
    let nobody = server.anonymous();
    let answers = [
        nobody.logout(None).await,
        nobody.logout_all(true).await,
        nobody.revoke_session(&id).await,
    ];
    for answer in answers {
        let told = (answer.error_code(), answer.reason());
        assert_eq!(told, (Some("UNAUTHENTICATED"), Some("CREDENTIALS_MISSING")));
    }
    assert_eq!(ada.me().await.data("me/email"), ADA);

    server.advance(Duration::from_hours(1));
    let late = ada.logout(None).await;
    assert_eq!(
        (late.error_code(), late.reason()),
        (Some("UNAUTHENTICATED"), Some("TOKEN_EXPIRED"))
    );
}

#[tokio::test]
async fn all_sessions_of_a_person_end_together_and_are_counted() {
    let server = TestServer::start().await;
    let adas = signed_in_times(&server, ADA, 3).await;
    let (bob, _) = server.signed_in("bob@example.com").await;
    adas[0].0.logout(None).await;
    let answer = adas[1].0.logout_all(true).await;
    assert_eq!(
        answer.data("logoutAll/revokedCount"),
        2,
        "the first one was over already"
    );
    for (ada, tokens) in &adas {
        assert_dead(ada).await;
        let refreshed = server.anonymous().refresh(&tokens.refresh).await;
        assert_eq!(
            refreshed.user_error_code("refreshToken"),
            Some("SESSION_EXPIRED")
        );
    }
    assert_eq!(bob.me().await.data("me/email"), "bob@example.com");
}

#[tokio::test]
async fn all_other_sessions_end_and_the_current_one_stays() {
    let server = TestServer::start().await;
    let adas = signed_in_times(&server, ADA, 3).await;
    for others in [2, 0] {
        let answer = adas[1].0.logout_all(false).await;
        assert_eq!(answer.data("logoutAll/revokedCount"), others);
    }
    assert_dead(&adas[0].0).await;
    assert_dead(&adas[2].0).await;
    assert_eq!(adas[1].0.me().await.data("me/email"), ADA);
}

#[tokio::test]
async fn logout_all_means_all_unless_told_otherwise() {
    let server = TestServer::start().await;
    for query in [
        "mutation { logoutAll { revokedCount } }",
        "mutation { logoutAll(input: {}) { revokedCount } }",
    ] {
        let (ada, _) = server.signed_in(ADA).await;
        let answer = ada.graphql(query, Value::Null).await;
        assert_eq!(answer.data("logoutAll/revokedCount"), 1, "{}", answer.text);
        assert_dead(&ada).await;
        server.advance(Duration::from_mins(1));
    }
}

#[tokio::test]
async fn a_person_ends_a_session_of_theirs_once() {
    let server = TestServer::start().await;
    let adas = signed_in_times(&server, ADA, 2).await;
    let ids: Vec<_> = server
        .session_rows()
        .await
        .iter()
        .map(|row| row.id.to_string())
        .collect();
    let answer = adas[1].0.revoke_session(&ids[0]).await;
    assert_eq!(answer.text_at("revokeSession/revokedSessionId"), ids[0]);
    assert_dead(&adas[0].0).await;
    assert_unknown(&adas[1].0.revoke_session(&ids[0]).await);
    let own = adas[1].0.revoke_session(&ids[1]).await;
    assert_eq!(own.text_at("revokeSession/revokedSessionId"), ids[1]);
    assert_dead(&adas[1].0).await;
}

#[tokio::test]
async fn nobody_ends_a_session_of_somebody_else() {
    let server = TestServer::start().await;
    let (ada, _) = server.signed_in(ADA).await;
    let adas = server.session_rows().await[0].id.to_string();
    let (bob, _) = server.signed_in("bob@example.com").await;
    let unknown = "01890000-0000-7000-8000-000000000000";
    for id in [
        &adas,
        unknown,
        "",
        "garbage",
        "\0",
        "'; DROP TABLE sessions; --",
    ] {
        assert_unknown(&bob.revoke_session(id).await);
    }
    assert_eq!(ada.me().await.data("me/email"), ADA);
    assert_eq!(bob.me().await.data("me/email"), "bob@example.com");
}

/// What they hold of `count` sessions of one person, oldest first.
async fn signed_in_times(server: &TestServer, address: &str, count: usize) -> Vec<(Actor, Tokens)> {
    let mut sessions = Vec::new();
    for _ in 0..count {
        sessions.push(server.signed_in(address).await);
        server.advance(Duration::from_mins(1));
    }
    sessions
}

fn assert_ended(answer: &Answer) {
    assert_eq!(
        answer.json,
        json!({ "data": { "logout": { "userErrors": [] } } })
    );
}

fn assert_unknown(answer: &Answer) {
    assert_eq!(
        answer.user_error_code("revokeSession"),
        Some("SESSION_NOT_FOUND"),
        "{}",
        answer.text
    );
    assert_eq!(
        answer.user_error("revokeSession")["field"],
        json!(["input", "sessionId"])
    );
    assert!(answer.data("revokeSession/revokedSessionId").is_null());
}

async fn assert_dead(actor: &Actor) {
    let me = actor.me().await;
    assert_eq!(
        (me.error_code(), me.reason()),
        (Some("UNAUTHENTICATED"), Some("SESSION_ENDED"))
    );
}
