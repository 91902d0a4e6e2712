//! Who writes on `WhatsApp`, and in which words.

use super::chain::{self, CourierName, TO_TELEPHONES};
use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;
use super::twilio::{is_e164, sid};
use crate::delivery::twilio::WhatsappSettings;

const CHAIN: Key = Key {
    name: "whatsapp.chain",
    default: Default::Is("none"),
    doc: "Who carries messages on WhatsApp, the first choice first; `none` for no WhatsApp.",
};

const FROM: Key = Key {
    name: "whatsapp.from",
    default: Default::Unset,
    doc: "The WhatsApp sender's number.",
};

const CONTENT_SID: Key = Key {
    name: "whatsapp.content_sid",
    default: Default::Unset,
    doc: "The approved authentication template, its first variable the code. Without it WhatsApp takes messages only to people who wrote to the sender within a day.",
};

pub(super) fn chain(reader: &mut Reader) -> Vec<CourierName> {
    chain::read(reader, &CHAIN, TO_TELEPHONES)
}

/// Reads and judges the keys even when nothing goes out on `WhatsApp`; `needed` says that it does,
/// and what is missing is then a problem. `None` when something is.
pub(super) fn read(reader: &mut Reader, needed: bool) -> Option<WhatsappSettings> {
    let number = Form::new("a number such as `+4915112345678`", |text| {
        is_e164(text).then(|| text.to_owned())
    });
    let from = reader.optional(&FROM, &number);
    let content_sid = reader.optional(&CONTENT_SID, &sid("HX"));
    if needed && from.is_none() {
        let remedy = format!(
            "Give {}: the one that Twilio knows as a sender.",
            number.wanted
        );
        reader.missing(&FROM, "messages go out on WhatsApp", remedy);
    }
    Some(WhatsappSettings {
        from: from?,
        content_sid,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::section;

    #[test]
    fn whatsapp_has_a_sender_and_perhaps_a_template() {
        let toml = "whatsapp = { from = '+4915112345678', content_sid = 'HX0123456789abcdef0123456789abcdef' }";
        let (settings, problems) = section(toml, |reader| read(reader, true));
        assert_eq!(problems, [""; 0]);
        assert!(settings.unwrap().content_sid.is_some());

        let needed = |toml, needed| section(toml, |reader| read(reader, needed)).1;
        assert_eq!(needed("", true), ["whatsapp.from"]);
        assert_eq!(needed("", false), [""; 0]);
        assert_eq!(
            needed("whatsapp.from = 'Example'", false),
            ["whatsapp.from"]
        );
        let template = "whatsapp.content_sid = 'login_code'";
        assert_eq!(needed(template, false), ["whatsapp.content_sid"]);
    }
}
