//! People, as they see themselves.

use async_graphql::{Context, ID, Object};

use super::context::ContextExt;
use super::error::ApiError;
use super::page::Page;
use super::scalar::{DateTime, EmailAddress, PhoneNumber};
use super::security_events::SecurityEventConnection;
use super::sessions::SessionConnection;
use crate::auth::current::Errand;
use crate::domain::device::Locale;
use crate::domain::{Caller, SessionId, User};

/// Who is signed in.
#[derive(Default)]
pub struct UserQuery;

#[Object]
impl UserQuery {
    /// The signed-in user. null without credentials; stale or invalid ones raise
    /// `UNAUTHENTICATED`, with an `extensions.reason`: on `TOKEN_EXPIRED` refresh and try again.
    ///
    /// ```graphql
    /// query { me { id email sessions(first: 5) { nodes { id deviceName current } } } }
    /// ```
    async fn me(&self, ctx: &Context<'_>) -> Result<Option<UserObject>, ApiError> {
        if ctx.caller() == Caller::Anonymous {
            return Ok(None);
        }
        // An `Err` makes all of `data` null, where GraphQL (section 6.4.4) has null for the field
        // alone. Clients that take data where there is some, such as Relay, would read that as
        // nobody: a fault of ours would sign people out.
        let (session, user) = ctx.signed_in(Errand::Look).await?;
        Ok(Some(UserObject::new(user, Some(session.id))))
    }
}

/// A person with an account.
pub struct UserObject {
    user: User,
    current: Option<SessionId>,
}

impl UserObject {
    /// `user`, as their session `current` sees them.
    pub fn new(user: User, current: Option<SessionId>) -> Self {
        Self { user, current }
    }
}

/// A person with an account.
#[Object(name = "User")]
impl UserObject {
    /// Theirs for ever. The `sub` of their access tokens.
    async fn id(&self) -> ID {
        self.user.id.0.into()
    }

    /// Their verified address, if they have one.
    async fn email(&self) -> Option<EmailAddress> {
        self.user.email.clone().map(EmailAddress)
    }

    /// Their verified number, if they have one.
    async fn phone(&self) -> Option<PhoneNumber> {
        self.user.phone.clone().map(PhoneNumber)
    }

    /// The language that they signed up in, as a BCP 47 tag: `pt-BR`.
    async fn locale(&self) -> Option<&str> {
        self.user.locale.as_ref().map(Locale::as_str)
    }

    /// When they first signed in.
    async fn created_at(&self) -> DateTime {
        DateTime(self.user.created_at)
    }

    /// Where they are signed in, newest first.
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "How many, from 1 to 100.")] first: i32,
        #[graphql(desc = "The `pageInfo.endCursor` of the page before.")] after: Option<String>,
    ) -> Result<SessionConnection, ApiError> {
        let Page { first, after } = Page::read(first, after.as_deref())?;
        let after = after.map(SessionId);
        let page = ctx.auth().sessions(self.user.id, first, after).await?;
        Ok(SessionConnection::new(page, self.current))
    }

    /// What happened to their account, newest first: who signed in, from where, and what was
    /// ended. For a page on which they can check whether all of it was them. An event is here a
    /// moment after it happened, and is kept for as long as the operator says.
    async fn security_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "How many, from 1 to 100.")] first: i32,
        #[graphql(desc = "The `pageInfo.endCursor` of the page before.")] after: Option<String>,
    ) -> Result<SecurityEventConnection, ApiError> {
        let Page { first, after } = Page::read(first, after.as_deref())?;
        let events = ctx.auth().security_events(self.user.id, first, after);
        Ok(events.await?.into())
    }
}
