//! A browser's cookies, as far as tests need one: kept by name, forgotten at `Max-Age=0`.

use std::collections::BTreeMap;

use axum::http::header::SET_COOKIE;
use cookie::Cookie;
use serde_json::{Value, json};

use super::{Actor, Answer, TestServer};

/// What a browser keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jar(BTreeMap<String, String>);

impl Jar {
    /// What the browser of somebody who has just signed in with `email` keeps.
    pub async fn signed_in(server: &TestServer, email: &str) -> Self {
        let mut jar = Self::default();
        jar.take(&sign_in(server, email).await);
        assert_eq!(jar.0.len(), 2);
        jar
    }

    /// Does what the answer says.
    pub fn take(&mut self, answer: &Answer) {
        for cookie in set_cookies(answer) {
            let is_over = cookie
                .max_age()
                .is_some_and(cookie::time::Duration::is_zero);
            if is_over {
                self.0.remove(cookie.name());
            } else {
                let (name, value) = (cookie.name().to_owned(), cookie.value().to_owned());
                self.0.insert(name, value);
            }
        }
    }

    /// The value of the cookie whose name ends so.
    pub fn value(&self, ending: &str) -> &str {
        let mut values = self.0.iter().filter(|(name, _)| name.ends_with(ending));
        values.next().expect("a cookie").1
    }

    /// Without the cookie whose name ends so.
    pub fn without(&self, ending: &str) -> Self {
        let mut jar = self.clone();
        jar.0.retain(|name, _| !name.ends_with(ending));
        jar
    }

    /// Whether there is nothing left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The `Cookie` header.
    pub fn header(&self) -> String {
        let pair = |(name, value): (&String, &String)| format!("{name}={value}");
        self.0.iter().map(pair).collect::<Vec<_>>().join("; ")
    }

    /// Somebody whose browser sends these cookies, from a page that does it right.
    pub fn of(&self, server: &TestServer) -> Actor {
        page(server).with_header("cookie", &self.header())
    }
}

/// Somebody on a page that sends what cookie mode asks for, without any cookies yet.
pub fn page(server: &TestServer) -> Actor {
    let somebody = server.anonymous();
    somebody
        .with_header("graphql-require-preflight", "1")
        .with_header("sec-fetch-site", "same-origin")
}

/// Signs in by cookie.
pub async fn sign_in(server: &TestServer, email: &str) -> Answer {
    let input = cookie_input(server, email).await;
    page(server).verify_otp_with(input).await
}

/// The right answer to a new challenge, to be delivered by cookie.
pub async fn cookie_input(server: &TestServer, email: &str) -> Value {
    let recipient = json!({ "email": email });
    let code = server.code_for(&recipient).await;
    json!({ "recipient": recipient, "code": code.code, "challengeToken": code.token,
            "delivery": "COOKIE" })
}

/// What the answer has a browser keep.
pub fn set_cookies(answer: &Answer) -> Vec<Cookie<'static>> {
    let lines = answer.headers.get_all(SET_COOKIE).iter();
    let read = |line: &str| Cookie::parse(line.to_owned()).expect("a cookie");
    lines
        .map(|line| read(line.to_str().expect("ASCII")))
        .collect()
}
