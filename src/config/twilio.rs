//! The Twilio account that text messages and `WhatsApp` go through.

use std::time::Duration;

use secrecy::SecretString;

use super::endpoint;
use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;
use crate::delivery::twilio::{Sender, TwilioSettings};
use crate::domain::targets::Targets;

const ACCOUNT_SID: Key = Key {
    name: "twilio.account_sid",
    default: Default::Unset,
    doc: "The Twilio account, for `twilio` in `sms.chain` and `whatsapp.chain`.",
};

const AUTH_TOKEN: Key = Key {
    name: "twilio.auth_token",
    default: Default::Unset,
    doc: "The account's auth token. Only with it can Twilio report what became of a message.",
};

const API_KEY_SID: Key = Key {
    name: "twilio.api_key_sid",
    default: Default::Unset,
    doc: "An API key to sign in with rather than the auth token; it can be revoked by itself.",
};

const API_KEY_SECRET: Key = Key {
    name: "twilio.api_key_secret",
    default: Default::Unset,
    doc: "That API key's secret.",
};

const FROM: Key = Key {
    name: "twilio.from",
    default: Default::Unset,
    doc: "The sender of text messages that people see.",
};

const MESSAGING_SERVICE_SID: Key = Key {
    name: "twilio.messaging_service_sid",
    default: Default::Unset,
    doc: "A messaging service that chooses the sender of text messages, instead of `twilio.from`.",
};

const API_URL: Key = Key {
    name: "twilio.api_url",
    default: Default::Is("https://api.twilio.com"),
    doc: "Twilio's API, or the one of a region. Production asks for https, except to this very machine.",
};

const TIMEOUT: Key = Key {
    name: "twilio.timeout",
    default: Default::Is("10s"),
    doc: "How long Twilio may take to answer.",
};

/// Reads and judges the keys even when nothing goes through Twilio; `sms` and `whatsapp` say what
/// does, and what is missing is then a problem. `None` when something is.
pub(super) fn read(
    reader: &mut Reader,
    sms: bool,
    whatsapp: bool,
    targets: &Targets,
) -> Option<TwilioSettings> {
    let account_sid = reader.optional(&ACCOUNT_SID, &sid("AC"));
    let auth_token = reader.secret(&AUTH_TOKEN, "an auth token");
    let api_key_sid = reader.optional(&API_KEY_SID, &sid("SK"));
    let api_key_secret = reader.secret(&API_KEY_SECRET, "an API key's secret");
    let sender = sender(reader);
    let api_url = reader.value(&API_URL, &endpoint::form());
    let timeout = Form::duration(Duration::from_secs(1)..=Duration::from_mins(1));
    let timeout = reader.value(&TIMEOUT, &timeout);

    if sms || whatsapp {
        let because = "messages go out through Twilio";
        if account_sid.is_none() {
            let remedy = "Give the account's SID; Twilio's console shows it.";
            reader.missing(&ACCOUNT_SID, because, remedy);
        }
        if sms && sender.is_none() && !reader.is_refused(&MESSAGING_SERVICE_SID) {
            let remedy = "Give a sender, or a `twilio.messaging_service_sid`.";
            reader.missing(&FROM, because, remedy);
        }
        credentials(
            reader,
            api_key_sid.as_deref(),
            api_key_secret.as_ref(),
            auth_token.as_ref(),
        );
        endpoint::judge(reader, &API_URL, &api_url, targets);
    }
    let api_key = api_key_sid.zip(api_key_secret);
    if api_key.is_none() && auth_token.is_none() {
        return None;
    }
    Some(TwilioSettings {
        api_url,
        account_sid: account_sid?,
        auth_token,
        api_key,
        sender,
        timeout,
        targets: targets.clone(),
    })
}

fn credentials(
    reader: &mut Reader,
    key_sid: Option<&str>,
    key_secret: Option<&SecretString>,
    token: Option<&SecretString>,
) {
    match (key_sid, key_secret, token) {
        (Some(_), None, _) => reader.missing(
            &API_KEY_SECRET,
            "`twilio.api_key_sid` is given",
            "Give it in a file, as `twilio.api_key_secret_file`.",
        ),
        (None, Some(_), _) => reader.missing(
            &API_KEY_SID,
            "an API key's secret is given",
            "Name the API key whose secret it is.",
        ),
        (None, None, None) => reader.missing(
            &AUTH_TOKEN,
            "messages go out through Twilio",
            "Give it in a file, as `twilio.auth_token_file`, or give an API key.",
        ),
        (Some(_), Some(_), _) | (None, None, Some(_)) => {}
    }
}

