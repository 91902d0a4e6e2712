//! JSON Schema, as far as ours goes: a keyword that is not known here fails, rather than to go
//! unchecked.

use serde_json::Value;

/// What is wrong with `value`, by its place.
pub fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    check(schema, value, "", &mut faults);
    faults
}

fn check(schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    for (keyword, rule) in schema.as_object().expect("a schema is an object") {
        let holds = match keyword.as_str() {
            "$schema" | "title" | "description" | "examples" | "then" => true,
            "type" => is_one_of(rule, |wanted| wanted == type_of(value)),
            "enum" => is_one_of(rule, |wanted| wanted == value),
            "const" => rule == value,
            "required" => is_all(rule, |name| value.get(name.as_str().unwrap()).is_some()),
            "properties" => {
                for (name, schema) in rule.as_object().unwrap() {
                    if let Some(value) = value.get(name) {
                        check(schema, value, &format!("{at}/{name}"), faults);
                    }
                }
                true
            }
            "if" => {
                if self::faults(rule, value).is_empty() {
                    check(&schema["then"], value, at, faults);
                }
                true
            }
            "format" => value.as_str().is_none_or(|text| has_format(text, rule)),
            "pattern" => value.as_str().is_none_or(|text| is_code(text, rule)),
            other => panic!("{other} at {at} is not checked"),
        };
        if !holds {
            faults.push(format!("{at}: {keyword}"));
        }
    }
}

fn is_one_of(rule: &Value, is: impl Fn(&Value) -> bool) -> bool {
    rule.as_array()
        .map_or_else(|| is(rule), |rules| rules.iter().any(&is))
}

fn is_all(rule: &Value, is: impl Fn(&Value) -> bool) -> bool {
    rule.as_array().unwrap().iter().all(is)
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn has_format(text: &str, format: &Value) -> bool {
    match format.as_str().unwrap() {
        "date-time" => chrono::DateTime::parse_from_rfc3339(text).is_ok(),
        "uuid" => uuid::Uuid::parse_str(text).is_ok(),
        other => panic!("{other} is not checked"),
    }
}

/// The one pattern that we have.
fn is_code(text: &str, pattern: &Value) -> bool {
    assert_eq!(pattern, "^[0-9]{6,8}$");
    (6..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}
