//! Keys change by themselves, on every instance, and nobody notices.

use std::sync::Arc;

use countersign::auth::keys::Begins;
use serde_json::json;

use super::*;
use crate::support::at_once;

const HOUR: Duration = Duration::from_hours(1);
const SECOND: Duration = Duration::from_secs(1);
const A_DAY_BUT_A_SECOND: Duration = Duration::from_secs(86_399);

#[tokio::test]
async fn a_key_is_public_before_it_signs_and_until_its_last_token_has_expired() {
    let one = TestServer::with(&[("tokens.access_lifetime", "1h")]).await;
    let other = one.another().await;
    let first = kids(&one).await;
    one.advance(28 * DAY + A_DAY_BUT_A_SECOND);
    keep(&one).await;
    assert_eq!(kids(&one).await, first, "it is not time yet");

    one.advance(SECOND);
    keep(&one).await;
    keep(&other).await;
    let both = kids(&one).await;
    assert_eq!(both.len(), 2);
    assert_eq!(jwks(&other).await, jwks(&one).await);

    one.advance(A_DAY_BUT_A_SECOND);
    let (_, before) = one.signed_in(ADA).await;
    assert!(first.contains(&kid(&before.access)), "it waits");
    one.advance(SECOND);
    for (here, there) in [(&one, &other), (&other, &one)] {
        // Without another look: the clock tells.
        let (_, after) = here.signed_in("bob@example.com").await;
        assert!(!first.contains(&kid(&after.access)), "it signs");
        assert_eq!(shown(there, &after.access).await, "bob@example.com");
        assert_eq!(shown(there, &before.access).await, ADA);
        assert_eq!(kids(there).await, both);
        one.advance(Duration::from_mins(1));
    }

    one.advance(Duration::from_secs(58 * 60 - 3));
    for server in [&one, &other] {
        keep(server).await;
        assert_eq!(shown(server, &before.access).await, ADA, "its last minute");
        assert_eq!(kids(server).await, both);
    }
    one.advance(Duration::from_secs(93));
    for server in [&one, &other] {
        assert_eq!(
            &kids(server).await | &first,
            both,
            "only the new one is left"
        );
        assert_eq!(kids(server).await.len(), 1);
        assert_eq!(shown(server, &before.access).await, "TOKEN_INVALID");
    }
    keep(&one).await;
    assert_eq!(one.count::<signing_key::Entity>().await, 2);
    one.advance(HOUR);
    keep(&one).await;
    assert_eq!(one.count::<signing_key::Entity>().await, 1);
    for server in [&one, &other] {
        server.assert_open().await;
        one.advance(Duration::from_mins(1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_keepers_at_once_make_one_key() {
    let one = TestServer::start().await;
    let other = one.another().await;
    one.advance(29 * DAY);
    let keepers = [&one.app.keeper, &other.app.keeper].map(Arc::clone);
    let kept = at_once(&[&one, &other], 50, |at| {
        let keeper = Arc::clone(&keepers[at % 2]);
        async move { keeper.keep().await.is_ok() }
    })
    .await;
    assert!(kept.into_iter().all(|is_well| is_well));
    assert_eq!(one.count::<signing_key::Entity>().await, 2);
    assert_eq!(kids(&one).await.len(), 2);
    let rotated = one.events().await;
    let rotated = rotated.iter().filter(|event| event.kind == "key_rotated");
    let outcomes: Vec<_> = rotated.map(|event| event.outcome.clone()).collect();
    assert_eq!(outcomes, [Some("scheduled".to_owned())]);
}

#[tokio::test]
async fn a_key_made_elsewhere_a_moment_ago_is_known_at_its_first_token() {
    let one = TestServer::start().await;
    let other = one.another().await;
    vault(&one).rotate(Begins::Now).await.expect("a key");
    keep(&one).await;
    let (_, tokens) = one.signed_in(ADA).await;
    assert!(!kids(&other).await.contains(&kid(&tokens.access)));
    let before = other.statements();
    assert_eq!(shown(&other, &tokens.access).await, ADA);
    assert_eq!(other.statements() - before, 2, "the keys, and the session");
    assert_eq!(jwks(&other).await, jwks(&one).await);
}

#[tokio::test]
async fn who_makes_keys_up_has_the_table_read_once_a_second() {
    let server = TestServer::start().await;
    let (_, tokens) = server.signed_in(ADA).await;
    let (_, rest) = tokens.access.split_once('.').expect("parts");
    let made_up = |with: Value| {
        let mut header = super::header(&tokens.access);
        for (name, value) in with.as_object().expect("an object") {
            header[name] = value.clone();
        }
        format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header.to_string()))
    };
    let unknown = |at: u8| made_up(json!({ "kid": URL_SAFE_NO_PAD.encode([at; 32]) }));
    for second in 1..=3 {
        let before = server.statements();
        for at in 0..20 {
            assert_eq!(shown(&server, &unknown(at)).await, "TOKEN_INVALID");
        }
        assert_eq!(server.statements() - before, 1, "second {second}");
        server.advance(SECOND);
    }
    let before = server.statements();
    for no_key in [
        json!({ "kid": "1" }),
        json!({ "kid": null }),
        json!({ "kid": URL_SAFE_NO_PAD.encode([1; 32]), "alg": "HS256" }),
        json!({ "kid": URL_SAFE_NO_PAD.encode([1; 32]), "typ": "JWT" }),
    ] {
        assert_eq!(shown(&server, &made_up(no_key)).await, "TOKEN_INVALID");
    }
    assert_eq!(server.statements(), before, "none of ours looks like these");
}

#[tokio::test]
async fn another_algorithm_is_published_first_then_signs_and_the_old_one_retires() {
    let server = TestServer::start().await;
    let restarted = server.another_with(&[("tokens.algorithm", "EdDSA")]).await;
    let restarted = restarted.expect("a server");
    let algorithms = async |server: &TestServer| {
        let keys = jwks(server).await;
        keys.iter()
            .map(|key| key["alg"].as_str().expect("an algorithm").to_owned())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(algorithms(&restarted).await.len(), 2);
    keep(&server).await;
    restarted
        .another_with(&[])
        .await
        .expect("one more, which makes no other");
    assert_eq!(server.count::<signing_key::Entity>().await, 2);

    server.advance(A_DAY_BUT_A_SECOND);
    let (_, old) = restarted.signed_in(ADA).await;
    assert_eq!(header(&old.access)["alg"], "ES256");
    server.advance(SECOND);
    for server in [&restarted, &server] {
        let (_, new) = server.signed_in("bob@example.com").await;
        assert_eq!(
            header(&new.access)["alg"],
            "EdDSA",
            "whatever is configured"
        );
        assert_eq!(shown(server, &old.access).await, ADA);
        server.advance(Duration::from_mins(1));
    }
    server.advance(2 * HOUR + SECOND);
    keep(&restarted).await;
    assert_eq!(
        algorithms(&restarted).await,
        BTreeSet::from(["EdDSA".to_owned()])
    );
    assert_eq!(server.count::<signing_key::Entity>().await, 1);
}

#[tokio::test]
async fn a_clock_that_steps_by_an_hour_signs_nobody_out() {
    let server = TestServer::start().await;
    server.clock.go_back(HOUR);
    keep(&server).await;
    server.assert_open().await;
    assert_eq!(
        server.count::<signing_key::Entity>().await,
        1,
        "it still signs"
    );

    server.advance(29 * DAY + HOUR);
    keep(&server).await;
    server.advance(DAY);
    let (_, mut tokens) = server.signed_in(ADA).await;
    server.clock.go_back(HOUR);
    let other = server.another().await;
    // By those who are in: to a clock that went back, budgets seem to be spent.
    for step in [0, 2 * HOUR.as_secs(), 0] {
        server.advance(Duration::from_secs(step));
        for server in [&server, &other] {
            keep(server).await;
            tokens = assert_signed_in(server, &refreshed(server, &tokens).await).await;
        }
    }
    server.clock.go_back(HOUR);
    keep(&server).await;
    assert_signed_in(&server, &refreshed(&server, &tokens).await).await;
    assert_eq!(server.count::<signing_key::Entity>().await, 2);
}

async fn refreshed(server: &TestServer, tokens: &Tokens) -> Tokens {
    let refreshed = server.anonymous().refresh(&tokens.refresh).await;
    Tokens::of(&refreshed, "refreshToken")
}
