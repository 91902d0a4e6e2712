//! The size of a document with every fragment written out, without writing it out.
//!
//! Each fragment is outlined once and sized once, after the fragments it spreads. Nothing here
//! recurses along spreads, so a long chain of fragments costs no stack; what recurses is the
//! outline, along brackets, which the scan has bounded.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{ExecutableDocument, OperationType};

use self::outline::{Outline, Size};
use super::{Limits, Refusal};

mod outline;

/// Fields with fields of their own in one operation. Asking for all there is takes a handful.
const MAX_OBJECTS: usize = 50;
/// The types of the fields of a type, and no further: that is how far the introspection query goes.
const MAX_LISTINGS: usize = 1;

/// Measures `document` and holds it against `limits`.
pub(super) fn check(document: &ExecutableDocument, limits: &Limits) -> Result<(), Refusal> {
    within(&total(document)?, limits)
}

/// The sum over all operations and all fragments, and the depth of the deepest.
fn total(document: &ExecutableDocument) -> Result<Size, Refusal> {
    let outlines = document
        .fragments
        .iter()
        .map(|(name, fragment)| Ok((name.as_str(), Outline::of_fragment(&fragment.node)?)))
        .collect::<Result<HashMap<_, _>, _>>()?;
    let fragments = sizes(&outlines)?;

    let mut total = Size::default();
    for (_, operation) in document.operations.iter() {
        let size = Outline::of_operation(&operation.node)?.expanded(&fragments);
        if operation.node.ty == OperationType::Mutation && size.credential_mutations > 1 {
            return Err(Refusal::TooManyCredentialMutations);
        }
        if size.objects > MAX_OBJECTS {
            return Err(Refusal::TooComplex);
        }
        total.add(&size);
    }
    for size in fragments.values() {
        total.add(size);
    }
    Ok(total)
}

/// The expanded size of every fragment, each computed once, innermost first.
fn sizes<'d>(outlines: &HashMap<&'d str, Outline<'d>>) -> Result<HashMap<&'d str, Size>, Refusal> {
    let mut sizes = HashMap::with_capacity(outlines.len());
    // Every fragment that was ever entered. One that was, and has no size yet, is on the path.
    let mut entered = HashSet::with_capacity(outlines.len());
    for (&start, outline) in outlines {
        if sizes.contains_key(start) {
            continue;
        }
        entered.insert(start);
        let mut path = vec![(start, outline, outline.spreads.iter())];
        while let Some((name, outline, spreads)) = path.last_mut() {
            let unmeasured = spreads
                .filter_map(|spread| outlines.get_key_value(spread.fragment))
                .find(|(fragment, _)| !sizes.contains_key(*fragment));
            if let Some((&inner, outline)) = unmeasured {
                if !entered.insert(inner) {
                    return Err(Refusal::FragmentCycle);
                }
                path.push((inner, outline, outline.spreads.iter()));
            } else {
                sizes.insert(*name, outline.expanded(&sizes));
                path.pop();
            }
        }
    }
    Ok(sizes)
}

fn within(size: &Size, limits: &Limits) -> Result<(), Refusal> {
    if size.asks_schema && !limits.introspection {
        return Err(Refusal::IntrospectionDisabled);
    }
    let checks = [
        (size.depth, limits.depth, Refusal::TooDeep),
        (size.aliases, limits.aliases, Refusal::TooManyAliases),
        (
            size.directives,
            limits.directives,
            Refusal::TooManyDirectives,
        ),
        (size.fields, limits.fields, Refusal::TooComplex),
        (size.listings, MAX_LISTINGS, Refusal::TooComplex),
    ];
    match checks.iter().find(|(actual, limit, _)| actual > limit) {
        Some((.., refusal)) => Err(*refusal),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn measured(source: &str) -> Result<Size, Refusal> {
        total(&parse_query(source).expect("a document"))
    }

    #[test]
    fn the_introspection_query_has_the_documented_size() {
        let size = measured(include_str!("tests/introspection.graphql")).expect("no refusal");
        assert_eq!((size.depth, size.fields), (15, 489));
        assert_eq!((size.aliases, size.directives), (0, 0));
    }

    #[test]
    fn every_selection_and_directive_counts() {
        let size = measured(
            "query ($v: Int @a) @b { x: f @c { ... @d { __typename } ...F @e } } fragment F on T @f { g }",
        )
        .expect("no refusal");
        assert_eq!((size.depth, size.fields), (2, 5 + 1));
        assert_eq!((size.aliases, size.directives), (1, 6 + 1));
    }

    #[test]
    fn a_fragment_is_as_deep_as_where_it_stands() {
        let size = measured("{ a { b { ...F } } } fragment F on T { c { d } }");
        assert_eq!(size.expect("no refusal").depth, 4);
    }

    #[test]
    fn sums_saturate() {
        let doubling = (0..100)
            .map(|i| format!("fragment F{i} on Q {{ ...F{0} ...F{0} }} ", i + 1))
            .collect::<Vec<_>>()
            .concat();
        let size = measured(&format!(
            "{{ ...F0 }} {doubling} fragment F100 on Q {{ a }}"
        ));
        assert_eq!(size.expect("no refusal").fields, usize::MAX);
    }

    #[test]
    fn a_long_chain_costs_no_stack() {
        let chain = (0..20_000)
            .map(|i| format!("fragment F{i} on Q {{ ...F{} }} ", i + 1))
            .collect::<Vec<_>>()
            .concat();
        let size = measured(&format!("{{ ...F0 }} {chain} fragment F20000 on Q {{ a }}"));
        assert_eq!(size.expect("no refusal").depth, 1);
    }
}
