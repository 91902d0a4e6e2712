//! What the schema shows and how large a document may be.

use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;
use crate::graphql::guard::Limits;

/// How the GraphQL door is set up.
#[derive(Clone, Debug)]
pub struct GraphqlConfig {
    /// Whether `GET /` serves a playground.
    pub playground: bool,
    /// What a document may ask, and how large it may be.
    pub limits: Limits,
}

const ONLY_IN_DEVELOPMENT: Default = Default::PerEnv {
    development: "true",
    production: "false",
};

const INTROSPECTION: Key = Key {
    name: "graphql.introspection",
    default: ONLY_IN_DEVELOPMENT,
    doc: "Whether the schema answers questions about itself.",
};

const PLAYGROUND: Key = Key {
    name: "graphql.playground",
    default: ONLY_IN_DEVELOPMENT,
    doc: "Whether a playground is served to browsers.",
};

const MAX_DEPTH: Key = Key {
    name: "graphql.max_depth",
    default: Default::Handed,
    doc: "How deep fields may nest, fragments expanded.",
};

const MAX_FIELDS: Key = Key {
    name: "graphql.max_fields",
    default: Default::Handed,
    doc: "How many fields a document may have, fragments expanded.",
};

const MAX_ALIASES: Key = Key {
    name: "graphql.max_aliases",
    default: Default::Handed,
    doc: "How many aliases a document may have, fragments expanded.",
};

const MAX_DIRECTIVES: Key = Key {
    name: "graphql.max_directives",
    default: Default::Handed,
    doc: "How many directives a document may have, fragments expanded.",
};

pub(super) fn read(reader: &mut Reader) -> GraphqlConfig {
    let Limits {
        depth,
        fields,
        aliases,
        directives,
        ..
    } = Limits::default();
    // Read first, as the reference has it.
    let introspection = reader.value(&INTROSPECTION, &Form::flag());
    GraphqlConfig {
        playground: reader.value(&PLAYGROUND, &Form::flag()),
        limits: Limits {
            // The parser itself nests no deeper than 64.
            depth: reader.value_or(&MAX_DEPTH, &depth.to_string(), &Form::whole(1..=64)),
            fields: reader.value_or(&MAX_FIELDS, &fields.to_string(), &Form::whole(1..=10_000)),
            aliases: reader.value_or(&MAX_ALIASES, &aliases.to_string(), &Form::whole(0..=1_000)),
            directives: reader.value_or(
                &MAX_DIRECTIVES,
                &directives.to_string(),
                &Form::whole(0..=1_000),
            ),
            introspection,
        },
    }
}
