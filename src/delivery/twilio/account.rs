//! The account, and the one request that all channels make.

use std::sync::Arc;

use reqwest::{Client, RequestBuilder, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use super::{Callbacks, TwilioSettings, fault};
use crate::delivery::http::{self, Answer};
use crate::delivery::{Message, Receipt, SendError};
use crate::domain::Clock;

/// A field of Twilio's form.
pub(super) type Field = (&'static str, String);

/// Twilio's bounds for `ValidityPeriod`, in seconds.
const VALIDITY: (u64, u64) = (1, 36_000);

/// How Twilio takes our credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They open the account, and it is active.
    Active,
    /// They open the account, but it is suspended or closed.
    Inactive,
    /// They do not open it.
    Refused,
}

/// One account: where it is, and how to sign in to it.
pub(super) struct Account {
    client: Client,
    base: Url,
    user: String,
    password: Option<SecretString>,
    callbacks: Option<Callbacks>,
    clock: Arc<dyn Clock>,
}

impl Account {
    /// Prepares the client; connects when first needed.
    pub fn new(
        settings: &TwilioSettings,
        callbacks: Option<Callbacks>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, reqwest::Error> {
        let (user, password) = match (&settings.api_key, &settings.auth_token) {
            (Some((sid, secret)), _) => (sid.clone(), Some(secret.clone())),
            (None, token) => (settings.account_sid.clone(), token.clone()),
        };
        Ok(Self {
            client: http::client(settings.timeout, &settings.targets)?,
            base: base(settings),
            user,
            password,
            callbacks,
            clock,
        })
    }

    /// Has one message sent. `fields` say to whom, from whom and what.
    pub async fn send(&self, message: &Message, fields: Vec<Field>) -> Result<Receipt, SendError> {
        let mut form = fields;
        // Twilio's queue may be longer than a code lives.
        let rest = message.expires_at.since(self.clock.now()).as_secs();
        let rest = rest.clamp(VALIDITY.0, VALIDITY.1);
        form.push(("ValidityPeriod", rest.to_string()));
        if let Some(callbacks) = &self.callbacks {
            form.push(("StatusCallback", callbacks.url_for(message.id)));
        }
        let url = self.url("Messages.json");
        let answer = http::ask(self.signed(self.client.post(url)).form(&form)).await?;
        if answer.status.is_success() {
            // Whatever else it says, it has taken the message: to send it again would be to pay,
            // and to be read, twice.
            return Ok(Receipt {
                reference: answer.json::<Taken>().and_then(Taken::reference),
            });
        }
        Err(match code(&answer) {
            Some(code) => fault::judge(answer.status, code),
            None => answer.refusal(),
        })
    }

    /// Asks after the account itself, which sends nothing and costs nothing.
    pub async fn standing(&self) -> Result<Standing, SendError> {
        #[derive(Deserialize)]
        struct Page {
            status: String,
        }
        let mut url = self.base.clone();
        url.set_path(&format!("{}.json", url.path()));
        let answer = http::ask(self.signed(self.client.get(url))).await?;
        match answer.status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => {
                Ok(Standing::Refused)
            }
            status if status.is_success() => match answer.json::<Page>() {
                Some(page) if page.status == "active" => Ok(Standing::Active),
                Some(_) => Ok(Standing::Inactive),
                None => Err(SendError::Unwell("not Twilio's answer".to_owned())),
            },
            _ => Err(answer.refusal()),
        }
    }

    fn url(&self, resource: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("{}/{resource}", url.path()));
        url
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        let password = self.password.as_ref().map(ExposeSecret::expose_secret);
        request.basic_auth(&self.user, password)
    }
}

/// Where the account is: `…/2010-04-01/Accounts/AC…`.
fn base(settings: &TwilioSettings) -> Url {
    let mut url = settings.api_url.clone();
    let above = url.path().trim_end_matches('/').to_owned();
    url.set_path(&format!(
        "{above}/2010-04-01/Accounts/{}",
        settings.account_sid
    ));
    url
}

/// What Twilio says of a message that it has taken.
#[derive(Deserialize)]
struct Taken {
    sid: String,
}

impl Taken {
    /// Believed only when it looks like one: it is kept, and compared with what callbacks say.
    fn reference(self) -> Option<String> {
        is_message_sid(&self.sid).then_some(self.sid)
    }
}

/// `SM` or `MM`, and 32 hexadecimal digits.
pub(super) fn is_message_sid(text: &str) -> bool {
    let digits = text.strip_prefix("SM").or_else(|| text.strip_prefix("MM"));
    digits.is_some_and(|digits| {
        digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// The number of Twilio's error, which is all of it that may be repeated.
fn code(answer: &Answer) -> Option<u32> {
    #[derive(Deserialize)]
    struct Refusal {
        code: u32,
    }
    answer.json::<Refusal>().map(|refusal| refusal.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_a_message_sid_or_nothing() {
        let hex = "0123456789abcdef0123456789abcdef";
        assert!(is_message_sid(&format!("SM{hex}")) && is_message_sid(&format!("MM{hex}")));
        for text in [
            "",
            "SM",
            hex,
            &format!("AC{hex}"),
            &format!("SM{hex}0"),
            &format!("SM{}g", &hex[1..]),
            "<script>alert(1)</script>0123456789",
        ] {
            assert!(!is_message_sid(text), "{text}");
        }
    }
}
