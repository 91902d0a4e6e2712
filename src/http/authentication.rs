//! Who is calling: by `Authorization: Bearer …`, or by cookies, with which the browser keeps the
//! tokens and no script gets to see them.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::Response;

use super::bearer::{self, Credentials};
use super::cookies::{Cookies, Held, Shown};
use super::cors::Origins;
use super::csrf::{self, Doubt};
use crate::auth::Auth;
use crate::domain::{Caller, Stale};
use crate::graphql::browser::Browser;

/// What is needed to tell who is calling.
pub struct Authentication {
    /// The use cases.
    pub auth: Arc<Auth>,
    /// What the cookies look like.
    pub cookies: Cookies,
    /// Whose pages may act with them.
    pub origins: Origins,
}

impl Authentication {
    /// Tells who is calling, and what their browser holds. Credentials that prove nothing are no
    /// reason to refuse: a field that needs to know who is calling does (D10).
    ///
    /// # Errors
    /// With cookies from a page that may not act with them.
    pub async fn identify(&self, headers: &HeaderMap) -> Result<(Caller, Browser), Doubt> {
        let doubt = csrf::judge(headers, &self.origins).err();
        let stranger = || Browser::without_cookies(doubt.map(Doubt::message));
        match bearer::credentials(headers) {
            Credentials::Garbled => Ok((Caller::Stale(Stale::Malformed), stranger())),
            Credentials::Bearer(token) => Ok((self.auth.bearer(token).await, stranger())),
            Credentials::None => match (self.cookies.held(headers), doubt) {
                (None, _) => Ok((Caller::Anonymous, stranger())),
                (Some(_), Some(doubt)) => Err(doubt),
                (Some(held), None) => {
                    let caller = self.holder(&held).await;
                    let refresh = held.refresh.value().map(str::to_owned);
                    Ok((caller, Browser::with_cookies(refresh)))
                }
            },
        }
    }

    async fn holder(&self, held: &Held) -> Caller {
        match &held.access {
            Shown::Value(token) => self.auth.bearer(token).await,
            Shown::Garbled => Caller::Stale(Stale::Malformed),
            // Whoever has the other cookie is signed in, and need only refresh.
            Shown::Absent => Caller::Stale(Stale::Expired),
        }
    }

    /// Gives back what the resolvers want the browser to keep.
    pub fn instruct(&self, browser: &Browser, response: &mut Response) {
        if let Some(change) = browser.change() {
            for line in self.cookies.lines(change) {
                response.headers_mut().append(SET_COOKIE, line);
            }
        }
    }
}
