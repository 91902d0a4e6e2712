//! What of an error the client is told.
//!
//! async-graphql quotes values in its messages: an enum literal, or whatever was found where another
//! type was expected. Here a value may be a one-time code or a refresh token, and messages end up in
//! logs and in error trackers. So its messages pass only in the forms known to quote names.

use async_graphql::ServerError;

/// Gives `error` a code, if it has none, and takes values out of its message.
pub(super) fn disclosed(mut error: ServerError) -> ServerError {
    let coded = error
        .extensions
        .as_ref()
        .is_some_and(|extensions| extensions.get("code").is_some());
    let (code, message) = if quotes_input(&error.message) {
        ("BAD_USER_INPUT", Some(UNFIT_VALUE.to_owned()))
    } else if coded {
        // One of ours: its message was written for the client.
        return error;
    } else if error.path.is_empty() {
        (
            "GRAPHQL_VALIDATION_FAILED",
            validation_message(&error.message),
        )
    } else if is_undefined_variable(&error.message) {
        ("BAD_USER_INPUT", None)
    } else {
        ("INTERNAL_SERVER_ERROR", Some(INTERNAL.to_owned()))
    };
    error.extensions.get_or_insert_default().set("code", code);
    if let Some(message) = message {
        error.message = message;
    }
    error
}

const UNFIT_VALUE: &str = "A value does not fit the type of its argument.";
const INVALID: &str = "The document is not valid for this schema.";
const INTERNAL: &str = "Something went wrong on our side.";

/// How the messages begin that quote nothing but names of the document and of the schema.
const HARMLESS: [&str; 16] = [
    "Cannot spread fragment \"",
    "Directive \"",
    "Duplicate directive \"",
    "Field \"",
    "Fields \"",
    "Fragment \"",
    "Fragment cannot ",
    "Schema is not configured for ",
    "The recursion depth of the query cannot be greater than ",
    "There can only be one ",
    "Unknown argument \"",
    "Unknown directive \"",
    "Unknown field \"",
    "Unknown fragment: \"",
    "Unknown type \"",
    "Variable \"",
];

/// How the messages begin that tell of a value, with the path to it in quotes and then the reason.
const ABOUT_A_VALUE: [&str; 2] = [
    "Invalid value for argument \"",
    "Invalid default value for argument: \"",
];

/// How the reasons begin that quote only names of the schema. The others quote an enum value, or the
/// key of an object, which in the variables can be any text.
const HARMLESS_REASONS: [&str; 3] = ["expected type \"", "field \"", "Oneof "];

/// How every `InputValueError` begins. It goes on with the value.
fn quotes_input(message: &str) -> bool {
    ["Expected input type \"", "Failed to parse \""]
        .iter()
        .any(|prefix| message.starts_with(prefix))
}

fn is_undefined_variable(message: &str) -> bool {
    message.starts_with("Variable ") && message.ends_with(" is not defined.")
}

/// What to say instead of the validator's `message`, unless it may be said as it is.
fn validation_message(message: &str) -> Option<String> {
    if let Some(prefix) = ABOUT_A_VALUE.iter().find(|it| message.starts_with(**it)) {
        let said = &message[prefix.len()..];
        return match said.split_once("\", ") {
            Some((_, reason)) if begins_with_any(reason, &HARMLESS_REASONS) => None,
            Some((path, _)) => Some(format!("{prefix}{path}\", it does not fit its type")),
            None => Some(INVALID.to_owned()),
        };
    }
    (!begins_with_any(message, &HARMLESS)).then(|| INVALID.to_owned())
}

fn begins_with_any(text: &str, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| text.starts_with(prefix))
}
