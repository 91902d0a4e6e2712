//! What messages to telephones may cost: where they may go, and how many.

mod attack;
mod budgets;
mod guard;
mod report;

use std::time::Duration;

use countersign::store::traffic::{Counted, by_country, by_prefix};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::support::{Answer, TestServer, email, phone};

/// A number of Zimbabwe's, in the prefix 263771.
fn zw(number: u32) -> String {
    format!("+26377{:07}", 1_000_000 + number)
}

/// A number of Great Britain's, in the prefix 44740.
fn gb(number: u32) -> String {
    format!("+447400{:06}", 100_000 + number)
}

/// A number of France's, in one of the fifty prefixes from 33640 to 33689.
fn fr(number: u32) -> String {
    format!("+336{}{:06}", 40 + number % 50, 100_000 + number)
}

async fn ask(server: &TestServer, number: &str) -> Answer {
    server.anonymous().request_otp(phone(number)).await
}

/// Asks for codes until one is refused, and tells how many were not.
async fn ask_until_refused(server: &TestServer, number: impl Fn(u32) -> String) -> (u32, Answer) {
    for at in 0..1_000 {
        let answer = ask(server, &number(at)).await;
        if answer.data("requestOtp/challenge").is_null() {
            return (at, answer);
        }
    }
    panic!("a thousand messages went out");
}

fn verdict(answer: &Answer) -> Option<&str> {
    answer.user_error_code("requestOtp")
}

fn retry_after(answer: &Answer) -> Option<i64> {
    answer.user_error("requestOtp")["retryAfter"].as_i64()
}

/// What was counted in the last day: country, prefix, sent, verified, refused.
async fn counted(server: &TestServer) -> Vec<(String, String, [i64; 3])> {
    let since = server.now() - Duration::from_hours(24);
    let rows = by_prefix(server.app.store.pool(), since).await.unwrap();
    let row = |row: Counted| {
        (
            row.country,
            row.prefix,
            [row.sent, row.verified, row.refused],
        )
    };
    rows.into_iter().map(row).collect()
}

fn row(country: &str, prefix: &str, counts: [i64; 3]) -> (String, String, [i64; 3]) {
    (country.to_owned(), prefix.to_owned(), counts)
}

#[tokio::test]
async fn only_listed_countries_are_sent_messages_and_a_refusal_charges_nothing() {
    let server = TestServer::with(&[("toll.countries", "GB,IE")]).await;
    // The States, Guernsey under Britain's country code, and a satellite telephone.
    for number in ["+12025550123", "+447911123456", "+881612345678"] {
        for _ in 0..2 {
            let answer = ask(&server, number).await;
            assert_eq!(verdict(&answer), Some("RECIPIENT_NOT_ALLOWED"), "{number}");
            let field = &answer.user_error("requestOtp")["field"];
            assert_eq!(*field, json!(["input", "recipient", "phone"]));
        }
    }
    assert_eq!(server.count::<entity::limit::Entity>().await, 0);
    assert_eq!(server.count::<entity::challenge::Entity>().await, 0);
    let countries = [
        row("??", "881", [0, 0, 2]),
        row("GG", "44", [0, 0, 2]),
        row("US", "1", [0, 0, 2]),
    ];
    assert_eq!(
        counted(&server).await,
        countries,
        "by country, not by prefix"
    );

    server.code_for(&phone(&gb(1))).await;
    server.code_for(&phone("+353851234567")).await;
    server.code_for(&email("ada@example.com")).await;
    assert_eq!(server.mailbox.len(), 3);
}

#[tokio::test]
async fn numbers_that_no_person_reads_are_refused_in_every_country() {
    let server = TestServer::start().await;
    for number in [
        "+449091234567",
        "+448451234567",
        "+19002345678",
        "+499001234567",
        "+18002345678",
        "+447640123456",
        "+979123456789",
    ] {
        let answer = ask(&server, number).await;
        assert_eq!(verdict(&answer), Some("RECIPIENT_NOT_ALLOWED"), "{number}");
    }
    assert_eq!(server.count::<entity::limit::Entity>().await, 0);
}

