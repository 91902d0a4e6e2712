//! The GraphQL schema: parse the input, call one use case, wrap its outcome.
//!
//! What a person did wrong is a `userErrors` entry beside its field; what client middleware acts
//! on is an error with an `extensions.code` (D9). The descriptions here are what a frontend
//! developer reads in GraphiQL.

pub mod browser;
pub mod guard;

mod context;
mod error;
mod login;
mod page;
mod recipient;
mod scalar;
mod security_events;
mod session;
mod sessions;
mod user;
mod user_error;

use std::sync::Arc;

use async_graphql::{EmptySubscription, MergedObject, SDLExportOptions, SchemaBuilder};

use crate::auth::Auth;
use user_error::UserError;

/// The whole schema.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// What can be asked.
#[derive(MergedObject, Default)]
pub struct Query(user::UserQuery);

/// What can be done.
#[derive(MergedObject, Default)]
pub struct Mutation(login::LoginMutation, session::SessionMutation);

/// The schema, answering with `auth`. Without `introspection` it describes itself to nobody, nor
/// does it suggest a name to who has mistyped one.
#[must_use]
pub fn schema(auth: Arc<Auth>, introspection: bool) -> Schema {
    let builder = builder().data(auth);
    if introspection {
        builder.finish()
    } else {
        builder
            .disable_introspection()
            .disable_suggestions()
            .finish()
    }
}

/// The schema's definition, as `schema.graphql` keeps it. Needs no database and no configuration.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new()
        .prefer_single_line_descriptions()
        .include_specified_by()
        .use_space_ident()
        .indent_width(2);
    builder().finish().sdl_with_options(options)
}

fn builder() -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .register_output_type::<UserError>()
}
