//! Codes, guesses and accounts from one client address.

use std::time::Duration;

use serde_json::json;

use super::{asked, assert_refused, is_sent};
use crate::support::{Answer, Code, TestServer, at_once, email};

const ADA: &str = "ada@example.com";
const HERE: &str = "203.0.113.7";
const ELSEWHERE: &str = "203.0.113.8";

fn person(at: usize) -> String {
    format!("person{at}@example.com")
}

#[tokio::test]
async fn codes_asked_for_from_one_address_are_counted_and_come_back_when_it_said_so() {
    for (budget, wait) in [
        ("limits.address_codes_per_hour", 1_200),
        ("limits.address_codes_per_day", 28_800),
    ] {
        let server = TestServer::with(&[(budget, "3")]).await;
        for at in 0..3 {
            assert!(
                is_sent(&asked(&server, HERE, &person(at)).await),
                "{budget}"
            );
        }
        assert_refused(&asked(&server, HERE, ADA).await, wait);
        assert!(is_sent(&asked(&server, ELSEWHERE, &person(3)).await));
        server.advance(Duration::from_secs(u64::from(wait.unsigned_abs()) - 1));
        assert_refused(&asked(&server, HERE, ADA).await, 1);
        server.advance(Duration::from_secs(1));
        assert!(is_sent(&asked(&server, HERE, ADA).await), "{budget}");
        assert_refused(&asked(&server, HERE, &person(4)).await, wait);
    }
}

#[tokio::test]
async fn neighbours_in_one_64_share_and_the_next_64_does_not() {
    let server = TestServer::with(&[("limits.address_codes_per_hour", "2")]).await;
    let neighbours = ["2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff"];
    for (at, neighbour) in neighbours.into_iter().enumerate() {
        assert!(is_sent(&asked(&server, neighbour, &person(at)).await));
    }
    assert_refused(&asked(&server, "2001:db8:0:1::3", ADA).await, 1_800);
    assert!(is_sent(&asked(&server, "2001:db8:0:2::1", ADA).await));

    assert!(is_sent(&asked(&server, HERE, &person(2)).await));
    let mapped = format!("::ffff:{HERE}");
    assert!(is_sent(&asked(&server, &mapped, &person(3)).await));
    assert_refused(&asked(&server, HERE, &person(4)).await, 1_800);
}

#[tokio::test]
async fn known_and_unknown_contacts_are_charged_and_refused_alike() {
    for signup in ["open", "closed"] {
        let open = TestServer::with(&[("limits.address_codes_per_hour", "3")]).await;
        open.signed_in(ADA).await;
        open.advance(Duration::from_hours(25));
        let server = open.another_with(&[("signup", signup)]).await.unwrap();
        let mut answers = Vec::new();
        for (address, recipient) in [(HERE, ADA), (ELSEWHERE, "nobody@example.com")] {
            let before = server.statements();
            assert!(is_sent(&asked(&server, address, recipient).await));
            let sent = server.statements() - before;
            for at in 0..2 {
                asked(&server, address, &person(at)).await;
                server.advance(Duration::from_mins(1));
            }
            let before = server.statements();
            let answer = asked(&server, address, recipient).await;
            answers.push((sent, server.statements() - before, answer.json));
            server.advance(Duration::from_hours(25));
        }
        assert_eq!(answers[0], answers[1], "sign-up is {signup}");
        let code = &answers[0].2["data"]["requestOtp"]["userErrors"][0]["code"];
        assert_eq!(code, "RATE_LIMITED");
    }
}

#[tokio::test]
async fn wrong_guesses_from_one_address_are_counted_over_all_contacts() {
    let server = TestServer::with(&[("limits.address_guesses_per_hour", "3")]).await;
    let mut codes = Vec::new();
    for at in 0..4 {
        codes.push(server.code_for(&email(&person(at))).await);
    }
    for (at, code) in codes.iter().take(3).enumerate() {
        let answer = guess(&server, HERE, &person(at), &code.wrong(), Some(code)).await;
        assert_eq!(answer.user_error_code("verifyOtp"), Some("OTP_INVALID"));
    }
    // The right code, a wrong one, with the token and without it, and at nobody at all.
    let last = &codes[3];
    for (who, code, shown) in [
        (person(3), &last.code, Some(last)),
        (person(3), &last.wrong(), Some(last)),
        (person(3), &last.code, None),
        ("nobody@example.com".to_owned(), &last.code, None),
    ] {
        let answer = guess(&server, HERE, &who, code, shown).await;
        assert_eq!(answer.user_error_code("verifyOtp"), Some("RATE_LIMITED"));
        assert_eq!(answer.user_error("verifyOtp")["retryAfter"], 1_200);
    }
    let row = server.challenge(&last.token).await;
    let attempts = (row.attempts_left, row.open_attempts_left);
    assert_eq!(attempts, (5, 5), "they cost the contact nothing");
    let elsewhere = guess(&server, ELSEWHERE, &person(3), &last.code, Some(last)).await;
    assert!(is_open(&elsewhere), "{}", elsewhere.text);

    server.advance(Duration::from_mins(20));
    let code = server.code_for(&email(&person(3))).await;
    assert!(is_open(
        &guess(&server, HERE, &person(3), &code.code, Some(&code)).await
    ));
}

