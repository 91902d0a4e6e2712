use super::*;

const INTROSPECTION: &str = include_str!("tests/introspection.graphql");

fn refused(query: &str) -> Refusal {
    Guard::new(Limits::default())
        .admit(query, None)
        .expect_err(query)
}

fn admitted(query: &str) -> OperationType {
    Guard::new(Limits::default())
        .admit(query, None)
        .expect(query)
        .operation
}

#[test]
fn introspection_is_admitted() {
    assert_eq!(admitted(INTROSPECTION), OperationType::Query);
}

#[test]
fn where_introspection_is_off_the_schema_is_not_asked() {
    let limits = Limits {
        introspection: false,
        ..Limits::default()
    };
    for query in [
        INTROSPECTION,
        "{ a: __type(name: \"User\") { name } }",
        "{ me { id } ... { ...A } } fragment A on Query { __schema { types { name } } }",
        "{ __typename } fragment A on Query { __schema { types { name } } }",
        "query A { __typename } query B { __schema @skip(if: true) { types { name } } }",
    ] {
        let refusal = Guard::new(limits).admit(query, Some("A")).expect_err(query);
        assert_eq!(refusal, Refusal::IntrospectionDisabled, "{query}");
    }
    Guard::new(limits)
        .admit("{ __typename me { __typename } }", None)
        .expect("no question");
}

#[test]
fn doubling_fragments_are_refused() {
    // Walked spread by spread, this would not end.
    let doubling = (0..30)
        .map(|i| format!("fragment F{i} on Query {{ ...F{0} ...F{0} }} ", i + 1))
        .collect::<Vec<_>>()
        .concat();
    for last in ["fragment F30 on Query { __typename }", ""] {
        let query = format!("{{ ...F0 }} {doubling} {last}");
        assert_eq!(refused(&query), Refusal::TooComplex);
    }
}

#[test]
fn circular_fragments_are_refused() {
    for query in [
        "{ ...A } fragment A on Query { ...A }",
        "{ ...A } fragment A on Query { me { ...B } } fragment B on User { ...C } fragment C on User { ...A }",
        "{ me { id } } fragment A on Query { ...B } fragment B on Query { ...A }",
    ] {
        assert_eq!(refused(query), Refusal::FragmentCycle);
    }
}

#[test]
fn the_same_fragment_twice_is_no_circle() {
    admitted("{ ...A ...A ...B } fragment A on Query { ...B } fragment B on Query { __typename }");
}

#[test]
fn a_flood_is_refused_whatever_it_is_made_of() {
    let many = |part: &str| format!("{{ {} }}", part.repeat(10_000));
    assert_eq!(refused(&many("a: __typename ")), Refusal::TooComplex);
    assert_eq!(refused(&many("__typename ")), Refusal::TooComplex);
    assert_eq!(refused(&many("...A ")), Refusal::TooComplex);
    assert_eq!(refused(&many("... { a } ")), Refusal::TooComplex);
    assert_eq!(
        refused(&format!("{{ f(a: [{}]) }}", "1 ".repeat(10_000))),
        Refusal::TooComplex
    );
    assert_eq!(
        refused(&format!("{{ f({}) }}", "a: 1 ".repeat(17))),
        Refusal::TooComplex
    );
    assert_eq!(
        refused(&format!("{{ {} }}", "a ".repeat(751))),
        Refusal::TooComplex
    );
}

#[test]
fn a_repeated_field_counts_without_an_alias() {
    // Each `me` would be resolved by itself.
    admitted(&format!("{{ {} }}", "me { id } ".repeat(50)));
    assert_eq!(
        refused(&format!("{{ {} }}", "me { id } ".repeat(51))),
        Refusal::TooComplex
    );
    assert_eq!(
        refused(&format!("{{ {} }}", "... { me { id } } ".repeat(51))),
        Refusal::TooComplex
    );
}

#[test]
fn introspection_does_not_multiply() {
    let types = "fragment T on __Type { fields { type { ...N } } } fragment N on __Type { name }";
    admitted(&format!("{{ __schema {{ types {{ ...T }} }} }} {types}"));
    for query in [
        "{ __schema { types { fields { type { fields { name } } } } } }".to_owned(),
        format!("{{ __type(name: \"Query\") {{ interfaces {{ ...T }} }} }} {types}"),
    ] {
        assert_eq!(refused(&query), Refusal::TooComplex, "{query}");
    }
}

