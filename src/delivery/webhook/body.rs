//! What a webhook says. `docs/webhook.schema.json` describes it.

use serde::Serialize;

use crate::delivery::{Message, Wording};
use crate::domain::{OtpCode, Timestamp};

/// The body of the request, as of `now`.
pub(super) fn json(message: &Message, now: Timestamp) -> String {
    let (subject, html) = match &message.wording {
        Wording::Mail { subject, html, .. } => (Some(subject.as_str()), Some(html.as_str())),
        Wording::Text(_) => (None, None),
    };
    let body = Body {
        r#type: format!("message.{}", message.purpose.as_str()),
        timestamp: now.to_string(),
        data: Data {
            id: message.id.to_string(),
            channel: message.channel.as_str(),
            to: message.contact.deliverable(),
            code: message.purpose.code().map(OtpCode::reveal),
            expires_at: message.expires_at.to_string(),
            text: message.wording.text(),
            subject,
            html,
        },
    };
    serde_json::to_string(&body).expect("text and null are JSON")
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: String,
    timestamp: String,
    data: Data<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    id: String,
    channel: &'static str,
    to: &'a str,
    code: Option<&'a str>,
    expires_at: String,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<&'a str>,
}
