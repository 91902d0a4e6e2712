//! Scalars that GraphQL does not have of itself. All of them only ever go out. (The schema takes its
//! description from above the `impl`.)

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

use crate::domain;

/// A moment in UTC, as in RFC 3339: `2026-11-23T12:34:56.789Z`.
pub struct DateTime(pub domain::Timestamp);

/// A moment in UTC, as in RFC 3339: `2026-11-23T12:34:56.789Z`.
#[Scalar(specified_by_url = "https://scalars.graphql.org/andimarek/date-time.html")]
impl ScalarType for DateTime {
    fn parse(_: Value) -> InputValueResult<Self> {
        Err(only_output())
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A verified e-mail address, as its owner typed it: `Ada@example.com`.
pub struct EmailAddress(pub domain::EmailAddress);

/// A verified e-mail address, as its owner typed it: `Ada@example.com`.
#[Scalar(specified_by_url = "https://html.spec.whatwg.org/#valid-e-mail-address")]
impl ScalarType for EmailAddress {
    fn parse(_: Value) -> InputValueResult<Self> {
        Err(only_output())
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.as_typed().to_owned())
    }
}

/// A verified telephone number in E.164: `+447911123456`.
pub struct PhoneNumber(pub domain::PhoneNumber);

/// A verified telephone number in E.164: `+447911123456`.
#[Scalar(specified_by_url = "https://www.itu.int/rec/T-REC-E.164")]
impl ScalarType for PhoneNumber {
    fn parse(_: Value) -> InputValueResult<Self> {
        Err(only_output())
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.as_e164().to_owned())
    }
}

fn only_output<T: async_graphql::InputType>() -> InputValueError<T> {
    InputValueError::custom("This scalar is never an input.")
}
