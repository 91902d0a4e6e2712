//! Ways to ask for two things in one request.

use serde_json::json;

/// Those shapes in which the client chooses one of several, and gets it.
pub const CHOSEN: [&str; 2] = [
    "two of three operations with fragments",
    "a query beside a mutation",
];

/// Twice the same in one request, in every way that GraphQL and JSON have. `one` writes a credential
/// mutation under this alias, and with this argument.
pub fn shapes(one: &dyn Fn(&str, usize) -> String) -> Vec<(&'static str, String)> {
    [in_one_operation(one), in_one_request(one)].concat()
}

fn in_one_operation(one: &dyn Fn(&str, usize) -> String) -> Vec<(&'static str, String)> {
    let (a, b) = (one("a", 0), one("b", 1));
    let same = one("a", 0);
    vec![
        ("aliases", body(&format!("mutation {{ {a} {b} }}"))),
        (
            "fields that merge",
            body(&format!("mutation {{ {same} {same} }}")),
        ),
        (
            "an inline fragment",
            body(&format!("mutation {{ {a} ... {{ {b} }} }}")),
        ),
        (
            "inline fragments in each other",
            body(&format!(
                "mutation {{ ... on Mutation {{ {a} ... on Mutation {{ {b} }} }} }}"
            )),
        ),
        (
            "a fragment",
            body(&format!("mutation {{ {a} ...F }} {}", on("F", &b))),
        ),
        (
            "a fragment twice",
            body(&format!(
                "mutation {{ ...F ...F }} {}",
                on("F", &format!("{a} {b}"))
            )),
        ),
        (
            "fragments in each other",
            body(&format!(
                "mutation {{ ...F }} {} {}",
                on("F", &format!("{a} ...G")),
                on("G", &b)
            )),
        ),
        (
            "skip and include by variables",
            named(
                &format!(
                    "mutation M($yes: Boolean!, $no: Boolean!) {{ \
                     ... @skip(if: $no) {{ {a} }} ... @include(if: $yes) {{ {b} }} }}"
                ),
                "M",
            ),
        ),
        (
            "one skipped",
            named(
                &format!("mutation M($yes: Boolean!) {{ ... @skip(if: $yes) {{ {a} }} {b} }}"),
                "M",
            ),
        ),
    ]
}

fn in_one_request(one: &dyn Fn(&str, usize) -> String) -> Vec<(&'static str, String)> {
    let (a, b) = (one("a", 0), one("b", 1));
    vec![
        (
            "operations without a name",
            body(&format!("mutation A {{ {a} }} mutation B {{ {b} }}")),
        ),
        (
            "two of three operations with fragments",
            named(
                &format!(
                    "mutation A {{ ...F }} mutation B {{ ...F }} mutation C {{ {b} }} {}",
                    on("F", &a)
                ),
                "A",
            ),
        ),
        (
            "a query beside a mutation",
            named(
                &format!("query Q {{ __typename }} mutation A {{ {a} }} mutation B {{ {b} }}"),
                "B",
            ),
        ),
        (
            "a batch",
            format!(
                "[{},{}]",
                body(&format!("mutation {{ {a} }}")),
                body(&format!("mutation {{ {b} }}"))
            ),
        ),
        (
            "a member twice",
            format!(
                r#"{{"query":{},"query":{}}}"#,
                json!(format!("mutation {{ {a} }}")),
                json!(format!("mutation {{ {b} }}"))
            ),
        ),
        (
            "one body after the other",
            format!(
                "{}\n{}",
                body(&format!("mutation {{ {a} }}")),
                body(&format!("mutation {{ {b} }}"))
            ),
        ),
    ]
}

fn body(query: &str) -> String {
    json!({ "query": query }).to_string()
}

fn named(query: &str, name: &str) -> String {
    let variables = json!({ "yes": true, "no": false });
    json!({ "query": query, "operationName": name, "variables": variables }).to_string()
}

fn on(name: &str, fields: &str) -> String {
    format!("fragment {name} on Mutation {{ {fields} }}")
}
