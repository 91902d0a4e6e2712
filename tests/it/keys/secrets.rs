//! A new server secret: keys are sealed under it, and the old one can go.

use countersign::auth::keys::Begins;

use super::*;

/// `secret_file` with these secrets, each of one byte.
fn file(secrets: &[&str]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    for secret in secrets {
        writeln!(file, "{}", secret.repeat(32)).expect("written");
    }
    file
}

async fn with_secrets(server: &TestServer, file: &tempfile::NamedTempFile) -> TestServer {
    let path = file.path().to_str().expect("a path");
    let server = server.another_with(&[("secret_file", path)]).await;
    server.expect("a server")
}

#[tokio::test]
async fn an_hour_after_the_start_the_old_secret_can_go() {
    let (both, new) = (file(&["ab", "5e"]), file(&["ab"]));
    let old = TestServer::start().await;
    let sealed = key_row(&old).await;
    let server = with_secrets(&old, &both).await;
    old.advance(Duration::from_secs(3_599));
    keep(&server).await;
    assert_eq!(
        key_row(&old).await,
        sealed,
        "others may not know the new one yet"
    );
    old.advance(Duration::from_secs(1));
    keep(&server).await;
    let resealed = key_row(&old).await;
    assert_ne!(resealed.secret_id, sealed.secret_id);
    assert_ne!(resealed.sealed, sealed.sealed);
    keep(&server).await;
    assert_eq!(key_row(&old).await, resealed, "once");

    // One that knows only the old secret still runs, as long as it is not started again.
    keep(&old).await;
    let (_, tokens) = old.signed_in(ADA).await;
    assert_eq!(
        shown(&with_secrets(&old, &new).await, &tokens.access).await,
        ADA
    );
    let refused = old.another_with(&[]).await.err().expect("a refusal");
    assert!(
        refused.to_string().contains(&resealed.secret_id),
        "{refused}"
    );
}

#[tokio::test]
async fn a_key_that_one_instance_cannot_open_takes_nothing_from_it() {
    let both = file(&["ab", "5e"]);
    let old = TestServer::start().await;
    let (_, ada) = old.signed_in(ADA).await;
    let server = with_secrets(&old, &both).await;
    old.advance(29 * DAY);
    keep(&server).await;
    keep(&old).await;
    assert_eq!(kids(&server).await.len(), 2);
    assert_eq!(
        kids(&old).await.len(),
        1,
        "sealed under what it does not know"
    );
    old.advance(DAY);
    let (_, bob) = old.signed_in("bob@example.com").await;
    assert_eq!(
        kid(&bob.access),
        kid(&ada.access),
        "it goes on with what it has"
    );
    assert_eq!(shown(&server, &bob.access).await, "bob@example.com");
    let restarted = with_secrets(&old, &both).await;
    let (_, eve) = restarted.signed_in("eve@example.com").await;
    assert_ne!(kid(&eve.access), kid(&ada.access));
}

#[tokio::test]
async fn a_leaked_secret_goes_at_once_with_the_keys_under_it() {
    let both = file(&["ab", "5e"]);
    let old = TestServer::start().await;
    let (_, ada) = old.signed_in(ADA).await;
    let server = with_secrets(&old, &both).await;
    let mut commands = vault(&server);
    let secrets = ["ab", "5e"].map(|secret| ServerSecret::parse(&secret.repeat(32)).unwrap());
    commands.sealer = Sealer::new(&ServerSecrets::new(secrets.to_vec()).unwrap());
    commands
        .revoke(named(&ada.access))
        .await
        .expect("a revocation");
    let new = with_secrets(&old, &file(&["ab"])).await;
    assert_eq!(shown(&new, &ada.access).await, "TOKEN_INVALID");
    let refreshed = new.anonymous().refresh(&ada.refresh).await;
    assert_eq!(
        refreshed.user_error_code("refreshToken"),
        Some("SESSION_EXPIRED")
    );
    new.assert_open().await;
    let next = commands.rotate(Begins::Now).await.expect("a key");
    keep(&new).await;
    let (_, bob) = new.signed_in("bob@example.com").await;
    assert_eq!(kid(&bob.access), next.kid);
}
