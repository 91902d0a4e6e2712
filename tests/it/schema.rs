//! The schema as a document: what clients were promised is there, described, and nothing else is.

mod guarded;
mod outline;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use countersign::graphql::{guard::CREDENTIAL_MUTATIONS, sdl};

/// What was promised. `schema.graphql` says the same with every description, and this says it
/// apart, so that nobody changes a promise by running a generator.
const CONTRACT: &str = include_str!("schema/contract.graphql");

#[test]
fn schema_graphql_is_what_the_server_prints() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.graphql");
    let kept = fs::read_to_string(path).unwrap_or_default();
    let is_same = kept.trim_end() == sdl().trim_end();
    assert!(is_same, "schema.graphql is out of date: run `just schema`");
}

#[test]
fn the_schema_keeps_the_contract_to_the_letter() {
    let (promised, kept) = (outline::of(CONTRACT), outline::of(&sdl()));
    let missing: BTreeSet<_> = promised.difference(&kept).collect();
    let unpromised: BTreeSet<_> = kept.difference(&promised).collect();
    assert!(
        missing.is_empty() && unpromised.is_empty(),
        "missing: {missing:#?}\nnot in the contract: {unpromised:#?}"
    );
}

#[test]
fn everything_is_described() {
    let undescribed = outline::undescribed(&sdl());
    assert!(
        undescribed.is_empty(),
        "without a description: {undescribed:#?}"
    );
}

#[test]
fn every_credential_mutation_is_one_of_the_schema() {
    let lines = outline::of(&sdl());
    for name in CREDENTIAL_MUTATIONS {
        let is_there = lines
            .iter()
            .any(|line| line.starts_with(&format!("Mutation.{name}:")));
        assert!(is_there, "the guard counts `{name}`, which is no mutation");
    }
}