#[tokio::test]
async fn whoever_guesses_right_is_not_charged_to_the_address() {
    let server = TestServer::with(&[("limits.address_guesses_per_hour", "2")]).await;
    let wrong = server.code_for(&email(ADA)).await;
    guess(&server, HERE, ADA, &wrong.wrong(), Some(&wrong)).await;
    let key = format!("{HERE}:address-guess");
    let charged = server.full_at(&key).await;
    for at in 0..5 {
        let code = server.code_for(&email(&person(at))).await;
        assert!(is_open(
            &guess(&server, HERE, &person(at), &code.code, Some(&code)).await
        ));
        assert_eq!(server.full_at(&key).await, charged);
    }
}

#[tokio::test]
async fn accounts_from_one_address_are_counted_and_a_refused_code_opens_elsewhere() {
    let server = TestServer::with(&[("limits.address_accounts_per_day", "2")]).await;
    let mut codes = Vec::new();
    for at in 0..3 {
        codes.push(server.code_for(&email(&person(at))).await);
    }
    for (at, code) in codes.iter().take(2).enumerate() {
        assert!(is_open(
            &guess(&server, HERE, &person(at), &code.code, Some(code)).await
        ));
    }
    let last = &codes[2];
    let refused = guess(&server, HERE, &person(2), &last.code, Some(last)).await;
    assert_eq!(refused.user_error_code("verifyOtp"), Some("RATE_LIMITED"));
    assert_eq!(refused.user_error("verifyOtp")["retryAfter"], 43_200);
    let stranger = guess(&server, HERE, &person(2), &last.code, None).await;
    assert_eq!(stranger.user_error_code("verifyOtp"), Some("OTP_INVALID"));
    assert_eq!(server.count::<entity::user::Entity>().await, 2);
    assert_eq!(server.challenge(&last.token).await.consumed_at, None);
    assert!(is_open(
        &guess(&server, ELSEWHERE, &person(2), &last.code, Some(last)).await
    ));

    // Who has an account gets in from anywhere, and the day comes back when it said so.
    server.advance(Duration::from_mins(1));
    let code = server.code_for(&email(&person(0))).await;
    assert!(is_open(
        &guess(&server, HERE, &person(0), &code.code, Some(&code)).await
    ));
    server.advance(Duration::from_mins(719));
    let code = server.code_for(&email(ADA)).await;
    assert!(is_open(
        &guess(&server, HERE, ADA, &code.code, Some(&code)).await
    ));
}

#[tokio::test]
async fn nought_bounds_nothing_and_writes_nothing() {
    let off = [
        "limits.address_codes_per_hour",
        "limits.address_codes_per_day",
        "limits.address_guesses_per_hour",
        "limits.address_accounts_per_day",
    ];
    let server = TestServer::with(&off.map(|key| (key, "0"))).await;
    server.signed_in(ADA).await;
    for name in [
        "address-send-hour",
        "address-send-day",
        "address-guess",
        "address-account",
    ] {
        assert_eq!(server.full_at(&format!("{name}:127.0.0.1")).await, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_once_on_two_instances_are_sent_what_their_address_bears() {
    let server = TestServer::with(&[("limits.address_codes_per_hour", "20")]).await;
    let other = server.another().await;
    let somebody = [server.anonymous().from(HERE), other.anonymous().from(HERE)];
    let answers = at_once(&[&server, &other], 50, |at| {
        let somebody = somebody[at % 2].clone();
        async move { somebody.request_otp(email(&person(at))).await }
    })
    .await;
    let sent = answers.iter().filter(|answer| is_sent(answer)).count();
    assert_eq!(sent, 20);
    assert_eq!(server.count::<entity::challenge::Entity>().await, 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_once_on_two_instances_guess_and_sign_up_as_their_address_bears() {
    let settings = [
        ("limits.address_guesses_per_hour", "30"),
        ("limits.address_accounts_per_day", "10"),
    ];
    let server = TestServer::with(&settings).await;
    let other = server.another().await;
    let mut codes = Vec::new();
    for at in 0..50 {
        let code = server.code_for(&email(&person(at))).await;
        codes.push((code.wrong(), code));
    }
    let instances = [&server, &other];
    let race = |address: &'static str, is_right: bool| {
        let codes = &codes;
        at_once(&instances, 50, move |at| {
            let somebody = instances[at % 2].anonymous().from(address);
            let (wrong, right) = &codes[at];
            let code = if is_right { &right.code } else { wrong };
            let input = json!({
                "recipient": email(&person(at)), "code": code, "challengeToken": right.token
            });
            async move { somebody.verify_otp_with(input).await }
        })
    };
    let guessed = race(HERE, false).await;
    let wrong = guessed
        .iter()
        .filter(|answer| answer.user_error_code("verifyOtp") == Some("OTP_INVALID"));
    assert_eq!(wrong.count(), 30);
    let opened = race(ELSEWHERE, true).await;
    let opened = opened.iter().filter(|answer| is_open(answer)).count();
    assert_eq!(opened, 10);
    assert_eq!(server.count::<entity::user::Entity>().await, 10);
}

async fn guess(
    server: &TestServer,
    address: &str,
    who: &str,
    code: &str,
    shown: Option<&Code>,
) -> Answer {
    let token = shown.map(|code| code.token.as_str());
    let somebody = server.anonymous().from(address);
    somebody.verify_otp(email(who), code, token).await
}

fn is_open(answer: &Answer) -> bool {
    answer.data("verifyOtp/tokens/accessToken").is_string()
}
