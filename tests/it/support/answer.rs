//! What the server answered.

use axum::body::Body;
use axum::http::{HeaderMap, Response, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;

/// What only a defect, or a database that speaks to the client, would say. In lower case.
const FAULTS: [&str; 12] = [
    "internal_server_error",
    "panicked",
    "sql",
    "postgres",
    "sea_orm",
    "database",
    "constraint",
    "select ",
    "insert ",
    "update ",
    "delete ",
    "encoding",
];

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    /// `null` when the body is not JSON.
    pub json: Value,
}

impl Answer {
    /// Reads the body.
    pub async fn read(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a whole body").to_bytes();
        let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self {
            status: parts.status,
            headers: parts.headers,
            text,
            json,
        }
    }

    /// The header `name`, or nothing.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("ASCII"))
    }

    /// Panics unless this is a typed answer to a request that may be any rubbish: JSON, no fault
    /// of the server's, and nothing in it that a database would say.
    #[track_caller]
    pub fn assert_sound(&self) {
        let text = self.text.to_lowercase();
        assert!(!self.status.is_server_error(), "{}: {text}", self.status);
        assert!(self.json.is_object(), "{}: {text}", self.status);
        for word in FAULTS {
            assert!(!text.contains(word), "{}: {text}", self.status);
        }
    }

    /// The value at `path` below `data`, such as `me/email`. `null` when there is none.
    pub fn data(&self, path: &str) -> &Value {
        self.json
            .pointer(&format!("/data/{path}"))
            .unwrap_or(&Value::Null)
    }

    /// The text at `path` below `data`.
    pub fn text_at(&self, path: &str) -> String {
        let value = self.data(path).as_str();
        value
            .unwrap_or_else(|| panic!("no text at {path} in {}", self.text))
            .to_owned()
    }

    /// `errors[0].extensions.code`.
    pub fn error_code(&self) -> Option<&str> {
        self.json.pointer("/errors/0/extensions/code")?.as_str()
    }

    /// `errors[0].extensions.reason`.
    pub fn reason(&self) -> Option<&str> {
        self.json.pointer("/errors/0/extensions/reason")?.as_str()
    }

    /// `userErrors[0]` of the payload of `field`.
    pub fn user_error(&self, field: &str) -> &Value {
        self.data(&format!("{field}/userErrors/0"))
    }

    /// `userErrors[0].code` of the payload of `field`.
    pub fn user_error_code(&self, field: &str) -> Option<&str> {
        self.user_error(field).get("code")?.as_str()
    }
}
