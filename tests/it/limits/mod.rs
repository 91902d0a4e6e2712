//! Budgets: how often codes are sent, how often they may be guessed, how many accounts are opened.

mod addresses;
mod codes;
mod command;
mod guesses;

use crate::support::{Answer, TestServer, email};

/// What came of asking for a code to `recipient` from `address`.
async fn asked(server: &TestServer, address: &str, recipient: &str) -> Answer {
    let somebody = server.anonymous().from(address);
    somebody.request_otp(email(recipient)).await
}

fn is_sent(answer: &Answer) -> bool {
    answer.data("requestOtp/challenge").is_object()
}

fn is_refused(answer: &Answer) -> bool {
    answer.user_error_code("requestOtp") == Some("RATE_LIMITED")
}

fn assert_refused(answer: &Answer, retry_after: i32) {
    assert!(is_refused(answer), "{}", answer.text);
    assert_eq!(answer.user_error("requestOtp")["retryAfter"], retry_after);
    assert!(answer.data("requestOtp/challenge").is_null());
}
