//! Twilio's reports on messages that it has taken.

use std::fmt;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use url::Url;
use uuid::Uuid;

use super::account::is_message_sid;
use super::fault;

/// Where reports come in, and how to tell that they are Twilio's.
#[derive(Clone)]
pub struct Callbacks {
    key: hmac::Key,
    base: String,
    /// The base as Twilio may have spelt it when it signed: its own libraries, too, try the port
    /// with and without.
    other_base: String,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The message, by the name that Twilio gave it: as in its receipt.
    pub reference: String,
    /// What became of it.
    pub state: ReportState,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportState {
    /// The telephone has it.
    Delivered,
    /// Nobody will get it.
    Undelivered {
        /// Twilio's number for the reason, where it gives one.
        code: Option<u32>,
        /// Whether the reason is the person's number, and will still be one next time.
        permanent: bool,
    },
    /// Neither yet.
    OnItsWay,
}

impl Callbacks {
    /// Reports come in below `public_url`, signed with the account's `auth_token`. An API key's
    /// secret would not do: Twilio does not sign with those.
    #[must_use]
    pub fn new(auth_token: &SecretString, public_url: &Url) -> Self {
        let token = auth_token.expose_secret().as_bytes();
        Self {
            // Twilio's choice, not ours. HMAC does not lean on what is broken about SHA-1.
            key: hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token),
            base: public_url.as_str().trim_end_matches('/').to_owned(),
            other_base: with_other_port(public_url),
        }
    }

    /// Where Twilio shall report on a delivery.
    #[must_use]
    pub fn url_for(&self, delivery: Uuid) -> String {
        url(&self.base, delivery)
    }

    /// Reads a report on `delivery`; `None` unless it is signed by Twilio, and is one.
    ///
    /// The signature covers the URL by which Twilio called. That is the one it was given, however
    /// a proxy has rewritten the request since, and so a report cannot be turned on another
    /// delivery.
    #[must_use]
    pub fn read(
        &self,
        delivery: Uuid,
        signature: &str,
        form: &[(String, String)],
    ) -> Option<Report> {
        let signature = STANDARD.decode(signature).ok()?;
        // Compares in constant time.
        let is_signed = |base: &String| {
            let signed = signed_text(&url(base, delivery), form);
            hmac::verify(&self.key, signed.as_bytes(), &signature).is_ok()
        };
        if ![&self.base, &self.other_base].into_iter().any(is_signed) {
            return None;
        }

        let field = |wanted: &str| {
            let mut fields = form.iter();
            fields.find_map(|(name, value)| (name == wanted).then_some(value.as_str()))
        };
        let reference = field("MessageSid").filter(|sid| is_message_sid(sid))?;
        let code = field("ErrorCode").and_then(|code| code.parse().ok());
        Some(Report {
            reference: reference.to_owned(),
            state: state(field("MessageStatus")?, code),
        })
    }
}

/// Holds a key.
impl fmt::Debug for Callbacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Callbacks(…)")
    }
}

fn url(base: &str, delivery: Uuid) -> String {
    format!("{base}/callbacks/twilio/{delivery}")
}

/// Without its port where it has one, and with the usual one where it has none.
fn with_other_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = match url.port() {
        Some(_) => None,
        None => url.port_or_known_default(),
    };
    let port = port.map_or_else(String::new, |port| format!(":{port}"));
    let path = url.path().trim_end_matches('/');
    format!("{}://{host}{port}{path}", url.scheme())
}

/// `read` is `WhatsApp`'s two blue ticks. What Twilio may invent later is neither good nor bad.
fn state(status: &str, code: Option<u32>) -> ReportState {
    match status {
        "delivered" | "read" => ReportState::Delivered,
        "undelivered" | "failed" | "canceled" => ReportState::Undelivered {
            code,
            permanent: code.is_some_and(fault::is_permanent),
        },
        _ => ReportState::OnItsWay,
    }
}

