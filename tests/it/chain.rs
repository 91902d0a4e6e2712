//! Several couriers on one channel: who is asked when, and who is left alone.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use countersign::delivery::{Courier, Couriers, Message, Receipt, SendError};
use countersign::domain::Channel;
use tokio_util::sync::CancellationToken;

use crate::support::mailbox::Mailbox;
use crate::support::{TestServer, email, phone};

/// As long as a circuit stays open.
const COOL_DOWN: Duration = Duration::from_secs(30);

#[tokio::test]
async fn the_next_courier_takes_what_the_first_one_cannot() {
    let (server, first, second) = pair().await;
    first.fail_next(vec![unwell()]);
    ask(&server, 1).await;
    assert_eq!(server.deliver().await, 1);
    assert_eq!((first.len(), second.len()), (0, 1));
    ask(&server, 1).await;
    server.deliver().await;
    assert_eq!(
        (first.len(), second.len()),
        (1, 1),
        "the first choice again"
    );
}

#[tokio::test]
async fn what_one_provider_cannot_reach_no_other_is_paid_to_find_out() {
    let (server, first, second) = pair().await;
    first.fail_next(vec![SendError::Permanent("reply 550".to_owned())]);
    ask(&server, 1).await;
    server.deliver().await;
    assert!(second.tries().is_empty());
}

#[tokio::test]
async fn a_courier_that_keeps_failing_is_left_alone_until_a_probe_finds_it_well() {
    let (server, first, second) = pair().await;
    first.fail_next(vec![unwell(); 6]);
    ask(&server, 8).await;
    server.deliver().await;
    assert_eq!(
        first.tries().len(),
        5,
        "after five failures it is left alone"
    );
    assert_eq!(second.len(), 8, "and the other one takes all");

    server.advance(COOL_DOWN);
    ask(&server, 2).await;
    server.deliver().await;
    assert_eq!(first.tries().len(), 6, "one probe, which fails");
    assert_eq!(second.len(), 10);

    server.advance(COOL_DOWN);
    ask(&server, 1).await;
    server.deliver().await;
    ask(&server, 2).await;
    server.deliver().await;
    assert_eq!((first.len(), second.len()), (3, 10), "the probe closed it");
}

#[tokio::test]
async fn a_clock_that_is_set_back_keeps_no_courier_away() {
    let (server, first, second) = pair().await;
    first.fail_next(vec![unwell(); 5]);
    ask(&server, 5).await;
    server.deliver().await;
    // Not by a whole hour, or the budgets of an hour would refuse as well.
    server.clock.set_back(Duration::from_mins(50));
    ask(&server, 1).await;
    server.deliver().await;
    assert_eq!(
        (first.len(), second.len()),
        (1, 5),
        "not for as much longer"
    );
}

#[tokio::test]
async fn addresses_that_a_server_puts_off_are_not_held_against_it() {
    let (server, first, second) = pair().await;
    first.fail_next(vec![SendError::Temporary("reply 451".to_owned()); 20]);
    ask(&server, 21).await;
    server.deliver().await;
    assert_eq!(
        (first.len(), second.len()),
        (1, 20),
        "nobody else has to wait"
    );
}

#[tokio::test]
async fn while_every_circuit_is_open_a_message_waits_and_no_try_is_wasted() {
    let first = Mailbox::named("first");
    let couriers = Couriers::default().with(Channel::Email, vec![Arc::new(first.clone())]);
    let server = TestServer::carried_by(couriers, &[]).await;
    first.fail_next(vec![unwell(); 5]);
    ask(&server, 5).await;
    server.deliver().await;
    // Their second try comes up while the circuit is open, again and again.
    for _ in 0..29 {
        server.advance(Duration::from_secs(1));
        server.deliver().await;
    }
    assert_eq!(first.tries().len(), 5);
    for _ in 0..3 {
        server.advance(Duration::from_secs(30));
        server.deliver().await;
    }
    assert_eq!(first.len(), 5, "all of them arrive");
    let rows = server.deliveries().await;
    assert!(rows.iter().all(|row| row.tries == 2), "{rows:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_whose_provider_hangs_holds_up_no_other_channel() {
    let mailbox = Mailbox::default();
    let couriers = Couriers::default()
        .with(Channel::Email, vec![Arc::new(mailbox.clone())])
        .with(Channel::Sms, vec![Arc::new(Hanging)]);
    let server = TestServer::carried_by(couriers, &[]).await;
    for at in 0..40 {
        let number = phone(&format!("+4479111234{at:02}"));
        server.anonymous().request_otp(number).await;
    }
    let (stop, abandon) = (CancellationToken::new(), CancellationToken::new());
    let working = tokio::spawn(server.app.worker.clone().run(stop.clone(), abandon.clone()));
    server
        .anonymous()
        .request_otp(email("ada@example.com"))
        .await;
    let arrived = async {
        while mailbox.len() == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let arrived = tokio::time::timeout(Duration::from_secs(10), arrived).await;
    assert!(arrived.is_ok(), "the mail waits for text messages");
    stop.cancel();
    abandon.cancel();
    working.await.expect("the worker ends");
}

/// A provider that accepts the call and never answers.
#[derive(Debug)]
struct Hanging;

#[async_trait]
impl Courier for Hanging {
    fn name(&self) -> &'static str {
        "hanging"
    }

    async fn send(&self, _: &Message) -> Result<Receipt, SendError> {
        std::future::pending().await
    }
}

/// A server whose mail goes by the first of two couriers, or else by the second.
async fn pair() -> (TestServer, Mailbox, Mailbox) {
    let (first, second) = (Mailbox::named("first"), Mailbox::named("second"));
    let chain: Vec<Arc<dyn Courier>> = vec![Arc::new(first.clone()), Arc::new(second.clone())];
    let couriers = Couriers::default().with(Channel::Email, chain);
    (TestServer::carried_by(couriers, &[]).await, first, second)
}

/// This many people ask for a code, none of whom has asked before.
async fn ask(server: &TestServer, count: usize) {
    let asked = server.count::<entity::challenge::Entity>().await;
    for at in asked..asked + count {
        let address = email(&format!("ada{at}@example.com"));
        let answer = server.anonymous().request_otp(address).await;
        assert!(
            answer.data("requestOtp/challenge").is_object(),
            "{}",
            answer.text
        );
    }
}

fn unwell() -> SendError {
    SendError::Unwell("no connection".to_owned())
}
