//! One selection set, with its fragment spreads left open.

use std::collections::HashMap;

use async_graphql::{
    Positioned,
    parser::types::{Field, FragmentDefinition, OperationDefinition, Selection, SelectionSet},
};

use crate::graphql::guard::{CREDENTIAL_MUTATIONS, Refusal};

/// Arguments of one field or directive. The schema's largest field has two.
///
/// Two equal fields are compared argument by argument, with a message for every difference.
const MAX_ARGUMENTS: usize = 16;

/// The introspection fields that lead from one type to many. Nested, they multiply, so that a short
/// query goes through the schema again and again.
const LISTINGS: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];

/// The fields that ask the schema about itself (GraphQL specification, section 4.1).
const SCHEMA_QUESTIONS: [&str; 2] = ["__schema", "__type"];

/// What an operation or a fragment amounts to. All sums saturate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) depth: usize,
    pub(super) fields: usize,
    pub(super) aliases: usize,
    pub(super) directives: usize,
    /// Credential mutations that are not inside another field.
    pub(super) credential_mutations: usize,
    /// Fields with fields of their own, introspection aside.
    ///
    /// async-graphql resolves a repeated field once for each time it is written, alias or not, and
    /// merges the results. So every one of these can be a trip to the database.
    pub(super) objects: usize,
    /// `LISTINGS` inside each other.
    pub(super) listings: usize,
    /// Whether one of `SCHEMA_QUESTIONS` is among the fields.
    pub(super) asks_schema: bool,
}

impl Size {
    /// Adds `other`, as its neighbour.
    pub(super) fn add(&mut self, other: &Self) {
        self.depth = self.depth.max(other.depth);
        self.listings = self.listings.max(other.listings);
        self.asks_schema |= other.asks_schema;
        for (sum, count) in [
            (&mut self.fields, other.fields),
            (&mut self.aliases, other.aliases),
            (&mut self.directives, other.directives),
            (&mut self.credential_mutations, other.credential_mutations),
            (&mut self.objects, other.objects),
        ] {
            *sum = sum.saturating_add(count);
        }
    }

    /// This size as seen from outside the fields that `place` is in.
    const fn at(mut self, place: Place) -> Self {
        self.depth = self.depth.saturating_add(place.depth);
        self.listings = self.listings.saturating_add(place.listings);
        if place.depth > 0 {
            self.credential_mutations = 0;
        }
        self
    }
}

/// How many fields, and how many listings among them, a selection is inside of.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    depth: usize,
    listings: usize,
}

/// A fragment spread and where it stands.
#[derive(Debug)]
pub(super) struct Spread<'d> {
    pub(super) fragment: &'d str,
    place: Place,
}

/// What a definition holds itself, and what it spreads.
#[derive(Debug, Default)]
pub(super) struct Outline<'d> {
    own: Size,
    pub(super) spreads: Vec<Spread<'d>>,
}

impl<'d> Outline<'d> {
    pub(super) fn of_fragment(fragment: &'d FragmentDefinition) -> Result<Self, Refusal> {
        let mut outline = Self::default();
        outline.own.directives = fragment.directives.len();
        outline.select(&fragment.selection_set, Place::default())?;
        if is_introspection(&fragment.type_condition.node.on.node) {
            outline.own.objects = 0;
        }
        Ok(outline)
    }

    pub(super) fn of_operation(operation: &'d OperationDefinition) -> Result<Self, Refusal> {
        let mut outline = Self::default();
        outline.own.directives = operation.directives.len()
            + operation
                .variable_definitions
                .iter()
                .map(|variable| variable.node.directives.len())
                .sum::<usize>();
        outline.select(&operation.selection_set, Place::default())?;
        Ok(outline)
    }

    /// The size with every spread replaced by its fragment's size.
    ///
    /// A spread of a fragment that does not exist adds nothing: the validator has a message for it.
    pub(super) fn expanded(&self, fragments: &HashMap<&str, Size>) -> Size {
        let mut size = self.own;
        for spread in &self.spreads {
            if let Some(fragment) = fragments.get(spread.fragment) {
                size.add(&fragment.at(spread.place));
            }
        }
        size
    }

    /// Adds `set`, which stands at `place`.
    fn select(&mut self, set: &'d Positioned<SelectionSet>, place: Place) -> Result<(), Refusal> {
        for selection in &set.node.items {
            // Fragments count as well: a tree of spreads that ends in an unknown fragment holds not
            // one field, and takes the validator as long as any other.
            self.own.fields += 1;
            self.own.directives += selection.node.directives().len();
            for directive in selection.node.directives() {
                bound_arguments(directive.node.arguments.len())?;
            }
            match &selection.node {
                Selection::Field(field) => self.field(&field.node, place)?,
                Selection::FragmentSpread(spread) => self.spreads.push(Spread {
                    fragment: &spread.node.fragment_name.node,
                    place,
                }),
                Selection::InlineFragment(fragment) => {
                    self.select(&fragment.node.selection_set, place)?;
                }
            }
        }
        Ok(())
    }

    fn field(&mut self, field: &'d Field, mut place: Place) -> Result<(), Refusal> {
        bound_arguments(field.arguments.len())?;
        let name = field.name.node.as_str();
        self.own.aliases += usize::from(field.alias.is_some());
        if place.depth == 0 && CREDENTIAL_MUTATIONS.contains(&name) {
            self.own.credential_mutations += 1;
        }
        place.depth += 1;
        place.listings += usize::from(LISTINGS.contains(&name));
        self.own.asks_schema |= SCHEMA_QUESTIONS.contains(&name);
        self.own.depth = self.own.depth.max(place.depth);
        self.own.listings = self.own.listings.max(place.listings);

        let objects_before = self.own.objects;
        self.own.objects += usize::from(!field.selection_set.node.items.is_empty());
        self.select(&field.selection_set, place)?;
        if is_introspection(name) {
            self.own.objects = objects_before;
        }
        Ok(())
    }
}

/// Names of the introspection system, and only those, begin with two underscores.
fn is_introspection(name: &str) -> bool {
    name.starts_with("__")
}

const fn bound_arguments(count: usize) -> Result<(), Refusal> {
    if count > MAX_ARGUMENTS {
        return Err(Refusal::TooComplex);
    }
    Ok(())
}
