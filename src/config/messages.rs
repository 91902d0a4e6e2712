//! How messages are worded.

use std::path::PathBuf;

use url::Host;

use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;
use crate::delivery::templates::Style;
use crate::domain::Locale;
use crate::domain::device::Label;

/// How messages are worded.
#[derive(Clone, Debug)]
pub struct MessagesConfig {
    /// What they say besides their words.
    pub style: Style,
    /// Where the operator's own templates are.
    pub directory: Option<PathBuf>,
}

const BRAND: Key = Key {
    name: "messages.brand",
    default: Default::Is("Countersign"),
    doc: "Who messages are from, as people know you. With up to 20 characters an SMS in Latin letters is one message.",
};

const LANGUAGE: Key = Key {
    name: "messages.language",
    default: Default::Is("en"),
    doc: "The language for people of whom none is known, or none that there are messages in.",
};

const DIRECTORY: Key = Key {
    name: "messages.directory",
    default: Default::Unset,
    doc: "A folder with templates of your own, which override the built-in ones.",
};

const CODE_IN_SUBJECT: Key = Key {
    name: "messages.code_in_subject",
    default: Default::Is("true"),
    doc: "Whether the subject of an e-mail begins with the code, to be read without opening it.",
};

const SMS_DOMAIN: Key = Key {
    name: "sms.domain",
    default: Default::Unset,
    doc: "The site that browsers fill the code of a text message in on, and on no other.",
};

const SMS_ANDROID_HASH: Key = Key {
    name: "sms.android_hash",
    default: Default::Unset,
    doc: "The hash of the Android app that may read the code of a text message by itself.",
};

pub(super) fn read(reader: &mut Reader) -> MessagesConfig {
    let brand = Form::new("a name of 1 to 40 characters", |text| {
        let is_clean = Label::clean(text).is_some_and(|label| label.as_str() == text);
        (is_clean && text.chars().count() <= 40).then(|| text.to_owned())
    });
    let language = Form::new("a language tag (BCP 47), such as `pt-BR`", Locale::parse);
    let path = Form::new("a path", |text| (!text.is_empty()).then(|| text.into()));
    // Neither a scheme nor a port: the line that browsers look for has no room for them.
    let host = Form::new("a host name", |text| match Host::parse(text) {
        Ok(Host::Domain(name)) if !name.ends_with('.') => Some(name),
        _ => None,
    });
    let hash = Form::new("11 characters of base64", |text| {
        let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/');
        (text.len() == 11 && text.chars().all(is_base64)).then(|| text.to_owned())
    });
    MessagesConfig {
        style: Style {
            brand: reader.value(&BRAND, &brand),
            default_language: reader.value(&LANGUAGE, &language),
            code_in_subject: reader.value(&CODE_IN_SUBJECT, &Form::flag()),
            domain: reader.optional(&SMS_DOMAIN, &host),
            android_hash: reader.optional(&SMS_ANDROID_HASH, &hash),
        },
        directory: reader.optional(&DIRECTORY, &path),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::tests::{load, refused};

    #[test]
    fn what_would_spoil_a_message_is_refused() {
        for (toml, key) in [
            ("messages.brand = ''", "messages.brand"),
            ("messages.brand = \"Ex\\u202Eample\"", "messages.brand"),
            ("messages.brand = \"Ex\\nBcc: ample\"", "messages.brand"),
            ("messages.language = 'english please'", "messages.language"),
            ("sms.domain = 'https://example.com'", "sms.domain"),
            ("sms.domain = 'example.com:8443'", "sms.domain"),
            ("sms.domain = '192.0.2.1'", "sms.domain"),
            ("sms.domain = 'example.com #1'", "sms.domain"),
            ("sms.android_hash = 'FA+9qCX9VS'", "sms.android_hash"),
            ("sms.android_hash = 'FA+9qCX9VS='", "sms.android_hash"),
        ] {
            assert_eq!(refused(toml, &[]), [key], "{toml}");
        }
        let long = format!("messages.brand = '{}'", "ß".repeat(41));
        assert_eq!(refused(&long, &[]), ["messages.brand"]);
    }

    #[test]
    fn tags_and_hosts_get_their_usual_spelling() {
        let toml = "
            messages = { brand = 'Café & Söhne', language = 'PT-br', directory = 'messages' }
            sms = { domain = 'Login.Example.com', android_hash = 'FA+9qCX9VSu' }
        ";
        let messages = load(toml, &[]).unwrap().messages;
        assert_eq!(messages.style.brand, "Café & Söhne");
        assert_eq!(messages.style.default_language.as_str(), "pt-BR");
        assert_eq!(messages.style.domain.as_deref(), Some("login.example.com"));
        assert_eq!(messages.directory, Some("messages".into()));
    }
}
