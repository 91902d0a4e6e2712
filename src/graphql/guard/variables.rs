//! How much the variables of a request may hold.

use async_graphql::{Value, Variables};

use super::Refusal;

/// Values of any kind, in all variables together. The largest real request has a dozen.
///
/// The validator copies a variable once for each use: two hundred uses of a list that fills the body
/// cost it a fifth of a second.
const MAX_VALUES: usize = 256;

/// Admits `variables`, if they hold few enough values.
///
/// # Errors
///
/// [`Refusal::TooComplex`] if they hold more.
pub fn admit_variables(variables: &Variables) -> Result<(), Refusal> {
    let mut left = MAX_VALUES;
    let mut open: Vec<&Value> = variables.values().collect();
    while let Some(value) = open.pop() {
        left = left.checked_sub(1).ok_or(Refusal::TooComplex)?;
        match value {
            Value::List(values) => open.extend(values),
            Value::Object(fields) => open.extend(fields.values()),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_count_wherever_they_are() {
        let admit = |json| admit_variables(&Variables::from_json(json));
        assert_eq!(admit(json!({})), Ok(()));
        assert_eq!(admit(json!({ "a": vec![0; 254], "b": {} })), Ok(()));
        assert_eq!(
            admit(json!({ "a": vec![0; 255], "b": {} })),
            Err(Refusal::TooComplex)
        );
        assert_eq!(admit(json!({ "a": { "b": vec![[0]; 127] } })), Ok(()));
        assert_eq!(
            admit(json!({ "a": { "b": vec![[0]; 128] } })),
            Err(Refusal::TooComplex)
        );
    }
}
