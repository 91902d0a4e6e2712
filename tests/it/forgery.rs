//! Tokens that were never issued. Each of them claims the live session of a real person, so that
//! to believe it is to let somebody in; and each differs from a good one in one thing only.

mod claims;
mod headers;
mod jwt;
mod keys;

use serde_json::Value;

use crate::support::{TestServer, Tokens};
use jwt::Jwt;

/// A server, somebody who is signed in there, and their access token taken apart.
struct Scene {
    server: TestServer,
    tokens: Tokens,
    good: Jwt,
}

impl Scene {
    async fn set() -> Self {
        Self::with(&[]).await
    }

    async fn with(settings: &[(&str, &str)]) -> Self {
        let server = TestServer::with(settings).await;
        let (_, tokens) = server.signed_in("ada@example.com").await;
        let good = Jwt::read(&tokens.access);
        Self {
            server,
            tokens,
            good,
        }
    }

    /// The private key that the server signs with, PKCS #8.
    async fn private_key(&self) -> Vec<u8> {
        jwt::private_key(&self.server).await
    }

    /// What `me` says to who shows `token`: who they are, or why nobody.
    async fn shows(&self, token: &str) -> Result<String, String> {
        let answer = self.server.anonymous().with_bearer(token).me().await;
        answer.assert_sound();
        assert!(
            !answer.text.contains(token),
            "the token came back: {}",
            answer.text
        );
        if let Value::String(email) = answer.data("me/email") {
            return Ok(email.clone());
        }
        let code = answer.error_code();
        assert_eq!(code, Some("UNAUTHENTICATED"), "{token}: {}", answer.text);
        Err(answer.reason().expect("a reason").to_owned())
    }

    /// Panics unless `token` is refused as none of ours.
    async fn refuses(&self, token: &str) {
        let shown = self.shows(token).await;
        assert_eq!(shown, Err("TOKEN_INVALID".to_owned()), "{token}");
    }
}

#[tokio::test]
async fn a_good_token_taken_apart_and_signed_again_is_good() {
    // Otherwise the forgeries might be refused for how they are made.
    let scene = Scene::set().await;
    let key = scene.private_key().await;
    let again = scene.good.signed_by(&key);
    assert_ne!(again, scene.tokens.access, "ECDSA is randomised");
    assert_eq!(scene.shows(&again).await.as_deref(), Ok("ada@example.com"));
}
