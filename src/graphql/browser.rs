//! What a browser holds of a session in cookies, as far as resolvers need to know. The cookies
//! themselves, and who may act with them, are the transport's business.

use std::sync::{Arc, Mutex, PoisonError};

/// The browser behind a request. Clones speak of the same one.
#[derive(Clone)]
pub struct Browser {
    credentials: Credentials,
    change: Arc<Mutex<Option<Change>>>,
}

#[derive(Clone)]
enum Credentials {
    /// No cookies of ours, or none that count. `Some` says why this request may not get any.
    Other { doubt: Option<&'static str> },
    /// Our cookies, from a page that may act with them; and the refresh token in them.
    Cookies { refresh: Option<String> },
}

/// What a browser is told to do with its cookies.
#[derive(Clone)]
pub enum Change {
    /// Keep these.
    Keep {
        /// The access token.
        access: String,
        /// The refresh token.
        refresh: String,
        /// For so many seconds, both of them: the cookie must outlive the access token in it, or
        /// an expired one would look like none.
        seconds: i32,
    },
    /// Forget both.
    Forget,
}

impl Browser {
    /// The request is known by its cookies, of which one should hold `refresh`.
    #[must_use]
    pub fn with_cookies(refresh: Option<String>) -> Self {
        Self::new(Credentials::Cookies { refresh })
    }

    /// The request is known by something else, or by nothing. It gets no cookies if there is a
    /// `doubt` about the page that it comes from: that text is for the client.
    #[must_use]
    pub fn without_cookies(doubt: Option<&'static str>) -> Self {
        Self::new(Credentials::Other { doubt })
    }

    fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            change: Arc::default(),
        }
    }

    /// What came of it: the last thing that a resolver said.
    #[must_use]
    pub fn change(&self) -> Option<Change> {
        let change = self.change.lock();
        change.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn has_cookies(&self) -> bool {
        matches!(self.credentials, Credentials::Cookies { .. })
    }

    pub(super) fn refresh_token(&self) -> Option<&str> {
        match &self.credentials {
            Credentials::Cookies { refresh } => refresh.as_deref(),
            Credentials::Other { .. } => None,
        }
    }

    /// Why this request may not be given cookies.
    pub(super) fn doubt(&self) -> Option<&'static str> {
        match self.credentials {
            Credentials::Cookies { .. } => None,
            Credentials::Other { doubt } => doubt,
        }
    }

    pub(super) fn keep(&self, access: String, refresh: String, seconds: i32) {
        self.tell(Change::Keep {
            access,
            refresh,
            seconds,
        });
    }

    /// Has the cookies forgotten, if the request has come with them.
    pub(super) fn forget(&self) {
        if self.has_cookies() {
            self.tell(Change::Forget);
        }
    }

    fn tell(&self, change: Change) {
        let slot = self.change.lock();
        *slot.unwrap_or_else(PoisonError::into_inner) = Some(change);
    }
}
