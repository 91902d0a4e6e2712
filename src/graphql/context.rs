//! What a resolver knows of its request. Nobody else looks into async-graphql's type map.

use std::sync::Arc;

use async_graphql::Context;

use super::browser::Browser;
use super::error::{ApiError, Reason};
use crate::auth::Auth;
use crate::auth::current::{Errand, Standing};
use crate::domain::device::Client;
use crate::domain::{Caller, Session, Stale, User};

/// The few things that a resolver may ask its context.
pub trait ContextExt {
    /// The use cases.
    fn auth(&self) -> &Auth;
    /// Who is asking, as far as the credentials tell.
    fn caller(&self) -> Caller;
    /// Where the request came from.
    fn client(&self) -> &Client;
    /// The browser that it came from, if it is one.
    fn browser(&self) -> &Browser;
    /// The session and the user that the credentials belong to, asked of the database. Every
    /// resolver that needs to know who is calling goes through here, and says what for.
    async fn signed_in(&self, errand: Errand) -> Result<(Session, User), ApiError>;
}

impl ContextExt for Context<'_> {
    fn auth(&self) -> &Auth {
        self.data_unchecked::<Arc<Auth>>()
    }

    fn caller(&self) -> Caller {
        *self.data_unchecked::<Caller>()
    }

    fn client(&self) -> &Client {
        self.data_unchecked::<Client>()
    }

    fn browser(&self) -> &Browser {
        self.data_unchecked::<Browser>()
    }

    async fn signed_in(&self, errand: Errand) -> Result<(Session, User), ApiError> {
        match self.caller() {
            Caller::Anonymous => Err(ApiError::Unauthenticated(Reason::CredentialsMissing)),
            Caller::Stale(stale) => Err(ApiError::Unauthenticated(stale.into())),
            Caller::Bearer { session, kid, .. } => {
                match self.auth().signed_in(session, kid, errand).await? {
                    Standing::SignedIn(found) => Ok(*found),
                    Standing::Ended => Err(ApiError::Unauthenticated(Reason::SessionEnded)),
                    Standing::KeyRevoked => Err(ApiError::Unauthenticated(Stale::Invalid.into())),
                }
            }
        }
    }
}
