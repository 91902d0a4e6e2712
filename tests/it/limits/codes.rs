//! Codes to one contact: one in a minute, and so many in an hour and in a day.

use std::time::Duration;

use super::{asked, assert_refused, is_refused, is_sent};
use crate::support::{TestServer, at_once, email, phone};

const ADA: &str = "ada@example.com";

#[tokio::test]
async fn a_second_code_may_be_asked_for_after_a_minute_and_not_a_second_before() {
    let server = TestServer::start().await;
    let nobody = server.anonymous();
    for _ in 0..2 {
        assert!(
            nobody
                .request_otp(email(ADA))
                .await
                .data("requestOtp/challenge")
                .is_object()
        );
        assert_refused(&nobody.request_otp(email(ADA)).await, 60);
        server.advance(Duration::from_millis(500));
        assert_refused(&nobody.request_otp(email("ADA@example.com")).await, 60);
        server.advance(Duration::from_millis(58_500));
        assert_refused(&nobody.request_otp(email(ADA)).await, 1);
        server.advance(Duration::from_secs(1));
    }
    let messages = 2;
    server.deliver().await;
    assert_eq!(server.mailbox.len(), messages);
}

#[tokio::test]
async fn one_contacts_wait_is_no_other_contacts() {
    let server = TestServer::start().await;
    server.code_for(&email(ADA)).await;
    server.code_for(&email("bob@example.com")).await;
    server.code_for(&phone("+447911123456")).await;
}

#[tokio::test]
async fn the_hour_and_the_day_bear_what_they_say_and_tell_when_they_bear_more() {
    // The wait between codes is the shortest there is, so that it is not what refuses.
    for (budget, wait) in [
        ("limits.contact_codes_per_hour", 1_200),
        ("limits.contact_codes_per_day", 28_800),
    ] {
        let settings = [(budget, "3"), ("otp.resend_interval", "10s")];
        let server = TestServer::with(&settings).await;
        let nobody = server.anonymous();
        for _ in 0..3 {
            assert!(is_sent(&nobody.request_otp(email(ADA)).await), "{budget}");
            server.advance(Duration::from_secs(10));
        }
        assert_refused(&nobody.request_otp(email(ADA)).await, wait - 30);
        assert!(is_sent(&nobody.request_otp(email("bob@example.com")).await));
        server.advance(Duration::from_secs(u64::from(wait.unsigned_abs()) - 31));
        assert_refused(&nobody.request_otp(email(ADA)).await, 1);
        server.advance(Duration::from_secs(1));
        assert!(is_sent(&nobody.request_otp(email(ADA)).await), "{budget}");
    }
}

#[tokio::test]
async fn the_code_that_spends_the_hour_says_so() {
    let settings = [
        ("limits.contact_codes_per_hour", "2"),
        ("otp.resend_interval", "1m"),
    ];
    let server = TestServer::with(&settings).await;
    let nobody = server.anonymous();
    for resend_in in [60, 29 * 60] {
        let answer = nobody.request_otp(email(ADA)).await;
        assert_eq!(answer.data("requestOtp/challenge/resendIn"), resend_in);
        server.advance(Duration::from_mins(1));
    }
    assert_refused(&nobody.request_otp(email(ADA)).await, 28 * 60);
}

#[tokio::test]
async fn whoever_is_refused_is_told_the_longest_wait_and_charged_nothing() {
    let settings = [
        ("limits.contact_codes_per_day", "1"),
        ("limits.address_codes_per_hour", "2"),
        ("limits.total_codes_per_hour", "3"),
    ];
    let server = TestServer::with(&settings).await;
    let nobody = server.anonymous();
    assert!(is_sent(&nobody.request_otp(email(ADA)).await));
    let keys = [
        "ada@example.com:send",
        "ada@example.com:send-hour",
        "ada@example.com:send-day",
        "127.0.0.1:address-send-hour",
        "127.0.0.1:address-send-day",
        "all:total-send-hour",
    ];
    let mut before = Vec::new();
    for key in keys {
        before.push(server.full_at(key).await);
        assert!(before.last().unwrap().is_some(), "{key}");
    }
    assert_refused(&nobody.request_otp(email(ADA)).await, 86_400);
    for (key, before) in keys.iter().zip(before) {
        assert_eq!(server.full_at(key).await, before, "{key}");
    }
}

#[tokio::test]
async fn a_total_is_everybodys_when_there_is_one() {
    let server = TestServer::with(&[("limits.total_codes_per_hour", "2")]).await;
    let addresses = ["203.0.113.7", "198.51.100.7", "192.0.2.7"];
    for (at, address) in addresses.into_iter().enumerate() {
        let answer = asked(&server, address, &format!("ada{at}@example.com")).await;
        assert_eq!(is_sent(&answer), at < 2, "{}", answer.text);
    }
    let server = TestServer::start().await;
    asked(&server, "203.0.113.7", ADA).await;
    assert_eq!(
        server.full_at("all:total-send-hour").await,
        None,
        "no row that all pass"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_once_on_two_instances_get_what_the_total_bears() {
    let server = TestServer::with(&[("limits.total_codes_per_hour", "20")]).await;
    let other = server.another().await;
    let somebody = [server.anonymous(), other.anonymous()];
    let answers = at_once(&[&server, &other], 50, |at| {
        let somebody = somebody[at % 2].from(&format!("203.0.113.{at}"));
        async move {
            somebody
                .request_otp(email(&format!("ada{at}@example.com")))
                .await
        }
    })
    .await;
    let sent = answers.iter().filter(|answer| is_sent(answer)).count();
    let refused = answers.iter().filter(|answer| is_refused(answer)).count();
    assert_eq!((sent, refused), (20, 30));
    assert_eq!(server.count::<entity::delivery::Entity>().await, 20);
}
