//! The conversion guard: sending stops where codes do not come back.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tracing_subscriber::fmt::MakeWriter;

use super::{ask, ask_until_refused, counted, fr, gb, row, sign_in, totals, verdict, zw};
use crate::support::{TestServer, at_once, phone};

const SMALL: (&str, &str) = ("toll.sample", "5");

#[tokio::test]
async fn a_prefix_whose_codes_do_not_come_back_is_paused_and_no_other() {
    let server = TestServer::with(&[SMALL]).await;
    let (sent, refused) = ask_until_refused(&server, zw).await;
    assert_eq!((sent, verdict(&refused)), (5, Some("CHANNEL_UNAVAILABLE")));
    let own = format!("{}:send", zw(5));
    assert_eq!(
        server.full_at(&own).await,
        None,
        "who is refused is charged nothing"
    );
    assert_eq!(counted(&server).await, [row("ZW", "263771", [5, 0, 1])]);

    for elsewhere in ["+263772345678", &gb(0)] {
        assert_eq!(verdict(&ask(&server, elsewhere).await), None, "{elsewhere}");
    }
}

#[tokio::test]
async fn a_pause_ends_when_what_led_to_it_is_older_than_the_window() {
    let server = TestServer::with(&[SMALL]).await;
    for _ in 0..2 {
        let (sent, _) = ask_until_refused(&server, zw).await;
        assert_eq!(sent, 5);
        server.advance(Duration::from_hours(1));
        let still = ask(&server, &zw(9)).await;
        assert_eq!(verdict(&still), Some("CHANNEL_UNAVAILABLE"));
        server.advance(Duration::from_mins(10));
    }
    let (sent, verified, refused) = totals(&server).await;
    assert_eq!((sent, verified, refused), (10, 0, 4));
}

#[tokio::test]
async fn codes_that_come_back_keep_a_prefix_open() {
    let server = TestServer::with(&[SMALL]).await;
    assert!(sign_in(&server, &zw(900)).await.is_some());
    assert!(sign_in(&server, &zw(901)).await.is_some());
    // One in five: two answers bear ten messages.
    let (sent, _) = ask_until_refused(&server, zw).await;
    assert_eq!(sent + 2, 10);
}

#[tokio::test]
async fn a_number_that_answers_again_and_again_counts_once() {
    let server = TestServer::with(&[SMALL]).await;
    let own = zw(900);
    for at in 0..5 {
        assert!(sign_in(&server, &own).await.is_some(), "{at}");
        server.advance(Duration::from_mins(1));
    }
    assert_eq!(counted(&server).await, [row("ZW", "263771", [5, 5, 0])]);
    // One person: that bears five messages.
    assert_eq!(
        verdict(&ask(&server, &zw(0)).await),
        Some("CHANNEL_UNAVAILABLE")
    );
}

#[tokio::test]
async fn an_answer_counts_where_its_message_did() {
    let server = TestServer::start().await;
    server.advance(Duration::from_secs(599));
    let code = server.code_for(&phone(&gb(0))).await;
    server.advance(Duration::from_secs(2));
    let nobody = server.anonymous();
    nobody
        .verify_otp(phone(&gb(0)), &code.code, Some(&code.token))
        .await;
    assert_eq!(counted(&server).await, [row("GB", "44740", [1, 1, 0])]);
    assert_eq!(
        server.count::<entity::traffic::Entity>().await,
        1,
        "one slot"
    );
}

#[tokio::test]
async fn an_attack_spread_over_many_prefixes_pauses_the_country() {
    let server = TestServer::with(&[SMALL]).await;
    // Fifty prefixes would bear 250 messages, five in each.
    let (sent, refused) = ask_until_refused(&server, fr).await;
    assert_eq!((sent, verdict(&refused)), (25, Some("CHANNEL_UNAVAILABLE")));
    assert!(server.full_at("toll-alert:sms:FR:33").await.is_some());
    assert_eq!(verdict(&ask(&server, &zw(0)).await), None);
}

#[tokio::test]
async fn without_a_guard_nothing_pauses() {
    let server = TestServer::with(&[SMALL, ("toll.min_conversion", "0")]).await;
    let (sent, refused) = ask_until_refused(&server, zw).await;
    assert_eq!((sent, verdict(&refused)), (100, Some("RATE_LIMITED")));
    assert_eq!(verdict(&ask(&server, &gb(0)).await), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_once_at_the_threshold_send_the_sample() {
    let server = TestServer::with(&[("toll.sample", "10")]).await;
    let other = server.another().await;
    let doors = [server.anonymous(), other.anonymous()];
    let answers = at_once(&[&server, &other], 50, |at| {
        let nobody = doors[at % 2].clone();
        let number = zw(u32::try_from(at).unwrap());
        async move { nobody.request_otp(phone(&number)).await }
    })
    .await;
    let paused = answers
        .iter()
        .filter(|answer| verdict(answer) == Some("CHANNEL_UNAVAILABLE"));
    assert_eq!(paused.count(), 40);
    assert_eq!(server.count::<entity::delivery::Entity>().await, 10);
    assert_eq!(totals(&server).await, (10, 0, 40));
}

#[tokio::test]
async fn with_signup_closed_a_decoy_is_paused_like_any_other_and_pauses_nobody() {
    let server = TestServer::with(&[SMALL]).await;
    assert!(sign_in(&server, &zw(900)).await.is_some());
    let closed = server.another_with(&[("signup", "closed")]).await.unwrap();
    for at in 0..20 {
        assert_eq!(verdict(&ask(&closed, &zw(at)).await), None, "{at}");
    }
    assert_eq!(totals(&server).await, (1, 1, 0), "decoys cost nothing");
    let (sent, _) = ask_until_refused(&server, |at| zw(100 + at)).await;
    assert_eq!(sent, 4);
    let decoy = ask(&closed, &zw(30)).await;
    server.advance(Duration::from_mins(1));
    let known = ask(&closed, &zw(900)).await;
    assert_eq!(verdict(&decoy), Some("CHANNEL_UNAVAILABLE"));
    assert_eq!(verdict(&known), verdict(&decoy));
}

#[tokio::test]
async fn the_operator_is_told_once_in_a_window_whichever_instance_sees_it() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let told = || log.lines("sends to it are paused").len();

    let server = TestServer::with(&[SMALL]).await;
    let other = server.another().await;
    ask_until_refused(&server, zw).await;
    for at in 0..5 {
        ask(&server, &zw(100 + at)).await;
        ask(&other, &zw(200 + at)).await;
    }
    assert_eq!(told(), 1);
    let line = &log.lines("sends to it are paused")[0];
    for part in [
        "ERROR",
        "prefix=\"263771\"",
        "sent=6",
        "verified=0",
        "country=\"ZW\"",
    ] {
        assert!(line.contains(part), "{part} in {line}");
    }
    assert!(!line.contains("+26377"), "no number is logged");
    ask_until_refused(&server, gb).await;
    assert_eq!(told(), 2, "another prefix");
    server.advance(Duration::from_mins(70));
    ask_until_refused(&other, zw).await;
    assert_eq!(told(), 3, "another window");
}

/// What is logged on this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn lines(&self, about: &str) -> Vec<String> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        // Without the colours of a terminal.
        let plain = text.replace('\u{1b}', "");
        let plain = ["[0m", "[2m", "[3m", "[31m", "[32m"]
            .iter()
            .fold(plain, |text, code| text.replace(code, ""));
        plain
            .lines()
            .filter(|line| line.contains(about))
            .map(str::to_owned)
            .collect()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
