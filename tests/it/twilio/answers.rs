//! What is made of Twilio's answers.

use std::sync::Arc;
use std::time::Duration;

use countersign::delivery::twilio::{Standing, TwilioSettings, TwilioSms};
use countersign::delivery::{Courier, Receipt, SendError};
use countersign::domain::Channel;

use super::{ACCOUNT, TOKEN, settings, twilio};
use crate::support::clock::TestClock;
use crate::support::message::{PHONE, assert_discreet, code_by};
use crate::support::provider::{Provider, Reply};

#[tokio::test]
async fn a_message_that_was_taken_stays_taken_however_the_answer_reads() {
    let (provider, clock) = (Provider::start().await, TestClock::default());
    let twilio = twilio(&provider, &clock);
    for body in [
        Vec::new(),
        b"<html><h1>Created</h1></html>".to_vec(),
        vec![0xff, 0x00, 0x7b, 0x22],
        br#"{"sid":7}"#.to_vec(),
        br#"{"sid":"<script>"}"#.to_vec(),
        vec![b'{'; 10 << 20],
    ] {
        provider.will([Reply::answer(201, body)]);
        let receipt = twilio.send(&code_by(Channel::Sms, &clock)).await;
        assert_eq!(receipt, Ok(Receipt::default()));
    }
    provider.will([Reply::Stall(201)]);
    let receipt = twilio.send(&code_by(Channel::Sms, &clock)).await;
    assert_eq!(receipt, Ok(Receipt::default()), "its end never came");
}

#[tokio::test]
async fn a_refusal_is_judged_by_its_numbers_and_never_by_its_words() {
    let (provider, clock) = (Provider::start().await, TestClock::default());
    let twilio = twilio(&provider, &clock);
    let spoken =
        |code: u32| format!(r#"{{"code":{code},"message":"{PHONE} is not valid","status":400}}"#);
    let permanent = |why: &str| Err(SendError::Permanent(why.to_owned()));
    let temporary = |why: &str| Err(SendError::Temporary(why.to_owned()));
    let unwell = |why: &str| Err(SendError::Unwell(why.to_owned()));
    for (status, body, judged) in [
        (400, spoken(21211), permanent("error 21211")),
        (400, spoken(21610), permanent("error 21610")),
        (403, spoken(21408), permanent("error 21408")),
        (400, spoken(21606), temporary("error 21606")),
        (401, spoken(20003), unwell("error 20003")),
        (429, spoken(20429), unwell("error 20429")),
        (
            400,
            "<html>Bad Request</html>".to_owned(),
            temporary("status 400"),
        ),
        (503, "<html>Sorry</html>".to_owned(), unwell("status 503")),
        (500, "x".repeat(10 << 20), unwell("status 500")),
    ] {
        provider.will([Reply::answer(status, body)]);
        let sent = twilio.send(&code_by(Channel::Sms, &clock)).await;
        assert_eq!(sent, judged);
    }
}

#[tokio::test]
async fn a_provider_that_hangs_up_or_hangs_is_unwell() {
    let (provider, clock) = (Provider::start().await, TestClock::default());
    let twilio = twilio(&provider, &clock);
    for (reply, why) in [
        (Reply::Hang, "timed out"),
        (Reply::Cut, "the connection broke"),
        (
            Reply::Redirect(format!("{}/elsewhere", provider.url)),
            "status 307",
        ),
    ] {
        provider.will([reply]);
        let error = twilio
            .send(&code_by(Channel::Sms, &clock))
            .await
            .unwrap_err();
        assert_eq!(error, SendError::Unwell(why.to_owned()));
        assert_discreet(&error, &[TOKEN, ACCOUNT]);
    }
    assert_eq!(provider.requests().len(), 3, "nobody followed the redirect");

    let nowhere = TwilioSettings {
        api_url: "http://127.0.0.1:1".parse().unwrap(),
        ..settings(&provider)
    };
    let twilio = TwilioSms::new(&nowhere, None, Arc::new(clock.clone())).unwrap();
    let unheard = twilio.send(&code_by(Channel::Sms, &clock)).await;
    assert_eq!(unheard, Err(SendError::Unwell("no connection".to_owned())));
}

#[tokio::test]
async fn a_provider_that_takes_its_time_is_waited_for() {
    let (provider, clock) = (Provider::start().await, TestClock::default());
    let taken = Reply::answer(201, "");
    provider.will([Reply::After(Duration::from_millis(300), Box::new(taken))]);
    let sent = twilio(&provider, &clock)
        .send(&code_by(Channel::Sms, &clock))
        .await;
    assert_eq!(sent, Ok(Receipt::default()));
}

#[tokio::test]
async fn the_account_is_asked_after_without_sending_anything() {
    let (provider, clock) = (Provider::start().await, TestClock::default());
    let twilio = twilio(&provider, &clock);
    for (status, body, standing) in [
        (200, r#"{"status":"active"}"#, Some(Standing::Active)),
        (200, r#"{"status":"suspended"}"#, Some(Standing::Inactive)),
        (401, r#"{"code":20003}"#, Some(Standing::Refused)),
        (404, r#"{"code":20404}"#, Some(Standing::Refused)),
        (200, "<html>a captive portal</html>", None),
        (500, "", None),
    ] {
        provider.will([Reply::answer(status, body)]);
        assert_eq!(twilio.standing().await.ok(), standing, "{status} {body}");
    }
    let path = format!("GET /2010-04-01/Accounts/{ACCOUNT}.json");
    assert!(
        provider
            .requests()
            .iter()
            .all(|request| request.line == path)
    );
}
