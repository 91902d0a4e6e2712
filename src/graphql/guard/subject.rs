//! What an operation is about: the one field at its root, by the schema's name for it.
//!
//! It labels metrics and traces. `operationName` would not do: its sender makes it up.

use std::collections::HashSet;

use async_graphql::Name;
use async_graphql::parser::types::{
    ExecutableDocument, OperationDefinition, Selection, SelectionSet,
};

/// What an operation is about. As long as it was not validated, a field need not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// One field, however often.
    Field(Name),
    /// Several different ones.
    Several,
    /// The schema itself.
    Schema,
}

impl Subject {
    /// Its label.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Field(name) => name,
            Self::Several => "several",
            Self::Schema => "introspection",
        }
    }

    /// What `operation` is about, its fragments being those of `document`. Looks into each of them
    /// once, whatever they spread: it has been made sure that none spreads itself.
    pub(super) fn of(operation: &OperationDefinition, document: &ExecutableDocument) -> Self {
        let mut seen = HashSet::new();
        let mut open: Vec<&SelectionSet> = vec![&operation.selection_set.node];
        let mut field: Option<&Name> = None;
        while let Some(set) = open.pop() {
            for selection in &set.items {
                match &selection.node {
                    // Names that begin with two underscores belong to the introspection system.
                    Selection::Field(it) if it.node.name.node.starts_with("__") => {}
                    Selection::Field(it) => match field.replace(&it.node.name.node) {
                        Some(other) if *other != it.node.name.node => return Self::Several,
                        _ => {}
                    },
                    Selection::InlineFragment(it) => open.push(&it.node.selection_set.node),
                    Selection::FragmentSpread(it) => {
                        let name = &it.node.fragment_name.node;
                        if let Some(fragment) = document.fragments.get(name)
                            && seen.insert(name)
                        {
                            open.push(&fragment.node.selection_set.node);
                        }
                    }
                }
            }
        }
        field.map_or(Self::Schema, |name| Self::Field(name.clone()))
    }
}

#[cfg(test)]
mod tests {
    use crate::graphql::guard::{Guard, Limits};

    fn subject(source: &str) -> String {
        let admitted = Guard::new(Limits::default())
            .admit(source, None)
            .expect("no refusal");
        admitted.subject.as_str().to_owned()
    }

    #[test]
    fn it_is_the_field_at_the_root() {
        for (source, about) in [
            ("query Whatever { me { id } }", "me"),
            ("{ alias: me { id } __typename }", "me"),
            ("{ me { id } me { email } }", "me"),
            (
                "mutation { logout(input: {}) { userErrors { code } } }",
                "logout",
            ),
            ("{ ... { ...F } } fragment F on Query { me { id } }", "me"),
            (
                "{ me { id } ...F } fragment F on Query { other }",
                "several",
            ),
            ("{ __schema { types { name } } }", "introspection"),
            ("{ __typename }", "introspection"),
            ("{ ...Nowhere }", "introspection"),
        ] {
            assert_eq!(subject(source), about, "{source}");
        }
    }

    #[test]
    fn a_fragment_is_looked_into_once() {
        let doubling = (0..24)
            .map(|i| format!("fragment F{i} on Query {{ ...F{0} ...F{0} }} ", i + 1))
            .collect::<Vec<_>>()
            .concat();
        // Too large to be admitted; asked for nevertheless.
        let source = format!("{{ ...F0 }} {doubling} fragment F24 on Query {{ me }}");
        let document = async_graphql::parser::parse_query(source).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        assert_eq!(
            super::Subject::of(&operation.node, &document).as_str(),
            "me"
        );
    }
}
