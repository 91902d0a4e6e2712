//! Cookie mode: the browser keeps the tokens, and no script gets to see them.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::middleware::Next;
use axum::response::Response;

use super::bearer::{self, Credentials};
use super::cookies::{Cookies, Held, Shown};
use super::cors::Origins;
use super::csrf;
use super::negotiation::MediaType;
use super::refusal::Refusal;
use crate::auth::Auth;
use crate::domain::{Caller, Stale};
use crate::graphql::browser::Browser;

/// What is needed to read and write cookies.
pub struct CookieMode {
    /// The use cases.
    pub auth: Arc<Auth>,
    /// What the cookies look like.
    pub cookies: Cookies,
    /// Whose pages may act with them.
    pub origins: Origins,
}

/// Tells who is calling by cookies, where `bearer::identify` found no token, and gives back what
/// the resolvers want the browser to keep. Refuses cookies from a page that may not act with them.
pub async fn identify(
    State(mode): State<Arc<CookieMode>>,
    mut request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let verdict = csrf::judge(headers, &mode.origins);
    let browser = match (mode.held(headers), verdict) {
        (None, verdict) => Browser::without_cookies(verdict.err().map(csrf::Doubt::message)),
        (Some(_), Err(doubt)) => {
            let media = MediaType::accepted_by(headers).unwrap_or(MediaType::Json);
            return Refusal::CsrfRejected(doubt).answer(media);
        }
        (Some(held), Ok(())) => {
            let caller = mode.caller(&held).await;
            request.extensions_mut().insert(caller);
            Browser::with_cookies(held.refresh.value().map(str::to_owned))
        }
    };
    request.extensions_mut().insert(browser.clone());
    let mut response = next.run(request).await;
    if let Some(change) = browser.change() {
        for line in mode.cookies.lines(change) {
            response.headers_mut().append(SET_COOKIE, line);
        }
    }
    response
}

impl CookieMode {
    /// The cookies, unless the request says in another way who is calling.
    fn held(&self, headers: &HeaderMap) -> Option<Held> {
        match bearer::credentials(headers) {
            Credentials::None => self.cookies.held(headers),
            Credentials::Garbled | Credentials::Bearer(_) => None,
        }
    }

    async fn caller(&self, held: &Held) -> Caller {
        match &held.access {
            Shown::Value(token) => self.auth.bearer(token).await,
            Shown::Garbled => Caller::Stale(Stale::Malformed),
            // Whoever has the other cookie is signed in, and need only refresh.
            Shown::Absent => Caller::Stale(Stale::Expired),
        }
    }
}