/// The URL, and then every field's name and value, sorted, with nothing between them.
fn signed_text(url: &str, form: &[(String, String)]) -> String {
    let mut fields: Vec<_> = form.iter().collect();
    fields.sort();
    let fields = fields.into_iter();
    fields.fold(url.to_owned(), |text, (name, value)| text + name + value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SID: &str = "SM0123456789abcdef0123456789abcdef";

    fn callbacks() -> Callbacks {
        let url = Url::parse("https://id.example.com/auth/").unwrap();
        Callbacks::new(&SecretString::from("12345"), &url)
    }

    fn form(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        fields.iter().map(owned).collect()
    }

    fn sign(callbacks: &Callbacks, delivery: Uuid, form: &[(String, String)]) -> String {
        let text = signed_text(&callbacks.url_for(delivery), form);
        STANDARD.encode(hmac::sign(&callbacks.key, text.as_bytes()))
    }

    fn reported(fields: &[(&str, &str)]) -> Option<ReportState> {
        let (callbacks, form) = (callbacks(), form(fields));
        let signature = sign(&callbacks, Uuid::nil(), &form);
        let report = callbacks.read(Uuid::nil(), &signature, &form)?;
        assert_eq!(report.reference, SID);
        Some(report.state)
    }

    /// From Twilio's own page on its signatures.
    #[test]
    fn the_signature_is_the_one_that_twilio_documents() {
        let form = form(&[
            ("To", "+18005551212"),
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675310"),
            ("Digits", "1234"),
            ("From", "+14158675310"),
        ]);
        let text = signed_text("https://mycompany.com/myapp.php?foo=1&bar=2", &form);
        let signature = STANDARD.encode(hmac::sign(&callbacks().key, text.as_bytes()));
        assert_eq!(signature, "GvWf1cFY/Q7PnoempGyD5oXAezc=");
    }

    #[test]
    fn a_report_tells_what_became_of_the_message() {
        let sid = ("MessageSid", SID);
        let told = |status| reported(&[sid, ("MessageStatus", status)]);
        assert_eq!(told("delivered"), Some(ReportState::Delivered));
        assert_eq!(told("read"), Some(ReportState::Delivered));
        for status in ["queued", "sent", "teleported"] {
            assert_eq!(told(status), Some(ReportState::OnItsWay), "{status}");
        }
        for (code, permanent) in [("30005", true), ("30003", false)] {
            let fields = [sid, ("MessageStatus", "undelivered"), ("ErrorCode", code)];
            let code = code.parse().ok();
            let wanted = ReportState::Undelivered { code, permanent };
            assert_eq!(reported(&fields), Some(wanted));
        }
    }

    #[test]
    fn a_report_that_names_no_message_is_none() {
        assert_eq!(reported(&[("MessageStatus", "delivered")]), None);
        assert_eq!(reported(&[("MessageSid", SID)]), None);
        let odd = [("MessageSid", "SM1"), ("MessageStatus", "delivered")];
        assert_eq!(reported(&odd), None);
    }

    #[test]
    fn a_forged_or_altered_or_redirected_report_is_refused() {
        let (callbacks, other) = (callbacks(), Uuid::from_u128(1));
        let fields = form(&[("MessageSid", SID), ("MessageStatus", "failed")]);
        let signature = sign(&callbacks, Uuid::nil(), &fields);
        assert!(callbacks.read(Uuid::nil(), &signature, &fields).is_some());
        assert!(callbacks.read(other, &signature, &fields).is_none());
        for forged in ["", "====", "AAAA", &signature[..27]] {
            assert!(callbacks.read(Uuid::nil(), forged, &fields).is_none());
        }
        let altered = form(&[("MessageSid", SID), ("MessageStatus", "delivered")]);
        assert!(callbacks.read(Uuid::nil(), &signature, &altered).is_none());
    }

    #[test]
    fn the_port_may_be_signed_or_not() {
        for (given, other) in [
            (
                "https://id.example.com/auth/",
                "https://id.example.com:443/auth",
            ),
            ("https://id.example.com:8443", "https://id.example.com"),
        ] {
            let url = Url::parse(given).unwrap();
            let token = SecretString::from("12345");
            let (callbacks, signing) = (
                Callbacks::new(&token, &url),
                Callbacks {
                    base: other.to_owned(),
                    ..Callbacks::new(&token, &url)
                },
            );
            let fields = form(&[("MessageSid", SID), ("MessageStatus", "sent")]);
            let signature = sign(&signing, Uuid::nil(), &fields);
            let report = callbacks.read(Uuid::nil(), &signature, &fields);
            assert!(report.is_some(), "{given}");
        }
    }

    #[test]
    fn reports_come_in_below_the_public_url() {
        let url = callbacks().url_for(Uuid::nil());
        let wanted =
            "https://id.example.com/auth/callbacks/twilio/00000000-0000-0000-0000-000000000000";
        assert_eq!(url, wanted);
    }
}
