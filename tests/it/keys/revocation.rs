//! A key in the wrong hands: what it has signed, or will sign, opens nothing from now on.

use countersign::auth::keys::{Begins, Revoked};

use super::*;
use crate::replica::{catch_up, with_replica};

const BOB: &str = "bob@example.com";

async fn revoke(server: &TestServer, kid: Kid) -> String {
    match vault(server).revoke(kid).await.expect("a revocation") {
        Revoked::Done(signer) => signer.kid,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_tokens_of_a_revoked_key_fail_at_once_where_nobody_has_told() {
    let one = TestServer::start().await;
    let other = one.another().await;
    let (_, ada) = one.signed_in(ADA).await;
    let signer = revoke(&one, named(&ada.access)).await;
    assert_ne!(signer, kid(&ada.access));

    for server in [&other, &one] {
        let logout = server
            .anonymous()
            .with_bearer(&ada.access)
            .logout(None)
            .await;
        assert_eq!(logout.reason(), Some("TOKEN_INVALID"), "{}", logout.text);
        assert_eq!(shown(server, &ada.access).await, "TOKEN_INVALID");
    }
    assert_eq!(one.session_rows().await[0].revoked_at, None, "it lives on");
    let ada = assert_signed_in(
        &other,
        &Tokens::of(
            &other.anonymous().refresh(&ada.refresh).await,
            "refreshToken",
        ),
    )
    .await;
    assert_eq!(kid(&ada.access), signer);
    keep(&one).await;
    assert_eq!(kids(&one).await, BTreeSet::from([signer]));
    assert_eq!(jwks(&other).await, jwks(&one).await);
    let kinds: Vec<_> = one
        .events()
        .await
        .iter()
        .map(|event| event.kind.clone())
        .collect();
    assert!(kinds.contains(&"key_revoked".to_owned()), "{kinds:?}");
}

#[tokio::test]
async fn a_replica_that_has_not_heard_of_it_believes_a_revoked_key_until_keys_are_read_again() {
    let (server, replica, _database) = with_replica().await;
    let (_, ada) = server.signed_in(ADA).await;
    catch_up(&replica, &server).await;
    revoke(&server, named(&ada.access)).await;
    assert_eq!(shown(&server, &ada.access).await, ADA);
    keep(&server).await;
    assert_eq!(shown(&server, &ada.access).await, "TOKEN_INVALID");
}

#[tokio::test]
async fn what_a_revoked_key_has_signed_ends_no_session() {
    let one = TestServer::start().await;
    let other = one.another().await;
    let (_, ada) = one.signed_in(ADA).await;
    revoke(&one, named(&ada.access)).await;
    let thief = other.anonymous().with_bearer(&ada.access);
    assert_eq!(thief.logout_all(true).await.reason(), Some("TOKEN_INVALID"));
    assert_eq!(thief.logout(None).await.reason(), Some("TOKEN_INVALID"));
    assert_eq!(one.session_rows().await[0].revoked_at, None);
    // Signing out by what the owner holds is another matter.
    let owner = other.anonymous().with_bearer(&ada.access);
    let ended = owner.logout(Some(&ada.refresh)).await;
    assert_eq!(
        ended.data("logout/userErrors"),
        &json!([]),
        "{}",
        ended.text
    );
}

#[tokio::test]
async fn an_instance_that_signs_by_a_revoked_key_stops_at_the_first_refusal() {
    let one = TestServer::start().await;
    let other = one.another().await;
    let (_, ada) = one.signed_in(ADA).await;
    revoke(&one, named(&ada.access)).await;
    let unheard = other.anonymous().refresh(&ada.refresh).await;
    let unheard = Tokens::of(&unheard, "refreshToken");
    assert_eq!(kid(&unheard.access), kid(&ada.access));
    assert_eq!(shown(&one, &unheard.access).await, "TOKEN_INVALID");
    assert_eq!(shown(&other, &unheard.access).await, "TOKEN_INVALID");
    let heard = other.anonymous().refresh(&unheard.refresh).await;
    assert_signed_in(&one, &Tokens::of(&heard, "refreshToken")).await;
}

#[tokio::test]
async fn the_key_that_waits_begins_when_the_one_that_signs_is_revoked() {
    let server = TestServer::start().await;
    let next = vault(&server)
        .rotate(Begins::Published)
        .await
        .expect("a key");
    let again = vault(&server)
        .rotate(Begins::Published)
        .await
        .expect("a key");
    assert_eq!(again.kid, next.kid, "one waits already");
    let (_, ada) = server.signed_in(ADA).await;
    assert_eq!(revoke(&server, named(&ada.access)).await, next.kid);
    assert_eq!(
        server.count::<signing_key::Entity>().await,
        2,
        "none was made"
    );
    keep(&server).await;
    let (_, bob) = server.signed_in(BOB).await;
    assert_eq!(kid(&bob.access), next.kid);

    // Its row outlives its tokens, and their clocks.
    server.advance(Duration::from_mins(121));
    keep(&server).await;
    assert_eq!(server.count::<signing_key::Entity>().await, 2);
    server.advance(Duration::from_mins(1));
    keep(&server).await;
    assert_eq!(server.count::<signing_key::Entity>().await, 1);
}

#[tokio::test]
async fn a_key_that_was_revoked_while_it_waited_never_signs() {
    let server = TestServer::start().await;
    let (_, ada) = server.signed_in(ADA).await;
    let next = vault(&server)
        .rotate(Begins::Published)
        .await
        .expect("a key");
    let signer = revoke(&server, Kid::parse(&next.kid).expect("a kid")).await;
    assert_eq!(signer, kid(&ada.access));
    keep(&server).await;
    assert!(!kids(&server).await.contains(&next.kid));
    server.advance(2 * DAY);
    let (_, ada) = server.signed_in(ADA).await;
    assert_eq!(kid(&ada.access), signer);
}

#[tokio::test]
async fn a_key_is_revoked_once_and_one_nobody_has_not_at_all() {
    let server = TestServer::start().await;
    let (_, ada) = server.signed_in(ADA).await;
    let stranger = Kid::parse(&URL_SAFE_NO_PAD.encode([7; 32])).expect("a kid");
    let vault = vault(&server);
    assert!(matches!(vault.revoke(stranger).await, Ok(Revoked::Unknown)));
    revoke(&server, named(&ada.access)).await;
    let again = vault.revoke(named(&ada.access)).await;
    assert!(matches!(again, Ok(Revoked::Already(_))), "{again:?}");
    assert_eq!(server.count::<signing_key::Entity>().await, 2);
}

#[tokio::test]
async fn with_every_key_revoked_the_next_look_makes_one() {
    let server = TestServer::start().await;
    server
        .execute("UPDATE signing_keys SET revoked_at = 1")
        .await;
    keep(&server).await;
    server.assert_open().await;
    server.advance(Duration::from_mins(1));
    server
        .execute("UPDATE signing_keys SET revoked_at = 1")
        .await;
    server.another().await.assert_open().await;
}

#[tokio::test]
async fn a_key_whose_row_is_gone_opens_nothing_either() {
    let server = TestServer::start().await;
    let (ada, tokens) = server.signed_in(ADA).await;
    server.execute("DELETE FROM signing_keys").await;
    assert_eq!(shown(&server, &tokens.access).await, "TOKEN_INVALID");
    assert_eq!(ada.logout(None).await.reason(), Some("TOKEN_INVALID"));
    keep(&server).await;
    assert_signed_in(
        &server,
        &Tokens::of(
            &server.anonymous().refresh(&tokens.refresh).await,
            "refreshToken",
        ),
    )
    .await;
}
