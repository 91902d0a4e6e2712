//! People: somebody who talks to the server, with or without credentials.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use axum::http::{HeaderName, HeaderValue, Method, Request};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::Answer;

const USER_ERRORS: &str = "userErrors { code message field retryAfter attemptsRemaining }";
const TOKENS: &str = "tokens { accessToken tokenType expiresIn refreshToken refreshExpiresIn }";

/// Somebody who talks to the server.
#[derive(Clone)]
pub struct Actor {
    router: Router,
    bearer: Option<String>,
    peer: SocketAddr,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// What a client keeps of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
}

impl Tokens {
    /// Out of the payload of `field`.
    pub fn of(answer: &Answer, field: &str) -> Self {
        Self {
            access: answer.text_at(&format!("{field}/tokens/accessToken")),
            refresh: answer.text_at(&format!("{field}/tokens/refreshToken")),
        }
    }
}

/// The recipient at this address.
pub fn email(address: &str) -> Value {
    json!({ "email": address })
}

/// The recipient at this number.
pub fn phone(number: &str) -> Value {
    json!({ "phone": number })
}

impl Actor {
    /// Somebody without credentials.
    pub fn anonymous(router: Router) -> Self {
        Self {
            router,
            bearer: None,
            peer: SocketAddr::from(([127, 0, 0, 1], 40_000)),
            headers: Vec::new(),
        }
    }

    /// The same somebody, showing `token` with every request.
    pub fn with_bearer(&self, token: &str) -> Self {
        Self {
            bearer: Some(token.to_owned()),
            ..self.clone()
        }
    }

    /// The same somebody, whose connections come from `address`.
    pub fn from(&self, address: &str) -> Self {
        let address = address.parse().expect("an IP address");
        Self {
            peer: SocketAddr::new(address, 40_000),
            ..self.clone()
        }
    }

    /// The same somebody, sending one more header line with every request.
    pub fn with_header(&self, name: &'static str, value: &str) -> Self {
        let mut actor = self.clone();
        let line = (
            HeaderName::from_static(name),
            value.parse().expect("a value"),
        );
        actor.headers.push(line);
        actor
    }

    /// Asks for a code.
    pub async fn request_otp(&self, recipient: Value) -> Answer {
        let query = format!(
            "mutation($input: RequestOtpInput!) {{ requestOtp(input: $input) {{ challenge {{ \
             challengeToken channel maskedRecipient codeLength expiresIn resendIn }} {USER_ERRORS} }} }}"
        );
        self.graphql(&query, json!({ "input": { "recipient": recipient } }))
            .await
    }

    /// Answers a challenge; `token` is the challenge's, if the client kept it.
    pub async fn verify_otp(&self, recipient: Value, code: &str, token: Option<&str>) -> Answer {
        let input = json!({ "recipient": recipient, "code": code, "challengeToken": token, "deviceName": "Ada's phone" });
        self.verify_otp_with(input).await
    }

    /// Answers a challenge with this very input.
    pub async fn verify_otp_with(&self, input: Value) -> Answer {
        let query = format!(
            "mutation($input: VerifyOtpInput!) {{ verifyOtp(input: $input) {{ isNewUser \
             user {{ id email phone locale }} session {{ id current deviceName userAgent ipAddress }} \
             {TOKENS} {USER_ERRORS} }} }}"
        );
        self.graphql(&query, json!({ "input": input })).await
    }

    /// Trades a refresh token for the next pair.
    pub async fn refresh(&self, token: &str) -> Answer {
        let query = format!(
            "mutation($input: RefreshTokenInput) {{ refreshToken(input: $input) {{ \
             session {{ id current expiresAt }} {TOKENS} {USER_ERRORS} }} }}"
        );
        self.graphql(&query, json!({ "input": { "refreshToken": token } }))
            .await
    }

    /// Ends the session of the access token, or of `refresh_token`.
    pub async fn logout(&self, refresh_token: Option<&str>) -> Answer {
        let query = format!(
            "mutation($input: LogoutInput) {{ logout(input: $input) {{ {USER_ERRORS} }} }}"
        );
        let input = refresh_token.map(|token| json!({ "refreshToken": token }));
        self.graphql(&query, json!({ "input": input })).await
    }

    /// Ends all sessions, or all but this one.
    pub async fn logout_all(&self, include_current: bool) -> Answer {
        let query = format!(
            "mutation($input: LogoutAllInput) {{ logoutAll(input: $input) {{ revokedCount {USER_ERRORS} }} }}"
        );
        self.graphql(
            &query,
            json!({ "input": { "includeCurrent": include_current } }),
        )
        .await
    }

    /// Ends the session named `id`.
    pub async fn revoke_session(&self, id: &str) -> Answer {
        let query = format!(
            "mutation($input: RevokeSessionInput!) {{ revokeSession(input: $input) {{ \
             revokedSessionId {USER_ERRORS} }} }}"
        );
        self.graphql(&query, json!({ "input": { "sessionId": id } }))
            .await
    }

    /// A page of where this person is signed in.
    pub async fn sessions(&self, first: i32, after: Option<&str>) -> Answer {
        let query = "query($first: Int!, $after: String) { me { sessions(first: $first, after: $after) { \
                     nodes { id current deviceName } pageInfo { hasNextPage endCursor } } } }";
        self.graphql(query, json!({ "first": first, "after": after }))
            .await
    }

    /// A page of what happened to this person's account.
    pub async fn security_events(&self, first: i32, after: Option<&str>) -> Answer {
        let query = "query($first: Int!, $after: String) { me { securityEvents(first: $first, after: $after) { \
                     nodes { id kind at session ipAddress userAgent } pageInfo { hasNextPage endCursor } } } }";
        self.graphql(query, json!({ "first": first, "after": after }))
            .await
    }

    /// Asks who is signed in.
    pub async fn me(&self) -> Answer {
        self.graphql("{ me { id email phone locale createdAt } }", Value::Null)
            .await
    }

    /// Posts a GraphQL request.
    pub async fn graphql(&self, query: &str, variables: Value) -> Answer {
        self.post(&json!({ "query": query, "variables": variables }).to_string())
            .await
    }

    /// Posts `body` as JSON.
    pub async fn post(&self, body: &str) -> Answer {
        let request = Request::post("/graphql").header(CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_owned())).unwrap())
            .await
    }

    /// Gets a page.
    pub async fn get(&self, path: &str) -> Answer {
        let request = Request::builder().method(Method::GET).uri(path);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Sends `request`, with the credentials and from this somebody's address.
    pub async fn send(&self, mut request: Request<Body>) -> Answer {
        request.extensions_mut().insert(ConnectInfo(self.peer));
        let headers = request.headers_mut();
        for (name, value) in self.headers.clone() {
            headers.append(name, value);
        }
        headers
            .entry(USER_AGENT)
            .or_insert("it/1.0".parse().unwrap());
        if let Some(bearer) = &self.bearer {
            headers.insert(AUTHORIZATION, format!("Bearer {bearer}").parse().unwrap());
        }
        let Ok(response) = self.router.clone().oneshot(request).await;
        Answer::read(response).await
    }
}
