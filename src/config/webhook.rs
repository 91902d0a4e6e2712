//! The gateway of one's own that messages are posted to.

use std::time::Duration;

use secrecy::ExposeSecret;

use super::endpoint;
use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;
use crate::delivery::webhook::{WebhookSecret, WebhookSettings};
use crate::domain::targets::Targets;

const URL: Key = Key {
    name: "webhook.url",
    default: Default::Unset,
    doc: "The gateway of your own that messages are posted to. Production asks for https, except to this very machine.",
};

const SECRET: Key = Key {
    name: "webhook.secret",
    default: Default::Unset,
    doc: "What requests to the gateway are signed with. To rotate, give a list, newest first: all of them sign.",
};

const TIMEOUT: Key = Key {
    name: "webhook.timeout",
    default: Default::Is("10s"),
    doc: "How long the gateway may take to answer.",
};

const WANTED: &str = "`whsec_` and base64 of 24 to 64 bytes, or a list of such, newest first";
const MAKE_A_SECRET: &str = "Make one with `echo \"whsec_$(openssl rand -base64 32)\"` and give it in a file, as `webhook.secret_file`.";

/// Reads and judges the keys even when nothing goes to a gateway; `needed` says that something
/// does, and what is missing is then a problem. `None` when something is.
pub(super) fn read(
    reader: &mut Reader,
    needed: bool,
    targets: &Targets,
) -> Option<WebhookSettings> {
    let url = reader.optional(&URL, &endpoint::form());
    let secrets = secrets(reader);
    let timeout = Form::duration(Duration::from_secs(1)..=Duration::from_mins(1));
    let timeout = reader.value(&TIMEOUT, &timeout);

    if needed {
        let because = "messages go out by webhook";
        match &url {
            None => reader.missing(&URL, because, "Give the URL of your gateway."),
            Some(url) => endpoint::judge(reader, &URL, url, targets),
        }
        if secrets.is_empty() {
            reader.missing(&SECRET, because, MAKE_A_SECRET);
        }
    }
    if secrets.is_empty() {
        return None;
    }
    Some(WebhookSettings {
        url: url?,
        secrets,
        timeout,
        targets: targets.clone(),
    })
}

fn secrets(reader: &mut Reader) -> Vec<WebhookSecret> {
    let texts = reader.secrets(&SECRET, WANTED);
    let mut secrets = Vec::with_capacity(texts.len());
    for (position, text) in texts.iter().enumerate() {
        match WebhookSecret::parse(text.expose_secret()) {
            Some(secret) => secrets.push(secret),
            None => reader.refuse(
                SECRET.name,
                format!(
                    "number {} is not `whsec_` and base64 of 24 to 64 bytes",
                    position + 1
                ),
                MAKE_A_SECRET,
            ),
        }
    }
    secrets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::targets;
    use crate::config::tests::section;

    const SECRETS: &str = "webhook.secret = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD, whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'";

    fn keys(toml: &str, needed: bool) -> Vec<String> {
        section(toml, |reader| {
            let targets = targets::read(reader);
            read(reader, needed, &targets)
        })
        .1
    }

    #[test]
    fn a_gateway_has_a_url_and_secrets() {
        let toml = format!("webhook.url = 'https://gateway.test/take?from=us'\n{SECRETS}");
        let (settings, problems) = section(&toml, |reader| read(reader, true, &Targets::Anywhere));
        assert_eq!(problems, [""; 0]);
        assert_eq!(settings.unwrap().secrets.len(), 2);

        assert_eq!(keys("", false), [""; 0]);
        assert_eq!(keys("", true), ["webhook.url", "webhook.secret"]);
        assert_eq!(
            keys("webhook.secret = 'whsec_c2hvcnQ='", false),
            ["webhook.secret"]
        );
        assert_eq!(keys("webhook.url = 'gateway.test'", false), ["webhook.url"]);
    }

    #[test]
    fn production_sends_no_code_in_clear_text() {
        for (url, problems) in [
            ("http://gateway.test", vec!["webhook.url"]),
            ("http://localhost:9000", vec![]),
            ("https://gateway.test", vec![]),
        ] {
            let here = "delivery.allow_private_targets = '127.0.0.1'";
            let toml = format!("env = 'production'\nwebhook.url = '{url}'\n{SECRETS}\n{here}");
            assert_eq!(keys(&toml, true), problems, "{url}");
        }
    }
}
