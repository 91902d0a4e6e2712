//! An event as a line, for people and for machines.

use serde::Serialize;

use crate::domain::audit::Event;
use crate::domain::contact_hash::ContactHash;
use crate::domain::device::Label;

/// For machines. Every key is always there. Documented in `docs/operating/audit.md`.
#[derive(Serialize)]
struct Record<'a> {
    id: String,
    at: String,
    kind: &'a str,
    outcome: Option<&'a str>,
    user_id: Option<String>,
    session_id: Option<String>,
    contact_hash: Option<&'a str>,
    ip_address: Option<String>,
    user_agent: Option<&'a str>,
    request_id: Option<String>,
}

impl<'a> Record<'a> {
    fn of(event: &'a Event) -> Self {
        Self {
            id: event.id.to_string(),
            at: event.at.to_string(),
            kind: event.what.kind(),
            outcome: event.what.outcome(),
            user_id: event.user.map(|user| user.0.to_string()),
            session_id: event.session.map(|session| session.0.to_string()),
            contact_hash: event.contact.as_ref().map(ContactHash::as_str),
            ip_address: event.ip_address.map(|ip| ip.to_string()),
            user_agent: event.user_agent.as_ref().map(Label::as_str),
            request_id: event.request_id.map(|id| id.0.to_string()),
        }
    }
}

/// A JSON object.
pub fn json(event: &Event) -> String {
    serde_json::to_string(&Record::of(event)).expect("text and nulls are JSON")
}

/// Time, what happened, and whatever else is known.
pub fn line(event: &Event) -> String {
    let record = Record::of(event);
    let outcome = record.outcome.unwrap_or_default();
    let mut line = format!("{}  {:<20} {outcome:<19}", record.at, record.kind);
    for (name, value) in [
        ("user", record.user_id.as_deref()),
        ("session", record.session_id.as_deref()),
        ("contact", record.contact_hash),
        ("from", record.ip_address.as_deref()),
        ("request", record.request_id.as_deref()),
        // Last: it may contain anything.
        ("agent", record.user_agent),
    ] {
        if let Some(value) = value {
            line = format!("{line} {name}={value}");
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::audit::{End, What};
    use crate::domain::{SessionId, Timestamp, UserId};

    #[test]
    fn people_read_a_line_and_machines_an_object() {
        let event = Event {
            id: Uuid::from_u128(1),
            at: Timestamp::from_micros(1_700_000_000_123_456),
            what: What::SessionEnded(End::Logout),
            user: Some(UserId(Uuid::from_u128(2))),
            session: Some(SessionId(Uuid::from_u128(3))),
            contact: None,
            ip_address: Some([192, 0, 2, 7].into()),
            user_agent: Label::clean("it \"1.0\""),
            request_id: None,
        };
        assert_eq!(
            line(&event),
            "2023-11-14T22:13:20.123Z  session_ended        logout              \
             user=00000000-0000-0000-0000-000000000002 \
             session=00000000-0000-0000-0000-000000000003 from=192.0.2.7 agent=it \"1.0\""
        );
        let object: serde_json::Value = serde_json::from_str(&json(&event)).unwrap();
        assert_eq!(object["kind"], "session_ended");
        assert_eq!(object["user_agent"], "it \"1.0\"");
        assert!(object["contact_hash"].is_null());
    }
}
