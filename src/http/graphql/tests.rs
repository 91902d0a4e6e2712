use std::future::ready;

use async_graphql::{
    EmptySubscription, Enum, ErrorExtensions, InputObject, Object, Schema, SimpleObject,
};
use axum::{
    body::{Body, to_bytes},
    http::{
        HeaderMap, StatusCode,
        header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, SET_COOKIE},
    },
};
use serde_json::{Value, json};

use super::*;
use crate::graphql::guard::Limits;

mod disclosure;
mod transport;

const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";
const JSON: &str = "application/json";

struct Query;

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
enum Delivery {
    Body,
}

#[derive(InputObject)]
struct Proof {
    code: String,
    #[graphql(default_with = "Delivery::Body")]
    delivery: Delivery,
}

#[derive(SimpleObject)]
struct Verified {
    done: bool,
}

#[Object]
impl Query {
    async fn greeting(&self, ctx: &async_graphql::Context<'_>) -> String {
        ctx.data_opt::<&str>()
            .copied()
            .unwrap_or("hello")
            .to_owned()
    }
    async fn even(&self, n: i32, flag: Option<bool>) -> bool {
        (n % 2 == 0) != flag.unwrap_or_default()
    }
    async fn forbidden(&self) -> async_graphql::Result<bool> {
        let error = async_graphql::Error::new("Not for you.");
        ready(Err(error.extend_with(|_, extensions| {
            extensions.set("code", "FORBIDDEN");
        })))
        .await
    }
    async fn careless(&self) -> async_graphql::Result<bool> {
        ready(Err(async_graphql::Error::new("SELECT 424242 FROM codes"))).await
    }
}

struct Mutation;

#[Object]
impl Mutation {
    async fn verify_otp(&self, ctx: &async_graphql::Context<'_>, input: Proof) -> Verified {
        ctx.append_http_header(SET_COOKIE, "a=1");
        ctx.append_http_header(CACHE_CONTROL, "public");
        Verified {
            done: input.code.is_empty() && input.delivery == Delivery::Body,
        }
    }
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect(&self.text)
    }

    fn code(&self) -> String {
        let code = &self.json()["errors"][0]["extensions"]["code"];
        code.as_str().expect(&self.text).to_owned()
    }
}

async fn send(request: Request) -> Answer {
    let schema = Schema::new(Query, Mutation, EmptySubscription);
    let door = Door::new(
        schema,
        Guard::new(Limits::default()),
        Duration::from_secs(30),
    );
    let response = door
        .answer(request, |request| request.data("context"))
        .await;
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.expect("a body");
    assert!(
        parts.headers[CONTENT_TYPE]
            .to_str()
            .is_ok_and(|it| it.ends_with("; charset=utf-8"))
    );
    assert_eq!(parts.headers[CACHE_CONTROL], "no-store");
    Answer {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8(bytes.into()).expect("UTF-8"),
    }
}

async fn post(body: impl Into<Body>, accept: &str) -> Answer {
    let request = Request::post("/graphql")
        .header(CONTENT_TYPE, JSON)
        .header(ACCEPT, accept);
    send(request.body(body.into()).expect("a request")).await
}

async fn run(query: &str) -> Answer {
    post(json!({ "query": query }).to_string(), GRAPHQL_RESPONSE).await
}

async fn get(query: &str) -> Answer {
    let request = Request::get(format!("/graphql?{query}")).header(ACCEPT, GRAPHQL_RESPONSE);
    send(request.body(Body::empty()).expect("a request")).await
}
