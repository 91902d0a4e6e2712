//! Nobody learns from a stopwatch who has an account (D7).
//!
//! Each case asks for a code and answers it wrongly, in turns with all the others and in another
//! order each time, so that whatever else the machine does falls on all alike. Two cases are told
//! apart if their medians are more than 2 % apart and chance would hardly make such a difference.
//! 300 samples each in the suite's time; `just timing` takes 2,000 and believes less in chance.

use std::env;
use std::time::{Duration, Instant};

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use crate::support::{Answer, TestServer, email};

/// Two medians nearer than this are alike, whatever the statistics say.
const TOLERANCE: f64 = 0.02;
/// |z| of the normal distribution that chance exceeds, in one of seven comparisons, once in a
/// hundred runs.
const SIGNIFICANT: f64 = 3.19;
/// The same, once in twenty thousand: the suite runs often, beside other tests, and may not fail by
/// chance.
const GLARING: f64 = 4.5;

/// Somebody who is asked about, and how long the answers took, in seconds.
struct Case<'a> {
    place: usize,
    server: &'a TestServer,
    address: &'static str,
    asked: Vec<f64>,
    answered: Vec<f64>,
}

impl<'a> Case<'a> {
    fn of(place: usize, server: &'a TestServer, address: &'static str) -> Self {
        Self {
            place,
            server,
            address,
            asked: Vec::new(),
            answered: Vec::new(),
        }
    }

    /// Asks for a code and answers wrongly, by the watch. Tells the two answers.
    async fn sample(&mut self) -> [Answer; 2] {
        let actor = self.server.anonymous();
        let began = Instant::now();
        let challenge = actor.request_otp(email(self.address)).await;
        self.asked.push(began.elapsed().as_secs_f64());
        let token = challenge.text_at("requestOtp/challenge/challengeToken");

        let began = Instant::now();
        let verdict = actor
            .verify_otp(email(self.address), "000000", Some(&token))
            .await;
        self.answered.push(began.elapsed().as_secs_f64());
        [challenge, verdict]
    }
}

#[tokio::test]
async fn a_stopwatch_does_not_tell_who_has_an_account() {
    let open = TestServer::start().await;
    for known in ["ada@example.com", "locked@example.com"] {
        open.signed_in(known).await;
    }
    let closed = open.another_with(&[("signup", "closed")]).await.unwrap();
    let (samples, too_much) = match env::var_os("TIMING_FULL") {
        Some(_) => (2_000, SIGNIFICANT),
        None => (300, GLARING),
    };

    let mut cases = [
        Case::of(1, &open, "ada@example.com"),
        Case::of(2, &open, "eve@example.com"),
        Case::of(3, &open, "locked@example.com"),
        Case::of(4, &open, "barred@example.com"),
        Case::of(5, &closed, "ada@example.com"),
        Case::of(6, &closed, "eve@example.com"),
    ];
    let mut dice = StdRng::seed_from_u64(4);
    for _ in 0..samples {
        cases.shuffle(&mut dice);
        for case in &mut cases {
            // A day each time, so that no budget is what the watch sees.
            open.advance(Duration::from_hours(25));
            lock(&open).await;
            let answers = case.sample().await;
            assert_eq!(answers[0].user_error_code("requestOtp"), None);
            let is_locked = ["locked@example.com", "barred@example.com"].contains(&case.address);
            let refusal = if is_locked {
                "RATE_LIMITED"
            } else {
                "OTP_INVALID"
            };
            assert_eq!(answers[1].user_error_code("verifyOtp"), Some(refusal));
        }
    }

    cases.sort_by_key(|case| case.place);
    let [known, unknown, locked, barred, member, stranger] = &cases;
    for (what, one, other) in [
        ("known, unknown: asked", &known.asked, &unknown.asked),
        (
            "known, unknown: answered",
            &known.answered,
            &unknown.answered,
        ),
        ("known, locked: asked", &known.asked, &locked.asked),
        ("locked, known or not: asked", &locked.asked, &barred.asked),
        (
            "locked, known or not: answered",
            &locked.answered,
            &barred.answered,
        ),
        (
            "sign-up closed, member or not: asked",
            &member.asked,
            &stranger.asked,
        ),
        (
            "sign-up closed, member or not: answered",
            &member.answered,
            &stranger.answered,
        ),
    ] {
        let difference = median(other) / median(one) - 1.0;
        let z = rank_sum(one, other);
        println!(
            "{what}: {:.3} ms and {:.3} ms, {:+.2} %, z = {z:.2}",
            median(one) * 1e3,
            median(other) * 1e3,
            difference * 100.0
        );
        assert!(
            difference.abs() <= TOLERANCE || z.abs() < too_much,
            "{what}: {difference:+.4}, z = {z:.2}"
        );
    }
}

/// No guess at the locked contacts is left, for a week.
async fn lock(server: &TestServer) {
    let until = (server.now() + Duration::from_hours(7 * 24)).as_micros();
    for contact in ["locked@example.com", "barred@example.com"] {
        let row = format!(
            "INSERT INTO limits (key, full_at) VALUES ('{contact}:guess', {until}) \
             ON CONFLICT (key) DO UPDATE SET full_at = {until}"
        );
        server.execute(&row).await;
    }
}

fn median(times: &[f64]) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// The Mann-Whitney test: how many standard deviations the sum of the ranks is from what two
/// samples of one distribution would have. Makes no assumption on what the distribution is.
fn rank_sum(one: &[f64], other: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> = Vec::new();
    all.extend(one.iter().map(|time| (*time, true)));
    all.extend(other.iter().map(|time| (*time, false)));
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let ranks = (1..).zip(&all).filter(|(_, (_, is_one))| *is_one);
    let sum: f64 = ranks.map(|(rank, _)| f64::from(rank)).sum();

    let size = |times: &[f64]| f64::from(u32::try_from(times.len()).expect("few samples"));
    let (n, m) = (size(one), size(other));
    let expected = n * (n + m + 1.0) / 2.0;
    (sum - expected) / (n * m * (n + m + 1.0) / 12.0).sqrt()
}

#[test]
fn the_watch_tells_what_differs_and_not_what_is_alike() {
    let times = |shift: f64| {
        (0..300)
            .map(|n| shift + f64::from(n * 7 % 300))
            .collect::<Vec<_>>()
    };
    assert!(rank_sum(&times(0.0), &times(0.1)).abs() < SIGNIFICANT);
    assert!(rank_sum(&times(0.0), &times(40.0)).abs() > SIGNIFICANT);
    assert!(rank_sum(&times(40.0), &times(0.0)) > 0.0);
}
