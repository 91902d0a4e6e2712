//! Does Twilio take our credentials?

use std::sync::Arc;

use super::check::Check;
use crate::delivery::twilio::{Standing, TwilioSettings, TwilioSms};
use crate::domain::clock::SystemClock;

const TWILIO: &str = "twilio";

/// Asks after the account: nothing is sent, and nothing costs money.
pub(super) async fn check(settings: &TwilioSettings) -> Check {
    let Ok(twilio) = TwilioSms::new(settings, None, Arc::new(SystemClock)) else {
        return Check::problem(
            TWILIO,
            "this machine has no CA certificates",
            "Install them, or name a file of them in SSL_CERT_FILE.",
        );
    };
    let sid = &settings.account_sid;
    match twilio.standing().await {
        Ok(Standing::Active) => Check::ok(TWILIO, format!("opens account {sid}")),
        Ok(Standing::Inactive) => Check::problem(
            TWILIO,
            format!("account {sid} is suspended or closed"),
            "See in Twilio's console what it wants.",
        ),
        Ok(Standing::Refused) => Check::problem(
            TWILIO,
            format!("does not open account {sid} with these credentials"),
            "Compare `twilio.account_sid`, and the auth token or API key, with Twilio's console. \
             An API key has to be a main or standard one of this account and region.",
        ),
        Err(error) => Check::problem(
            TWILIO,
            format!("{} cannot be asked ({error})", settings.api_url),
            "See that `twilio.api_url` is right and that this machine may connect to it.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::targets::Targets;

    #[tokio::test]
    async fn a_twilio_that_is_not_there_is_a_problem() {
        let closed = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let settings = TwilioSettings {
            api_url: format!("http://{closed}").parse().unwrap(),
            account_sid: "AC0123456789abcdef0123456789abcdef".to_owned(),
            auth_token: None,
            api_key: None,
            sender: None,
            timeout: Duration::from_secs(1),
            targets: Targets::Anywhere,
        };
        assert!(check(&settings).await.is_problem());
    }
}
