//! Budgets per country and in total, per hour and per day.

use std::time::Duration;

use serde_json::json;

use super::{ask, ask_until_refused, counted, gb, retry_after, row, verdict, zw};
use crate::support::{TestServer, at_once, email, phone};

#[tokio::test]
async fn each_budget_is_spent_and_comes_back_when_it_said_so() {
    for (budget, wait) in [
        ("toll.country_per_hour", 1_200),
        ("toll.country_per_day", 28_800),
        ("toll.total_per_hour", 1_200),
        ("toll.total_per_day", 28_800),
    ] {
        let server = TestServer::with(&[(budget, "3")]).await;
        let (sent, refused) = ask_until_refused(&server, gb).await;
        assert_eq!(
            (sent, verdict(&refused)),
            (3, Some("RATE_LIMITED")),
            "{budget}"
        );
        assert_eq!(retry_after(&refused), Some(wait), "{budget}");
        let elsewhere = ask(&server, &zw(0)).await;
        let is_total = budget.contains("total");
        assert_eq!(verdict(&elsewhere).is_some(), is_total, "{budget}");

        server.advance(Duration::from_secs(wait.unsigned_abs() - 1));
        assert_eq!(
            retry_after(&ask(&server, &gb(3)).await),
            Some(1),
            "{budget}"
        );
        server.advance(Duration::from_secs(1));
        assert_eq!(verdict(&ask(&server, &gb(3)).await), None, "{budget}");
        assert_eq!(verdict(&ask(&server, &gb(4)).await), Some("RATE_LIMITED"));
    }
}

#[tokio::test]
async fn whoever_is_refused_is_told_the_longest_wait_and_charged_nothing() {
    let settings = [("toll.country_per_hour", "1"), ("toll.total_per_day", "1")];
    let server = TestServer::with(&settings).await;
    assert_eq!(verdict(&ask(&server, &gb(0)).await), None);
    let budgets = [
        "toll:GB:hour",
        "toll:GB:day",
        "toll:total:hour",
        "toll:total:day",
    ];
    let mut before = Vec::new();
    for budget in budgets {
        before.push(server.full_at(budget).await);
    }
    assert_eq!(retry_after(&ask(&server, &gb(1)).await), Some(86_400));
    for (budget, before) in budgets.iter().zip(before) {
        assert_eq!(server.full_at(budget).await, before, "{budget}");
    }
    let own = format!("{}:send", gb(1));
    assert_eq!(server.full_at(&own).await, None, "nor is the person");
    assert_eq!(server.count::<entity::challenge::Entity>().await, 1);
    assert_eq!(counted(&server).await, [row("GB", "44740", [1, 0, 1])]);
}

#[tokio::test]
async fn whatsapp_costs_as_a_text_message_does_and_mail_costs_nothing() {
    let server = TestServer::with(&[("toll.total_per_hour", "1")]).await;
    let query = "mutation($input: RequestOtpInput!) { requestOtp(input: $input) \
                 { challenge { channel } userErrors { code } } }";
    let whatsapp = |number: &str| {
        let (nobody, recipient) = (server.anonymous(), phone(number));
        async move {
            let input = json!({ "input": { "recipient": recipient, "channel": "WHATSAPP" } });
            nobody.graphql(query, input).await
        }
    };
    let first = whatsapp(&gb(0)).await;
    assert_eq!(
        first.data("requestOtp/challenge/channel"),
        "WHATSAPP",
        "{}",
        first.text
    );
    assert_eq!(verdict(&whatsapp(&gb(1)).await), Some("RATE_LIMITED"));
    assert_eq!(verdict(&ask(&server, &gb(1)).await), Some("RATE_LIMITED"));
    server.code_for(&email("ada@example.com")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_once_on_one_budget_send_what_it_bears() {
    let server = TestServer::with(&[("toll.total_per_hour", "20")]).await;
    let nobody = server.anonymous();
    let answers = at_once(&[&server], 50, |at| {
        let nobody = nobody.clone();
        // Of two countries: they share no row but the total's.
        let at = u32::try_from(at).unwrap();
        let number = if at % 2 == 0 { gb(at) } else { zw(at) };
        async move { nobody.request_otp(phone(&number)).await }
    })
    .await;
    let is = |code: Option<&str>| {
        answers
            .iter()
            .filter(|answer| verdict(answer) == code)
            .count()
    };
    assert_eq!((is(None), is(Some("RATE_LIMITED"))), (20, 30));
    assert_eq!(server.count::<entity::delivery::Entity>().await, 20);
    server.deliver().await;
    assert_eq!(server.mailbox.len(), 20);
    let counts = counted(&server).await;
    let sum = |at: usize| counts.iter().map(|(_, _, counts)| counts[at]).sum::<i64>();
    assert_eq!((sum(0), sum(2)), (20, 30));
}
