//! SMS pumping: thousands of codes to numbers that nobody holds, for a share of what they cost.
//!
//! 250 numbers by default, in the test suite's time; `just toll-fraud` takes ten
//! thousand and prints what came of them.

use std::env;
use std::time::{Duration, Instant};

use super::{ask, fr, totals, verdict, zw};
use crate::support::TestServer;

/// Budgets that never bind, so that the guard alone is seen.
const BOUNDLESS: [(&str, &str); 4] = [
    ("toll.country_per_hour", "1000000"),
    ("toll.country_per_day", "1000000"),
    ("toll.total_per_hour", "1000000"),
    ("toll.total_per_day", "1000000"),
];
const NO_GUARD: [(&str, &str); 1] = [("toll.min_conversion", "0")];

/// An attack: so many numbers, at a steady pace, in `lasts`.
struct Attack {
    name: &'static str,
    numbers: u32,
    lasts: Duration,
    number: fn(u32) -> String,
}

/// One range of a small country, in a quarter of an hour.
const BURST: Attack = Attack {
    name: "one prefix, in 15 min",
    numbers: 10_000,
    lasts: Duration::from_mins(15),
    number: zw,
};

/// The same range, all day long.
const SLOW: Attack = Attack {
    name: "one prefix, in 24 h",
    lasts: Duration::from_hours(24),
    ..BURST
};

/// Fifty prefixes of a large country.
const SPREAD: Attack = Attack {
    name: "50 prefixes, in 15 min",
    number: fr,
    ..BURST
};

impl Attack {
    /// Runs it, at full length only when asked to, and tells how many messages went out.
    async fn run(&self, defence: &str, settings: &[(&str, &str)]) -> i64 {
        let full = env::var_os("TOLL_FRAUD_FULL").is_some();
        let numbers = if full { self.numbers } else { 250 };
        let server = TestServer::with(settings).await;
        let began = Instant::now();
        let mut first_refusal = None;
        for at in 0..numbers {
            let answer = ask(&server, &(self.number)(at)).await;
            let refused = verdict(&answer);
            assert!(
                matches!(refused, None | Some("CHANNEL_UNAVAILABLE" | "RATE_LIMITED")),
                "{}",
                answer.text
            );
            if refused.is_some() && first_refusal.is_none() {
                first_refusal = Some(at);
            }
            server.advance(self.lasts / numbers);
            if at % 1_000 == 0 {
                // Nobody else empties the desk here, and what is full makes people wait.
                server.flush_audit().await;
            }
        }
        let sent = totals(&server).await.0;
        let owed = server.count::<entity::delivery::Entity>().await;
        assert_eq!(
            i64::try_from(owed).unwrap(),
            sent,
            "what is counted is what goes out"
        );
        let first = first_refusal.map_or_else(|| "never".to_owned(), |at| format!("after {at}"));
        println!(
            "{:<24}{defence:<18}{numbers:>7} asked for {sent:>6} sent, first refused {first:<12} \
             ${:>8.2} at $0.05 ${:>8.2} at $0.30   {:.1} s",
            self.name,
            cents(sent, 5),
            cents(sent, 30),
            began.elapsed().as_secs_f32(),
        );
        sent
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "some dollars, for people to read"
)]
fn cents(messages: i64, each: i64) -> f64 {
    (messages * each) as f64 / 100.0
}

#[tokio::test]
async fn one_prefix_gets_the_sample_and_no_more() {
    let guarded = BURST.run("guard alone", &BOUNDLESS).await;
    assert_eq!(guarded, 40);
    let both = BURST.run("default", &[]).await;
    assert_eq!(both, 40);
}

#[tokio::test]
async fn without_the_guard_every_message_goes_out() {
    let settings = [&BOUNDLESS[..], &NO_GUARD].concat();
    let bare = BURST.run("none", &settings).await;
    assert!(bare == 250 || bare == 10_000, "{bare}");
    let budgets = BURST.run("budgets alone", &NO_GUARD).await;
    assert!((100..=130).contains(&budgets), "{budgets}");
}

#[tokio::test]
async fn fifty_prefixes_get_what_a_country_gets() {
    let guarded = SPREAD.run("guard alone", &BOUNDLESS).await;
    assert_eq!(guarded, 200);
    let both = SPREAD.run("default", &[]).await;
    assert!((100..=200).contains(&both), "{both}");
}

#[tokio::test]
async fn an_attack_that_goes_on_all_day_gets_the_sample_once_in_a_window() {
    let guarded = SLOW.run("guard alone", &BOUNDLESS).await;
    assert!(guarded <= 40 * 24, "{guarded}");
    let budgets = SLOW.run("budgets alone", &NO_GUARD).await;
    assert!(budgets <= 1_000, "{budgets}");
    let both = SLOW.run("default", &[]).await;
    assert!(both <= guarded.min(budgets), "{both}");
}
