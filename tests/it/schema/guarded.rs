//! A walk over the schema: every way in is guarded, or on the short list of those that are not.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, Type, TypeDefinition, TypeKind,
};
use countersign::graphql::sdl;
use serde_json::Value;

use super::outline;
use crate::support::{Answer, TestServer};

/// Fields that somebody without credentials has a use for. Whoever adds one here has decided that
/// strangers may call it.
const PUBLIC: [(&str, &str); 5] = [
    ("query", "me"),
    ("mutation", "requestOtp"),
    ("mutation", "verifyOtp"),
    ("mutation", "refreshToken"),
    ("mutation", "logout"),
];

#[tokio::test]
async fn every_field_is_guarded_or_on_the_short_public_list() {
    let server = TestServer::start().await;
    let anonymous = server.anonymous();
    for call in calls() {
        let answer = anonymous.graphql(&call.document, Value::Null).await;
        assert!(was_executed(&answer), "{}: {}", call.document, answer.text);
        if !PUBLIC.contains(&(call.operation, call.field.as_str())) {
            let told = (answer.error_code(), answer.reason());
            let wanted = (Some("UNAUTHENTICATED"), Some("CREDENTIALS_MISSING"));
            assert_eq!(told, wanted, "{}: {}", call.document, answer.text);
        }
    }
}

#[tokio::test]
async fn every_guarded_field_tells_stale_credentials_what_is_wrong_with_them() {
    let server = TestServer::start().await;
    let stale = server.anonymous().with_bearer("e30.e30.e30");
    for call in calls() {
        let ignores = ["requestOtp", "verifyOtp", "refreshToken"].contains(&call.field.as_str());
        let answer = stale.graphql(&call.document, Value::Null).await;
        let is_told = answer.reason() == Some("TOKEN_INVALID");
        assert_eq!(is_told, !ignores, "{}: {}", call.document, answer.text);
    }
}

#[tokio::test]
async fn every_guarded_field_lets_a_signed_in_person_through() {
    let server = TestServer::start().await;
    for call in calls() {
        let (ada, _) = server.signed_in("ada@example.com").await;
        server.advance(std::time::Duration::from_mins(1));
        let answer = ada.graphql(&call.document, Value::Null).await;
        // Without a refresh token there is nothing to refresh, whoever asks.
        if call.field != "refreshToken" {
            assert_eq!(
                answer.error_code(),
                None,
                "{}: {}",
                call.document,
                answer.text
            );
        }
    }
}

#[test]
fn every_public_field_is_one_of_the_schema() {
    let calls = calls();
    let fields: BTreeSet<_> = calls
        .iter()
        .map(|call| (call.operation, call.field.as_str()))
        .collect();
    for field in PUBLIC {
        assert!(fields.contains(&field), "{field:?}");
    }
}

fn was_executed(answer: &Answer) -> bool {
    answer.json.get("data").is_some()
}

/// The smallest document that calls a root field.
struct Call {
    operation: &'static str,
    field: String,
    document: String,
}

/// One for each field of each root of the schema.
fn calls() -> Vec<Call> {
    let types = outline::types(&sdl());
    let types: BTreeMap<_, _> = types.iter().map(|ty| (ty.name.node.as_str(), ty)).collect();
    let mut calls = Vec::new();
    for (root, operation) in [
        ("Query", "query"),
        ("Mutation", "mutation"),
        ("Subscription", "subscription"),
    ] {
        let Some(TypeKind::Object(object)) = types.get(root).map(|ty| &ty.kind) else {
            continue;
        };
        for field in &object.fields {
            let document = format!("{operation} {{ {} }}", call(&field.node, &types));
            calls.push(Call {
                operation,
                field: field.node.name.node.to_string(),
                document,
            });
        }
    }
    assert!(calls.len() >= PUBLIC.len(), "the walk found too little");
    calls
}

type Types<'a> = BTreeMap<&'a str, &'a TypeDefinition>;

fn call(field: &FieldDefinition, types: &Types) -> String {
    let required: Vec<_> = field
        .arguments
        .iter()
        .filter(|it| is_required(&it.node))
        .collect();
    let arguments = required
        .iter()
        .map(|argument| member(&argument.node, types));
    let arguments = match arguments.collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => none,
        some => format!("({some})"),
    };
    let is_leaf = types
        .get(innermost(&field.ty.node))
        .is_none_or(|ty| matches!(ty.kind, TypeKind::Scalar | TypeKind::Enum(_)));
    let selection = if is_leaf { "" } else { " { __typename }" };
    format!("{}{arguments}{selection}", field.name.node)
}

fn is_required(value: &InputValueDefinition) -> bool {
    !value.ty.node.nullable && value.default_value.is_none()
}

fn member(value: &InputValueDefinition, types: &Types) -> String {
    format!("{}: {}", value.name.node, literal(&value.ty.node, types))
}

fn literal(ty: &Type, types: &Types) -> String {
    let name = match &ty.base {
        BaseType::List(_) => return "[]".to_owned(),
        BaseType::Named(name) => name.as_str(),
    };
    match types.get(name).map(|ty| (&ty.kind, &ty.directives)) {
        Some((TypeKind::Enum(values), _)) => values.values[0].node.value.node.to_string(),
        Some((TypeKind::InputObject(input), directives)) => {
            let is_one_of = directives.iter().any(|it| it.node.name.node == "oneOf");
            let fields = input.fields.iter().map(|field| &field.node);
            let needed = |(at, field): &(usize, &InputValueDefinition)| {
                if is_one_of {
                    *at == 0
                } else {
                    is_required(field)
                }
            };
            let members = fields.enumerate().filter(needed);
            let members = members.map(|(_, field)| member(field, types));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        _ => match name {
            "Int" | "Float" => "1".to_owned(),
            "Boolean" => "true".to_owned(),
            _ => r#""x""#.to_owned(),
        },
    }
}

fn innermost(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => innermost(inner),
    }
}