#[tokio::test]
async fn a_decoy_looks_like_any_other_and_is_not_counted_as_sent() {
    let server = TestServer::start().await;
    let known = gb(0);
    let code = server.code_for(&phone(&known)).await;
    let nobody = server.anonymous();
    nobody
        .verify_otp(phone(&known), &code.code, Some(&code.token))
        .await;
    server.advance(Duration::from_mins(10));
    assert_eq!(counted(&server).await, [row("GB", "44740", [1, 1, 0])]);

    let closed = server.another_with(&[("signup", "closed")]).await.unwrap();
    let mut statements = Vec::new();
    for number in [&known, &gb(1)] {
        let before = closed.statements();
        let answer = ask(&closed, number).await;
        assert!(
            answer.data("requestOtp/challenge").is_object(),
            "{}",
            answer.text
        );
        let sql = closed.statements_after(before).into_iter();
        statements.push(sql.map(|statement| statement.sql).collect::<Vec<_>>());
    }
    assert_eq!(statements[0], statements[1]);
    assert_eq!(counted(&server).await, [row("GB", "44740", [2, 1, 0])]);
    server.deliver().await;
    assert_eq!(server.mailbox.len(), 2);
}

#[tokio::test]
async fn a_test_identity_costs_nothing_anywhere() {
    let identity = format!("{} 580214 2027-01-20", gb(0));
    let settings = [
        ("test_identities", identity.as_str()),
        ("toll.total_per_hour", "1"),
        ("toll.countries", "IE"),
    ];
    let server = TestServer::with(&settings).await;
    let answer = ask(&server, &gb(0)).await;
    let token = answer.text_at("requestOtp/challenge/challengeToken");
    let nobody = server.anonymous();
    let answer = nobody
        .verify_otp(phone(&gb(0)), "580214", Some(&token))
        .await;
    assert!(
        answer.data("verifyOtp/tokens").is_object(),
        "{}",
        answer.text
    );
    assert_eq!(server.count::<entity::traffic::Entity>().await, 0);
    assert_eq!(server.full_at("toll:total:hour").await, None);
}

#[tokio::test]
async fn counted_messages_are_forgotten_after_35_days() {
    let server = TestServer::start().await;
    ask(&server, &gb(0)).await;
    ask(&server, &zw(0)).await;
    server.advance(Duration::from_mins(10));
    ask(&server, &gb(1)).await;
    server.advance(Duration::from_hours(35 * 24) - Duration::from_mins(10));
    // The first ten minutes began at the very start of this world.
    server.advance(Duration::from_micros(1));
    server.app.sweeper.sweep_once().await.unwrap();
    let left = entity::traffic::Entity::find().all(server.app.store.pool());
    let left = left.await.unwrap();
    assert_eq!(left.len(), 1, "{left:?}");
    server.advance(Duration::from_mins(10));
    server.app.sweeper.sweep_once().await.unwrap();
    assert_eq!(server.count::<entity::traffic::Entity>().await, 0);
}

async fn totals(server: &TestServer) -> (i64, i64, i64) {
    let since = server.now() - Duration::from_hours(48);
    let rows = by_country(server.app.store.pool(), since).await.unwrap();
    rows.iter()
        .fold((0, 0, 0), |(sent, verified, refused), row| {
            (
                sent + row.sent,
                verified + row.verified,
                refused + row.refused,
            )
        })
}

/// Asks for a code and brings it back; `None` when no code came.
async fn sign_in(server: &TestServer, number: &str) -> Option<Value> {
    let answer = ask(server, number).await;
    let token = answer
        .data("requestOtp/challenge/challengeToken")
        .as_str()?
        .to_owned();
    server.deliver().await;
    let messages = server.mailbox.to(number);
    let code = crate::support::code_of(messages.last()?).to_owned();
    let answer = server
        .anonymous()
        .verify_otp(phone(number), &code, Some(&token))
        .await;
    Some(answer.data("verifyOtp/tokens").clone())
}
