//! Signing in: a challenge goes out, the right word comes back, and the door opens, once.

use serde_json::json;

use crate::support::{TestServer, Tokens};

#[tokio::test]
async fn a_person_signs_in_with_the_code_they_were_sent() {
    let server = TestServer::start().await;
    let ada = json!({ "email": "Ada@Example.com" });
    let asked = server.anonymous().request_otp(ada.clone()).await;
    assert_eq!(asked.text_at("requestOtp/challenge/channel"), "EMAIL");
    assert_eq!(
        asked.text_at("requestOtp/challenge/maskedRecipient"),
        "A•••@example.com"
    );
    assert_eq!(asked.data("requestOtp/challenge/codeLength"), 6);
    assert_eq!(asked.data("requestOtp/challenge/expiresIn"), 600);
    assert_eq!(asked.data("requestOtp/challenge/resendIn"), 60);

    server.deliver().await;
    let sent = server.mailbox.to("Ada@example.com");
    let token = asked.text_at("requestOtp/challenge/challengeToken");
    let answer = server
        .anonymous()
        .verify_otp(ada, sent[0].code.reveal(), Some(&token))
        .await;
    assert_eq!(answer.data("verifyOtp/isNewUser"), true);
    assert_eq!(answer.data("verifyOtp/user/email"), "Ada@example.com");
    assert_eq!(answer.data("verifyOtp/session/current"), true);
    assert_eq!(answer.data("verifyOtp/session/deviceName"), "Ada's phone");
    assert_eq!(answer.data("verifyOtp/session/userAgent"), "it/1.0");
    assert_eq!(answer.data("verifyOtp/session/ipAddress"), "127.0.0.1");
    assert_eq!(answer.data("verifyOtp/tokens/expiresIn"), 900);
    assert_eq!(answer.data("verifyOtp/tokens/refreshExpiresIn"), 604_800);

    let tokens = Tokens::of(&answer, "verifyOtp");
    let me = server.anonymous().with_bearer(&tokens.access).me().await;
    assert_eq!(me.data("me/email"), "Ada@example.com");
}