fn sender(reader: &mut Reader) -> Option<Sender> {
    let from = reader.optional(&FROM, &from_form());
    let service = reader.optional(&MESSAGING_SERVICE_SID, &sid("MG"));
    if from.is_some() && service.is_some() {
        reader.refuse(
            FROM.name,
            "stands beside `twilio.messaging_service_sid`, which chooses the sender",
            "Keep one or the other.",
        );
    }
    from.map(Sender::From).or(service.map(Sender::Service))
}

fn from_form() -> Form<String> {
    Form::new(
        "a number such as `+4915112345678`, a short code, or a name of up to 11 letters and digits",
        |text| {
            let is_short_code =
                (4..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
            let is_name = (1..=11).contains(&text.len())
                && text.bytes().any(|byte| byte.is_ascii_alphabetic())
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b' ');
            (is_e164(text) || is_short_code || is_name).then(|| text.to_owned())
        },
    )
}

/// A number as Twilio wants it. Whether it is anybody's is for Twilio to say.
pub(super) fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// A name that Twilio gave something: two letters and 32 hexadecimal digits.
pub(super) fn sid(prefix: &'static str) -> Form<String> {
    let wanted = format!("`{prefix}` and 32 hexadecimal digits");
    Form::new(wanted, move |text| {
        let digits = text.strip_prefix(prefix)?;
        (digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .then(|| text.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::targets;
    use crate::config::tests::section;

    const HEX: &str = "0123456789abcdef0123456789abcdef";

    fn keys(toml: &str, sms: bool, whatsapp: bool) -> Vec<String> {
        section(toml, |reader| {
            let targets = targets::read(reader);
            read(reader, sms, whatsapp, &targets)
        })
        .1
    }

    fn account(more: &str) -> String {
        format!("[twilio]\naccount_sid = 'AC{HEX}'\n{more}")
    }

    #[test]
    fn an_account_has_a_token_or_a_key_and_text_messages_have_a_sender() {
        let with_token = account("auth_token = 'hunter2'\nfrom = 'Example'");
        let (settings, problems) = section(&with_token, |reader| {
            read(reader, true, false, &Targets::Anywhere)
        });
        assert_eq!(problems, [""; 0]);
        let settings = settings.unwrap();
        assert_eq!(settings.sender, Some(Sender::From("Example".to_owned())));
        assert_eq!(settings.api_url.as_str(), "https://api.twilio.com/");
        assert!(!format!("{settings:?}").contains("hunter2"));

        let service = format!("messaging_service_sid = 'MG{HEX}'");
        let key = format!("api_key_sid = 'SK{HEX}'\napi_key_secret = 'hunter2'");
        let with_key = account(&format!("{key}\n{service}"));
        assert_eq!(keys(&with_key, true, true), [""; 0]);
        assert_eq!(keys(&account(&key), false, true), [""; 0]);
    }

    #[test]
    fn what_is_missing_is_a_problem_only_when_it_is_needed() {
        assert_eq!(keys("", false, false), [""; 0]);
        let missing = ["twilio.account_sid", "twilio.from", "twilio.auth_token"];
        assert_eq!(keys("", true, false), missing);
        let half = account(&format!("api_key_sid = 'SK{HEX}'\nfrom = '+15005550006'"));
        assert_eq!(keys(&half, true, false), ["twilio.api_key_secret"]);
        let other_half = account("api_key_secret = 'x'\nfrom = '12345'");
        assert_eq!(keys(&other_half, true, false), ["twilio.api_key_sid"]);
    }

    #[test]
    fn what_is_given_is_judged_though_nobody_needs_it() {
        for (given, key) in [
            ("account_sid = 'AC1'", "twilio.account_sid"),
            ("from = 'A name too long'", "twilio.from"),
            ("from = '+049151'", "twilio.from"),
            ("api_url = 'ftp://twilio.test'", "twilio.api_url"),
            ("api_url = 'https://me:pw@twilio.test'", "twilio.api_url"),
            ("timeout = '2m'", "twilio.timeout"),
        ] {
            assert_eq!(
                keys(&format!("twilio.{given}"), false, false),
                [key],
                "{given}"
            );
        }
        let both = account(&format!(
            "from = 'Example'\nmessaging_service_sid = 'MG{HEX}'"
        ));
        assert_eq!(keys(&both, false, false), ["twilio.from"]);
    }

    #[test]
    fn production_sends_no_code_in_clear_text() {
        let sound = account("auth_token = 'x'\nfrom = 'Example'\napi_url = ");
        for (url, problems) in [
            ("'http://twilio.test'", vec!["twilio.api_url"]),
            ("'http://127.0.0.1:4010'", vec![]),
            ("'http://[::1]:4010'", vec![]),
            ("'https://twilio.test'", vec![]),
        ] {
            let here = "delivery.allow_private_targets = '127.0.0.1, ::1'";
            let toml = format!("env = 'production'\n{here}\n{sound}{url}");
            assert_eq!(keys(&toml, true, false), problems, "{url}");
        }
    }
}