#[test]
fn depth_is_bounded_in_fields_in_brackets_and_in_values() {
    let nested = |levels: usize, open: &str, close: &str| {
        format!("{{ {} a {} }}", open.repeat(levels), close.repeat(levels))
    };
    admitted(&nested(19, "a {", "}"));
    assert_eq!(refused(&nested(20, "a {", "}")), Refusal::TooDeep);
    assert_eq!(refused(&nested(30_000, "{", "}")), Refusal::TooDeep);
    assert_eq!(refused(&nested(100, "... {", "}")), Refusal::TooDeep);
    assert_eq!(
        refused(&format!("{{ f(a: {}", "[".repeat(60_000))),
        Refusal::TooDeep
    );
    assert_eq!(
        refused(&format!("query ($v: {}", "[".repeat(60_000))),
        Refusal::TooDeep
    );
}

#[test]
fn aliases_and_directives_are_bounded_across_fragments() {
    let aliases = |count| {
        format!(
            "{{ ...A }} fragment A on Query {{ {} }}",
            "a: b ".repeat(count)
        )
    };
    admitted(&aliases(15));
    assert_eq!(refused(&aliases(16)), Refusal::TooManyAliases);
    let directives = |count| format!("{{ a {} }}", "@skip(if: true) ".repeat(count));
    admitted(&directives(30));
    assert_eq!(refused(&directives(31)), Refusal::TooManyDirectives);
}

#[test]
fn one_credential_mutation_for_each_operation() {
    for query in [
        "mutation { verifyOtp(input: 1) { userErrors { code } } logout { userErrors { code } } }",
        "mutation { logout { requestOtp verifyOtp refreshToken } }",
        "{ requestOtp verifyOtp refreshToken }",
        "mutation { a: logout { x } b: logout { x } verifyOtp { ...A } } fragment A on P { verifyOtp }",
    ] {
        admitted(query);
    }
    for query in [
        "mutation { verifyOtp { a } verifyOtp { a } }",
        "mutation { a: verifyOtp { a } b: verifyOtp { a } }",
        "mutation { verifyOtp: logout { a } a: verifyOtp { a } b: requestOtp { a } }",
        "mutation { requestOtp { a } refreshToken { a } }",
        "mutation { verifyOtp @skip(if: true) { a } verifyOtp @include(if: false) { a } }",
        "mutation { ... { verifyOtp { a } } ... on Mutation { ... { verifyOtp { a } } } }",
        "mutation { ...A verifyOtp { a } } fragment A on Mutation { ...B } fragment B on Mutation { verifyOtp { a } }",
        "mutation { ...A ...A } fragment A on Mutation { verifyOtp { a } }",
    ] {
        assert_eq!(
            refused(query),
            Refusal::TooManyCredentialMutations,
            "{query}"
        );
    }
    let two = "mutation A { verifyOtp { a } } mutation B { verifyOtp { a } }";
    assert!(Guard::new(Limits::default()).admit(two, Some("A")).is_ok());
}

#[test]
fn the_operation_is_the_one_that_will_run() {
    let two = "query Q { a } mutation M { a }";
    // One guard, which knows the document from the first time on.
    let guard = Guard::new(Limits::default());
    let select = |query, name| guard.admit(query, name).map(|admitted| admitted.operation);
    assert_eq!(select(two, Some("M")), Ok(OperationType::Mutation));
    assert_eq!(select(two, Some("Q")), Ok(OperationType::Query));
    assert_eq!(select(two, Some("X")), Err(Refusal::UnknownOperation));
    assert_eq!(select(two, None), Err(Refusal::OperationNameRequired));
    assert_eq!(
        select("mutation M { a }", None),
        Ok(OperationType::Mutation)
    );
    assert_eq!(select("{ a }", Some("Q")), Err(Refusal::UnknownOperation));
}

#[test]
fn a_mistake_is_located_and_not_quoted() {
    let refusal = refused("{\n  verifyOtp(code: 424242\n}");
    assert!(
        matches!(refusal, Refusal::Syntax { at: Some(at) } if at.line == 3),
        "{refusal:?}"
    );
    assert!(!format!("{refusal:?} {}", refusal.message()).contains("424242"));
    for nothing in ["", "# nothing", "{ }", "query"] {
        assert_eq!(refused(nothing).code(), "GRAPHQL_PARSE_FAILED");
    }
    assert_eq!(
        refused("fragment A on Query { a }"),
        Refusal::Syntax { at: None }
    );
}
